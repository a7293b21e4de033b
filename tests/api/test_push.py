"""Messages that the rule engine forwards, in each form that is documented."""

import base64
from datetime import UTC, datetime
import json
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.device_data import parse_event_page
from custom_components.tencent_iot_explorer.api.models import EventRecord, Report
from custom_components.tencent_iot_explorer.api.moments import Moment
from custom_components.tencent_iot_explorer.api.push import MOST_PUSH_BYTES, parse_push
from custom_components.tencent_iot_explorer.api.push_messages import (
    PushedEvents,
    PushedReply,
    PushedReports,
    PushedStatus,
    PushMessage,
)
from tests.api.strategies import nest

PRODUCT, DEVICE = "LAMP202611", "desk-lamp"
SECOND = 1_764_150_000
SENT = SECOND * 1000
RECEIVED = SENT + 456
DAY = 24 * 3600 * 1000
TOPIC = f"$thing/up/property/{PRODUCT}/{DEVICE}"
REPORT = {"method": "report", "clientToken": "c-1", "params": {"power": 1}}
EVENT = {
    "method": "event_post",
    "clientToken": "c-2",
    "version": "1.0",
    "eventId": "overheated",
    "type": "alert",
    "params": {"degrees": 81.5, "where": "灯"},
}
REPLY = {
    "method": "action_reply",
    "clientToken": "c-3",
    "code": 0,
    "status": "ok",
    "response": {"pin": "1234"},
}
MOMENT = Moment(at=SENT, resolution=1000)
POWER = Report(value=1, reported_at=SENT, resolution=1000, sequence=7, sent=MOMENT)


def make(payload: object = REPORT, **fields: Any) -> dict[str, Any]:
    """Return a message as it is forwarded by HTTP."""
    return {
        "payload": payload,
        "seq": 7,
        "timestamp": SECOND,
        "topic": TOPIC,
        "devicename": DEVICE,
        "productid": PRODUCT,
        **fields,
    }


def parse(message: object, received_at: int = RECEIVED) -> PushMessage | None:
    """Return what a message says."""
    return parse_push(json.dumps(message).encode(), received_at)


def parsed(message: object, received_at: int = RECEIVED) -> PushMessage:
    """Return what a message says that is one."""
    result = parse(message, received_at)
    assert result is not None
    return result


def content(message: object) -> object:
    """Return the content of a message."""
    return parsed(message).content


def reported(payload: object = REPORT, **fields: Any) -> Report:
    """Return the only report of a message."""
    found = content(make(payload, **fields))
    assert isinstance(found, PushedReports)
    (report,) = found.reports.values()
    return report


def events(message: object) -> tuple[EventRecord, ...]:
    """Return the events of a message."""
    found = content(message)
    assert isinstance(found, PushedEvents)
    return found.events


def encode(payload: object) -> str:
    """Return a payload as Base64."""
    return base64.b64encode(json.dumps(payload).encode()).decode()


