"""Services made from data templates: one for each action of each product."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.hass_dict import HassKey

from ..api import DeviceAction
from ..const import ATTR_WAIT_FOR_REPLY, CONF_PRODUCT_ID, DOMAIN, SERVICE_CALL_ACTION
from ..product.store import TEMPLATE_STORE
from ..product.subentries import all_products
from ..schema import vol
from .distinct_names import distinct_names
from .fields import field_names, service_fields
from .response import async_answer_call
from .rights import ActionUse, async_rights
from .targets import AREA_KEYS, async_find_targets

# Types, limits, unknown and missing inputs are judged in the handler, so that the error
# can name device, action, input and range in the reader's language.
_SCHEMA = vol.Schema(
    {
        vol.Optional(ATTR_DEVICE_ID, default=list): cv.ensure_list,
    },
    extra=vol.ALLOW_EXTRA,
)
_OTHERS = {ATTR_DEVICE_ID, ATTR_WAIT_FOR_REPLY, *AREA_KEYS}


@dataclass(frozen=True, kw_only=True)
class ActionService:
    """A service and all that its handler and its description depend on.

    `title` is what it is called where people choose it.
    """

    product_id: str
    title: str
    action: DeviceAction
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
        targets = await async_find_targets(
            call.hass,
            call.data,
            ActionUse(self.action.id),
            await async_rights(call.hass, call.context),
            self.product_id,
        )
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


@callback
def _wanted(hass: HomeAssistant, language: str) -> dict[str, ActionService]:
    """Return the services that the configured products call for."""
    store = hass.data[TEMPLATE_STORE]
    found = [
        (entry, subentry, action)
        for entry, subentry in all_products(hass)
        for product_id in [subentry.data[CONF_PRODUCT_ID]]
        if product_id in store.templates
        for action in (
            *store.templates[product_id].actions.values(),
            *store.gone(product_id).actions.values(),
        )
    ]
    titles = distinct_names(
        found,
        lambda item: f"{item[1].title}: {item[2].name}",
        lambda item: item[0].title,
        lambda item: item[1].data[CONF_PRODUCT_ID],
        lambda item: item[2].id,
    )
    services = (
        ActionService(
            product_id=subentry.data[CONF_PRODUCT_ID],
            title=title,
            action=action,
            language=language,
        )
        for (_, subentry, action), title in zip(found, titles, strict=True)
    )
    return {
        store.service_name(item.product_id, item.action.id): item for item in services
    }


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
    own = f"component.{DOMAIN}.services.{SERVICE_CALL_ACTION}"
    async_set_service_schema(
        hass,
        DOMAIN,
        name,
        {
            "name": service.title,
            "description": service.action.description or texts[f"{own}.description"],
            "fields": cast(
                dict[str, object],
                service_fields(service.product_id, service.action, texts),
            ),
        },
    )
