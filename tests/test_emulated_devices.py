"""Emulated devices report, are written to and have events, whatever interface is used."""

from collections.abc import AsyncIterator
from itertools import count
import json
from typing import Any

import aiohttp
from freezegun.api import FrozenDateTimeFactory
import pytest

from .cloud_requests import CALLS, DATA, CloudSender
from .test_emulator import Sender, make_request
from emulator import EmulatedDevice, Emulator

NOW = 1795435200
BEFORE = (NOW - 60) * 1000
SENT = {"Sent": 1, "pushResult": 0}
NOT_SENT = {"Sent": 0, "pushResult": 23101}
HISTORY = "ListEventHistory"
CONTROL = "ControlDeviceData"


class Application:
    """Something that asks the emulated cloud by the service API."""

    def __init__(self, emulator: Emulator, session: aiohttp.ClientSession) -> None:
        """Keep both ends."""
        self.emulator = emulator
        self.session = session
        self._nonces = count(1)

    async def ask(self, call: str, **changes: Any) -> dict[str, Any]:
        """Send a request of a call, right but for the changes, and return its reply."""
        request = make_request(
            f"Service{call}", **{"Nonce": next(self._nonces), **CALLS[call], **changes}
        )
        reply = await Sender(self.emulator, self.session).post(request)
        payload: dict[str, Any] = reply.get("Response", reply)
        return payload

    @property
    def device(self) -> EmulatedDevice:
        """Return the device that is asked for."""
        return self.emulator.products["LAMP202611"].devices["desk-lamp"]

    async def reported(self) -> dict[str, Any]:
        """Return the values that a device reported."""
        reply = await self.ask("DescribeDeviceData")
        return {key: item["Value"] for key, item in json.loads(reply["Data"]).items()}

    async def write(self, **values: Any) -> dict[str, int]:
        """Write properties, and return whether they were sent."""
        reply = await self.ask(CONTROL, Data=json.dumps(values, separators=(",", ":")))
        result: dict[str, int] = json.loads(reply["Result"])
        return result

    async def search(self, **changes: Any) -> list[str]:
        """Return the events of a page, which must be all that are found."""
        reply = await self.ask(HISTORY, **changes)
        ids = [event["EventId"] for event in reply["EventHistory"]]
        assert reply["Total"] == len(ids)
        assert reply["Context"] == ""
        return ids


class Account(Application):
    """Something that asks by Tencent Cloud API 3.0."""

    async def ask(self, call: str, **changes: Any) -> dict[str, Any]:
        """Send a request of a call, right but for the changes, and return its reply."""
        sender = CloudSender(self.emulator, self.session)
        return await sender.post(call, {**CALLS[call], **changes})


@pytest.fixture(params=[Application, Account])
async def client(
    socket_enabled: None,
    request: pytest.FixtureRequest,
    freezer: FrozenDateTimeFactory,
) -> AsyncIterator[Application]:
    """Run an emulator of its own, at a time that does not pass by itself."""
    freezer.move_to("2026-11-23 12:00:00+00:00")
    async with Emulator() as emulator, aiohttp.ClientSession() as session:
        made: Application = request.param(emulator, session)
        yield made
        assert not any(entry.flaws for entry in emulator.journal)


async def test_reports(client: Application, freezer: FrozenDateTimeFactory) -> None:
    """The last value of each property is read, with when it was reported."""
    client.device.reported.clear()
    client.device.report(power_switch=1, _sys_cs_days=3)
    freezer.tick(2)
    client.device.report(power_switch=0)
    client.device.report(BEFORE, color_temp=2700)
    reply = await client.ask("DescribeDeviceData")
    assert reply.keys() == {"Data", "RequestId"}
    assert json.loads(reply["Data"]) == {
        "power_switch": {"Value": 0, "LastUpdate": (NOW + 2) * 1000},
        "_sys_cs_days": {"Value": 3, "LastUpdate": NOW * 1000},
        "color_temp": {"Value": 2700, "LastUpdate": BEFORE},
    }


async def test_never_reported(client: Application) -> None:
    """A device that never reported has no data, or an error says so."""
    client.device.reported.clear()
    assert await client.reported() == {}
    client.emulator.absent_data_is_refused = True
    reply = await client.ask("DescribeDeviceData")
    assert reply["Error"]["Code"] == "ResourceNotFound.DeviceShadowNotExist"
    client.device.report(color_temp=2700)
    assert await client.reported() == {"color_temp": 2700}


async def test_write(client: Application) -> None:
    """A device reports what is written to it, later than what it reported before."""
    (_, before) = client.device.reported["power_switch"]
    reply = await client.ask(CONTROL)
    assert json.loads(reply["Result"]) == SENT
    is_account = isinstance(client, Account)
    assert reply["Data"] == ("" if is_account else CALLS[CONTROL]["Data"])
    assert await client.reported() == {**DATA, "color_temp": 4000}
    (_, after) = client.device.reported["power_switch"]
    assert after > before