def without(message: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a message without some of its parts."""
    return {name: value for name, value in message.items() if name not in names}


def test_report() -> None:
    """A report has the moment and the number of its message."""
    assert parsed(make()) == PushMessage(
        product_id=PRODUCT,
        device_name=DEVICE,
        topic=TOPIC,
        sequence=7,
        sent_at=SENT,
        content=PushedReports(reports={"power": POWER}),
    )


# 20 bytes more or less change where the padding and both odd letters of Base64 stand.
@pytest.mark.parametrize("fill", ["", "x", "xx", "~~~???>>>"])
@pytest.mark.parametrize(
    "write",
    [
        lambda payload: payload,
        json.dumps,
        lambda payload: f" {json.dumps(payload)}\n",
        encode,
        lambda payload: encode(payload).rstrip("="),
        lambda payload: encode(payload).translate(str.maketrans("+/", "-_")),
        lambda payload: base64.encodebytes(json.dumps(payload).encode()).decode(),
    ],
)
def test_payload_forms(write: Any, fill: str) -> None:
    """A payload is an object, a text of it, or Base64 of that in either alphabet."""
    payload = REPORT | {"clientToken": fill}
    assert reported(write(payload)) == POWER


@pytest.mark.parametrize(
    ("product", "device"),
    [
        ("productid", "devicename"),
        ("ProductId", "DeviceName"),
        ("productId", "deviceName"),
        ("product_id", "device_name"),
        ("PRODUCTID", "DEVICE_NAME"),
    ],
)
def test_spellings(product: str, device: str) -> None:
    """Names are known in all their spellings."""
    message = {product: PRODUCT, device: DEVICE, "Payload": REPORT, "Seq": "7"}
    message |= {"Timestamp": str(SECOND)}
    assert content(message) == PushedReports(reports={"power": POWER})


@pytest.mark.parametrize("kind", ["Publish", "Forward"])
def test_ckafka_report(kind: str) -> None:
    """A report in the other form of the cloud, in Base64 and with a time as a text."""
    message = {
        "MsgType": kind,
        "Topic": TOPIC,
        "ProductId": PRODUCT,
        "DeviceName": DEVICE,
        "Seq": 7,
        "PayloadLen": 60,
        "Payload": encode(REPORT),
        "Time": "2025-11-26 17:40:00",
    }
    assert parsed(message).sent_at == SENT
    assert content(message) == PushedReports(reports={"power": POWER})


@pytest.mark.parametrize(
    "message",
    [
        without(make(), "productid", "devicename"),
        without(make(), "topic"),
        make(topic=None),
        make(topic=""),
        make(productid="", devicename=None),
    ],
)
def test_names_from_one_place(message: dict[str, Any]) -> None:
    """Product and device are named beside the payload, by the topic, or both."""
    assert content(message) == PushedReports(reports={"power": POWER})


@pytest.mark.parametrize(
    "message",
    [
        make(productid="OTHER"),
        make(devicename="other"),
        make(topic=f"$thing/up/property/OTHER/{DEVICE}"),
        make(topic=f"$thing/up/event/{PRODUCT}/other"),
        make(REPORT | {"ProductId": "OTHER"}),
        make(REPORT | {"DeviceName": "other"}),
        make(ProductId="OTHER"),
        make(productid=5),
        make(productid=["LAMP202611"]),
        make(devicename={"a": 1}),
        make(devicename="desk/lamp", topic=""),
        make(productid="é", topic=""),
        without(make(topic="$thing/up/property"), "productid"),
        without(make(), "productid", "topic"),
        without(make(topic=[]), "devicename"),
        make(seq=7, Seq=8),
        [],
        [make()],
        "text",
        None,
        7,
    ],
)
def test_nobodys_message(message: object) -> None:
    """What names no device, or two, is no message."""
    assert parse(message) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\x00" * 100,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"seq":' + b"9" * 5000 + b"}",
        json.dumps(make(nest(1, 40))).encode(),
    ],
)
def test_spoilt(body: bytes) -> None:
    """What is no JSON, or too deep, is no message."""
    assert parse_push(body, RECEIVED) is None


def test_size() -> None:
    """What is larger than 256 KiB is not read."""
    body = json.dumps(make()).encode()
    assert parse_push(body.ljust(MOST_PUSH_BYTES), RECEIVED) is not None
    assert parse_push(body.ljust(MOST_PUSH_BYTES + 1), RECEIVED) is None


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "",
        "text",
        5,
        [],
        {},
        encode([]),
        encode(nest(REPORT, 40)),
        json.dumps(nest(REPORT, 40)),
        {"method": "report_info", "params": {"fw_ver": "1"}},
        {"method": "control_reply", "code": 0, "status": ""},
        {"method": "get_status", "type": "report"},
        {"method": "report"},
        {"method": "report", "params": {}},
        {"method": "report", "params": []},
        {"method": "report", "params": {"no id": 1, "": 2}},
        {"method": ["report"], "params": {"power": 1}},
        {"params": {"power": 1}},
        {"method": "event_post", "params": {}},
        {"method": "event_post", "eventId": "a/b", "params": {}},
        {"method": "event_post", "eventId": 5, "params": {}},
        {"method": "events_post"},
        {"method": "events_post", "events": []},
        {"method": "events_post", "events": {"eventId": "a"}},
        {"method": "events_post", "events": [1, None, {"eventId": ""}]},
        REPLY | {"code": None},
        REPLY | {"code": "no"},
        REPLY | {"code": 0.5},
        REPLY | {"code": False},
        REPLY | {"clientToken": ""},
        REPLY | {"clientToken": 5},
        REPLY | {"clientToken": "x" * 513},
        without(REPLY, "code"),
        {"event": 1},
        {"event": "Online!"},
        {"status": "online"},
        {"method": "StatusChange"},
        {"method": "StatusChange", "event": 2},
        {"method": "StatusChange", "event": {"online": 1}},
        {"method": "other", "event": "Online"},
    ],
)
def test_nothing_of_use(payload: object) -> None:
    """What is not known, or not whole, is a message all the same."""
    message = parsed(make(payload))
    assert (message.device_name, message.sequence) == (DEVICE, 7)
    assert message.content is None


@pytest.mark.parametrize("payload", [REPORT, EVENT, REPLY])
def test_own_topics(payload: dict[str, Any]) -> None:
    """In a topic of its own, or downwards, nothing of the data template is said."""
    for topic in (
        f"{PRODUCT}/{DEVICE}/data",
        f"$thing/down/property/{PRODUCT}/{DEVICE}",
    ):
        assert content(make(payload, topic=topic)) is None


def test_values() -> None:
    """Values are taken as a reply's are, without what cannot be stored."""
    params = {
        "a": True,
        "b": 2**70,
        "c": "\ud800",
        "d": [1.5, {"x": None}],
        "e": float("inf"),
        "f": None,
        "g": {"Value": 1, "LastUpdate": 2, "More": 3},
        "h": {"Value": 1, "LastUpdate": "soon"},
    }
    found = content(make({"method": "report", "params": params}))
    assert isinstance(found, PushedReports)
    assert {key: report.value for key, report in found.reports.items()} == params | {
        "b": str(2**70),
        "c": "?",
        "e": "inf",
    }


@pytest.mark.parametrize("depth", [40, 5000])
@pytest.mark.parametrize(("start", "end"), ["[]", ('{"a":', "}")])
def test_text_that_is_nested_deep(start: str, end: str, depth: int) -> None:
    """A value that is nested too deep is none, also within a text; the others are."""
    params = f'{{"power": 1, "deep": {start * depth}1{end * depth}}}'
    assert reported({"method": "report", "params": params}) == POWER


def test_own_time_of_a_value() -> None:
    """A value as the cloud keeps it says itself when it was reported."""
    for at in (SENT - 2 * DAY, SENT - 90_123, SENT + DAY):
        kept = {"Value": {"x": 1}, "LastUpdate": at}
        assert reported({"method": "report", "params": {"power": kept}}) == Report(
            value={"x": 1}, reported_at=at, sequence=7, sent=MOMENT
        )
    # The cloud refuses such times.
    kept = {"Value": 1, "LastUpdate": SENT + DAY + 1}
    assert reported({"method": "report", "params": {"power": kept}}) == POWER


@pytest.mark.parametrize(
    ("said", "expected", "resolution"),
    [
        (None, SENT, 1000),
        (SENT - 2345, SENT - 2345, 1),
        (str(SENT - 2345), SENT - 2345, 1),
        (SECOND - 60, SENT - 60_000, 1000),
        (SENT - 60_000, SENT - 60_000, 1000),
        (SENT + 999, SENT + 999, 1),
        (SENT + 1000, SENT + 1000, 1000),
        (SECOND + 7200, SENT + 7_200_000, 1000),
        (SENT + DAY, SENT + DAY, 1000),
        (SENT + DAY + 1, SENT, 1000),
        (SENT - DAY, SENT - DAY, 1000),
        (SENT - DAY - 1, SENT, 1000),
        (0, SENT, 1000),
        (12, SENT, 1000),
        (1_514_764_850_000, SENT, 1000),
        (-5, SENT, 1000),
        (10**30, SENT, 1000),
        (float("nan"), SENT, 1000),
        (True, SENT, 1000),
        ({}, SENT, 1000),
    ],
)
def test_time_of_a_device(said: object, expected: int, resolution: int) -> None:
    """What a device says about the time is believed if it can be true."""
    report = reported(REPORT | {"timestamp": said})
    assert (report.reported_at, report.resolution) == (expected, resolution)
    assert parsed(make(REPORT | {"timestamp": said})).sent_at == SENT
    (event,) = events(make(EVENT | {"timestamp": said}))
    assert event.occurred_at == expected


@pytest.mark.parametrize(
    ("said", "expected", "resolution"),
    [
        (SECOND, SENT, 1000),
        (SECOND - 3600, SENT - 3_600_000, 1000),
        (SENT + 123, SENT + 123, 1),
        (SECOND + 300, SENT + 300_000, 1000),
        (SECOND + 301, RECEIVED, 1),
        (10**15, RECEIVED, 1),
        (0, RECEIVED, 1),
        (None, RECEIVED, 1),
        ("soon", RECEIVED, 1),
        ("x" * 10_000, RECEIVED, 1),
        ("0001-01-01 00:00:00", RECEIVED, 1),
        ("9999-12-31 23:59:59", RECEIVED, 1),
        ("2025-11-26T09:40:00Z", SENT, 1000),
    ],
)
def test_time_of_a_message(said: object, expected: int, resolution: int) -> None:
    """A message says itself when it was sent, but not what nobody can know yet."""
    assert parsed(make(timestamp=said)).sent_at == expected
    report = reported(timestamp=said)
    assert (report.reported_at, report.resolution) == (expected, resolution)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (0, 0),
        ("12", 12),
        (2**40, 2**40),
        (-1, None),
        (1.5, None),
        (2**60, None),
        (None, None),
        ("x", None),
        ([], None),
        (True, None),
    ],
)
def test_sequence(said: object, expected: int | None) -> None:
    """A message may have a number."""
    assert parsed(make(seq=said)).sequence == expected
    assert reported(seq=said).sequence == expected


