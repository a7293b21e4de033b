"""A cloud that repeats what it was sent: in which forms, and at which positions."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
import html
import json
from typing import Any
from urllib.parse import quote, quote_plus

from .faults import Fault
from .journal import JournalEntry

type Form = Callable[[str], str]
type Position = Callable[[str], Fault]


def _json(text: str, *, ascii_only: bool = True) -> str:
    """Return a text as it stands inside a text of JSON."""
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def _units(text: str, prefix: str) -> str:
    """Return a text of which each character is written as its UTF-16 number."""
    numbers = text.encode("utf-16-be").hex()
    return "".join(f"{prefix}{numbers[i : i + 4]}" for i in range(0, len(numbers), 4))


def _base64(text: str, before: int = 0) -> str:
    """Return a text in Base64, behind some other characters."""
    return base64.b64encode(b"." * before + text.encode()).decode()


FORMS: Mapping[str, Form] = {
    "raw": lambda text: text,
    "small letters": lambda text: text.lower(),
    "large letters": lambda text: text.upper(),
    "JSON": _json,
    "JSON in UTF-8": lambda text: _json(text, ascii_only=False),
    "JSON with escaped slashes": lambda text: _json(text).replace("/", "\\/"),
    "JSON with large digits": lambda text: _json(text).replace("\\ud83d", "\\uD83D"),
    "JSON of numbers only": lambda text: _units(text, "\\u"),
    "JSON twice": lambda text: _json(_json(text)),
    "JSON twice in UTF-8": lambda text: _json(
        _json(text, ascii_only=False), ascii_only=False
    ),
    "JSON three times": lambda text: _json(_json(_json(text))),
    "address": quote,
    "address without slashes": lambda text: quote(text, safe=""),
    "address with small digits": lambda text: quote(text, safe="").replace(
        "%2F", "%2f"
    ),
    "form": quote_plus,
    "address twice": lambda text: quote(quote(text)),
    "address of JSON": lambda text: quote(_json(text)),
    "every byte": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "HTML": html.escape,
    "HTML of JSON": lambda text: html.escape(_json(text)),
    "HTML of numbers": lambda text: "".join(f"&#{ord(item)};" for item in text),
    "bytes of Python": lambda text: repr(text.encode())[2:-1],
    "Base64": _base64,
    "Base64 from the second byte": lambda text: _base64(text, 1),
    "Base64 from the third byte": lambda text: _base64(text, 2),
    "Base64 without padding": lambda text: _base64(text).rstrip("="),
    "Base64 for addresses": lambda text: _base64(text).translate(
        str.maketrans("+/", "-_")
    ),
    "Base64 in lines": lambda text: _json(base64.encodebytes(text.encode()).decode()),
    "Base64 of JSON": lambda text: _base64(_json(text)),
    "Base64 in an address": lambda text: quote(_base64(text), safe=""),
    "Base64 twice": lambda text: _base64(_base64(text)),
    "hexadecimal": lambda text: text.encode().hex(),
    "large hexadecimal": lambda text: text.encode().hex().upper(),
}


def _refusal(code: str, message: str = "") -> Fault:
    """Answer with an error."""
    return Fault(payload={"Error": {"Code": code, "Message": message}})


def _document(**parts: Any) -> Fault:
    """Answer with a document that has no envelope."""
    return Fault(body=json.dumps(parts, ensure_ascii=False))


def _receipt(**parts: Any) -> Fault:
    """Answer as if an action had been run."""
    return Fault(payload={"ClientToken": "token", "Status": "succ", **parts})


def _raw(*lines: str, status: str = "200 OK") -> Fault:
    """Answer with headers that a server would not send, and a receipt."""
    body = '{"ClientToken": "token", "Status": "succ"}'
    head = [f"HTTP/1.1 {status}", "Connection: close", *lines, "", body]
    return Fault(raw="\r\n".join(head).encode())


def _page(echo: str, *, firmware: str = "") -> Fault:
    """Answer with a list of devices."""
    device = {"DeviceName": echo, "Status": 1, "Version": firmware}
    return Fault(payload={"Devices": [device], "Total": 1})


def _history(count: int = 1, context: str = "", **parts: str) -> Fault:
    """Answer with events."""
    event = {"EventId": "a", "Type": "info", "TimeStamp": 1552904784552, **parts}
    payload = {"EventHistory": [event] * count, "Total": 101, "Context": context}
    return Fault(payload=payload)


POSITIONS: Mapping[str, Position] = {
    "code": _refusal,
    "end of a code": lambda echo: _refusal(f"FailedOperation.{echo}"),
    "message": lambda echo: _refusal("Mystery", echo),
    "message of a refusal": lambda echo: _refusal(
        "InvalidParameter.ActionInputParamsInvalid", f"wrong: {echo}"
    ),
    "true code in a message": lambda echo: _refusal(
        "InternalError", f"InvalidParameter.X|{echo}"
    ),
    "message of a parameter": lambda echo: _refusal(
        "InvalidParameterValue", f"Timestamp {echo}"
    ),
    "error that is a text": lambda echo: Fault(payload={"Error": echo}),
    "number": lambda echo: _document(code=echo, msg=echo),
    "text of a number": lambda echo: _document(code=-1000, msg=echo),
    "RequestId of an error": lambda echo: Fault(
        payload={"Error": {"Code": "Mystery"}, "RequestId": echo}
    ),
    "RequestId": lambda echo: _receipt(RequestId=echo),
    "RequestId in the middle": lambda echo: _receipt(RequestId=f"id-{echo}-id"),
    "ClientToken": lambda echo: _receipt(ClientToken=f"LAMP::{echo}"),
    "Status": lambda echo: _receipt(Status=f"done: {echo}"),
    "failed Status": lambda echo: _receipt(Status=f"FailedOperation.{echo}"),
    "text of a failed Status": lambda echo: _receipt(
        Status=f"FailedOperation.ActionUnreachable|{echo}"
    ),
    "outputs": lambda echo: _receipt(
        OutputParams={"a": echo, echo: 1, "b": [{"c": echo}]}
    ),
    "outputs in a text": lambda echo: _receipt(OutputParams=json.dumps({"a": echo})),
    "text for outputs": lambda echo: _receipt(OutputParams=f"done: {echo}"),
    "device list": _page,
    "firmware": lambda echo: _page("device-1", firmware=echo),
    "device": lambda echo: Fault(
        payload={
            "Device": {"DeviceName": f"x{echo}"[:128], "Status": 1, "Version": echo}
        }
    ),
    "data template": lambda echo: Fault(
        payload={"Model": {"ModelDefine": json.dumps({"profile": {"ProductId": echo}})}}
    ),
    "data of a device": lambda echo: Fault(
        payload={"Data": json.dumps({echo: {"Value": echo, "LastUpdate": 1}})}
    ),
    "result of a write": lambda echo: Fault(payload={"Data": echo, "Result": echo}),
    "reports": lambda echo: Fault(
        payload={"Data": {"a": {"Value": [echo]}, echo: {"Value": {echo: echo}}}}
    ),
    "events": lambda echo: _history(Data=json.dumps({"a": echo, echo: 1}), Type=echo),
    "texts of events": lambda echo: _history(Data=echo, ProductId=echo),
    "context of events": lambda echo: _history(100, echo, Data="{}"),
    "page of a failed server": lambda echo: Fault(status=502, body=echo),
    "page of nobody": lambda echo: Fault(body=f"<html>{echo}</html>"),
    "no UTF-8": lambda echo: Fault(body=echo.encode() + b"\xff"),
    "too many requests": lambda echo: Fault(
        status=429,
        body=json.dumps({"Error": {"Code": "RequestLimitExceeded", "Message": echo}}),
        headers={"Retry-After": "1800"},
    ),
    "page of too many requests": lambda echo: Fault(
        status=429, body=echo, headers={"Retry-After": "1800"}
    ),
    "Retry-After": lambda echo: _raw(f"Retry-After: {echo}", status="429 Slow"),
    "Date": lambda echo: _raw(f"Date: {echo}"),
    "Location": lambda echo: _raw(f"Location: http://x/{echo}", status="302 Found"),
    "Content-Type": lambda echo: _raw(f"Content-Type: {echo}"),
    "reason": lambda echo: _raw(status=f"502 {echo}"),
    "status line": lambda echo: Fault(raw=f"{echo}\r\n\r\n".encode()),
    "status": lambda echo: _raw(status=echo),
    "line that is no header": _raw,
    "name of a header": lambda echo: _raw(f"{echo}: x"),
    "header with a null": lambda echo: _raw(f"X-Echo: \0{echo}"),
    "Content-Length": lambda echo: _raw(f"Content-Length: {echo}"),
    "Content-Encoding": lambda echo: _raw(f"Content-Encoding: {echo}"),
    "Transfer-Encoding": lambda echo: _raw(f"Transfer-Encoding: {echo}, chunked"),
    "size of a chunk": lambda echo: _raw("Transfer-Encoding: chunked", "", echo),
    "reply that breaks off": lambda echo: _raw("Content-Length: 99999", "", echo),
}


def quotes(entry: JournalEntry, secrets: Iterable[str]) -> list[str]:
    """Return all that a cloud can quote of a request, and what else it knows."""
    parameters = entry.parameters
    texts = [parameters[name] for name in ("InputParams", "Data") if name in parameters]
    signed = (*entry.credentials, entry.string_to_sign)
    return [*signed, entry.body.decode(), *texts, *secrets]


def traces(secret: str) -> Iterator[str]:
    """Yield what shows a secret, wherever it stands in what was written in some form."""
    for name, form in FORMS.items():
        if "Base64" not in name:
            yield form(secret)
    for text in (secret, _json(secret), _json(_json(secret))):
        for before, cut in ((0, 0), (1, 2), (2, 3)):
            # The last characters depend on what follows.
            yield _base64(text, before).rstrip("=")[cut:-1]
