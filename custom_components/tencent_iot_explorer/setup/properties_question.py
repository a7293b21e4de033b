"""The question whether a product of an earlier release gets properties and events.

They cost requests, and Home Assistant exposes some of them to Assist by itself.
"""

from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_USE_PROPERTIES, DOMAIN
from ..errors import names_in_words
from ..properties.counts import count_entities
from ..reports.costs import requests_per_day
from ..runtime import Product

ISSUE = "properties_"


@callback
def async_ask_about_properties(product: Product) -> None:
    """Ask a person, unless it is decided or there is nothing to decide."""
    if product.is_stopped:
        return
    issue_id = f"{ISSUE}{product.product_id}"
    question = question_in_words(product)
    if question is None:
        ir.async_delete_issue(product.hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        product.hass,
        DOMAIN,
        issue_id,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="properties",
        translation_placeholders=question,
        data={"entry_id": product.entry.entry_id, "subentry_id": product.subentry_id},
    )


def question_in_words(product: Product) -> dict[str, str] | None:
    """Return what would come, none if it is decided or if nothing would."""
    if CONF_USE_PROPERTIES in product.settings:
        return None
    numbers = count_entities(product.marked_template)
    if not numbers.total:
        return None
    devices = len(product.devices.names)
    requests = requests_per_day(
        product.marked_template,
        devices,
        has_properties=numbers.of_properties > 0,
        is_pushed=product.push.is_active,
    )
    return {
        **names_in_words(product=product.title),
        "devices": f"{devices:,}",
        "properties": str(numbers.of_properties),
        "events": str(numbers.of_events),
        "disabled": str(numbers.disabled),
        "exposed": str(numbers.exposed),
        "requests": f"{requests:,}",
    }