def test_event() -> None:
    """An event is the same as one that is read, but for its stamp."""
    (event,) = events(make(EVENT, topic=f"$thing/up/event/{PRODUCT}/{DEVICE}"))
    (read,) = parse_event_page(
        {
            "EventHistory": [
                {
                    "EventId": "overheated",
                    "Type": "alert",
                    "TimeStamp": SENT,
                    "Data": json.dumps(EVENT["params"]),
                }
            ]
        }
    ).events
    assert event.parameters == read.parameters == EVENT["params"]
    assert json.loads(event.data) == json.loads(read.data)
    assert (event.event_id, event.type) == (read.event_id, read.type)
    assert event.occurred_at == read.occurred_at


@pytest.mark.parametrize("params", [None, {}, "", "no", [1], {"a": float("nan")}])
def test_event_parameters(params: object) -> None:
    """An event with odd parameters, or none, is one all the same."""
    (event,) = events(make(EVENT | {"params": params}))
    expected = {"a": "nan"} if isinstance(params, dict) and params else {}
    assert event.parameters == expected
    if not isinstance(params, str):
        assert json.loads(event.data) == expected


def test_several_events() -> None:
    """A device may post several events at once, each with its own time."""
    parts = [
        {"eventId": "a", "type": "info", "timestamp": SENT - 5000, "params": {"x": 1}},
        {"eventId": "/"},
        {"EventId": "b", "type": "fault", "timestamp": 0, "params": {}},
    ]
    first, second = events(make({"method": "events_post", "events": parts}))
    assert (first.event_id, first.occurred_at, first.data) == (
        "a",
        SENT - 5000,
        '{"x":1}',
    )
    assert (second.event_id, second.type, second.occurred_at) == ("b", "fault", SENT)
    many = [{"eventId": "a", "params": {}}] * 1000
    assert len(events(make({"method": "events_post", "events": many}))) == 100


