"""The parameters of requests."""

from collections.abc import Mapping
import json
import secrets
import uuid

from .signature import sign
from .values import WireValue


def action_parameters(
    product_id: str,
    device_name: str,
    action_id: str,
    inputs: Mapping[str, WireValue],
) -> dict[str, str | int]:
    """Return the parameters that both ways to run an action share.

    InputParams is ASCII, so that it is signed alike whatever the cloud's encoding.
    """
    return {
        "ProductId": product_id,
        "DeviceName": device_name,
        "ActionId": action_id,
        "InputParams": json.dumps(
            inputs, allow_nan=False, ensure_ascii=True, separators=(",", ":")
        ),
    }


def signed_parameters(
    name: str,
    parameters: Mapping[str, str | int],
    app_key: str,
    app_secret: str,
    timestamp: int,
) -> dict[str, str | int]:
    """Return all parameters of one request, with a Nonce and a RequestId of its own.

    `timestamp` is in seconds since 1970. Source: Tencent Cloud document 1465/59055.
    """
    signed: dict[str, str | int] = {
        **parameters,
        "Action": name,
        "AppKey": app_key,
        "Nonce": 1 + secrets.randbelow(2**31 - 1),
        "RequestId": str(uuid.uuid4()),
        "Timestamp": timestamp,
    }
    return {**signed, "Signature": sign(signed, app_secret)}
