"""How many requests were sent for what on which day, so that anyone can see it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .api.models import Origin
from .const import DOMAIN
from .schema import vol

_VERSION = 1
# Lost counts do little harm, and the disk may be an SD card.
_SAVE_DELAY = 3600
_DAYS_KEPT = timedelta(days=31)

# By ProductId, call and origin.
type _Products = defaultdict[str, defaultdict[str, defaultdict[str, int]]]
type Counts = defaultdict[str, _Products]

_SCHEMA = vol.Schema({str: {str: {str: {str: int}}}})


def _no_products() -> _Products:
    """Return the counts of a day on which nothing was sent."""
    return defaultdict(partial(defaultdict, partial(defaultdict, int)))


class CallCounts:
    """The requests of all applications in the last month."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing."""
        self._store: Store[Counts] = Store(
            hass, _VERSION, f"{DOMAIN}.calls", atomic_writes=True
        )
        self._counts: Counts = defaultdict(_no_products)
        self._is_loaded = False
        self._is_pending = False

    async def async_load(self) -> None:
        """Go on with what was counted before the start; nonsense is counted anew."""
        loaded = await self._store.async_load()
        self._is_loaded = True
        try:
            stored: dict[str, dict[str, dict[str, dict[str, int]]]] = _SCHEMA(
                loaded or {}
            )
        except vol.Invalid:
            return
        for day, products in stored.items():
            for product_id, calls in products.items():
                for call, origins in calls.items():
                    for origin, count in origins.items():
                        self._counts[day][product_id][call][origin] += count

    async def async_remove(self) -> None:
        """Forget all, also on disk."""
        self._counts.clear()
        self._is_pending = False
        await self._store.async_remove()

    @callback
    def count(self, product_id: str, call: str, origin: Origin) -> None:
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

    def _data(self) -> Counts:
        """Return what the file is to hold."""
        self._is_pending = False
        return self._counts


_COUNTS: HassKey[CallCounts] = HassKey(f"{DOMAIN}.call_counts")


@callback
def call_counts(hass: HomeAssistant) -> CallCounts:
    """Return the counts, which are there before the first application is."""
    if _COUNTS not in hass.data:
        hass.data[_COUNTS] = CallCounts(hass)
    return hass.data[_COUNTS]
