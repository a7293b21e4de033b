"""A flood of messages: what devices send, in whatever order, beside what is spoilt."""

import asyncio
from collections.abc import Iterator
import gzip
from http import HTTPStatus
from typing import Any

from yarl import URL

from homeassistant.core import HomeAssistant

from .helpers import Cloud
from .pushes import WEBHOOK_ID, message
from custom_components.tencent_iot_explorer.api import MOST_PUSH_BYTES

SPOILT_VALUE = 77
# No rule has counted so far.
_SPOILT_SEQUENCE = 10_000_000


class Connection:
    """A connection to the webhook that stays open, by which one message follows another."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none."""
        self._url = URL(hass.config.external_url or "")
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, body: bytes, headers: str = "") -> int:
        """Send a message, and return the status that answers it."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                self._url.host, self._url.port
            )
        reader, writer = self._streams
        head = (
            f"POST /api/webhook/{WEBHOOK_ID} HTTP/1.1\r\nHost: {self._url.host}\r\n"
            f"Content-Length: {len(body)}\r\n{headers}\r\n"
        )
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert b"content-length: 0\r\n" in answer
        status = int(answer.split()[1])
        if status != HTTPStatus.OK:
            # Its server may close it without a word.
            self.close()
        return status

    def close(self) -> None:
        """Close it; the next message opens another."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


def spoilt_messages(
    product_id: str, device: str, count: int
) -> Iterator[tuple[bytes, str]]:
    """Yield messages that say nothing of use, each with headers."""
    numbers = iter(range(_SPOILT_SEQUENCE, _SPOILT_SEQUENCE + count))
    kinds = [*_refused(), *_ignored(product_id, device, numbers)]
    yield from kinds
    left = count - len(kinds)
    while left > 0:
        for body, headers in _ignored(product_id, device, numbers):
            # What is huge takes too long.
            if left > 0 and len(body) < 9999:
                left -= 1
                yield body, headers


def outcome_of(body: bytes, headers: str) -> str:
    """Return what becomes of a spoilt message."""
    return "refused" if headers or len(body) > MOST_PUSH_BYTES else "ignored"


def _refused() -> Iterator[tuple[bytes, str]]:
    """Yield what is no message at all."""
    encoded = "Content-Encoding: gzip\r\n"
    yield b" " * (MOST_PUSH_BYTES + 1), ""
    yield b"no gzip", encoded
    yield gzip.compress(b" " * MOST_PUSH_BYTES * 9), encoded


def _ignored(
    product_id: str, device: str, numbers: Iterator[int]
) -> Iterator[tuple[bytes, str]]:
    """Yield what cannot be read, or says nothing about what is here."""

    def text(payload: Any, **changes: Any) -> str:
        """Return a message about the device that has a number of its own."""
        names: dict[str, Any] = {"product_id": product_id, "device": device}
        numbered = {"seq": next(numbers), **names, **changes}
        return message(payload, **numbered).decode()

    def of_level(value: object = SPOILT_VALUE, **changes: Any) -> str:
        """Return a report of a level."""
        payload = {"method": "report", "params": {"level": value}}
        return text(payload, **changes)

    texts: list[str] = [
        "",
        "null",
        "[]",
        "{",
        "{" * 9000,
        "[" * 9000,
        '{"payload":' * 5000 + "1" + "}" * 5000,
        of_level()[:-1],
        of_level() * 2,
        of_level() + "\0",
        # Names that say two things.
        of_level(ProductId="OTHER"),
        of_level(topic=f"$thing/up/property/OTHER/{device}"),
        of_level(Payload={}),
        of_level(product_id="UNKNOWN"),
        of_level(device="unknown"),
        of_level(device="../" + device),
        of_level(device=""),
        of_level(productid=5, topic=""),
        of_level(topic=f"$thing/down/property/{product_id}/{device}"),
        text(None),
        text(SPOILT_VALUE),
        text([{"method": "report"}]),
        text("bm8gSlNPTg=="),
        text("no Base64"),
        text({"method": ["report"], "params": {"level": SPOILT_VALUE}}),
        text({"method": "report"}),
        text({"method": "report", "params": [SPOILT_VALUE]}),
        text({"method": "report", "params": {"unknown": SPOILT_VALUE}}),
        text({"method": "report", "params": {"word": None, "power": "perhaps"}}),
        text({"method": "control_reply", "code": 0}),
        text({"method": "event_post", "params": {"times": SPOILT_VALUE}}),
        text({"method": "event_post", "eventId": "unknown", "params": {}}),
        text({"method": "event_post", "eventId": ["opened"], "params": {}}),
        text({"method": "action_reply", "code": 0}),
        text({"method": "action_reply", "clientToken": "x", "code": "no"}),
        text({"method": "action_reply", "clientToken": "x" * 9999, "code": 0}),
        *(
            of_level(value)
            for value in ("bright", None, [], [77], {"a": 77}, "1e999", "७७x", "\ud800")
        ),
        of_level(0).replace('"level": 0', '"level": NaN'),
        of_level(0).replace('"level": 0', f'"level": 1{"0" * 5000}'),
        of_level("x" * (MOST_PUSH_BYTES - 999)),
    ]
    for item in texts:
        yield item.encode(), ""
    whole = of_level().replace("level", "亮度")
    for encoding in ("utf-16", "utf-32", "gb18030", "utf-7"):
        yield whole.encode(encoding), ""
    yield of_level().encode() + b"\xff", ""
    yield bytes(range(256)) * 4, ""


def newest(cloud: Cloud, product_id: str) -> dict[tuple[str, str], Any]:
    """Return the value that each device of a product reported last of each property."""
    return {
        (name, key): value
        for name, device in cloud.emulator.products[product_id].devices.items()
        for key, (value, _) in device.reported.items()
    }
