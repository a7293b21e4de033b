"""Many entities are added without anything else having to wait for long."""

from collections import Counter

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback

from .emulator.products import action
from .entities import add_product
from .helpers import Cloud, product, set_up

MOST_AT_ONCE = 50


async def test_return_to_the_loop(hass: HomeAssistant, cloud: Cloud) -> None:
    """Between fifty entities of a platform and the next, others have their turn."""
    add_product(cloud, "BIG", action("clean", "Clean"), devices=200)
    turn = 0
    added: Counter[tuple[str, int]] = Counter()

    @callback
    def next_turn() -> None:
        """Count the turns of the event loop."""
        nonlocal turn
        turn += 1
        hass.loop.call_soon(next_turn)

    @callback
    def count(event: Event[EventStateChangedData]) -> None:
        """Count what is added in this turn."""
        if event.data["old_state"] is None:
            added[event.data["entity_id"].partition(".")[0], turn] += 1

    hass.bus.async_listen(EVENT_STATE_CHANGED, count)
    hass.loop.call_soon(next_turn)
    await set_up(hass, cloud, product("BIG", all_devices=True))
    assert Counter(domain for domain, _ in added.elements()) == {
        "button": 200,
        "event": 200,
        "binary_sensor": 200,
    }
    assert max(added.values()) <= MOST_AT_ONCE
