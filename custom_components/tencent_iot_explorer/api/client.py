"""The calls of the service API, one coroutine each."""

from collections.abc import Mapping
import json
import logging
import secrets
import ssl
import time
import uuid

import aiohttp

from .envelope import Payload, status_failure, unwrap
from .errors import (
    BrokenReplyError,
    CannotConnectError,
    CertificateDateError,
    DeviceUnreachableError,
    FateUnknownError,
    TencentIotError,
)
from .models import ActionReceipt, ActionReply, Device, DevicePage, ModelDefinition
from .payloads import (
    parse_described_device,
    parse_device_page,
    parse_model_definition,
    parse_outputs,
    text,
)
from .signature import sign
from .values import WireValue

DEFAULT_ENDPOINT = "https://iot.cloud.tencent.com/api/exploreropen/serviceapi"
PAGE_SIZE = 100

_LOGGER = logging.getLogger(__name__)
_CONNECT_SECONDS = 5
_READ_SECONDS = 10
_REPLY_SECONDS = 30
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

    async def describe_model_definition(self, product_id: str) -> ModelDefinition:
        """Return a product's data template; `update_time` is in seconds, 0 if unknown.

        Source: Tencent Cloud documentation, ServiceDescribeModelDefinition.
        """
        payload = await self._call(
            "ServiceDescribeModelDefinition", {"ProductId": product_id}
        )
        return parse_model_definition(payload)

    async def get_device_list_page(
        self, product_id: str, offset: int = 0
    ) -> DevicePage:
        """Return up to 100 devices of a product, from the one numbered `offset` (0 first).

        Source: Tencent Cloud document 1465/59063, ServiceGetDeviceList.
        """
        payload = await self._call(
            "ServiceGetDeviceList",
            {"ProductId": product_id, "Offset": offset, "Limit": PAGE_SIZE},
        )
        return parse_device_page(payload)

    async def get_device_list(
        self, product_id: str, most: int | None = None
    ) -> dict[str, Device]:
        """Return a product's devices by their name, all of them or the first `most`.

        Ends at `Total`, at a page that brings nothing new or after 1,000 pages.
        Source: Tencent Cloud document 1465/59063, ServiceGetDeviceList.
        """
        devices: dict[str, Device] = {}
        for offset in range(0, _MOST_PAGES * PAGE_SIZE, PAGE_SIZE):
            known = len(devices)
            page = await self.get_device_list_page(product_id, offset)
            devices.update((device.name, device) for device in page.devices)
            end = page.total if most is None else min(page.total, most)
            if offset + PAGE_SIZE >= end or len(devices) == known:
                break
        return devices

    async def describe_device(self, product_id: str, device_name: str) -> Device:
        """Return one device.

        Source: Tencent Cloud documentation, ServiceDescribeDevice.
        """
        payload = await self._call(
            "ServiceDescribeDevice",
            {"ProductId": product_id, "DeviceName": device_name},
        )
        return parse_described_device(payload)

    async def call_device_action_async(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
    ) -> ActionReceipt:
        """Hand an action over to the cloud, which does not tell what became of it.

        `inputs` holds every declared input as `values.to_wire` returns it.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionAsync.
        """
        payload, request_id = await self._call_action(
            "ServiceCallDeviceActionAsync", product_id, device_name, action_id, inputs
        )
        status, client_token = text(payload, "Status"), text(payload, "ClientToken")
        if not client_token or status == "Fail":
            raise DeviceUnreachableError(code=status, request_id=request_id)
        return ActionReceipt(
            client_token=client_token, status=status, request_id=request_id
        )

    async def call_device_action_sync(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
    ) -> ActionReply:
        """Run an action and wait for what the device answers, up to 30 seconds.

        `inputs` holds every declared input as `values.to_wire` returns it. The status is
        free text of the device and judges nothing.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionSync.
        """
        payload, request_id = await self._call_action(
            "ServiceCallDeviceActionSync",
            product_id,
            device_name,
            action_id,
            inputs,
            seconds=_REPLY_SECONDS,
        )
        return ActionReply(
            client_token=text(payload, "ClientToken"),
            status=text(payload, "Status"),
            request_id=request_id,
            outputs=parse_outputs(payload.get("OutputParams")),
        )

    async def _call_action(
        self,
        name: str,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
        *,
        seconds: float = _READ_SECONDS,
    ) -> tuple[Payload, str]:
        """Return the payload of an action's reply and its RequestId."""
        request_id = str(uuid.uuid4())
        payload = await self._call(
            name,
            {
                "ProductId": product_id,
                "DeviceName": device_name,
                "ActionId": action_id,
                "InputParams": json.dumps(
                    inputs, allow_nan=False, ensure_ascii=True, separators=(",", ":")
                ),
            },
            request_id=request_id,
            seconds=seconds,
        )
        request_id = text(payload, "RequestId") or request_id
        if failure := status_failure(text(payload, "Status"), request_id):
            raise failure
        if "ClientToken" not in payload:
            raise BrokenReplyError(
                "the reply does not tell of an action", request_id=request_id
            )
        return payload, request_id

    async def _call(
        self,
        name: str,
        parameters: Mapping[str, str | int],
        *,
        request_id: str = "",
        seconds: float = _READ_SECONDS,
    ) -> Payload:
        """Sign and send one request and return the payload of its reply."""
        request_id = request_id or str(uuid.uuid4())
        signed: dict[str, str | int] = {
            **parameters,
            "Action": name,
            "AppKey": self._app_key,
            "Nonce": 1 + secrets.randbelow(2**31 - 1),
            "RequestId": request_id,
            "Timestamp": int(time.time()),
        }
        signed["Signature"] = sign(signed, self._app_secret)
        try:
            http_status, body = await self._post(json.dumps(signed).encode(), seconds)
            payload = unwrap(body, http_status)
        except TencentIotError as err:
            err.request_id = err.request_id or request_id
            _LOGGER.debug("%s %s: %r", name, err.request_id, err)
            raise
        _LOGGER.debug("%s %s: answered", name, request_id)
        return payload

    async def _post(self, body: bytes, seconds: float) -> tuple[int, bytes]:
        """Send a body once and return the HTTP status and the body that came back."""
        try:
            async with self._session.post(
                self._endpoint,
                data=body,
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds, connect=_CONNECT_SECONDS),
            ) as response:
                return response.status, await _read(response)
        except aiohttp.ClientConnectorCertificateError as err:
            cause = err.certificate_error
            if (
                isinstance(cause, ssl.SSLCertVerificationError)
                and cause.verify_code in _CERTIFICATE_DATE_ERRORS
            ):
                raise CertificateDateError(str(cause)) from err
            raise CannotConnectError(str(err)) from err
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as err:
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
