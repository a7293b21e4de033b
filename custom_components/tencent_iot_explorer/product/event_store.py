"""Which events are known, on disk, so that a restart makes none of them new."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from itertools import chain
import json
import math
from secrets import token_bytes
from typing import cast

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import instance_id
from homeassistant.util.hass_dict import HassKey

from ..api import EventRecord, EventType
from ..const import DOMAIN
from ..storage import PartsStore
from .event_memory import EventMemory

_SAVE_DELAY = 300
# A file of more events is not written for each new one: the disk may be an SD card.
_FEW = 1000
_KNOWN_PER_SECOND = 250
_LARGEST = 2**53

type _Memories = dict[str, dict[str, dict[str, EventMemory]]]


class EventStore:
    """What is known of the events of all products, by ProductId, DeviceName and type.

    Of an event nothing is kept but when it was and a hash, which without the id of this
    Home Assistant proves nothing: a code of four digits could be guessed otherwise.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing."""
        self._hass = hass
        self._store = PartsStore(hass, f"{DOMAIN}.events")
        self._memories: _Memories = {}
        self._secret = token_bytes()
        # When the file will have been written, and before when it is not written at once.
        self._due = math.inf
        self._rests_until = 0.0

    async def async_load(self) -> None:
        """Go on with what was known before the start, as far as that makes sense."""
        # A disk that cannot be written keeps neither that id nor this file.
        with suppress(OSError):
            self._secret = (await instance_id.async_get(self._hass)).encode()
        data, damage = await self._store.async_read()
        for path, memory in _parse(data, damage):
            product_id, device_name, event_type = path
            devices = self._memories.setdefault(product_id, {})
            devices.setdefault(device_name, {})[event_type] = memory
        if damage and await self._store.async_put_aside(damage):
            await self.async_save()

    def key_of(self, event: EventRecord) -> str:
        """Return what an event is known by: its id, its time and all that came with it."""
        data = event.data
        if event.parameters:
            # The order and the spaces of what the cloud writes are not always the same.
            data = json.dumps(event.parameters, sort_keys=True)
        text = f"{event.event_id}\0{event.occurred_at}\0{data}"
        return blake2b(text.encode(), key=self._secret[:64], digest_size=9).hexdigest()

    def memory(
        self, product_id: str, device_name: str, event_type: EventType
    ) -> EventMemory | None:
        """Return what is known of the events of a device, none before the first reading."""
        devices = self._memories.get(product_id, {})
        return devices.get(device_name, {}).get(event_type)

    @callback
    def begin(
        self,
        product_id: str,
        device_name: str,
        event_type: EventType,
        memory: EventMemory,
    ) -> None:
        """Keep what is known after the first reading, or the first push before it."""
        devices = self._memories.setdefault(product_id, {})
        devices.setdefault(device_name, {})[event_type] = memory
        self.async_save_later()

    async def async_save(self) -> None:
        """Write the file now; a large one that was written lately, as soon as may be."""
        pause = self._rests_until - self._hass.loop.time()
        if pause > 0:
            self._async_save_within(pause)
        else:
            await self._store.async_save(self._data())

    @callback
    def async_save_later(self) -> None:
        """Write the file within minutes, or when Home Assistant stops."""
        self._async_save_within(_SAVE_DELAY)

    @callback
    def _async_save_within(self, seconds: float) -> None:
        """Write the file after so many seconds, unless it will be written before."""
        due = self._hass.loop.time() + seconds
        if due < self._due:
            self._due = due
            self._store.async_delay_save(self._data, seconds)

    @callback
    def async_keep_only(self, product_ids: Iterable[str]) -> None:
        """Forget the products that nobody has configured any more."""
        self._forget(self._memories, set(product_ids))

    @callback
    def async_keep_devices(self, product_id: str, names: Collection[str]) -> None:
        """Forget the devices that a product does not have any more."""
        self._forget(self._memories.get(product_id, {}), names)

    async def async_remove(self) -> None:
        """Forget all, also on disk."""
        self._memories.clear()
        self._due = math.inf
        await self._store.async_remove()

    def _forget[T](self, memories: dict[str, T], kept: Collection[str]) -> None:
        """Forget what is not to be kept."""
        gone = [key for key in memories if key not in kept]
        for key in gone:
            del memories[key]
        if gone:
            self.async_save_later()

    def _data(self) -> Mapping[str, object]:
        """Return what the file is to hold."""
        self._due = math.inf
        known = sum(
            memory.count
            for devices in self._memories.values()
            for types in devices.values()
            for memory in types.values()
        )
        if known > _FEW:
            pause = known / _KNOWN_PER_SECOND
            self._rests_until = self._hass.loop.time() + pause
        return {
            product_id: {
                device_name: {
                    event_type: _stored(memory) for event_type, memory in types.items()
                }
                for device_name, types in devices.items()
            }
            for product_id, devices in self._memories.items()
        }


def _stored(memory: EventMemory) -> Mapping[str, object]:
    """Return what the file is to hold of the events of one type, while others come."""
    stored: dict[str, object] = {"since": memory.since, "seen": dict(memory.seen)}
    if memory.matched:
        stored["matched"] = dict(memory.matched)
    if memory.pushed:
        stored["pushed"] = {key: list(at) for key, at in memory.pushed.items()}
    return stored


def _parse(
    data: object, damage: list[str]
) -> Iterator[tuple[tuple[str, str, str], EventMemory]]:
    """Yield each part that makes sense with where it stands; no file has no parts."""
    if data is None:
        return
    for product_id, devices in _items(data, "all of it", damage):
        for device_name, types in _items(devices, product_id, damage):
            path = f"{product_id}/{device_name}"
            for event_type, stored in _items(types, path, damage):
                if memory := _parse_memory(stored):
                    yield (product_id, device_name, event_type), memory
                else:
                    damage.append(f"{path}/{event_type}")


def _items(value: object, path: str, damage: list[str]) -> Iterable[tuple[str, object]]:
    """Return the parts of an object."""
    if isinstance(value, dict):
        return cast(dict[str, object], value).items()
    damage.append(path)
    return ()


def _parse_memory(stored: object) -> EventMemory | None:
    """Return what is known of a device's events, none if any of it makes no sense.

    Without a part of it something might be new twice. Without all of it nothing is.
    """
    if not isinstance(stored, dict):
        return None
    values = cast(dict[str, object], stored)
    since, seen = values.get("since"), values.get("seen")
    if not _is_moment(since) or not isinstance(seen, dict):
        return None
    # Without pushes there is none of them.
    matched, pushed = values.get("matched", {}), values.get("pushed", {})
    if not isinstance(matched, dict) or not isinstance(pushed, dict):
        return None
    lists = list(cast(dict[str, object], pushed).values())
    if not all(isinstance(moments, list) for moments in lists):
        return None
    moments: Iterable[object] = chain(
        cast(dict[str, object], seen).values(),
        cast(dict[str, object], matched).values(),
        *cast(list[list[object]], lists),
    )
    if not all(map(_is_moment, moments)) or not matched.keys() <= seen.keys():
        return None
    return EventMemory(
        since=cast(int, since),
        seen=cast(dict[str, int], seen),
        matched=cast(dict[str, int], matched),
        pushed=cast(dict[str, list[int]], pushed),
    )


def _is_moment(value: object) -> bool:
    """Return whether a value can be a time in milliseconds since 1970."""
    return type(value) is int and 0 <= value < _LARGEST


EVENT_STORE: HassKey[EventStore] = HassKey(f"{DOMAIN}.event_store")
