"""The webhook that the cloud pushes to: whatever comes is answered, and nothing is logged."""

import asyncio
from collections.abc import Mapping
import gzip
import logging
from typing import Any
from unittest.mock import Mock

from aiohttp import StreamReader
from aiohttp.http_exceptions import ContentLengthError, TransferEncodingError
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import RequestPayloadError
from freezegun.api import FrozenDateTimeFactory
import pytest
from yarl import URL

from homeassistant.components.webhook import async_generate_path, async_handle_webhook
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .cloudhooks import Cloudhooks
from .entities import state_of
from .helpers import LAMP, Cloud, product, set_up
from .pushes import (
    TOKEN,
    WEBHOOK_ID,
    call_webhook,
    console_rule,
    make_pushed,
    message,
    set_up_pushed,
)
from custom_components.tencent_iot_explorer.api import MOST_PUSH_BYTES
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.push import webhook
from custom_components.tencent_iot_explorer.push.traffic import async_traffic
from emulator import EmulatedDevice
from emulator.outbound import signature

pytestmark = pytest.mark.usefixtures("home_address")

LAMPS = product(
    "LAMP202611", ["desk-lamp", "hall-lamp"], title="Lamp", use_properties=True
)
BRIGHTNESS = "LAMP202611/desk-lamp/property:brightness"
METHODS = ("GET", "HEAD", "POST", "PUT")


def signed(now: float, token: str = TOKEN, **changes: str) -> Mapping[str, str]:
    """Return the headers of a message that is signed at some time."""
    timestamp, nonce = str(int(now)), "IkOaKMDalrAzUTxC"
    return {
        "Timestamp": timestamp,
        "Nonce": nonce,
        "Signature": signature(token, timestamp, nonce),
    } | changes


def today(hass: HomeAssistant, entry: Any) -> dict[str, int]:
    """Return what came of the messages of today, where any did."""
    counts = async_traffic(hass, entry.entry_id).today
    return {str(key): count for key, count in counts.items() if count}


@pytest.mark.parametrize("method", METHODS)
async def test_handshake(hass: HomeAssistant, cloud: Cloud, method: str) -> None:
    """The cloud gets its text back, as text and as it is."""
    await set_up_pushed(hass, cloud, LAMP)
    echo = "a1B2" * 32
    for headers in ({"Echostr": echo}, {"echostr": echo}):
        status, body, kind = await call_webhook(hass, method, headers=headers)
        assert (status, body) == (200, echo if method in ("GET", "PUT") else "")
        if method != "POST":
            assert kind == "text/plain"


@pytest.mark.parametrize(
    "echo", [None, "", "a" * 129, "<script>", "a b", "ä", "a\tb", "a-b", "{}"]
)
async def test_no_handshake(
    hass: HomeAssistant, cloud: Cloud, echo: str | None
) -> None:
    """Nothing is sent back that could do harm in a browser, or that nobody asked for."""
    await set_up_pushed(hass, cloud, LAMP)
    headers = {} if echo is None else {"Echostr": echo}
    for method in METHODS:
        status, body, _ = await call_webhook(hass, method, headers=headers)
        assert (status, body) == (200, "")


