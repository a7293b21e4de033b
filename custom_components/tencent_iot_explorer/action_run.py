"""Running one action of some devices: all is checked first, then all are tried."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from .action_call import async_call_action
from .api.data_template import DeviceAction
from .api.models import ActionReceipt, Origin
from .api.values import InvalidValueError, WireValue, to_wire
from .const import DOMAIN
from .entity import action_unique_id
from .errors import action_gone, async_several_failed, invalid_value, unknown_action
from .fields import labels_to_keys
from .targets import Target

# One call leaves places of the application's limit to others.
_MOST_AT_ONCE = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One device's share of a call, checked and ready to be sent."""

    target: Target
    action: DeviceAction
    inputs: Mapping[str, WireValue]
    unique_id: str


async def async_run_action(
    hass: HomeAssistant,
    targets: Iterable[Target],
    action_id: str,
    values: Mapping[str, object],
    *,
    context: Context,
    origin: Origin,
    wait_for_reply: bool,
) -> list[tuple[Run, ActionReceipt]]:
    """Check everything, then run an action of all targets side by side.

    If some fail, the others have still been run, and one error tells of all that failed.
    """
    runs = [_prepare(target, action_id, values, origin) for target in targets]
    await _async_check_permission(hass, context, runs)
    if len(runs) == 1:
        return [(runs[0], await _async_run(runs[0], wait_for_reply, origin, context))]
    places = asyncio.Semaphore(_MOST_AT_ONCE)

    async def async_run(run: Run) -> ActionReceipt | HomeAssistantError:
        """Run one share and return how it ended."""
        async with places:
            try:
                return await _async_run(run, wait_for_reply, origin, context)
            except HomeAssistantError as err:
                return err

    results = await asyncio.gather(*(async_run(run) for run in runs))
    failures = [result for result in results if isinstance(result, HomeAssistantError)]
    if failures:
        raise await async_several_failed(hass, failures, len(runs))
    return list(zip(runs, cast(list[ActionReceipt], results), strict=True))


async def _async_run(
    run: Run, wait_for_reply: bool, origin: Origin, context: Context
) -> ActionReceipt:
    """Run one device's share of a call."""
    return await async_call_action(
        run.target.coordinator,
        run.target.device_name,
        run.action,
        run.inputs,
        wait_for_reply=wait_for_reply,
        origin=origin,
        context=context,
        waited=run.target.waited,
    )


def _prepare(
    target: Target, action_id: str, values: Mapping[str, object], origin: Origin
) -> Run:
    """Return a checked share of a call."""
    action = target.coordinator.actions.get(action_id)
    if action is None:
        gone = target.coordinator.gone_actions.get(action_id)
        if gone:
            raise action_gone(gone, device=target.device_name)
        raise unknown_action(
            action_id, target.coordinator.actions.values(), device=target.device_name
        )
    if origin is Origin.SERVICE:
        # Only there it is a person who names a choice; all others know its key.
        values = labels_to_keys(action, values)
    try:
        inputs = to_wire(action, values, target.coordinator.times)
    except InvalidValueError as err:
        raise invalid_value(err, device=target.device_name, action=action) from err
    return Run(
        target=target,
        action=action,
        inputs=inputs,
        unique_id=action_unique_id(
            target.coordinator.product_id, target.device_name, action.id
        ),
    )


async def _async_check_permission(
    hass: HomeAssistant, context: Context, runs: Iterable[Run]
) -> None:
    """Refuse a person who may not control the button of each action that is called."""
    if context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context)
    if user.permissions.access_all_entities(POLICY_CONTROL):
        return
    registry = er.async_get(hass)
    for run in runs:
        entity_id = entity_id_of(registry, run)
        if entity_id is None or not user.permissions.check_entity(
            entity_id, POLICY_CONTROL
        ):
            raise Unauthorized(
                context=context, entity_id=entity_id, permission=POLICY_CONTROL
            )


def entity_id_of(registry: er.EntityRegistry, run: Run) -> str | None:
    """Return the button of an action, or the outcomes of the device if it has none."""
    return registry.async_get_entity_id(
        Platform.BUTTON, DOMAIN, run.unique_id
    ) or registry.async_get_entity_id(Platform.EVENT, DOMAIN, run.target.identifier)
