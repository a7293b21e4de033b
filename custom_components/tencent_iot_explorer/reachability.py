"""Whether the cloud answers and agrees about the time, told once for all products."""

import logging

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .api.clock import Clock
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


@callback
def report_clock(hass: HomeAssistant, entry_id: str, clock: Clock | None) -> None:
    """Keep a repair issue as long as this machine's clock is wrong."""
    issue_id = f"wrong_clock_{entry_id}"
    if clock is None or not clock.is_wrong:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="wrong_clock",
        translation_placeholders={"minutes": str(round(abs(clock.offset) / 60))},
    )
