"""Certificates: a wrong date is distinguished from every other reason not to connect."""

import asyncio
from datetime import timedelta
from pathlib import Path
import socket
import ssl

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    CannotConnectError,
    CertificateDateError,
    TencentIotError,
)
from custom_components.tencent_iot_explorer.api.models import Device, DeviceStatus
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from custom_components.tencent_iot_explorer.api.transport import TimeLimits
from emulator.certificates import write_certificate

DAY = timedelta(days=1)
SECONDS = 30
BODY = b'{"Device":{"DeviceName":"desk-lamp","Status":1}}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


def answer(listener: socket.socket, context: ssl.SSLContext | None) -> bytes:
    """Answer one connection, and return what was sent once TLS had been agreed on."""
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(SECONDS)
        if context is None:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return b""
        try:
            with context.wrap_socket(connection, server_side=True) as encrypted:
                request = encrypted.recv(65536)
                if request:
                    encrypted.sendall(REPLY)
                return request
        except ssl.SSLError, ConnectionError:
            return b""


async def exchange(
    server_context: ssl.SSLContext | None, client_context: ssl.SSLContext
) -> tuple[Device | TencentIotError, bytes]:
    """Return how a call ends, and what the server was sent.

    The server has a thread: as a task its failed handshakes would be errors of the loop.
    """
    connector = aiohttp.TCPConnector(ssl=client_context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SECONDS)
        endpoint = f"https://127.0.0.1:{listener.getsockname()[1]}/api"
        server = asyncio.create_task(
            asyncio.to_thread(answer, listener, server_context)
        )
        result: Device | TencentIotError
        async with aiohttp.ClientSession(connector=connector) as session:
            # Tried once: the server takes one connection only.
            client = TencentIotClient(
                session,
                ServiceApi("key", "secret", endpoint),
                limits=TimeLimits(back_offs=()),
            )
            try:
                result = await client.describe_device(
                    "LAMP202611", "desk-lamp", origin="poll"
                )
            except TencentIotError as err:
                result = err
        return result, await server


async def describe_device(
    tmp_path: Path,
    start: timedelta,
    end: timedelta,
    *,
    address: str = "127.0.0.1",
    trusted: bool = True,
) -> tuple[Device | TencentIotError, bytes]:
    """Return how a call ends at a server with such a certificate, and what was sent."""
    path = tmp_path / "certificate.pem"
    write_certificate(path, address, start, end)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(path)
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusted:
        client_context.load_verify_locations(path)
    return await exchange(server_context, client_context)


@pytest.mark.usefixtures("socket_enabled")
async def test_valid_certificate(tmp_path: Path) -> None:
    """With a certificate that is valid and trusted the call goes through."""
    result, request = await describe_device(tmp_path, -DAY, DAY)
    assert result == Device(name="desk-lamp", status=DeviceStatus.ONLINE)
    assert request.startswith(b"POST /api ")


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(-2 * DAY, -DAY, id="expired"),
        pytest.param(DAY, 2 * DAY, id="not-yet-valid"),
    ],
)
async def test_date_of_certificate(
    tmp_path: Path, start: timedelta, end: timedelta
) -> None:
    """A certificate that is not valid now says so, and nothing is sent."""
    result, request = await describe_device(tmp_path, start, end)
    assert type(result) is CertificateDateError
    assert result.message
    assert result.request_id
    assert request == b""


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        pytest.param("127.0.0.1", False, id="not-trusted"),
        pytest.param("127.0.0.2", True, id="other-host"),
    ],
)
async def test_certificate_of_somebody_else(
    tmp_path: Path, address: str, trusted: bool
) -> None:
    """Any other certificate that is not accepted is no matter of the clock."""
    result, request = await describe_device(
        tmp_path, -DAY, DAY, address=address, trusted=trusted
    )
    assert type(result) is CannotConnectError
    assert request == b""


@pytest.mark.usefixtures("socket_enabled")
async def test_no_encryption() -> None:
    """A server that does not speak TLS is none to connect to."""
    result, _ = await exchange(None, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert type(result) is CannotConnectError
