"""The repair issue about entities that there was no room for."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..errors import literally, names_in_words
from ..presentation.names import labelled
from ..runtime import TencentIotConfigEntry, TencentIotData
from .budget import EntityCounts, async_count_entities
from .running import is_running

ISSUE = "entities_left_out_"


async def async_report_left_out(
    hass: HomeAssistant, entry: TencentIotConfigEntry, data: TencentIotData
) -> None:
    """Say how many entities of which products were left out, if any were."""
    counts = await async_count_entities(hass, entry, data.products)
    if not is_running(entry, data):
        return
    if not counts.left_out:
        async_forget_left_out(hass, entry)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{ISSUE}{entry.entry_id}",
        is_fixable=counts.room > 0,
        severity=ir.IssueSeverity.WARNING,
        translation_key="entities_fit" if counts.room else "entities_left_out",
        translation_placeholders=left_out_in_words(hass, entry, counts),
        data={"entry_id": entry.entry_id},
    )


@callback
def async_forget_left_out(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Say nothing any more of entities that were left out."""
    ir.async_delete_issue(hass, DOMAIN, f"{ISSUE}{entry.entry_id}")


def left_out_in_words(
    hass: HomeAssistant, entry: TencentIotConfigEntry, counts: EntityCounts
) -> dict[str, str]:
    """Return what the texts about left out entities name."""
    return {
        **names_in_words(entry=entry.title),
        "enabled": str(counts.enabled),
        "most": str(counts.most),
        "count": str(counts.left_out.total()),
        "room": str(counts.room),
        "products": ", ".join(
            labelled(
                literally(subentry.title),
                str(counts.left_out[subentry_id]),
                hass.config.language,
            )
            for subentry_id, subentry in entry.subentries.items()
            if subentry_id in counts.left_out
        ),
    }
