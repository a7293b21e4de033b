"""The signature that authenticates each request."""

import base64
from collections.abc import Mapping
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
    digest = hmac.digest(
        app_secret.encode(), string_to_sign(parameters).encode(), "sha1"
    )
    return base64.b64encode(digest).decode("ascii")