async def test_order(client: Application) -> None:
    """What was written and what was run is remembered in the order of its arrival."""
    await client.write(power_switch=1)
    await client.ask("CallDeviceActionAsync")
    written = await client.ask(CONTROL)
    first, executed, second = client.emulator.reached
    assert [first, second] == client.emulator.written
    assert [executed] == client.emulator.executed
    last = client.emulator.written[1]
    assert (last.product_id, last.device_name) == ("LAMP202611", "desk-lamp")
    assert (last.values, last.request_id) == (DATA, written["RequestId"])


@pytest.mark.parametrize("takes", [False, True])
async def test_missed_write(
    client: Application, freezer: FrozenDateTimeFactory, takes: bool
) -> None:
    """What an offline device misses is no error, and may be applied when it is back."""
    device = client.device
    device.status = 0
    device.takes_missed_writes = takes
    before = await client.reported()
    assert await client.write(power_switch=1) == NOT_SENT
    assert await client.write(power_switch=0, brightness=5) == NOT_SENT
    assert client.emulator.written == []
    assert await client.reported() == before
    freezer.tick(60)
    device.connect()
    listed = await client.ask("GetDeviceList")
    found = listed["Devices"][0]
    assert (found["Status"], found["LoginTime"]) == (1, NOW + 60)
    applied = {"power_switch": 0, "brightness": 5} if takes else {}
    assert await client.reported() == before | applied
    assert len(device.missed) == (0 if takes else 2)


async def test_slow_device(client: Application) -> None:
    """A device may report what was written when the test says so, and no sooner."""
    client.device.holds_writes = True
    before = await client.reported()
    assert await client.write(power_switch=1) == SENT
    assert await client.write(brightness=5) == SENT
    assert await client.reported() == before
    client.device.apply_writes()
    assert await client.reported() == before | {"power_switch": 1, "brightness": 5}
    client.device.report(brightness=6)
    client.device.apply_writes()
    assert (await client.reported())["brightness"] == 6


async def test_contradicting_device(client: Application) -> None:
    """A device may report another value than was written, or none."""
    client.device.react = lambda values: {"brightness": 99}
    await client.write(power_switch=1, brightness=5)
    assert (await client.reported()) == {
        "power_switch": 0,
        "brightness": 99,
        "color_temp": 4000,
    }
    assert client.emulator.written[0].values == {"power_switch": 1, "brightness": 5}


async def test_old_value_first(client: Application) -> None:
    """A device may report its old values once more before it does what was written."""
    device = client.device
    device.repeats_old_values = device.holds_writes = True
    before = dict(device.reported)
    await client.write(brightness=5)
    value, repeated = device.reported["brightness"]
    assert value == before["brightness"][0]
    assert repeated > before["brightness"][1]
    assert device.reported["power_switch"] == before["power_switch"]
    device.apply_writes()
    value, applied = device.reported["brightness"]
    assert (value, applied > repeated) == (5, True)


async def test_action_with_an_effect(client: Application) -> None:
    """What an action does to a device is reported, and may be an event."""
    feeder = {"ProductId": "FEEDER2026", "DeviceName": "kitchen-feeder"}
    for portions, level, events in ((10, 50, 0), (7, 15, 1), (10, 0, 2)):
        reply = await client.ask(
            "CallDeviceActionSync",
            **feeder,
            ActionId="feed",
            InputParams=json.dumps({"portions": portions}, separators=(",", ":")),
        )
        assert json.loads(reply["OutputParams"]) == {"remaining": level}
        reply = await client.ask("DescribeDeviceData", **feeder)
        assert json.loads(reply["Data"])["food_level"]["Value"] == level
        reply = await client.ask(HISTORY, **feeder, Type="alert")
        assert reply["Total"] == events
    data = [json.loads(event["Data"]) for event in reply["EventHistory"]]
    assert {item["food_level"] for item in data} == {0, 15}


async def test_event(client: Application) -> None:
    """An event is as its interface documents it."""
    client.device.raise_event("opened", "info", {"mode": 1, "who": "小明"}, at=BEFORE)
    reply = await client.ask(HISTORY)
    (event,) = reply["EventHistory"]
    is_account = isinstance(client, Account)
    assert event.pop("TimeStamp") == (BEFORE if is_account else str(BEFORE))
    assert json.loads(event.pop("Data")) == {"mode": 1, "who": "小明"}
    assert event == {
        "ProductId": "LAMP202611",
        "DeviceName": "desk-lamp",
        "EventId": "opened",
        "Type": "info",
    }
    assert (reply["Total"], reply["Context"]) == (1, "")
    assert reply["Listover"] is is_account


