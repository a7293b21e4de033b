"""The way to the cloud of an application."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api.client import TencentIotClient
from .const import CONF_APP_KEY, CONF_APP_SECRET, CONF_ENDPOINT


def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> TencentIotClient:
    """Return a client for the data of a config entry, stored or about to be."""
    return TencentIotClient(
        async_get_clientsession(hass),
        data[CONF_APP_KEY],
        data[CONF_APP_SECRET],
        data[CONF_ENDPOINT],
    )
