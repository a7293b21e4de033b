"""What Home Assistant's system page shows of this integration."""

from typing import Any

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback

from .account.request_counts import request_counts
from .api import SERVICE_API_ENDPOINT
from .const import CONF_ENDPOINT, DOMAIN
from .runtime import TencentIotConfigEntry


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what returns the information."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return whether the cloud can be reached, its clock and today's requests.

    Of several applications the first that is loaded answers.
    """
    entries: list[TencentIotConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    endpoint = entries[0].data[CONF_ENDPOINT] if entries else SERVICE_API_ENDPOINT
    offset = entries[0].runtime_data.client.clock.difference if entries else None
    return {
        "can_reach_cloud": async_check_can_reach_url(hass, endpoint),
        "clock_offset": "–" if offset is None else offset,
        "calls_today": request_counts(hass).today,
    }
