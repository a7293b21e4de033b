"""The calls of the service API, one coroutine each."""

import asyncio
from collections.abc import Callable, Mapping
import json
import logging
import math
import secrets
import ssl
import time

import aiohttp

from .clock import Clock
from .envelope import Payload, unwrap
from .errors import (
    BrokenReplyError,
    CannotConnectError,
    CertificateDateError,
    CredentialsError,
    FateUnknownError,
    RateLimitError,
    TencentIotError,
    TimestampError,
    TooLateError,
)
from .limiter import ActionLimiter
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DeviceList,
    DevicePage,
    ModelDefinition,
)
from .payloads import (
    parse_described_device,
    parse_device_page,
    parse_model_definition,
    parse_receipt,
    parse_reply,
    text,
)
from .requests import action_parameters, signed_parameters
from .values import WireValue

DEFAULT_ENDPOINT = "https://iot.cloud.tencent.com/api/exploreropen/serviceapi"
PAGE_SIZE = 100

_LOGGER = logging.getLogger(__name__)
_CONNECT_SECONDS = 5
_READ_SECONDS = 10
_REPLY_SECONDS = 30
_READS_SECONDS = 30
_BACK_OFFS = (0.5, 2.0)
_MOST_PAGES = 1000
_LARGEST_REPLY = 1024 * 1024
# OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
_CERTIFICATE_DATE_ERRORS = (9, 10)


