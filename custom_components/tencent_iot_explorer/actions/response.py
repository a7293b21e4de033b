"""How a service call runs an action, and what it returns."""

from collections.abc import Iterable, Mapping
from typing import cast

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType

from ..account.request_counts import Origin
from ..api import ActionReceipt, ActionReply, DeviceAction, from_wire, readable
from ..const import ATTR_WAIT_FOR_REPLY
from ..errors import refusal
from ..schema import vol
from .run import async_run_on_devices
from .targets import Target


async def async_answer_call(
    call: ServiceCall,
    targets: Iterable[Target],
    action_id: str,
    values: Mapping[str, object],
) -> ServiceResponse:
    """Run what a service call asks for, and return the response if it wants one."""
    ended = await async_run_on_devices(
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
    return {
        run.target.device_id: _response_of(run.action, receipt)
        for run, receipt in ended
    }


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


def _waits(wait_for_reply: object) -> bool:
    """Return whether a call is to wait for the device."""
    try:
        return wait_for_reply is not None and cv.boolean(wait_for_reply)
    except vol.Invalid as err:
        raise refusal("not_true_or_false", value=readable(wait_for_reply)) from err
