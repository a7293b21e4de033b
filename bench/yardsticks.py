"""What calls and writes are compared with: ready requests, and the least that must be done."""

from collections.abc import Mapping
from dataclasses import dataclass
import time
from typing import override

import aiohttp

from homeassistant.components.button import ButtonEntity
from homeassistant.components.event import EventEntity
from homeassistant.core import ServiceCall, callback

from .fleet import LARGE
from .home import account_data, application_data
from .turns import Way
from custom_components.tencent_iot_explorer.api import Backend, CloudApi, ServiceApi

RAW = "raw aiohttp POST of a ready body"
OF_ACCOUNT = ", key of an account"
_JSON = {"Content-Type": "application/json"}
_PARAMETERS = {
    "ProductId": LARGE,
    "DeviceName": "device-0001",
    "ActionId": "feed",
    "InputParams": '{"portions":3}',
}


def service_api(endpoint: str) -> Backend:
    """Return the interface that the key of the measured application is for."""
    data = application_data(endpoint)
    return ServiceApi(data["app_key"], data["app_secret"], endpoint)


def cloud_api(endpoint: str) -> Backend:
    """Return the interface that the key of the measured account is for."""
    data = account_data(endpoint)
    return CloudApi(data["secret_id"], data["secret_key"], data["region"], endpoint)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """A request that was signed, as it can be posted."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def signed_request(backend: Backend) -> Ready:
    """Return the signed request of a call."""
    made = backend.sign("CallDeviceActionAsync", _PARAMETERS, int(time.time()))
    return Ready(url=backend.url, headers=made.headers or _JSON, body=made.body)


def raw_post(session: aiohttp.ClientSession, backend: Backend) -> Way:
    """Return what posts a ready request, again and again the same."""
    request = signed_request(backend)

    async def post() -> None:
        """Post it."""
        await send(session, request)

    return post


async def send(session: aiohttp.ClientSession, request: Ready) -> bytes:
    """Post a request and return the body of its reply."""
    async with session.post(
        request.url, data=request.body, headers=request.headers
    ) as response:
        return await response.read()


async def nothing(call: ServiceCall) -> None:
    """Do nothing."""


class YardstickEvent(EventEntity):
    """An event entity that does nothing but write its state."""

    _attr_event_types = ["accepted"]
    _attr_name = "Bench"

    @callback
    def report(self) -> None:
        """Trigger an event with as many attributes as ours have."""
        self._trigger_event(
            "accepted", {"action_id": "1", "request": "2", "token": "3", "status": "4"}
        )
        self.async_write_ha_state()


class YardstickButton(ButtonEntity):
    """A button that does nothing but what it is given."""

    _attr_name = "Bare"

    def __init__(self, way: Way) -> None:
        """Keep what a press does."""
        self._way = way

    @override
    async def async_press(self) -> None:
        """Do it."""
        await self._way()
