"""What the payloads of replies hold, as far as it is needed and never a secret."""

from collections.abc import Callable, Mapping
from typing import TypeIs, cast

from .backend import Payload
from .envelope import status_failure
from .errors import BrokenReplyError, DeviceUnreachableError
from .identifiers import is_device_name, is_identifier
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DevicePage,
    DeviceStatus,
    ModelDefinition,
    Page,
    Product,
    ProductStatus,
    Project,
)
from .texts import clean_text, decode_json, is_too_deep, readable, storable

_STATUSES = {int(status): status for status in DeviceStatus}
_LARGEST_NUMBER = 2**53
_WITH_DATA_TEMPLATE = "1"


def parse_model_definition(payload: Payload) -> ModelDefinition:
    """Return a data template as it came; raises BrokenReplyError without one."""
    model = payload.get("Model")
    if not isinstance(model, dict) or not (
        define := clean_text(model.get("ModelDefine"))
    ):
        raise BrokenReplyError("the reply holds no data template")
    update_time = model.get("UpdateTime")
    return ModelDefinition(
        model_define=define,
        update_time=update_time if is_count(update_time) else 0,
    )


def parse_device_page(payload: Payload) -> DevicePage:
    """Return a page of devices; raises BrokenReplyError without one."""
    devices, total = _parse_list(payload, "Devices")
    parsed = [(raw, _parse_device(raw)) for raw in devices]
    return DevicePage(
        devices=tuple(device for _, device in parsed if device),
        unusable=tuple(_name_of(raw) for raw, device in parsed if device is None),
        total=total,
    )


def parse_product_page(payload: Payload) -> Page[Product]:
    """Return a page of products; raises BrokenReplyError without one."""
    return _parse_page(payload, "Products", "ProductId", _parse_product)


def parse_project_page(payload: Payload) -> Page[Project]:
    """Return a page of projects; raises BrokenReplyError without one."""
    return _parse_page(payload, "Projects", "ProjectId", _parse_project)


def parse_described_device(payload: Payload) -> Device:
    """Return the one device of a reply; raises BrokenReplyError without one."""
    device = _parse_device(payload.get("Device"))
    if device is None:
        raise BrokenReplyError("the reply holds no device")
    return device


def text(payload: Payload, name: str) -> str:
    """Return a text of a reply, empty where there is none."""
    return clean_text(payload.get(name))


def parse_receipt(payload: Payload) -> ActionReceipt:
    """Return the receipt of an action; raises the failure that the reply reports.

    The Status `Fail` is a failure without an `Error`.
    """
    if payload.get("Status") == "Fail":
        raise DeviceUnreachableError(code="Fail")
    token, status = _token_and_status(payload)
    return ActionReceipt(
        client_token=token, status=status, request_id=text(payload, "RequestId")
    )


def parse_reply(payload: Payload) -> ActionReply:
    """Return what a device answered; raises the failure that its Status reports."""
    token, status = _token_and_status(payload)
    return ActionReply(
        client_token=token,
        status=status,
        request_id=text(payload, "RequestId"),
        outputs=parse_outputs(payload.get("OutputParams")),
    )


def _token_and_status(payload: Payload) -> tuple[str, str]:
    """Return what both ways to run an action return; raises what Status reports.

    What has no ClientToken shows neither that the action was accepted nor that not.
    """
    status = text(payload, "Status")
    if failure := status_failure(status):
        raise failure
    token = text(payload, "ClientToken")
    is_odd = not isinstance(payload.get("Status"), str | None)
    if is_odd or not token.strip():
        raise BrokenReplyError("the reply does not tell of an action", code=status)
    return token, status


def parse_outputs(raw: object) -> Mapping[str, object] | str:
    """Return the outputs of a reply: an object, or whatever else the device sent."""
    outputs, otherwise = raw, ""
    if isinstance(raw, str):
        otherwise = clean_text(raw) if raw.strip() else ""
        try:
            outputs = decode_json(raw)
        except ValueError:
            return otherwise or {}
    if isinstance(outputs, dict) and not is_too_deep(outputs):
        return cast(Payload, storable(outputs))
    return otherwise or {}


def _parse_list(payload: Payload, name: str) -> tuple[list[object], int]:
    """Return a list and how long the whole of it is."""
    items, total = payload.get(name), payload.get("Total")
    if isinstance(items, dict):
        # The live documentation shows one object in place of the array.
        items = [items]
    if items is None and total == 0:
        items = []
    if not isinstance(items, list) or not is_count(total):
        raise BrokenReplyError(f"the reply holds no list of {name}")
    return cast(list[object], items), total


def _parse_page[ItemT: Product | Project](
    payload: Payload,
    name: str,
    id_name: str,
    parse: Callable[[Payload, str], ItemT | None],
) -> Page[ItemT]:
    """Return a part of a list of the account."""
    entries, total = _parse_list(payload, name)
    items: dict[str, ItemT] = {}
    others: list[str] = []
    for entry in entries:
        raw = cast(Payload, entry) if isinstance(entry, dict) else {}
        identifier = raw.get(id_name)
        item = parse(raw, identifier) if is_identifier(identifier) else None
        if item is None:
            others.append(readable(identifier))
        else:
            items[item.id] = item
    return Page(items=items, total=total, others=tuple(others))


def _parse_product(raw: Payload, product_id: str) -> Product | None:
    """Return a product, none if it has a protocol of its own and no data template."""
    if str(raw.get("DataProtocol")) != _WITH_DATA_TEMPLATE:
        return None
    count, status = raw.get("DeviceCount"), text(raw, "DevStatus")
    return Product(
        id=product_id,
        name=_name_shown(raw, "ProductName") or product_id,
        project_id=_name_shown(raw, "ProjectId"),
        device_count=count if is_count(count) else None,
        status=ProductStatus(status) if status in ProductStatus else None,
    )


def _parse_project(raw: Payload, project_id: str) -> Project:
    """Return a project."""
    return Project(id=project_id, name=_name_shown(raw, "ProjectName") or project_id)


def _name_shown(raw: Payload, name: str) -> str:
    """Return a name that somebody gave, fit to be shown."""
    return readable(text(raw, name)).strip()


def _parse_device(raw: object) -> Device | None:
    """Return a device without its secrets, or none if it has no usable name."""
    if not isinstance(raw, dict):
        return None
    device = cast(Payload, raw)
    name = device.get("DeviceName")
    if not is_device_name(name):
        return None
    status, login_time = device.get("Status"), device.get("LoginTime")
    return Device(
        name=name,
        status=_STATUSES.get(status) if isinstance(status, int) else None,
        firmware=text(device, "Version") or None,
        is_lora=device.get("IsLora") is True,
        login_time=login_time if is_count(login_time) else None,
    )


def _name_of(raw: object) -> str:
    """Return what a device that cannot be used is called."""
    return readable(raw.get("DeviceName") if isinstance(raw, dict) else None)


def is_count(value: object) -> TypeIs[int]:
    """Return whether a value is an integer that can be counted with and stored."""
    return type(value) is int and 0 <= value < _LARGEST_NUMBER
