"""The emulated cloud on a tuned path: it checks nothing, so that it is not what is measured.

Run as a process of its own; it prints its address and ends with its standard input.
"""

import asyncio
import contextlib
from email.utils import formatdate
from functools import lru_cache
import json
import re
import sys
import time
from typing import Any, cast, override

from .fleet import products, report_anew
from emulator.envelopes import Envelope
from emulator.state import State

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_LATENCY = re.compile(rb"POST /(\d+)/")
# Stands in ready bodies for the RequestId of a request, which a reply repeats.
_REQUEST_ID = "00000000-0000-0000-0000-000000000000"
_READS = (
    "ServiceDescribeModelDefinition",
    "ServiceGetDeviceList",
    "ServiceDescribeDevice",
    "ServiceDescribeDeviceData",
    "ServiceListEventHistory",
)


class Cloud:
    """Ready bodies of replies, by what was asked, and how often each was asked for."""

    def __init__(self) -> None:
        """Begin with the products of the measurements."""
        self._state = State(products())
        self._bodies: dict[str, bytes] = {}
        taken = {"ClientToken": "1::1", "Status": "succ", "RequestId": _REQUEST_ID}
        self._taken = _encode({"Response": taken})
        self.counts: dict[str, int] = {}

    def answer(self, body: bytes) -> bytes:
        """Return the body of the reply to a request."""
        parameters = json.loads(body)
        action = parameters["Action"]
        if action == "counts":
            counts, self.counts = self.counts, {}
            return _encode(counts)
        if action in ("flip", "report"):
            self._change(flips=action == "flip")
            return _encode({})
        self.counts[action] = self.counts.get(action, 0) + 1
        request_id = str(parameters["RequestId"])
        return self._reply(parameters).replace(
            _REQUEST_ID.encode(), request_id.encode()
        )

    def _reply(self, parameters: dict[str, Any]) -> bytes:
        """Return the body of a reply without its RequestId."""
        action = parameters["Action"]
        if action not in _READS:
            return self._taken
        key = f"{action} {parameters['ProductId']} {parameters.get('Offset')} {parameters.get('DeviceName')} {parameters.get('Type')}"
        if key not in self._bodies:
            payload = self._read(parameters) | {"RequestId": _REQUEST_ID}
            self._bodies[key] = _encode(
                Envelope.DOCUMENTED.wrap(action.removeprefix("Service"), payload, 0)
            )
        return self._bodies[key]

    def _change(self, *, flips: bool) -> None:
        """Let all devices go offline, or come back; or report other values."""
        self._bodies.clear()
        for product in self._state.products.values():
            for device in product.devices.values():
                if flips:
                    device.status = 1 - device.status
                elif device.reported:
                    report_anew(device)

    def _read(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return the payload of a read, which never waits for anything."""
        call = parameters["Action"].removeprefix("Service")
        product = self._state.product(parameters["ProductId"])
        reading = self._state.serve(product, call, parameters, "")
        try:
            reading.send(None)
        except StopIteration as end:
            return cast(dict[str, Any], end.value)
        raise RuntimeError("a read waited")


class Connection(asyncio.Protocol):
    """One connection, on which one request follows another."""

    def __init__(self, cloud: Cloud) -> None:
        """Begin with nothing received."""
        self._cloud = cloud
        self._received = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where replies go."""
        self._transport = cast(asyncio.Transport, transport)

    @override
    def data_received(self, data: bytes) -> None:
        """Answer each request as soon as it is whole, or after the latency in its path."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            found = _LENGTH.search(head)
            end += 4 + (int(found[1]) if found else 0)
            if len(self._received) < end:
                return
            body, self._received = (
                self._received[len(head) + 4 : end],
                self._received[end:],
            )
            answer = self._cloud.answer(body)
            reply = _head(len(answer), int(time.time())) + answer
            latency = _LATENCY.match(head)
            if latency and latency[1] != b"0":
                loop = asyncio.get_running_loop()
                loop.call_later(int(latency[1]) / 1000, self._transport.write, reply)
            else:
                self._transport.write(reply)


def _encode(document: dict[str, Any]) -> bytes:
    """Return the body of a reply."""
    return json.dumps(document, ensure_ascii=False).encode()


@lru_cache(maxsize=64)
def _head(length: int, second: int) -> bytes:
    """Return the head of a reply with a body of a length."""
    return (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        f"Date: {formatdate(second, usegmt=True)}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


async def main() -> None:
    """Listen until the standard input ends."""
    cloud = Cloud()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(cloud), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
