"""Reads the events of devices, for all products of an entry, and has each shown once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
import logging
import math
import time

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from ..account.request_counts import Origin
from ..api import (
    DeviceStatus,
    EventHistory,
    EventRecord,
    EventType,
    RateLimitError,
    TencentIotError,
)
from ..const import CONF_SLEEPS, DOMAIN
from ..errors import treatment
from ..product.event_memory import EventMemory
from ..product.event_store import EVENT_STORE
from ..runtime import Product, TencentIotConfigEntry, events_signal
from .schedule import Schedule, Wanted

_LOGGER = logging.getLogger(__name__)
_INTERVAL = 120
_PER_SECOND = 2
# How often a whole day is read, what is denied is asked for, and offline devices are read.
_HOUR = 3600
# In seconds. What happened before a start is shown if it is not older.
_FRESH = 600
# Statuses are followed that often.
_LONGEST_PAUSE = 60
# More than what tells two states apart.
_APART = 0.002
_SILENT = (DeviceStatus.OFFLINE, DeviceStatus.NOT_ACTIVATED)


@dataclass(frozen=True, slots=True)
class _Target:
    """What one request reads: the events of one type of a device."""

    product: Product
    device_name: str
    event_type: EventType


@dataclass(kw_only=True, slots=True)
class _Reading:
    """How often a target was read, by the monotonic clock.

    `day_at` is when its last whole day was read. It `rests` once it was read since its
    device went offline: what had happened before may come a little later.
    """

    wanted_at: float
    day_at: float = -math.inf
    rests: bool = False

    @property
    def is_first(self) -> bool:
        """Return whether nothing was read since somebody wants it."""
        return self.day_at == -math.inf


class EventReader:
    """Reads events that somebody shows: in turn, and at once where that is asked for."""

    def __init__(self, hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
        """Begin with nothing that is wanted."""
        self._hass = hass
        self._entry = entry
        self._store = hass.data[EVENT_STORE]
        self._schedule = Schedule[_Target](
            interval=_INTERVAL, per_second=_PER_SECOND, slows_down=False
        )
        self._readings: dict[_Target, _Reading] = {}
        self._failing: set[str] = set()
        self._job = HassJob(self._async_begin, cancel_on_shutdown=True)
        self._cancel_timer: CALLBACK_TYPE | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_changed = False
        self._is_stopped = False

    @property
    def interval(self) -> float:
        """Return in how many seconds all that is wanted is read once."""
        return self._schedule.interval

    @property
    def reading_count(self) -> int:
        """Return how many requests that takes if no device is offline."""
        return len(self._schedule)

    @property
    def device_count(self) -> int:
        """Return of how many devices somebody shows events."""
        return len({(item.product, item.device_name) for item in self._readings})

    @callback
    def async_start(self) -> None:
        """Read what is wanted until the entry is unloaded."""
        self._hass.data.setdefault(_READERS, {})[self._entry.entry_id] = self
        self._entry.async_on_unload(
            async_dispatcher_connect(
                self._hass,
                events_signal(self._entry.entry_id),
                self._async_wanted_changed,
            )
        )
        self._entry.async_on_unload(self._async_stop)
        self._async_plan()

    async def async_read(self, product: Product, device_name: str) -> None:
        """Read now what is wanted of one device."""
        self._async_update()
        for target in list(self._readings):
            if target.product is product and target.device_name == device_name:
                await self._async_read(target)
        self._async_plan()

    @callback
    def _async_stop(self) -> None:
        """Read nothing any more."""
        self._is_stopped = True
        if self._cancel_timer:
            self._cancel_timer()
        del self._hass.data[_READERS][self._entry.entry_id]

    @callback
    def _async_wanted_changed(self) -> None:
        """Follow many changes at once."""
        if not self._is_changed:
            self._is_changed = True
            self._hass.loop.call_soon(self._async_plan)

    @callback
    def _async_plan(self) -> None:
        """Let the next reading come when it is due, unless one goes on."""
        self._is_changed = False
        if self._cancel_timer:
            self._cancel_timer()
            self._cancel_timer = None
        self._async_update()
        if (
            self._is_stopped
            or self._task
            or not self._readings
            or self._entry.pref_disable_polling
        ):
            return
        pause = min(self._schedule.next_at - time.monotonic(), _LONGEST_PAUSE)
        self._cancel_timer = async_call_later(self._hass, max(pause, 0), self._job)

    @callback
    def _async_begin(self, now: datetime) -> None:
        """Read what is due, in background: a cloud that hangs holds up nobody."""
        self._cancel_timer = None
        self._task = self._entry.async_create_background_task(
            self._hass,
            self._async_read_due(),
            f"{self._entry.title} - events",
            eager_start=False,
        )

    async def _async_read_due(self) -> None:
        """Read all that is due, one after the other."""
        try:
            self._async_update()
            while (target := self._schedule.take(time.monotonic())) is not None:
                await self._async_read(target)
                self._async_update()
        finally:
            self._task = None
            self._async_plan()

    @callback
    def _async_update(self) -> None:
        """Follow what is wanted, and which devices are offline."""
        now = time.monotonic()
        wanted: dict[_Target, Wanted] = {}
        readings: dict[_Target, _Reading] = {}
        for target, is_silent in self._wanted().items():
            reading = self._readings.get(target) or _Reading(wanted_at=now)
            reading.rests = reading.rests and is_silent
            readings[target] = reading
            wanted[target] = Wanted(is_online=not reading.rests)
        self._readings = readings
        self._schedule.update(wanted, now)

    def _wanted(self) -> Mapping[_Target, bool]:
        """Return all that somebody shows, and whether nothing new is to be expected."""
        if self._is_stopped:
            return {}
        return {
            _Target(product, device_name, event.type): (
                (device := product.devices.data.get(device_name)) is not None
                and device.status in _SILENT
                and not product.settings.get(CONF_SLEEPS)
            )
            for product in self._entry.runtime_data.products.values()
            if product.uses_properties and not product.is_stopped
            for device_name, events in product.event_listeners.wanted.items()
            if device_name in product.devices.names
            for event_id in events
            if (event := product.events.get(event_id))
        }

    async def _async_read(self, target: _Target) -> None:
        """Read once what is wanted, the whole last day if that was not read for an hour."""
        product, reading = target.product, self._readings[target]
        began_at = time.monotonic()
        memory = self._store.memory(
            product.product_id, target.device_name, target.event_type
        )
        is_day = memory is None or began_at - reading.day_at >= _HOUR
        try:
            history = await product.client.list_event_history(
                product.product_id,
                target.device_name,
                target.event_type,
                0 if memory is None or is_day else memory.start,
                origin=Origin.EVENTS,
            )
        except TencentIotError as err:
            self._note_failure(target, err, began_at)
            return
        if self._readings.get(target) is not reading:
            # Nobody wants it any more.
            return
        self._note_success(target)
        is_first = reading.is_first
        if is_day:
            reading.day_at = began_at
        if self._wanted().get(target):
            reading.rests = True
            self._async_update()
            self._schedule.postpone(target, began_at + _HOUR)
        shown_since = 0.0
        if is_first:
            seconds = time.monotonic() - reading.wanted_at + _FRESH
            shown_since = history.read_at - seconds * 1000
        await self._async_take(target, history, shown_since)

    def _note_success(self, target: _Target) -> None:
        """Let the next turn come; say it if this had failed before."""
        self._schedule.note_read(target, None, time.monotonic())
        product_id = target.product.product_id
        if product_id in self._failing:
            self._failing.remove(product_id)
            _LOGGER.info("Product %s: events can be read again", product_id)

    def _note_failure(
        self, target: _Target, err: TencentIotError, began_at: float
    ) -> None:
        """Try again at the next turn, or after an hour where that is of no use before.

        What every call may meet is logged or shown by others.
        """
        now = time.monotonic()
        self._schedule.note_failure(target, now)
        if isinstance(err, RateLimitError):
            self._schedule.note_limit(began_at, now)
        elif treatment(err).is_slow:
            for other in self._readings:
                if other.product is target.product:
                    self._schedule.postpone(other, now + _HOUR)
        product_id = target.product.product_id
        if (
            treatment(err).product
            and not treatment(err).is_slow
            and product_id not in self._failing
        ):
            self._failing.add(product_id)
            _LOGGER.warning(
                "Product %s: events cannot be read: %s: %s",
                product_id,
                type(err).__name__,
                err,
            )

    async def _async_take(
        self, target: _Target, history: EventHistory, shown_since: float
    ) -> None:
        """Show the events that are new, in order, but for those before some time.

        They are on disk as known before: should all end here, one may never be shown, but
        none is shown twice.
        """
        product, device_name = target.product, target.device_name
        memory = self._store.memory(product.product_id, device_name, target.event_type)
        if memory is None:
            self._store.begin(
                product.product_id,
                device_name,
                target.event_type,
                EventMemory.of_first(history, self._store.key_of),
            )
            return
        new = memory.take(history, self._store.key_of)
        due = {
            key: event
            for key, event in new.items()
            if event.occurred_at >= shown_since
            and product.event_listeners.of(device_name, event.event_id)
        }
        if not due:
            if new:
                self._store.async_save_later()
            return
        try:
            await self._store.async_save()
            while due:
                _show(product, device_name, due.pop(next(iter(due))))
                if due:
                    await asyncio.sleep(_APART)
        finally:
            # Where the entry is unloaded meanwhile they are new after that.
            memory.forget(due)


@callback
def _show(product: Product, device_name: str, event: EventRecord) -> None:
    """Let all who show an event do so."""
    for listener in product.event_listeners.of(device_name, event.event_id):
        listener(event)


_READERS: HassKey[dict[str, EventReader]] = HassKey(f"{DOMAIN}.event_readers")


@callback
def event_reader(hass: HomeAssistant, entry: TencentIotConfigEntry) -> EventReader:
    """Return what reads the events of a loaded entry."""
    return hass.data[_READERS][entry.entry_id]
