"""Which events a device had."""

from collections.abc import Iterator
from email.utils import formatdate
import json
import time
from typing import Any

import pytest

from homeassistant.helpers.json import json_bytes

from custom_components.tencent_iot_explorer.api import key_use, pace
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.data_template import EventType
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    UnknownDeviceError,
)
from custom_components.tencent_iot_explorer.api.models import EventHistory, EventRecord
from emulator import EmulatedDevice, Envelope, Fault, JournalEntry
from tests.api.interfaces import by_both
from tests.helpers import Cloud

FEEDER = ("FEEDER2026", "kitchen-feeder")
START = 1552904000
SIGNED = {"Action", "AppKey", "Nonce", "RequestId", "Signature", "Timestamp"}
SEARCH = {
    "ProductId": "FEEDER2026",
    "DeviceName": "kitchen-feeder",
    "Type": "alert",
    "StartTime": START,
    "EndTime": 0,
    "Size": 100,
}
RECORD = {"EventId": "a", "Type": "alert", "TimeStamp": 5, "Data": "{}"}


@pytest.fixture
def feeder(cloud: Cloud) -> EmulatedDevice:
    """Return a feeder of the emulated cloud."""
    return cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"]


@pytest.fixture
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages of a long history follow each other at once."""
    monkeypatch.setattr(key_use, "MOST_PER_SECOND", {})


async def read(client: TencentIotClient) -> EventHistory:
    """Return the alerts of a feeder."""
    return await client.list_event_history(
        *FEEDER, EventType.ALERT, START, origin="events"
    )


async def ids(client: TencentIotClient) -> list[str]:
    """Return the ids of the events that are read."""
    return [event.event_id for event in (await read(client)).events]


def searches(cloud: Cloud) -> list[dict[str, Any]]:
    """Return what each request sent beside what all requests send."""
    return [
        {key: item for key, item in entry.parameters.items() if key not in SIGNED}
        for entry in cloud.emulator.journal
    ]


def answer(cloud: Cloud, *records: object, **payload: object) -> None:
    """Let the cloud answer the next request with these events."""
    answered: dict[str, object] = {"EventHistory": records, "Total": len(records)}
    cloud.emulator.faults.append(Fault(payload=answered | payload))


@by_both
@pytest.mark.parametrize("envelope", Envelope)
async def test_events(
    cloud: Cloud,
    client: TencentIotClient,
    feeder: EmulatedDevice,
    envelope: Envelope,
) -> None:
    """Events of one type come with all that the device said of them, the oldest first."""
    cloud.emulator.service_api.envelope = envelope
    feeder.raise_event("food_low", "alert", {"food_level": 9}, at=1552904784552)
    feeder.raise_event("food_low", "alert", at=1552904784000)
    feeder.raise_event("other", "info", at=1552904784000)
    feeder.raise_event("food_low", "alert", at=(START - 1) * 1000)
    history = await read(client)
    assert history.events == (
        EventRecord(
            event_id="food_low",
            type="alert",
            occurred_at=1552904784000,
            data="{}",
            parameters={},
        ),
        EventRecord(
            event_id="food_low",
            type="alert",
            occurred_at=1552904784552,
            data='{"food_level": 9}',
            parameters={"food_level": 9},
        ),
    )
    assert searches(cloud) == [SEARCH]


@by_both
async def test_no_events(cloud: Cloud, client: TencentIotClient) -> None:
    """That nothing happened is known from one page, which the cloud's clock dates."""
    cloud.emulator.date = formatdate(1_600_000_000, usegmt=True)
    history = await read(client)
    assert history.events == ()
    assert 0 <= history.read_at - 1_600_000_000_000 < 60_000
    assert len(cloud.emulator.journal) == 1


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"], ids=repr
)
async def test_no_date(cloud: Cloud, client: TencentIotClient, date: str) -> None:
    """Without the cloud's time this machine's is the best there is."""
    cloud.emulator.date = date
    read_at = (await read(client)).read_at
    expected = 0 if date.endswith("GMT") else time.time() * 1000
    assert abs(read_at - expected) < 60_000


