"""Several ways to do something, which take turns, so that noise hits all of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
import time

from homeassistant.core import HomeAssistant

WARM_UP = 50

type Way = Callable[[], Awaitable[object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Timed:
    """When something began and when it had ended, by the clock that all processes share."""

    way: str
    began: float
    ended: float


def service(hass: HomeAssistant, domain: str, name: str, **values: object) -> Way:
    """Return the call of a service."""
    return lambda: hass.services.async_call(domain, name, values, blocking=True)


async def seconds_of(way: Way) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    await way()
    return time.perf_counter() - start


async def take_turns(ways: dict[str, Way], repeats: int) -> list[Timed]:
    """Return each time that each of the ways took, in order, those to warm up as well."""
    timed: list[Timed] = []
    for _ in range(WARM_UP + repeats):
        for name, way in ways.items():
            began = time.monotonic()
            await way()
            timed.append(Timed(way=name, began=began, ended=time.monotonic()))
    return timed


def medians(timed: list[Timed]) -> dict[str, float]:
    """Return the median seconds of each way, once all are warm."""
    seconds: dict[str, list[float]] = {}
    for item in timed:
        seconds.setdefault(item.way, []).append(item.ended - item.began)
    return {name: median(values[WARM_UP:]) for name, values in seconds.items()}
