"""The entities of one product: added as its devices and actions come, inputs first."""

import asyncio
from collections import defaultdict
from itertools import batched

from homeassistant.const import Platform
from homeassistant.helpers.entity_platform import EntityPlatform

from .coordinator import MakeEntities, ProductCoordinator, TencentIotConfigEntry
from .entity import TencentIotEntity
from .inputs import INPUT_PLATFORMS

# The inputs first, so that no button is pressed before its values are restored.
PLATFORMS = (
    *INPUT_PLATFORMS,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.BINARY_SENSOR,
)
# Adding more would hold up all of Home Assistant for too long.
_AT_ONCE = 50


class EntitySync:
    """Keeps the entities of one product in step with its devices and actions."""

    def __init__(
        self, entry: TencentIotConfigEntry, product: ProductCoordinator
    ) -> None:
        """Begin with none."""
        self._entry = entry
        self._platforms = entry.runtime_data.platforms
        self._product = product
        self._disabled: defaultdict[str, set[str]] = defaultdict(set)
        self._order = asyncio.Lock()

    async def async_update(self) -> None:
        """Add each entity that is not there yet, and let others have their turn."""
        async with self._order:
            for domain in PLATFORMS:
                platform, make = self._platforms[domain]
                await self._async_remove_moved(platform)
                await self._async_add_new(platform, make)

    async def _async_add_new(
        self, platform: EntityPlatform, make: MakeEntities
    ) -> None:
        """Add what is missing on one platform, except for what a person disabled."""
        present = {entity.unique_id for entity in platform.entities.values()}
        wanted = {
            entity.unique_id: entity
            for device_name in self._product.device_names
            for entity in make(self._product, device_name)
        }
        disabled = self._disabled[platform.domain]
        disabled &= wanted.keys()
        new = [
            entity
            for unique_id, entity in wanted.items()
            if unique_id not in present and unique_id not in disabled
        ]
        subentry_id = self._product.subentry_id
        for entities in batched(new, _AT_ONCE, strict=False):
            if self._product.is_stopped or subentry_id not in self._entry.subentries:
                return
            await platform.async_add_entities(entities, config_subentry_id=subentry_id)
            disabled.update(
                entity.unique_id
                for entity in entities
                if entity.unique_id and entity.entity_id not in platform.entities
            )
            await asyncio.sleep(0)

    async def _async_remove_moved(self, platform: EntityPlatform) -> None:
        """Remove entities whose place in the registries another device has taken."""
        for entity in list(platform.entities.values()):
            if (
                isinstance(entity, TencentIotEntity)
                and entity.coordinator is self._product
                and entity.device_name not in self._product.device_names
            ):
                await entity.async_remove()
