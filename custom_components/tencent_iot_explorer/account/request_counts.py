"""How many requests were sent for what on which day, so that anyone can see it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import cast

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..api import is_too_deep
from ..const import DOMAIN
from ..storage import PartsStore

# Lost counts do little harm, and the disk may be an SD card.
_SAVE_DELAY = 3600
_DAYS_KEPT = timedelta(days=31)
_LARGEST_COUNT = 2**53
# ProductId, call and origin.
_LEVELS_OF_A_DAY = 3

# By ProductId, call and origin.
type _Products = defaultdict[str, defaultdict[str, defaultdict[str, int]]]
type Counts = defaultdict[str, _Products]


class Origin(StrEnum):
    """What a request is made for."""

    TEMPLATE = "template"
    POLL = "poll"
    DIALOG = "dialog"
    BUTTON = "button"
    SERVICE = "service"
    VOICE = "voice"
    PROPERTIES = "properties"
    EVENTS = "events"
    ENTITY = "entity"
    PUSH = "push"


def _is_day(key: str) -> bool:
    """Return whether a key of the file is a day, as it is written."""
    day = dt_util.parse_date(key)
    return day is not None and day.isoformat() == key


def _counts_below(
    path: str, value: object, levels: int, damage: list[str]
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield each count that makes sense with the keys that lead to it."""
    if levels and isinstance(value, dict):
        for key, inner in cast(dict[str, object], value).items():
            for keys, count in _counts_below(
                f"{path}/{key}", inner, levels - 1, damage
            ):
                yield (key, *keys), count
    elif not levels and type(value) is int and 0 <= value < _LARGEST_COUNT:
        yield (), value
    else:
        damage.append(path)


def _no_products() -> _Products:
    """Return the counts of a day on which nothing was sent."""
    return defaultdict(partial(defaultdict, partial(defaultdict, int)))


class RequestCounts:
    """The requests of all entries in the last month."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing."""
        self._store = PartsStore(hass, f"{DOMAIN}.calls")
        self._counts: Counts = defaultdict(_no_products)
        self._unknown: dict[str, object] = {}
        self._is_loaded = False
        self._is_pending = False

    async def async_load(self) -> None:
        """Go on with what was counted before the start, as far as that makes sense.

        What is kept beside the days was written by a newer release.
        """
        data, damage = await self._store.async_read()
        self._is_loaded = True
        if not isinstance(data, dict | None):
            damage.append("all of it")
        elif data:
            days = cast(dict[str, object], data)
            self._take_over(days, damage)
        if damage and await self._store.async_put_aside(damage):
            await self._store.async_save(self._data())

    def _take_over(self, days: Mapping[str, object], damage: list[str]) -> None:
        """Add what was counted on each day."""
        for day, counted in days.items():
            if _is_day(day):
                for keys, count in _counts_below(
                    day, counted, _LEVELS_OF_A_DAY, damage
                ):
                    product_id, call, origin = keys
                    self._counts[day][product_id][call][origin] += count
            elif is_too_deep(counted):
                damage.append(day)
            else:
                self._unknown[day] = counted

    async def async_remove(self) -> None:
        """Forget all, also on disk."""
        self._counts.clear()
        self._unknown.clear()
        self._is_pending = False
        await self._store.async_remove()

    @callback
    def count(self, product_id: str, call: str, origin: str) -> None:
        """Count one request."""
        now = dt_util.now().date()
        today = now.isoformat()
        if today not in self._counts:
            first = (now - _DAYS_KEPT).isoformat()
            for day in [day for day in self._counts if day <= first]:
                del self._counts[day]
        self._counts[today][product_id][call][origin] += 1
        # A file that is about to be written would be read in place of the one there is,
        # and one that is put off with each request would never be written.
        if self._is_loaded and not self._is_pending:
            self._is_pending = True
            self._store.async_delay_save(self._data, _SAVE_DELAY)

    @property
    def today(self) -> int:
        """Return how many requests were sent today."""
        products = self._counts.get(dt_util.now().date().isoformat(), _no_products())
        return sum(
            count
            for calls in products.values()
            for origins in calls.values()
            for count in origins.values()
        )

    def of_product(
        self, product_id: str
    ) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
        """Return a product's requests by day, call and origin."""
        return {
            day: products[product_id]
            for day, products in self._counts.items()
            if product_id in products
        }

    def _data(self) -> Mapping[str, object]:
        """Return what the file is to hold."""
        self._is_pending = False
        return {**self._unknown, **self._counts}


_COUNTS: HassKey[RequestCounts] = HassKey(f"{DOMAIN}.call_counts")


@callback
def request_counts(hass: HomeAssistant) -> RequestCounts:
    """Return the counts, which are there before the first entry is."""
    if _COUNTS not in hass.data:
        hass.data[_COUNTS] = RequestCounts(hass)
    return hass.data[_COUNTS]