async def test_date_of_the_first_page(
    cloud: Cloud, client: TencentIotClient, no_pace: None
) -> None:
    """What happens while pages are read is later than the history."""
    dates = [formatdate(moment, usegmt=True) for moment in (1.7e9, 1.6e9)]

    async def pass_time(entry: JournalEntry) -> None:
        """Let it be later with each request."""
        cloud.emulator.date = dates.pop()

    cloud.emulator.gate = pass_time
    for context in ("next", ""):
        answer(cloud, *[RECORD] * 100, Total=101, Context=context)
    history = await read(client)
    assert len(cloud.emulator.journal) == 2
    assert 0 <= history.read_at - 1_600_000_000_000 < 60_000


@by_both
@pytest.mark.parametrize("is_oldest_first", [False, True])
@pytest.mark.parametrize(
    ("count", "pages"), [(1, 1), (99, 1), (100, 1), (101, 2), (250, 3), (300, 3)]
)
@pytest.mark.parametrize("has_context", [False, True])
async def test_pages(
    cloud: Cloud,
    client: TencentIotClient,
    feeder: EmulatedDevice,
    no_pace: None,
    is_oldest_first: bool,
    count: int,
    pages: int,
    has_context: bool,
) -> None:
    """All pages are read and no more, in whatever order, each from the context before."""
    cloud.emulator.history.oldest_first = is_oldest_first
    cloud.emulator.history.always_has_context = has_context
    for number in range(count):
        feeder.raise_event(f"e{number}", "alert", at=START * 1000 + number)
    assert await ids(client) == [f"e{number}" for number in range(count)]
    first, *others = searches(cloud)
    assert first == SEARCH
    contexts = [search.pop("Context") for search in others]
    assert others == [SEARCH] * (pages - 1)
    assert len({*contexts}) == len(contexts)


@by_both
async def test_total_is_too_large(
    cloud: Cloud, client: TencentIotClient, feeder: EmulatedDevice
) -> None:
    """A page that is not full is the last, whatever Total says."""
    cloud.emulator.history.surplus = 500
    cloud.emulator.history.always_has_context = True
    feeder.raise_event("food_low", "alert", at=1552904784552)
    assert await ids(client) == ["food_low"]
    assert len(cloud.emulator.journal) == 1


@pytest.mark.parametrize("listover", [True, False, None])
async def test_listover(
    cloud: Cloud, client: TencentIotClient, no_pace: None, listover: bool | None
) -> None:
    """Whether the list is over is judged by what came."""
    full = [RECORD | {"TimeStamp": number + 1} for number in range(100)]
    answer(cloud, *full, Total=101, Context="next", Listover=listover)
    answer(cloud, RECORD | {"EventId": "b"}, Total=101, Listover=listover)
    assert len((await read(client)).events) == 101
    assert [search.get("Context") for search in searches(cloud)] == [None, "next"]


@pytest.mark.parametrize(
    ("contexts", "requests"),
    [
        ([""], 1),
        ([None], 1),
        ([5], 1),
        (["x" * 10_000], 1),
        (["a", "a"], 2),
        (["a", "b", "a"], 3),
        ([str(number) for number in range(30)], 20),
    ],
)
async def test_end(
    cloud: Cloud,
    client: TencentIotClient,
    no_pace: None,
    contexts: list[object],
    requests: int,
) -> None:
    """Reading ends, however many events there are said to be."""
    for context in contexts:
        answer(cloud, *[RECORD] * 100, Total=10**6, Context=context)
    assert await ids(client) == ["a"]
    assert len(cloud.emulator.journal) == requests
    cloud.emulator.faults.clear()