async def test_signature(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """With a token, what is not signed by it a short time ago is refused."""
    now = 1795435200
    freezer.move_to("2026-11-23 12:00:00+00:00")
    entry = await set_up_pushed(hass, cloud, LAMPS, token=TOKEN)
    body = message({"method": "report", "params": {"brightness": 41}})
    wrong: list[Mapping[str, str]] = [
        {},
        signed(now, "another"),
        signed(now - 301),
        signed(now + 301),
        signed(now, Signature=""),
        signed(now, Nonce="other"),
        signed(now, Timestamp=str(now + 1)),
        signed(now, Timestamp="soon"),
        signed(now, Timestamp="9" * 400),
    ]
    for headers in wrong:
        for method in METHODS:
            answer = await call_webhook(
                hass, method, headers={**headers, "Echostr": "abc"}, data=body
            )
            assert answer[:2] == (403, "")
    assert today(hass, entry) == {"refused": len(wrong) * len(METHODS)}
    assert state_of(hass, "light", "LAMP202611/desk-lamp/light")
    assert (await call_webhook(hass, headers=signed(now - 299), data=body))[0] == 200
    assert today(hass, entry)["taken"] == 1
    handshake = {**signed(now), "Echostr": "abc"}
    assert (await call_webhook(hass, "GET", headers=handshake))[:2] == (200, "abc")


async def test_signature_by_the_clock_of_the_cloud(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A wrong clock of this machine makes no signature old."""
    now = 1795435200
    freezer.move_to("2026-11-23 12:00:00+00:00")
    cloud.emulator.clock_offset = 4000
    cloud.expect("AuthFailure.SignatureExpire", "InvalidParameterValue")
    entry = await set_up_pushed(hass, cloud, LAMPS, token=TOKEN)
    body = message({"method": "report", "params": {"brightness": 41}})
    assert (await call_webhook(hass, headers=signed(now), data=body))[0] == 403
    right = signed(now + 4000)
    assert (await call_webhook(hass, headers=right, data=body))[0] == 200
    assert today(hass, entry) == {"refused": 1, "taken": 1}


async def test_sent_again(hass: HomeAssistant, cloud: Cloud) -> None:
    """What comes while the entry is unloaded or disabled is sent again, and taken then."""
    entry = await set_up_pushed(hass, cloud, LAMPS)
    body = message({"method": "report", "params": {"brightness": 41}})
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await call_webhook(hass, data=body))[0] == 503
    assert (await call_webhook(hass, "GET", headers={"Echostr": "a"}))[:2] == (200, "a")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await call_webhook(hass, data=body))[0] == 200
    assert today(hass, entry) == {"taken": 1}
    # What was taken before a reload is not taken after it.
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await call_webhook(hass, data=body))[0] == 200
    assert today(hass, entry) == {"taken": 1, "repeated": 1}
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert (await call_webhook(hass, data=body))[0] == 503


async def test_before_entries_are_set_up(hass: HomeAssistant, cloud: Cloud) -> None:
    """From the start on, the cloud is asked to send again."""
    entry = make_pushed(hass, cloud, LAMPS)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert await async_setup_component(hass, DOMAIN, {})
    assert (await call_webhook(hass, data=b"{}"))[0] == 503


async def test_body(hass: HomeAssistant, cloud: Cloud) -> None:
    """Whatever is in a body is answered, up to a length."""
    entry = await set_up_pushed(hass, cloud, LAMPS)
    for body in (b"", b"{", b"[]", b"\xff\xfe", b"1" * MOST_PUSH_BYTES, b"{}" * 9999):
        assert (await call_webhook(hass, data=body))[0] == 200
    assert today(hass, entry) == {"ignored": 6}
    assert (await call_webhook(hass, data=b" " * (MOST_PUSH_BYTES + 1)))[0] == 400
    packed = gzip.compress(b" " * (MOST_PUSH_BYTES * 100))
    headers = {"Content-Encoding": "gzip"}
    assert (await call_webhook(hass, headers=headers, data=packed))[0] == 400
    assert (await call_webhook(hass, headers=headers, data=b"no gzip"))[0] == 400
    assert today(hass, entry) == {"ignored": 6, "refused": 3}


async def raw(
    hass: HomeAssistant, *parts: bytes, headers: str = ""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send the beginning of a request by hand."""
    url = URL(hass.config.external_url or "")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    path = async_generate_path(WEBHOOK_ID)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: {url.host}\r\n{headers}\r\n".encode())
    for part in parts:
        writer.write(part)
        await writer.drain()
    return reader, writer


async def test_body_in_parts(hass: HomeAssistant, cloud: Cloud) -> None:
    """A body may come in many parts."""
    entry = await set_up_pushed(hass, cloud, LAMPS)
    body = message({"method": "report", "params": {"brightness": 41}})
    parts = [body[index : index + 1] for index in range(len(body))]
    headers = f"Content-Length: {len(body)}\r\n"
    reader, writer = await raw(hass, *parts, headers=headers)
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()
    assert today(hass, entry) == {"taken": 1}


async def test_hanging_client(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is waited for who does not go on."""
    monkeypatch.setattr(webhook, "_MOST_SECONDS", 0.05)
    entry = await set_up_pushed(hass, cloud, LAMPS)
    reader, writer = await raw(hass, b"{", headers="Content-Length: 99\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()
    assert today(hass, entry) == {"refused": 1}


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError("Connection lost"),
        RequestPayloadError("no chunk"),
        ContentLengthError("too short"),
        TransferEncodingError("no chunk"),
    ],
)
async def test_broken_request(
    hass: HomeAssistant,
    cloud: Cloud,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """A request that ends in the middle is no error of ours.

    Servers of tests end what handles such a request, which that of Home Assistant does not.
    """
    entry = await set_up_pushed(hass, cloud, LAMPS)
    content = StreamReader(Mock(), 2**16, loop=hass.loop)
    content.feed_data(b"{")
    request = make_mocked_request("POST", "/", payload=content)
    hass.loop.call_soon(content.set_exception, error)
    response = await async_handle_webhook(hass, WEBHOOK_ID, request)
    assert response.status == 400
    assert today(hass, entry) == {"refused": 1}
    assert not [item for item in caplog.records if item.levelno >= logging.WARNING]


async def test_failure_of_ours(
    hass: HomeAssistant,
    cloud: Cloud,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An error is logged without the address and what was sent, which is then answered."""
    entry = await set_up_pushed(hass, cloud, LAMPS)
    (loaded,) = entry.runtime_data.products.values()

    def fail(device_name: str, reports: Any) -> None:
        """Fail as no listener should."""
        raise ValueError(reports)

    body = message({"method": "report", "params": {"brightness": 4242}})
    with monkeypatch.context() as patch:
        patch.setattr(loaded.values, "async_take_pushed", fail)
        assert (await call_webhook(hass, data=body))[0] == 200
    assert "A pushed message led to ValueError" in caplog.text
    assert "in fail\n" in caplog.text
    ours = [
        item.getMessage() for item in caplog.records if item.name.startswith("custom")
    ]
    assert not [text for text in ours if WEBHOOK_ID in text or "4242" in text]
    # It was not taken, so it may come again.
    body = message({"method": "report", "params": {"brightness": 42}})
    assert (await call_webhook(hass, data=body))[0] == 200
    assert today(hass, entry) == {"taken": 1}


async def test_failure_before_it_is_understood(
    hass: HomeAssistant,
    cloud: Cloud,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor does Home Assistant log the address if what came could not be parsed."""
    await set_up_pushed(hass, cloud, LAMPS)
    monkeypatch.setattr(webhook, "parse_push", Mock(side_effect=RecursionError))
    assert (await call_webhook(hass, data=message({})))[0] == 200
    assert "A pushed message led to RecursionError" in caplog.text
    assert "Error processing webhook" not in caplog.text


async def test_by_cloudhook(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks
) -> None:
    """What comes by way of Home Assistant Cloud is taken like all else."""
    entry = await set_up_pushed(hass, cloud, LAMPS, token=TOKEN)
    address = await cloudhooks.async_get_or_create_cloudhook(hass, WEBHOOK_ID)
    console_rule(cloud, address, token=TOKEN)
    device: EmulatedDevice = cloud.emulator.products["LAMP202611"].devices["desk-lamp"]
    device.report(brightness=43)
    await cloud.emulator.forwarder.done()
    (sent,) = cloud.emulator.forwarder.sent
    assert sent.statuses == [200]
    assert today(hass, entry) == {"taken": 1}


async def test_unregistered(hass: HomeAssistant, cloud: Cloud) -> None:
    """After an entry is removed, and without pushes, there is no webhook."""
    entry = await set_up_pushed(hass, cloud, LAMPS)
    assert WEBHOOK_ID in hass.data["webhook"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.data["webhook"]
    await set_up(hass, cloud, LAMP)
    assert not hass.data["webhook"]
