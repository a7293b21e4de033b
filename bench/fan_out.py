"""One service call to many devices in a slow cloud, beside the ideal."""

import asyncio
from statistics import median
import sys
import time

from homeassistant.const import CONTENT_TYPE_JSON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .calls import ready_body
from .fleet import LARGE, device_names
from .home import DOMAIN, add_application, product, run
from .report import Row, rows_to_text

DEVICES = 100
LATENCY = 50
AT_ONCE = 8


async def measure(hass: HomeAssistant, endpoint: str) -> list[Row]:
    """Return how long one service call to many devices takes."""
    await add_application(hass, endpoint, product(LARGE, device_names(DEVICES)))
    session = async_get_clientsession(hass)
    body = ready_body()
    targets = [f"{LARGE}/{name}" for name in device_names(DEVICES)]
    slots = asyncio.Semaphore(AT_ONCE)

    async def post() -> None:
        """Post a ready body as soon as there is a slot."""
        async with (
            slots,
            session.post(
                endpoint, data=body, headers={"Content-Type": CONTENT_TYPE_JSON}
            ) as response,
        ):
            await response.read()

    async def ideal() -> None:
        """Post all bodies, eight at a time."""
        await asyncio.gather(*(post() for _ in targets))

    async def ours() -> None:
        """Call the service for all devices."""
        await hass.services.async_call(
            DOMAIN,
            f"{LARGE.lower()}_feed",
            {"device_id": targets, "portions": 3},
            blocking=True,
        )

    seconds: dict[str, list[float]] = {"ideal": [], "ours": []}
    for _ in range(6):
        for name, way in (("ideal", ideal), ("ours", ours)):
            start = time.perf_counter()
            await way()
            seconds[name].append(time.perf_counter() - start)
    ours_median = median(seconds["ours"][1:])
    return [
        Row(
            group="fan-out",
            name=f"one service call to {DEVICES} devices, {LATENCY} ms each",
            value=ours_median * 1000,
            unit="ms",
            ratio=ours_median / median(seconds["ideal"][1:]),
            against=f"raw, {AT_ONCE} at a time",
            target=1.15,
        )
    ]


if __name__ == "__main__":
    address = f"{sys.argv[1]}/{LATENCY}/api"
    print(rows_to_text(run(lambda hass: measure(hass, address))))
