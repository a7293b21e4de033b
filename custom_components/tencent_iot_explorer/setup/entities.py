"""The entities of products: added as they come to be, inputs before buttons."""

from collections import defaultdict, deque
from collections.abc import AsyncIterator, Collection, Iterator
from typing import cast

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import EntityPlatform

from ..actions.inputs import INPUT_PLATFORMS
from ..const import DOMAIN
from ..entity import Rank, TencentIotEntity
from ..runtime import Product, TencentIotConfigEntry, TencentIotData
from ..time_slices import async_in_slices
from .budget import (
    EntityGroups,
    async_is_disabled,
    async_keep_left_out,
    async_room,
    is_left_out,
)
from .left_out import async_report_left_out

# The inputs first, so that no button is pressed before its values are restored.
PLATFORMS = (
    *INPUT_PLATFORMS,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.BINARY_SENSOR,
    Platform.LIGHT,
    Platform.COVER,
    Platform.SWITCH,
    Platform.SENSOR,
)

type _NewEntities = defaultdict[tuple[Product, Platform], deque[TencentIotEntity]]


class EntitySync:
    """Keeps the entities of products in step with their devices and actions.

    All products of an entry share the room that Home Assistant has for it, so only
    one change goes on at a time.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: TencentIotConfigEntry,
        data: TencentIotData,
        products: Collection[Product],
    ) -> None:
        """Take the entry with what it works with, and products of it."""
        self._hass = hass
        self._entry = entry
        self._data = data
        self._products = products
        self._registry = er.async_get(hass)

    async def async_update(self) -> None:
        """Show what changed, and add each entity that is not there yet."""
        async with self._data.entity_changes:
            for product in self._products:
                for platform, _ in self._data.platforms.values():
                    await self._async_follow(product, platform)
            new = await self._async_find_new()
            for domain in PLATFORMS:
                for product in self._products:
                    await self._async_add(product, domain, new[product, domain])
            await async_report_left_out(self._hass, self._entry, self._data)

    async def async_enable_left_out(self) -> bool:
        """Enable what was left out and fits in now; return whether anything did."""
        async with self._data.entity_changes:
            groups = EntityGroups[tuple[Product, er.RegistryEntry]]()
            async for product, domain, entity in self._async_all():
                registered = self._registered(domain, entity)
                if (
                    registered
                    and is_left_out(registered)
                    and not async_is_disabled(self._hass, registered.device_id)
                ):
                    groups.add(entity, (product, registered))
            room, _ = async_room(self._hass, self._entry)
            fitting, _ = groups.divide(room)
            for product in self._products:
                own = [item.id for other, item in fitting if other is product]
                async for registry_id in product.devices.async_in_slices(own):
                    item = self._registry.async_get(registry_id)
                    if item and is_left_out(item):
                        self._registry.async_update_entity(
                            item.entity_id, disabled_by=None
                        )
        await self.async_update()
        return bool(fitting)

    async def _async_all(
        self,
    ) -> AsyncIterator[tuple[Product, Platform, TencentIotEntity]]:
        """Yield all entities that products have, whether they are there or not."""
        for product in self._products:
            made = (
                (domain, entity)
                for device_name in tuple(product.devices.names)
                for domain in PLATFORMS
                for entity in self._data.platforms[domain][1](product, device_name)
            )
            async for domain, entity in product.devices.async_in_slices(made):
                yield product, domain, cast(TencentIotEntity, entity)

    def _registered(
        self, domain: str, entity: TencentIotEntity
    ) -> er.RegistryEntry | None:
        """Return what the registry holds of an entity."""
        entity_id = self._registry.async_get_entity_id(domain, DOMAIN, entity.unique_id)
        return self._registry.entities[entity_id] if entity_id else None

    async def _async_follow(self, product: Product, platform: EntityPlatform) -> None:
        """Show what changed; remove entities of devices that went, and outdated ones."""
        own = (
            entity
            for entity in list(platform.entities.values())
            if isinstance(entity, TencentIotEntity) and entity.product is product
        )
        async for entity in product.devices.async_in_slices(own):
            if entity.device_name not in product.devices.names or entity.is_outdated:
                await entity.async_remove()
            else:
                entity.async_structure_changed()

    async def _async_find_new(self) -> _NewEntities:
        """Return what is missing, disabled where there is no room for it.

        What is enabled already counts first and stays so.
        """
        found: _NewEntities = defaultdict(deque)
        groups = EntityGroups[TencentIotEntity]()
        needed = EntityGroups[TencentIotEntity]()
        async for product, domain, entity in self._async_all():
            registered = self._registered(domain, entity)
            if registered is None:
                if entity.entity_registry_enabled_default:
                    button = self._registered_button(entity)
                    if button and is_left_out(button):
                        entity.leave_out()
                    elif button and not button.disabled:
                        needed.add(entity, entity)
                    else:
                        groups.add(entity, entity)
            elif registered.entity_id in self._data.platforms[domain][0].entities or (
                registered.disabled
                and (domain, entity.unique_id) in self._data.disabled
            ):
                continue
            found[product, domain].append(entity)
        if not self._entry.pref_disable_new_entities:
            room, at_all = async_room(self._hass, self._entry)
            # A button that was enabled before is of no use without an input that is new.
            inputs, rest = needed.divide(at_all)
            rest += groups.divide(room - len(inputs))[1]
            async for entity in async_in_slices(self._hass, rest):
                entity.leave_out()
        return found

    def _registered_button(self, entity: TencentIotEntity) -> er.RegistryEntry | None:
        """Return what the registry holds of the button that an input belongs to."""
        if entity.rank is not Rank.ACTION:
            return None
        button = self._registry.async_get_entity_id(
            Platform.BUTTON, DOMAIN, entity.belongs_to
        )
        return self._registry.entities[button] if button else None

    async def _async_add(
        self, product: Product, domain: str, new: deque[TencentIotEntity]
    ) -> None:
        """Add entities of one platform, but for those of devices that went meanwhile."""
        platform, _ = self._data.platforms[domain]
        subentry_id = product.subentry_id
        async for entity in product.devices.async_in_slices(_let_go(new)):
            if subentry_id not in self._entry.subentries:
                return
            if entity.device_name not in product.devices.names:
                continue
            await platform.async_add_entities([entity], config_subentry_id=subentry_id)
            registered = self._registered(domain, entity)
            if registered is None or registered.disabled_by is None:
                continue
            self._data.disabled.add((domain, entity.unique_id))
            if entity.is_left_out:
                async_keep_left_out(self._hass, registered)


def _let_go(entities: deque[TencentIotEntity]) -> Iterator[TencentIotEntity]:
    """Yield entities: to free all that are disabled at once would be a long block."""
    while entities:
        yield entities.popleft()
