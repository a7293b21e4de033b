"""What Tencent Cloud API 3.0 finds, and how it describes that."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from .cloud_calls import COUNTS
from .devices import EmulatedDevice
from .faults import Refusal
from .products import EmulatedProduct
from .projects import EmulatedProject

_LARGEST_PAGE = 100
_CREATED = 1599468019


class NameFilter(Enum):
    """What a DeviceName selects of a list, which the documentation does not say."""

    EXACT = auto()
    PREFIX = auto()


class WithoutProject(Enum):
    """What a list of products is that names no project.

    That all are found is documented only by the field being optional.
    """

    ALL = auto()
    EMPTY = auto()
    REFUSED = auto()


@dataclass(kw_only=True)
class Variants:
    """What the documentation leaves open, or says in two ways.

    `lists_show_keys`: DevicePsk is said to be empty in lists, but their sample shows one.
    `absent_is_refused`: a name that no device has gives an empty list, or an error.
    """

    name_filter: NameFilter = NameFilter.EXACT
    absent_is_refused: bool = False
    lists_show_keys: bool = False
    without_project: WithoutProject = WithoutProject.ALL


def find_devices(
    product: EmulatedProduct, parameters: Mapping[str, Any], variants: Variants
) -> dict[str, Any]:
    """Return a page of devices, all or those of a name."""
    name = parameters.get("DeviceName")
    found = [
        device
        for device in product.devices.values()
        if name in (None, device.name)
        or (variants.name_filter is NameFilter.PREFIX and device.name.startswith(name))
    ]
    if name and not found and variants.absent_is_refused:
        raise Refusal("ResourceNotFound.DeviceNotExist", "设备不存在")
    hidden = {} if variants.lists_show_keys else {"DevicePsk": ""}
    page = [
        describe_device(product, item) | hidden for item in _page(found, parameters)
    ]
    return {"Devices": page, "Total": len(found)}


def find_products(
    projects: Iterable[EmulatedProject],
    products: Iterable[EmulatedProduct],
    parameters: Mapping[str, Any],
    without_project: WithoutProject,
) -> dict[str, Any]:
    """Return a page of products, all or those that fit what is asked for."""
    known = {None, *(project.project_id for project in projects)}
    project_id = parameters.get("ProjectId")
    if project_id is None and without_project is not WithoutProject.ALL:
        products = []
        known -= {None} if without_project is WithoutProject.REFUSED else set()
    if project_id not in known:
        raise Refusal("InvalidParameterValue.ProductParmsError", "参数错误")
    dev_status = parameters.get("DevStatus", "all")
    found = [
        product
        for product in products
        if project_id in (None, product.project.project_id)
        and dev_status in ("all", product.dev_status)
        and parameters.get("ProductId") in (None, product.product_id)
        and parameters.get("ProductName", "") in product.name
    ]
    page = [describe_product(product) for product in _page(found, parameters)]
    return {"Products": page, "Total": len(found)}


def find_projects(
    projects: Iterable[EmulatedProject],
    products: Iterable[EmulatedProduct],
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a page of projects, all or those that fit what is asked for."""
    products = list(products)
    found = []
    for project in projects:
        own = [product for product in products if product.project == project]
        if (
            parameters.get("ProjectId") in (None, project.project_id)
            and parameters.get("InstanceId") in (None, project.instance_id)
            and parameters.get("ProjectName", "") in project.name
            and parameters.get("ProductId")
            in (None, *(product.product_id for product in own))
        ):
            found.append(
                _describe_project(project, own, parameters.get("Includes", ()))
            )
    return {"Projects": list(_page(found, parameters)), "Total": len(found)}


def turn_history(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a page of events as it is here: Listover means the opposite."""
    events = [
        event | {"TimeStamp": int(event["TimeStamp"])}
        for event in payload["EventHistory"]
    ]
    return payload | {"Listover": not payload["Listover"], "EventHistory": events}


def _page[T](items: list[T], parameters: Mapping[str, Any]) -> Iterator[T]:
    """Return a part of a list, which may be smaller than is asked for."""
    offset = parameters.get("Offset", 0)
    limit = min(parameters.get("Limit", 10), _LARGEST_PAGE)
    yield from items[offset : offset + limit]


def describe_device(product: EmulatedProduct, device: EmulatedDevice) -> dict[str, Any]:
    """Return a device as DescribeDevice prints it, with its secrets."""
    return device.describe() | {
        "DevAddr": "",
        "CreateUserId": 0,
        "CreatorNickName": "",
        "EnableState": 1,
        "ProductId": product.product_id,
        "ProductName": product.name,
        "DeviceType": "设备",
        "IsLora": device.is_lora,
    }


def describe_product(product: EmulatedProduct) -> dict[str, Any]:
    """Return a product as DescribeStudioProduct prints it."""
    region = product.project.region
    return {
        "ProductId": product.product_id,
        "ProductName": product.name,
        "CategoryId": 1,
        "ProductType": 0,
        "EncryptionType": "2",
        "NetType": "wifi",
        "DataProtocol": 2 if product.template is None else 1,
        "ProductDesc": "",
        "DevStatus": product.dev_status,
        "CreateTime": _CREATED,
        "UpdateTime": product.update_time,
        "Region": "gz" if region == "ap-guangzhou" else region,
        "ProjectId": product.project.project_id,
        "ModuleId": 0,
        "EnableProductScript": "false",
        "CreateUserId": 0,
        "CreatorNickName": "",
        "BindStrategy": 1,
        "DeviceCount": len(product.devices),
    }


def _describe_project(
    project: EmulatedProject, products: list[EmulatedProduct], includes: Iterable[str]
) -> dict[str, Any]:
    """Return a project; only the counts that were asked for are filled."""
    counts = {
        "ProductCount": len(products),
        "DeviceCount": sum(len(product.devices) for product in products),
        "ApplicationCount": 0,
    }
    return {
        "ProjectId": project.project_id,
        "ProjectName": project.name,
        "ProjectDesc": "",
        "CreateTime": _CREATED,
        "UpdateTime": _CREATED,
        **dict.fromkeys(COUNTS, 0),
        **{name: counts[name] for name in includes},
        "NativeAppCount": 0,
        "WebAppCount": 0,
        "InstanceId": project.instance_id,
        "EnableOpenState": 0,
    }
