"""What the payload of a pushed message says: reports, events, a reply, or a status."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import cast

from .backend import Payload
from .device_data import MOST_PROPERTIES, make_event, read_object
from .identifiers import is_identifier
from .models import EventRecord, Report
from .moments import Moment, parse_moment
from .numbers import parse_number
from .payloads import text
from .push_messages import (
    PushContent,
    PushedEvents,
    PushedReply,
    PushedReports,
    PushedStatus,
)
from .texts import is_too_deep, readable, shorten, storable

_MOST_EVENTS = 100
_LONGEST_TEXT = 512
_THING = "$thing/up/"
_STATUS_CHANGE = "statuschange"
_WORDS = MappingProxyType({"online": True, "offline": False})
_WORDS_OF_CHANGE = MappingProxyType({**_WORDS, "1": True, "0": False})


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What stands around a payload; `fields` and those of the payload by plain names."""

    fields: Payload
    topic: str
    sent: Moment
    sequence: int | None


def plain(name: object) -> str:
    """Return a name in the one spelling of all that it has: `ClientToken`, `client_token`."""
    return name.replace("_", "").lower() if isinstance(name, str) else ""


def parse_content(payload: Payload, envelope: Envelope) -> PushContent | None:
    """Return what a payload says, nothing if it is of no use.

    Methods count in messages of the data template only: in topics of its own a device
    may send whatever it likes.
    Sources: Tencent Cloud, protocol of data templates; `events_post` in Tencent's device
    SDK for C.
    """
    method = plain(payload.get("method"))
    if not envelope.topic or envelope.topic.startswith(_THING):
        match method:
            case "report":
                return _parse_reports(payload, envelope)
            case "eventpost":
                return _parse_events([payload], envelope.sent)
            case "eventspost":
                return _parse_events(payload.get("events"), envelope.sent)
            case "actionreply":
                return _parse_reply(payload)
    is_online = _parse_status((payload, envelope.fields), envelope.topic)
    return None if is_online is None else PushedStatus(is_online=is_online)


def moment_of(payload: Payload, content: PushContent | None, sent: Moment) -> int:
    """Return when it was what a message says: a status has a time of its own.

    That is the cloud's, which knows of nothing later than its message.
    """
    if isinstance(content, PushedStatus):
        own = sent.believe(payload.get("time")) or sent.believe(
            payload.get("timestamp")
        )
        return min(own or sent, sent, key=lambda moment: moment.at).at
    return sent.at


def _parse_reports(payload: Payload, envelope: Envelope) -> PushedReports | None:
    """Return what a device reports of its properties."""
    params = read_object(payload.get("params")) or {}
    sent = envelope.sent
    moment = sent.believe(payload.get("timestamp")) or sent
    reports = {
        identifier: _parse_report(raw, moment, envelope)
        for identifier, raw in islice(params.items(), MOST_PROPERTIES)
        if is_identifier(identifier) and not is_too_deep(raw)
    }
    return PushedReports(reports=reports) if reports else None


def _parse_report(raw: object, moment: Moment, envelope: Envelope) -> Report:
    """Return what is reported of a property, either alone or as the cloud keeps it."""
    if isinstance(raw, dict) and raw.keys() == {"Value", "LastUpdate"}:
        kept = cast(Payload, raw)
        updated_at = parse_moment(kept["LastUpdate"])
        if updated_at is not None:
            raw = kept["Value"]
            if updated_at <= envelope.sent.latest_believed:
                moment = Moment(at=updated_at)
    return Report(
        value=storable(raw),
        reported_at=moment.at,
        resolution=moment.resolution,
        sent=envelope.sent,
        sequence=envelope.sequence,
    )


def _parse_events(raw: object, sent: Moment) -> PushedEvents | None:
    """Return the events of a list."""
    if not isinstance(raw, list):
        return None
    events = tuple(_events(cast(list[object], raw)[:_MOST_EVENTS], sent))
    return PushedEvents(events=events) if events else None


def _events(raw: Sequence[object], sent: Moment) -> Iterator[EventRecord]:
    """Yield those events of a list that are some."""
    for item in raw:
        if isinstance(item, dict):
            event = {plain(key): value for key, value in cast(Payload, item).items()}
            moment = sent.believe(event.get("timestamp")) or sent
            if record := make_event(
                event.get("eventid"),
                text(event, "type"),
                moment.at,
                event.get("params"),
            ):
                yield replace(record, sent_at=sent.at)


def _parse_reply(payload: Payload) -> PushedReply | None:
    """Return what a device answers, without its outputs, which may be secret."""
    token = text(payload, "clienttoken").strip()
    code = parse_number(payload.get("code"))
    if not 0 < len(token) <= _LONGEST_TEXT or not isinstance(code, int):
        return None
    status = shorten(text(payload, "status"), _LONGEST_TEXT)
    return PushedReply(client_token=token, code=code, status=status)


def _parse_status(sources: Sequence[Payload], topic: str) -> bool | None:
    """Return whether a device came online, none if that is not what is said.

    The form is documented for another way of forwarding only. So it is known by its name,
    or by its word where neither a device nor a person chooses the words.
    Source: Tencent Cloud, "CKafka 转发".
    """
    names = ("msgtype", "method", "type")
    if any(
        plain(source.get(name)) == _STATUS_CHANGE
        for source in sources
        for name in names
    ):
        return _find_word(sources, ("event", "status"), _WORDS_OF_CHANGE)
    if any(source.get("method") for source in sources) or topic[:1] not in ("", "$"):
        return None
    return _find_word(sources, ("event",), _WORDS)


def _find_word(
    sources: Sequence[Payload], names: Sequence[str], words: Mapping[str, bool]
) -> bool | None:
    """Return what the first word means that means anything."""
    for source in sources:
        for name in names:
            meant = words.get(readable(source.get(name, "")).strip().lower())
            if meant is not None:
                return meant
    return None