@pytest.mark.parametrize(
    ("code", "expected"), [(0, 0), ("0", 0), (-3, -3), ("404", 404), (1.0, 1)]
)
def test_reply(code: object, expected: int) -> None:
    """A reply says how it ended and to what, without its outputs."""
    message = make(REPLY | {"code": code}, topic=f"$thing/up/action/{PRODUCT}/{DEVICE}")
    reply = PushedReply(client_token="c-3", code=expected, status="ok")
    assert content(message) == reply
    assert "1234" not in repr(parsed(message))


def test_status_of_a_reply() -> None:
    """A status that is none or too long does no harm."""
    for status, expected in ((None, ""), (5, ""), ("x" * 1000, "x" * 511 + "…")):
        reply = content(make(REPLY | {"status": status}))
        assert isinstance(reply, PushedReply)
        assert reply.status == expected


STATUS = {
    "MsgType": "StatusChange",
    "Event": "Online",
    "Topic": "",
    "Reason": "",
    "ProductId": PRODUCT,
    "DeviceName": DEVICE,
    "Seq": 9,
    "PayloadLen": 0,
    "Payload": None,
    "Time": "2025-11-26 17:40:00",
}


@pytest.mark.parametrize("is_online", [True, False])
@pytest.mark.parametrize(
    "message",
    [
        STATUS,
        {name.lower(): value for name, value in STATUS.items()},
        STATUS | {"MsgType": "status_change"},
        without(STATUS, "MsgType"),
        without(STATUS, "Payload", "Topic"),
        STATUS | {"Payload": encode({"a": 1})},
        make({"method": "StatusChange", "event": "Online"}),
        make({"msgtype": "statusChange", "status": "Online"}),
        make({"type": "StatusChange", "Event": "Online"}, topic="whatever/x"),
        make({"event": "Online"}),
        make({"Event": "Online"}, topic="$state/x"),
        make(without(STATUS, "Payload"), topic=""),
    ],
)
def test_status(message: dict[str, Any], is_online: bool) -> None:
    """Coming online and going offline are known in any spelling."""
    for word in ("Online", "online", "ONLINE") if is_online else ("Offline", "offline"):
        text = json.dumps(message).replace('"Online"', json.dumps(word))
        found = parsed(json.loads(text))
        assert found.content == PushedStatus(is_online=is_online)
        assert found.sent_at == SENT


