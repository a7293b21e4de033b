"""The emulated cloud on a tuned path: it checks nothing, so that it is not what is measured.

Both interfaces are at every path, which may begin with the milliseconds that replies take:
`/50/`. What names its action in a header is Tencent Cloud API 3.0, all else the service
API. Run as a process of its own; it prints its address and ends with its standard input.
With the file of a key and a certificate it speaks TLS.
"""

import asyncio
from collections import deque
import contextlib
from email.utils import formatdate
from functools import lru_cache
import json
import re
import ssl
import sys
import time
from typing import Any, cast, override
import uuid

from .fleet import products, report_anew
from emulator.accounts import SECRET_ID
from emulator.cloud_api import CloudApi
from emulator.interface import Interface
from emulator.journal import JournalEntry
from emulator.service_api import ServiceApi
from emulator.state import State

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_LATENCY = re.compile(rb"POST /(\d+)/")
_ACTION = re.compile(rb"x-tc-action: *(\w+)", re.IGNORECASE)
# Stands in ready bodies for the RequestId of a reply.
_REQUEST_ID = "00000000-0000-0000-0000-000000000000"
_RECEIPTS: dict[str, dict[str, Any]] = {
    "ControlDeviceData": {"Data": "", "Result": '{"Sent":1,"pushResult":0}'},
    "CallDeviceActionAsync": {"ClientToken": "1::1", "Status": "succ"},
}


class Cloud:
    """Ready bodies of replies, by what was asked, and how often each was asked for.

    `arrivals` has when each action and each write came, by the clock of all processes.
    """

    def __init__(self) -> None:
        """Begin with the products of the measurements."""
        self._state = State(products())
        self._service_api = ServiceApi(self._state)
        self._cloud_api = CloudApi(self._state)
        self._bodies: dict[str, bytes] = {}
        self.counts: dict[str, int] = {}
        self.arrivals: deque[float] = deque(maxlen=10000)
        self.connections: set[asyncio.Transport] = set()

    def answer(self, head: bytes, body: bytes) -> bytes:
        """Return the body of the reply to a request."""
        now = time.monotonic()
        parameters = json.loads(body)
        interface: Interface = self._service_api
        if found := _ACTION.search(head):
            interface = self._cloud_api
            action, request_id = found[1].decode(), str(uuid.uuid4())
        else:
            action = parameters["Action"]
            if (answer := self._serve_measurement(action)) is not None:
                return _encode(answer)
            request_id = str(parameters["RequestId"])
        self.counts[action] = self.counts.get(action, 0) + 1
        call = action.removeprefix("Service")
        if call in _RECEIPTS:
            self.arrivals.append(now)
        return self._reply(interface, call, parameters).replace(
            _REQUEST_ID.encode(), request_id.encode()
        )

    def _serve_measurement(self, action: str) -> dict[str, Any] | None:
        """Do what only measurements ask for, and return none for all else."""
        match action:
            case "counts":
                counts, self.counts = self.counts, {}
                return counts
            case "arrivals":
                arrivals = list(self.arrivals)
                self.arrivals.clear()
                return {action: arrivals}
            case "close":
                # The reply to this goes first.
                loop = asyncio.get_running_loop()
                for connection in self.connections:
                    loop.call_soon(connection.close)
                return {}
            case "flip" | "report":
                self._change(flips=action == "flip")
                return {}
        return None

    def _reply(
        self, interface: Interface, call: str, parameters: dict[str, Any]
    ) -> bytes:
        """Return the body of a reply, in which the RequestId is yet to be replaced."""
        key = f"{interface.path} {call}"
        if call not in _RECEIPTS:
            key += f" {parameters['ProductId']} {parameters.get('Offset')} {parameters.get('DeviceName')} {parameters.get('Type')}"
        if key not in self._bodies:
            entry = JournalEntry(
                interface=interface,
                headers={},
                call=call,
                parameters=parameters,
                request_id=_REQUEST_ID,
                credentials=(SECRET_ID,),
            )
            payload = _RECEIPTS.get(call) or _read(entry)
            self._bodies[key] = _encode(
                interface.wrap(entry, payload, is_refusal=False)
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
        self._cloud.connections.add(self._transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._cloud.connections.discard(self._transport)

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
            answer = self._cloud.answer(head, body)
            reply = _head(len(answer), int(time.time())) + answer
            latency = _LATENCY.match(head)
            if latency and latency[1] != b"0":
                loop = asyncio.get_running_loop()
                loop.call_later(int(latency[1]) / 1000, self._transport.write, reply)
            else:
                self._transport.write(reply)


def _read(entry: JournalEntry) -> dict[str, Any]:
    """Return the payload of a read, which never waits for anything."""
    reading = entry.interface.serve(entry)
    try:
        reading.send(None)
    except StopIteration as end:
        return cast(dict[str, Any], end.value)
    raise RuntimeError("a read waited")


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


async def main(certificate: str | None = None) -> None:
    """Listen until the standard input ends."""
    cloud = Cloud()
    context: ssl.SSLContext | None = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(cloud), "127.0.0.1", 0, ssl=context
    )
    scheme = "https" if context else "http"
    print(f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:]))
