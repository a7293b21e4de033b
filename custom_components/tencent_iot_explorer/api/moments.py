"""Moments as messages name them, in whatever form, and which of them can be believed."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .numbers import YEAR_9999, parse_number

# What the cloud writes as a text is China Standard Time, wherever it is read.
# Source: the example of a message about online and offline in Tencent's "CKafka 转发".
_CLOUD_TIME = timezone(timedelta(hours=8))
_LONGEST_TEXT = 40
# Whoever counts from 1970 in seconds gets this far in the year 5138 only.
_LEAST_MILLISECONDS = 100_000_000_000
_SECOND = 1000
_DAY = 24 * 3600 * _SECOND


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """Milliseconds since 1970, rounded down to `resolution` of them."""

    at: int
    resolution: int = 1

    @property
    def end(self) -> int:
        """Return the first moment that is surely later."""
        return self.at + self.resolution

    @property
    def latest_believed(self) -> int:
        """Return what a message of this moment may say at most, by whatever clock."""
        return self.at + _DAY

    def believe(self, said: object) -> Moment | None:
        """Return when something was that comes in a message of this moment.

        A clock may be wrong, and the cloud keeps what a device says, too. None if it is
        more than a day away, which the cloud refuses, as of a device that has no clock and
        counts from 1970, or from its start.
        """
        moment = parse_time(said)
        if moment is None or not self.at - _DAY <= moment.at <= self.latest_believed:
            return None
        return moment


def parse_moment(raw: object) -> int | None:
    """Return milliseconds since 1970, none for what is no moment."""
    number = parse_number(raw)
    return int(number) if number is not None and 0 < number < YEAR_9999 else None


def parse_time(raw: object) -> Moment | None:
    """Return a moment in seconds, in milliseconds or as a text, none for anything else.

    Devices that know seconds only send them as milliseconds, too.
    """
    number = parse_number(raw)
    if number is None:
        number = _read_date(raw)
    elif number < _LEAST_MILLISECONDS:
        number *= _SECOND
    at = parse_moment(number)
    if at is None:
        return None
    return Moment(at=at, resolution=1 if at % _SECOND else _SECOND)


def _read_date(raw: object) -> int | None:
    """Return the milliseconds since 1970 of a date and time."""
    if not isinstance(raw, str) or len(raw) > _LONGEST_TEXT:
        return None
    try:
        date = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=_CLOUD_TIME)
    return int(date.timestamp() * _SECOND)