def test_status_in_two_parts() -> None:
    """What a message is about may stand beside its payload."""
    message = make(encode({"Event": "Offline"}), msgtype="StatusChange", topic="a/b")
    assert content(message) == PushedStatus(is_online=False)


@pytest.mark.parametrize(
    ("word", "expected"), [(1, True), ("1", True), (0, False), ("0", False)]
)
def test_status_as_a_number(word: object, expected: bool) -> None:
    """A number says so only where it is said what the message is about."""
    message = make({"method": "StatusChange", "status": word})
    assert content(message) == PushedStatus(is_online=expected)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"time": "2025-11-26 17:39:00"}, SENT - 60_000),
        ({"Time": SECOND - 60}, SENT - 60_000),
        ({"timestamp": SENT - 1}, SENT - 1),
        ({"time": "1970-01-01 08:00:12"}, SENT),
        ({"time": SECOND + 60}, SENT),
        ({"time": SECOND + 7200}, SENT),
    ],
)
def test_time_of_a_status(said: dict[str, Any], expected: int) -> None:
    """A status has the time that stands beside it, if that can be true."""
    assert parsed(make({"event": "Offline", **said})).sent_at == expected


def test_words_in_own_topics() -> None:
    """A device may say online in a topic of its own and mean something else."""
    assert content(make({"event": "Online"}, topic=f"{PRODUCT}/{DEVICE}/event")) is None


def test_time_of_the_cloud() -> None:
    """What the cloud writes as a text is China Standard Time."""
    moment = datetime(2020, 6, 8, 12, 3, 47, tzinfo=UTC).timestamp() * 1000
    message = STATUS | {"Time": "2020-06-08 20:03:47"}
    assert parsed(message).sent_at == moment
