"""Reads what devices report, for all products of an entry."""

import asyncio
from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback

from ..account.request_counts import Origin
from ..api import Device, DeviceData, DeviceStatus, RateLimitError, TencentIotError
from ..errors import refusal, treatment
from ..runtime import Product, TencentIotConfigEntry
from .alarm import Alarm
from .follow_ups import FollowUps
from .schedule import Schedule, Wanted

# By a pace of the client's own, no more than five a second are sent of them.
MOST_READS_AT_ONCE = 4
# What is refused until somebody changes or pays something is not asked again before.
_REFUSED_SECONDS = 3600

type _Key = tuple[Product, str]


class PropertiesReader:
    """The one task that reads properties of an entry's devices, each when it is due.

    Only devices that somebody listens for are read. Whatever fails is tried again and
    shown by nothing but diagnostics: the coordinators report what a person can mend.
    """

    def __init__(self, hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
        """Read nothing yet."""
        self._hass = hass
        self._entry = entry
        self._schedule = Schedule[_Key](polls=not entry.pref_disable_polling)
        self._follow_ups = FollowUps[_Key]()
        self._reading: dict[_Key, asyncio.Task[DeviceData | TencentIotError]] = {}
        self._failures: dict[Product, TencentIotError] = {}
        # Until when the devices of a product are not read, but for one that tries.
        self._refused: dict[Product, float] = {}
        self._is_running = False
        self._looks_soon = False
        self._alarm = Alarm(hass, "read properties", self._async_go_on)

    def state(self, product: Product) -> Mapping[str, object]:
        """Return what is known of reading a product's devices."""
        failure = self._failures.get(product)
        return {
            "devices_read": len(_wanted(product)),
            "interval": self.interval(product),
            "failure": treatment(failure).text if failure else None,
            "failure_code": failure.code if failure else None,
        }

    def interval(self, product: Product) -> float:
        """Return after how many seconds each device of a product is read again."""
        if product.push.is_active:
            return self._schedule.pushed_interval
        return self._schedule.interval

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
        for task in self._reading.values():
            task.cancel()

    @callback
    def async_look(self) -> None:
        """Follow which devices are wanted, and what the cloud says of them."""
        if self._is_running and not self._looks_soon:
            # Once for all that changes in one go.
            self._looks_soon = True
            self._hass.loop.call_soon(self._async_look)

    @callback
    def async_follow_up(
        self, product: Product, device_name: str, *, needs_report: bool
    ) -> None:
        """Read a device some times soon, because something was done to it."""
        if self._is_running and device_name in product.values.wanted:
            newest = product.values.newest(device_name)
            self._follow_ups.begin(
                (product, device_name),
                newest,
                self._alarm.now,
                needs_report=needs_report,
            )
            self._async_go_on()

    @callback
    def async_note_pushed(self, product: Product, device_name: str) -> None:
        """Read a device no more for what was done to it, if that shows by now."""
        values = product.values
        self._follow_ups.note_read(
            (product, device_name),
            values.newest(device_name),
            self._alarm.now,
            is_held=values.is_held(device_name),
        )
        self._async_go_on()

    async def async_read(self, product: Product, device_name: str) -> DeviceData:
        """Read a device now, unless it is being read already; raises a TencentIotError."""
        task = self._async_begin((product, device_name))
        await asyncio.wait([task])
        if task.cancelled():
            device = product.device_label(device_name)
            raise refusal("being_reloaded", device=device, entry=self._entry.title)
        result = task.result()
        if isinstance(result, TencentIotError):
            raise result
        return result

    @callback
    def _async_look(self) -> None:
        """Take in what has changed, and let go of what is no longer there."""
        self._looks_soon = False
        if not self._is_running:
            return
        products = self._entry.runtime_data.products.values()
        for noted in (self._failures, self._refused):
            for product in noted.keys() - products:
                del noted[product]
        wanted: dict[_Key, Wanted] = {}
        for product in products:
            values, names = product.values, product.devices.names
            values.async_forget([item for item in values.reported if item not in names])
            wanted |= {(product, name): item for name, item in _wanted(product).items()}
        self._schedule.update(wanted, self._alarm.now)
        self._follow_ups.keep(wanted.keys())
        self._async_go_on()

    @property
    def _next_at(self) -> float:
        """Return when anything is due, infinity if nothing is."""
        return min(self._schedule.next_at, self._follow_ups.next_at)

    @callback
    def _async_go_on(self) -> None:
        """Begin what is due, as far as it may be, and come back when something else is."""
        if not self._is_running:
            return
        self._alarm.async_cancel()
        while (
            len(self._reading) < MOST_READS_AT_ONCE and self._next_at <= self._alarm.now
        ):
            key = self._follow_ups.take(self._alarm.now) or self._schedule.take(
                self._alarm.now
            )
            if key is None:
                break
            if self._refused.get(key[0], 0) > self._alarm.now:
                self._schedule.note_failure(key, self._alarm.now)
            elif not key[0].is_stopped and key[1] in key[0].values.wanted:
                self._async_begin(key)
        if len(self._reading) < MOST_READS_AT_ONCE:
            self._alarm.async_set(self._next_at)

    @callback
    def _async_begin(self, key: _Key) -> asyncio.Task[DeviceData | TencentIotError]:
        """Begin to read a device, unless that is under way."""
        if key in self._reading:
            return self._reading[key]
        if key[0] in self._refused:
            # The others wait for what becomes of this one.
            self._refused[key[0]] = self._alarm.now + _REFUSED_SECONDS
        self._reading[key] = task = self._entry.async_create_background_task(
            self._hass,
            self._async_try(key, self._alarm.now),
            f"{key[0].product_id}/{key[1]} - properties",
            eager_start=False,
        )
        return task

    async def _async_try(
        self, key: _Key, started_at: float
    ) -> DeviceData | TencentIotError:
        """Return what a device reported, or why it cannot be read."""
        product, device_name = key
        pushes = product.values.pushes
        try:
            data = await product.client.describe_device_data(
                product.product_id, device_name, origin=Origin.PROPERTIES
            )
        except TencentIotError as err:
            self._note_failure(key, err, started_at)
            return err
        else:
            self._note_read(key, data, started_at, pushes)
            return data
        finally:
            del self._reading[key]
            self._async_go_on()

    def _note_read(
        self, key: _Key, data: DeviceData, started_at: float, pushes: int
    ) -> None:
        """Keep what a device reported."""
        product, device_name = key
        self._failures.pop(product, None)
        self._refused.pop(product, None)
        if product.is_stopped or device_name not in product.devices.names:
            return
        is_missed = product.values.async_take(device_name, data.reports, pushes)
        # Of others nothing is kept that was pushed.
        if is_missed and device_name in product.values.wanted:
            product.push.async_note_missed()
        newest = product.values.newest(device_name)
        self._schedule.note_read(key, newest, self._alarm.now)
        self._follow_ups.note_read(
            key, newest, started_at, is_held=product.values.is_held(device_name)
        )

    def _note_failure(self, key: _Key, err: TencentIotError, started_at: float) -> None:
        """Take in why a device could not be read."""
        product, _ = key
        self._failures[product] = err
        self._refused.pop(product, None)
        if treatment(err).is_slow:
            self._refused[product] = self._alarm.now + _REFUSED_SECONDS
        if isinstance(err, RateLimitError):
            self._schedule.note_limit(started_at, self._alarm.now)
        self._schedule.note_failure(key, self._alarm.now)


@callback
def _wanted(product: Product) -> Mapping[str, Wanted]:
    """Return those devices of a product that are wanted and that there are.

    None is read before it is known which ones are online.
    """
    devices = product.devices
    if product.is_stopped or not (devices.is_read or devices.failure):
        return {}
    return {
        name: _describe(product, devices.data.get(name))
        for name in product.values.wanted
        if name in devices.names and (name in devices.data or not devices.is_read)
    }


def _describe(product: Product, device: Device | None) -> Wanted:
    """Return what is known of a device; the cloud may not have found out its status."""
    if device is None:
        return Wanted(is_online=True)
    return Wanted(
        is_online=device.status
        not in (DeviceStatus.OFFLINE, DeviceStatus.NOT_ACTIVATED),
        sleeps=product.sleeps and device.status is not DeviceStatus.NOT_ACTIVATED,
        is_pushed=product.push.is_active,
        login_time=device.login_time,
    )
