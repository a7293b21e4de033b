"""Where a message that was pushed goes.

It is a hint from the internet. It may show what a device reports, and is never a reason
to do anything.
"""

from collections.abc import Mapping
from typing import cast

from homeassistant.core import HomeAssistant

from ..api import (
    EventRecord,
    Property,
    PushedEvents,
    PushedReply,
    PushedReports,
    PushedStatus,
    PushMessage,
    Report,
)
from ..product.event_store import EVENT_STORE
from ..reports.new_events import async_show_pushed
from ..runtime import Product, TencentIotConfigEntry
from .seen_messages import SeenMessages
from .traffic import MessageOutcome


class Receiver:
    """Takes the messages to an entry, each once."""

    def __init__(self, hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
        """Begin with no message that came before."""
        self._hass = hass
        self._entry = entry
        self._taken = SeenMessages()

    async def async_take(self, message: PushMessage) -> MessageOutcome:
        """Show what a message says to whom it is for, while the entry is loaded."""
        product = self._product_of(message)
        if product is None:
            return MessageOutcome.IGNORED
        # What has no number is told from others by those who show it.
        key = (
            message.product_id,
            message.device_name,
            message.topic,
            message.sequence,
        )
        if message.sequence is not None and not self._taken.add(key, message.sent_at):
            return MessageOutcome.REPEATED
        is_done = False
        try:
            is_of_use = await self._async_show(product, message)
            is_done = True
        finally:
            if not is_done:
                self._taken.discard(key)
        if not is_of_use:
            return MessageOutcome.IGNORED
        product.push.async_note_message()
        return MessageOutcome.TAKEN

    def _product_of(self, message: PushMessage) -> Product | None:
        """Return the product that a message is for, none if its device is not used here."""
        return next(
            (
                product
                for product in self._entry.runtime_data.products.values()
                if product.product_id == message.product_id
                and message.device_name in product.devices.names
            ),
            None,
        )

    async def _async_show(self, product: Product, message: PushMessage) -> bool:
        """Show what a message says, and return whether that is of any use here."""
        name = message.device_name
        match message.content:
            case PushedReports(reports=reports) if product.uses_properties:
                return _show_reports(product, message, reports)
            case PushedEvents(events=events) if product.uses_properties:
                return await self._async_show_events(product, name, events)
            case PushedReply() as reply:
                product.replies.async_take(product.product_id, name, reply)
                return True
            case PushedStatus(is_online=is_online):
                product.devices.async_note_status(
                    name, is_online=is_online, at=message.sent_at
                )
                return True
            case _:
                return False

    async def _async_show_events(
        self, product: Product, device_name: str, events: tuple[EventRecord, ...]
    ) -> bool:
        """Show those events that are declared."""
        declared = [event for event in events if event.event_id in product.events]
        store = self._hass.data[EVENT_STORE]
        for event in declared:
            await async_show_pushed(store, product, device_name, event)
        return bool(declared)


def _show_reports(
    product: Product, message: PushMessage, reports: Mapping[str, Report]
) -> bool:
    """Show what a device reported, but for what it cannot have reported."""
    name = message.device_name
    usable = {
        key: report
        for key, report in reports.items()
        if key in product.properties
        and _is_whole(_state(product.properties[key], report))
    }
    if not usable:
        return False
    product.values.async_take_pushed(name, usable)
    product.reader.async_note_pushed(product, name)
    product.devices.async_note_report(name, message.sent_at)
    return True


def _state(declared: Property, report: Report) -> object:
    """Return the state that was reported of a property."""
    return declared.type.from_report(report.value)


def _is_whole(state: object) -> bool:
    """Return whether a state has nothing in it that is of another type than declared."""
    if isinstance(state, dict):
        return all(map(_is_whole, cast(dict[str, object], state).values()))
    if isinstance(state, list):
        return all(map(_is_whole, cast(list[object], state)))
    return state is not None
