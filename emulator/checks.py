"""The emulator's rules: as strict as the documentation, and stricter where it is silent."""

import base64
from decimal import Decimal
from email.message import EmailMessage
import hashlib
import hmac
import json
import re
from typing import Any

from .faults import Refusal
from .products import EmulatedProduct

COMMON = {
    "Action": str,
    "AppKey": str,
    "Signature": str,
    "Timestamp": int,
    "Nonce": int,
    "RequestId": str,
}
CALLS: dict[str, dict[str, type]] = {
    "ServiceDescribeModelDefinition": {"ProductId": str},
    "ServiceGetDeviceList": {"ProductId": str, "Offset": int, "Limit": int},
    "ServiceDescribeDevice": {"ProductId": str, "DeviceName": str},
    "ServiceCallDeviceActionSync": {
        "ProductId": str,
        "DeviceName": str,
        "ActionId": str,
        "InputParams": str,
    },
    "ServiceCallDeviceActionAsync": {
        "ProductId": str,
        "DeviceName": str,
        "ActionId": str,
        "InputParams": str,
    },
}
CLOCK_TOLERANCE = 300
LONGEST_REQUEST_ID = 128
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TRUTHS = {"0", "1", "false", "true"}
_DEVICE_NAME = re.compile(r"[a-zA-Z0-9:_-]{1,48}")


def flaw(code: str, message: str) -> Refusal:
    """Return the refusal of something that no correct client sends."""
    return Refusal(code, message, flaw=True)


