"""One service call to many devices in a slow cloud, and a press beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
import sys

from homeassistant.config_entries import ConfigEntry, ConfigSubentryData
from homeassistant.core import HomeAssistant

from .fleet import LARGE, device_names
from .home import DOMAIN, add_account, add_application, entity_id, product, run
from .report import Row, rows_to_text
from .turns import seconds_of, service
from .yardsticks import OF_ACCOUNT, cloud_api, raw_post, service_api
from custom_components.tencent_iot_explorer.account.session import cloud_session
from custom_components.tencent_iot_explorer.api import Backend

GROUP = "fan-out"
DEVICES = 100
LATENCY = 50
AT_ONCE = 10
ROUNDS = 6
# A press comes at any moment of a round trip, while the larger part is still to be sent.
PRESSED_AFTER = [0.1 + 0.013 * index for index in range(12)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A kind of key: how an entry is added, and what its requests are signed by."""

    add: Callable[[HomeAssistant, str, ConfigSubentryData], Awaitable[ConfigEntry]]
    sign: Callable[[str], Backend]
    path: str
    name: str = ""


KEYS = (
    Key(add=add_application, sign=service_api, path="api"),
    Key(add=add_account, sign=cloud_api, path="", name=OF_ACCOUNT),
)


async def measure(hass: HomeAssistant, cloud: str, key: Key) -> list[Row]:
    """Return how long one service call to many devices takes, and a press beside it."""
    endpoint = f"{cloud}/{LATENCY}/{key.path}"
    names = device_names(DEVICES + 1)
    entry = await key.add(hass, endpoint, product(LARGE, names))
    targets = [f"{LARGE}/{name}" for name in names[:DEVICES]]
    pressed = entity_id(hass, "button", f"{LARGE}/{names[DEVICES]}/feed")
    press = service(hass, "button", "press", entity_id=pressed)
    ours = service(hass, DOMAIN, f"{LARGE.lower()}_feed", device_id=targets, portions=3)
    post = raw_post(cloud_session(hass), key.sign(endpoint))
    places = asyncio.Semaphore(AT_ONCE)

    async def post_in_turn() -> None:
        """Post a ready body as soon as there is a place."""
        async with places:
            await post()

    async def ideal() -> None:
        """Post as many bodies as there are devices, ten at a time."""
        await asyncio.gather(*(post_in_turn() for _ in targets))

    of_ideal: list[float] = []
    of_ours: list[float] = []
    for _ in range(ROUNDS):
        of_ideal.append(await seconds_of(ideal))
        of_ours.append(await seconds_of(ours))
    of_one: list[float] = []
    of_press: list[float] = []
    for pause in PRESSED_AFTER:
        of_one.append(await seconds_of(post))
        many = hass.async_create_task(ours())
        await asyncio.sleep(pause)
        of_press.append(await seconds_of(press))
        await many
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    return [
        Row(
            group=GROUP,
            name=f"one service call to {DEVICES} devices, {LATENCY} ms each{key.name}",
            value=median(of_ours[1:]) * 1000,
            unit="ms",
            ratio=median(of_ours[1:]) / median(of_ideal[1:]),
            against=f"raw, {AT_ONCE} at a time",
            target=1.15,
        ),
        Row(
            group=GROUP,
            name=f"a button press beside it{key.name}",
            value=median(of_press) * 1000,
            unit="ms",
            ratio=median(of_press) / median(of_one),
            against="raw, alone",
            target=2.0,
        ),
    ]


async def measure_keys(hass: HomeAssistant, cloud: str) -> list[Row]:
    """Return the rows of each kind of key."""
    return [row for key in KEYS for row in await measure(hass, cloud, key)]


if __name__ == "__main__":
    print(rows_to_text(run(lambda hass: measure_keys(hass, sys.argv[1]))))
