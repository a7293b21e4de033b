"""Presses of a button in a far cloud with one kind of key, in a process of its own."""

import asyncio
from dataclasses import asdict, dataclass
import json

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .ask import ask
from .fleet import SMALL, device_names
from .home import add_account, add_application, entity_id, product
from .turns import Way, seconds_of, service
from .warp import Warp
from .yardsticks import cloud_api, raw_post, service_api
from custom_components.tencent_iot_explorer.account.session import cloud_session

WARM = 20
COLD = 5
# What a connection takes that was closed at the other end to be known as closed.
UNTIL_CLOSED = 0.2
# Until a request that was begun has been sent, and is not answered yet.
UNTIL_SENT = 0.01
NEARLY_A_MINUTE = 58


@dataclass(frozen=True, kw_only=True)
class Presses:
    """The seconds of each press, and of each ready body that was posted."""

    warm: list[float]
    cold: list[float]
    beside_poll: list[float]
    after_a_minute: list[float]
    raw_warm: list[float]
    raw_cold: list[float]
    shared_after_a_minute: list[float]


async def measure(
    hass: HomeAssistant, warp: Warp, cloud: str, far: str, access: str
) -> str:
    """Return the presses of one button, with all connections in all states."""
    is_account = access == "account"
    endpoint = f"{far}/0/" if is_account else f"{far}/0/api"
    add = add_account if is_account else add_application
    entry = await add(hass, endpoint, product(SMALL[0], device_names(1)))
    await hass.async_block_till_done(wait_background_tasks=True)
    (configured,) = entry.runtime_data.products.values()
    poll = configured.devices.async_refresh
    button = entity_id(hass, "button", f"{SMALL[0]}/device-0001/feed")
    press = service(hass, "button", "press", entity_id=button)
    sessions = (cloud_session(hass), async_get_clientsession(hass))
    backend = cloud_api(endpoint) if is_account else service_api(endpoint)
    raw, shared = (raw_post(session, backend) for session in sessions)

    async def close() -> None:
        """Let the cloud close all connections."""
        await ask(hass, cloud, "close")
        await asyncio.sleep(UNTIL_CLOSED)

    async def cold(way: Way) -> float:
        """Return how long something takes without any connection."""
        await close()
        return await seconds_of(way)

    async def beside_poll() -> float:
        """Return how long a press takes while the only connection is in use."""
        await close()
        await press()
        polling = hass.async_create_task(poll())
        await asyncio.sleep(UNTIL_SENT)
        seconds = await seconds_of(press)
        await polling
        return seconds

    async def later(way: Way) -> float:
        """Return how long something takes nearly a minute after a poll and itself."""
        await way()
        await poll()
        warp.sessions = sessions
        await asyncio.sleep(NEARLY_A_MINUTE)
        warp.sessions = ()
        return await seconds_of(way)

    await press()
    await raw()
    presses = Presses(
        warm=[await seconds_of(press) for _ in range(WARM)],
        raw_warm=[await seconds_of(raw) for _ in range(WARM)],
        cold=[await cold(press) for _ in range(COLD)],
        raw_cold=[await cold(raw) for _ in range(COLD)],
        beside_poll=[await beside_poll() for _ in range(COLD)],
        after_a_minute=[await later(press) for _ in range(COLD)],
        shared_after_a_minute=[await later(shared) for _ in range(COLD)],
    )
    return json.dumps(asdict(presses))
