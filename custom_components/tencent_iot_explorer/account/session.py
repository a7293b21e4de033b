"""The connections to the cloud, which all entries share and which outlast each of them."""

from typing import override

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.hdrs import USER_AGENT

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import (
    SERVER_SOFTWARE,
    HomeAssistantTCPConnector,
    async_get_clientsession,
)
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ssl import get_default_context

from ..api import KeptConnector
from ..const import DOMAIN

_CONNECTOR: HassKey[KeptConnector] = HassKey(f"{DOMAIN}.connector")
_SESSION: HassKey[aiohttp.ClientSession] = HassKey(f"{DOMAIN}.session")


class _Resolver(AbstractResolver):
    """Finds addresses as Home Assistant does, which knows names of the own network, too."""

    def __init__(self, connector: HomeAssistantTCPConnector) -> None:
        """Ask Home Assistant's own connector."""
        self._connector = connector

    @override
    async def resolve(
        self, host: str, port: int = 0, family: int = 0
    ) -> list[ResolveResult]:
        """Return the addresses of a host."""
        found = await self._connector.async_resolve_host(host)
        return [{**address, "port": port} for address in found]

    @override
    async def close(self) -> None:
        """Leave open what is Home Assistant's."""


@callback
def cloud_session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return the session of all requests to the cloud.

    Home Assistant's own closes connections that were idle for 15 seconds: nearly each
    press of a button would have to open one. This one keeps them from poll to poll. It
    is closed with Home Assistant, not with an entry, so that calls survive a reload.
    """
    if _SESSION not in hass.data:
        hass.data[_SESSION] = session = aiohttp.ClientSession(
            connector=_connector(hass),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={USER_AGENT: SERVER_SOFTWARE},
        )

        async def close(event: Event) -> None:
            """Close all connections, also those in use."""
            await session.close()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return hass.data[_SESSION]


@callback
def connections_opened(hass: HomeAssistant) -> int:
    """Return how many connections to the cloud were opened since the start."""
    return _connector(hass).opened


def _connector(hass: HomeAssistant) -> KeptConnector:
    """Return what all connections are of, with the same trust as Home Assistant's own."""
    if _CONNECTOR not in hass.data:
        shared = async_get_clientsession(hass).connector
        hass.data[_CONNECTOR] = KeptConnector(
            get_default_context(),
            _Resolver(shared)
            if isinstance(shared, HomeAssistantTCPConnector)
            else None,
        )
    return hass.data[_CONNECTOR]
