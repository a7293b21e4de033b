"""Codes and HTTP statuses: which error each one means."""

import pytest

from custom_components.tencent_iot_explorer.api.envelope import status_failure
from custom_components.tencent_iot_explorer.api.errors import (
    AddressRefusedError,
    BrokenReplyError,
    CredentialsError,
    DeviceSilentError,
    DeviceUnreachableError,
    FateUnknownError,
    InvalidInputError,
    InvalidSignatureError,
    NoDataTemplateError,
    NoPermissionError,
    NotVerifiedError,
    OperationDeniedError,
    QuotaError,
    RateLimitError,
    RefusedError,
    RepeatedRequestError,
    SecondFactorError,
    ServerFaultError,
    TencentIotError,
    TimestampError,
    UnknownActionError,
    UnknownApplicationError,
    UnknownCodeError,
    UnknownDeviceError,
    UnknownProductError,
    UnknownSecretIdError,
    UnsupportedRegionError,
)
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from tests.api.helpers import reply_error, unwrap

PAYLOAD = {"Status": "succ", "ClientToken": "token", "RequestId": "reply-id"}

ERROR = {"Code": "ResourceNotFound.DeviceNotExist", "Message": "设备未创建或是已删除"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AuthFailure.SignatureFailure", InvalidSignatureError),
        ("InvalidParameterValue.InvalidSignature", InvalidSignatureError),
        ("AuthFailure.SignatureExpire", TimestampError),
        ("InvalidParameterValue.InvalidTimestamp", TimestampError),
        ("InvalidParameterValue.InvalidNonce", RepeatedRequestError),
        ("AuthFailure.SecretIdNotFound", CredentialsError),
        ("AuthFailure.InvalidSecretId", CredentialsError),
        ("AuthFailure.InvalidAuthorization", CredentialsError),
        ("AuthFailure.UnauthorizedOperation", NoPermissionError),
        ("UnauthorizedOperation.CamNoAuth", NoPermissionError),
        ("OperationDenied.InstanceNotBelongToUser", NoPermissionError),
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
        ("ServiceUnavailable", ServerFaultError),
        ("ResourceUnavailable", ServerFaultError),
        ("ResourceUnavailable.Other", ServerFaultError),
        ("ResponseSizeLimitExceeded", ServerFaultError),
        ("InvalidAction", RefusedError),
        ("UnsupportedOperation.UnpaidOrder", QuotaError),
        ("UnsupportedRegion", UnsupportedRegionError),
        ("IpInBlacklist", AddressRefusedError),
        ("IpNotInWhitelist", AddressRefusedError),
        ("UnauthorizedOperation.NoVerified", NotVerifiedError),
        ("AuthFailure.MFAFailure", SecondFactorError),
        ("AuthFailure.TokenFailure", CredentialsError),
        ("UnsupportedOperation.InstanceIsolated", QuotaError),
        ("UnauthorizedOperation.UserLicenseExceedLimit", QuotaError),
        ("LimitExceeded.MessageSaved", QuotaError),
        ("ResourceInsufficient", QuotaError),
        ("FailedOperation.ProductNotReleased", NoPermissionError),
        ("FailedOperation.DeviceOffline", DeviceUnreachableError),
        ("FailedOperation.DeviceNoSubscription", DeviceUnreachableError),
        ("UnsupportedOperation.LoRaNoUpLink", DeviceUnreachableError),
        ("UnsupportedOperation.LoRaNotActivate", DeviceUnreachableError),
        ("UnsupportedOperation", UnknownCodeError),
        ("InvalidParameterValue.ModelDefineInvalid", NoDataTemplateError),
        ("Something.New", UnknownCodeError),
    ],
)
def test_code(code: str, kind: type[TencentIotError]) -> None:
    """Each code that is known of the cloud has its class, an unknown one is none of them."""
    error = reply_error(
        {"Response": {"Error": {"Code": code, "Message": "文字 as sent"}}}
    )
    assert type(error) is kind
    assert (error.code, error.message) == (code, "文字 as sent")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "504",
        "-1000",
        "SystemBusy",
        "LimitExceededFoo",
        "RequestLimitExceededFoo",
        "RequestLimitExceeded.",
        "RequestLimitExceeded.IP.Foo",
        "RequestLimitExceeded.Timeout",
        "ResourceNotFoundFoo",
        "InternalErrorFoo",
        "MissingParam",
        "NotAuthFailure",
        "AuthFailure.SignatureTimeout",
        "AuthFailure SignatureFailure",
        "authfailure.signaturefailure",
        "AUTHFAILURE",
        " AuthFailure.SignatureFailure",
        "AuthFailure.SignatureFailure ",
        "AuthFailure.SignatureFailure\n",
        "AuthFailure.签名",
        "InvalidParameterValue.DeviceTimeout",
        "InvalidParameterValue.DeviceTimedOut",
        "InvalidParameterValue.timeout",
        "LimitExceeded.TIME_OUT",
        "InvalidParameter.RpcTimeOut",
        "ResourceNotFound.DeadlineExceeded",
        "AuthFailure.InternalError",
        "InvalidParameterValues",
        "UnsupportedOperation",
        "UnsupportedOperation.DeviceOtaTaskInProgress",
        "UnsupportedRegion.Foo",
        "FailedOperation",
        "FailedOperation.InternalError",
        "FailedOperation.Something",
        "FailedOperation.Signature",
        "FailedOperation.Quota",
        "FailedOperation.NoPermission",
        "FailedOperation.DeviceNotExist",
        "FailedOperation.InvalidAppKey",
        "FailedOperation.DeviceOfflineLater",
        "Foo.ActionUnreachable",
        "Foo.InstanceIsolated",
        "ResourceInUse",
    ],
)
def test_code_that_is_not_listed(code: str) -> None:
    """A code that is only like a listed one says nothing for sure."""
    error = {"Code": code, "Message": "text"}
    found = reply_error({"Response": {"Error": error}})
    assert type(found) is UnknownCodeError
    assert (found.code, found.message) == (code, "text")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Signature 无效", InvalidSignatureError),
        ("Signature无效", InvalidSignatureError),
        (" Signature: not valid", InvalidSignatureError),
        ("Signature", InvalidSignatureError),
        ("Signature.", InvalidSignatureError),
        ("AppKey 无效", UnknownApplicationError),
        ("AppKey 不存在", UnknownApplicationError),
        ("Timestamp 已过期", TimestampError),
        ("Timestamp is expired", TimestampError),
        ("Nonce 无效", RepeatedRequestError),
        # Something that is only called alike, or not what the text begins with.
        ("Signature2 无效", InvalidInputError),
        ("Signature_of_guest 无效", InvalidInputError),
        ("Timestamp-unit 无效", InvalidInputError),
        ("Timestamp.value 无效", InvalidInputError),
        ("TimestampOfDay 无效", InvalidInputError),
        ("timestamp 无效", InvalidInputError),
        ("the Signature is wrong", InvalidInputError),
        ("InputParams: Timestamp 无效", InvalidInputError),
        ("", InvalidInputError),
        ("签名 Signature 无效", InvalidInputError),
    ],
)
def test_bare_code(message: str, kind: type[TencentIotError]) -> None:
    """The one code for all says what is wrong by the word that its text begins with."""
    error = {"Code": "InvalidParameterValue", "Message": message}
    assert type(reply_error({"Response": {"Error": error}})) is kind
    hidden = {"Code": "InternalError", "Message": f"InvalidParameterValue|{message}"}
    found = reply_error({"code": -1000, "data": {"Error": hidden}})
    assert type(found) is kind
    assert found.code == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidParameterValue.Other", InvalidInputError),
        ("InvalidParameter", InvalidInputError),
        ("InvalidParameter.ActionInputParamsInvalid", InvalidInputError),
        ("FailedOperation", UnknownCodeError),
        ("InternalError", ServerFaultError),
    ],
)
@pytest.mark.parametrize("word", ["Signature", "AppKey", "Timestamp", "Nonce"])
def test_words_behind_other_codes(
    code: str, kind: type[TencentIotError], word: str
) -> None:
    """Behind any other code the words mean nothing."""
    error = {"Code": code, "Message": f"{word} 无效"}
    assert type(reply_error({"Response": {"Error": error}})) is kind


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [
        ("{}", TimestampError),
        ('{"timestamp":1,"Timestamp2":"my Timestamp"}', TimestampError),
        ('{"Timestamp":1}', InvalidInputError),
        ('{"plan":{"Timestamp":1}}', InvalidInputError),
        ('{"which":"Timestamp"}', InvalidInputError),
    ],
)
@pytest.mark.parametrize("name", ["InputParams", "Data"])
def test_value_of_that_name(
    inputs: str, kind: type[TencentIotError], name: str
) -> None:
    """A text about something that is among the values is not about the request."""
    backend = ServiceApi("key", "secret")
    message = "Timestamp 无效"
    found = backend.error("InvalidParameterValue", message, {name: inputs})
    assert found is kind


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
    assert type(reply_error(document, http_status)) is BrokenReplyError


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
    error = reply_error({"Response": PAYLOAD}, http_status)
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
    error = reply_error({"Response": {"Error": ERROR, "RequestId": "id"}}, http_status)
    assert type(error) is kind
    assert (error.code, error.message) == (ERROR["Code"], ERROR["Message"])
    assert error.request_id == "id"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InternalError", ServerFaultError),
        ("FailedOperation.Timeout", DeviceSilentError),
        ("InvalidParameterValue.InvalidNonce", RepeatedRequestError),
        ("SystemBusy", UnknownCodeError),
        ("FailedOperation.InternalError", UnknownCodeError),
        ("ResourceNotFound.DeviceNotExist", RateLimitError),
    ],
)
def test_too_many_requests_with_a_code(code: str, kind: type[TencentIotError]) -> None:
    """HTTP 429 refuses, unless the code means work that was begun."""
    error = reply_error({"Response": {"Error": {"Code": code}}}, 429)
    assert type(error) is kind


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
            "FailedOperation.Other",
            UnknownCodeError,
            "FailedOperation.Other",
            "",
            id="any",
        ),
        pytest.param(
            "FailedOperation", UnknownCodeError, "FailedOperation", "", id="bare"
        ),
    ],
)
def test_status_failure(
    status: str, kind: type[TencentIotError], code: str, message: str
) -> None:
    """A Status that begins with FailedOperation is a failure."""
    error = status_failure(status)
    assert type(error) is kind
    assert (error.code, error.message) == (code, message)


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
    assert status_failure(status) is None


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (BrokenReplyError, FateUnknownError),
        (DeviceSilentError, FateUnknownError),
        (ServerFaultError, FateUnknownError),
        (RepeatedRequestError, FateUnknownError),
        (UnknownCodeError, FateUnknownError),
        (RateLimitError, RefusedError),
        (TimestampError, RefusedError),
        (DeviceUnreachableError, RefusedError),
        (InvalidSignatureError, CredentialsError),
        (UnknownApplicationError, CredentialsError),
        (UnknownSecretIdError, CredentialsError),
        (OperationDeniedError, NoPermissionError),
        (OperationDeniedError, RefusedError),
        (CredentialsError, RefusedError),
        (NotVerifiedError, RefusedError),
        (SecondFactorError, RefusedError),
        (AddressRefusedError, RefusedError),
        (UnsupportedRegionError, RefusedError),
    ],
)
def test_what_is_known_of_the_fate(
    kind: type[TencentIotError], base: type[TencentIotError]
) -> None:
    """What may have been executed is never called refused, nor the other way round."""
    assert issubclass(kind, base)
    assert issubclass(kind, FateUnknownError) is not issubclass(kind, RefusedError)
