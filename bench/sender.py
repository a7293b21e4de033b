"""Sends messages to a port of this machine, from a process of its own.

Each line of its input has messages and over how many connections they go; for each line it
prints when each message was sent, by the clock that all processes share.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
import json
import sys
import time

_LARGEST = 2**24


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is posted to a path."""

    path: str
    headers: dict[str, str]
    body: str

    def encode(self) -> bytes:
        """Return it as it is sent."""
        body = self.body.encode()
        headers = {
            "Host": "127.0.0.1",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **self.headers,
        }
        lines = [
            f"POST {self.path} HTTP/1.1",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        return "\r\n".join((*lines, "", "")).encode() + body


class Sender:
    """A sender as those who measure have it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Keep the process."""
        self._process = process

    @classmethod
    async def start(cls, port: int) -> Sender:
        """Return one that sends to a port."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bench.sender",
                str(port),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=_LARGEST,
            )
        )

    async def send(
        self, messages: Sequence[Message], connections: int = 1
    ) -> list[float]:
        """Send messages over so many connections, and return when each was sent."""
        assert self._process.stdin
        assert self._process.stdout
        order = {
            "messages": [asdict(message) for message in messages],
            "connections": connections,
        }
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return list(json.loads(await self._process.stdout.readline()))

    async def stop(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()


async def _send(port: int, messages: Sequence[bytes]) -> list[float]:
    """Send messages one after the other over a connection; return when each was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent: list[float] = []
    for message in messages:
        sent.append(time.monotonic())
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        fields = dict(
            line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2]
        )
        await reader.readexactly(int(fields[b"content-length"]))
    writer.close()
    return sent


async def main(port: int) -> None:
    """Send what each line of the input has."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        messages = [Message(**item).encode() for item in order["messages"]]
        count = order["connections"]
        begun = await asyncio.gather(
            *(_send(port, messages[number::count]) for number in range(count))
        )
        sent = [
            begun[number % count][number // count] for number in range(len(messages))
        ]
        print(json.dumps(sent), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
