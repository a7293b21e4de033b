"""What the payloads of replies hold, as far as it is needed and never a secret."""

from collections.abc import Mapping
import json
from typing import cast

from .envelope import Payload
from .errors import BrokenReplyError
from .models import Device, DevicePage, DeviceStatus, ModelDefinition

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
    value = payload.get(name)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode()


def parse_outputs(raw: object) -> Mapping[str, object] | str:
    """Return the outputs of a reply: an object, or whatever else the device sent."""
    if isinstance(raw, dict):
        return cast(Payload, raw)
    if not isinstance(raw, str) or not raw.strip():
        return {}
    try:
        outputs = json.loads(raw)
    except ValueError, RecursionError:
        return raw
    return cast(Payload, outputs) if isinstance(outputs, dict) else raw


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
