"""Reads the events of devices, for all products of an entry, and has each shown once."""

import asyncio
from collections.abc import Mapping
import logging

from homeassistant.core import HomeAssistant, callback

from ..account.request_counts import Origin
from ..api import MOST_PER_SECOND, EventType, RateLimitError, TencentIotError
from ..errors import treatment
from ..product.event_store import EVENT_STORE
from ..runtime import Product, TencentIotConfigEntry
from .alarm import Alarm
from .event_targets import EventReading, EventTarget, wanted_targets
from .new_events import async_show_new
from .schedule import Schedule, Wanted

_LOGGER = logging.getLogger(__name__)
INTERVAL = 120
PER_SECOND = MOST_PER_SECOND["ListEventHistory"]
# How often a whole day is read, what is refused is tried, and offline devices are read.
_HOUR = 3600
# In seconds. What happened before a start is shown if it is not older.
_FRESH = 600


class EventsReader:
    """The one task that reads events of an entry's devices, each type when it is due.

    Only what somebody shows is read. A device that is offline is read once more, whenever
    it was online in between, and each hour, because it reports nothing new.
    """

    def __init__(self, hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
        """Read nothing yet."""
        self._hass = hass
        self._entry = entry
        self._store = hass.data[EVENT_STORE]
        self._schedule = Schedule[EventTarget](
            interval=INTERVAL,
            per_second=PER_SECOND,
            slows_down=False,
            polls=not entry.pref_disable_polling,
        )
        self._readings: dict[EventTarget, EventReading] = {}
        self._failures: dict[Product, TencentIotError] = {}
        self._logged: set[Product] = set()
        # Until when nothing of a product is read.
        self._refused: dict[Product, float] = {}
        self._is_running = False
        self._looks_soon = False
        self._task: asyncio.Task[None] | None = None
        self._asked: dict[tuple[Product, str], asyncio.Task[None]] = {}
        self._alarm = Alarm(hass, "read events", self._async_go_on)

    def state(self, product: Product) -> Mapping[str, object]:
        """Return what is known of reading the events of a product's devices."""
        failure = self._failures.get(product)
        devices = {
            target.device_name for target in self._readings if target.product is product
        }
        return {
            "devices_read": len(devices),
            "interval": self.interval(product),
            "failure": treatment(failure).text if failure else None,
            "failure_code": failure.code if failure else None,
        }

    def interval(self, product: Product) -> float:
        """Return after how many seconds each type of each device is read again."""
        if product.push.is_active:
            return self._schedule.pushed_interval
        return self._schedule.interval

    def first_shown(
        self, product: Product, device_name: str, event_type: EventType, now: float
    ) -> float:
        """Return since when events are shown that are found at first, in milliseconds.

        What happened since somebody wants them is, however long the first reading took.
        """
        target = EventTarget(product, device_name, event_type)
        reading = self._readings.get(target)
        wanted_at = reading.wanted_at if reading else self._alarm.now
        return now - (self._alarm.now - wanted_at + _FRESH) * 1000

    @callback
    def async_start(self) -> None:
        """Read from now on."""
        self._is_running = True
        self.async_look()

    @callback
    def async_stop(self) -> None:
        """Read no more."""
        self._is_running = False
        self._alarm.async_cancel()

    @callback
    def async_look(self) -> None:
        """Follow which events are wanted, and what the cloud says of the devices."""
        if self._is_running and not self._looks_soon:
            # Once for all that changes in one go.
            self._looks_soon = True
            self._hass.loop.call_soon(self._async_look)

    async def async_read(self, product: Product, device_name: str) -> None:
        """Read the events of a device now, as far as they are wanted.

        Who asks while that goes on, as several entities of it do, waits for the same.
        """
        key = (product, device_name)
        if not (task := self._asked.get(key)):
            task = self._asked[key] = self._entry.async_create_background_task(
                self._hass,
                self._async_read_device(*key),
                f"{product.product_id}/{device_name} - events",
                eager_start=False,
            )
        await asyncio.wait([task])

    async def _async_read_device(self, product: Product, device_name: str) -> None:
        """Read all that is wanted of a device."""
        try:
            self._async_follow()
            for target in list(self._readings):
                if target.product is product and target.device_name == device_name:
                    await self._async_read(target)
        finally:
            del self._asked[product, device_name]
            self._async_go_on()

    @callback
    def _async_look(self) -> None:
        """Take in what has changed."""
        self._looks_soon = False
        self._async_follow()
        self._async_go_on()

    @callback
    def _async_go_on(self) -> None:
        """Read what is due, in background, or come back when something is."""
        self._alarm.async_cancel()
        if not self._is_running or self._task is not None:
            return
        if self._schedule.next_at > self._alarm.now:
            self._alarm.async_set(self._schedule.next_at)
            return
        self._task = self._entry.async_create_background_task(
            self._hass,
            self._async_read_due(),
            f"{self._entry.title} - events",
            eager_start=False,
        )

    async def _async_read_due(self) -> None:
        """Read all that is due, one after the other."""
        try:
            while (target := self._schedule.take(self._alarm.now)) is not None:
                if self._refused.get(target.product, 0) > self._alarm.now:
                    self._schedule.note_failure(target, self._alarm.now)
                else:
                    await self._async_read(target)
        finally:
            self._task = None
            self._async_go_on()

    @callback
    def _async_follow(self) -> None:
        """Follow what is wanted, and whether it is read in turn."""
        now = self._alarm.now
        # In their order, so that all have their turns in the same.
        products = dict.fromkeys(
            self._entry.runtime_data.products.values() if self._is_running else ()
        )
        self._readings = {
            target: self._readings.get(target) or EventReading(wanted_at=now)
            for product in products
            for target in wanted_targets(product)
        }
        for target, reading in self._readings.items():
            reading.rests = reading.rests and target.is_silent
        self._logged &= products.keys()
        for noted in (self._failures, self._refused):
            for product in noted.keys() - products.keys():
                del noted[product]
        self._schedule.update(
            {
                target: Wanted(
                    is_online=not reading.rests,
                    is_pushed=target.product.push.is_active,
                    login_time=target.login_time,
                )
                for target, reading in self._readings.items()
            },
            now,
        )

    async def _async_read(self, target: EventTarget) -> None:
        """Read something once: the last day if it was not read for an hour, else less."""
        began_at = self._alarm.now
        product, reading = target.product, self._readings.get(target)
        if reading is None:
            return
        memory = self._store.memory(*target.path)
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
        if self._readings.get(target) is reading:
            since = 0.0
            if reading.is_first:
                since = self.first_shown(
                    product, target.device_name, target.event_type, history.read_at
                )
            if is_day:
                reading.day_at = began_at
            self._note_read(target, reading)
            await async_show_new(self._store, product, target.path, history, since)

    def _note_read(self, target: EventTarget, reading: EventReading) -> None:
        """Take in that something was read, which comes back at its turn, or in an hour."""
        self._schedule.note_read(target, None, self._alarm.now)
        self._failures.pop(target.product, None)
        self._refused.pop(target.product, None)
        if target.is_silent:
            reading.rests = True
            self._async_follow()
            self._schedule.postpone(target, self._alarm.now + _HOUR)
        if target.product in self._logged:
            self._logged.remove(target.product)
            _LOGGER.info(
                "Product %s: events can be read again", target.product.product_id
            )

    def _note_failure(
        self, target: EventTarget, err: TencentIotError, began_at: float
    ) -> None:
        """Take in that something could not be read, which is tried again at its turn.

        Where that is of no use before somebody changes or pays something, all of the
        product waits for an hour. What others report is not logged here.
        """
        now, product = self._alarm.now, target.product
        self._failures[product] = err
        self._schedule.note_failure(target, now)
        if isinstance(err, RateLimitError):
            self._schedule.note_limit(began_at, now)
        elif treatment(err).is_slow:
            self._refused[product] = now + _HOUR
        elif treatment(err).product and product not in self._logged:
            self._logged.add(product)
            _LOGGER.warning(
                "Product %s: events cannot be read: %s: %s",
                product.product_id,
                type(err).__name__,
                err,
            )
