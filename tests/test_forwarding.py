"""The emulated rule engine forwards what devices send: at least once, in order or not."""

import asyncio
import base64
from collections.abc import AsyncIterator
import json
import random
from typing import Any

import aiohttp
from aiohttp.web import Request, Response
from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.components import webhook
from homeassistant.core import HomeAssistant

from .cloud_requests import CALLS, CloudSender
from .cloudhooks import Cloudhooks
from .helpers import Cloud
from .pushes import HOME, console_rule, move_home
from .receivers import Receiver
from emulator import EmulatedDevice, EmulatedProject, EmulatedRule, StatusForm
from emulator.outbound import signature
from emulator.products import many_products

NOW = 1795435200
DEVICE = {"devicename": "desk-lamp", "productid": "LAMP202611"}


def device(cloud: Cloud) -> EmulatedDevice:
    """Return the device that most tests are about."""
    return cloud.emulator.products["LAMP202611"].devices["desk-lamp"]


@pytest.fixture
async def receiver(socket_enabled: None) -> AsyncIterator[Receiver]:
    """Run something that takes messages."""
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
def rule(
    cloud: Cloud, receiver: Receiver, freezer: FrozenDateTimeFactory
) -> EmulatedRule:
    """Return a rule that forwards there, at a time that does not pass by itself."""
    freezer.move_to("2026-11-23 12:00:00+00:00")
    return console_rule(cloud, receiver.address)


@pytest.fixture
async def sender(cloud: Cloud) -> AsyncIterator[CloudSender]:
    """Return something that asks the cloud."""
    async with aiohttp.ClientSession() as session:
        yield CloudSender(cloud.emulator, session)


def payloads(receiver: Receiver) -> list[dict[str, Any]]:
    """Return what devices have sent, without what is made up for each message."""
    found = [message["payload"] for message in receiver.messages]
    for payload in found:
        assert payload.pop("clientToken")
    return found


