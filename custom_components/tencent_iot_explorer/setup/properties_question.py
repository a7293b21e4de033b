"""The question whether a product of an earlier release gets properties and events.

They cost requests, and Home Assistant exposes some of them to Assist by itself.
"""

from dataclasses import replace

from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_USE_PROPERTIES, DOMAIN
from ..errors import names_in_words
from ..properties.counts import count_entities
from ..reports.costs import costs_of, use_of, uses_of_others
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
    before = use_of(product)
    types = {event.type for event in product.events.values()}
    after = replace(
        before,
        properties=before.devices if numbers.of_properties else 0,
        events=before.devices * len(types),
    )
    others = uses_of_others(product.hass, product.entry.data, product.product_id)
    costs = costs_of(after, others)
    return {
        **names_in_words(product=product.title),
        "devices": f"{before.devices:,}",
        "properties": str(numbers.of_properties),
        "events": str(numbers.of_events),
        "disabled": str(numbers.disabled),
        "exposed": str(numbers.exposed),
        "requests_before": f"{costs_of(before, others).per_day:,}",
        "requests": f"{costs.per_day:,}",
        "interval": f"{costs.read_interval:,}",
    }
