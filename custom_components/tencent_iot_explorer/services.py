"""The service `call_action`, and what it shares with the services of data templates."""

from collections.abc import Iterable, Mapping
from typing import cast

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.util.json import JsonObjectType

from .action_run import Run, async_run_action
from .api.data_template import DeviceAction
from .api.models import ActionReceipt, ActionReply, Origin
from .api.outputs import from_wire
from .api.texts import decode_json, readable
from .const import (
    ATTR_ACTION_ID,
    ATTR_INPUTS,
    ATTR_WAIT_FOR_REPLY,
    DOMAIN,
    SERVICE_CALL_ACTION,
)
from .errors import refusal
from .rights import action_entity, async_rights
from .schema import vol
from .targets import Target, async_find_targets

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


def _waits(wait_for_reply: object) -> bool:
    """Return whether a call is to wait for the device."""
    try:
        return wait_for_reply is not None and cv.boolean(wait_for_reply)
    except vol.Invalid as err:
        raise refusal("not_true_or_false", value=readable(wait_for_reply)) from err


async def async_answer_call(
    call: ServiceCall,
    targets: Iterable[Target],
    action_id: str,
    values: Mapping[str, object],
) -> ServiceResponse:
    """Run what a service call asks for, and return the response if it wants one."""
    ended = await async_run_action(
        call.hass,
        targets,
        action_id,
        values,
        context=call.context,
        origin=Origin.SERVICE,
        wait_for_reply=_waits(call.data.get(ATTR_WAIT_FOR_REPLY)),
    )
    if not call.return_response:
        return None
    registry = er.async_get(call.hass)
    return {
        _device_id(registry, run): _response_of(run.action, receipt)
        for run, receipt in ended
    }


def _device_id(registry: er.EntityRegistry, run: Run) -> str:
    """Return the id of a device in the device registry."""
    entity_id = action_entity(registry, run.target.identifier, run.action.id)
    entry = registry.async_get(entity_id) if entity_id else None
    return (entry.device_id if entry else None) or run.target.identifier


def _response_of(action: DeviceAction, receipt: ActionReceipt) -> JsonObjectType:
    """Return what the caller learns of one device."""
    response: dict[str, object] = {
        "status": receipt.status,
        "client_token": receipt.client_token,
        "request_id": receipt.request_id,
    }
    if isinstance(receipt, ActionReply):
        response["outputs"] = from_wire(action, receipt.outputs)
    return cast(JsonObjectType, response)
