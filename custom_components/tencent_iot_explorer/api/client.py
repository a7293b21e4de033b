"""The calls of the cloud, one coroutine each, whatever interface they go by."""

from collections.abc import Callable, Collection, Mapping

import aiohttp

from .application import Application
from .backend import Backend, Parameters, Payload
from .clock import Clock
from .data_template import WireValue
from .errors import UnknownDeviceError
from .identifiers import is_device_name
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DeviceList,
    DevicePage,
    ModelDefinition,
)
from .numbers import write_json
from .payloads import (
    parse_described_device,
    parse_device_page,
    parse_model_definition,
    parse_receipt,
    parse_reply,
)
from .sanitize import Result
from .texts import readable
from .transport import Call, CountRequest, TimeLimits, Transport

PAGE_SIZE = 100

_MOST_PAGES = 1000
_LIMITS = TimeLimits()


class TencentIotClient:
    """An application's access to its products and devices.

    Every coroutine raises a TencentIotError: CannotConnectError or TooLateError if the
    request was surely not sent, RefusedError if it was surely not executed,
    FateUnknownError otherwise. Of a read, UnknownCodeError is a refusal as well.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        backend: Backend,
        *,
        application: Application | None = None,
        limits: TimeLimits = _LIMITS,
        count_request: CountRequest | None = None,
    ) -> None:
        """Keep what each request needs.

        Clients of one application should share its `application`. `count_request` gets
        the ProductId of each request that was sent, the interface's name of its call, and
        its `origin`: a tag of whoever calls, which nothing else is done with.
        """
        self._application = application or Application()
        self._transport = Transport(
            session, backend, self._application, limits, count_request
        )

    @property
    def clock(self) -> Clock:
        """Return what is known of the cloud's time."""
        return self._application.clock

    async def describe_model_definition(
        self, product_id: str, *, origin: str
    ) -> ModelDefinition:
        """Return a product's data template; `update_time` is in seconds, 0 if unknown.

        Source: Tencent Cloud documentation, ServiceDescribeModelDefinition.
        """
        return await self._read(
            "DescribeModelDefinition",
            product_id,
            {},
            parse_model_definition,
            origin,
        )

    async def get_device_list_page(
        self, product_id: str, offset: int = 0, *, origin: str
    ) -> DevicePage:
        """Return up to 100 devices of a product, from the one numbered `offset` (0 first).

        An application reads five pages a second at most.
        Source: Tencent Cloud document 1465/59063, ServiceGetDeviceList.
        """
        return await self._read(
            "GetDeviceList",
            product_id,
            {"Offset": offset, "Limit": PAGE_SIZE},
            parse_device_page,
            origin,
            is_list=True,
        )

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

        Ends at `Total`, at a page that brings nothing new or after 1,000 pages.
        Source: Tencent Cloud document 1465/59063, ServiceGetDeviceList.
        """
        devices: dict[str, Device] = {}
        unusable: dict[str, None] = {}
        for offset in range(0, _MOST_PAGES * PAGE_SIZE, PAGE_SIZE):
            known = len(devices) + len(unusable)
            page = first or await self.get_device_list_page(
                product_id, offset, origin=origin
            )
            first = None
            devices.update((device.name, device) for device in page.devices)
            unusable |= dict.fromkeys(page.unusable)
            end = page.total if enough is None else min(page.total, enough)
            if offset + PAGE_SIZE >= end or len(devices) + len(unusable) == known:
                break
        return DeviceList(devices=devices, total=page.total, unusable=tuple(unusable))

    async def describe_device(
        self, product_id: str, device_name: str, *, origin: str
    ) -> Device:
        """Return one device; nothing is asked for what can be no DeviceName.

        Source: Tencent Cloud documentation, ServiceDescribeDevice.
        """
        _refuse_impossible(device_name)
        return await self._read(
            "DescribeDevice",
            product_id,
            {"DeviceName": device_name},
            parse_described_device,
            origin,
        )

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
        """Hand an action over to the cloud, which does not tell what became of it.

        Raises TooLateError, having sent nothing, if it cannot be sent in the seconds of its
        turn, less those that it has `waited` elsewhere.
        `inputs` holds every declared input as `values.to_wire` returns it; those among
        them that are `secrets` stand in no error.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionAsync.
        """
        _refuse_impossible(device_name)
        call = Call(
            name="CallDeviceActionAsync",
            product_id=product_id,
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
            product_id=product_id,
            parameters=_action_parameters(product_id, device_name, action_id, inputs),
            parse=parse_reply,
            origin=origin,
            secrets=secrets,
            waited=waited,
        )
        return await self._transport.act(
            call, f"{product_id}/{device_name}", waits=True
        )

    async def _read[ResultT: Result](
        self,
        name: str,
        product_id: str,
        parameters: Parameters,
        parse: Callable[[Payload], ResultT],
        origin: str,
        *,
        is_list: bool = False,
    ) -> ResultT:
        """Return what a read of a product brings."""
        return await self._transport.read(
            Call(
                name=name,
                product_id=product_id,
                parameters={"ProductId": product_id, **parameters},
                parse=parse,
                origin=origin,
                is_list=is_list,
            )
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
