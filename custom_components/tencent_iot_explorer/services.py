"""The service `call_action`, and what it shares with the services of data templates."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.const import ATTR_DEVICE_ID, Platform
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.util.json import JsonObjectType

from .action_call import async_call_action
from .api.data_template import DeviceAction
from .api.models import ActionReceipt, ActionReply, Origin
from .api.outputs import from_wire
from .api.values import InvalidValueError, WireValue, to_wire
from .const import (
    ATTR_ACTION_ID,
    ATTR_INPUTS,
    ATTR_WAIT_FOR_REPLY,
    DOMAIN,
    SERVICE_CALL_ACTION,
)
from .entity import action_unique_id
from .errors import action_gone, async_several_failed, invalid_value, unknown_action
from .schema import vol
from .targets import Target, async_find_targets

# One call leaves places of the application's limit to others.
_MOST_AT_ONCE = 8

_CALL_ACTION_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
        vol.Required(ATTR_ACTION_ID): cv.string,
        vol.Optional(ATTR_INPUTS): vol.Maybe(dict),
        vol.Optional(ATTR_WAIT_FOR_REPLY, default=False): cv.boolean,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """One device's share of a call, checked and ready to be sent."""

    target: Target
    action: DeviceAction
    inputs: Mapping[str, WireValue]
    unique_id: str


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
    targets = async_find_targets(call.hass, {ATTR_DEVICE_ID: call.data[ATTR_DEVICE_ID]})
    return await async_run_action(
        call, targets, call.data[ATTR_ACTION_ID], call.data.get(ATTR_INPUTS) or {}
    )


async def async_run_action(
    call: ServiceCall,
    targets: Iterable[Target],
    action_id: str,
    values: Mapping[str, object],
) -> ServiceResponse:
    """Check everything, then run an action of all targets side by side."""
    runs = [_prepare(target, action_id, values) for target in targets]
    await _async_check_permission(call, runs)
    places = asyncio.Semaphore(_MOST_AT_ONCE)

    async def async_run(run: _Run) -> ActionReceipt | HomeAssistantError:
        """Run one share and return how it ended."""
        async with places:
            try:
                return await async_call_action(
                    run.target.coordinator,
                    run.target.device_name,
                    run.action,
                    run.inputs,
                    wait_for_reply=call.data[ATTR_WAIT_FOR_REPLY],
                    origin=Origin.SERVICE,
                )
            except HomeAssistantError as err:
                return err

    results = await asyncio.gather(*(async_run(run) for run in runs))
    failures = [result for result in results if isinstance(result, HomeAssistantError)]
    if len(runs) == 1 and failures:
        raise failures[0]
    if failures:
        raise await async_several_failed(call.hass, failures, len(runs))
    if not call.return_response:
        return None
    registry = er.async_get(call.hass)
    return {
        _device_id(registry, run): _response(run.action, cast(ActionReceipt, result))
        for run, result in zip(runs, results, strict=True)
    }


def _prepare(target: Target, action_id: str, values: Mapping[str, object]) -> _Run:
    """Return a checked share of a call."""
    action = target.coordinator.actions.get(action_id)
    if action is None:
        gone = target.coordinator.gone_actions.get(action_id)
        if gone:
            raise action_gone(gone, device=target.device_name)
        raise unknown_action(
            action_id, target.coordinator.actions.values(), device=target.device_name
        )
    try:
        inputs = to_wire(action, values, target.coordinator.times)
    except InvalidValueError as err:
        raise invalid_value(err, device=target.device_name, action=action) from err
    return _Run(
        target=target,
        action=action,
        inputs=inputs,
        unique_id=action_unique_id(
            target.coordinator.product_id, target.device_name, action.id
        ),
    )


async def _async_check_permission(call: ServiceCall, runs: Iterable[_Run]) -> None:
    """Refuse a person who may not control the button of each action that is called."""
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if user.permissions.access_all_entities(POLICY_CONTROL):
        return
    registry = er.async_get(call.hass)
    for run in runs:
        entity_id = _entity_id(registry, run)
        if entity_id is None or not user.permissions.check_entity(
            entity_id, POLICY_CONTROL
        ):
            raise Unauthorized(
                context=call.context, entity_id=entity_id, permission=POLICY_CONTROL
            )


def _entity_id(registry: er.EntityRegistry, run: _Run) -> str | None:
    """Return the button of an action, or the outcomes of the device if it has none."""
    return registry.async_get_entity_id(
        Platform.BUTTON, DOMAIN, run.unique_id
    ) or registry.async_get_entity_id(Platform.EVENT, DOMAIN, run.target.identifier)


def _device_id(registry: er.EntityRegistry, run: _Run) -> str:
    """Return the id of a device in the device registry."""
    entity_id = _entity_id(registry, run)
    entry = registry.async_get(entity_id) if entity_id else None
    return (entry.device_id if entry else None) or run.target.identifier


def _response(action: DeviceAction, receipt: ActionReceipt) -> JsonObjectType:
    """Return what the caller learns of one device."""
    response: dict[str, object] = {
        "status": receipt.status,
        "client_token": receipt.client_token,
        "request_id": receipt.request_id,
    }
    if isinstance(receipt, ActionReply):
        response["outputs"] = from_wire(action, receipt.outputs)
    return cast(JsonObjectType, response)
