"""What the payloads of replies hold, as far as it is needed and never a secret."""

from collections.abc import Mapping
import json
from typing import cast

from .envelope import Payload, status_failure
from .errors import BrokenReplyError, DeviceUnreachableError
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DevicePage,
    DeviceStatus,
    ModelDefinition,
)
from .texts import clean_text, storable

_STATUSES = {int(status): status for status in DeviceStatus}


def parse_model_definition(payload: Payload) -> ModelDefinition:
    """Return a data template as it came; raises BrokenReplyError without one."""
    model = payload.get("Model")
    if not isinstance(model, dict) or not (define := text(model, "ModelDefine")):
        raise BrokenReplyError("the reply holds no data template")
    update_time = model.get("UpdateTime")
    return ModelDefinition(
        model_define=define,
        update_time=update_time if isinstance(update_time, int) else 0,
    )


def parse_device_page(payload: Payload) -> DevicePage:
    """Return a page of devices; raises BrokenReplyError without one."""
    devices, total = payload.get("Devices"), payload.get("Total")
    if isinstance(devices, dict):
        # The live documentation shows one object in place of the array.
        devices = [devices]
    if devices is None and total == 0:
        devices = []
    if not isinstance(devices, list) or not isinstance(total, int):
        raise BrokenReplyError("the reply holds no device list")
    parsed = (_parse_device(device) for device in devices)
    return DevicePage(devices=tuple(device for device in parsed if device), total=total)


def parse_described_device(payload: Payload) -> Device:
    """Return the one device of a reply; raises BrokenReplyError without one."""
    device = _parse_device(payload.get("Device"))
    if device is None:
        raise BrokenReplyError("the reply holds no device")
    return device


def text(payload: Payload, name: str) -> str:
    """Return a text that can be stored and shown, empty where there is none."""
    return clean_text(payload.get(name))


def parse_receipt(payload: Payload) -> ActionReceipt:
    """Return what came of handing an action over; raises the failure that it tells of.

    An empty ClientToken or the Status `Fail` is a failure without an `Error`.
    """
    receipt = parse_reply(payload)
    if not receipt.client_token or receipt.status == "Fail":
        raise DeviceUnreachableError(code=receipt.status)
    return ActionReceipt(
        client_token=receipt.client_token,
        status=receipt.status,
        request_id=receipt.request_id,
    )


def parse_reply(payload: Payload) -> ActionReply:
    """Return what a device answered; raises the failure that its Status tells of."""
    status = text(payload, "Status")
    if failure := status_failure(status):
        raise failure
    token = payload.get("ClientToken", 0)
    if token is not None and not isinstance(token, str):
        raise BrokenReplyError("the reply does not tell of an action")
    return ActionReply(
        client_token=text(payload, "ClientToken"),
        status=status,
        request_id=text(payload, "RequestId"),
        outputs=parse_outputs(payload.get("OutputParams")),
    )


def parse_outputs(raw: object) -> Mapping[str, object] | str:
    """Return the outputs of a reply: an object, or whatever else the device sent."""
    if isinstance(raw, str) and raw.strip():
        try:
            outputs = storable(json.loads(raw))
        except ValueError, RecursionError:
            return clean_text(raw)
        return cast(Payload, outputs) if isinstance(outputs, dict) else clean_text(raw)
    outputs = storable(raw)
    return cast(Payload, outputs) if isinstance(outputs, dict) else {}


def _parse_device(raw: object) -> Device | None:
    """Return a device without its secrets, or none if it has no name."""
    if not isinstance(raw, dict):
        return None
    device = cast(Payload, raw)
    if not (name := text(device, "DeviceName")):
        return None
    status = device.get("Status")
    return Device(
        name=name,
        status=_STATUSES.get(status) if isinstance(status, int) else None,
        firmware=text(device, "Version") or None,
    )
