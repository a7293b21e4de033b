"""The names that Home Assistant knows, which its own sentences may have in them."""

import asyncio
from collections.abc import Callable
from itertools import batched
import logging

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, EVENT_STATE_CHANGED, Platform
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
)
from homeassistant.helpers.debounce import Debouncer

from ..const import DOMAIN
from .exposed import ASSISTANT
from .home_assistant_words import squeeze

_LOGGER = logging.getLogger(__name__)
_AT_ONCE = 500
# Another integration's entities come one after another.
_SETTLED_AFTER = 1.0
_NAMES = {"aliases", "name", "original_name"}

# A name with what it is the name of: an area, a floor, or an entity of a domain.
type KnownName = tuple[str, str]


async def async_names(
    hass: HomeAssistant, buttons: frozenset[str]
) -> tuple[frozenset[KnownName], frozenset[str]]:
    """Return all names that Home Assistant knows, those of our buttons apart.

    `buttons` are the names that our buttons have in Home Assistant, squeezed.
    """
    registry = er.async_get(hass)
    names: set[KnownName] = set()
    found: set[str] = set()
    for area in ar.async_get(hass).async_list_areas():
        names.update(("area", name) for name in (area.name, *area.aliases))
    for floor in fr.async_get(hass).async_list_floors():
        names.update(("floor", name) for name in (floor.name, *floor.aliases))
    for some in batched(hass.states.async_all(), _AT_ONCE, strict=False):
        for state in some:
            if not async_should_expose(hass, ASSISTANT, state.entity_id):
                continue
            entity = registry.async_get(state.entity_id)
            if entity is not None:
                names.update(
                    (state.domain, alias)
                    for alias in entity.aliases
                    if isinstance(alias, str)
                )
            if (
                entity is not None
                and (entity.platform, entity.domain) == (DOMAIN, Platform.BUTTON)
                and (name := squeeze(state.name)) in buttons
            ):
                found.add(name)
            else:
                names.add((state.domain, state.name))
        await asyncio.sleep(0)
    return frozenset(names), frozenset(found)


@callback
def async_follow_names(hass: HomeAssistant, changed: Callable[[], None]) -> None:
    """Call `changed` soon after names of floors and of others' entities have changed."""
    settled = Debouncer(
        hass,
        _LOGGER,
        cooldown=_SETTLED_AFTER,
        immediate=False,
        function=changed,
    )

    @callback
    def is_of_others(entity_id: str) -> bool:
        """Return whether an entity is none of ours."""
        entity = er.async_get(hass).async_get(entity_id)
        return entity is None or entity.platform != DOMAIN

    @callback
    def is_another_state(data: EventStateChangedData) -> bool:
        """Return whether an entity of others has come or gone."""
        has_both = data["old_state"] is not None and data["new_state"] is not None
        return not has_both and is_of_others(data["entity_id"])

    @callback
    def is_another_name(data: er.EventEntityRegistryUpdatedData) -> bool:
        """Return whether an entity of others has another name."""
        return (
            data["action"] == "update"
            and not _NAMES.isdisjoint(data["changes"])
            and is_of_others(data["entity_id"])
        )

    @callback
    def async_changed(event: object) -> None:
        """Wait for more changes."""
        settled.async_schedule_call()

    @callback
    def async_stop(event: Event) -> None:
        """Wait no more."""
        settled.async_shutdown()

    bus = hass.bus
    bus.async_listen(EVENT_STATE_CHANGED, async_changed, event_filter=is_another_state)
    bus.async_listen(
        er.EVENT_ENTITY_REGISTRY_UPDATED, async_changed, event_filter=is_another_name
    )
    bus.async_listen(fr.EVENT_FLOOR_REGISTRY_UPDATED, async_changed)
    bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, async_stop)
