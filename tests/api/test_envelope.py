"""Replies of every documented or observed shape, and of shapes that make no sense."""

import json
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.envelope import status_failure, unwrap
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    CredentialsError,
    DeviceSilentError,
    DeviceUnreachableError,
    FateUnknownError,
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

PAYLOAD = {"Status": "succ", "ClientToken": "token", "RequestId": "reply-id"}


def encode(document: object) -> bytes:
    """Return a document as it comes over the wire."""
    return json.dumps(document, ensure_ascii=False).encode()


def refused(document: object, http_status: int = 200) -> TencentIotError:
    """Return the error that a reply raises."""
    with pytest.raises(TencentIotError) as raised:
        unwrap(encode(document), http_status)
    return raised.value


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(PAYLOAD, id="bare"),
        pytest.param({"Response": PAYLOAD}, id="response"),
        pytest.param({"code": 0, "msg": "", "data": PAYLOAD}, id="code-data"),
        pytest.param(
            {"code": 0, "msg": "", "data": {"Response": PAYLOAD}}, id="data-response"
        ),
        pytest.param({"code": "0", "data": PAYLOAD}, id="code-is-a-text"),
        pytest.param({"msg": "", "data": PAYLOAD}, id="no-code"),
        pytest.param({"code": 0, "data": PAYLOAD, "reqId": "x"}, id="no-msg"),
    ],
)
@pytest.mark.parametrize("http_status", [200, 201])
def test_payload(document: object, http_status: int) -> None:
    """Whatever the envelope is, the payload comes out."""
    assert unwrap(encode(document), http_status) == PAYLOAD


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"data": {"Status": "any"}}, id="data-without-code-and-msg"),
        pytest.param({"Data": '{"Error":{"Code":"A.B"}}'}, id="error-inside-a-text"),
        pytest.param({"Device": {"Error": {"Code": "A.B"}}}, id="error-of-a-field"),
        pytest.param({"Error": None, "Total": 0}, id="error-is-null"),
        pytest.param({"Error": {}, "Total": 0}, id="error-is-empty"),
        pytest.param({"Error": "", "Total": 0}, id="error-is-empty-text"),
        pytest.param({}, id="nothing"),
    ],
)
def test_bare_payload_is_left_alone(document: dict[str, Any]) -> None:
    """What only resembles an envelope or an error is payload."""
    assert unwrap(encode(document), 200) == document


ERROR = {"Code": "ResourceNotFound.DeviceNotExist", "Message": "设备未创建或是已删除"}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"Error": ERROR, "RequestId": "id"}, id="bare"),
        pytest.param({"Response": {"Error": ERROR, "RequestId": "id"}}, id="response"),
        pytest.param(
            {"code": -1000, "msg": "", "data": {"Error": ERROR, "RequestId": "id"}},
            id="data",
        ),
        pytest.param(
            {"code": 0, "msg": "", "data": {"Error": ERROR, "RequestId": "id"}},
            id="data-with-code-zero",
        ),
        pytest.param(
            {"code": -1000, "data": {"Response": {"Error": ERROR, "RequestId": "id"}}},
            id="data-response",
        ),
        pytest.param(
            {"Error": ERROR, "RequestId": "id", "Response": {"Status": "succ"}},
            id="beside-response",
        ),
        pytest.param(
            {"code": 0, "Error": ERROR, "RequestId": "id", "data": {"Total": 1}},
            id="beside-data",
        ),
        pytest.param(
            {"code": -1, "data": {"Error": ERROR, "Response": {"RequestId": "id"}}},
            id="between",
        ),
    ],
)
@pytest.mark.parametrize("http_status", [200, 400, 404])
def test_error_at_every_level(document: object, http_status: int) -> None:
    """An error is found at every level, with its code, its text and the RequestId."""
    error = refused(document, http_status)
    assert type(error) is UnknownDeviceError
    assert error.code == "ResourceNotFound.DeviceNotExist"
    assert error.message == "设备未创建或是已删除"
    assert error.request_id == "id"
    assert str(error) == "ResourceNotFound.DeviceNotExist: 设备未创建或是已删除"


def test_innermost_error_decides() -> None:
    """Of several errors the innermost one says what happened."""
    error = refused({"Error": {"Code": "Outer.Code"}, "Response": {"Error": ERROR}})
    assert error.code == "ResourceNotFound.DeviceNotExist"


