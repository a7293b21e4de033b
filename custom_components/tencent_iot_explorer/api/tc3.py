"""The signature of cloud API 3.0: TC3-HMAC-SHA256."""

import hashlib
import hmac
import time

_ALGORITHM = "TC3-HMAC-SHA256"
_SIGNED_HEADERS = "content-type;host"


class Tc3Signer:
    """Signs the requests that a SecretId makes of one service of the cloud.

    Source: Tencent Cloud, signature method v3.
    """

    def __init__(self, secret_id: str, secret_key: str, service: str) -> None:
        """Keep what each signature needs."""
        self._secret_id = secret_id
        self._secret_key = secret_key
        self._service = service
        self._date = ""
        self._key_of_the_day = b""

    def sign(
        self,
        body: bytes,
        timestamp: int,
        *,
        host: str,
        content_type: str,
        path: str = "/",
    ) -> tuple[str, tuple[str, str]]:
        """Return the header Authorization of a POST, and what must not be shown of it.

        These are the signature, and the hash that was signed: who knows that can guess a
        short input. All is signed exactly as it is sent. A time stamp and its date are
        both in UTC.
        """
        canonical_request = (
            f"POST\n{path}\n\ncontent-type:{content_type}\nhost:{host}\n\n"
            f"{_SIGNED_HEADERS}\n{hashlib.sha256(body).hexdigest()}"
        )
        # Unlike a datetime, it takes any year.
        date = time.strftime("%Y-%m-%d", time.gmtime(timestamp))
        scope = f"{date}/{self._service}/tc3_request"
        hashed = hashlib.sha256(canonical_request.encode()).hexdigest()
        text = f"{_ALGORITHM}\n{timestamp}\n{scope}\n{hashed}"
        signature = _keyed(self._key_of(date), text).hex()
        authorization = (
            f"{_ALGORITHM} Credential={self._secret_id}/{scope}, "
            f"SignedHeaders={_SIGNED_HEADERS}, Signature={signature}"
        )
        return authorization, (signature, hashed)

    def _key_of(self, date: str) -> bytes:
        """Return the key of a day, which all signatures of it are made with."""
        if date != self._date:
            key = _keyed(f"TC3{self._secret_key}".encode(), date)
            self._key_of_the_day = _keyed(_keyed(key, self._service), "tc3_request")
            self._date = date
        return self._key_of_the_day


def _keyed(key: bytes, text: str) -> bytes:
    """Return the HMAC-SHA256 of a text."""
    return hmac.digest(key, text.encode(), "sha256")
