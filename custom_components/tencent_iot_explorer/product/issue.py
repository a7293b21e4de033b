"""Where it is shown that a product cannot be read: the log, a person, or a repair issue."""

from collections.abc import Collection
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..account.reachability import note_cloud
from ..api import TencentIotError, shorten
from ..const import CONF_PRODUCT_ID, DOMAIN
from ..errors import error_placeholders, literally, names_in_words, treatment
from .subentries import product_subentries

_LOGGER = logging.getLogger(__name__)
_LONGEST_LIST = 1024


def report_unusable_devices(product_id: str, names: Collection[str]) -> None:
    """Log which devices of the cloud's list cannot be used."""
    if names:
        _LOGGER.warning(
            "Product %s: %s devices are left out, because a DeviceName is 1 to 48 "
            "letters, digits, _, - and :, which these are not: %s",
            product_id,
            len(names),
            shorten(", ".join(names), _LONGEST_LIST),
        )


@callback
def async_report_reading(
    hass: HomeAssistant,
    entry: ConfigEntry,
    product_id: str,
    title: str,
    before: TencentIotError | None,
    err: TencentIotError | None,
) -> None:
    """Report how reading a product ended, compared with how it did before."""
    products = [item.data[CONF_PRODUCT_ID] for item in product_subentries(entry)]
    note_cloud(hass, entry, products, product_id, err)
    if err is not None and treatment(err).reauth:
        entry.async_start_reauth(hass)
    # The same again differs in its RequestId only.
    if type(before) is not type(err) or (before and err and before.code != err.code):
        async_report_failure(hass, product_id, title, err)


@callback
def async_report_failure(
    hass: HomeAssistant, product_id: str, title: str, err: TencentIotError | None
) -> None:
    """Report why a product cannot be read, or that it can be again.

    A failure that nobody has to mend changes nothing: what was wrong before may still be.
    """
    issue_id = f"product_{product_id}"
    if err is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    if not treatment(err).product:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=treatment(err).text,
        translation_placeholders={
            "product_id": literally(product_id),
            "console_url": treatment(err).console_url,
            **names_in_words(product=title),
            **error_placeholders(err),
            "message": literally(err.message) or "–",
        },
    )
