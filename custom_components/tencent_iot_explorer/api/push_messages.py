"""What a message that the cloud's rule engine forwards can say."""

from collections.abc import Mapping
from dataclasses import dataclass

from .models import EventRecord, Report


@dataclass(frozen=True, kw_only=True, slots=True)
class PushedReports:
    """What a device reported of some of its properties, by their id."""

    reports: Mapping[str, Report]


@dataclass(frozen=True, kw_only=True, slots=True)
class PushedEvents:
    """The events that a device reported at once, mostly one alone."""

    events: tuple[EventRecord, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PushedReply:
    """What a device answered to an action; a code of 0 means that it did it."""

    client_token: str
    code: int
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PushedStatus:
    """A device came online or went offline."""

    is_online: bool


type PushContent = PushedReports | PushedEvents | PushedReply | PushedStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class PushMessage:
    """One message, which may come more than once, later than others, or be forged.

    `sequence` tells it from the others of its rule, if it has one. `sent_at` is in
    milliseconds since 1970, by the clock of the cloud as far as the message says it.
    Without `content` it says nothing that is of use here.
    """

    product_id: str
    device_name: str
    topic: str
    sequence: int | None
    sent_at: int
    content: PushContent | None
