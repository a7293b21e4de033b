"""The fields for properties and events in the dialogs of a product, and what they store."""

from collections.abc import Mapping
from typing import Any

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import BooleanSelector

from ..const import CONF_SLEEPS, CONF_USE_PROPERTIES
from ..properties.counts import EntityNumbers
from ..schema import vol
from .form import advanced_section, advanced_value


def use_properties_field(
    numbers: EntityNumbers, preset: Mapping[str, Any]
) -> dict[vol.Marker, BooleanSelector]:
    """Return the field that asks whether properties and events are used, if any are.

    What nobody has decided stays so unless the field is touched.
    """
    if not numbers.total:
        return {}
    field: vol.Marker = vol.Optional(CONF_USE_PROPERTIES)
    if CONF_USE_PROPERTIES in preset:
        field = vol.Required(CONF_USE_PROPERTIES, default=preset[CONF_USE_PROPERTIES])
    return {field: BooleanSelector()}


def sleeps_field(
    numbers: EntityNumbers, preset: Mapping[str, Any]
) -> dict[vol.Marker, section]:
    """Return the section that asks whether devices sleep, if they have properties."""
    if not numbers.of_properties:
        return {}
    field = vol.Required(CONF_SLEEPS, default=preset[CONF_SLEEPS])
    return advanced_section({field: BooleanSelector()})


def property_settings(
    user_input: Mapping[str, Any], preset: Mapping[str, Any]
) -> dict[str, bool]:
    """Return what to store, also where there was no field: a template may change."""
    settings: dict[str, bool] = {}
    if CONF_SLEEPS in preset:
        sleeps: bool = preset[CONF_SLEEPS]
        settings[CONF_SLEEPS] = advanced_value(user_input, CONF_SLEEPS, sleeps)
    is_used = {**preset, **user_input}.get(CONF_USE_PROPERTIES)
    if is_used is not None:
        settings[CONF_USE_PROPERTIES] = is_used
    return settings
