"""Actions: replies that look like a success and are none, and what devices answer."""

import json
from typing import Any

import pytest

from homeassistant.helpers.json import json_bytes

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    DeviceSilentError,
    DeviceUnreachableError,
    TencentIotError,
    UnknownCodeError,
)
from custom_components.tencent_iot_explorer.api.models import ActionReceipt, ActionReply
from emulator import Envelope, Fault
from tests.helpers import Cloud

CALLS = ["async", "sync"]


async def blink(client: TencentIotClient, call: str) -> ActionReceipt:
    """Let the lamp blink."""
    method = getattr(client, f"call_device_action_{call}")
    receipt = await method("LAMP202611", "desk-lamp", "blink", {}, origin="service")
    assert isinstance(receipt, ActionReply if call == "sync" else ActionReceipt)
    return receipt


def answer(cloud: Cloud, **payload: Any) -> None:
    """Let the cloud answer the next request so."""
    cloud.emulator.faults.append(Fault(body=json.dumps({"Response": payload})))


@pytest.mark.parametrize("envelope", Envelope)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [0, 2, 3])
async def test_unreachable(
    cloud: Cloud,
    client: TencentIotClient,
    envelope: Envelope,
    call: str,
    status: int,
) -> None:
    """A device that is not online does not run the action, and that is an error."""
    cloud.emulator.service_api.envelope = envelope
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].status = status
    with pytest.raises(DeviceUnreachableError) as raised:
        await blink(client, call)
    assert raised.value.code == "FailedOperation.ActionUnreachable"
    assert raised.value.message == "动作消息不可达"
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id == entry.parameters["RequestId"]
    assert cloud.executed == []


async def test_silent_device(cloud: Cloud, client: TencentIotClient) -> None:
    """A device that does not answer may have run the action; it is not asked again."""
    cloud.expect("FailedOperation.Timeout")
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].silent = True
    with pytest.raises(DeviceSilentError) as raised:
        await blink(client, "sync")
    assert raised.value.code == "FailedOperation.Timeout"
    assert raised.value.message == "调用超时"
    assert len(cloud.emulator.journal) == len(cloud.executed) == 1


async def test_silent_device_is_not_waited_for(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """An action that is handed over does not wait for the device."""
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].silent = True
    assert (await blink(client, "async")).status == "succ"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("FailedOperation.ActionUnreachable", DeviceUnreachableError),
        ("FailedOperation.ActionUnreachable|text", DeviceUnreachableError),
        ("FailedOperation.Timeout|text", DeviceSilentError),
        ("FailedOperation.New|text", UnknownCodeError),
        ("FailedOperation|text", UnknownCodeError),
        ("failedoperation.actionunreachable|text", UnknownCodeError),
    ],
)
async def test_failed_operation(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    status: str,
    kind: type[TencentIotError],
) -> None:
    """A Status that begins with FailedOperation counts more than a ClientToken."""
    answer(cloud, ClientToken="token", Status=status, OutputParams="{}")
    with pytest.raises(TencentIotError) as raised:
        await blink(client, call)
    assert type(raised.value) is kind
    assert raised.value.code == status.partition("|")[0]
    assert raised.value.message == status.partition("|")[2]


@pytest.mark.parametrize("token", ["token", "", None])
async def test_not_handed_over(
    cloud: Cloud, client: TencentIotClient, token: str | None
) -> None:
    """The Status of an action that was not handed over counts more than a ClientToken."""
    answer(cloud, ClientToken=token, Status="Fail")
    with pytest.raises(DeviceUnreachableError) as raised:
        await blink(client, "async")
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id == entry.parameters["RequestId"]
    assert raised.value.code == "Fail"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "payload",
    [
        {"ClientToken": None, "Status": None, "OutputParams": None},
        {"ClientToken": None, "Status": "succ"},
        {"ClientToken": "", "Status": "succ"},
        {"ClientToken": "", "Status": None},
        {"ClientToken": ""},
        {"ClientToken": " \u3000\n", "Status": "succ"},
        {"ClientToken": "", "Status": "ResourceNotFound.DeviceNotExist|text"},
        {"ClientToken": 42, "Status": "succ"},
        {"ClientToken": ["token"], "Status": "succ"},
        {"ClientToken": {"token": "token"}, "Status": "succ"},
        {"ClientToken": True, "Status": "succ"},
        {"ClientToken": "token", "Status": 0},
        {"ClientToken": "token", "Status": ["succ"]},
        {"ClientToken": "token", "Status": {"succ": True}},
        {"ClientToken": "token", "Status": False},
    ],
    ids=repr,
)
async def test_no_receipt(
    cloud: Cloud, client: TencentIotClient, call: str, payload: dict[str, Any]
) -> None:
    """A reply that holds neither receipt nor failure says nothing of the action."""
    answer(cloud, **payload)
    with pytest.raises(BrokenReplyError) as raised:
        await blink(client, call)
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id == entry.parameters["RequestId"]


