"""Whatever comes in over a push: it leads to a bounded message or to none."""

import base64
from collections.abc import Callable
import json
from typing import Any

from hypothesis import given, strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
import pytest

from homeassistant.helpers.json import json_bytes

from custom_components.tencent_iot_explorer.api.identifiers import (
    is_device_name,
    is_identifier,
)
from custom_components.tencent_iot_explorer.api.push import MOST_PUSH_BYTES, parse_push
from custom_components.tencent_iot_explorer.api.push_messages import (
    PushedEvents,
    PushedReply,
    PushedReports,
    PushedStatus,
    PushMessage,
)
from tests.api.strategies import JSON, TEXTS, mostly, nearly, one_object, write
from tests.api.test_push import DEVICE, EVENT, PRODUCT, RECEIVED, REPORT, SENT, make

# A device's own time is believed within it.
DAY = 86_400_000
_IDS = mostly(st.sampled_from(("power", "a", "a-B_9")), TEXTS)
_TIMES = st.sampled_from(
    (0, 1, SENT, SENT // 1000, SENT - 5000, SENT + 10**9, "2025-11-26 17:40:00")
)
_PARAMS = st.dictionaries(
    _IDS, nearly(st.integers() | st.text(), JSON), min_size=1, max_size=5
)
_THINGS: tuple[SearchStrategy[Any], ...] = (
    one_object(method=st.just("report"), params=_PARAMS, timestamp=_TIMES),
    one_object(
        method=st.just("event_post"),
        eventId=_IDS,
        type=st.sampled_from(("info", "alert", "fault")),
        params=_PARAMS,
        timestamp=_TIMES,
    ),
    one_object(
        method=st.just("events_post"),
        events=st.lists(
            nearly(one_object(eventId=_IDS, params=_PARAMS, timestamp=_TIMES)),
            max_size=4,
        ),
    ),
    one_object(
        method=st.just("action_reply"),
        clientToken=TEXTS,
        code=st.integers(),
        status=TEXTS,
    ),
    one_object(
        MsgType=st.just("StatusChange"),
        Event=st.sampled_from(("Online", "Offline", "online", 1, 0)),
        Time=_TIMES,
    ),
)
_PAYLOADS = st.one_of(*_THINGS)
_WRITTEN = st.one_of(
    _PAYLOADS,
    _PAYLOADS.map(write),
    _PAYLOADS.map(lambda item: base64.b64encode(write(item).encode()).decode()),
    JSON,
)
_KINDS = st.sampled_from(("property", "event", "action", "raw", "é"))
_MESSAGES = one_object(
    payload=_WRITTEN,
    seq=st.integers(0, 10),
    timestamp=_TIMES,
    topic=mostly(
        _KINDS.map(lambda kind: f"$thing/up/{kind}/{PRODUCT}/{DEVICE}"), TEXTS
    ),
    devicename=mostly(st.just(DEVICE), TEXTS),
    productid=mostly(st.just(PRODUCT), TEXTS),
)
_BODIES = _MESSAGES.map(write).map(lambda text: text.encode("utf-8", "surrogatepass"))


@st.composite
def spoilt(draw: DrawFn) -> bytes:
    """Return messages of which some bytes are others, gone, or there twice."""
    body = bytearray(draw(_BODIES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(start + 20, len(body))))
        body[start:end] = draw(
            st.binary(max_size=5) | st.just(bytes(body[start:end] * 2))
        )
    return bytes(body)


def check(body: bytes) -> PushMessage | None:
    """Return what a message says, having looked at all that it can say."""
    message = parse_push(body, RECEIVED)
    assert parse_push(body, RECEIVED) == message
    if message is None:
        return None
    assert is_identifier(message.product_id)
    assert is_device_name(message.device_name)
    assert len(message.topic) < 256
    assert message.topic.isprintable()
    assert message.sequence is None or 0 <= message.sequence < 2**53
    assert 0 < message.sent_at <= RECEIVED + 300_000
    match message.content:
        case PushedReports(reports=reports):
            assert 0 < len(reports) <= 1000
            for identifier, report in reports.items():
                assert is_identifier(identifier)
                json_bytes(report.value)
                assert 0 < report.reported_at <= message.sent_at + DAY
                assert report.resolution in (1, 1000)
                assert report.sequence == message.sequence
        case PushedEvents(events=events):
            assert 0 < len(events) <= 100
            for event in events:
                assert is_identifier(event.event_id)
                assert abs(event.occurred_at - message.sent_at) <= DAY
                json_bytes([event.type, event.data, event.parameters])
        case PushedReply(client_token=token, code=code, status=status):
            assert 0 < len(token) <= 512
            assert type(code) is int
            assert len(status) <= 512
            json_bytes([token, code, status])
        case PushedStatus(is_online=is_online):
            assert type(is_online) is bool
        case nothing:
            assert nothing is None
    return message


@given(st.binary(max_size=200))
def test_bytes(body: bytes) -> None:
    """No bytes raise anything."""
    check(body)


@given(JSON.map(write).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_json(body: bytes) -> None:
    """No document raises anything."""
    check(body)


@given(_BODIES)
def test_messages(body: bytes) -> None:
    """No message raises anything, however odd its parts."""
    check(body)


@given(spoilt())
def test_spoilt_messages(body: bytes) -> None:
    """No message raises anything that got spoilt on its way."""
    check(body)


@given(st.permutations(list(make(EVENT))), st.lists(TEXTS, max_size=3))
def test_more_names(order: list[str], more: list[str]) -> None:
    """The order of a message's parts means nothing, and what is not known is left."""
    message = make(EVENT)
    others = {name: 1 for name in more if name.replace("_", "").lower() not in message}
    body = json.dumps({name: message[name] for name in order} | others).encode()
    assert check(body) == parse_push(json.dumps(message).encode(), RECEIVED)


@pytest.mark.parametrize(
    "write_many",
    [
        lambda count: make({"method": "report", "params": dict.fromkeys(count, 1)}),
        lambda count: make(
            {"method": "events_post", "events": [{"eventId": item} for item in count]}
        ),
        lambda count: make(REPORT, **dict.fromkeys(count, 1)),
        lambda count: make(REPORT, topic="$thing/up/" + "/" * 10 * len(count)),
        lambda count: make("A" * 10 * len(count)),
    ],
)
def test_much(write_many: Callable[[list[str]], object]) -> None:
    """A message as large as may be is read in no time, and little is kept of it."""
    body = json.dumps(write_many([f"a{item}" for item in range(10_000)])).encode()
    assert len(body) < MOST_PUSH_BYTES
    check(body)
