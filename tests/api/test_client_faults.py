"""Failures of the cloud: what is known of an action's result after."""

from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    DeviceSilentError,
    FateUnknownError,
    InvalidInputError,
    RateLimitError,
    RefusedError,
    ServerFaultError,
    TencentIotError,
    UnknownCodeError,
)
from emulator import Emulator, Fault
from tests.api.interfaces import by_both, own_id
from tests.helpers import Cloud

pytestmark = by_both

CALLS = ["async", "sync"]

LARGEST = 1024 * 1024

SUCCESS = '{"Response":{"ClientToken":"token","Status":"succ","RequestId":"id"}}'

PAGE = "<!DOCTYPE html><title>Log in to the network</title>"


async def blink(client: TencentIotClient, call: str) -> None:
    """Let the lamp blink."""
    method = getattr(client, f"call_device_action_{call}")
    await method("LAMP202611", "desk-lamp", "blink", {}, origin="service")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("execute", [True, False], ids=["done", "not-done"])
@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        pytest.param({"drop": True}, FateUnknownError, "", id="dropped"),
        pytest.param({"status": 500}, ServerFaultError, "HTTP 500", id="500"),
        pytest.param(
            {"status": 502, "body": PAGE}, ServerFaultError, "HTTP 502", id="502-page"
        ),
        pytest.param(
            {"status": 503, "body": SUCCESS},
            ServerFaultError,
            "HTTP 503",
            id="503-json",
        ),
        pytest.param({"status": 404}, BrokenReplyError, "", id="404"),
        pytest.param(
            {"status": 403, "body": SUCCESS},
            BrokenReplyError,
            "HTTP 403",
            id="403-json",
        ),
        pytest.param({"body": PAGE}, BrokenReplyError, "", id="page"),
        pytest.param({"body": ""}, BrokenReplyError, "", id="empty"),
        pytest.param({"body": SUCCESS[:-5]}, BrokenReplyError, "", id="truncated"),
        pytest.param({"body": b"\xff\xfe{}"}, BrokenReplyError, "", id="no-text"),
        pytest.param(
            {"body": SUCCESS + " " * LARGEST}, BrokenReplyError, "", id="oversized"
        ),
        pytest.param(
            {"body": "no", "headers": {"Content-Encoding": "gzip"}},
            BrokenReplyError,
            "",
            id="not-compressed",
        ),
        pytest.param({"payload": {}}, BrokenReplyError, "", id="no-receipt"),
    ],
)
async def test_fate_unknown(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    fault: dict[str, Any],
    execute: bool,
    kind: type[TencentIotError],
    code: str,
) -> None:
    """Without a proper reply nobody knows, and nothing is sent again to find out."""
    cloud.emulator.faults.append(Fault(execute=execute, **fault))
    with pytest.raises(FateUnknownError) as raised:
        await blink(client, call)
    assert type(raised.value) is kind
    assert raised.value.code == code
    (entry,) = cloud.emulator.journal
    known = entry.request_id if "payload" in fault else own_id(entry)
    assert raised.value.request_id in (known, "id")
    assert len(cloud.executed) == (1 if execute else 0)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InternalError", ServerFaultError),
        ("InternalError.InternalRPCError", ServerFaultError),
        ("FailedOperation.Timeout", DeviceSilentError),
        ("Something.New", UnknownCodeError),
    ],
)
async def test_error_after_which_the_fate_is_unknown(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    code: str,
    kind: type[TencentIotError],
) -> None:
    """Some errors do not show whether the action ran; it is not sent again."""
    cloud.expect(code)
    cloud.emulator.faults.append(Fault(code=code, message="text", execute=True))
    with pytest.raises(FateUnknownError) as raised:
        await blink(client, call)
    assert type(raised.value) is kind
    assert (raised.value.code, raised.value.message) == (code, "text")
    assert len(cloud.emulator.journal) == len(cloud.executed) == 1


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        pytest.param(
            {"code": "RequestLimitExceeded", "message": "slow down"},
            RateLimitError,
            "RequestLimitExceeded",
            id="limit",
        ),
        pytest.param(
            {"code": "InvalidParameterValue"},
            InvalidInputError,
            "InvalidParameterValue",
            id="input",
        ),
        pytest.param(
            {"code": "InvalidAction", "message": "新的"},
            RefusedError,
            "InvalidAction",
            id="without-a-class",
        ),
        pytest.param(
            {"status": 429, "body": PAGE}, RateLimitError, "HTTP 429", id="429-page"
        ),
        pytest.param(
            {"status": 429, "payload": {"ClientToken": "token", "Status": "succ"}},
            RateLimitError,
            "HTTP 429",
            id="429-json",
        ),
    ],
)
async def test_refused(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    fault: dict[str, Any],
    kind: type[TencentIotError],
    code: str,
) -> None:
    """A refusal is reported as it is; only one for rate is sent again before."""
    cloud.expect(code)
    cloud.emulator.faults.append(Fault(**fault, times=9))
    with pytest.raises(RefusedError) as raised:
        await blink(client, call)
    assert type(raised.value) is kind
    assert raised.value.code == code
    assert raised.value.message == fault.get("message", "")
    assert len(cloud.emulator.journal) == (3 if kind is RateLimitError else 1)
    assert cloud.executed == []


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
async def test_redirect_is_not_followed(
    cloud: Cloud, client: TencentIotClient, status: int
) -> None:
    """A signed request goes to nobody but the address that was configured."""
    async with Emulator() as other:
        headers = {"Location": other.endpoint}
        cloud.emulator.faults.append(Fault(status=status, headers=headers))
        with pytest.raises(BrokenReplyError):
            await blink(client, "async")
        assert other.journal == []
    assert len(cloud.emulator.journal) == 1
    assert cloud.executed == []


async def test_largest_reply(cloud: Cloud, client: TencentIotClient) -> None:
    """A reply of one mebibyte is read, one byte more is not."""
    body = SUCCESS + " " * (LARGEST - len(SUCCESS))
    for text in (body, body + " "):
        cloud.emulator.faults.append(Fault(body=text))
    await blink(client, "async")
    with pytest.raises(BrokenReplyError):
        await blink(client, "async")
