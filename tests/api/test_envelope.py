"""Replies of every documented or observed shape, and of shapes that make no sense."""

import json
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.errors import (
    DeviceSilentError,
    InvalidInputError,
    ServerFaultError,
    TencentIotError,
    UnknownCodeError,
    UnknownDeviceError,
    UnknownProductError,
)
from tests.api.helpers import encode, reply_error, unwrap

PAYLOAD = {"Status": "succ", "ClientToken": "token", "RequestId": "reply-id"}


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
        pytest.param(
            {
                "RequestId": PAYLOAD["RequestId"],
                "Response": {
                    key: PAYLOAD[key] for key in PAYLOAD if key != "RequestId"
                },
            },
            id="request-id-outside",
        ),
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
    error = reply_error(document, http_status)
    assert type(error) is UnknownDeviceError
    assert error.code == "ResourceNotFound.DeviceNotExist"
    assert error.message == "设备未创建或是已删除"
    assert error.request_id == "id"
    assert str(error) == "ResourceNotFound.DeviceNotExist: 设备未创建或是已删除"


def test_innermost_error_decides() -> None:
    """Of several errors the innermost one says what happened."""
    error = reply_error({"Error": {"Code": "Outer.Code"}, "Response": {"Error": ERROR}})
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
    error = reply_error(document)
    assert type(error) is UnknownCodeError
    assert (error.code, error.message) == (code, message)


def test_code_hidden_in_the_text() -> None:
    """Where a general code hides the true one in its text, that one counts."""
    text = "ResourceNotFound.StudioProductNotExist|产品不存在"
    error = reply_error({"Error": {"Code": "InternalError", "Message": text}})
    assert type(error) is UnknownProductError
    assert error.code == "ResourceNotFound.StudioProductNotExist"
    assert error.message == "产品不存在"


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        pytest.param("InternalError", "内部错误|稍后重试", ServerFaultError, id="text"),
        pytest.param("InternalError", "no bar", ServerFaultError, id="no-bar"),
        pytest.param("InternalError", "Redis|lost", ServerFaultError, id="one-word"),
        pytest.param(
            "InternalError", "FailedOperation.Timeout|x", DeviceSilentError, id="silent"
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
        pytest.param(
            "InternalError",
            " ResourceNotFound.DeviceNotExist|x",
            ServerFaultError,
            id="blank-before",
        ),
        pytest.param(
            "", "ResourceNotFound.DeviceNotExist|x", UnknownCodeError, id="no-code"
        ),
        pytest.param(
            "-1000", "ResourceNotFound.DeviceNotExist|x", UnknownCodeError, id="number"
        ),
    ],
)
def test_code_not_hidden_in_the_text(
    code: str, message: str, kind: type[TencentIotError]
) -> None:
    """Only a general code gives way, and only to what is a code itself."""
    assert type(reply_error({"Error": {"Code": code, "Message": message}})) is kind


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
    assert reply_error(document).request_id == request_id


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
    error = reply_error(
        {"Error": {"Code": "Some.Code", "Message": "text", field: value}}
    )
    assert type(error) is UnknownCodeError
    assert isinstance(error.code, str)
    assert isinstance(error.message, str)


def test_unknown_code_in_the_text_is_still_a_fault() -> None:
    """What the cloud calls an internal error, and nobody knows, may have been executed."""
    error = {"Code": "InternalError", "Message": "Foo.Bar|text"}
    with pytest.raises(ServerFaultError) as raised:
        unwrap(json.dumps({"Error": error}).encode(), 200)
    assert (raised.value.code, raised.value.message) == ("Foo.Bar", "text")


@pytest.mark.parametrize(
    "document",
    [
        {"code": -1000.0, "msg": "text", "data": {}},
        {"code": [1], "msg": "text"},
        {"Error": {"Code": None, "Message": "text"}},
        {"Error": ["text"], "Total": 1},
        {"Error": "text"},
    ],
)
def test_odd_error_is_an_error(document: dict[str, Any]) -> None:
    """An error of an odd shape is no payload, and "None" is no code."""
    with pytest.raises(UnknownCodeError) as raised:
        unwrap(json.dumps(document).encode(), 200)
    assert raised.value.code != "None"


def test_error_can_be_shown() -> None:
    """Texts that UTF-8 cannot hold are made fit to be shown."""
    body = b'{"RequestId":"\\ud800","Error":{"Code":"\\ud800","Message":"\\ud800"}}'
    with pytest.raises(UnknownCodeError) as raised:
        unwrap(body, 200)
    error = raised.value
    assert f"{error} {error.request_id}".encode()
