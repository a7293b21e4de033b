"""What measurements, and nobody else, ask of the emulated cloud."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession


async def ask(hass: HomeAssistant, cloud: str, action: str) -> dict[str, Any]:
    """Return what the emulated cloud answers, not over a connection that is measured."""
    session = async_get_clientsession(hass)
    async with session.post(f"{cloud}/0/api", json={"Action": action}) as response:
        return dict(await response.json())
