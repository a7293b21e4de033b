"""A stand-in for Home Assistant Cloud, of which only cloudhooks are there.

The true component needs libraries of voice and video, so it cannot be loaded in tests. What
comes in is handed on as it does that.
"""

from collections.abc import Callable
from enum import Enum
import secrets
import sys
from types import ModuleType

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from homeassistant import components
from homeassistant.components import webhook
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.setup import async_setup_component
from homeassistant.util.aiohttp import MockRequest, serialize_response

from .helpers import Cloud

ORIGIN = "https://hooks.nabu.casa"
_SIGNAL = "CLOUD_CONNECTION_STATE"
_MODULE = "homeassistant.components.cloud"


class CloudNotAvailable(HomeAssistantError):
    """Nobody is logged in."""


class CloudNotConnected(CloudNotAvailable):
    """There is no connection."""


class CloudConnectionState(Enum):
    """Whether there is a connection."""

    CLOUD_CONNECTED = "cloud_connected"
    CLOUD_DISCONNECTED = "cloud_disconnected"


class Cloudhooks:
    """Who is logged in, whether there is a connection, and the addresses of webhooks."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Be logged in and connected; `addresses` are by the webhook's id."""
        self.hass = hass
        self.is_subscribed = True
        self.is_connected = True
        self.addresses: dict[str, str] = {}
        self._server: TestServer | None = None

    async def start(self, cloud: Cloud, patch: pytest.MonkeyPatch) -> None:
        """Be the component `cloud`, whose addresses the emulated cloud can reach."""
        assert await async_setup_component(self.hass, "webhook", {})
        app = web.Application()
        app.router.add_route("*", "/{hook}", self._hand_on)
        self._server = TestServer(app)
        await self._server.start_server()
        here = str(self._server.make_url("")).rstrip("/")
        cloud.emulator.outbound.routes[ORIGIN] = here
        module = ModuleType(_MODULE)
        for item in (CloudNotAvailable, CloudNotConnected, CloudConnectionState):
            setattr(module, item.__name__, item)
        for name in dir(self):
            if name.startswith("async_"):
                setattr(module, name, getattr(self, name))
        patch.setitem(sys.modules, _MODULE, module)
        patch.setattr(components, "cloud", module, raising=False)
        self.hass.config.components.add("cloud")

    async def stop(self) -> None:
        """Stop."""
        if self._server:
            await self._server.close()

    def connect(self, *, is_connected: bool = True) -> None:
        """Let the connection come up, or go."""
        self.is_connected = is_connected
        name = "CLOUD_CONNECTED" if is_connected else "CLOUD_DISCONNECTED"
        async_dispatcher_send(self.hass, _SIGNAL, CloudConnectionState[name])

    async def _hand_on(self, request: web.Request) -> web.Response:
        """Let Home Assistant answer a request, of which the body is a text."""
        address = f"{ORIGIN}/{request.match_info['hook']}"
        found = [key for key, value in self.addresses.items() if value == address]
        if not found or not self.is_connected:
            return web.Response(status=200 if self.is_connected else 502)
        mock = MockRequest(
            content=(await request.text()).encode(),
            headers=dict(request.headers),
            method=request.method,
            query_string=request.query_string,
            mock_source="cloud",
        )
        response = await webhook.async_handle_webhook(self.hass, found[0], mock)
        answer = serialize_response(response)
        return web.Response(
            body=(answer["body"] or "").encode(),
            status=answer["status"],
            content_type=response.content_type,
        )

    def async_is_logged_in(self, hass: HomeAssistant) -> bool:
        """Return whether somebody is logged in."""
        return self.is_subscribed

    def async_active_subscription(self, hass: HomeAssistant) -> bool:
        """Return whether somebody is logged in and pays."""
        return self.is_subscribed

    def async_is_connected(self, hass: HomeAssistant) -> bool:
        """Return whether there is a connection."""
        return self.is_connected

    def async_listen_connection_change(
        self, hass: HomeAssistant, target: Callable[[CloudConnectionState], object]
    ) -> Callable[[], None]:
        """Listen to the connection."""
        return async_dispatcher_connect(hass, _SIGNAL, target)

    async def async_get_or_create_cloudhook(
        self, hass: HomeAssistant, webhook_id: str
    ) -> str:
        """Return the address of a webhook, which is the same each time."""
        if not self.is_connected:
            raise CloudNotConnected
        if not self.is_subscribed:
            raise CloudNotAvailable
        return self.addresses.setdefault(
            webhook_id, f"{ORIGIN}/{secrets.token_urlsafe(16)}"
        )

    async def async_delete_cloudhook(
        self, hass: HomeAssistant, webhook_id: str
    ) -> None:
        """Take an address back."""
        if webhook_id not in self.addresses:
            raise ValueError("Hook is not enabled for the cloud.")
        del self.addresses[webhook_id]

    def async_remote_ui_url(self, hass: HomeAssistant) -> str:
        """Nobody reaches the pages of Home Assistant from outside."""
        raise CloudNotAvailable
