"""Requests of Tencent Cloud API 3.0, right but for what a test changes."""

from collections.abc import Mapping
from enum import Enum
import hashlib
import hmac
import json
import time
from typing import Any
import uuid

import aiohttp

from emulator import Emulator, JournalEntry
from emulator.accounts import SECRET_ID, SECRET_KEY

INPUTS: dict[str, Any] = {
    "power": 1,
    "brightness": 50,
    "warmth": 0.5,
    "text": "你好",
    "colour": 2,
    "effect": "fire",
    "moment": 1546315200000,
}
_PRODUCT = {"ProductId": "LAMP202611"}
_DEVICE = _PRODUCT | {"DeviceName": "desk-lamp"}
_ACTION = _DEVICE | {
    "ActionId": "echo",
    "InputParams": json.dumps(INPUTS, separators=(",", ":")),
}
DATA: dict[str, Any] = {"power_switch": 1, "brightness": 50}
CALLS: Mapping[str, Mapping[str, Any]] = {
    "DescribeModelDefinition": _PRODUCT,
    "GetDeviceList": _PRODUCT | {"Offset": 0, "Limit": 100},
    "DescribeDevice": _DEVICE,
    "CallDeviceActionSync": _ACTION,
    "CallDeviceActionAsync": _ACTION,
    "DescribeDeviceData": _DEVICE,
    "ControlDeviceData": _DEVICE | {"Data": json.dumps(DATA, separators=(",", ":"))},
    "ListEventHistory": _DEVICE
    | {"Type": "info", "StartTime": 0, "EndTime": 0, "Size": 100},
    "GetStudioProductList": {"DevStatus": "all", "Offset": 0, "Limit": 50},
    "SearchStudioProduct": {"ProductName": "Lamp", "Offset": 0, "Limit": 50},
    "DescribeStudioProduct": _PRODUCT,
    "GetProjectList": {"Offset": 0, "Limit": 50, "Includes": ["ProductCount"]},
}
MISSING = Enum("Missing", "MISSING").MISSING


class CloudSender:
    """Something that posts anything to the emulator."""

    def __init__(self, emulator: Emulator, session: aiohttp.ClientSession) -> None:
        """Keep both ends."""
        self.emulator = emulator
        self.session = session

    async def post(
        self,
        call: str = "DescribeDevice",
        body: object = None,
        headers: Mapping[str, Any] | None = None,
        **signing: Any,
    ) -> dict[str, Any]:
        """Send a request, and return what its reply has in the envelope.

        A changed header is signed with the rest; one that is MISSING is not sent.
        """
        if body is None:
            body = CALLS[call]
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        host = self.emulator.cloud_endpoint.removeprefix("http://")
        sent = {
            "Host": host,
            "Content-Type": "application/json",
            "X-TC-Action": call,
            "X-TC-Version": "2019-04-23",
            "X-TC-Timestamp": str(int(time.time())),
            "X-TC-Region": "ap-guangzhou",
            "X-TC-RequestClient": "tests",
            "X-TC-TraceId": str(uuid.uuid4()),
            **(headers or {}),
        }
        sent = {name: value for name, value in sent.items() if value is not MISSING}
        if "Authorization" not in (headers or {}):
            sent["Authorization"] = authorize(sent, data, **signing)
        async with self.session.post(
            self.emulator.cloud_endpoint,
            data=data,
            headers=sent,
            skip_auto_headers=["Content-Type"],
        ) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "application/json"
            document = json.loads(await response.text())
        assert document.keys() == {"Response"}
        payload: dict[str, Any] = document["Response"]
        return payload

    async def refuse(
        self, code: str, *request: Any, flaw: bool, **changes: Any
    ) -> JournalEntry:
        """Send a request that must be refused, and return what was noted of it."""
        before = list(self.emulator.reached)
        payload = await self.post(*request, **changes)
        assert payload.keys() == {"Error", "RequestId"}
        assert payload["Error"]["Code"] == code
        entry = self.emulator.journal[-1]
        assert entry.error_code == code
        assert bool(entry.flaws) is flaw
        assert self.emulator.reached == before
        return entry


def authorize(
    headers: Mapping[str, str],
    body: bytes,
    *,
    secret_id: str = SECRET_ID,
    secret_key: str = SECRET_KEY,
    signed: str = "content-type;host",
    date: str | None = None,
    scope: str = "iotexplorer/tc3_request",
) -> str:
    """Return the header that proves who sends a request."""
    values = {name.lower(): value for name, value in headers.items()}
    timestamp = values.get("x-tc-timestamp", "")
    seconds = int(timestamp) if timestamp.isdecimal() else 0
    date = date or time.strftime("%Y-%m-%d", time.gmtime(seconds))
    lines = "".join(
        f"{name}:{values.get(name, '').lower()}\n" for name in signed.split(";")
    )
    payload = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\n{lines}\n{signed}\n{payload}".encode()
    digest = hashlib.sha256(canonical).hexdigest()
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{date}/{scope}\n{digest}"
    key = f"TC3{secret_key}".encode()
    for part in (date, *scope.split("/"), text):
        key = hmac.digest(key, part.encode(), "sha256")
    return (
        f"TC3-HMAC-SHA256 Credential={secret_id}/{date}/{scope}, "
        f"SignedHeaders={signed}, Signature={key.hex()}"
    )
