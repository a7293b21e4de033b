"""What a person can send along with a report: all that matters, and no secret or name."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .account.request_counts import request_counts
from .account.session import connections_opened
from .api import CLOUD_API_ENDPOINT, SERVICE_API_ENDPOINT, Device
from .assist.exposed import (
    LEFT_OUT,
    MOST_BUTTONS_WITH_SENTENCES,
    buttons_without_sentences,
)
from .const import CONF_ENDPOINT, CONF_PUSH, KEY_FIELDS
from .errors import treatment
from .identifiers import input_path, own_identifier, parse_pair
from .push.rules import async_rule_states
from .push.traffic import async_traffic
from .runtime import Product, TencentIotConfigEntry
from .setup.budget import EntityCounts, async_count_entities


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> dict[str, Any]:
    """Return the state of an entry."""
    # The entry has it no more if it is unloaded meanwhile.
    data, push = entry.runtime_data, _push(hass, entry)
    counts = await async_count_entities(hass, entry, data.products)
    endpoint = entry.data[CONF_ENDPOINT]
    clock = data.client.clock
    return {
        "settings": async_redact_data(
            {
                **entry.data,
                CONF_ENDPOINT: endpoint
                if endpoint in (CLOUD_API_ENDPOINT, SERVICE_API_ENDPOINT)
                else "another endpoint",
            },
            KEY_FIELDS,
        ),
        "clock": {
            "difference": clock.difference,
            "offset_in_use": clock.offset,
            "is_wrong": clock.is_wrong,
        },
        "connections_opened": connections_opened(hass),
        "denied": data.denials.products,
        "push": push,
        "voice": _voice(hass),
        "entities": {
            "enabled": counts.enabled,
            "most_enabled": counts.most,
            "left_out": counts.left_out.total(),
        },
        "products": [
            _product(product, number, counts)
            for number, product in enumerate(data.products.values(), 1)
        ],
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: TencentIotConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the state of the product of one device, and of that device alone."""
    products = entry.runtime_data.products
    counts = await async_count_entities(hass, entry, products)
    product_id, name = parse_pair(own_identifier(device.identifiers))
    for number, product in enumerate(products.values(), 1):
        if product.product_id == product_id and name in product.devices.names:
            return {
                **_product(product, number, counts),
                "devices": _devices(product, only=name),
            }
    return {}


def _push(hass: HomeAssistant, entry: TencentIotConfigEntry) -> dict[str, Any]:
    """Return what is known of pushes; where they come to is a secret."""
    traffic = async_traffic(hass, entry.entry_id)
    return {
        "is_on": entry.options.get(CONF_PUSH, False),
        "is_signed": CONF_TOKEN in entry.options,
        "today": traffic.today,
        "last_taken": traffic.last_taken,
        "rules": async_rule_states(entry),
    }


def _voice(hass: HomeAssistant) -> str:
    """Return how far all exposed buttons of all entries have sentences of ours."""
    if without := buttons_without_sentences(hass):
        return (
            f"Only the {MOST_BUTTONS_WITH_SENTENCES} exposed buttons that were registered"
            f" first have sentences of this integration; {without} more are exposed, and"
            " Home Assistant's own sentences, such as press NAME, are all there is for them."
        )
    return "All exposed buttons have sentences of this integration."


def _product(product: Product, number: int, counts: EntityCounts) -> dict[str, Any]:
    """Return what is known of a product, by a number in place of its title."""
    interval = product.devices.update_interval
    template = product.template.data
    return {
        "title": f"product {number}",
        "product_id": product.product_id,
        "all_devices": product.devices.all_devices,
        "timestamp_unit": product.times.unit,
        "update_interval": interval.total_seconds() if interval else None,
        "failure": treatment(product.failure).text if product.failure else None,
        "failure_code": product.failure.code if product.failure else None,
        "actions": [asdict(action) for action in product.actions.values()],
        "actions_gone": list(product.gone.actions),
        "properties_gone": list(product.gone.properties),
        "events_gone": list(product.gone.events),
        "devices_left_out": len(product.devices.unusable),
        "secret_inputs": [
            input_path(action.id, parameter.id)
            for action in product.actions.values()
            for parameter in action.inputs
            if parameter.is_secret
        ],
        "actions_unusable": dict(template.unusable) if template else {},
        "pushes": product.push.in_short,
        "properties": product.reader.state(product),
        "events": product.event_reader.state(product),
        "entities_left_out": counts.left_out[product.subentry_id],
        "requests": request_counts(product.hass).of_product(product.product_id),
        "sentences_left_out": _sentences_left_out(product),
        "devices": _devices(product),
    }


def _sentences_left_out(product: Product) -> list[str]:
    """Return which sentences are left to Home Assistant itself, by a device's number."""
    numbers = {
        name: number for number, name in enumerate(sorted(product.devices.names), 1)
    }
    return [
        f"device {numbers[target.device_name]}/{item.exposed.action.id}: {item.shape}"
        for item in product.hass.data.get(LEFT_OUT, [])
        for target in [item.exposed.target]
        if target.product is product and target.device_name in numbers
    ]


def _devices(product: Product, only: str | None = None) -> dict[str, Any]:
    """Return what is known of devices, by a number in place of their name."""
    gone = set(product.devices.watch.gone)
    return {
        f"device {number}": _device(product.devices.data.get(name), gone=name in gone)
        for number, name in enumerate(sorted(product.devices.names), start=1)
        if only in (None, name)
    }


def _device(device: Device | None, *, gone: bool) -> dict[str, Any]:
    """Return what the cloud last reported of a device."""
    return {
        "status": device.status if device else None,
        "firmware": device.firmware if device else None,
        "gone": gone,
    }
