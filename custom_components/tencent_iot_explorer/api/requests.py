"""The parameters of requests."""

from collections.abc import Mapping
import uuid

from .data_template import WireValue
from .numbers import write_json
from .signature import sign


def action_parameters(
    product_id: str,
    device_name: str,
    action_id: str,
    inputs: Mapping[str, WireValue],
) -> dict[str, str | int]:
    """Return the parameters that both ways to run an action share.

    InputParams is ASCII, so that it is signed alike whatever the cloud's encoding, and no
    number in it has an exponent, which small devices misread.
    """
    return {
        "ProductId": product_id,
        "DeviceName": device_name,
        "ActionId": action_id,
        "InputParams": write_json(inputs),
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
    request_id = uuid.uuid4()
    signed: dict[str, str | int] = {
        **parameters,
        "Action": name,
        "AppKey": app_key,
        "Nonce": request_id.int % 2**31 or 1,
        "RequestId": str(request_id),
        "Timestamp": timestamp,
    }
    signed["Signature"] = sign(signed, app_secret)
    return signed
