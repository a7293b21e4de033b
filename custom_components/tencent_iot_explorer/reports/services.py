"""The services `get_properties` and `set_properties`."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    Context,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..account.request_counts import Origin
from ..actions.call_data import read_object
from ..actions.fields import labels_to_keys
from ..actions.rights import Rights, async_rights
from ..actions.selection import devices_by_id
from ..actions.several import async_side_by_side
from ..actions.targets import Target, async_find_targets
from ..api import (
    DeviceData,
    Number,
    Property,
    Report,
    Struct,
    TencentIotError,
    WireValue,
    is_of,
)
from ..const import (
    ATTR_PROPERTIES,
    DOMAIN,
    SERVICE_GET_PROPERTIES,
    SERVICE_SET_PROPERTIES,
)
from ..errors import error_placeholders, failure, refusal, treatment
from ..schema import vol
from .reader import MOST_READS_AT_ONCE
from .rights import DeviceUse, PropertyUse
from .structures import completed, is_complete
from .wire_values import wire_values
from .writing import async_write

# What is wrong is said in the handler, in the reader's language.
_GET_SCHEMA = vol.Schema({vol.Optional(ATTR_DEVICE_ID, default=list): cv.ensure_list})
_SET_SCHEMA = _GET_SCHEMA.extend({vol.Optional(ATTR_PROPERTIES): object})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Write:
    """One device's share of a call, checked and ready to be sent."""

    target: Target
    values: Mapping[str, WireValue]


@callback
def async_setup_property_services(hass: HomeAssistant) -> None:
    """Register both services."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_PROPERTIES,
        _async_get_properties,
        _GET_SCHEMA,
        SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_PROPERTIES,
        _async_set_properties,
        _SET_SCHEMA,
        SupportsResponse.OPTIONAL,
    )


async def _async_get_properties(call: ServiceCall) -> ServiceResponse:
    """Return what devices report, read now."""
    rights = await async_rights(call.hass, call.context, POLICY_READ)
    devices = devices_by_id(call.hass, call.data[ATTR_DEVICE_ID], rights)
    targets = await async_find_targets(call.hass, devices, DeviceUse(), rights)
    # As few as are read unasked: those wait for one of these only.
    at_once = asyncio.Semaphore(MOST_READS_AT_ONCE)
    read = await async_side_by_side(
        call.hass, [partial(_async_read_in_turn, target, at_once) for target in targets]
    )
    return {
        target.device_id: _readable(target, data, rights)
        for target, data in zip(targets, read, strict=True)
    }


async def _async_set_properties(call: ServiceCall) -> ServiceResponse:
    """Check everything, then write to all devices side by side."""
    values = read_object(call.data.get(ATTR_PROPERTIES), "properties_not_an_object")
    rights = await async_rights(call.hass, call.context)
    use = PropertyUse(call.hass, tuple(values))
    devices = devices_by_id(call.hass, call.data[ATTR_DEVICE_ID], rights)
    targets = await async_find_targets(call.hass, devices, use, rights)
    if not values:
        raise refusal("no_property")
    start = call.hass.loop.time()
    prepared = [await _async_prepare(target, values, rights) for target in targets]
    # What is read for a structure delays them all.
    waited = call.hass.loop.time() - start
    writes = [
        replace(
            write, target=replace(write.target, waited=write.target.waited + waited)
        )
        for write in prepared
    ]
    responses = await async_side_by_side(
        call.hass, [partial(_async_write, write, call.context) for write in writes]
    )
    if not call.return_response:
        return None
    return {
        write.target.device_id: response
        for write, response in zip(writes, responses, strict=True)
    }


async def _async_read_in_turn(target: Target, at_once: asyncio.Semaphore) -> DeviceData:
    """Read one device of several."""
    async with at_once:
        return await _async_read(target)


async def _async_read(target: Target) -> DeviceData:
    """Read one device."""
    product, device_name = target.product, target.device_name
    try:
        return await product.reader.async_read(product, device_name)
    except TencentIotError as err:
        if treatment(err).reauth:
            product.entry.async_start_reauth(product.hass)
        key = f"read_{treatment(err).text}"
        raise failure(key, device=target.label, **error_placeholders(err)) from err


def _readable(target: Target, data: DeviceData, rights: Rights) -> JsonObjectType:
    """Return what a person may read of one device's properties."""
    hass = target.product.hass
    return {
        declared.id: _described(declared, data.reports.get(declared.id))
        for declared in target.product.properties.values()
        if not declared.is_secret
        and rights.may_use(target.identifier, PropertyUse(hass, (declared.id,)))
    }


def _described(declared: Property, report: Report | None) -> JsonObjectType:
    """Return what was reported of one property, typed as outputs of actions are."""
    reported_at = report.reported_at / 1000 if report and report.reported_at else None
    described: dict[str, object] = {
        "value": declared.type.from_wire(report.value) if report else None,
        "unit": (declared.type.unit or None) if is_of(declared, Number) else None,
        "reported_at": None
        if reported_at is None
        else dt_util.utc_from_timestamp(reported_at).isoformat(),
    }
    return cast(JsonObjectType, described)


async def _async_prepare(
    target: Target, values: Mapping[str, object], rights: Rights
) -> _Write:
    """Return one device's share, checked."""
    product, device_name = target.product, target.device_name
    chosen = labels_to_keys(product.properties.values(), values)
    properties = {
        key: declared
        for key, declared in product.properties.items()
        if key in values
        or rights.may_see(target.identifier, PropertyUse(product.hass, (key,)))
    }
    wire = wire_values(product, device_name, chosen, properties)
    incomplete = [
        declared
        for declared in product.properties.values()
        if is_of(declared, Struct)
        and declared.id in wire
        and not is_complete(declared, wire[declared.id])
    ]
    if incomplete:
        await _async_read(target)
    for declared in incomplete:
        # What was written a moment ago need not be reported yet.
        known = product.values.value(device_name, declared.id)
        wire[declared.id] = completed(
            declared, wire[declared.id], known, device=target.label
        )
    return _Write(target=target, values=wire)


async def _async_write(write: _Write, context: Context) -> JsonObjectType:
    """Write one device's share, and return what the caller learns of it."""
    receipt = await async_write(
        write.target.product,
        write.target.device_name,
        write.values,
        origin=Origin.SERVICE,
        context=context,
        waited=write.target.waited,
    )
    return {"sent": receipt.is_sent, "request_id": receipt.request_id}
