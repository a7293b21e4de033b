"""Whether the cloud answers and agrees about the time, logged once for all products."""

from collections.abc import Collection
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from ..api import Clock, TencentIotError
from ..const import DOMAIN
from ..errors import treatment

_LOGGER = logging.getLogger(__name__)
# The products that could not be read at last, by the id of their entry.
_UNREAD: HassKey[dict[str, set[str]]] = HassKey(f"{DOMAIN}.unread")


@callback
def note_cloud(
    hass: HomeAssistant,
    entry: ConfigEntry,
    product_ids: Collection[str],
    product_id: str,
    err: TencentIotError | None,
) -> None:
    """Log once for all products, tries and reloads that reading fails, or works again.

    `product_ids` are those that the entry has now.

    What a repair shows or a form asks for is not logged a second time.
    """
    unread = hass.data.setdefault(_UNREAD, {}).setdefault(entry.entry_id, set())
    unread.intersection_update(product_ids)
    if err and not treatment(err).reauth and not treatment(err).product:
        if not unread:
            _LOGGER.warning(
                "%s cannot be read from Tencent Cloud IoT Explorer: %s: %s",
                entry.title,
                type(err).__name__,
                err,
            )
        unread.add(product_id)
    elif product_id in unread:
        unread.remove(product_id)
        if not unread:
            _LOGGER.info(
                "%s can be read from Tencent Cloud IoT Explorer again", entry.title
            )


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
