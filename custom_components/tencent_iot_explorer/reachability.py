"""Whether the cloud answers, logged once for all that depends on it."""

import logging

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .api.errors import CannotConnectError, FateUnknownError, TencentIotError
from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)
_AWAY: HassKey[set[str]] = HassKey(f"{DOMAIN}.cloud_away")


@callback
def note_cloud(hass: HomeAssistant, entry_id: str, err: TencentIotError | None) -> None:
    """Log once for all products, tries and reloads that the cloud is away, or back."""
    away = hass.data.setdefault(_AWAY, set())
    if isinstance(err, CannotConnectError | FateUnknownError):
        if entry_id not in away:
            _LOGGER.warning("Tencent Cloud IoT Explorer does not answer: %s", err)
        away.add(entry_id)
    elif entry_id in away:
        _LOGGER.info("Tencent Cloud IoT Explorer answers again")
        away.remove(entry_id)
