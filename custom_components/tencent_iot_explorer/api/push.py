"""A message that the cloud's rule engine forwards, as far as it can be understood."""

from collections.abc import Callable, Iterable
import re
from typing import TypeIs, cast

from .backend import Payload
from .identifiers import is_device_name, is_identifier
from .moments import Moment, parse_time
from .numbers import parse_number
from .payloads import is_count
from .push_contents import Envelope, moment_of, parse_content, plain
from .push_messages import PushMessage
from .texts import decode_json, from_base64, is_too_deep, readable

MOST_PUSH_BYTES = 256 * 1024

# By how many milliseconds the cloud's clock may be ahead of what is known of it.
_MOST_AHEAD = 300_000
_THING_TOPIC = re.compile(r"\$thing/\w+/\w+/([^/]*)/([^/]*)")


def parse_push(body: bytes, received_at: int) -> PushMessage | None:
    """Return what a message says, none for what is no message about a device.

    `received_at` is in milliseconds since 1970, by the clock of the cloud as far as it is
    known. Nobody can say anything about later than a few minutes after that: it would
    stand in the way of all that follows.
    Sources: Tencent Cloud documents 1081/103638 and 1081/139874 (HTTP), 634/19449 (how a
    payload is encoded), "CKafka 转发" (names in other letters, and a time as a text).
    """
    if (fields := _read_body(body)) is None:
        return None
    payload = _read_payload(fields["payload"]) if "payload" in fields else fields
    topic = fields.get("topic")
    named = _THING_TOPIC.match(topic) if isinstance(topic, str) else None
    of_topic = named.groups() if named else ("", "")
    product_id = _the_one(
        (fields.get("productid"), payload.get("productid"), of_topic[0]), is_identifier
    )
    device_name = _the_one(
        (fields.get("devicename"), payload.get("devicename"), of_topic[1]),
        is_device_name,
    )
    if product_id is None or device_name is None:
        return None
    sequence = parse_number(fields.get("seq"))
    envelope = Envelope(
        fields=fields,
        topic=readable(topic) if isinstance(topic, str) else "",
        sent=_sent(fields, received_at),
        sequence=sequence if is_count(sequence) else None,
    )
    content = parse_content(payload, envelope)
    return PushMessage(
        product_id=product_id,
        device_name=device_name,
        topic=envelope.topic,
        sequence=envelope.sequence,
        sent_at=moment_of(payload, content, envelope.sent),
        content=content,
    )


def _read_body(body: bytes) -> Payload | None:
    """Return a message by plain names, none if it is not one."""
    if len(body) > MOST_PUSH_BYTES:
        return None
    try:
        return _by_plain_names(decode_json(body.decode("utf-8-sig")))
    except ValueError:
        return None


def _read_payload(raw: object) -> Payload:
    """Return what a device sent, by plain names; nothing for what is not made of names."""
    if not isinstance(raw, str):
        return _by_plain_names(raw) or {}
    for read in (decode_json, _decode_base64):
        try:
            payload = _by_plain_names(read(raw))
        except ValueError:
            continue
        if payload is not None:
            return payload
    return {}


def _decode_base64(text: str) -> object:
    """Return the value of a JSON text in Base64; raises ValueError if it is none."""
    return decode_json(from_base64(text))


def _by_plain_names(raw: object) -> Payload | None:
    """Return an object by plain names, none if it is none, too deep, or at odds with itself.

    A name that is spelt in two ways says nothing if both do not say the same.
    """
    if not isinstance(raw, dict) or is_too_deep(raw):
        return None
    fields: dict[str, object] = {}
    for name, value in cast(Payload, raw).items():
        known = fields.setdefault(plain(name), value)
        if known is not value and known != value:
            return None
    return fields


def _the_one(
    said: Iterable[object], is_valid: Callable[[object], TypeIs[str]]
) -> str | None:
    """Return the id that is said, in however many places; none if they differ."""
    ids = [item for item in said if item not in (None, "")]
    if not ids or any(item != ids[0] for item in ids):
        return None
    return ids[0] if is_valid(ids[0]) else None


def _sent(fields: Payload, received_at: int) -> Moment:
    """Return when the cloud sent a message, or when it came if that makes no sense."""
    sent = parse_time(fields.get("timestamp")) or parse_time(fields.get("time"))
    if sent is None or sent.at > received_at + _MOST_AHEAD:
        return Moment(at=received_at)
    return sent
