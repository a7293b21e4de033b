"""Which events are known, on disk, so that a restart makes none of them new."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
import json
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
        self._is_pending = False

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
        """Keep what is known after the first reading."""
        devices = self._memories.setdefault(product_id, {})
        devices.setdefault(device_name, {})[event_type] = memory
        self.async_save_later()

    async def async_save(self) -> None:
        """Write the file now."""
        await self._store.async_save(self._data())

    @callback
    def async_save_later(self) -> None:
        """Write the file within minutes, or when Home Assistant stops."""
        if not self._is_pending:
            self._is_pending = True
            self._store.async_delay_save(self._data, _SAVE_DELAY)

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
        self._is_pending = False
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
        self._is_pending = False
        return {
            product_id: {
                device_name: {
                    event_type: {"since": memory.since, "seen": dict(memory.seen)}
                    for event_type, memory in types.items()
                }
                for device_name, types in devices.items()
            }
            for product_id, devices in self._memories.items()
        }


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
    moments = cast(dict[str, object], seen)
    if not all(map(_is_moment, moments.values())):
        return None
    return EventMemory(since=cast(int, since), seen=cast(dict[str, int], moments))


def _is_moment(value: object) -> bool:
    """Return whether a value can be a time in milliseconds since 1970."""
    return type(value) is int and 0 <= value < _LARGEST


EVENT_STORE: HassKey[EventStore] = HassKey(f"{DOMAIN}.event_store")
