"""The headers of replies that are about time."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache

_LONGEST_WAIT = 3600


@lru_cache(maxsize=8)
def parse_date(text: str | None) -> float | None:
    """Return the seconds since 1970 of an HTTP date, none if it makes no sense."""
    if text is None:
        return None
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    return parsed.timestamp()


def parse_retry_after(text: str | None, date: str | None) -> float | None:
    """Return the seconds of a Retry-After, an hour at most; none if it makes no sense.

    One that names a moment is measured from the `Date` of the same reply.
    Source: RFC 9110, section 10.2.3.
    """
    if text is None:
        return None
    if text.strip().isdecimal() and text.isascii():
        return float(min(int(text.strip()[:9]), _LONGEST_WAIT))
    then, now = parse_date(text), parse_date(date)
    if then is None or now is None:
        return None
    return min(max(then - now, 0.0), float(_LONGEST_WAIT))
