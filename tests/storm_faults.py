"""What the storm does to calls: refusals, faults, odd answers, and right ones in odd forms."""

from collections.abc import Callable
import gzip
import json
from typing import Any
import uuid

from multidict import CIMultiDict

from custom_components.tencent_iot_explorer.const import Access
from emulator import Fault, When

type Payload = dict[str, Any]

LISTED = (
    "AuthFailure.SignatureFailure",
    "AuthFailure.SignatureExpire",
    "AuthFailure.SecretIdNotFound",
    "FailedOperation.ActionUnreachable",
    "FailedOperation.DeviceOffline",
    "InvalidAction",
    "InvalidParameter.ActionInputParamsInvalid",
    "InvalidParameterValue",
    "InvalidParameterValue.ActionNilOrNotExist",
    "InvalidParameterValue.ModelDefineNil",
    "IpInBlacklist",
    "LimitExceeded",
    "MissingParameter",
    "RequestLimitExceeded",
    "RequestLimitExceeded.IPLimitExceeded",
    "ResourceNotFound.DeviceNotExist",
    "ResourceNotFound.StudioProductNotExist",
    "UnauthorizedOperation",
    "UnauthorizedOperation.NoVerified",
    "UnsupportedOperation.InstanceIsolated",
    "UnsupportedRegion",
)
UNLISTED = (
    "",
    "504",
    "FailedOperation",
    "FailedOperation.InternalError",
    "FailedOperation.Timeout",
    "InternalError",
    "InternalError.InternalRPCError",
    "InvalidParameterValue.DeviceTimeout",
    "RequestLimitExceededFoo",
    "ServiceUnavailable",
    "SystemBusy",
    "UnsupportedOperation",
    "invalidparametervalue",
    " InvalidParameterValue",
)


def reshape(change: Callable[[Payload], object]) -> Callable[[str], bytes]:
    """Return what sends another document, made of the payload of the true one."""

    def encode(text: str) -> bytes:
        """Return the document as it is sent."""
        return json.dumps(change(json.loads(text)["Response"])).encode()

    return encode


def ran(change: Callable[[Payload], object]) -> Fault:
    """Return a fault that changes the reply to an action that ran."""
    return Fault(execute=True, reshape=reshape(change))


def inside(**changes: object) -> Fault:
    """Return a fault that changes parts of the reply to an action that ran."""
    return ran(lambda payload: {"Response": payload | changes})


def as_sent(change: Callable[[str], bytes], **headers: str) -> Fault:
    """Return a fault that changes how the reply to an action that ran is written."""
    return Fault(execute=True, reshape=change, headers=headers)


def failed(**error: object) -> Fault:
    """Return a fault that answers an error although the action ran."""
    return ran(
        lambda payload: {
            "Response": {"RequestId": payload["RequestId"], "Error": error}
        }
    )


def with_id(text: str, request_id: str | None) -> bytes:
    """Return a reply with another RequestId, or with none."""
    document = json.loads(text)
    payload = document.get("Response", document)
    del payload["RequestId"]
    if request_id:
        payload["RequestId"] = request_id
    return json.dumps(document).encode()


def other_id(text: str) -> bytes:
    """Return a reply with a RequestId that the cloud made."""
    return with_id(text, str(uuid.uuid4()))


def no_id(text: str) -> bytes:
    """Return a reply without a RequestId."""
    return with_id(text, None)


