"""Which entities a person must have a right on to use properties of a device."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..actions.rights import Use
from ..const import DOMAIN
from ..identifiers import parse_pair, parse_unique_id, property_path
from ..product.known_devices import registered_id
from ..properties.description import CoverDescription, LightDescription
from ..runtime import TencentIotConfigEntry

# The ends of the unique ids of what is made of several properties.
_LIGHT, _COVER = "light", "cover"


@dataclass(frozen=True, slots=True)
class PropertyUse(Use):
    """Some properties, each by its entities; without any, by all of the device."""

    hass: HomeAssistant
    property_ids: Sequence[str]

    @override
    def entity_ids(self, registry: er.EntityRegistry, device: str) -> Sequence[str]:
        """Return the entities of the properties."""
        entities = _entities(registry, device)
        paths = {
            entry.entity_id: parse_unique_id(entry.unique_id)[2] for entry in entities
        }
        composites = dict(_composites(self.hass, parse_pair(device)[0]))
        found: dict[str, None] = {}
        for property_id in self.property_ids:
            own = property_path(property_id)
            ends = {own, composites.get(property_id, own)}
            found |= dict.fromkeys(
                [
                    entity_id
                    for entity_id, path in paths.items()
                    if path in ends or path.startswith(f"{own}/")
                ]
                or paths
            )
        return list(found)


class DeviceUse(Use):
    """A device as such, by any of its entities."""

    @override
    def entity_ids(self, registry: er.EntityRegistry, device: str) -> Sequence[str]:
        """Return the entities of the device."""
        return [entry.entity_id for entry in _entities(registry, device)]

    @override
    def is_allowed(
        self, registry: er.EntityRegistry, device: str, may: Callable[[str], bool]
    ) -> bool:
        """Return whether any of the entities may be used."""
        return any(map(may, self.entity_ids(registry, device)))


def _entities(registry: er.EntityRegistry, device: str) -> list[er.RegistryEntry]:
    """Return the entities of a device, also disabled ones, but not those of others."""
    device_id = registered_id(registry, device)
    if device_id is None:
        return []
    entities = er.async_entries_for_device(
        registry, device_id, include_disabled_entities=True
    )
    return [entry for entry in entities if entry.platform == DOMAIN]


@callback
def _composites(hass: HomeAssistant, product_id: str) -> Iterator[tuple[str, str]]:
    """Yield each property that is a part of a light or cover, with the end of its id."""
    entry: TencentIotConfigEntry
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        for product in entry.runtime_data.products.values():
            if product.product_id != product_id:
                continue
            made: tuple[tuple[LightDescription | CoverDescription | None, str], ...] = (
                (product.descriptions.light, _LIGHT),
                (product.descriptions.cover, _COVER),
            )
            for description, path in made:
                for item in description.properties if description else ():
                    yield item.id, path