@pytest.mark.parametrize(
    ("document", "code", "message"),
    [
        pytest.param({"code": -1000, "msg": "no"}, "-1000", "no", id="without-data"),
        pytest.param({"code": 7, "msg": "", "data": {}}, "7", "", id="without-text"),
        pytest.param({"code": "7", "msg": "no"}, "7", "no", id="text"),
        pytest.param(
            {"Response": {"code": 5, "msg": "deep"}}, "5", "deep", id="in-response"
        ),
        pytest.param(
            {"code": -1, "msg": "no", "data": PAYLOAD}, "-1", "no", id="beside-payload"
        ),
        pytest.param({"Error": "broken"}, "", "broken", id="error-is-a-text"),
        pytest.param(
            {"Error": {"Message": "broken"}}, "", "broken", id="error-without-code"
        ),
        pytest.param(
            {"Error": {"Code": "Some.Code", "Message": None}},
            "Some.Code",
            "",
            id="text-is-null",
        ),
    ],
)
def test_numbered_and_nameless_errors(
    document: object, code: str, message: str
) -> None:
    """A code other than zero is an error, and so is an error that has no code."""
    error = refused(document)
    assert type(error) is RefusedError
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            {
                "Response": {
                    "Error": {
                        "Code": "InternalError",
                        "Message": "ResourceNotFound.StudioProductNotExist|产品不存在",
                    }
                }
            },
            id="internal-error",
        ),
        pytest.param(
            {"code": -1000, "msg": "ResourceNotFound.StudioProductNotExist|产品不存在"},
            id="number",
        ),
        pytest.param(
            {"Error": " ResourceNotFound.StudioProductNotExist | 产品不存在 "},
            id="text-alone",
        ),
    ],
)
def test_code_hidden_in_the_text(document: object) -> None:
    """Where a general code hides the true one in its text, that one counts."""
    error = refused(document)
    assert type(error) is UnknownProductError
    assert error.code == "ResourceNotFound.StudioProductNotExist"
    assert error.message == "产品不存在"


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        pytest.param("InternalError", "内部错误|稍后重试", ServerFaultError, id="text"),
        pytest.param("InternalError", "no bar", ServerFaultError, id="no-bar"),
        pytest.param(
            "InternalError", "FailedOperation.Timeout|x", DeviceSilentError, id="fate"
        ),
        pytest.param(
            "InternalError.DBOpertaionError",
            "ResourceNotFound.DeviceNotExist|x",
            ServerFaultError,
            id="not-general",
        ),
        pytest.param(
            "InvalidParameterValue",
            "ResourceNotFound.DeviceNotExist|x",
            InvalidInputError,
            id="other-code",
        ),
    ],
)
def test_code_not_hidden_in_the_text(
    code: str, message: str, kind: type[TencentIotError]
) -> None:
    """Only a general code gives way, and only to what is a code itself."""
    assert type(refused({"Error": {"Code": code, "Message": message}})) is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AuthFailure.SignatureFailure", InvalidSignatureError),
        ("InvalidParameterValue.InvalidSignature", InvalidSignatureError),
        ("AuthFailure.SignatureExpire", TimestampError),
        ("InvalidParameterValue.InvalidTimestamp", TimestampError),
        ("InvalidParameterValue.InvalidNonce", InvalidInputError),
        ("AuthFailure.SecretIdNotFound", CredentialsError),
        ("AuthFailure.UnauthorizedOperation", NoPermissionError),
        ("InvalidParameterValue.InvalidAppKey", UnknownApplicationError),
        ("InvalidParameterValue.AppNotExists", UnknownApplicationError),
        ("ResourceNotFound.AppNotExists", UnknownApplicationError),
        ("UnauthorizedOperation", NoPermissionError),
        ("UnauthorizedOperation.APPNoPermissionToStudioProduct", NoPermissionError),
        ("UnauthorizedOperation.AppNoPermission", NoPermissionError),
        ("UnauthorizedOperation.NoPermissionToStudioProduct", NoPermissionError),
        ("InvalidParameterValue.AppNoPermission", NoPermissionError),
        ("UnauthorizedOperation.DeviceIsNotEnabled", RefusedError),
        ("ResourceNotFound.StudioProductNotExist", UnknownProductError),
        ("ResourceNotFound.ProductNotExist", UnknownProductError),
        ("ResourceNotFound.ProductOrDeviceNotExist", UnknownProductError),
        ("ResourceNotFound.DeviceNotExist", UnknownDeviceError),
        ("InvalidParameterValue.ActionNilOrNotExist", UnknownActionError),
        ("InvalidParameterValue.ModelPropertyNotExist", UnknownActionError),
        ("InvalidParameterValue.ModelDefineNil", NoDataTemplateError),
        ("InvalidParameter.ActionInputParamsInvalid", InvalidInputError),
        ("InvalidParameterValue", InvalidInputError),
        ("InvalidParameterValue.InvalidJSON", InvalidInputError),
        ("ErrorRequiredParamNotFound", InvalidInputError),
        ("MissingParameter", InvalidInputError),
        ("FailedOperation.ActionUnreachable", DeviceUnreachableError),
        ("FailedOperation.Timeout", DeviceSilentError),
        ("RequestLimitExceeded", RateLimitError),
        ("RequestLimitExceeded.GlobalRegionUinLimitExceeded", RateLimitError),
        ("RequestLimitExceeded.IPLimitExceeded", RateLimitError),
        ("InternalError", ServerFaultError),
        ("InternalError.DBOpertaionError", ServerFaultError),
        ("InternalError.InternalRPCError", ServerFaultError),
        ("InternalError.InternalServerException", ServerFaultError),
        ("InternalError.Timeout", ServerFaultError),
        ("InvalidAction", RefusedError),
        ("UnsupportedOperation.InstanceIsolated", RefusedError),
        ("Something.New", RefusedError),
    ],
)
def test_code(code: str, kind: type[TencentIotError]) -> None:
    """Each code that is known of the cloud has its class, an unknown one is a refusal."""
    error = refused({"Response": {"Error": {"Code": code, "Message": "文字 as sent"}}})
    assert type(error) is kind
    assert (error.code, error.message) == (code, "文字 as sent")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>Please log in</html>", id="page"),
        pytest.param(b'{"Response":', id="truncated"),
        pytest.param(b"\xff\xfe\xfd", id="no-text"),
        pytest.param(b'{"a":' + b"1" * 5000 + b"}", id="endless-number"),
        pytest.param(b"[" * 200_000, id="deep-and-truncated"),
        pytest.param(b"[" * 200_000 + b"]" * 200_000, id="deep"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'"text"', id="text"),
        pytest.param(b"17", id="number"),
    ],
)
@pytest.mark.parametrize(
    ("http_status", "kind", "code"),
    [
        (200, BrokenReplyError, ""),
        (204, BrokenReplyError, ""),
        (302, BrokenReplyError, ""),
        (404, BrokenReplyError, ""),
        (429, RateLimitError, "HTTP 429"),
        (500, ServerFaultError, "HTTP 500"),
        (503, ServerFaultError, "HTTP 503"),
    ],
)
def test_no_json_object(
    body: bytes, http_status: int, kind: type[TencentIotError], code: str
) -> None:
    """A reply that is no JSON object is broken, unless its HTTP status says more."""
    with pytest.raises(TencentIotError) as raised:
        unwrap(body, http_status)
    assert type(raised.value) is kind
    assert raised.value.code == code


