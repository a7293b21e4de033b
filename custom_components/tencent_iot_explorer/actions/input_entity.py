"""What the entities share that hold the value of an input."""

from abc import abstractmethod
from collections.abc import Callable
from typing import override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.restore_state import (
    ExtraStoredData,
    RestoredExtraData,
    RestoreEntity,
)

from ..api import (
    DataType,
    DeviceAction,
    InvalidValueError,
    Parameter,
    is_of,
    to_wire_value,
)
from ..const import SYSTEM_ACTION_PREFIX
from ..entity import ParameterEntity, Rank
from ..errors import invalid_value
from ..identifiers import entity_unique_id
from ..presentation.names import input_name
from ..runtime import Product
from .inputs import entity_inputs


class InputEntity[T: DataType](ParameterEntity[T], RestoreEntity):
    """Holds the value that a button sends for one input of its action."""

    rank = Rank.ACTION
    _attr_entity_category = EntityCategory.CONFIG
    _attr_translation_key = "input"

    def __init__(
        self,
        product: Product,
        device_name: str,
        action: DeviceAction,
        parameter: Parameter[T],
    ) -> None:
        """Take over the names that the data template gives action and input."""
        super().__init__(product, device_name, action.id, parameter.id)
        self.action = action
        self.parameter = parameter
        self.belongs_to = entity_unique_id(product.product_id, device_name, action.id)
        self._key = (device_name, action.id, parameter.id)
        self._attr_name = input_name(action, parameter)
        self._attr_entity_registry_enabled_default = not (
            action.id.startswith(SYSTEM_ACTION_PREFIX)
            or (product.has_many_devices and parameter.type.start is not None)
        )

    @property
    def chosen_value(self) -> object:
        """Return the value that somebody chose, none if nobody did."""
        return self.product.input_values.get(self._key)

    @property
    @override
    def parameter_value(self) -> object:
        """Return the value that is sent: the chosen one, else a number's `start`."""
        return self.product.input_values.get(self._key, self.parameter.type.start)

    @property
    @override
    def available(self) -> bool:
        """Return whether the input is in the data template."""
        return self._find() is not None

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """Return what survives a restart.

        Version 0.1.0 also stored a `start` that nobody had chosen, and no `is_chosen`.
        """
        value = self.to_stored(self.chosen_value)
        return RestoredExtraData({"value": value, "is_chosen": value is not None})

    @override
    async def async_added_to_hass(self) -> None:
        """Take over the value from before the restart, if it is still allowed.

        An entity that was only renamed has its value still.
        """
        await super().async_added_to_hass()
        if self._key in self.product.input_values:
            return
        if stored := await self.async_get_last_extra_data():
            data = stored.as_dict()
            value = self.from_stored(data.get("value"))
            if data.get("is_chosen") or value != self.parameter.type.start:
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
        self.product.input_values.pop(self._key, None)

    @callback
    @override
    def async_structure_changed(self) -> None:
        """Follow the template; a value that it does not allow any more becomes unset."""
        if parameter := self._find():
            self.parameter = parameter
            self.action = self.product.actions[self.action.id]
            self._attr_name = input_name(self.action, parameter)
            self._keep(self.chosen_value)
        self.async_write_ha_state()

    @abstractmethod
    def from_stored(self, stored: object) -> object:
        """Return a value that was stored, none for anything that makes no sense."""

    def to_stored(self, value: object) -> object:
        """Return a value as JSON."""
        return value

    @override
    async def async_set_parameter(self, value: object) -> None:
        """Take over a value that a person chose; refuses one that is not allowed."""
        try:
            to_wire_value(self.parameter, value, self.product.times)
        except InvalidValueError as err:
            raise self.refusal(err) from err
        self.product.input_values[self._key] = value
        self.async_write_ha_state()

    @override
    def refusal(self, err: InvalidValueError) -> HomeAssistantError:
        """Return the error for a value that is not allowed, with device and action."""
        return invalid_value(err, device=self.device_label, action=self.action)

    def _find(self) -> Parameter[T] | None:
        """Return the input as today's data template declares it."""
        action = self.product.actions.get(self.action.id)
        return next(
            (
                parameter
                for parameter in (entity_inputs(action) if action else ())
                if parameter.id == self.parameter.id and is_of(parameter, self.kind)
            ),
            None,
        )

    def _keep(self, value: object) -> None:
        """Keep a value that was chosen before if it is still allowed."""
        if value is not None and self.is_allowed(value):
            self.product.input_values[self._key] = value
        else:
            self.product.input_values.pop(self._key, None)


def inputs_as[T: DataType](
    entity: type[InputEntity[T]],
) -> Callable[[Product, str], list[InputEntity[T]]]:
    """Return what makes an entity for each input that a class of entities can show."""

    def make(product: Product, device_name: str) -> list[InputEntity[T]]:
        """Return the entities of one device."""
        return [
            entity(product, device_name, action, parameter)
            for action in product.actions.values()
            for parameter in entity_inputs(action)
            if is_of(parameter, entity.kind)
        ]

    return make
