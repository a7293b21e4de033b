"""Messages that are pushed, from the cloud's sending to the state, beside a bare webhook."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
import json
from statistics import median
import sys
import time

from aiohttp.web import Request, Response

from homeassistant.components import webhook
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .blocks import Blocks, watch_blocks
from .fleet import DOORS, LARGE_DEVICES, METERS, device_names
from .home import add_application, entity_id, lift_pace, product, run
from .report import Row, rows_to_text
from .sender import Message, Sender
from .turns import WARM_UP
from emulator.outbound import signature

REPEATS = 300
CONNECTIONS = 8
WEBHOOK_ID = "4e5f" * 16
TOKEN = "token-of-bench"  # opens nothing but the webhook of this process
REPORT, EVENT = "a report", "an event"
BARE, SAVING = "a bare webhook", "a bare webhook that saves a file first"
LONGEST_BLOCK = 20
TARGETS = {REPORT: (BARE, 2.3), EVENT: (SAVING, 2.0)}
MOST_OF_BURST = 2.3


class Messages:
    """Makes messages, signed as the rule engine signs them, each later than the one before."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self._began = time.time()
        self._numbers = count(1)

    def report(self, device: str) -> Message:
        """Return that a device reports another value of a property."""
        number = next(self._numbers)
        payload = {"method": "report", "params": {"level": 1 + number % 99}}
        return self._message(METERS, device, "property", number, payload)

    def event(self, device: str) -> Message:
        """Return that a device reports an event."""
        number = next(self._numbers)
        payload = {"method": "event_post", "eventId": "opened", "type": "info"}
        return self._message(
            DOORS, device, "event", number, {**payload, "version": "1.0", "params": {}}
        )

    def bare(self, device: str) -> Message:
        """Return a message to the bare webhook, which says the same as a report."""
        body = self.report(device).body
        return Message(path="/api/webhook/bare", headers={}, body=body)

    def saving(self, device: str) -> Message:
        """Return a message to the webhook that saves a file, which says the same."""
        body = self.report(device).body
        return Message(path="/api/webhook/saving", headers={}, body=body)

    def _message(
        self,
        product_id: str,
        device: str,
        kind: str,
        number: int,
        payload: dict[str, object],
    ) -> Message:
        """Return a message as it is forwarded."""
        # What happened in the same millisecond, or before, would not be shown.
        moment = self._began + number / 1000
        stamped = {"clientToken": f"{number}", "timestamp": int(moment * 1000)}
        timestamp, nonce = str(int(time.time())), f"{number}"
        content = {
            "payload": payload | stamped,
            "seq": number,
            "timestamp": int(moment),
            "topic": f"$thing/up/{kind}/{product_id}/{device}",
            "devicename": device,
            "productid": product_id,
        }
        return Message(
            path=f"/api/webhook/{WEBHOOK_ID}",
            headers={
                "Timestamp": timestamp,
                "Nonce": nonce,
                "Signature": signature(TOKEN, timestamp, nonce),
            },
            body=json.dumps(content),
        )


def name_of(webhook_id: str, device: str) -> str:
    """Return what the state of a device is called that a bare webhook writes."""
    return f"sensor.{webhook_id}_{device.replace('-', '_')}"


def add_bare_webhooks(hass: HomeAssistant) -> None:
    """Add webhooks that write one state for a message, and do nothing else for it."""
    # As what is known of events is saved, so that the disk takes as long for both.
    store: Store[dict[str, int]] = Store(hass, 1, "bench", atomic_writes=True)

    async def take(hass: HomeAssistant, webhook_id: str, request: Request) -> Response:
        """Write a state."""
        message = await request.json()
        if webhook_id == "saving":
            await store.async_save({"seq": message["seq"]})
        state = str(message["payload"]["params"]["level"])
        hass.states.async_set(name_of(webhook_id, message["devicename"]), state)
        return Response()

    for webhook_id in ("bare", "saving"):
        webhook.async_register(hass, "bench", "Bench", webhook_id, take)


