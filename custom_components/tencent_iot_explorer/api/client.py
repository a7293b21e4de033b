"""The calls of the service API, one coroutine each."""

from collections.abc import Mapping
import json
import logging
import secrets
import ssl
import time
from typing import cast
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
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DevicePage,
    DeviceStatus,
    ModelDefinition,
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

_STATUSES = {int(status): status for status in DeviceStatus}


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
        model = payload.get("Model")
        if not isinstance(model, dict) or not (text := _text(model, "ModelDefine")):
            raise BrokenReplyError("the reply holds no data template")
        update_time = model.get("UpdateTime")
        return ModelDefinition(
            model_define=text,
            update_time=update_time if isinstance(update_time, int) else 0,
        )

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
        devices, total = payload.get("Devices"), payload.get("Total")
        if isinstance(devices, dict):
            # The live documentation shows one object in place of the array.
            devices = [devices]
        if devices is None and total == 0:
            devices = []
        if not isinstance(devices, list) or not isinstance(total, int):
            raise BrokenReplyError("the reply holds no device list")
        parsed = (_parse_device(device) for device in devices)
        return DevicePage(
            devices=tuple(device for device in parsed if device), total=total
        )

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
        device = _parse_device(payload.get("Device"))
        if device is None:
            raise BrokenReplyError("the reply holds no device")
        return device

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
        status, client_token = _text(payload, "Status"), _text(payload, "ClientToken")
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
            client_token=_text(payload, "ClientToken"),
            status=_text(payload, "Status"),
            request_id=request_id,
            outputs=_parse_outputs(payload.get("OutputParams")),
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
        request_id = _text(payload, "RequestId") or request_id
        if failure := status_failure(_text(payload, "Status"), request_id):
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


def _text(payload: Payload, name: str) -> str:
    """Return a text that can be stored and shown, empty where there is none."""
    value = payload.get(name)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode()


def _parse_device(raw: object) -> Device | None:
    """Return a device without its secrets, or none if it has no name."""
    if not isinstance(raw, dict):
        return None
    device = cast(Payload, raw)
    if not (name := _text(device, "DeviceName")):
        return None
    status = device.get("Status")
    return Device(
        name=name,
        status=_STATUSES.get(status) if isinstance(status, int) else None,
        firmware=_text(device, "Version") or None,
    )


def _parse_outputs(raw: object) -> Mapping[str, object] | str:
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
