"""TC3-HMAC-SHA256, the signature of Tencent Cloud API 3.0, as its documentation has it."""

from collections.abc import Mapping, Sequence, Set as AbstractSet
from datetime import UTC, datetime
import hashlib
import hmac
import re
from typing import NamedTuple

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE = "iotexplorer"
# A person may type anything for a SecretId.
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(.+)/(\d{{4}}-\d\d-\d\d)/{SERVICE}/tc3_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)


class Authorization(NamedTuple):
    """What the header of this name says."""

    secret_id: str
    date: str
    signed: tuple[str, ...]
    signature: str

    def covers(self, names: AbstractSet[str]) -> bool:
        """Return whether what must be signed is, in order, and nothing that was not sent."""
        signed = set(self.signed)
        return {"content-type", "host"} <= signed <= names and (
            sorted(signed) == list(self.signed)
        )


def parse(header: str) -> Authorization | None:
    """Return what a header says, or None if it is malformed."""
    if not (match := _AUTHORIZATION.fullmatch(header)):
        return None
    secret_id, date, signed, signature_ = match.groups()
    return Authorization(secret_id, date, tuple(signed.split(";")), signature_)


def utc_date(timestamp: str) -> str:
    """Return the day of a time stamp, which is not everywhere the day of the clock."""
    return datetime.fromtimestamp(int(timestamp), UTC).strftime("%Y-%m-%d")


def string_to_sign(
    headers: Mapping[str, str],
    signed: Sequence[str],
    body: bytes,
    *,
    service: str = SERVICE,
) -> str:
    """Return the text that the signature of a request must cover."""
    lines = [f"{name}:{headers[name].strip().lower()}\n" for name in signed]
    payload = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\n{''.join(lines)}\n{';'.join(signed)}\n{payload}"
    timestamp = headers["X-TC-Timestamp"]
    scope = f"{utc_date(timestamp)}/{service}/tc3_request"
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{digest}"


def signature(text: str, secret_key: str) -> str:
    """Return the signature of a text, with the key of the day that the text names."""
    key = f"TC3{secret_key}".encode()
    for part in text.splitlines()[2].split("/"):
        key = _hmac(key, part).digest()
    return _hmac(key, text).hexdigest()


def _hmac(key: bytes, text: str) -> hmac.HMAC:
    """Return the authentication code of a text."""
    return hmac.new(key, text.encode(), hashlib.sha256)
