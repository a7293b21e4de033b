"""What all entities of a device share."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from itertools import batched
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONSOLE_URL, DOMAIN, MANUFACTURER
from .coordinator import ProductCoordinator, TencentIotConfigEntry

# Adding more would hold up all of Home Assistant for too long.
_AT_ONCE = 50


def device_identifier(product_id: str, device_name: str) -> str:
    """Return what a device is known by in the device registry and in `device_id`."""
    return f"{product_id}/{device_name}"


def action_unique_id(product_id: str, device_name: str, action_id: str) -> str:
    """Return the unique id of the button of a device action."""
    return f"{device_identifier(product_id, device_name)}/{action_id}"


async def async_follow_products(
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[ProductCoordinator, str], Iterable[TencentIotEntity]],
) -> None:
    """Add what `make` returns for each device, now and whenever there is more."""
    for coordinator in entry.runtime_data.products.values():
        await _async_follow_product(entry, async_add_entities, make, coordinator)


async def _async_follow_product(
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[ProductCoordinator, str], Iterable[TencentIotEntity]],
    coordinator: ProductCoordinator,
) -> None:
    """Add the entities of one product whenever there are new ones."""
    known: set[str] = set()

    async def async_add_new() -> None:
        """Add each entity that is not there yet, and let others have their turn."""
        new = [
            entity
            for device_name in coordinator.device_names
            for entity in make(coordinator, device_name)
            if entity.unique_id not in known
        ]
        for entity in new:
            known.add(entity.unique_id)
            entity.async_on_remove(partial(known.discard, entity.unique_id))
        for entities in batched(new, _AT_ONCE, strict=False):
            async_add_entities(entities, config_subentry_id=coordinator.subentry_id)
            await asyncio.sleep(0)

    @callback
    def async_follow_structure() -> None:
        """Add what came, apart from whoever told of it."""
        entry.async_create_task(coordinator.hass, async_add_new())

    # Before all are added, which takes a while in which more can come.
    entry.async_on_unload(
        async_dispatcher_connect(
            coordinator.hass, coordinator.structure_signal, async_follow_structure
        )
    )
    await async_add_new()


class TencentIotEntity(CoordinatorEntity[ProductCoordinator]):
    """An entity of one device of a product."""

    _attr_has_entity_name = True
    _attr_unique_id: str

    def __init__(
        self, coordinator: ProductCoordinator, device_name: str, *keys: str
    ) -> None:
        """Tell which device the entity belongs to, and which part of it."""
        super().__init__(coordinator, device_name)
        self.device_name = device_name
        identifier = device_identifier(coordinator.product_id, device_name)
        self._attr_unique_id = "/".join((identifier, *keys))
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, identifier)},
            name=device_name,
            manufacturer=MANUFACTURER,
            model=coordinator.title,
            model_id=coordinator.product_id,
            serial_number=device_name,
            configuration_url=CONSOLE_URL,
        )

    @property
    @override
    def unique_id(self) -> str:
        """Return the unique id, which each entity has."""
        return self._attr_unique_id

    @property
    @override
    def available(self) -> bool:
        """Return whether the entity's part of the data template is there."""
        return True

    @override
    async def async_added_to_hass(self) -> None:
        """Follow changes of the data template, too."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                self.coordinator.structure_signal,
                self.async_structure_changed,
            )
        )

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Show nothing new: most entities do not depend on what the cloud tells.

        They follow the product all the same, so that it is read as long as one is used.
        """

    @callback
    def async_structure_changed(self) -> None:
        """Show what changed."""
        self.async_write_ha_state()
