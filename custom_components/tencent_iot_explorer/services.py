"""The service `call_action`, which runs any action of any device."""

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv

from .actions.call_data import read_id, read_object
from .actions.response import async_answer_call
from .actions.rights import ActionUse, async_rights
from .actions.selection import devices_by_id
from .actions.targets import async_find_targets
from .const import (
    ATTR_ACTION_ID,
    ATTR_INPUTS,
    ATTR_WAIT_FOR_REPLY,
    DOMAIN,
    SERVICE_CALL_ACTION,
)
from .schema import vol

# All of these are judged in the handler, so that errors are in the reader's language.
_CALL_ACTION_SCHEMA = vol.Schema(
    {
        vol.Optional(ATTR_DEVICE_ID, default=list): cv.ensure_list,
        vol.Optional(ATTR_ACTION_ID, default=""): object,
        vol.Optional(ATTR_INPUTS): object,
        vol.Optional(ATTR_WAIT_FOR_REPLY): object,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the service that runs any action of any device."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_CALL_ACTION,
        _async_call_action,
        _CALL_ACTION_SCHEMA,
        SupportsResponse.OPTIONAL,
    )


async def _async_call_action(call: ServiceCall) -> ServiceResponse:
    """Run an action that is named in the call."""
    action_id = read_id(call.data[ATTR_ACTION_ID])
    rights = await async_rights(call.hass, call.context)
    targets = await async_find_targets(
        call.hass,
        devices_by_id(call.hass, call.data[ATTR_DEVICE_ID], rights),
        ActionUse(action_id),
        rights,
    )
    return await async_answer_call(
        call,
        targets,
        action_id,
        read_object(call.data.get(ATTR_INPUTS), "inputs_not_an_object"),
    )