async def test_report(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """A report is forwarded with the values and the time that can be read as well."""
    device(cloud).report(power_switch=1, brightness=30)
    await cloud.emulator.forwarder.done()
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/hook")
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["User-Agent"] == "Go-http-client/1.1"
    assert "Signature" not in request.headers
    message = request.message
    assert message.pop("payload") | {"clientToken": ""} == {
        "method": "report",
        "clientToken": "",
        "timestamp": max(
            device(cloud).reported[name][1] for name in ("power_switch", "brightness")
        ),
        "params": {"power_switch": 1, "brightness": 30},
    }
    topic = "$thing/up/property/LAMP202611/desk-lamp"
    assert message == {"seq": 1, "timestamp": NOW, "topic": topic, **DEVICE}
    (forwarded,) = cloud.emulator.forwarder.sent
    assert (forwarded.rule, forwarded.statuses) == (rule, [200])
    assert forwarded.message == request.message


async def test_event(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """An event has another time than in the history, or none."""
    device(cloud).raise_event("smoke", "alert", {"level": 2})
    device(cloud).with_timestamps = False
    device(cloud).raise_event("clear", "info")
    await cloud.emulator.forwarder.done()
    first, second = payloads(receiver)
    assert receiver.messages[0]["topic"] == "$thing/up/event/LAMP202611/desk-lamp"
    event = {"method": "event_post", "version": "1.0"}
    assert first == event | {
        "eventId": "smoke",
        "type": "alert",
        "timestamp": NOW * 1000 - 400,
        "params": {"level": 2},
    }
    assert second == event | {"eventId": "clear", "type": "info", "params": {}}
    assert [item.time_stamp for item in device(cloud).events] == [NOW * 1000] * 2


@pytest.mark.parametrize("call", ["CallDeviceActionAsync", "CallDeviceActionSync"])
async def test_reply(
    cloud: Cloud,
    receiver: Receiver,
    rule: EmulatedRule,
    sender: CloudSender,
    call: str,
) -> None:
    """A device answers an action by the ClientToken that the call returns."""
    emulated = device(cloud)
    first = await sender.post(call)
    await cloud.emulator.forwarder.done()
    emulated.reply_code, emulated.reply_status = 7, "jammed"
    emulated.holds_replies = True
    second = await sender.post(call)
    await cloud.emulator.forwarder.done()
    assert len(receiver.messages) == 1
    emulated.send_replies()
    await cloud.emulator.forwarder.done()
    messages = receiver.messages
    assert [item["topic"] for item in messages] == [
        "$thing/up/action/LAMP202611/desk-lamp"
    ] * 2
    outputs = json.loads(CALLS[call]["InputParams"])
    assert [item["payload"] for item in messages] == [
        {
            "method": "action_reply",
            "clientToken": reply["ClientToken"],
            "code": code,
            "status": status,
            "response": outputs,
        }
        for reply, code, status in ((first, 0, ""), (second, 7, "jammed"))
    ]


async def test_order_of_reply(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule, sender: CloudSender
) -> None:
    """A device answers after the cloud has, before it, or never."""
    receiver.hold = asyncio.Event()
    await sender.post("CallDeviceActionAsync")
    receiver.hold.set()
    await cloud.emulator.forwarder.done()
    device(cloud).replies_first = True
    reply = await sender.post("CallDeviceActionAsync")
    assert receiver.messages[1]["payload"]["clientToken"] == reply["ClientToken"]
    device(cloud).silent = True
    await sender.post("CallDeviceActionAsync")
    await cloud.emulator.forwarder.done()
    assert len(receiver.messages) == 2


async def test_write(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule, sender: CloudSender
) -> None:
    """A device answers what is written to it, and reports it."""
    await sender.post("ControlDeviceData")
    await cloud.emulator.forwarder.done()
    first, second = payloads(receiver)
    assert first == {"method": "control_reply", "code": 0, "status": ""}
    assert (second["method"], second["params"]) == (
        "report",
        json.loads(CALLS["ControlDeviceData"]["Data"]),
    )


@pytest.mark.parametrize("form", StatusForm)
async def test_status(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule, form: StatusForm
) -> None:
    """Who is online is forwarded only on order, in any of the forms."""
    forwarder = cloud.emulator.forwarder
    device(cloud).disconnect()
    assert device(cloud).status == 0
    device(cloud).connect()
    await forwarder.done()
    assert receiver.messages == []
    forwarder.forwards_status, forwarder.status_form = True, form
    device(cloud).disconnect()
    device(cloud).connect()
    await forwarder.done()
    for message, event in zip(receiver.messages, ("Offline", "Online"), strict=True):
        record = message if form is StatusForm.ALONE else message["payload"]
        if form is StatusForm.TEXT:
            record = json.loads(record)
        if form is StatusForm.SMALL:
            record = {name.lower(): value for name, value in record.items()}
            assert (record["msgtype"], record["event"]) == (
                "statuschange",
                event.lower(),
            )
            continue
        assert (record["MsgType"], record["Event"]) == ("StatusChange", event)
        assert (record["ProductId"], record["DeviceName"]) == tuple(DEVICE.values())[
            ::-1
        ]
        assert (record["Topic"], record["Time"]) == ("", "2026-11-23 20:00:00")
        assert message.items() >= ({} if record is message else DEVICE).items()


async def test_retries(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """What is not taken comes again and is the same, until it is dropped."""
    forwarder = cloud.emulator.forwarder
    pauses = []

    async def pause(seconds: float) -> None:
        """Note how long is waited."""
        pauses.append(seconds)

    forwarder.pause = pause
    receiver.statuses = [503, 500, 200, 404, 302, 201, 500]
    device(cloud).report(brightness=10)
    await forwarder.done()
    assert pauses == [1, 3]
    device(cloud).report(brightness=11)
    await forwarder.done()
    assert pauses == [1, 3, 1, 3, 10]
    assert [item.statuses for item in forwarder.sent] == [
        [503, 500, 200],
        [404, 302, 201, 500],
    ]
    first, second = (item.message for item in forwarder.sent)
    assert receiver.messages == [first] * 3 + [second] * 4
    assert (first["seq"], second["seq"]) == (1, 2)


async def test_one_after_another(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule, sender: CloudSender
) -> None:
    """No message is sent before all that were sent by its device have been answered."""
    receiver.hold = asyncio.Event()
    for level in (10, 11):
        device(cloud).report(brightness=level)
    for _ in range(3):
        await sender.post("DescribeDevice")
    assert len(receiver.messages) <= 1
    receiver.hold.set()
    await cloud.emulator.forwarder.done()
    assert [item["seq"] for item in receiver.messages] == [1, 2]


async def test_late(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """What has to be tried again holds up nothing else."""
    release = asyncio.Event()
    forwarder = cloud.emulator.forwarder
    forwarder.pause = lambda seconds: release.wait()
    receiver.statuses = [503]
    for level in (10, 11, 12):
        device(cloud).report(brightness=level)
    second = asyncio.Event()
    forwarder.on_try = lambda forwarded: (
        second.set() if forwarded.message["seq"] == 3 else None
    )
    await second.wait()
    release.set()
    await forwarder.done()
    assert [item["seq"] for item in receiver.messages] == [1, 2, 3, 1]


async def test_not_reached(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule
) -> None:
    """An address that is away for a moment gets what it has missed."""
    forwarder, outbound = cloud.emulator.forwarder, cloud.emulator.outbound
    outbound.unreachable.add("127.0.0.1")

    async def pause(seconds: float) -> None:
        """Be back in a moment."""
        outbound.unreachable.clear()

    forwarder.pause = pause
    device(cloud).report(brightness=10)
    await forwarder.done()
    assert [item.statuses for item in forwarder.sent] == [[None, 200]]
    assert len(receiver.messages) == 1


async def test_twice(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """On order each message comes twice, and is the same."""
    cloud.emulator.forwarder.twice = True
    device(cloud).report(brightness=10)
    device(cloud).report(brightness=11)
    await cloud.emulator.forwarder.done()
    assert [item["seq"] for item in receiver.messages] == [1, 1, 2, 2]
    assert receiver.messages[0] == receiver.messages[1]
    assert [item.statuses for item in cloud.emulator.forwarder.sent] == [[200, 200]] * 2


async def test_out_of_order(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule
) -> None:
    """On order messages are collected, and sent in another order."""
    forwarder = cloud.emulator.forwarder
    forwarder.out_of_order = True
    for level in range(1, 21):
        device(cloud).report(brightness=level)
    await forwarder.done()
    assert receiver.messages == []
    await forwarder.release()
    assert [item["seq"] for item in receiver.messages] == list(range(20, 0, -1))
    for level in range(1, 21):
        device(cloud).report(brightness=level)
    await forwarder.release(random.Random(1).shuffle)
    later = [item["seq"] for item in receiver.messages[20:]]
    assert sorted(later) == list(range(21, 41)) != later


async def test_binary(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """On order a payload is a text in Base64."""
    cloud.emulator.forwarder.in_base64 = True
    device(cloud).report(brightness=10)
    await cloud.emulator.forwarder.done()
    (message,) = receiver.messages
    payload = json.loads(base64.b64decode(message["payload"]))
    assert payload["params"] == {"brightness": 10}


async def test_token(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """With a token each try is signed, as the documentation's example is."""
    assert signature("aaa", "1604458421", "IkOaKMDalrAzUTxC") == (
        "c259ed29ec13ba7c649fe0893007401a36e70453"
    )
    rule.token = "aaa"
    cloud.emulator.forwarder.retry_after = (0,)
    receiver.statuses = [503]
    device(cloud).report(brightness=10)
    await cloud.emulator.forwarder.done()
    nonces = set()
    for request in receiver.requests:
        timestamp, nonce = request.headers["Timestamp"], request.headers["Nonce"]
        assert request.headers["Signature"] == signature("aaa", timestamp, nonce)
        assert timestamp == str(NOW)
        nonces.add(nonce)
    assert len(nonces) == 2


async def test_rules(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """Each rule has what it takes with numbers of its own, a disabled one nothing."""
    events = "SELECT * FROM '$thing/up/event/LAMP202611/#'"
    console_rule(cloud, f"{receiver.address}/events", name="events", sql=events)
    console_rule(cloud, f"{receiver.address}/off", name="off", is_disabled=True)
    console_rule(cloud, f"{receiver.address}/other", name="other", uin="100000000002")
    device(cloud).report(brightness=10)
    device(cloud).raise_event("smoke", "alert")
    await cloud.emulator.forwarder.done()
    received = sorted(
        (item.path, item.message["seq"], item.message["payload"]["method"])
        for item in receiver.requests
    )
    assert received == [
        ("/hook", 1, "report"),
        ("/hook", 2, "event_post"),
        ("/hook/events", 1, "event_post"),
    ]


@pytest.mark.parametrize("deletes", [False, True])
async def test_no_more(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule, deletes: bool
) -> None:
    """What waits for another try is dropped with its rule."""
    forwarder = cloud.emulator.forwarder

    async def pause(seconds: float) -> None:
        """Let the rule go meanwhile."""
        if deletes:
            cloud.emulator.rules.by_name.clear()
        else:
            rule.is_disabled = True

    forwarder.pause = pause
    receiver.statuses = [503] * 4
    device(cloud).report(brightness=10)
    await forwarder.done()
    assert [item.statuses for item in forwarder.sent] == [[503]]


async def test_later_devices(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule
) -> None:
    """A product or a device that is added later is heard, one of another cloud is not."""
    (product,) = many_products(1)
    product.project = EmulatedProject(project_id="prj-x", name="X")
    stranger = EmulatedDevice(name="desk-lamp")
    stranger.report(brightness=1)
    cloud.emulator.products[product.product_id] = product
    console_rule(cloud, receiver.address, product.product_id)
    product.devices["device-2"] = EmulatedDevice(name="device-2")
    for emulated in product.devices.values():
        emulated.report(x=1)
    await cloud.emulator.forwarder.done()
    names = [item["devicename"] for item in receiver.messages]
    assert names == ["device-1", "device-2"]


async def test_other_threads(
    cloud: Cloud, receiver: Receiver, rule: EmulatedRule
) -> None:
    """A device may report from any thread, and while no cloud runs."""
    emulated = device(cloud)
    await asyncio.to_thread(emulated.report, brightness=10)
    await cloud.emulator.forwarder.done()
    assert len(receiver.messages) == 1
    await cloud.emulator.stop()
    emulated.report(brightness=11)
    await cloud.emulator.start()
    emulated.report(brightness=12)
    await cloud.emulator.forwarder.done()
    assert [item["seq"] for item in receiver.messages] == [1, 2]


async def test_stop(cloud: Cloud, receiver: Receiver, rule: EmulatedRule) -> None:
    """Nothing is sent any more once the cloud has stopped."""
    tried = asyncio.Event()
    receiver.statuses = [503]
    cloud.emulator.forwarder.on_try = lambda forwarded: tried.set()
    device(cloud).report(brightness=10)
    await tried.wait()
    await cloud.emulator.stop()
    await cloud.emulator.forwarder.done()
    assert len(receiver.messages) == 1


async def test_home(hass: HomeAssistant, cloud: Cloud, home_address: str) -> None:
    """What is forwarded reaches webhooks of Home Assistant, also at another address."""
    taken = []

    async def handle(
        hass: HomeAssistant, webhook_id: str, request: Request
    ) -> Response:
        """Note a message."""
        taken.append(await request.json())
        return Response()

    webhook.async_register(hass, "test", "Test", "hook", handle)
    for expected in (home_address, HOME):
        address = webhook.async_generate_url(hass, "hook", allow_internal=False)
        assert address == f"{expected}/api/webhook/hook"
        console_rule(cloud, address)
        device(cloud).report(brightness=10)
        await cloud.emulator.forwarder.done()
        await move_home(hass, cloud)
    assert [item["payload"]["method"] for item in taken] == ["report"] * 2


async def test_cloudhook(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks, sender: CloudSender
) -> None:
    """What is forwarded to a cloudhook reaches the webhook, unless that is not connected."""
    taken = []

    async def handle(
        hass: HomeAssistant, webhook_id: str, request: Request
    ) -> Response:
        """Give back what is asked, and note a message."""
        if echo := request.headers.get("Echostr"):
            return Response(text=echo)
        taken.append(json.loads(await request.content.read(10_000)))
        return Response()

    webhook.async_register(
        hass, "test", "Test", "hook", handle, allowed_methods=("GET", "POST")
    )
    address = await cloudhooks.async_get_or_create_cloudhook(hass, "hook")
    assert address == await cloudhooks.async_get_or_create_cloudhook(hass, "hook")
    made = console_rule(cloud, address, is_disabled=True)
    await sender.post("EnableTopicRule", {"RuleName": made.name})
    assert not made.is_disabled
    cloud.emulator.forwarder.retry_after = ()
    device(cloud).report(brightness=10)
    await cloud.emulator.forwarder.done()
    cloudhooks.connect(is_connected=False)
    device(cloud).report(brightness=11)
    await cloud.emulator.forwarder.done()
    assert [item["payload"]["params"] for item in taken] == [{"brightness": 10}]
    assert [item.statuses for item in cloud.emulator.forwarder.sent] == [[200], [502]]