@pytest.mark.parametrize("document", [{"Response": PAYLOAD}, {"Error": ERROR}])
@pytest.mark.parametrize("http_status", [300, 301, 302, 303, 307, 308, 399])
def test_redirect(document: object, http_status: int) -> None:
    """A redirect is never an answer, whatever stands in it."""
    assert type(refused(document, http_status)) is BrokenReplyError


@pytest.mark.parametrize(
    ("http_status", "kind"),
    [
        (400, BrokenReplyError),
        (403, BrokenReplyError),
        (404, BrokenReplyError),
        (429, RateLimitError),
        (500, ServerFaultError),
        (502, ServerFaultError),
    ],
)
def test_failed_status_without_error(
    http_status: int, kind: type[TencentIotError]
) -> None:
    """JSON without an error does not make a failed request a success."""
    error = refused({"Response": PAYLOAD}, http_status)
    assert type(error) is kind
    assert error.code == f"HTTP {http_status}"
    assert error.request_id == "reply-id"


@pytest.mark.parametrize(
    ("http_status", "kind"), [(429, RateLimitError), (500, ServerFaultError)]
)
def test_failed_status_with_error(
    http_status: int, kind: type[TencentIotError]
) -> None:
    """The HTTP status decides on the class, the cloud's code and text are kept."""
    error = refused({"Response": {"Error": ERROR, "RequestId": "id"}}, http_status)
    assert type(error) is kind
    assert (error.code, error.message) == (ERROR["Code"], ERROR["Message"])
    assert error.request_id == "id"


