"""Any documented or observed shape of a reply, unwrapped to its payload or an error."""

from collections.abc import Iterator, Mapping
import json
import re
from typing import cast

from .errors import (
    BrokenReplyError,
    CredentialsError,
    DeviceSilentError,
    DeviceUnreachableError,
    InvalidInputError,
    InvalidSignatureError,
    NoDataTemplateError,
    NoPermissionError,
    RateLimitError,
    RefusedError,
    ServerFaultError,
    TencentIotError,
    TimestampError,
    UnknownActionError,
    UnknownApplicationError,
    UnknownDeviceError,
    UnknownProductError,
)

type Payload = Mapping[str, object]

# The first that matches the beginning of a code decides. Names: the error lists of cloud
# API 2019-04-23; those of the service API are documented for malformed requests only.
_CODES: tuple[tuple[re.Pattern[str], type[TencentIotError]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), error)
    for pattern, error in (
        (r"InternalError", ServerFaultError),
        (r"RequestLimitExceeded", RateLimitError),
        (r".*(SignatureExpire|Timestamp)", TimestampError),
        (r".*Timeout", DeviceSilentError),
        (r".*Signature", InvalidSignatureError),
        (r".*(InvalidAppKey|AppNotExists|AppKeyNotExist)", UnknownApplicationError),
        (r"UnauthorizedOperation\.Device", RefusedError),
        (r".*NoPermission|UnauthorizedOperation|AuthFailure\.Un", NoPermissionError),
        (r"AuthFailure", CredentialsError),
        (r".*ModelDefineNil", NoDataTemplateError),
        (r".*(ActionNilOrNotExist|ModelPropertyNotExist)", UnknownActionError),
        (r".*Product\w*NotExist", UnknownProductError),
        (r".*DeviceNotExist", UnknownDeviceError),
        (r".*ActionUnreachable", DeviceUnreachableError),
        (
            r"InvalidParameter|ErrorRequiredParamNotFound|MissingParam",
            InvalidInputError,
        ),
    )
)
_MOST_LEVELS = 3
_CODE_IN_TEXT = re.compile(r"\s*([A-Z]\w*(?:\.\w+)*)\s*\|(.*)", re.DOTALL)


def unwrap(body: bytes, http_status: int) -> Payload:
    """Return the payload of a reply.

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
        if http_status == 429:
            raise RateLimitError(code="HTTP 429") from err
        if http_status >= 500:
            raise ServerFaultError(code=f"HTTP {http_status}") from err
        raise BrokenReplyError(f"HTTP {http_status}: {err.message}") from err
    levels = list(_levels(document))
    payload = levels[-1]
    if (error := _error(levels)) is not None:
        code, message = error
        raise _classify(code, message, _request_id(levels), http_status)
    if http_status >= 400:
        code = f"HTTP {http_status}"
        raise _classify(code, "", _request_id(levels), http_status)
    return payload


def status_failure(status: str, request_id: str) -> TencentIotError | None:
    """Return the failure that the Status of a reply without `Error` stands for, if any.

    Such a reply is documented for unreachable devices: `FailedOperation.ActionUnreachable`,
    alone or followed by `|` and a text. Any other Status is free text of the device.
    Source: examples of CallDeviceActionSync in cloud API 2019-04-23.
    """
    if not status.startswith("FailedOperation"):
        return None
    code, _, message = status.partition("|")
    return error_for_code(code.strip())(
        message.strip(), code=code.strip(), request_id=request_id
    )


def error_for_code(code: str) -> type[TencentIotError]:
    """Return the class of error that a code of the cloud belongs to."""
    return next(
        (error for pattern, error in _CODES if pattern.match(code)), RefusedError
    )


def _decode(body: bytes) -> Payload:
    """Return the JSON object in a body."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as err:
        raise BrokenReplyError("the reply is not JSON") from err
    if not isinstance(document, dict):
        raise BrokenReplyError("the reply is not a JSON object")
    return cast(Payload, document)


def _levels(document: Payload) -> Iterator[Payload]:
    """Yield the document and the envelopes inside it, the payload last."""
    level: object = document
    for _ in range(_MOST_LEVELS):
        if not isinstance(level, dict):
            return
        yield cast(Payload, level)
        enveloped = "code" in level or "msg" in level
        level = level.get("Response") or (level.get("data") if enveloped else None)


def _error(levels: list[Payload]) -> tuple[str, str] | None:
    """Return code and text of the innermost error, the named before the numbered."""
    for level in reversed(levels):
        match level.get("Error"):
            case {"Code": code, **rest}:
                return _split(str(code), str(rest.get("Message") or ""))
            case str(message) if message:
                return _split("", message)
            case dict(unnamed) if unnamed:
                return _split("", str(unnamed.get("Message") or ""))
    for level in levels:
        code = level.get("code")
        if isinstance(code, int | str) and str(code) not in ("0", "", "False"):
            return _split(str(code), str(level.get("msg") or ""))
    return None


def _split(code: str, message: str) -> tuple[str, str]:
    """Return the true code and text where a general code hides them in its text."""
    general = code == "InternalError" or not code[:1].isalpha()
    if general and (found := _CODE_IN_TEXT.match(message)):
        return found[1], found[2].strip()
    return code, message


def _classify(
    code: str, message: str, request_id: str, http_status: int
) -> TencentIotError:
    """Return the error that a code and an HTTP status mean together."""
    if http_status == 429:
        error: type[TencentIotError] = RateLimitError
    elif http_status >= 500:
        error = ServerFaultError
    elif code.startswith("HTTP "):
        error = BrokenReplyError
    else:
        error = error_for_code(code)
    return error(message, code=code, request_id=request_id)


def _request_id(levels: list[Payload]) -> str:
    """Return the RequestId of a reply, empty where it has none."""
    found = (level.get("RequestId") for level in reversed(levels))
    return next((value for value in found if isinstance(value, str)), "")
