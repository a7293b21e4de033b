"""What Home Assistant's system page shows of this integration."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from yarl import URL

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_translations

from .account.request_counts import request_counts
from .api import CLOUD_API_ENDPOINT, SERVICE_API_ENDPOINT
from .const import CONF_ENDPOINT, DOMAIN
from .push.rules import async_rule_states
from .push.traffic import MessageOutcome, async_traffic
from .reports.event_targets import wanted_targets
from .runtime import Product, TencentIotConfigEntry

# The usual endpoints, while no entry uses any.
_UNUSED = [(CLOUD_API_ENDPOINT, "–"), (SERVICE_API_ENDPOINT, "–")]


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what returns the information."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return which hosts of the cloud can be reached, its clock, and what came and went today.

    Without any entry the usual hosts are tried. The first entry that knows the cloud's
    time counts: all clouds have the same.
    """
    entries: list[TencentIotConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    used = [(entry.data[CONF_ENDPOINT], entry.title) for entry in entries]
    differences = [entry.runtime_data.client.clock.difference for entry in entries]
    known = [difference for difference in differences if difference is not None]
    traffic = [async_traffic(hass, entry.entry_id) for entry in entries]
    last = [item.last_taken for item in traffic if item.last_taken]
    rules = Counter(
        state for entry in entries for state in async_rule_states(entry).values()
    )
    return {
        **await _async_hosts(hass, used or _UNUSED),
        "clock_offset": known[0] if known else "–",
        "calls_today": request_counts(hass).today,
        "read_every": _read_every(entries, _property_interval),
        "read_events_every": _read_every(entries, _event_interval),
        "pushes_today": sum(item.today[MessageOutcome.TAKEN] for item in traffic),
        "last_push": max(last) if last else "–",
        "push_rules": ", ".join(f"{item}: {rules[item]}" for item in sorted(rules))
        or "–",
    }


def _read_every(
    entries: list[TencentIotConfigEntry], interval: Callable[[Product], float]
) -> str:
    """Return after how many seconds each entry reads something again, if it does."""
    longest = [
        max(map(interval, entry.runtime_data.products.values()), default=0)
        for entry in entries
    ]
    found = [
        f"{entry.title}: {seconds:.0f}"
        for entry, seconds in zip(entries, longest, strict=True)
        if seconds
    ]
    return ", ".join(found) or "–"


def _property_interval(product: Product) -> float:
    """Return after how many seconds properties of a product are read, 0 for never."""
    return product.reader.interval(product) if product.values.wanted else 0


def _event_interval(product: Product) -> float:
    """Return after how many seconds events of a product are read, 0 for never."""
    is_wanted = any(True for _ in wanted_targets(product))
    return product.event_reader.interval(product) if is_wanted else 0


async def _async_hosts(
    hass: HomeAssistant, used: list[tuple[str, str]]
) -> dict[str, Any]:
    """Return whether each host can be reached, by words that name who uses it."""
    endpoints: dict[str, str] = {}
    titles: defaultdict[str, list[str]] = defaultdict(list)
    for endpoint, title in used:
        host = URL(endpoint).authority
        endpoints[host] = endpoint
        titles[host].append(title)
    words = await async_get_translations(
        hass, hass.config.language, "system_health", {DOMAIN}
    )
    label = words[f"component.{DOMAIN}.system_health.info.can_reach_host"]
    return {
        label.format(
            host=host, entries=", ".join(titles[host])
        ): async_check_can_reach_url(hass, endpoint)
        for host, endpoint in endpoints.items()
    }