async def test_search(client: Application) -> None:
    """Events are found by type and time, the newest first or the oldest."""
    for age in (0, 3600, 90000, 7200):
        client.device.raise_event(f"info-{age}", "info", at=(NOW - age) * 1000)
    client.device.raise_event("alert", "alert")
    client.device.raise_event("fault", "fault", at=(NOW + 60) * 1000)
    assert await client.search() == ["info-0", "info-3600", "info-7200"]
    assert await client.search(Type="alert") == ["alert"]
    assert await client.search(Type="fault") == []
    assert await client.search(Type="fault", EndTime=NOW + 60) == ["fault"]
    assert await client.search(StartTime=NOW - 3600) == ["info-0", "info-3600"]
    assert await client.search(StartTime=NOW - 3599) == ["info-0"]
    window = {"StartTime": NOW - 90000, "EndTime": NOW - 7200}
    assert await client.search(**window) == ["info-7200", "info-90000"]
    client.emulator.history.oldest_first = True
    assert await client.search() == ["info-7200", "info-3600", "info-0"]
    client.emulator.clock_offset = 60
    assert await client.search(Type="fault") == ["fault"]


async def pages(client: Application, **changes: Any) -> list[tuple[list[str], bool]]:
    """Return the events of each page, and whether it says that it is the last."""
    found = []
    context = {}
    for _ in range(9):
        reply = await client.ask(HISTORY, Size=2, **changes, **context)
        ids = [event["EventId"] for event in reply["EventHistory"]]
        found.append((ids, reply["Listover"] is isinstance(client, Account)))
        if not reply["Context"]:
            break
        context = {"Context": reply["Context"]}
    return found


async def test_pages(client: Application) -> None:
    """A search goes on where its last page ended, whatever has happened since."""
    for number in range(4):
        client.device.raise_event(str(number), "info", at=BEFORE + number)
    first, second = (["3", "2"], False), (["1", "0"], True)
    assert await pages(client) == [first, second]
    reply = await client.ask(HISTORY, Size=2)
    client.device.raise_event("4", "info", at=BEFORE + 4)
    for _ in range(2):
        again = await client.ask(HISTORY, Size=2, Context=reply["Context"])
        assert [event["EventId"] for event in again["EventHistory"]] == ["1", "0"]
        assert again["Total"] == 4
    client.emulator.history.surplus = 5
    assert (await client.ask(HISTORY))["Total"] == 10


async def test_context_of_a_last_page(client: Application) -> None:
    """A last page may have a Context, too, behind which there is nothing."""
    client.emulator.history.always_has_context = True
    client.device.raise_event("only", "info")
    first, *others = await pages(client)
    assert first == (["only"], True)
    assert others == [([], True)] * 8


@pytest.mark.parametrize(
    "changes",
    [
        {"DeviceName": "hall-lamp"},
        {"Type": "alert"},
        {"StartTime": NOW - 60},
        {"EndTime": NOW},
        {"Size": 3},
    ],
    ids=str,
)
async def test_context_of_another_search(
    client: Application, changes: dict[str, Any]
) -> None:
    """A Context is good for the search that it was given out for."""
    for number in range(4):
        client.device.raise_event(str(number), "info", at=BEFORE + number)
    context = (await client.ask(HISTORY, Size=2))["Context"]
    reply = await client.ask(HISTORY, **{"Size": 2, "Context": context, **changes})
    assert reply["Error"]["Code"] == "InvalidParameterValue"
    assert client.emulator.journal.pop().flaws


@pytest.mark.parametrize("client", [Account], indirect=True)
async def test_all_types(client: Application) -> None:
    """Without a type all events are found, which only an account may leave out."""
    sender = CloudSender(client.emulator, client.session)
    client.device.raise_event("a", "info", at=BEFORE)
    client.device.raise_event("b", "alert", at=BEFORE + 1)
    lamp = {"ProductId": "LAMP202611", "DeviceName": "desk-lamp"}
    for search, ids in ((lamp, ["b", "a"]), ({**lamp, "EventId": "a"}, ["a"])):
        reply = await sender.post(HISTORY, search)
        assert [event["EventId"] for event in reply["EventHistory"]] == ids
    for number in range(12):
        client.device.raise_event("c", "fault", at=BEFORE + number)
    reply = await sender.post(HISTORY, lamp)
    assert (len(reply["EventHistory"]), reply["Total"]) == (10, 14)
    context = {"Context": reply["Context"], "EventId": "c"}
    await sender.refuse("InvalidParameterValue", HISTORY, lamp | context, flaw=True)
    client.emulator.journal.pop()