@pytest.mark.parametrize(
    "status", ["succ", "suc", "Sent", "", "fail", "Failed", "失败"]
)
async def test_handed_over(cloud: Cloud, client: TencentIotClient, status: str) -> None:
    """Whatever other words are used, a ClientToken is a receipt."""
    answer(cloud, ClientToken="token", Status=status)
    receipt = await blink(client, "async")
    assert (receipt.client_token, receipt.status) == ("token", status)


@pytest.mark.parametrize(
    ("token", "status", "expected_token", "expected_status"),
    [
        ("token", "Fail", "token", "Fail"),
        ("token", "", "token", ""),
        ("token", None, "token", ""),
        ("token", "some message where error", "token", "some message where error"),
        ("token", "半\ud800", "token", "半?"),
    ],
)
async def test_status_of_a_reply(
    cloud: Cloud,
    client: TencentIotClient,
    token: str,
    status: str | None,
    expected_token: str,
    expected_status: str,
) -> None:
    """The Status of a device that answered is its own text and judges nothing."""
    answer(cloud, ClientToken=token, Status=status, OutputParams='{"a":1}')
    reply = await blink(client, "sync")
    assert isinstance(reply, ActionReply)
    assert (reply.client_token, reply.status) == (expected_token, expected_status)
    assert reply.outputs == {"a": 1}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Status": "succ"},
        {"Status": "succ", "OutputParams": "{}"},
        {"clientToken": "token"},
        {"Devices": [], "Total": 0},
    ],
    ids=repr,
)
async def test_reply_to_something_else(
    cloud: Cloud, client: TencentIotClient, call: str, payload: dict[str, Any]
) -> None:
    """A reply without a ClientToken leaves the outcome of the action unknown."""
    answer(cloud, **payload)
    with pytest.raises(BrokenReplyError) as raised:
        await blink(client, call)
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id == entry.parameters["RequestId"]


@pytest.mark.parametrize(
    ("raw", "outputs"),
    [
        pytest.param(
            '{"a":1,"b":{"c":[null]}}', {"a": 1, "b": {"c": [None]}}, id="json"
        ),
        pytest.param({"a": "1"}, {"a": "1"}, id="object"),
        pytest.param("{}", {}, id="empty-object"),
        pytest.param("", {}, id="empty"),
        pytest.param(" \n", {}, id="blank"),
        pytest.param(None, {}, id="null"),
        pytest.param([1, 2], {}, id="list"),
        pytest.param(5, {}, id="number"),
        pytest.param("[1,2]", "[1,2]", id="text-of-a-list"),
        pytest.param("5", "5", id="text-of-a-number"),
        pytest.param("door is open", "door is open", id="text"),
        pytest.param('{"a":', '{"a":', id="truncated"),
        pytest.param("[" * 200_000, "[" * 200_000, id="deep"),
        pytest.param("1" * 5000, "1" * 5000, id="endless-number"),
    ],
)
async def test_outputs(
    cloud: Cloud, client: TencentIotClient, raw: object, outputs: object
) -> None:
    """Outputs are an object, or the device's own text; a call never fails for them."""
    answer(cloud, ClientToken="token", Status="succ", OutputParams=raw)
    reply = await blink(client, "sync")
    assert isinstance(reply, ActionReply)
    assert reply.outputs == outputs


async def test_no_outputs(cloud: Cloud, client: TencentIotClient) -> None:
    """A reply without OutputParams has no outputs."""
    answer(cloud, ClientToken="token", Status="succ")
    reply = await blink(client, "sync")
    assert isinstance(reply, ActionReply)
    assert reply.outputs == {}


@pytest.mark.parametrize(
    "outputs",
    [
        '{"a":"\\ud800","\\ud800":[{"b":"\\udfff"}]}',
        '{"a":' + "9" * 30 + "}",
        '{"a":NaN,"b":-Infinity,"c":null,"d":true,"e":1.5}',
        '["\\ud800"]',
    ],
)
async def test_outputs_can_be_written(
    cloud: Cloud, client: TencentIotClient, outputs: str
) -> None:
    """Outputs of any content can be handed on as JSON: the action has run already."""
    cloud.emulator.products["LAMP202611"].outputs["blink"] = lambda _: outputs
    reply = await client.call_device_action_sync(
        "LAMP202611", "desk-lamp", "blink", {}, origin="service"
    )
    assert json_bytes(reply.outputs)


@pytest.mark.parametrize("payload", [{"ClientToken": 42, "Status": "succ"}, {}])
async def test_reply_without_token(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, object]
) -> None:
    """A reply that names no action leaves its outcome unknown."""
    cloud.emulator.faults.append(Fault(payload=payload))
    with pytest.raises(BrokenReplyError) as raised:
        await client.call_device_action_async(
            "LAMP202611", "desk-lamp", "blink", {}, origin="service"
        )
    request = cloud.emulator.journal[-1].parameters["RequestId"]
    assert raised.value.request_id == request
