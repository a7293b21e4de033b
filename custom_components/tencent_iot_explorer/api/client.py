"""The calls of the service API, one coroutine each."""

from collections.abc import Callable, Collection, Mapping

import aiohttp

from .application import Application
from .clock import Clock
from .data_template import WireValue
from .envelope import Payload
from .errors import UnknownDeviceError
from .identifiers import is_device_name
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DeviceList,
    DevicePage,
    ModelDefinition,
    Origin,
)
from .payloads import (
    parse_described_device,
    parse_device_page,
    parse_model_definition,
    parse_receipt,
    parse_reply,
)
from .requests import action_parameters
from .sanitize import Result
from .texts import readable
from .transport import Call, CountRequest, Transport

DEFAULT_ENDPOINT = "https://iot.cloud.tencent.com/api/exploreropen/serviceapi"
PAGE_SIZE = 100

_HAND_OVER_SECONDS = 10
_REPLY_SECONDS = 30
_MOST_PAGES = 1000


class TencentIotClient:
    """An application's access to its products and devices.

    Every coroutine raises a TencentIotError: CannotConnectError or TooLateError if the
    request was surely not sent, RefusedError if it was surely not executed,
    FateUnknownError otherwise. Of a read, UnknownCodeError is a refusal as well.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        app_key: str,
        app_secret: str,
        endpoint: str = DEFAULT_ENDPOINT,
        *,
        application: Application | None = None,
        count_request: CountRequest | None = None,
        is_dialog: bool = False,
    ) -> None:
        """Keep what each request needs.

        Clients of one application should share its `application`. `count_request` is
        told the ProductId, the call and the origin of each request that was sent.
        """
        self._application = application or Application()
        self._is_dialog = is_dialog
        self._transport = Transport(
            session, app_key, app_secret, endpoint, self._application, count_request
        )

    @property
    def clock(self) -> Clock:
        """Return what is known of the cloud's time."""
        return self._application.clock

    async def describe_model_definition(self, product_id: str) -> ModelDefinition:
        """Return a product's data template; `update_time` is in seconds, 0 if unknown.

        Source: Tencent Cloud documentation, ServiceDescribeModelDefinition.
        """
        return await self._read(
            "ServiceDescribeModelDefinition",
            product_id,
            {},
            parse_model_definition,
            Origin.TEMPLATE,
        )

    async def get_device_list_page(
        self, product_id: str, offset: int = 0
    ) -> DevicePage:
        """Return up to 100 devices of a product, from the one numbered `offset` (0 first).

        An application reads five pages a second at most.
        Source: Tencent Cloud document 1465/59063, ServiceGetDeviceList.
        """
        return await self._read(
            "ServiceGetDeviceList",
            product_id,
            {"Offset": offset, "Limit": PAGE_SIZE},
            parse_device_page,
            is_list=True,
        )

    async def get_device_list(
        self,
        product_id: str,
        enough: int | None = None,
        first: DevicePage | None = None,
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
            page = first or await self.get_device_list_page(product_id, offset)
            first = None
            devices.update((device.name, device) for device in page.devices)
            unusable |= dict.fromkeys(page.unusable)
            end = page.total if enough is None else min(page.total, enough)
            if offset + PAGE_SIZE >= end or len(devices) + len(unusable) == known:
                break
        return DeviceList(devices=devices, total=page.total, unusable=tuple(unusable))

    async def describe_device(self, product_id: str, device_name: str) -> Device:
        """Return one device; nothing is asked for what can be no DeviceName.

        Source: Tencent Cloud documentation, ServiceDescribeDevice.
        """
        _refuse_impossible(device_name)
        return await self._read(
            "ServiceDescribeDevice",
            product_id,
            {"DeviceName": device_name},
            parse_described_device,
        )

    async def call_device_action_async(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
        *,
        origin: Origin,
        secrets: Collection[str] = (),
        waited: float = 0,
    ) -> ActionReceipt:
        """Hand an action over to the cloud, which does not tell what became of it.

        Raises TooLateError, having sent nothing, if it cannot be sent in 5 seconds, less
        those that it has `waited` elsewhere.
        `inputs` holds every declared input as `values.to_wire` returns it; those among
        them that are `secrets` stand in no error.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionAsync.
        """
        _refuse_impossible(device_name)
        call = Call(
            name="ServiceCallDeviceActionAsync",
            product_id=product_id,
            parameters=action_parameters(product_id, device_name, action_id, inputs),
            parse=parse_receipt,
            origin=origin,
            seconds=_HAND_OVER_SECONDS,
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
        origin: Origin,
        secrets: Collection[str] = (),
        waited: float = 0,
    ) -> ActionReply:
        """Run an action and wait for what the device answers, up to 30 seconds.

        As `call_device_action_async` otherwise. A status that begins with
        `FailedOperation` is raised as the failure that it names; any other is free text
        of the device and judges nothing.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionSync.
        """
        _refuse_impossible(device_name)
        call = Call(
            name="ServiceCallDeviceActionSync",
            product_id=product_id,
            parameters=action_parameters(product_id, device_name, action_id, inputs),
            parse=parse_reply,
            origin=origin,
            seconds=_REPLY_SECONDS,
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
        parameters: Mapping[str, str | int],
        parse: Callable[[Payload], ResultT],
        origin: Origin = Origin.POLL,
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
                origin=Origin.DIALOG if self._is_dialog else origin,
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
