"""The service API: for the key pair of an application, all of a request in its body."""

import base64
from collections.abc import Mapping
import hmac
import re
from typing import cast
import uuid

import orjson

from .backend import Parameters, Payload, SignedRequest, values_in
from .codes import error_for_code
from .errors import (
    InvalidSignatureError,
    RepeatedRequestError,
    TencentIotError,
    TimestampError,
    UnknownApplicationError,
)

SERVICE_API_ENDPOINT = "https://iot.cloud.tencent.com/api/exploreropen/serviceapi"

# What is wrong with a request as such is documented as one code for all; the text begins
# with the name of the parameter: "Signature 无效". Source: document 1465/59079.
_BARE_CODE = "InvalidParameterValue"
_PARAMETER = re.compile(r"\s*(Signature|AppKey|Timestamp|Nonce)(?!\.?[\w-])", re.ASCII)
_PARAMETERS: Mapping[str, type[TencentIotError]] = {
    "Signature": InvalidSignatureError,
    "AppKey": UnknownApplicationError,
    "Timestamp": TimestampError,
    "Nonce": RepeatedRequestError,
}
_MOST_LEVELS = 3


class ServiceApi:
    """The interface for the AppKey and AppSecret of an application."""

    filters_devices = False
    makes_request_ids = False

    def __init__(
        self, app_key: str, app_secret: str, endpoint: str = SERVICE_API_ENDPOINT
    ) -> None:
        """Keep what each request needs."""
        self.url = endpoint
        self._app_key = app_key
        self._app_secret = app_secret
        # The beginning of all signatures, which takes longest.
        self._keyed = hmac.new(app_secret.encode(), digestmod="sha1")

    def sign(self, call: str, parameters: Parameters, timestamp: int) -> SignedRequest:
        """Return a request with a Nonce and a RequestId of its own.

        Source: Tencent Cloud document 1465/59055.
        """
        action = f"Service{call}"
        unique = uuid.uuid4()
        request_id = str(unique)
        signed: dict[str, str | int | Payload] = {
            **parameters,
            "Action": action,
            "AppKey": self._app_key,
            "Nonce": unique.int % 2**31 or 1,
            "RequestId": request_id,
            "Timestamp": timestamp,
        }
        signature = signed["Signature"] = sign(signed, self._keyed)
        return SignedRequest(
            action=action,
            request_id=request_id,
            headers={},
            body=orjson.dumps(signed),
            parameters=signed,
            secrets=(self._app_secret, self._app_key, signature),
        )

    def levels(self, document: Payload) -> list[Payload]:
        """Return the envelopes of a reply in any documented or observed shape.

        These are `{"Response": {…}}`, `{"code": 0, "msg": "", "data": {…}}`, the first
        inside the second, and a bare object.
        Sources: Tencent Cloud documents 1465/59055 to 1465/59065 for the first and the
        last, Tencent's own clients of the sister interfaces for the others.
        """
        levels, level = [document], document
        while len(levels) < _MOST_LEVELS:
            inner = level.get("Response")
            if not inner and ("code" in level or "msg" in level):
                inner = level.get("data")
            if not isinstance(inner, dict):
                break
            level = cast(Payload, inner)
            levels.append(level)
        return levels

    def error(
        self, code: str, message: str, parameters: Parameters
    ) -> type[TencentIotError]:
        """Return what a code means, the one for all by the parameter that its text names.

        Where something of that name is among the values for a device, the text may be
        about that, and is not taken for more.
        """
        if code == _BARE_CODE and (found := _PARAMETER.match(message)):
            if f'"{found[1]}"' not in values_in(parameters):
                return _PARAMETERS[found[1]]
        return error_for_code(code)


def string_to_sign(parameters: Parameters) -> str:
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


def sign(parameters: Parameters, keyed: hmac.HMAC) -> str:
    """Return the Base64 text of the HMAC-SHA1, keyed already, of the string to sign.

    Source: Tencent Cloud document 1465/59055.
    """
    signed = keyed.copy()
    signed.update(string_to_sign(parameters).encode())
    return base64.b64encode(signed.digest()).decode("ascii")
