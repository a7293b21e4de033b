"""The proxy that makes the emulated cloud far away: it changes nothing but the time."""

import asyncio
from datetime import timedelta
from pathlib import Path
import random
import ssl

import pytest

from emulator.certificates import server_context, write_certificate
from emulator.proxy import DelayingProxy

HOST = "127.0.0.1"


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send all back, and end when the client does."""
    while data := await reader.read(1000):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("is_secure", [False, True])
async def test_all_arrives(tmp_path: Path, is_secure: bool) -> None:
    """Bytes come as they were sent, in order, and so does the end of each side."""
    server_side = client_side = None
    if is_secure:
        path = tmp_path / "certificate.pem"
        write_certificate(path, HOST, -timedelta(days=1), timedelta(days=1))
        server_side = server_context(path)
        client_side = ssl.create_default_context(cafile=path)
    data = random.Random(1).randbytes(300_000)
    server = await asyncio.start_server(echo, HOST, 0, ssl=server_side)
    proxy = DelayingProxy(server.sockets[0].getsockname()[1], 0.001)
    async with server, proxy as port:
        for _ in range(2):
            reader, writer = await asyncio.open_connection(HOST, port, ssl=client_side)
            got = b""
            writer.write(data)
            got = await reader.readexactly(len(data))
            assert got == data
            if not is_secure:
                writer.write_eof()
                assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
        assert proxy.connections == 2
        # It ends while a connection is open.
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(b"x")
    writer.close()


@pytest.mark.usefixtures("socket_enabled")
async def test_exchanges() -> None:
    """An exchange is what one side says until the other answers, in however many parts."""
    server = await asyncio.start_server(echo, HOST, 0)
    proxy = DelayingProxy(server.sockets[0].getsockname()[1], 0.001)
    async with server, proxy as port:
        reader, writer = await asyncio.open_connection(HOST, port)
        for number in range(1, 4):
            writer.write(b"request")
            assert await reader.readexactly(7) == b"request"
            assert proxy.exchanges == number
        writer.close()
