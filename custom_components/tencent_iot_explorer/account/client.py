"""The way to the cloud of an application."""

from collections.abc import Mapping
from typing import Any
from weakref import WeakValueDictionary

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey

from ..api import KeyUse, RequestIds, ServiceApi, TencentIotClient, TimeLimits
from ..const import CONF_APP_KEY, CONF_APP_SECRET, CONF_ENDPOINT, DOMAIN
from .request_counts import call_counts

TIME_LIMITS = TimeLimits()

# By endpoint and AppKey, as long as anybody uses them: dialogs, reloads and calls that
# outlast a reload keep the same limits.
_KEY_USES: HassKey[WeakValueDictionary[tuple[str, str], KeyUse]] = HassKey(
    f"{DOMAIN}.key_uses"
)
# All connections are of one session, whatever applications use them.
_REQUEST_IDS: HassKey[RequestIds] = HassKey(f"{DOMAIN}.request_ids")


@callback
def client_for(hass: HomeAssistant, data: Mapping[str, Any]) -> TencentIotClient:
    """Return a client for the data of a config entry, stored or about to be."""
    key_uses = hass.data.setdefault(_KEY_USES, WeakValueDictionary())
    request_ids = hass.data.setdefault(_REQUEST_IDS, RequestIds())
    key = (data[CONF_ENDPOINT], data[CONF_APP_KEY])
    return TencentIotClient(
        async_get_clientsession(hass),
        ServiceApi(data[CONF_APP_KEY], data[CONF_APP_SECRET], data[CONF_ENDPOINT]),
        key_use=key_uses.setdefault(key, KeyUse(request_ids)),
        limits=TIME_LIMITS,
        count_request=call_counts(hass).count,
    )
