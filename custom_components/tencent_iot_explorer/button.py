"""A button for each action of each device."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.data_template import DeviceAction
from .api.values import to_wire
from .coordinator import ProductCoordinator, TencentIotConfigEntry
from .entity import TencentIotEntity, action_unique_id
from .errors import inputs_needed

# The cloud client alone keeps order and limits, for buttons and services together.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of all products, and of devices and actions that come later."""
    for subentry_id, coordinator in entry.runtime_data.products.items():
        _async_follow(entry, subentry_id, coordinator, async_add_entities)


@callback
def _async_follow(
    entry: TencentIotConfigEntry,
    subentry_id: str,
    coordinator: ProductCoordinator,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of one product whenever there are new ones."""
    known: set[tuple[str, str]] = set()

    @callback
    def async_add_new() -> None:
        """Add a button for each device and action that has none yet."""
        new = {
            (device_name, action.id): action
            for device_name in coordinator.device_names
            for action in coordinator.actions.values()
            if (device_name, action.id) not in known
        }
        known.update(new)
        if new:
            async_add_entities(
                [
                    DeviceActionButton(coordinator, device_name, action)
                    for (device_name, _), action in new.items()
                ],
                config_subentry_id=subentry_id,
            )

    async_add_new()
    entry.async_on_unload(coordinator.async_add_listener(async_add_new))


class DeviceActionButton(TencentIotEntity, ButtonEntity):
    """Runs an action of a device."""

    _attr_translation_key = "device_action"

    def __init__(
        self, coordinator: ProductCoordinator, device_name: str, action: DeviceAction
    ) -> None:
        """Take over the name that the data template gives the action."""
        super().__init__(coordinator, device_name)
        self._action = action
        self._attr_name = action.name
        self._attr_unique_id = action_unique_id(
            coordinator.product_id, device_name, action.id
        )

    @property
    @override
    def available(self) -> bool:
        """Return true: Home Assistant would skip a press of an unavailable button."""
        return True

    @override
    async def async_press(self) -> None:
        """Run the action with the start values of its inputs."""
        if needed := [item for item in self._action.inputs if item.start is None]:
            raise inputs_needed(needed, device=self.device_name, action=self._action)
        await self.coordinator.async_call_action(
            self.device_name,
            self._action,
            to_wire(self._action, {}, self.coordinator.times),
            wait_for_reply=False,
        )
