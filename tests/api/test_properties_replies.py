"""Promises that hold for whatever the cloud, a device or the network sends."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
import json
import math
from typing import Any

from hypothesis import example, given, strategies as st
import pytest

from homeassistant.helpers.json import json_bytes

from custom_components.tencent_iot_explorer.api.backend import Payload
from custom_components.tencent_iot_explorer.api.codes import error_for_code
from custom_components.tencent_iot_explorer.api.data_template import DeviceAction
from custom_components.tencent_iot_explorer.api.device_data import (
    parse_device_data,
    parse_event_page,
    parse_write_receipt,
)
from custom_components.tencent_iot_explorer.api.envelope import status_failure
from custom_components.tencent_iot_explorer.api.errors import TencentIotError
from custom_components.tencent_iot_explorer.api.headers import (
    parse_date,
    parse_retry_after,
)
from custom_components.tencent_iot_explorer.api.identifiers import is_identifier
from custom_components.tencent_iot_explorer.api.models import (
    ActionReceipt,
    ActionReply,
    Device,
    DeviceData,
    DevicePage,
    EventPage,
    ModelDefinition,
    Page,
    WriteReceipt,
)
from custom_components.tencent_iot_explorer.api.payloads import (
    parse_described_device,
    parse_device_page,
    parse_model_definition,
    parse_outputs,
    parse_product_page,
    parse_project_page,
    parse_receipt,
    parse_reply,
)
from custom_components.tencent_iot_explorer.api.sanitize import Sanitizer
from custom_components.tencent_iot_explorer.api.service_api import string_to_sign
from custom_components.tencent_iot_explorer.api.values import from_wire
from tests.api.helpers import ALL_TYPES, declare, make_action, sign, unwrap
from tests.api.strategies import (
    BODIES,
    ERRORS,
    JSON,
    OUTPUTS,
    PAYLOADS,
    TEXTS,
    WRAPS,
    nearly,
    nest,
    put_in_data,
    put_in_response,
    write,
)

STATUSES = st.sampled_from((200, 200, 200, 429)) | st.integers(100, 599)
PARSERS: dict[Callable[[Payload], Any], type] = {
    parse_model_definition: ModelDefinition,
    parse_device_page: DevicePage,
    parse_described_device: Device,
    parse_receipt: ActionReceipt,
    parse_reply: ActionReply,
    parse_product_page: Page,
    parse_project_page: Page,
    parse_device_data: DeviceData,
    parse_write_receipt: WriteReceipt,
    parse_event_page: EventPage,
}


def assert_writable(value: object) -> None:
    """Insist that Home Assistant can store and show a value."""
    json_bytes(value)
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


def assert_presentable(err: TencentIotError) -> None:
    """Insist that an error is short, and can be stored and shown."""
    err = Sanitizer(()).error(err, "")
    assert len(err.code) <= 128
    assert len(err.message) <= 512
    assert len(err.request_id) <= 512
    assert_writable([err.code, err.message, err.request_id, str(err)])


@given(BODIES, STATUSES)
@example(b"[" * 100_000, 200)
@example(b'{"Response":' * 100_000, 500)
@example(write({"Response": {"Error": "<deep>"}}).encode(), 200)
@example(write({"code": "<digits>", "msg": "<deep>"}).encode(), 200)
@example(write({"code": "<endless digits>"}).encode(), 429)
@example(write({"code": float("nan"), "msg": "\ud800"}).encode(), 200)
@example(write({"Error": {"Code": "\ud800", "Message": "x" * 100_000}}).encode(), 200)
@example(write({"Error": {"Code": "x" * 129}, "RequestId": "x" * 129}).encode(), 200)
@example(write({"Error": {"Code": "-", "Message": f"A.{'b' * 400}|c"}}).encode(), 200)
@example(b'{"\xed\xa0\x80": 1}', 200)
@example(b"\xff\xfe{\x00}\x00", 200)
def test_reply(body: bytes, status: int) -> None:
    """Any reply brings a payload or one of our own errors, short enough to be shown."""
    try:
        payload = unwrap(body, status)
    except TencentIotError as err:
        assert_presentable(err)
        return
    assert isinstance(payload, dict)
    assert 100 <= status < 300


@given(
    nearly(PAYLOADS),
    st.sampled_from(("Code", "-1", "FailedOperation.Timeout", "\ud800")) | TEXTS,
    ERRORS,
    WRAPS,
    st.sampled_from((0, "0", "", None)),
    STATUSES,
)
@example({}, "A.B", {}, [put_in_response, put_in_data], 0, 200)
@example({"Total": 0}, "\ud800", {}, [put_in_data, put_in_data], None, 299)
def test_error_is_no_success(
    payload: object,
    code: str,
    error: object,
    wraps: list[Callable[[object, object], dict[str, object]]],
    number: object,
    status: int,
) -> None:
    """A reply that holds an error in the place of a payload never counts as success."""
    document: dict[str, object] = dict(payload) if isinstance(payload, dict) else {}
    for envelope in ("Response", "data"):
        document.pop(envelope, None)
    others = error if isinstance(error, dict) else {}
    document["Error"] = {**others, "Code": code or "Code"}
    for wrap in wraps:
        document = wrap(document, number)
    with pytest.raises(TencentIotError):
        unwrap(write(document).encode(), status)


def as_read(document: object) -> object:
    """Return what is left of a document once it was sent and read."""
    try:
        return json.loads(write(document))
    except ValueError, RecursionError:
        return {}


@given(nearly(PAYLOADS))
@example({"Model": {"ModelDefine": "\ud800", "UpdateTime": float("inf")}})
@example({"Model": {"ModelDefine": "{}", "UpdateTime": "<digits>"}})
@example({"Devices": None, "Total": float("nan")})
@example({"Devices": {"DeviceName": "x" * 129}, "Total": 1})
@example({"Device": {"DeviceName": "a", "Version": "x" * 100_000, "Status": "<deep>"}})
@example({"Device": {"DeviceName": "\ud800"}})
@example({"Products": {"ProductId": "a", "DataProtocol": 1}, "Total": 2**53})
@example({"Products": [None, {"ProductId": "\ud800"}], "Total": 1})
@example({"Projects": {"ProjectId": "a", "ProjectName": "\ud800"}, "Total": 1})
@example({"ClientToken": "", "Status": "x" * 100_000})
@example({"ClientToken": "a", "Status": f"FailedOperation.{'x' * 500}|{'x' * 500}"})
@example({"ClientToken": "\ud800", "OutputParams": "<deep>"})
@example(
    {"ClientToken": "a", "OutputParams": '{"\\ud800": NaN, "b": ' + "9" * 999 + "}"}
)
@example({"Data": "<deep>", "Result": "<deep>"})
@example({"Data": {"a": {"Value": "<deep>"}, "b": {"Value": "<digits>"}}})
@example({"Data": '{"\\ud800": {"Value": NaN}, "a": {"Value": 1e999}}'})
@example({"Data": {"a": {"Value": ["\ud800"], "LastUpdate": "<digits>"}}})
@example({"Result": {"Sent": "<digits>", "pushResult": float("nan")}})
@example({"EventHistory": [{"EventId": "a", "TimeStamp": 5, "Data": "<deep>"}]})
@example({"EventHistory": [{"EventId": "a", "TimeStamp": "5", "Data": "\ud800"}]})
@example({"EventHistory": [{"EventId": "a", "TimeStamp": "<digits>"}], "Total": 1})
@example({"EventHistory": [], "Context": "\ud800", "Total": "<digits>"})
def test_payload(document: object) -> None:
    """Any payload brings what is asked for, or one of our own errors; never a secret."""
    payload = as_read(document)
    if not isinstance(payload, dict):
        return
    for parse, kind in PARSERS.items():
        try:
            result = Sanitizer(()).result(parse(payload))
        except TencentIotError as err:
            assert_presentable(err)
            continue
        assert type(result) is kind
        assert_writable(asdict(result))
        if not isinstance(result, ActionReply | ModelDefinition):
            assert "secret-psk" not in repr(result)
        for part in ("client_token", "firmware"):
            assert len(getattr(result, part, None) or "") <= 512
        if isinstance(result, DeviceData):
            assert all(map(is_identifier, result.reports))
        if isinstance(result, EventPage):
            assert all(0 < event.occurred_at < 2**48 for event in result.events)
        if isinstance(result, ActionReceipt):
            assert len(result.status) <= 512


ACTION = make_action(
    outputs=(
        *(declare(kind, kind, choices={"0": "a", "1": "b"}) for kind in ALL_TYPES),
        *(
            declare(kind, key)
            for kind, key in zip(ALL_TYPES, "abcdefghij", strict=True)
        ),
    )
)
OUTPUT_OBJECTS = st.dictionaries(
    st.sampled_from([item.id for item in ACTION.outputs]), JSON
)


@given(OUTPUTS | OUTPUT_OBJECTS | OUTPUT_OBJECTS.map(write), st.just(ACTION))
@example("[" * 100_000, ACTION)
@example('{"a":' * 100_000, ACTION)
@example(nest("a", 33), ACTION)
@example('{"int": ' + "9" * 5000 + "}", ACTION)
@example({"int": "<digits>", "bool": "<digits>", "raw": "<digits>"}, ACTION)
@example({"int": "9" * 5000, "float": "1e999", "enum": float("nan")}, ACTION)
@example('{"float": NaN, "int": -Infinity, "timestamp": 1e999}', ACTION)
@example('{"\\ud800": {"\\ud800": "\\ud800"}}', ACTION)
@example("\ud800", ACTION)
def test_outputs(raw: object, action: DeviceAction) -> None:
    """Whatever a device answers can be stored and shown, typed or as it is."""
    outputs = parse_outputs(as_read(raw))
    assert isinstance(outputs, dict | str)
    assert_writable(outputs)
    assert_writable(from_wire(action, outputs))
    assert_writable(from_wire(make_action(), outputs))


@given(TEXTS | TEXTS.map(lambda text: f"FailedOperation{text}"))
@example("FailedOperation." + "x" * 100_000)
@example("FailedOperation\ud800|\ud800")
def test_status(status: str) -> None:
    """A status that begins as a failure is one of our own errors, any other free text."""
    assert issubclass(error_for_code(status), TencentIotError)
    failure = status_failure(status)
    assert (failure is not None) is status.startswith("FailedOperation")
    if failure is not None:
        assert_presentable(failure)


NUMBERS = st.integers(-1, 70) | st.integers(0, 10**20)
DATES = st.one_of(
    TEXTS,
    st.datetimes().map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} GMT"),
    st.builds(
        "{}, {} {} {} {}:{}:{} {}".format,
        st.sampled_from(("Mon", "", "x")),
        NUMBERS,
        st.sampled_from(("Jan", "feb", "13", "", "Sept.")),
        NUMBERS | st.integers(1969, 10_000),
        NUMBERS,
        NUMBERS,
        NUMBERS | st.floats(),
        st.sampled_from(
            ("GMT", "-0000", "+9999", "-", "", "+99999999999999", "\udcff")
        ),
    ),
    st.lists(st.sampled_from([*"0159,:+-. \ud800", "Jan", "Mon", "GMT"])).map("".join),
)


@given(DATES, DATES | st.none())
@example("9" * 5000, None)
@example("1" * 100_000, None)
@example("Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359")
@example("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", "\ud800")
def test_times_of_headers(text: str, date: str | None) -> None:
    """A header about time means a sensible one, or nothing."""
    for moment in (parse_date(text), parse_date(date)):
        assert moment is None or math.isfinite(moment)
    wait = parse_retry_after(text, date)
    assert wait is None or 0 <= wait <= 3600


SIGNED: st.SearchStrategy[Mapping[str, str | int]] = st.dictionaries(
    (st.text("abAB_.&=") | st.text()).filter(lambda name: name != "Signature"),
    st.text() | st.integers(),
    max_size=6,
)


@given(SIGNED, st.text(), st.randoms(use_true_random=False))
def test_signature(
    parameters: Mapping[str, str | int], secret: str, order: Any
) -> None:
    """A signature depends on what is sent alone, never on its order or another one."""
    items = list({**parameters, "Signature": "old"}.items())
    order.shuffle(items)
    assert sign(dict(items), secret) == sign(parameters, secret)
    parts = [f"{key.replace('_', '.')}={value}" for key, value in parameters.items()]
    signed = string_to_sign(parameters)
    assert len(signed) == len("&".join(parts))
    assert all(part in signed for part in parts)
