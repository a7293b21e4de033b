"""What is answered to a spoken request, truly and in the language it was made in."""

from collections.abc import Sequence

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser

from ..account.request_counts import Origin
from ..actions.inputs import missing_inputs
from ..actions.rights import ActionUse, async_rights
from ..actions.run import async_run_on_devices
from ..errors import async_error_text, inputs_needed
from ..presentation.distinct_names import distinct_names
from .exposed import ExposedAction
from .forms import value_input
from .matcher import Request
from .said_values import said_value
from .words import async_words


async def async_answer(
    hass: HomeAssistant, requests: list[Request], language: str, context: Context
) -> str:
    """Run the one action that is asked for, and return how it ended.

    Of several that fit, those that must not be controlled are as good as not there.
    """
    if len(requests) > 1:
        requests = await _async_allowed(hass, requests, context)
    if not requests:
        return await async_words(hass, language, "voice_not_understood")
    if len(requests) > 1:
        devices = _listed([request.exposed for request in requests])
        return await async_words(hass, language, "voice_not_clear", devices=devices)
    (request,) = requests
    names = {"device": request.exposed.device_name, "action": request.exposed.names[0]}
    try:
        return await _async_run(hass, request, language, context, names)
    except Unauthorized:
        return await async_words(hass, language, "voice_not_allowed", **names)
    except HomeAssistantError as err:
        return await async_error_text(hass, err, language, **names)


async def _async_allowed(
    hass: HomeAssistant, requests: list[Request], context: Context
) -> list[Request]:
    """Return the requests for what may be controlled."""
    try:
        rights = await async_rights(hass, context)
    except UnknownUser:
        return []
    return [
        request
        for request in requests
        for exposed in [request.exposed]
        if rights.may_use(exposed.target.identifier, ActionUse(exposed.action.id))
    ]


async def _async_run(
    hass: HomeAssistant,
    request: Request,
    language: str,
    context: Context,
    names: dict[str, str],
) -> str:
    """Run an action with what was said and set, and return that it was sent."""
    target, action = request.exposed.target, request.exposed.action
    # Before anything is said of what the action needs.
    rights = await async_rights(hass, context)
    rights.require(target.identifier, ActionUse(action.id))
    values = target.product.values_for(target.device_name, action)
    sayable = value_input(action)
    if request.value is not None and sayable is not None:
        values[sayable.id] = said_value(
            action,
            sayable,
            request.value,
            device=names["device"],
            names=request.exposed.names,
        )
    missing = missing_inputs(action, values)
    if sayable is not None and missing == [sayable]:
        return await async_words(
            hass, language, "voice_needs", input=sayable.name, **names
        )
    if missing:
        raise inputs_needed(missing, device=names["device"], action=action)
    await async_run_on_devices(
        hass,
        [target],
        action.id,
        values,
        context=context,
        origin=Origin.VOICE,
        wait_for_reply=False,
    )
    return await async_words(hass, language, "voice_sent", **names)


def _listed(exposed: Sequence[ExposedAction]) -> str:
    """Return what is meant, perhaps, by its names and what makes equal ones distinct."""
    names = distinct_names(
        exposed,
        lambda item: f"{item.device_name} {item.names[0]}",
        lambda item: item.target.product.entry.title,
        lambda item: item.target.product.title,
        lambda item: item.target.device_name,
        lambda item: item.action.id,
        lambda item: item.target.product.product_id,
    )
    return ", ".join(names)
