"""Whether a message or a handshake of the rule engine bears the signature of its Token."""

from collections.abc import Mapping
import hashlib
import hmac
import re

_MOST_SECONDS = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_ECHO = re.compile(r"[A-Za-z0-9]{1,128}")


def is_signed(headers: Mapping[str, str], token: str, now: float) -> bool:
    """Return whether headers are signed by a Token, at most five minutes from now.

    `now` is in seconds since 1970, by the clock of the cloud as far as it is known. What
    comes along is not covered by the signature.
    Source: Tencent Cloud document 1081/139874.
    """
    fields = _by_small_names(headers)
    timestamp, nonce = fields.get("timestamp", ""), fields.get("nonce", "")
    if not nonce or not _TIMESTAMP.fullmatch(timestamp):
        return False
    if abs(now - int(timestamp)) > _MOST_SECONDS:
        return False
    text = "".join(sorted((token, timestamp, nonce)))
    expected = hashlib.sha1(text.encode(errors="replace"), usedforsecurity=False)
    said = fields.get("signature", "").lower().encode(errors="replace")
    return hmac.compare_digest(said, expected.hexdigest().encode())


def handshake_answer(headers: Mapping[str, str]) -> str | None:
    """Return what a handshake wants to get back, none if it wants nothing harmless.

    Source: Tencent Cloud document 1081/103638.
    """
    echo = _by_small_names(headers).get("echostr", "")
    return echo if _ECHO.fullmatch(echo) else None


def _by_small_names(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return headers by their names in small letters, the first of each."""
    fields: dict[str, str] = {}
    for name, value in headers.items():
        fields.setdefault(name.lower(), value)
    return fields