@asynccontextmanager
async def changes(hass: HomeAssistant) -> AsyncIterator[list[tuple[str, float]]]:
    """Yield which entities change from now on, each with when, by the shared clock."""
    seen: list[tuple[str, float]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        """Note a change."""
        seen.append((event.data["entity_id"], time.monotonic()))

    stop = hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    yield seen
    stop()


async def singles(
    hass: HomeAssistant, sender: Sender, messages: Messages
) -> dict[str, float]:
    """Return the median seconds until a state, by what was sent; all take turns."""
    (device,) = device_names(1)
    makers = {
        REPORT: messages.report,
        EVENT: messages.event,
        BARE: messages.bare,
        SAVING: messages.saving,
    }
    entities = {
        REPORT: entity_id(hass, "number", f"{METERS}/{device}/property:level"),
        EVENT: entity_id(hass, "event", f"{DOORS}/{device}/event:opened"),
        BARE: name_of("bare", device),
        SAVING: name_of("saving", device),
    }
    made = [make(device) for _ in range(WARM_UP + REPEATS) for make in makers.values()]
    async with changes(hass) as seen:
        sent = await sender.send(made)
    return {
        way: median(
            _seconds(
                sent[number :: len(makers)],
                [moment for changed, moment in seen if changed == entities[way]],
            )
        )
        for number, way in enumerate(makers)
    }


def _seconds(sent: list[float], shown: list[float]) -> Iterator[float]:
    """Yield how long each took once all is warm."""
    for begun, ended in list(zip(sent, shown, strict=True))[WARM_UP:]:
        assert begun < ended
        yield ended - begun


async def burst(
    hass: HomeAssistant, sender: Sender, made: list[Message], prefix: str
) -> Blocks:
    """Return what the event loop does while a message of each device comes at once."""
    async with changes(hass) as seen, watch_blocks(time.thread_time) as blocks:
        await sender.send(made, CONNECTIONS)
    shown = {changed for changed, _ in seen if changed.startswith(prefix)}
    assert len(shown) >= len(made), (len(shown), len(made))
    return blocks


async def measure(hass: HomeAssistant, cloud: str) -> list[Row]:
    """Return all rows of pushes."""
    # Else reading all devices once takes minutes.
    lift_pace()
    fleet = device_names(LARGE_DEVICES)
    entry = await add_application(
        hass,
        f"{cloud}/0/api",
        product(METERS, fleet, use_properties=True),
        product(DOORS, device_names(1), use_properties=True),
        push=True,
        webhook_id=WEBHOOK_ID,
        address="",
        token=TOKEN,
    )
    meters, _ = entry.runtime_data.products.values()
    while len(meters.values.reported) < LARGE_DEVICES:
        await asyncio.sleep(0.01)
    await hass.async_block_till_done(wait_background_tasks=True)
    add_bare_webhooks(hass)
    sender = await Sender.start(hass.http.server_port)
    messages = Messages()
    medians = await singles(hass, sender, messages)
    bursts = [
        await burst(hass, sender, [make(name) for name in fleet], prefix)
        for make, prefix in (
            (messages.report, "number."),
            (messages.bare, "sensor.bare_"),
        )
    ]
    await sender.stop()
    return [*rows_of_singles(medians), *rows_of_bursts(*bursts)]


def rows_of_singles(medians: dict[str, float]) -> list[Row]:
    """Return the rows of messages that come one by one."""
    return [_row_of_single(name, medians) for name in medians]


def _row_of_single(name: str, medians: dict[str, float]) -> Row:
    """Return the row of one kind of message."""
    against, target = TARGETS.get(name, ("", None))
    return Row(
        group="pushes",
        name=f"{name}: from sending to its state",
        value=medians[name] * 1e6,
        unit="µs",
        ratio=medians[name] / medians[against] if against else None,
        against=against,
        target=target,
        is_yardstick=name not in TARGETS,
    )


def rows_of_bursts(ours: Blocks, bare: Blocks) -> list[Row]:
    """Return the rows of messages that come all at once."""
    name = f"a message of each of {LARGE_DEVICES} devices at once"
    return [
        Row(
            group="pushes",
            name=f"{name}: processor time of each",
            value=ours.busy / LARGE_DEVICES * 1e6,
            unit="µs",
            ratio=ours.busy / bare.busy,
            against=BARE,
            target=MOST_OF_BURST,
        ),
        Row(
            group="pushes",
            name=f"{name}: longest block",
            value=ours.longest * 1000,
            unit="ms",
            target=LONGEST_BLOCK,
        ),
    ]


if __name__ == "__main__":
    print(rows_to_text(run(lambda hass: measure(hass, sys.argv[1]))))
