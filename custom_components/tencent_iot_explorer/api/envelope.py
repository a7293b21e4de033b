"""Any documented or observed shape of a reply, unwrapped to its payload or an error."""

from collections.abc import Mapping
import re
from typing import cast

from .codes import error_for_code
from .errors import (
    BrokenReplyError,
    DeviceSilentError,
    InvalidSignatureError,
    RateLimitError,
    RepeatedRequestError,
    ServerFaultError,
    TencentIotError,
    TimestampError,
    UnknownApplicationError,
    UnknownCodeError,
)
from .texts import clean_text, decode_json

type Payload = Mapping[str, object]

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
# What a code tells of a request whose work was begun, perhaps.
_AFTER_THE_START = (
    ServerFaultError,
    DeviceSilentError,
    RepeatedRequestError,
    UnknownCodeError,
)
_MOST_LEVELS = 3
# More than is kept in the end: secrets are taken out before that is cut.
_LONGEST_WORDS = 8192
# Source: the example of document 1081/40786.
_CODE_IN_TEXT = re.compile(rf"([A-Z]\w*(?:\.\w+)+|{_BARE_CODE})\|(.*)", re.DOTALL)


def unwrap(body: bytes, http_status: int, inputs: str = "") -> Payload:
    """Return the payload of a reply to a request, of an action with its InputParams.

    Accepts `{"Response": {…}}`, `{"code": 0, "msg": "", "data": {…}}`, the first inside
    the second, and a bare object. An `Error` at any level, a `code` other than zero and
    an HTTP status that tells of a failure raise the error that they mean.

    Sources: Tencent Cloud documents 1465/59055 to 1465/59065 for the first and the last,
    Tencent's own clients of the sister interfaces for the others.
    """
    if 300 <= http_status < 400:
        raise BrokenReplyError(f"HTTP {http_status}: the address leads elsewhere")
    try:
        document = _decode(body)
    except BrokenReplyError as err:
        if (kind := _status_error(http_status, BrokenReplyError)) is BrokenReplyError:
            raise BrokenReplyError(f"HTTP {http_status}: {err.message}") from err
        raise kind(code=f"HTTP {http_status}") from err
    levels = _levels(document)
    payload = levels[-1]
    if (error := _error(levels)) is not None:
        code, message = error
        raise _classify(code, message, _request_id(levels), http_status, inputs)
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


def _levels(document: Payload) -> list[Payload]:
    """Return the document and the envelopes inside it, the payload last."""
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
    code: str, message: str, request_id: str, http_status: int, inputs: str
) -> TencentIotError:
    """Return the error that a code, its text and an HTTP status mean together.

    `InternalError` may hide the true one in its text: `Real.Code|text`. One that nobody
    knows is then still a fault inside the cloud, of which all is possible.
    """
    kind = error_for_code(code)
    if code == "InternalError" and (found := _CODE_IN_TEXT.match(message)):
        code, message = _words(found[1], found[2].strip())
        true_kind = error_for_code(code)
        kind = kind if true_kind is UnknownCodeError else true_kind
    if code == _BARE_CODE:
        kind = _named_parameter(message, inputs) or kind
    kind = _status_error(http_status, kind)
    return kind(message, code=code, request_id=request_id)


def _named_parameter(message: str, inputs: str) -> type[TencentIotError] | None:
    """Return the error of the request's own parameter that a text begins with, if any.

    Where something of that name is among the inputs of the action, the text may be about
    that, and is not taken for more.
    """
    found = _PARAMETER.match(message)
    if found is None or f'"{found[1]}"' in inputs:
        return None
    return _PARAMETERS[found[1]]


def _status_error(
    http_status: int, otherwise: type[TencentIotError]
) -> type[TencentIotError]:
    """Return the error that an HTTP status means, beside what the reply says itself.

    Too many requests are refused before anything is done, unless the reply has a code that
    tells of something else.
    """
    if http_status == 429 and otherwise not in _AFTER_THE_START:
        return RateLimitError
    return ServerFaultError if http_status >= 500 else otherwise


def _request_id(levels: list[Payload]) -> str:
    """Return the RequestId of a reply, empty where it has none."""
    found = (clean_text(level.get("RequestId")) for level in reversed(levels))
    return next((text for text in found if text), "")
