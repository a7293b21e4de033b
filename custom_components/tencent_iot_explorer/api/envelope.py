"""A reply, unwrapped to its payload or to the error that it means."""

import re
from typing import cast

from .backend import Backend, Parameters, Payload
from .codes import error_for_code
from .errors import (
    BrokenReplyError,
    DeviceSilentError,
    RateLimitError,
    RepeatedRequestError,
    ServerFaultError,
    TencentIotError,
    UnknownCodeError,
)
from .texts import clean_text, decode_json

# Parts of codes that mean that the work was begun, perhaps.
_AFTER_THE_START = (
    ServerFaultError,
    DeviceSilentError,
    RepeatedRequestError,
    UnknownCodeError,
)
# More than is kept in the end: secrets are taken out before that is cut.
_LONGEST_WORDS = 8192
# Source: the example of document 1081/40786.
_CODE_IN_TEXT = re.compile(
    r"([A-Z]\w*(?:\.\w+)+|InvalidParameterValue)\|(.*)", re.DOTALL
)


def unwrap(
    body: bytes, http_status: int, backend: Backend, parameters: Parameters
) -> Payload:
    """Return the payload of an interface's reply to a request with parameters.

    An `Error` at any level, a `code` other than zero and an HTTP status that means a
    failure raise the error that they mean.
    """
    if 300 <= http_status < 400:
        raise BrokenReplyError(f"HTTP {http_status}: the address leads elsewhere")
    try:
        levels = backend.levels(_decode(body))
    except BrokenReplyError as err:
        if (kind := _status_error(http_status, BrokenReplyError)) is BrokenReplyError:
            raise BrokenReplyError(f"HTTP {http_status}: {err.message}") from err
        raise kind(code=f"HTTP {http_status}") from err
    payload = levels[-1]
    if (error := _error(levels)) is not None:
        code, message = error
        kind, code, message = _classify(code, message, backend, parameters)
        kind = _status_error(http_status, kind)
        raise kind(message, code=code, request_id=_request_id(levels))
    if http_status >= 400:
        raise _status_error(http_status, BrokenReplyError)(
            code=f"HTTP {http_status}", request_id=_request_id(levels)
        )
    if not clean_text(payload.get("RequestId")) and (found := _request_id(levels)):
        return {**payload, "RequestId": found}
    return payload


def status_failure(status: str) -> TencentIotError | None:
    """Return the failure that the Status of a reply without `Error` stands for, if any.

    Such a reply is documented for unreachable devices: `FailedOperation.ActionUnreachable`,
    alone or followed by `|` and a text. Any other Status is free text of the device.
    Source: examples of CallDeviceActionSync in cloud API 2019-04-23.
    """
    if not status.lstrip().casefold().startswith("failedoperation"):
        return None
    code, _, message = status.partition("|")
    code, message = _words(code.rstrip(), message.strip())
    return error_for_code(code)(message, code=code)


def _decode(body: bytes) -> Payload:
    """Return the JSON object in a body."""
    try:
        document = decode_json(body.decode("utf-8-sig"))
    except ValueError as err:
        raise BrokenReplyError("the reply is not JSON") from err
    if not isinstance(document, dict):
        raise BrokenReplyError("the reply is not a JSON object")
    return cast(Payload, document)


def _error(levels: list[Payload]) -> tuple[str, str] | None:
    """Return code and text of the innermost error, the named before the numbered."""
    for level in reversed(levels):
        error = level.get("Error")
        if isinstance(error, dict) and error:
            return _words(error.get("Code"), error.get("Message"))
        if error:
            return _words("", error)
    for level in levels:
        code = level.get("code")
        if code not in (None, 0, "0", ""):
            number = str(code) if isinstance(code, str | int | float) else ""
            return _words(number, level.get("msg"))
    return None


def _words(code: object, message: object) -> tuple[str, str]:
    """Return code and text of an error, as far as they are judged."""
    return clean_text(code)[:_LONGEST_WORDS], clean_text(message)[:_LONGEST_WORDS]


def _classify(
    code: str, message: str, backend: Backend, parameters: Parameters
) -> tuple[type[TencentIotError], str, str]:
    """Return the error that a code and its text mean together, and the true ones.

    `InternalError` may hide them in its text: `Real.Code|text`. One that nobody knows is
    then still a fault inside the cloud, of which all is possible.
    """
    kind = backend.error(code, message, parameters)
    if code == "InternalError" and (found := _CODE_IN_TEXT.match(message)):
        code, message = _words(found[1], found[2].strip())
        true_kind = backend.error(code, message, parameters)
        kind = kind if true_kind is UnknownCodeError else true_kind
    return kind, code, message


def _status_error(
    http_status: int, otherwise: type[TencentIotError]
) -> type[TencentIotError]:
    """Return the error that an HTTP status means, beside what the reply says itself.

    Too many requests are refused before anything is done, unless the reply has a code that
    is about something else.
    """
    if http_status == 429 and otherwise not in _AFTER_THE_START:
        return RateLimitError
    return ServerFaultError if http_status >= 500 else otherwise


def _request_id(levels: list[Payload]) -> str:
    """Return the RequestId of a reply, empty where it has none."""
    found = (clean_text(level.get("RequestId")) for level in reversed(levels))
    return next((text for text in found if text), "")