class TencentIotClient:
    """An application's access to its products and devices.

    Every coroutine raises a TencentIotError: CannotConnectError if the request was surely
    not sent, RefusedError if it was surely not executed, FateUnknownError otherwise.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        app_key: str,
        app_secret: str,
        endpoint: str = DEFAULT_ENDPOINT,
    ) -> None:
        """Keep what each request needs."""
        self._session = session
        self._app_key = app_key
        self._app_secret = app_secret
        self._endpoint = endpoint
        self._limiter = ActionLimiter()
        self.clock = Clock()

    async def describe_model_definition(self, product_id: str) -> ModelDefinition:
        """Return a product's data template; `update_time` is in seconds, 0 if unknown.

        Source: Tencent Cloud documentation, ServiceDescribeModelDefinition.
        """
        return await self._read(
            "ServiceDescribeModelDefinition",
            {"ProductId": product_id},
            parse_model_definition,
        )

    async def get_device_list_page(
        self, product_id: str, offset: int = 0
    ) -> DevicePage:
        """Return up to 100 devices of a product, from the one numbered `offset` (0 first).

        Source: Tencent Cloud document 1465/59063, ServiceGetDeviceList.
        """
        return await self._read(
            "ServiceGetDeviceList",
            {"ProductId": product_id, "Offset": offset, "Limit": PAGE_SIZE},
            parse_device_page,
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
        for offset in range(0, _MOST_PAGES * PAGE_SIZE, PAGE_SIZE):
            known = len(devices)
            page = first or await self.get_device_list_page(product_id, offset)
            first = None
            devices.update((device.name, device) for device in page.devices)
            end = page.total if enough is None else min(page.total, enough)
            if offset + PAGE_SIZE >= end or len(devices) == known:
                break
        return DeviceList(devices=devices, total=page.total)

    async def describe_device(self, product_id: str, device_name: str) -> Device:
        """Return one device.

        Source: Tencent Cloud documentation, ServiceDescribeDevice.
        """
        return await self._read(
            "ServiceDescribeDevice",
            {"ProductId": product_id, "DeviceName": device_name},
            parse_described_device,
        )

    async def call_device_action_async(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
    ) -> ActionReceipt:
        """Hand an action over to the cloud, which does not tell what became of it.

        Raises TooLateError, having sent nothing, if its turn does not come in 5 seconds.
        `inputs` holds every declared input as `values.to_wire` returns it.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionAsync.
        """
        device = f"{product_id}/{device_name}"
        async with self._limiter.turn(device, waits=False) as deadline:
            return await self._call(
                "ServiceCallDeviceActionAsync",
                action_parameters(product_id, device_name, action_id, inputs),
                parse_receipt,
                deadline=deadline,
            )

    async def call_device_action_sync(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
    ) -> ActionReply:
        """Run an action and wait for what the device answers, up to 30 seconds.

        Raises TooLateError, having sent nothing, if its turn does not come in 5 seconds.
        `inputs` holds every declared input as `values.to_wire` returns it. The status is
        free text of the device and judges nothing.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionSync.
        """
        device = f"{product_id}/{device_name}"
        async with self._limiter.turn(device, waits=True) as deadline:
            return await self._call(
                "ServiceCallDeviceActionSync",
                action_parameters(product_id, device_name, action_id, inputs),
                parse_reply,
                seconds=_REPLY_SECONDS,
                deadline=deadline,
            )

    async def _read[ResultT](
        self,
        name: str,
        parameters: Mapping[str, str | int],
        parse: Callable[[Payload], ResultT],
    ) -> ResultT:
        """Return what a read brings; what another try can mend is tried up to three times.

        Reading again does no harm, so this goes for an unknown fate, too. All tries
        together take 30 seconds at most.
        """
        deadline = time.monotonic() + _READS_SECONDS
        for back_off in _BACK_OFFS:
            try:
                return await self._call(name, parameters, parse)
            except BrokenReplyError, CertificateDateError:
                raise
            except CannotConnectError, FateUnknownError, RateLimitError:
                pause = back_off * (0.5 + secrets.randbelow(1000) / 1000)
                if time.monotonic() + pause + _READ_SECONDS > deadline:
                    raise
            await asyncio.sleep(pause)
        return await self._call(name, parameters, parse)

    async def _call[ResultT](
        self,
        name: str,
        parameters: Mapping[str, str | int],
        parse: Callable[[Payload], ResultT],
        *,
        seconds: float | None = None,
        deadline: float = math.inf,
    ) -> ResultT:
        """Return what a request brings, signed once more if a wrong clock was its fault.

        A request that was refused for its time stamp or its signature did nothing; after
        the deadline it is not sent once more.
        """
        timestamp = self.clock.now()
        try:
            return await self._call_once(name, parameters, parse, seconds, timestamp)
        except (CredentialsError, TimestampError) as err:
            if not self.clock.explains(timestamp):
                raise
            if time.monotonic() > deadline:
                raise TooLateError(code=err.code, request_id=err.request_id) from err
        return await self._call_once(name, parameters, parse, seconds, self.clock.now())

    async def _call_once[ResultT](
        self,
        name: str,
        parameters: Mapping[str, str | int],
        parse: Callable[[Payload], ResultT],
        seconds: float | None,
        timestamp: int,
    ) -> ResultT:
        """Sign and send one request and return what its reply holds."""
        signed = signed_parameters(
            name, parameters, self._app_key, self._app_secret, timestamp
        )
        request_id = str(signed["RequestId"])
        body = json.dumps(signed).encode()
        try:
            payload = unwrap(*await self._post(body, seconds or _READ_SECONDS))
            request_id = text(payload, "RequestId") or request_id
            result = parse({**payload, "RequestId": request_id})
        except TencentIotError as err:
            err.request_id = err.request_id or request_id
            err.hide(self._app_secret, self._app_key, str(signed["Signature"]))
            _LOGGER.debug("%s %s: %s %s", name, err.request_id, type(err).__name__, err)
            raise
        _LOGGER.debug("%s %s: answered", name, request_id)
        return result

    async def _post(self, body: bytes, seconds: float) -> tuple[bytes, int]:
        """Send a body once and return the body that came back and its HTTP status."""
        try:
            async with self._session.post(
                self._endpoint,
                data=body,
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds, connect=_CONNECT_SECONDS),
            ) as response:
                self.clock.note(response.headers.get("Date"))
                return await _read(response), response.status
        except aiohttp.ClientConnectorCertificateError as err:
            cause = err.certificate_error
            if (
                isinstance(cause, ssl.SSLCertVerificationError)
                and cause.verify_code in _CERTIFICATE_DATE_ERRORS
            ):
                raise CertificateDateError(str(cause)) from err
            raise CannotConnectError(str(err)) from err
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.InvalidURL,
        ) as err:
            raise CannotConnectError(str(err)) from err
        except (aiohttp.ClientError, TimeoutError) as err:
            raise FateUnknownError(str(err) or type(err).__name__) from err


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return the body of a reply, which is bounded so that nothing fills the memory."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST_REPLY:
            raise BrokenReplyError(f"the reply is larger than {_LARGEST_REPLY} bytes")
    return bytes(body)
