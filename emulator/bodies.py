"""The body of a request as it was sent, whatever interface is used."""

from decimal import Decimal
from email.message import EmailMessage
import json
import re
from typing import Any

from .checks import flaw

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read_body(content_type: str, body: bytes, code: str) -> dict[str, Any]:
    """Return the parameters of a request; the code is what anything else is called."""
    header = EmailMessage()
    header["Content-Type"] = content_type
    if header.get_content_type() != "application/json" or (
        header.get_content_charset("utf-8") != "utf-8"
    ):
        raise flaw(code, f"content type {content_type}")
    try:
        parameters = json.loads(body)
        json.dumps(parameters, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as err:
        raise flaw(code, "no JSON") from err
    if not isinstance(parameters, dict):
        raise flaw(code, "no JSON object")
    return parameters


def deviations(content_type: str, parameters: dict[str, Any]) -> list[str]:
    """Return what is accepted, as other clients send it, but not what ours is to send.

    A charset in the content type, ids made by shortid and raw UTF-8 in JSON texts were seen
    in clients of the sister interfaces and of cloud API 2019-04-23.
    """
    found = []
    if content_type != "application/json":
        found.append(f"content type {content_type}")
    found += [
        f"{name} is no compact JSON in ASCII"
        for name in ("InputParams", "Data")
        if name in parameters and not _is_compact(parameters[name])
    ]
    return found


def is_uuid(text: object) -> bool:
    """Return whether something is a UUID as Python writes it."""
    return isinstance(text, str) and bool(_UUID.fullmatch(text))


def _is_compact(text: Any) -> bool:
    """Return whether a JSON text is in ASCII and has no needless blanks."""
    try:
        return bool(text == _compact(json.loads(text, parse_float=Decimal)))
    except TypeError, ValueError, RecursionError:
        return False


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
