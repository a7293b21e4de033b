"""Running one action of some devices: all is checked first, then all are tried."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..account.request_counts import Origin
from ..api import (
    ActionReceipt,
    DeviceAction,
    InvalidValueError,
    WireValue,
    readable,
    to_wire,
)
from ..errors import async_several_failed, failure, invalid_value, refusal
from .fields import labels_to_keys
from .rights import Rights, async_rights
from .run_on_device import async_run_on_device
from .targets import Target

# One run leaves slots of the key's limit to others.
_MOST_AT_ONCE = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One device's share of a run, checked and ready to be sent."""

    target: Target
    action: DeviceAction
    inputs: Mapping[str, WireValue]


async def async_run_on_devices(
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

    The rights come first: no other refusal is for who may not control the action. If some
    fail, the others have still been run, and one error names all that failed.
    """
    targets = list(targets)
    rights = await async_rights(hass, context)
    for target in targets:
        rights.require_control(target.identifier, action_id)
    runs = [_prepare(target, action_id, values, origin, rights) for target in targets]
    if len(runs) == 1:
        return [(runs[0], await _async_run(runs[0], wait_for_reply, origin, context))]
    slots = asyncio.Semaphore(_MOST_AT_ONCE)

    async def async_run(run: Run) -> ActionReceipt | HomeAssistantError:
        """Run one share and return how it ended."""
        async with slots:
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
    """Run one device's share."""
    return await async_run_on_device(
        run.target.product,
        run.target.device_name,
        run.action,
        run.inputs,
        wait_for_reply=wait_for_reply,
        origin=origin,
        context=context,
        waited=run.target.waited,
    )


def _prepare(
    target: Target,
    action_id: str,
    values: Mapping[str, object],
    origin: Origin,
    rights: Rights,
) -> Run:
    """Return one device's share, checked."""
    action = target.product.actions.get(action_id)
    if action is None:
        gone = target.product.gone.actions.get(action_id)
        if gone:
            raise failure("action_gone", device=target.device_name, action=gone.label)
        actions = [
            known
            for known in target.product.actions
            if rights.may_see(target.identifier, known)
        ]
        raise refusal(
            "action_not_found",
            device=target.device_name,
            action=readable(action_id) or "–",
            actions=", ".join(actions) or "–",
        )
    if origin is Origin.SERVICE:
        # Only there it is a person who names a choice; all others know its key.
        values = labels_to_keys(action, values)
    try:
        inputs = to_wire(action, values, target.product.times)
    except InvalidValueError as err:
        raise invalid_value(err, device=target.device_name, action=action) from err
    return Run(target=target, action=action, inputs=inputs)
