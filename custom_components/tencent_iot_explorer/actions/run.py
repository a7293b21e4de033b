"""Running one action of some devices: all is checked first, then all are tried."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from homeassistant.core import Context, HomeAssistant

from ..account.request_counts import Origin
from ..api import (
    ActionReceipt,
    DeviceAction,
    InvalidValueError,
    WireValue,
    readable,
    to_wire,
)
from ..errors import failure, invalid_value, refusal
from .fields import labels_to_keys
from .rights import ActionUse, Rights, async_rights
from .run_on_device import async_run_on_device
from .several import async_side_by_side
from .targets import Target


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
        rights.require(target.identifier, ActionUse(action_id))
    runs = [_prepare(target, action_id, values, origin, rights) for target in targets]
    receipts = await async_side_by_side(
        hass,
        [partial(_async_run, run, wait_for_reply, origin, context) for run in runs],
    )
    return list(zip(runs, receipts, strict=True))


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
            raise failure("action_gone", device=target.label, action=gone.label)
        actions = [
            known
            for known in target.product.actions
            if rights.may_see(target.identifier, ActionUse(known))
        ]
        raise refusal(
            "action_not_found",
            device=target.label,
            action=readable(action_id) or "–",
            actions=", ".join(actions) or "–",
        )
    if origin is Origin.SERVICE:
        # Only there it is a person who names a choice; all others know its key.
        values = labels_to_keys(action.inputs, values)
    try:
        inputs = to_wire(action, values, target.product.times)
    except InvalidValueError as err:
        raise invalid_value(err, device=target.label, action=action) from err
    return Run(target=target, action=action, inputs=inputs)