RIGHT = {
    "late": Fault(delay=0.002),
    "very late": Fault(delay=0.2),
    "chunked": Fault(chunked=True),
    "close": Fault(close=True),
    "chunked and close": Fault(chunked=True, close=True),
    "gzip": as_sent(
        lambda text: gzip.compress(text.encode()), **{"Content-Encoding": "gzip"}
    ),
    "BOM": as_sent(lambda text: b"\xef\xbb\xbf" + text.encode()),
    "white space": as_sent(lambda text: b"\r\n \t" + text.encode() + b"\n\n  "),
    "escapes": as_sent(lambda text: text.replace("Client", "\\u0043lient").encode()),
    "other type": as_sent(str.encode, **{"Content-Type": "text/plain"}),
    "headers twice": Fault(
        headers=CIMultiDict([("X-Trace", "1"), ("X-Trace", "2"), ("Server", "")])
    ),
    "bare": ran(lambda payload: payload),
    "code and data": ran(lambda payload: {"code": 0, "msg": "", "data": payload}),
    "code as a text": ran(lambda payload: {"code": "0", "msg": "", "data": payload}),
    "code and data and response": ran(
        lambda payload: {"code": 0, "msg": "ok", "data": {"Response": payload}}
    ),
    "request id outside": ran(
        lambda payload: {"RequestId": payload.pop("RequestId"), "Response": payload}
    ),
    "unknown keys": inside(DeprecatedWarning="x", Extra=[{"a": None}]),
    "null error": inside(Error=None),
    "other status": inside(Status="Sent"),
    "empty status": inside(Status=""),
    "null status": inside(Status=None),
    "outputs of no kind": inside(OutputParams=[1, 2]),
    "broken outputs": inside(OutputParams="{"),
    "long token": inside(ClientToken="t" * 2000),
}
ODD = {
    "dropped": Fault(drop=True),
    "dropped after": Fault(drop=True, execute=True),
    "cut off": Fault(truncate=True, execute=True),
    "too late": Fault(delay=2.5, execute=True),
    "429": Fault(status=429, body=""),
    "429 at once": Fault(status=429, body="", headers={"Retry-After": "0"}),
    "429 with receipt": Fault(status=429, payload={"ClientToken": "t"}),
    "429 after": Fault(status=429, code="InternalError", execute=True),
    "404 with code": Fault(status=404, code="ResourceNotFound.DeviceNotExist"),
    "403": Fault(status=403, body="", execute=True),
    "500": Fault(status=500, body=""),
    "502": Fault(status=502, body="<html>", execute=True),
    "503 with code": Fault(status=503, code="InvalidParameterValue", execute=True),
    "302": Fault(status=302, body="", execute=True),
    "page": Fault(body="<html>", execute=True),
    "empty": Fault(body="", execute=True),
    "half": Fault(body="{", execute=True),
    "list": Fault(body="[]", execute=True),
    "not packed": as_sent(str.encode, **{"Content-Encoding": "gzip"}),
    "twice": as_sent(lambda text: (text + text).encode()),
    "number": ran(lambda _: {"code": 504, "msg": "Gateway Timeout"}),
    "number and text": ran(lambda _: {"code": -1000, "msg": "请求超时"}),
    "number and code": ran(lambda _: {"code": -1000, "msg": "InvalidParameter.X|y"}),
    "number and receipt": ran(lambda payload: {"code": 7, "data": payload}),
    "no response": ran(lambda payload: payload | {"Response": None, "ClientToken": 1}),
    "no payload": ran(lambda payload: {"Response": None}),
    "list of payloads": ran(lambda payload: {"Response": [payload]}),
    "too deep": ran(lambda payload: {"Response": {"Response": {"Response": payload}}}),
    "nothing": ran(lambda payload: {"Response": {}}),
    "nulls": ran(lambda payload: {"Response": dict.fromkeys(payload)}),
    "no token": inside(ClientToken=""),
    "null token": inside(ClientToken=None),
    "blank token": inside(ClientToken="  "),
    "token of a wrong type": inside(ClientToken=["t"]),
    "status of a wrong type": inside(Status=0),
    "failed status": inside(Status="FailedOperation.Something|text"),
    "bare failed status": inside(Status="FailedOperation"),
    "failed status in lower case": inside(Status="failedoperation.x"),
    "null code": failed(Code=None),
    "no code": failed(Message="text"),
    "error is a text": inside(Error="text"),
    "hidden code": failed(Code="InternalError", Message="Foo.Bar|text"),
    "blank in hidden code": failed(
        Code="InternalError", Message=" InvalidParameterValue|text"
    ),
    "unreachable": Fault(
        payload={"ClientToken": "", "Status": "FailedOperation.ActionUnreachable|x"}
    ),
    "id of the cloud": Fault(execute=True, reshape=other_id),
    "no id": Fault(execute=True, reshape=no_id),
}
RECEIPT = {"ClientToken": "surplus", "Status": "succ"}
SECOND = {
    "same again": Fault(),
    "receipt": Fault(payload=RECEIPT),
    "receipt with other id": Fault(payload=RECEIPT, reshape=other_id),
    "receipt without id": Fault(payload=RECEIPT, reshape=no_id),
    "refusal": Fault(code="InvalidParameterValue"),
    "refusal with other id": Fault(code="InvalidParameterValue", reshape=other_id),
    "refusal without id": Fault(code="InvalidParameterValue", reshape=no_id),
    "rate": Fault(code="RequestLimitExceeded"),
    "rate without id": Fault(code="RequestLimitExceeded", reshape=no_id),
    "fault": Fault(status=500, body=""),
}
KINDS: dict[str, Fault] = (
    {f"right: {name}": fault for name, fault in RIGHT.items()}
    | {f"odd: {name}": fault for name, fault in ODD.items()}
    | {f"refused: {code}": Fault(code=code) for code in LISTED}
    | {f"executed: {code}": Fault(code=code, execute=True) for code in UNLISTED}
    | {
        f"second: {name}, {when.name}": Fault(surplus=fault, surplus_when=when)
        for name, fault in SECOND.items()
        for when in (When.AT_ONCE, When.IDLE)
    }
)
CODES = set(LISTED) | set(UNLISTED)


def kinds(access: Access) -> list[Fault]:
    """Return what is done to calls with such a key.

    Where the cloud makes all RequestIds, one more of them is as good as any: nothing in
    such a reply, nor in the way it came, says that it is not the one that is waited for.
    """
    return [
        fault
        for fault in KINDS.values()
        if access is Access.APPLICATION
        or other_id not in (fault.reshape, fault.surplus and fault.surplus.reshape)
    ]