@pytest.mark.parametrize(
    ("document", "request_id"),
    [
        pytest.param({"Error": ERROR, "RequestId": "a"}, "a", id="bare"),
        pytest.param(
            {"RequestId": "a", "Response": {"Error": ERROR}}, "a", id="outside"
        ),
        pytest.param(
            {"RequestId": "a", "Response": {"Error": ERROR, "RequestId": "b"}},
            "b",
            id="innermost",
        ),
        pytest.param({"Error": ERROR, "RequestId": 7}, "", id="no-text"),
        pytest.param({"Error": ERROR}, "", id="none"),
    ],
)
def test_request_id(document: object, request_id: str) -> None:
    """The RequestId is found at every level."""
    assert refused(document).request_id == request_id


@pytest.mark.parametrize("depth", [3, 100, 20_000])
def test_nested_envelopes(depth: int) -> None:
    """Envelopes inside envelopes end somewhere, and none is taken for a success."""
    body = b'{"Response":' * depth + b'{"Status":"succ"}' + b"}" * depth
    payload = unwrap(body, 200)
    assert "Status" not in payload
    assert "Response" in payload


@pytest.mark.parametrize("field", ["Code", "Message"])
@pytest.mark.parametrize("value", [7, 7.5, True, ["a"], {"a": {"b": "c"}}])
def test_odd_error(field: str, value: object) -> None:
    """An error whose parts are no texts is an error all the same."""
    error = refused({"Error": {"Code": "Some.Code", "Message": "text", field: value}})
    assert type(error) is RefusedError
    assert isinstance(error.code, str)
    assert isinstance(error.message, str)


@pytest.mark.parametrize(
    ("status", "kind", "code", "message"),
    [
        pytest.param(
            "FailedOperation.ActionUnreachable|动作消息不可达",
            DeviceUnreachableError,
            "FailedOperation.ActionUnreachable",
            "动作消息不可达",
            id="code-and-text",
        ),
        pytest.param(
            "FailedOperation.ActionUnreachable",
            DeviceUnreachableError,
            "FailedOperation.ActionUnreachable",
            "",
            id="code-alone",
        ),
        pytest.param(
            "FailedOperation.ActionUnreachable | a|b ",
            DeviceUnreachableError,
            "FailedOperation.ActionUnreachable",
            "a|b",
            id="blanks-and-bars",
        ),
        pytest.param(
            "FailedOperation.Timeout|调用超时",
            DeviceSilentError,
            "FailedOperation.Timeout",
            "调用超时",
            id="silent",
        ),
        pytest.param(
            "FailedOperation.Other", RefusedError, "FailedOperation.Other", "", id="any"
        ),
        pytest.param("FailedOperation", RefusedError, "FailedOperation", "", id="bare"),
    ],
)
def test_status_failure(
    status: str, kind: type[TencentIotError], code: str, message: str
) -> None:
    """A Status that begins with FailedOperation is a failure."""
    error = status_failure(status, "request-id")
    assert type(error) is kind
    assert (error.code, error.message) == (code, message)
    assert error.request_id == "request-id"


@pytest.mark.parametrize(
    "status",
    [
        "",
        "succ",
        "Sent",
        "action execute success!",
        "some message where error",
        "Fail",
        "failed",
        "not FailedOperation.ActionUnreachable",
        "InternalError",
        "失败",
    ],
)
def test_status_is_free_text(status: str) -> None:
    """Any other Status is the device's own text, and no failure."""
    assert status_failure(status, "request-id") is None


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (BrokenReplyError, FateUnknownError),
        (DeviceSilentError, FateUnknownError),
        (ServerFaultError, FateUnknownError),
        (RateLimitError, RefusedError),
        (TimestampError, RefusedError),
        (DeviceUnreachableError, RefusedError),
        (InvalidSignatureError, CredentialsError),
        (UnknownApplicationError, CredentialsError),
        (CredentialsError, RefusedError),
    ],
)
def test_what_is_known_of_the_fate(
    kind: type[TencentIotError], base: type[TencentIotError]
) -> None:
    """What may have been executed is never called refused, nor the other way round."""
    assert issubclass(kind, base)
    assert issubclass(kind, FateUnknownError) is not issubclass(kind, RefusedError)
