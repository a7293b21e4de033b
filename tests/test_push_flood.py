"""A flood of messages leaves what it should, and Home Assistant answers all along."""

import asyncio
from collections import Counter, defaultdict
import json
import logging
import random
import time
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from .entities import press, record_events, state_of
from .events import FORCED, HISTORY, OPENED
from .floods import Connection, newest, outcome_of, spoilt_messages
from .helpers import FEEDER, Cloud, product
from .plugs import PLUG_PROPERTIES, READ
from .pushes import WEBHOOK_ID, console_rule, make_pushed
from .test_push_webhook import today
from emulator import EmulatedDevice, EmulatedProduct
from emulator.forwarding import Forwarded
from emulator.products import template

SEED = 18
PRODUCTS = ("OVEN", "DOOR", "TANK")
DEVICES = ("a", "b", "c", "clockless")
PLATFORMS = {"level": "number", "used": "sensor", "power": "switch", "word": "text"}
REPORTS = 7000
EVENTS = 480
RUNS = 60
SPOILT = 1200
# Of what is sent by connections of our own: of the rest each comes twice.
AGAIN = 860
FORWARDED = 400
CONNECTIONS = 6
MESSAGES = REPORTS + EVENTS + RUNS + AGAIN + FORWARDED + SPOILT


def add_products(cloud: Cloud, address: str) -> None:
    """Let products have devices that report and raise events, and rules that forward it."""
    for product_id in PRODUCTS:
        devices = {name: EmulatedDevice(name=name) for name in DEVICES}
        # Of what has no time the message's does, which is one of whole seconds.
        devices["clockless"].with_timestamps = False
        cloud.emulator.products[product_id] = EmulatedProduct(
            product_id=product_id,
            template=template(
                product_id, properties=PLUG_PROPERTIES, events=[OPENED, FORCED]
            ),
            devices=devices,
        )
    for product_id in (*PRODUCTS, "FEEDER2026"):
        console_rule(cloud, address, product_id)


async def report_all(cloud: Cloud, chance: random.Random) -> None:
    """Let devices report now this and now that, at moments that follow each other."""
    start = int(time.time() * 1000) - REPORTS
    for number in range(REPORTS):
        # What devices send is heard by and by.
        await asyncio.sleep(0)
        values = {
            "level": number * 2 % 102,
            "used": number % 1000 / 10,
            "power": number % 2,
            "word": f"w{number % 977}",
        }
        keys = chance.sample(list(values), chance.choice((1, 1, 2, 4)))
        devices = cloud.emulator.products[PRODUCTS[number % 3]].devices
        devices[chance.choice(DEVICES)].report(
            start + number, **{key: values[key] for key in keys}
        )