def read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the parameters of a request."""
    header = EmailMessage()
    header["Content-Type"] = content_type
    if header.get_content_type() != "application/json" or (
        header.get_content_charset("utf-8") != "utf-8"
    ):
        raise flaw("InvalidParameterValue.InvalidJSON", f"content type {content_type}")
    try:
        parameters = json.loads(body)
        json.dumps(parameters, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as err:
        raise flaw("InvalidParameterValue.InvalidJSON", "no JSON") from err
    if not isinstance(parameters, dict):
        raise flaw("InvalidParameterValue.InvalidJSON", "no JSON object")
    return parameters


def check_parameters(parameters: dict[str, Any]) -> None:
    """Refuse missing, unknown, empty and ill-typed parameters."""
    name = parameters.get("Action")
    if not isinstance(name, str) or name not in CALLS:
        raise flaw("InvalidAction", f"Action {name!r}")
    expected = COMMON | CALLS[name]
    for key, kind in expected.items():
        if key not in parameters:
            raise flaw("ErrorRequiredParamNotFound", f"{key} is missing")
        if type(parameters[key]) is not kind or parameters[key] == "":
            raise flaw(
                "InvalidParameterValue", f"{key} is no {kind.__name__}, or empty"
            )
    if unknown := parameters.keys() - expected.keys():
        raise flaw("InvalidParameterValue", f"unknown: {', '.join(sorted(unknown))}")
    if not 1 <= parameters["Nonce"] < 2**31:
        raise flaw("InvalidParameterValue", "Nonce 无效")
    if len(parameters["RequestId"]) > LONGEST_REQUEST_ID:
        raise flaw("InvalidParameterValue", "RequestId is too long")
    if not _DEVICE_NAME.fullmatch(parameters.get("DeviceName", "any")):
        raise Refusal("InvalidParameterValue", "DeviceName cannot exist")
    if name == "ServiceGetDeviceList" and not (
        parameters["Offset"] >= 0 and 10 <= parameters["Limit"] <= 100
    ):
        raise flaw("InvalidParameterValue", "Offset or Limit is out of range")


def deviations(content_type: str, parameters: dict[str, Any]) -> list[str]:
    """Return what is accepted, as other clients send it, but not what ours is to send.

    A charset in the content type, ids made by shortid and raw UTF-8 in InputParams were
    seen in clients of the sister interfaces and of cloud API 2019-04-23.
    """
    found = []
    if content_type != "application/json":
        found.append(f"content type {content_type}")
    if not _UUID.fullmatch(str(parameters.get("RequestId"))):
        found.append("RequestId is no UUID")
    if "InputParams" in parameters and not _is_compact(parameters["InputParams"]):
        found.append("InputParams is no compact JSON in ASCII")
    return found


def _is_compact(text: Any) -> bool:
    """Return whether a JSON text is in ASCII and has no needless blanks."""
    try:
        return bool(text == _compact(json.loads(text, parse_float=Decimal)))
    except TypeError, ValueError, RecursionError:
        return False


def string_to_sign(parameters: dict[str, Any]) -> str:
    """Return the text that the signature must cover."""
    names = sorted(
        parameters.keys() - {"Signature"}, key=lambda n: n.encode("utf-16-be")
    )
    return "&".join(f"{name.replace('_', '.')}={parameters[name]}" for name in names)


def signature(text: str, app_secret: str) -> str:
    """Return the signature of a text."""
    mac = hmac.new(app_secret.encode("utf-8"), text.encode("utf-8"), hashlib.sha1)
    return base64.standard_b64encode(mac.digest()).decode()


def check_inputs(
    product: EmulatedProduct, action_id: str, input_params: str
) -> dict[str, Any]:
    """Return the inputs of an action, each declared one and typed as devices want it."""
    declared = product.action(action_id)
    if declared is None:
        raise Refusal("InvalidParameterValue.ActionNilOrNotExist", action_id)
    invalid = "InvalidParameter.ActionInputParamsInvalid"
    try:
        inputs = json.loads(
            input_params, object_pairs_hook=_once_each, parse_float=_without_exponent
        )
    except ValueError as err:
        raise flaw(invalid, "InputParams is no JSON") from err
    if not isinstance(inputs, dict):
        raise flaw(invalid, "InputParams is no JSON object")
    wanted = {item["id"]: item["define"] for item in declared.get("input", [])}
    if wanted.keys() != inputs.keys():
        raise flaw(invalid, f"wanted are {sorted(wanted)}, sent were {sorted(inputs)}")
    for key, value in inputs.items():
        if not _fits(wanted[key], value):
            raise flaw(invalid, f"{key} does not fit its type or limits")
    return inputs


def _compact(value: Any) -> str:
    """Return JSON as each device reads it: compact, ASCII, numbers without exponent.

    Tencent's device SDK for C takes an exponent for the end of a number.
    """
    if isinstance(value, dict):
        items = (f"{json.dumps(key)}:{_compact(value[key])}" for key in value)
        return f"{{{','.join(items)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_compact, value))}]"
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)


def _without_exponent(text: str) -> float:
    """Return a number; devices take an exponent for the end of it."""
    if set(text) & set("eE"):
        raise ValueError("a number has an exponent")
    return float(text)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of which no key stands twice."""
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _fits(define: dict[str, Any], value: Any) -> bool:
    """Return whether a value is what a device expects."""
    kind = define.get("type")
    if kind == "bool" and {*(define.get("mapping") or ())} - _TRUTHS:
        return type(value) is str and value in define["mapping"]
    if kind == "bool":
        return type(value) is int and value in (0, 1)
    if kind == "enum":
        return type(value) is int and str(value) in define["mapping"]
    if kind == "stringenum":
        return type(value) is str and value in define["mapping"]
    if kind == "timestamp":
        return type(value) is int and value >= 0
    if kind == "string":
        return type(value) is str and _within(
            define, len(value.encode("utf-16-le", "surrogatepass")) // 2
        )
    if kind == "int":
        return type(value) is int and _within(define, value)
    if kind == "float":
        return type(value) in (int, float) and _within(define, value)
    if kind == "struct":
        return type(value) is dict
    if kind == "array":
        return type(value) is list
    return value is not None


def _within(define: dict[str, Any], value: float) -> bool:
    """Return whether a number keeps the limits, where they are numbers."""
    for key, sign in (("min", 1), ("max", -1)):
        try:
            limit = float(str(define.get(key)))
        except ValueError:
            continue
        if sign * value < sign * limit:
            return False
    return True
