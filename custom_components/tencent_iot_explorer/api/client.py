"""The calls of the cloud, one coroutine each, whatever interface they go by."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

import aiohttp

from .backend import Backend, Parameters, Payload
from .clock import Clock
from .data_template import WireValue
from .errors import UnknownDeviceError
from .identifiers import is_device_name
from .key_use import KeyUse
from .lists import PAGE_SIZE, PAGE_SIZE_OF_ACCOUNT, read_devices, read_items
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DeviceList,
    DevicePage,
    ModelDefinition,
    Page,
    Product,
    Project,
)
from .numbers import write_json
from .payloads import (
    parse_described_device,
    parse_device_page,
    parse_model_definition,
    parse_product_page,
    parse_project_page,
    parse_receipt,
    parse_reply,
)
from .sanitize import Result
from .texts import readable
from .transport import Call, NoteRequest, TimeLimits, Transport

_LIMITS = TimeLimits()


class TencentIotClient:
    """A key's access to its products and devices.

    Every coroutine raises a TencentIotError: CannotConnectError or TooLateError if the
    request was surely not sent, RefusedError if it was surely not executed,
    FateUnknownError otherwise. Of a read, UnknownCodeError is a refusal as well.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        backend: Backend,
        *,
        key_use: KeyUse | None = None,
        limits: TimeLimits = _LIMITS,
        note_request: NoteRequest | None = None,
    ) -> None:
        """Keep what each request needs.

        Clients that use one key should share its `key_use`. `note_request` gets
        the ProductId of each request that was sent, the interface's name of its call, its
        `origin`: a tag of whoever calls, which nothing else is done with, and the error
        that it ended in, if any.
        """
        self._backend = backend
        self._key_use = key_use or KeyUse()
        self._transport = Transport(
            session, backend, self._key_use, limits, note_request
        )

    @property
    def clock(self) -> Clock:
        """Return what is known of the cloud's time."""
        return self._key_use.clock

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
        _refuse_impossible(device_name)
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

    async def call_device_action_async(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
        *,
        origin: str,
        secrets: Collection[str] = (),
        waited: float = 0,
    ) -> ActionReceipt:
        """Hand an action over to the cloud, which does not report its outcome.

        Raises TooLateError, having sent nothing, if it cannot be sent in the seconds of its
        turn, less those that it has `waited` elsewhere.
        `inputs` holds every declared input as `values.to_wire` returns it; those among
        them that are `secrets` stand in no error.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionAsync.
        """
        _refuse_impossible(device_name)
        call = Call(
            name="CallDeviceActionAsync",
            parameters=_action_parameters(product_id, device_name, action_id, inputs),
            parse=parse_receipt,
            origin=origin,
            secrets=secrets,
            waited=waited,
        )
        return await self._transport.act(
            call, f"{product_id}/{device_name}", waits=False
        )

    async def call_device_action_sync(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
        *,
        origin: str,
        secrets: Collection[str] = (),
        waited: float = 0,
    ) -> ActionReply:
        """Run an action and wait for what the device answers.

        As `call_device_action_async` otherwise. A status that begins with
        `FailedOperation` is raised as the failure that it names; any other is free text
        of the device and judges nothing.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionSync.
        """
        _refuse_impossible(device_name)
        call = Call(
            name="CallDeviceActionSync",
            parameters=_action_parameters(product_id, device_name, action_id, inputs),
            parse=parse_reply,
            origin=origin,
            secrets=secrets,
            waited=waited,
        )
        return await self._transport.act(
            call, f"{product_id}/{device_name}", waits=True
        )

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

    async def _read[ResultT: Result](
        self,
        name: str,
        parameters: Parameters,
        parse: Callable[[Payload], ResultT],
        origin: str,
    ) -> ResultT:
        """Return what a read brings."""
        return await self._transport.read(
            Call(name=name, parameters=parameters, parse=parse, origin=origin)
        )


def _refuse_impossible(device_name: str) -> None:
    """Raise UnknownDeviceError for what the cloud gives no device as its name."""
    if not is_device_name(device_name):
        raise UnknownDeviceError(
            f"'{readable(device_name)}' is no DeviceName: it must be 1 to 48 letters, "
            "digits, _, - and :"
        )


def _action_parameters(
    product_id: str,
    device_name: str,
    action_id: str,
    inputs: Mapping[str, WireValue],
) -> Parameters:
    """Return the parameters that both ways to run an action share.

    InputParams is ASCII, so that it is signed alike whatever the cloud's encoding, and no
    number in it has an exponent, which small devices misread.
    """
    return {
        "ProductId": product_id,
        "DeviceName": device_name,
        "ActionId": action_id,
        "InputParams": write_json(inputs),
    }