async def raise_all(cloud: Cloud) -> Counter[tuple[str, str, int]]:
    """Let devices raise events, of which two are alike; return how often which one was."""
    raised: Counter[tuple[str, str, int]] = Counter()
    for number in range(EVENTS):
        await asyncio.sleep(0)
        product_id, name = PRODUCTS[number % 3], DEVICES[number // 3 % 4]
        times = 1000 + number // 24
        raised[product_id, name, times] += 1
        devices = cloud.emulator.products[product_id].devices
        devices[name].raise_event("opened", "info", {"times": times})
    return raised


async def run_all(hass: HomeAssistant, cloud: Cloud) -> None:
    """Run actions whose devices have not answered yet, each second one in vain."""
    device = cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"]
    device.holds_replies = True
    for number in range(RUNS):
        device.reply_code = number % 2
        await press(hass, "FEEDER2026/kitchen-feeder/cleanBowl")
    device.send_replies()


class Flood:
    """All messages on their way: some by the forwarder, twice, the others by us."""

    def __init__(
        self, hass: HomeAssistant, cloud: Cloud, chance: random.Random
    ) -> None:
        """Count what is answered."""
        self.answered = 0
        self.goes_on = asyncio.Event()
        self.statuses: Counter[int] = Counter()
        self._hass = hass
        self._cloud = cloud
        self._chance = chance
        self._has_begun = asyncio.Event()
        self._messages: list[tuple[bytes, str]] = []

    async def run(self, spoilt: list[tuple[bytes, str]]) -> None:
        """Send all, in any order."""
        forwarder = self._cloud.emulator.forwarder
        forwarder.twice = True
        forwarder.pause = self._pause
        forwarder.on_try = self._note_try
        self._messages += spoilt
        await asyncio.gather(
            forwarder.release(self._share_out),
            *(self._send_all() for _ in range(CONNECTIONS)),
        )
        self._cloud.emulator.outbound.unreachable.clear()

    def _share_out(self, collected: list[Forwarded]) -> None:
        """Leave some to the forwarder, and some of the others to two connections."""
        self._chance.shuffle(collected)
        others = [
            json.dumps(item.message, ensure_ascii=False).encode()
            for item in collected[FORWARDED:]
        ]
        del collected[FORWARDED:]
        others += self._chance.sample(others, AGAIN)
        self._messages += [(body, "") for body in others]
        self._chance.shuffle(self._messages)
        self._has_begun.set()

    async def _send_all(self) -> None:
        """Send one message after another by one connection."""
        await self._has_begun.wait()
        connection = Connection(self._hass)
        while self._messages:
            status = await connection.send(*self._messages.pop())
            self._note(status)
        connection.close()

    def _note(self, status: int) -> None:
        """Count an answer."""
        self.answered += 1
        self.statuses[status] += 1
        if self.answered % 40 == 0:
            self.goes_on.set()

    def _note_try(self, forwarded: Forwarded) -> None:
        """Count an answer, and be away for what comes next now and then."""
        if (status := forwarded.statuses[-1]) is None:
            return
        self._note(status)
        if self.statuses[200] % 20 == 0:
            self._cloud.emulator.outbound.unreachable.add("127.0.0.1")

    async def _pause(self, seconds: float) -> None:
        """Be there again before the next try, and let others come first."""
        self._cloud.emulator.outbound.unreachable.clear()
        for _ in range(50):
            await asyncio.sleep(0)


def shown_events(
    hass: HomeAssistant, states: list[State]
) -> Counter[tuple[str, str, int]]:
    """Return how often which event of which device was shown."""
    registry = er.async_get(hass)
    shown: Counter[tuple[str, str, int]] = Counter()
    for state in states:
        if times := state.attributes.get("times"):
            unique_id = registry.entities[state.entity_id].unique_id
            product_id, name, _ = unique_id.split("/")
            shown[product_id, name, times] += 1
    return shown


def assert_completed(states: list[State]) -> None:
    """Insist that each run was accepted, and then completed once by its own answer."""
    ends: defaultdict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for state in states:
        if token := state.attributes.get("client_token"):
            end = state.attributes["event_type"], state.attributes.get("code")
            ends[token].append(end)
    assert list(ends.values()) == [
        [("accepted", None), ("failed", 1) if number % 2 else ("replied", 0)]
        for number in range(RUNS)
    ]


async def ask_along(client: TestClient[Any, Any], flood: Flood) -> list[int]:
    """Ask another page again and again; return how much each answer had to wait for."""
    waited: list[int] = []
    while flood.answered < MESSAGES:
        await flood.goes_on.wait()
        flood.goes_on.clear()
        before = flood.answered
        async with client.get("/api/states/sun.sun") as response:
            assert (await response.json())["state"] == "up"
        waited.append(flood.answered - before)
    return waited


@pytest.mark.usefixtures("all_enabled")
async def test_flood(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of ten thousand messages, late, twice or spoilt, each does what it should, once."""
    # Each message would have several lines otherwise.
    caplog.set_level(logging.WARNING)
    chance = random.Random(SEED)
    assert await async_setup_component(hass, "api", {})
    hass.states.async_set("sun.sun", "up")
    client = await hass_client()
    add_products(cloud, f"{home_address}/api/webhook/{WEBHOOK_ID}")
    entry = make_pushed(
        hass,
        cloud,
        *(product(item, DEVICES, use_properties=True) for item in PRODUCTS),
        FEEDER,
    )
    # Nothing but what is pushed may show anything.
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    states = record_events(hass)
    cloud.emulator.forwarder.out_of_order = True
    await run_all(hass, cloud)
    await report_all(cloud, chance)
    raised = await raise_all(cloud)
    cloud.emulator.journal.clear()

    spoilt = list(spoilt_messages("OVEN", "a", SPOILT))
    flood = Flood(hass, cloud, chance)
    waited, _ = await asyncio.gather(ask_along(client, flood), flood.run(spoilt))
    await hass.async_block_till_done()

    assert flood.answered == MESSAGES == 10_000
    expected = Counter(outcome_of(*item) for item in spoilt)
    assert flood.statuses == {
        200: MESSAGES - expected["refused"],
        400: expected["refused"],
    }
    expected["taken"] = REPORTS + EVENTS + RUNS
    expected["repeated"] = AGAIN + FORWARDED
    assert today(hass, entry) == expected
    for product_id in PRODUCTS:
        for (name, key), value in newest(cloud, product_id).items():
            path = f"{product_id}/{name}/property:{key}"
            text = str(value).removesuffix(".0")
            shown = ("off", "on")[value] if key == "power" else text
            assert state_of(hass, PLATFORMS[key], path).state == shown, path
    assert shown_events(hass, states) == raised
    assert_completed(states)
    assert not cloud.emulator.requests(READ) + cloud.emulator.requests(HISTORY)
    # Nobody waits for more than a small part of it.
    assert len(waited) > 100
    assert max(waited) < MESSAGES / 20
