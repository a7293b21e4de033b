"""A proxy before a server on this machine, by which both seem to be far from each other."""

import asyncio
from contextlib import closing
from types import TracebackType

_HOST = "127.0.0.1"
_PIECE = 65536


class DelayingProxy:
    """Forwards bytes both ways, whatever they are, each some seconds after it came.

    The system answers a new connection at once, so what would have been waited for that
    is waited for before the first bytes of the client go on: a round trip.
    `connections` were accepted; in `exchanges` the client sent something, at first or
    after the server had.
    """

    def __init__(self, port: int, seconds: float) -> None:
        """Be before the server at a port, from which each way takes so many seconds."""
        self.connections = 0
        self.exchanges = 0
        self._port = port
        self._seconds = seconds
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> int:
        """Listen, and return at which port."""
        self._server = await asyncio.start_server(self._accept, _HOST, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        assert self._server
        self._server.close()
        self._server.abort_clients()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Begin to forward."""
        self.connections += 1
        task = asyncio.create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Forward what comes over a connection, until both sides have ended it."""
        with closing(writer):
            there = await asyncio.open_connection(_HOST, self._port)
            with closing(there[1]):
                line = _Line(self, self._seconds)
                async with asyncio.TaskGroup() as group:
                    group.create_task(line.forward(reader, there[1], is_client=True))
                    group.create_task(line.forward(there[0], writer, is_client=False))


class _Line:
    """The way between one client and the server."""

    def __init__(self, proxy: DelayingProxy, seconds: float) -> None:
        """Wait for what the client says."""
        self._proxy = proxy
        self._seconds = seconds
        self._opened = asyncio.get_running_loop().time() + 2 * seconds
        self._client_turn = True

    async def forward(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_client: bool,
    ) -> None:
        """Forward what comes from one side, and its end."""
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            group.create_task(_write(pieces, writer))
            while True:
                try:
                    piece = await reader.read(_PIECE)
                except ConnectionError:
                    piece = b""
                came = max(loop.time(), self._opened) if is_client else loop.time()
                pieces.put_nowait((came + self._seconds, piece))
                if not piece:
                    break
                if is_client and self._client_turn:
                    self._proxy.exchanges += 1
                self._client_turn = not is_client


async def _write(
    pieces: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
) -> None:
    """Write each piece at its time; an empty one is the end."""
    loop = asyncio.get_running_loop()
    while True:
        due, piece = await pieces.get()
        await asyncio.sleep(due - loop.time())
        if not piece:
            break
        writer.write(piece)
    if writer.can_write_eof() and not writer.is_closing():
        writer.write_eof()
