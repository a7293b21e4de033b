"""How many entities of an entry Home Assistant can hold, and which it shall be."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..entity import Rank, TencentIotEntity
from ..identifiers import parse_unique_id
from ..runtime import Product, TencentIotConfigEntry
from ..stale.wanted import wanted_entities
from ..time_slices import async_in_slices

# Home Assistant adds no entity to a config entry that has so many enabled ones, of whatever
# platform.
MOST_POSSIBLE = 10_000
# The rest is for people, who may enable by hand what was left out, and for new inputs of
# buttons that are enabled.
MOST_ENABLED = 9_500
_LEFT_OUT = "left_out"


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityCounts:
    """How many entities are enabled, and how many were left out, by subentry's id."""

    enabled: int
    left_out: Counter[str | None]

    @property
    def most(self) -> int:
        """Return how many may be enabled."""
        return MOST_ENABLED

    @property
    def room(self) -> int:
        """Return how many more may be enabled."""
        return max(0, self.most - self.enabled)


async def async_count_entities(
    hass: HomeAssistant, entry: TencentIotConfigEntry, products: Mapping[str, Product]
) -> EntityCounts:
    """Count the entities of an entry with products.

    Nobody misses those of disabled devices, or of what the product does not have.
    """
    wanted = {
        subentry_id: wanted_entities(product)
        for subentry_id, product in products.items()
    }
    enabled = 0
    left_out: Counter[tuple[str | None, str | None]] = Counter()
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    async for entity in async_in_slices(hass, entities):
        if entity.disabled_by is None:
            enabled += 1
        elif is_left_out(entity) and _is_one_of(
            entity, wanted.get(entity.config_subentry_id or "", ())
        ):
            left_out[entity.config_subentry_id, entity.device_id] += 1
    of_products: Counter[str | None] = Counter()
    for (subentry_id, device_id), count in left_out.items():
        if not async_is_disabled(hass, device_id):
            of_products[subentry_id] += count
    return EntityCounts(enabled=enabled, left_out=of_products)


def _is_one_of(
    entity: er.RegistryEntry, wanted: Container[tuple[str | None, str]]
) -> bool:
    """Return whether a product still calls for an entity."""
    *_, path = parse_unique_id(entity.unique_id)
    return (entity.domain, path) in wanted


@callback
def async_is_disabled(hass: HomeAssistant, device_id: str | None) -> bool:
    """Return whether a person has disabled a device."""
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    return device is not None and device.disabled_by is not None


@callback
def async_room(hass: HomeAssistant, entry: TencentIotConfigEntry) -> tuple[int, int]:
    """Return how many more entities may be enabled, and how many more can be at all."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    enabled = sum(entity.disabled_by is None for entity in entities)
    return max(0, MOST_ENABLED - enabled), max(0, MOST_POSSIBLE - enabled)


def is_left_out(entity: er.RegistryEntry) -> bool:
    """Return whether an entity is disabled because there was no room for it.

    A person who enables it, and disables it again, has decided otherwise.
    """
    return (
        entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        and _LEFT_OUT in entity.options.get(DOMAIN, ())
    )


@callback
def async_keep_left_out(hass: HomeAssistant, entity: er.RegistryEntry) -> None:
    """Keep with a disabled entity that there was no room for it."""
    if entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION:
        er.async_get(hass).async_update_entity_options(
            entity.entity_id, DOMAIN, {_LEFT_OUT: True}
        )


class EntityGroups[ItemT]:
    """What asks for room: each group gets it as a whole or not at all.

    One rank after the other is served, and within a rank one device after the other. So
    each device has what matters most before any has more. What is too large leaves its
    place to the next.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: defaultdict[Rank, defaultdict[str, list[ItemT]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def add(self, entity: TencentIotEntity, item: ItemT) -> None:
        """Let something ask for room in the place of an entity."""
        self._groups[entity.rank][entity.belongs_to].append(item)

    def divide(self, room: int) -> tuple[list[ItemT], list[ItemT]]:
        """Return what there is room for, and the rest."""
        fitting: list[ItemT] = []
        rest: list[ItemT] = []
        for rank in sorted(self._groups):
            for group in self._groups[rank].values():
                if len(group) <= room:
                    room -= len(group)
                    fitting += group
                else:
                    rest += group
        return fitting, rest
