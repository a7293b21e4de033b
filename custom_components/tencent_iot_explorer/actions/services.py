"""Services made from data templates: one for each action of each product."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.hass_dict import HassKey

from ..api import DataTemplate, DeviceAction
from ..const import ATTR_WAIT_FOR_REPLY, CONF_PRODUCT_ID, DOMAIN, SYSTEM_ACTION_PREFIX
from ..presentation.distinct_names import distinct_names
from ..presentation.names import labelled
from ..product.store import TEMPLATE_STORE
from ..product.subentries import all_products
from ..schema import vol
from .fields import field_names, service_fields
from .inputs import has_button
from .response import async_answer_call
from .rights import ActionUse, async_rights
from .selection import TARGET_KEYS, devices_of_target
from .targets import async_find_targets

# Types, limits, unknown and missing inputs are judged in the handler, so that the error
# can name device, action, input and range in the reader's language.
_SCHEMA = vol.Schema({}, extra=vol.ALLOW_EXTRA)
_OTHERS = TARGET_KEYS | {ATTR_WAIT_FOR_REPLY}


@dataclass(frozen=True, kw_only=True)
class ActionService:
    """A service and all that its handler and its description depend on.

    `title` is what it is called where people choose it. `platform` is that of the entities
    by which they choose devices.
    """

    product_id: str
    product_title: str
    title: str
    action: DeviceAction
    platform: Platform
    language: str

    @cached_property
    def _ids(self) -> dict[str, str]:
        """Return the ids of the inputs by their fields."""
        return {field: item.id for item, field in field_names(self.action)}

    async def async_handle(self, call: ServiceCall) -> ServiceResponse:
        """Run the action on the devices that the call selects."""
        values = {
            self._ids.get(field, field): value
            for field, value in call.data.items()
            if field not in _OTHERS
        }
        use = ActionUse(self.action.id)
        rights = await async_rights(call.hass, call.context)
        devices = devices_of_target(call.hass, call.data, self.product_id, use, rights)
        targets = await async_find_targets(call.hass, devices, use, rights)
        return await async_answer_call(call, targets, self.action.id, values)


_REGISTERED: HassKey[dict[str, ActionService]] = HassKey(f"{DOMAIN}.action_services")


async def async_update_action_services(hass: HomeAssistant) -> None:
    """Register what is new or changed, and remove what no entry has any more."""
    language = hass.config.language
    texts = {
        key: text
        for category in ("services", "common")
        for key, text in (
            await async_get_translations(hass, language, category, {DOMAIN})
        ).items()
    }
    registered = hass.data.setdefault(_REGISTERED, {})
    wanted = _wanted(hass, language)
    for name in [name for name in registered if registered[name] != wanted.get(name)]:
        hass.services.async_remove(DOMAIN, name)
        del registered[name]
    for name in wanted.keys() - registered.keys():
        registered[name] = wanted[name]
        _async_register(hass, name, wanted[name], texts)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Declared:
    """An action of a configured product, or one that its data template has lost."""

    entry: ConfigEntry
    subentry: ConfigSubentry
    template: DataTemplate
    action: DeviceAction

    @property
    def product_id(self) -> str:
        """Return which product the action is of."""
        product_id: str = self.subentry.data[CONF_PRODUCT_ID]
        return product_id


@callback
def _declared(hass: HomeAssistant) -> Iterator[_Declared]:
    """Yield the actions of all products whose data template is known."""
    store = hass.data[TEMPLATE_STORE]
    for entry, subentry in all_products(hass):
        product_id = subentry.data[CONF_PRODUCT_ID]
        template = store.templates.get(product_id)
        if template is None:
            continue
        for declaring in (template, store.gone(product_id)):
            for action in declaring.actions.values():
                yield _Declared(
                    entry=entry, subentry=subentry, template=template, action=action
                )


@callback
def _wanted(hass: HomeAssistant, language: str) -> dict[str, ActionService]:
    """Return the services that the configured products call for."""
    declared = list(_declared(hass))
    titles = distinct_names(
        declared,
        lambda item: labelled(item.subentry.title, item.action.name, language),
        lambda item: item.entry.title,
        lambda item: item.product_id,
        lambda item: item.action.id,
    )
    service_name = hass.data[TEMPLATE_STORE].service_name
    return {
        service_name(item.product_id, item.action.id): ActionService(
            product_id=item.product_id,
            product_title=item.subentry.title,
            title=title,
            action=item.action,
            platform=_platform(item.template),
            language=language,
        )
        for item, title in zip(declared, titles, strict=True)
    }


def _platform(template: DataTemplate) -> Platform:
    """Return which entities stand for the devices of a product where a target is chosen.

    Home Assistant's pages offer no device without one of them that is enabled, and on the
    page of such a device no service. Where no action has a button, outcomes are left.
    """
    has_buttons = any(
        has_button(action) and not action.id.startswith(SYSTEM_ACTION_PREFIX)
        for action in template.actions.values()
    )
    return Platform.BUTTON if has_buttons else Platform.EVENT


@callback
def _async_register(
    hass: HomeAssistant, name: str, service: ActionService, texts: dict[str, str]
) -> None:
    """Register and describe one service."""
    hass.services.async_register(
        DOMAIN,
        name,
        service.async_handle,
        _SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    description = service.action.description or texts[
        f"component.{DOMAIN}.common.action_description"
    ].format(action=service.action.name, product=service.product_title)
    target = {"integration": DOMAIN, "domain": [service.platform]}
    async_set_service_schema(
        hass,
        DOMAIN,
        name,
        {
            "name": service.title,
            "description": description,
            "target": {"entity": [target]},
            "fields": service_fields(service.action, texts),
        },
    )
