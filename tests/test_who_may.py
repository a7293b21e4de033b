"""Who may: on every path a person needs the right to control the button."""

from typing import Any

import pytest

from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized

from .helpers import FEEDER, Cloud, button, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN

KITCHEN = "FEEDER2026/kitchen-feeder"
BOTH = [KITCHEN, "FEEDER2026/balcony-feeder"]
PATHS: list[tuple[str, str, dict[str, Any]]] = [
    ("button", "press", {"entity_id": f"{KITCHEN}/feed"}),
    (DOMAIN, "call_action", {"device_id": KITCHEN, "action_id": "feed"}),
    (DOMAIN, "feeder2026_feed", {"device_id": KITCHEN}),
    (DOMAIN, "feeder2026_feed", {"device_id": KITCHEN, "wait_for_reply": True}),
    (DOMAIN, "feeder2026_feed", {"device_id": BOTH}),
    (DOMAIN, "feeder2026_feed", {"entity_id": f"{KITCHEN}/feed"}),
]


@pytest.mark.parametrize(("domain", "service", "data"), PATHS)
async def test_read_only(
    hass: HomeAssistant, cloud: Cloud, domain: str, service: str, data: dict[str, Any]
) -> None:
    """Who may only read is refused without a request; an automation goes through."""
    await set_up(hass, cloud, FEEDER)
    if "entity_id" in data:
        data = {"entity_id": button(hass, data["entity_id"])}
    await hass.auth.async_create_user("Owner")
    guest = await hass.auth.async_create_user("Guest", group_ids=[GROUP_ID_READ_ONLY])
    cloud.emulator.journal.clear()
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            domain, service, data, blocking=True, context=Context(user_id=guest.id)
        )
    await hass.async_block_till_done()
    assert cloud.emulator.journal == []
    await hass.services.async_call(
        domain, service, data, blocking=True, context=Context()
    )
    assert "kitchen-feeder" in [device for device, _, _ in cloud.executed]
