"""The calls of the cloud, one coroutine each, whatever interface they go by."""

from collections.abc import Callable, Mapping
from functools import partial

from .backend import Parameters, Payload
from .device_client import refuse_impossible
from .errors import UnknownDeviceError
from .lists import PAGE_SIZE, PAGE_SIZE_OF_ACCOUNT, read_devices, read_items
from .models import (
    Device,
    DeviceList,
    DevicePage,
    ModelDefinition,
    Page,
    Product,
    Project,
)
from .payloads import (
    parse_described_device,
    parse_device_page,
    parse_model_definition,
    parse_product_page,
    parse_project_page,
)
from .topic_rules import RuleClient


class TencentIotClient(RuleClient):
    """A key's access to its products, devices and rules.

    Every coroutine raises a TencentIotError: CannotConnectError or TooLateError if the
    request was surely not sent, RefusedError if it was surely not executed,
    FateUnknownError otherwise. Of a read, UnknownCodeError is a refusal as well.
    """

    async def describe_model_definition(
        self, product_id: str, *, origin: str
    ) -> ModelDefinition:
        """Return a product's data template; `update_time` is in seconds, 0 if unknown.

        Source: Tencent Cloud documentation, ServiceDescribeModelDefinition.
        """
        return await self._read(
            "DescribeModelDefinition",
            {"ProductId": product_id},
            parse_model_definition,
            origin,
        )

    async def get_device_list_page(
        self, product_id: str, offset: int = 0, *, origin: str
    ) -> DevicePage:
        """Return up to 100 devices of a product, from the one numbered `offset` (0 first).

        Sources: Tencent Cloud documents 1465/59063, ServiceGetDeviceList, and 1081/37653.
        """
        return await self._device_page({"ProductId": product_id}, origin, offset)

    async def get_device_list(
        self,
        product_id: str,
        enough: int | None = None,
        first: DevicePage | None = None,
        *,
        origin: str,
    ) -> DeviceList:
        """Return a product's devices, all or as many pages as are enough.

        A first page that was read already is not read again.
        Sources: as `get_device_list_page`.
        """
        read_page = partial(self._device_page, {"ProductId": product_id}, origin)
        return await read_devices(read_page, enough=enough, first=first)

    async def describe_device(
        self, product_id: str, device_name: str, *, origin: str
    ) -> Device:
        """Return one device; nothing is asked for what can be no DeviceName.

        It is read by a list where that can be had of one device, because DescribeDevice
        brings the device's secrets. Whether such a list has only that device and how its
        Total counts is not documented.
        Sources: Tencent Cloud documentation, ServiceDescribeDevice, and 1081/37653.
        """
        refuse_impossible(device_name)
        parameters = {"ProductId": product_id, "DeviceName": device_name}
        if not self._backend.filters_devices:
            return await self._read(
                "DescribeDevice", parameters, parse_described_device, origin
            )
        read_page = partial(self._device_page, parameters, origin)
        listed = await read_devices(read_page, wanted=device_name)
        if device_name not in listed.devices:
            raise UnknownDeviceError(f"no device in the list is '{device_name}'")
        return listed.devices[device_name]

    async def get_studio_product_list(
        self, project_id: str = "", *, origin: str
    ) -> Mapping[str, Product]:
        """Return the products of an account, or of one of its projects, by their id.

        Those that have no data template are left out, those in development are not.
        Source: Tencent Cloud document 1081/34984.
        """
        parameters = {"DevStatus": "all"}
        if project_id:
            parameters["ProjectId"] = project_id
        return await self._items(
            "GetStudioProductList", parameters, parse_product_page, origin
        )

    async def get_project_list(self, *, origin: str) -> Mapping[str, Project]:
        """Return the projects of an account by their id.

        Source: Tencent Cloud document 1081/34968.
        """
        return await self._items("GetProjectList", {}, parse_project_page, origin)

    async def _device_page(
        self, parameters: Parameters, origin: str, offset: int
    ) -> DevicePage:
        """Return a page of the devices that the parameters ask for."""
        return await self._read(
            "GetDeviceList",
            {**parameters, "Offset": offset, "Limit": PAGE_SIZE},
            parse_device_page,
            origin,
        )

    async def _items[ItemT: Product | Project](
        self,
        name: str,
        parameters: Parameters,
        parse: Callable[[Payload], Page[ItemT]],
        origin: str,
    ) -> Mapping[str, ItemT]:
        """Return all of a list of the account."""

        async def read_page(offset: int) -> Page[ItemT]:
            """Return a page of it."""
            page = {"Offset": offset, "Limit": PAGE_SIZE_OF_ACCOUNT}
            return await self._read(name, {**parameters, **page}, parse, origin)

        return await read_items(read_page)
