"""The signature that authenticates each request."""

import base64
from collections.abc import Mapping
from functools import lru_cache
import hmac


def string_to_sign(parameters: Mapping[str, str | int]) -> str:
    """Return the text that is signed.

    All parameters but `Signature`, sorted by the code units of their names, as
    `name=value` joined by `&`, values raw. An underscore in a name, never one in a
    value, becomes a dot. Source: Tencent Cloud document 1465/59055.
    """
    return "&".join(
        [
            f"{name.replace('_', '.') if '_' in name else name}={parameters[name]}"
            for name in sorted(parameters)
            if name != "Signature"
        ]
    )


def sign(parameters: Mapping[str, str | int], app_secret: str) -> str:
    """Return the Base64 text of the HMAC-SHA1 of the string to sign.

    Source: Tencent Cloud document 1465/59055.
    """
    signed = _keyed(app_secret).copy()
    signed.update(string_to_sign(parameters).encode())
    return base64.b64encode(signed.digest()).decode("ascii")


@lru_cache(maxsize=8)
def _keyed(app_secret: str) -> hmac.HMAC:
    """Return the beginning of all signatures of an application, which takes longest."""
    return hmac.new(app_secret.encode(), digestmod="sha1")
