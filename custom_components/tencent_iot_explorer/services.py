"""The service `call_action`, which runs any action of any device."""

from collections.abc import Mapping
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

from .actions.response import async_answer_call
from .actions.rights import async_rights
from .actions.targets import async_find_targets
from .api import decode_json, readable
from .const import (
    ATTR_ACTION_ID,
    ATTR_INPUTS,
    ATTR_WAIT_FOR_REPLY,
    DOMAIN,
    SERVICE_CALL_ACTION,
)
from .errors import refusal
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
    action_id = _text(call.data[ATTR_ACTION_ID])
    targets = await async_find_targets(
        call.hass,
        {ATTR_DEVICE_ID: call.data[ATTR_DEVICE_ID]},
        action_id,
        await async_rights(call.hass, call.context),
    )
    return await async_answer_call(
        call, targets, action_id, _inputs(call.data.get(ATTR_INPUTS))
    )


def _inputs(inputs: object) -> dict[str, object]:
    """Return the inputs of a call, which a template may have rendered to a JSON text."""
    if isinstance(inputs, str):
        try:
            inputs = decode_json(inputs)
        except ValueError as err:
            raise refusal("inputs_not_an_object") from err
    if inputs is None:
        return {}
    if not isinstance(inputs, Mapping):
        raise refusal("inputs_not_an_object")
    items = cast(Mapping[object, object], inputs).items()
    return {_text(identifier): value for identifier, value in items}


def _text(identifier: object) -> str:
    """Return an id as a text, which YAML may have made something else of."""
    return identifier if isinstance(identifier, str) else readable(identifier)
