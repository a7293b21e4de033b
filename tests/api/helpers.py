"""What several tests of this package share."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
import hmac
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.tencent_iot_explorer.api import envelope, service_api
from custom_components.tencent_iot_explorer.api.backend import Payload
from custom_components.tencent_iot_explorer.api.data_template import (
    TYPES,
    Choice,
    DataTemplate,
    DeviceAction,
    Json,
    Parameter,
    TimeSettings,
    TimestampUnit,
    parse_data_template,
)
from custom_components.tencent_iot_explorer.api.errors import TencentIotError
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from custom_components.tencent_iot_explorer.api.values import InvalidValueError, to_wire

ALL_TYPES = (*TYPES, "raw")
# Stands for a part that is left out, where null means something else.
MISSING = object()
MILLISECONDS = TimeSettings(
    unit=TimestampUnit.MILLISECONDS, time_zone=ZoneInfo("Asia/Shanghai")
)
SECONDS = TimeSettings(unit=TimestampUnit.SECONDS, time_zone=ZoneInfo("Asia/Shanghai"))


def encode(document: object) -> bytes:
    """Return a document as it comes over the wire."""
    return json.dumps(document, ensure_ascii=False).encode()


def unwrap(body: bytes, http_status: int) -> Payload:
    """Return the payload of a reply of the service API."""
    backend = ServiceApi("key", "secret")
    return envelope.unwrap(body, http_status, backend, {})


def sign(parameters: Mapping[str, str | int], app_secret: str) -> str:
    """Return the signature of a request of the service API."""
    keyed = hmac.new(app_secret.encode(), digestmod="sha1")
    return service_api.sign(parameters, keyed)


def reply_error(document: object, http_status: int = 200) -> TencentIotError:
    """Return the error that a reply raises."""
    with pytest.raises(TencentIotError) as raised:
        unwrap(encode(document), http_status)
    return raised.value


def all_error_classes(kind: type[Any] = TencentIotError) -> Iterator[type[Any]]:
    """Yield each error of the cloud."""
    for child in kind.__subclasses__():
        yield child
        yield from all_error_classes(child)


def parse_actions(*actions: object) -> DataTemplate:
    """Return what is read from a template with these actions."""
    return parse_data_template(json.dumps({"version": "1.0", "actions": actions}))


def declare_input(define: object = MISSING, **changes: object) -> dict[str, object]:
    """Return the declaration of an input."""
    declared: dict[str, object] = {"id": "level", "name": "Level"} | changes
    return declared if define is MISSING else declared | {"define": define}


def parse_input(define: object = MISSING, **changes: object) -> Parameter:
    """Return the only input of the only action of a template."""
    template = parse_actions({"id": "go", "input": [declare_input(define, **changes)]})
    assert not template.unusable
    (parameter,) = template.actions["go"].inputs
    return parameter


def declare(data_type: str, identifier: str = "x", **limits: Any) -> Parameter:
    """Return a parameter; what its type does not have is left out."""
    kind = TYPES.get(data_type, Json)
    if issubclass(kind, Choice):
        limits.setdefault("choices", {})
    known = {field.name for field in fields(kind)}
    own = {name: limit for name, limit in limits.items() if name in known}
    return Parameter(id=identifier, name=identifier, type=kind(**own))


def make_action(
    *inputs: Parameter, outputs: tuple[Parameter, ...] = ()
) -> DeviceAction:
    """Return a device action."""
    return DeviceAction(
        id="go", name="Go", description="", inputs=inputs, outputs=outputs
    )


def send(
    parameter: Parameter, value: object, times: TimeSettings = MILLISECONDS
) -> object:
    """Return what is sent for a value."""
    wire = to_wire(make_action(parameter), {parameter.id: value}, times)
    assert list(wire) == [parameter.id]
    return wire[parameter.id]


def refuse(
    parameter: Parameter, value: object, times: TimeSettings = MILLISECONDS
) -> InvalidValueError:
    """Return the error that a value raises, which always names the input."""
    with pytest.raises(InvalidValueError) as raised:
        send(parameter, value, times)
    assert raised.value.parameter == parameter.id
    assert raised.value.allowed == parameter.type.allowed
    assert str(raised.value) == f"{parameter.id}: {raised.value.problem}"
    return raised.value


SWITCH = declare("bool", choices={"0": "Off", "1": "Running"})