@pytest.mark.parametrize("total", [None, "2", -1, 1.5, [2]], ids=repr)
async def test_odd_total(
    cloud: Cloud, client: TencentIotClient, no_pace: None, total: object
) -> None:
    """Where Total says nothing a page that is not full is the last."""
    answer(cloud, *[RECORD] * 100, Total=total, Context="next")
    answer(cloud, RECORD | {"EventId": "b"}, Total=total, Context="more")
    assert await ids(client) == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"TimeStamp": "5"}, (5, {})),
        ({"TimeStamp": 5.0}, (5, {})),
        ({"TimeStamp": 0}, None),
        ({"TimeStamp": -5}, None),
        ({"TimeStamp": ""}, None),
        ({"TimeStamp": None}, None),
        ({"TimeStamp": "now"}, None),
        ({"TimeStamp": True}, None),
        ({"TimeStamp": 10**16}, None),
        ({"EventId": ""}, None),
        ({"EventId": None}, None),
        ({"EventId": "a b"}, None),
        ({"EventId": 5}, None),
        ({"EventId": "x" * 129}, None),
        ({"Type": None}, (5, {})),
        ({"Data": '{"x":"灯"}'}, (5, {"x": "灯"})),
        ({"Data": {"x": 1}}, (5, {"x": 1})),
        ({"Data": ""}, (5, {})),
        ({"Data": None}, (5, {})),
        ({"Data": "text"}, (5, {})),
        ({"Data": "[1]"}, (5, {})),
        ({"Data": [1]}, (5, {})),
        ({"Data": "[" * 10_000}, (5, {})),
        ({"Data": '{"x":' + "[" * 40 + "]" * 40 + "}"}, (5, {})),
        ({"Data": '{"x":NaN,"\\ud800":"\\udfff"}'}, (5, {"x": "nan", "?": "?"})),
    ],
    ids=lambda item: repr(item)[:40],
)
async def test_odd_event(
    cloud: Cloud,
    client: TencentIotClient,
    changes: dict[str, Any],
    expected: tuple[int, dict[str, Any]] | None,
) -> None:
    """What is no event is left out; one that says nothing else has happened all the same."""
    last = RECORD | {"EventId": "last", "TimeStamp": 9}
    answer(cloud, last, RECORD | changes, None, [], "text", Total=5)
    *events, other = (await read(client)).events
    assert other.event_id == "last"
    found = [(event.occurred_at, event.parameters) for event in events]
    assert found == ([] if expected is None else [expected])
    assert json_bytes([(event.data, event.parameters) for event in events])


async def test_same_event(cloud: Cloud, client: TencentIotClient) -> None:
    """An event is known by its id, its time and what it says, and comes once."""
    one = {"Data": '{"x":1}'}
    records = [
        RECORD,
        RECORD | one,
        RECORD | {"TimeStamp": 6},
        RECORD | {"EventId": "b"},
        RECORD | {"TimeStamp": "5"},
        RECORD | one,
    ]
    answer(cloud, *records)
    events = (await read(client)).events
    assert [(event.event_id, event.occurred_at, event.data) for event in events] == [
        ("a", 5, "{}"),
        ("a", 5, '{"x":1}'),
        ("b", 5, "{}"),
        ("a", 6, "{}"),
    ]


def no_lists() -> Iterator[dict[str, Any]]:
    """Yield replies that hold no list of events."""
    yield {}
    yield {"Data": "{}"}
    yield {"Total": 1}
    for odd in ({}, "[]", 5, True):
        yield {"EventHistory": odd, "Total": 0}


@pytest.mark.parametrize("payload", no_lists(), ids=repr)
async def test_no_list(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """A reply to something else does not say that nothing happened."""
    cloud.emulator.faults.append(Fault(payload=payload))
    with pytest.raises(BrokenReplyError) as raised:
        await read(client)
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id == entry.parameters["RequestId"]


@pytest.mark.parametrize(
    "payload",
    [
        {"EventHistory": None, "Total": None},
        {"EventHistory": None},
        {"Total": 0},
        {"EventHistory": []},
    ],
    ids=json.dumps,
)
async def test_empty_list(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """An empty list may be missing."""
    cloud.emulator.faults.append(Fault(payload=payload))
    assert await ids(client) == []


@by_both
async def test_unknown_device(cloud: Cloud, client: TencentIotClient) -> None:
    """That there is no such device is an error; what can be none is not asked for."""
    cloud.expect("ResourceNotFound.DeviceNotExist")
    for name in ("no-feeder", "no feeder"):
        with pytest.raises(UnknownDeviceError):
            await client.list_event_history(
                "FEEDER2026", name, EventType.ALERT, START, origin="events"
            )
    assert len(cloud.emulator.journal) == 1


@by_both
async def test_pace(client: TencentIotClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read again and again waits for its own kind, and nothing waits for it."""
    waits: list[object] = []

    async def wait(self: pace.Pace) -> None:
        """Note that something waits for its turn."""
        waits.append(self)

    monkeypatch.setattr(pace.Pace, "wait", wait)
    assert pace.MOST_PER_SECOND["DescribeDeviceData"] == 5
    assert pace.MOST_PER_SECOND["ListEventHistory"] == 2
    await read(client)
    await read(client)
    await client.describe_device_data(*FEEDER, origin="poll")
    first, second, third = waits
    assert first is second is not third
    await client.control_device_data(*FEEDER, {"child_lock": 1}, origin="service")
    assert waits[3] not in waits[:3]
