"""Buttons: device actions, and properties that have a single value."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.request_counts import Origin
from .actions.inputs import has_button, missing_inputs
from .actions.run_on_device import async_run_on_device
from .api import DeviceAction, InvalidValueError, to_wire
from .const import SYSTEM_ACTION_PREFIX
from .entity import Rank, TencentIotEntity, async_offer_entities
from .errors import inputs_needed, invalid_value, refusal
from .reports.property_entity import WritableEntity, properties_as
from .runtime import Product, TencentIotConfigEntry

# The cloud client alone keeps order and limits, for buttons and services together.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a button for each action whose inputs can all be set on the page.

    A property with a single value has one, too: there is nothing to choose.
    """

    def make(product: Product, device_name: str) -> list[DeviceActionButton]:
        """Return the buttons of one device."""
        return [
            DeviceActionButton(product, device_name, action)
            for action in product.actions.values()
            if has_button(action)
        ]

    async_offer_entities(entry, make, properties_as(Platform.BUTTON, PropertyButton))


class DeviceActionButton(TencentIotEntity, ButtonEntity):
    """Runs an action of a device with the values that its input entities show."""

    rank = Rank.ACTION
    _attr_translation_key = "device_action"

    def __init__(
        self, product: Product, device_name: str, action: DeviceAction
    ) -> None:
        """Take over the name that the data template gives the action."""
        super().__init__(product, device_name, action.id)
        self._action_id = action.id
        self._is_running = False
        self._attr_name = action.name
        self._attr_entity_registry_enabled_default = not action.id.startswith(
            SYSTEM_ACTION_PREFIX
        )

    @property
    @override
    def available(self) -> bool:
        """Return whether the action exists, also for a device that is offline.

        Home Assistant would silently skip a press of an unavailable button; this way it
        is tried, and raises.
        """
        return self._action_id in self.product.actions

    @callback
    @override
    def async_structure_changed(self) -> None:
        """Follow the name that the data template gives the action."""
        if action := self.product.actions.get(self._action_id):
            self._attr_name = action.name
        super().async_structure_changed()

    @override
    async def async_press(self) -> None:
        """Run the action with the values of this moment, once at a time."""
        # Another press would change it before this one has ended.
        context = self._context or Context()
        action = self.product.actions[self._action_id]
        if self._is_running:
            raise refusal(
                "still_running", device=self.device_label, action=action.label
            )
        values = self.product.values_for(self.device_name, action)
        needed = missing_inputs(action, values)
        if needed:
            raise inputs_needed(needed, device=self.device_label, action=action)
        try:
            inputs = to_wire(action, values, self.product.times)
        except InvalidValueError as err:
            raise invalid_value(err, device=self.device_label, action=action) from err
        self._is_running = True
        try:
            await async_run_on_device(
                self.product,
                self.device_name,
                action,
                inputs,
                wait_for_reply=False,
                origin=Origin.BUTTON,
                context=context,
            )
        finally:
            self._is_running = False


class PropertyButton(WritableEntity, ButtonEntity):
    """Writes the only value of a property."""

    @override
    def shown(self) -> tuple[object, ...]:
        """Return nothing: a button shows only when it was pressed."""
        return ()

    @override
    async def async_press(self) -> None:
        """Write the value."""
        await self.async_write_value(self.description.parameter.type.example)
