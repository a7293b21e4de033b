"""What the entities share that hold the value of an input."""

from abc import abstractmethod
from typing import Any, override

from homeassistant.const import EntityCategory, Platform
from homeassistant.core import callback
from homeassistant.helpers.restore_state import ExtraStoredData, RestoreEntity

from ..api import DeviceAction, InvalidValueError, Parameter, to_wire_value
from ..const import SYSTEM_ACTION_PREFIX
from ..coordinator import ProductCoordinator, TencentIotConfigEntry
from ..entity import Rank, TencentIotEntity, action_unique_id, async_offer_entities
from ..errors import invalid_value
from .inputs import entity_inputs

_MANY_DEVICES = 50


class _StoredValue(ExtraStoredData):
    """The value of an input as it survives a restart.

    Version 0.1.0 also stored a `start` that nobody had chosen, and no `is_chosen`.
    """

    def __init__(self, value: object) -> None:
        """Keep the value that somebody chose, if anybody did."""
        self._value = value

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return the value as JSON."""
        return {"value": self._value, "is_chosen": self._value is not None}


class InputEntity(TencentIotEntity, RestoreEntity):
    """Holds the value that a button sends for one input of its action."""

    rank = Rank.ACTION
    _attr_entity_category = EntityCategory.CONFIG
    _attr_translation_key = "input"

    def __init__(
        self,
        coordinator: ProductCoordinator,
        device_name: str,
        action: DeviceAction,
        parameter: Parameter,
    ) -> None:
        """Take over the names that the data template gives action and input."""
        super().__init__(coordinator, device_name, action.id, parameter.id)
        self.action = action
        self.parameter = parameter
        self.belongs_to = action_unique_id(
            coordinator.product_id, device_name, action.id
        )
        self._key = (device_name, action.id, parameter.id)
        self._attr_name = f"{action.name} {parameter.name}"
        many = len(coordinator.device_names) > _MANY_DEVICES
        self._attr_entity_registry_enabled_default = not (
            action.id.startswith(SYSTEM_ACTION_PREFIX)
            or (many and parameter.start is not None)
        )

    @property
    def chosen_value(self) -> object:
        """Return the value that somebody chose, none if nobody did."""
        return self.coordinator.input_values.get(self._key)

    @property
    def input_value(self) -> object:
        """Return the value that is sent: the chosen one, else a number's `start`."""
        return self.coordinator.input_values.get(self._key, self.parameter.start)

    @property
    @override
    def available(self) -> bool:
        """Return whether the input is in the data template."""
        return self._find() is not None

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """Return what survives a restart."""
        return _StoredValue(self.to_stored(self.chosen_value))

    @override
    async def async_added_to_hass(self) -> None:
        """Take over the value from before the restart, if it is still allowed.

        An entity that was only renamed has its value still.
        """
        await super().async_added_to_hass()
        if self._key in self.coordinator.input_values:
            return
        if stored := await self.async_get_last_extra_data():
            data = stored.as_dict()
            value = self.from_stored(data.get("value"))
            if data.get("is_chosen") or value != self.parameter.start:
                self._keep(value)

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Send nothing that nobody sees.

        For another entity id, Home Assistant removes the entity and adds it again. What
        it shows is stored by the old id, and a button may be pressed in between.
        """
        entry = self.registry_entry
        if entry and not entry.disabled and entry.entity_id != self.entity_id:
            return
        self.coordinator.input_values.pop(self._key, None)

    @callback
    @override
    def async_structure_changed(self) -> None:
        """Follow the template; a value that it does not allow any more becomes unset."""
        if parameter := self._find():
            self.parameter = parameter
            self.action = self.coordinator.actions[self.action.id]
            self._attr_name = f"{self.action.name} {parameter.name}"
            self._keep(self.chosen_value)
        self.async_write_ha_state()

    @abstractmethod
    def from_stored(self, stored: object) -> object:
        """Return a value that was stored, none for anything that makes no sense."""

    def is_allowed(self, value: object) -> bool:
        """Return whether a value that was set before can be shown and sent today."""
        try:
            to_wire_value(self.parameter, value, self.coordinator.times)
        except InvalidValueError:
            return False
        return True

    def to_stored(self, value: object) -> object:
        """Return a value as JSON."""
        return value

    @callback
    def async_set(self, value: object) -> None:
        """Take over a value that a person chose; refuses one that is not allowed."""
        try:
            to_wire_value(self.parameter, value, self.coordinator.times)
        except InvalidValueError as err:
            raise invalid_value(
                err, device=self.device_name, action=self.action
            ) from err
        self.coordinator.input_values[self._key] = value
        self.async_write_ha_state()

    def _find(self) -> Parameter | None:
        """Return the input as today's data template declares it."""
        action = self.coordinator.actions.get(self.action.id)
        platform = Platform(self.platform.domain)
        return next(
            (
                parameter
                for parameter in (entity_inputs(action, platform) if action else ())
                if parameter.id == self.parameter.id
            ),
            None,
        )

    def _keep(self, value: object) -> None:
        """Keep a value that was chosen before if it is still allowed."""
        if value is not None and self.is_allowed(value):
            self.coordinator.input_values[self._key] = value
        else:
            self.coordinator.input_values.pop(self._key, None)


@callback
def async_offer_inputs(
    entry: TencentIotConfigEntry, platform: Platform, kind: type[InputEntity]
) -> None:
    """Let products have an entity for each input that belongs to a platform."""

    def make(coordinator: ProductCoordinator, device_name: str) -> list[InputEntity]:
        """Return the entities of one device."""
        return [
            kind(coordinator, device_name, action, parameter)
            for action in coordinator.actions.values()
            for parameter in entity_inputs(action, platform)
        ]

    async_offer_entities(entry, make)
