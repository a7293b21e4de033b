"""The way to the cloud of an entry, by the key that it has."""

from collections.abc import Mapping
from typing import Any
from weakref import WeakValueDictionary

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..api import (
    Backend,
    CloudApi,
    KeyUse,
    RequestIds,
    ServiceApi,
    TencentIotClient,
    TencentIotError,
    TimeLimits,
)
from ..const import (
    CONF_ACCESS,
    CONF_APP_KEY,
    CONF_APP_SECRET,
    CONF_ENDPOINT,
    CONF_REGION,
    CONF_SECRET_ID,
    CONF_SECRET_KEY,
    DOMAIN,
    Access,
)
from .denials import Denials
from .request_counts import request_counts
from .session import cloud_session

TIME_LIMITS = TimeLimits()

# As long as anybody uses them: dialogs, reloads and calls that outlast a reload keep the
# same limits.
_KEY_USES: HassKey[WeakValueDictionary[tuple[str, str], KeyUse]] = HassKey(
    f"{DOMAIN}.key_uses"
)
# All connections are of one session, whatever keys use them.
_REQUEST_IDS: HassKey[RequestIds] = HassKey(f"{DOMAIN}.request_ids")


@callback
def client_for(
    hass: HomeAssistant, data: Mapping[str, Any], denials: Denials | None = None
) -> TencentIotClient:
    """Return a client for the data of a config entry, stored or about to be.

    All its requests are counted; what they are denied is noted where that is wanted.
    """
    counts = request_counts(hass)

    def note_request(
        product_id: str, call: str, origin: str, err: TencentIotError | None
    ) -> None:
        """Note what came of a request."""
        counts.count(product_id, call, origin)
        if denials is not None:
            denials.note(product_id, call, err)

    key_uses = hass.data.setdefault(_KEY_USES, WeakValueDictionary())
    request_ids = hass.data.setdefault(_REQUEST_IDS, RequestIds())
    return TencentIotClient(
        cloud_session(hass),
        _backend(data, hass.config.language),
        key_use=key_uses.setdefault(limited_key(data), KeyUse(request_ids)),
        limits=TIME_LIMITS,
        note_request=note_request,
    )


def has_account_key(data: Mapping[str, Any]) -> bool:
    """Return whether an entry has the key of an account.

    What an earlier release has stored and nobody has loaded yet has no access.
    """
    return data.get(CONF_ACCESS) == Access.ACCOUNT


def unique_id_of(data: Mapping[str, Any]) -> str:
    """Return the unique id of an entry: an AppKey, or `<SecretId>/<region>`."""
    if has_account_key(data):
        return f"{data[CONF_SECRET_ID]}/{data[CONF_REGION]}"
    return str(data[CONF_APP_KEY])


def _backend(data: Mapping[str, Any], language: str) -> Backend:
    """Return the interface of the cloud that a key is for."""
    if has_account_key(data):
        return CloudApi(
            data[CONF_SECRET_ID],
            data[CONF_SECRET_KEY],
            data[CONF_REGION],
            data[CONF_ENDPOINT],
            language="zh-CN" if language.startswith("zh") else "en-US",
        )
    return ServiceApi(data[CONF_APP_KEY], data[CONF_APP_SECRET], data[CONF_ENDPOINT])


def limited_key(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return what limits belong to: a SecretId, whatever its region, or an application."""
    if has_account_key(data):
        return Access.ACCOUNT, data[CONF_SECRET_ID]
    return data[CONF_ENDPOINT], data[CONF_APP_KEY]
