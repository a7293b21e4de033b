"""The calls of the cloud that are about one device: what it does, reports and takes."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

import aiohttp

from .backend import Backend, Parameters, Payload
from .call import Call
from .clock import Clock
from .codes import NEVER_REPORTED
from .data_template import EventType, WireValue
from .device_data import parse_device_data, parse_event_page, parse_write_receipt
from .errors import RefusedError, UnknownDeviceError
from .identifiers import is_device_name
from .key_use import KeyUse
from .lists import PAGE_SIZE, read_events
from .models import (
    ActionReceipt,
    ActionReply,
    DeviceData,
    EventHistory,
    EventPage,
    WriteReceipt,
)
from .numbers import write_json
from .payloads import parse_receipt, parse_reply
from .sanitize import Result
from .texts import readable
from .transport import NoteRequest, TimeLimits, Transport

_LIMITS = TimeLimits()


class DeviceClient:
    """A key's access to each device of its products."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        backend: Backend,
        *,
        key_use: KeyUse | None = None,
        limits: TimeLimits = _LIMITS,
        note_request: NoteRequest | None = None,
    ) -> None:
        """Keep what each request needs.

        Clients that use one key should share its `key_use`. `note_request` gets
        the ProductId of each request that was sent, the interface's name of its call, its
        `origin`: a tag of whoever calls, which nothing else is done with, and the error
        that it ended in, if any.
        """
        self._backend = backend
        self._key_use = key_use or KeyUse()
        self._transport = Transport(
            session, backend, self._key_use, limits, note_request
        )

    @property
    def clock(self) -> Clock:
        """Return what is known of the cloud's time."""
        return self._key_use.clock

    async def call_device_action_async(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
        *,
        origin: str,
        secrets: Collection[str] = (),
        waited: float = 0,
        caller: str | None = None,
    ) -> ActionReceipt:
        """Hand an action over to the cloud, which does not report its outcome.

        Raises TooLateError, having sent nothing, if it cannot be sent in the seconds of its
        turn, less those that it has `waited` elsewhere. Those of all that has the same
        `caller` run only while none of it is under way; see `Places`.
        `inputs` holds every declared input as `values.to_wire` returns it; those among
        them that are `secrets` stand in no error.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionAsync.
        """
        call = Call(
            name="CallDeviceActionAsync",
            parameters=_action_parameters(product_id, device_name, action_id, inputs),
            parse=parse_receipt,
            origin=origin,
            secrets=secrets,
            waited=waited,
            caller=caller,
        )
        return await self._act(call, waits=False)

    async def call_device_action_sync(
        self,
        product_id: str,
        device_name: str,
        action_id: str,
        inputs: Mapping[str, WireValue],
        *,
        origin: str,
        secrets: Collection[str] = (),
        waited: float = 0,
        caller: str | None = None,
    ) -> ActionReply:
        """Run an action and wait for what the device answers.

        As `call_device_action_async` otherwise. A status that begins with
        `FailedOperation` is raised as the failure that it names; any other is free text
        of the device and judges nothing.
        Source: Tencent Cloud documentation, ServiceCallDeviceActionSync.
        """
        call = Call(
            name="CallDeviceActionSync",
            parameters=_action_parameters(product_id, device_name, action_id, inputs),
            parse=parse_reply,
            origin=origin,
            secrets=secrets,
            waited=waited,
            caller=caller,
        )
        return await self._act(call, waits=True)

    async def control_device_data(
        self,
        product_id: str,
        device_name: str,
        values: Mapping[str, WireValue],
        *,
        origin: str,
        secrets: Collection[str] = (),
        waited: float = 0,
        caller: str | None = None,
    ) -> WriteReceipt:
        """Hand over what a device shall set its properties to, all in one message.

        As `call_device_action_async` otherwise, and in turn with the device's actions.
        `values` holds properties as `values.to_wire_values` returns them.
        Source: Tencent Cloud documentation, ServiceControlDeviceData.
        """
        call = Call(
            name="ControlDeviceData",
            parameters={
                **_device_parameters(product_id, device_name),
                "Data": write_json(values),
            },
            parse=parse_write_receipt,
            origin=origin,
            secrets=secrets,
            waited=waited,
            caller=caller,
        )
        return await self._act(call, waits=False)

    async def describe_device_data(
        self, product_id: str, device_name: str, *, origin: str
    ) -> DeviceData:
        """Return what a device reported last, nothing of one that never did.

        Whether the device is online does not show.
        Source: Tencent Cloud documentation, ServiceDescribeDeviceData.
        """
        try:
            return await self._read(
                "DescribeDeviceData",
                _device_parameters(product_id, device_name),
                parse_device_data,
                origin,
            )
        except RefusedError as err:
            if err.code != NEVER_REPORTED:
                raise
            return DeviceData(reports={})

    async def list_event_history(
        self,
        product_id: str,
        device_name: str,
        event_type: EventType,
        start: int,
        *,
        origin: str,
    ) -> EventHistory:
        """Return a device's events of one type since a moment in seconds since 1970.

        There is no end: by a wrong clock it would be before what happened last.
        Source: Tencent Cloud documentation, ServiceListEventHistory.
        """
        parameters: Parameters = {
            **_device_parameters(product_id, device_name),
            "Type": event_type.value,
            "StartTime": start,
            "EndTime": 0,
            "Size": PAGE_SIZE,
        }
        read_page = partial(self._event_page, parameters, origin)
        return await read_events(read_page, self.clock)

    async def _event_page(
        self, parameters: Parameters, origin: str, context: str
    ) -> EventPage:
        """Return the events that the parameters ask for, from where the context says."""
        if context:
            parameters = {**parameters, "Context": context}
        return await self._read(
            "ListEventHistory", parameters, parse_event_page, origin
        )

    async def _act[ResultT: Result](
        self, call: Call[ResultT], *, waits: bool
    ) -> ResultT:
        """Return what an action or a write brings, in the turn of its device."""
        device = f"{call.product_id}/{call.parameters['DeviceName']}"
        return await self._transport.act(call, device, waits=waits)

    async def _read[ResultT: Result](
        self,
        name: str,
        parameters: Parameters,
        parse: Callable[[Payload], ResultT],
        origin: str,
    ) -> ResultT:
        """Return what a read brings."""
        return await self._transport.read(
            Call(name=name, parameters=parameters, parse=parse, origin=origin)
        )


def refuse_impossible(device_name: str) -> None:
    """Raise UnknownDeviceError for what the cloud gives no device as its name."""
    if not is_device_name(device_name):
        raise UnknownDeviceError(
            f"'{readable(device_name)}' is no DeviceName: it must be 1 to 48 letters, "
            "digits, _, - and :"
        )


def _action_parameters(
    product_id: str,
    device_name: str,
    action_id: str,
    inputs: Mapping[str, WireValue],
) -> Parameters:
    """Return the parameters that both ways to run an action share.

    InputParams is ASCII, so that it is signed alike whatever the cloud's encoding, and no
    number in it has an exponent, which small devices misread.
    """
    return {
        **_device_parameters(product_id, device_name),
        "ActionId": action_id,
        "InputParams": write_json(inputs),
    }


def _device_parameters(product_id: str, device_name: str) -> Parameters:
    """Return the parameters that name a device; raises UnknownDeviceError if none can."""
    refuse_impossible(device_name)
    return {"ProductId": product_id, "DeviceName": device_name}
