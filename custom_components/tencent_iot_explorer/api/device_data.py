"""What replies say of one device's properties and events, as far as it can be believed."""

from collections.abc import Iterator
from itertools import islice
from typing import cast

from .backend import Payload
from .errors import BrokenReplyError
from .identifiers import is_identifier
from .models import DeviceData, EventPage, EventRecord, Report, WriteReceipt
from .moments import parse_moment
from .numbers import parse_number, write_json
from .payloads import is_count, text
from .texts import clean_text, decode_json, is_too_deep, storable

MOST_PROPERTIES = 1000
_LONGEST_CONTEXT = 8192


def parse_device_data(payload: Payload) -> DeviceData:
    """Return what a device reported; what is no report is left out.

    Raises BrokenReplyError if the reply is about something else.
    """
    if "Data" not in payload or (data := read_object(payload["Data"])) is None:
        raise BrokenReplyError("the reply holds no Data")
    return DeviceData(reports=dict(islice(_reports(data), MOST_PROPERTIES)))


def parse_write_receipt(payload: Payload) -> WriteReceipt:
    """Return whether a device was reached; raises BrokenReplyError if that is not said.

    `{"Sent":0,"pushResult":23101}` comes for one that is offline or does not listen.
    """
    result = read_object(payload.get("Result")) or {}
    sent = parse_number(result.get("Sent"))
    push_result = result.get("pushResult")
    push_result = 0 if push_result is None else parse_number(push_result)
    if sent not in (0, 1) or push_result is None:
        raise BrokenReplyError("the reply does not tell of a write")
    return WriteReceipt(
        is_sent=sent == 1 and push_result == 0, request_id=text(payload, "RequestId")
    )


def parse_event_page(payload: Payload) -> EventPage:
    """Return a page of events without those that are none.

    Raises BrokenReplyError without one. `Listover` is not read: the documents of the two
    interfaces say the opposite of each other.
    """
    total = payload.get("Total")
    events = payload.get("EventHistory")
    if events is None and ("EventHistory" in payload or total == 0):
        events = []
    if not isinstance(events, list):
        raise BrokenReplyError("the reply holds no list of EventHistory")
    records = cast(list[object], events)
    context = text(payload, "Context")
    return EventPage(
        events=tuple(filter(None, map(_parse_event, records))),
        count=len(records),
        total=total if is_count(total) else None,
        context=context if len(context) <= _LONGEST_CONTEXT else "",
    )


def _reports(data: Payload) -> Iterator[tuple[str, Report]]:
    """Yield what was reported of each property."""
    for identifier, raw in data.items():
        if not is_identifier(identifier) or not isinstance(raw, dict):
            continue
        report = cast(Payload, raw)
        if "Value" in report and not is_too_deep(report["Value"]):
            yield (
                identifier,
                Report(
                    value=storable(report["Value"]),
                    reported_at=parse_moment(report.get("LastUpdate")) or 0,
                ),
            )


def _parse_event(raw: object) -> EventRecord | None:
    """Return an event, none if nobody could say which one it is and when it was."""
    if not isinstance(raw, dict):
        return None
    event = cast(Payload, raw)
    occurred_at = parse_moment(event.get("TimeStamp"))
    if not occurred_at:
        return None
    return make_event(
        event.get("EventId"), text(event, "Type"), occurred_at, event.get("Data")
    )


def make_event(
    event_id: object, kind: str, occurred_at: int, data: object
) -> EventRecord | None:
    """Return an event, none if it has no EventId; data that makes no sense is no data."""
    if not is_identifier(event_id):
        return None
    raw = read_object(data) or {}
    parameters = {} if is_too_deep(raw) else cast(Payload, storable(raw))
    return EventRecord(
        event_id=event_id,
        type=kind,
        occurred_at=occurred_at,
        data=clean_text(data) if isinstance(data, str) else write_json(parameters),
        parameters=parameters,
    )


def read_object(raw: object) -> Payload | None:
    """Return an object or what a text says that holds one, an empty one for nothing."""
    if isinstance(raw, str) and raw.strip():
        try:
            raw = decode_json(raw)
        except ValueError:
            return None
    if raw is None or isinstance(raw, str):
        return {}
    return cast(Payload, raw) if isinstance(raw, dict) else None
