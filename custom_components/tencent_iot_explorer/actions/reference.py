"""The service `get_action_reference`: what can be called, ready to be copied."""

from collections.abc import Mapping
from typing import cast

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import ATTR_DEVICE_ID, CONF_DEVICES
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.json import JsonObjectType
from homeassistant.util.yaml import dump

from ..api import Choice, DeviceAction, Parameter, is_of, readable
from ..const import CONF_PRODUCT_ID, DOMAIN, SERVICE_GET_ACTION_REFERENCE
from ..errors import refusal
from ..identifiers import device_identifier
from ..presentation.data_types import allowed_in_words
from ..presentation.labels import option_value
from ..product.known_devices import registered_devices
from ..product.secret_choices import SecretChoices
from ..product.store import TEMPLATE_STORE
from ..product.subentries import all_products
from ..schema import vol
from .cards import describe_cards
from .fields import field_names
from .rights import ActionUse, Rights, async_rights

_SCHEMA = vol.Schema({vol.Optional(CONF_PRODUCT_ID): cv.string})


@callback
def async_setup_action_reference(hass: HomeAssistant) -> None:
    """Register the service."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_ACTION_REFERENCE,
        _async_get_action_reference,
        _SCHEMA,
        SupportsResponse.ONLY,
    )


async def _async_get_action_reference(call: ServiceCall) -> ServiceResponse:
    """Return the actions of one product, or of all, by ProductId.

    What a person may not see is left out as if it did not exist.
    """
    rights = await async_rights(call.hass, call.context)
    language = call.hass.config.language
    texts = await async_get_translations(call.hass, language, "common", {DOMAIN})
    wanted = call.data.get(CONF_PRODUCT_ID)
    templates = call.hass.data[TEMPLATE_STORE].templates
    reference: dict[str, object] = {}
    for entry, subentry in all_products(call.hass):
        product_id = subentry.data[CONF_PRODUCT_ID]
        if wanted in (None, product_id) and product_id in templates:
            template = SecretChoices(subentry.data).mark(templates[product_id])
            devices = _devices(call.hass, entry, subentry)
            actions = {
                action.id: {
                    **_describe(call.hass, product_id, device, action, texts),
                    **describe_cards(call.hass, devices, action, rights),
                }
                for action in template.actions.values()
                if (device := _example_device(devices, action.id, rights))
            }
            if actions or rights.sees_all:
                reference[product_id] = {"name": subentry.title, "actions": actions}
    if wanted is not None and not reference:
        raise refusal("product_not_found", product=readable(wanted))
    return cast(JsonObjectType, reference)


def _devices(
    hass: HomeAssistant, entry: ConfigEntry, subentry: ConfigSubentry
) -> dict[str, str]:
    """Return the devices of a product with their ids, those that were chosen first.

    Home Assistant's editor shows devices by their ids, and by nothing else.
    """
    product_id = subentry.data[CONF_PRODUCT_ID]
    ids = {
        name: device.id
        for name, device in registered_devices(hass, entry, product_id).items()
        if not device.disabled
    }
    names = dict.fromkeys((*subentry.data[CONF_DEVICES], *sorted(ids)))
    return {
        device_identifier(product_id, name): ids[name] for name in names if name in ids
    }


def _example_device(
    devices: Mapping[str, str], action_id: str, rights: Rights
) -> str | None:
    """Return the id of a device whose action may be shown, None if that is none.

    Where there is no device yet, something stands in place of its id.
    """
    if not devices and rights.sees_all:
        return "<device id>"
    return next(
        (
            device_id
            for device, device_id in devices.items()
            if rights.may_see(device, ActionUse(action_id))
        ),
        None,
    )


def _describe(
    hass: HomeAssistant,
    product_id: str,
    device: str,
    action: DeviceAction,
    texts: Mapping[str, str],
) -> dict[str, object]:
    """Return what a person needs to call an action."""
    service = hass.data[TEMPLATE_STORE].service_name(product_id, action.id)
    fields = field_names(action)
    example: dict[str, object] = {
        "action": f"{DOMAIN}.{service}",
        "target": {ATTR_DEVICE_ID: [device]},
    }
    if fields:
        example["data"] = {
            field: example_value(parameter) for parameter, field in fields
        }
    return {
        "name": action.name,
        "description": action.description,
        "inputs": {
            field: _describe_parameter(parameter, texts) for parameter, field in fields
        },
        "outputs": {
            parameter.id: _describe_parameter(parameter, texts)
            for parameter in action.outputs
        },
        "yaml": dump(example),
    }


def _describe_parameter(
    parameter: Parameter, texts: Mapping[str, str]
) -> dict[str, object]:
    """Return what is known of an input or output; what is not known is left out."""
    known = {
        "name": parameter.name,
        "type": parameter.type.name,
        "allowed": allowed_in_words(parameter.type, texts),
        "default": parameter.type.start,
    }
    return {key: value for key, value in known.items() if value not in ("", None)}


def example_value(parameter: Parameter) -> object:
    """Return a value that the service of an action accepts for an input."""
    if is_of(parameter, Choice):
        return option_value(parameter.type, parameter.type.example)
    return parameter.type.example
