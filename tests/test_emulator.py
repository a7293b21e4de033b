"""The emulator is strict: what a correct client would not send is refused and noted."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import socket
import sys
import time
from typing import Any
import uuid

import aiohttp
import pytest

from emulator import Emulator, Envelope, Fault, JournalEntry, Naming
from emulator.accounts import SECRET_ID
from emulator.products import property_, template
from emulator.service_api import (
    APP_KEY,
    APP_SECRET,
    ServiceApi,
    signature,
    string_to_sign,
)

INPUTS: dict[str, Any] = {
    "power": 1,
    "brightness": 50,
    "warmth": 0.5,
    "text": "",
    "colour": 2,
    "effect": "fire",
    "moment": 1546315200000,
}
OWN: dict[str, dict[str, Any]] = {
    "ServiceDescribeModelDefinition": {"ProductId": "LAMP202611"},
    "ServiceGetDeviceList": {"ProductId": "LAMP202611", "Offset": 0, "Limit": 100},
    "ServiceDescribeDevice": {"ProductId": "LAMP202611", "DeviceName": "desk-lamp"},
    "ServiceCallDeviceActionSync": {
        "ProductId": "LAMP202611",
        "DeviceName": "desk-lamp",
        "ActionId": "echo",
        "InputParams": json.dumps(INPUTS, separators=(",", ":")),
    },
}
OWN["ServiceCallDeviceActionAsync"] = OWN["ServiceCallDeviceActionSync"]
DATA: dict[str, Any] = {"power_switch": 1, "brightness": 50}
DEVICE = OWN["ServiceDescribeDevice"]
OWN["ServiceDescribeDeviceData"] = DEVICE
OWN["ServiceControlDeviceData"] = DEVICE | {
    "Data": json.dumps(DATA, separators=(",", ":"))
}
OWN["ServiceListEventHistory"] = DEVICE | {
    "Type": "info",
    "StartTime": 0,
    "EndTime": 0,
    "Size": 100,
}
ASYNC = "ServiceCallDeviceActionAsync"
CONTROL = "ServiceControlDeviceData"
HISTORY = "ServiceListEventHistory"
INVALID_INPUTS = "InvalidParameter.ActionInputParamsInvalid"
BARE = ("ServiceGetDeviceList", "ServiceDescribeDevice", HISTORY)
MISSING = object()
NAMED = {
    "AppKey": "InvalidParameterValue.InvalidAppKey",
    "Signature": "AuthFailure.SignatureFailure",
    "Timestamp": "AuthFailure.SignatureExpire",
    "Nonce": "InvalidParameterValue.InvalidNonce",
}


def make_request(
    action: str = "ServiceDescribeDevice", **changes: Any
) -> dict[str, Any]:
    """Return a request that is right but for the changes, and signed with them."""
    request: dict[str, Any] = {
        "Action": action,
        "AppKey": APP_KEY,
        "Timestamp": int(time.time()),
        "Nonce": 71087795,
        "RequestId": str(uuid.uuid4()),
        **OWN.get(action, {}),
        **changes,
    }
    request = {key: value for key, value in request.items() if value is not MISSING}
    text = string_to_sign(request)
    return {"Signature": signature(text, APP_SECRET)} | request


class Sender:
    """Something that posts anything to the emulator."""

    def __init__(self, emulator: Emulator, session: aiohttp.ClientSession) -> None:
        """Keep both ends."""
        self.emulator = emulator
        self.session = session

    async def post(
        self, request: object, content_type: str = "application/json"
    ) -> dict[str, Any]:
        """Send a request, or a body as it is, and return the reply."""
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        async with self.session.post(
            self.emulator.endpoint, data=body, headers={"Content-Type": content_type}
        ) as response:
            assert response.status == 200
            document: dict[str, Any] = await response.json()
            return document

    async def refuse(
        self,
        request: object,
        code: str,
        *,
        flaw: bool,
        content_type: str = "application/json",
    ) -> JournalEntry:
        """Send a request that must be refused, and return what was noted of it."""
        before = list(self.emulator.reached)
        reply = await self.post(request, content_type)
        assert reply["Response"]["Error"]["Code"] == code
        entry = self.emulator.journal[-1]
        assert entry.error_code == code
        assert bool(entry.flaws) is flaw
        assert self.emulator.reached == before
        return entry


@pytest.fixture
async def sender(socket_enabled: None) -> AsyncIterator[Sender]:
    """Run an emulator of its own."""
    async with Emulator() as emulator, aiohttp.ClientSession() as session:
        yield Sender(emulator, session)


def test_documented_signature() -> None:
    """The emulator signs as the documentation's example does."""
    text = string_to_sign(
        {
            "Timestamp": 1546315200,
            "Signature": "left out",
            "RequestId": "476c990a-f5b7-1575-987c-4ef70e474932",
            "ProductId": "ProductA",
            "Nonce": 71087795,
            "DeviceName": "Device001",
            "AppKey": "ServiceAppKey",
            "Action": "ServiceDescribeDeviceData",
        }
    )
    assert text == (
        "Action=ServiceDescribeDeviceData&AppKey=ServiceAppKey&DeviceName=Device001"
        "&Nonce=71087795&ProductId=ProductA"
        "&RequestId=476c990a-f5b7-1575-987c-4ef70e474932&Timestamp=1546315200"
    )
    assert signature(text, "ServiceAppSecret") == "P206d+JzP37FLKBDkD689wqnl4k="


@pytest.mark.parametrize("action", OWN)
async def test_right_request(sender: Sender, action: str) -> None:
    """A request that is right is answered, and nothing is held against it."""
    request = make_request(action)
    reply = await sender.post(request)
    payload = reply.get("Response", reply)
    assert "Error" not in payload
    assert (payload is reply) is (action in BARE)
    assert payload["RequestId"] == request["RequestId"]
    (entry,) = sender.emulator.journal
    assert (entry.action, entry.parameters) == (action, request)
    assert (entry.flaws, entry.error_code) == ([], "")
    assert json.loads(entry.reply) == reply


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(make_request(), "text/plain", id="text"),
        pytest.param(make_request(), "application/x-www-form-urlencoded", id="form"),
        pytest.param(make_request(), "application/json; charset=gbk", id="charset"),
        pytest.param(make_request(), "application/jsonp", id="almost"),
        pytest.param(make_request(), "", id="no-type"),
        pytest.param(b"", "application/json", id="empty"),
        pytest.param(b"Action=ServiceDescribeDevice", "application/json", id="no-json"),
        pytest.param(b'{"Action":', "application/json", id="truncated"),
        pytest.param(b"[]", "application/json", id="list"),
        pytest.param(b"null", "application/json", id="null"),
    ],
)
async def test_wrong_body(sender: Sender, body: object, content_type: str) -> None:
    """Only a JSON object that says that it is JSON is a request."""
    code = "InvalidParameterValue.InvalidJSON"
    await sender.refuse(body, code, flaw=True, content_type=content_type)


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (action, name)
        for action, own in OWN.items()
        for name in [*own, "AppKey", "Nonce", "RequestId", "Signature", "Timestamp"]
    ],
)
async def test_missing_parameter(sender: Sender, action: str, name: str) -> None:
    """Each parameter of each call is required."""
    request = make_request(action)
    del request[name]
    entry = await sender.refuse(request, "ErrorRequiredParamNotFound", flaw=True)
    assert name in entry.flaws[0]


@pytest.mark.parametrize("action", [MISSING, "", None, 5, "ServiceCreateDevice"])
async def test_wrong_action(sender: Sender, action: Any) -> None:
    """A call that does not exist is no call."""
    request = make_request("none", Action=action)
    await sender.refuse(request, "InvalidAction", flaw=True)


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        ("ServiceDescribeDevice", {"DeviceName": ""}),
        ("ServiceDescribeDevice", {"DeviceName": None}),
        ("ServiceDescribeDevice", {"ProductId": 5}),
        ("ServiceDescribeDevice", {"ProductId": ["LAMP202611"]}),
        ("ServiceDescribeDevice", {"AppKey": ""}),
        ("ServiceDescribeDevice", {"Timestamp": str(int(time.time()))}),
        ("ServiceDescribeDevice", {"Timestamp": 1546315200.5}),
        ("ServiceDescribeDevice", {"Nonce": "5"}),
        ("ServiceDescribeDevice", {"Nonce": 5.0}),
        ("ServiceDescribeDevice", {"Nonce": True}),
        ("ServiceDescribeDevice", {"RequestId": ""}),
        ("ServiceDescribeDevice", {"RequestId": 5}),
        ("ServiceDescribeDevice", {"RequestId": "5" * 129}),
        ("ServiceDescribeDevice", {"Signature": ""}),
        ("ServiceDescribeDevice", {"Limit": 10}),
        ("ServiceDescribeDevice", {"Platform": "ha"}),
        ("ServiceGetDeviceList", {"Offset": "0"}),
        ("ServiceGetDeviceList", {"Offset": None}),
        ("ServiceGetDeviceList", {"Offset": -1}),
        ("ServiceGetDeviceList", {"Limit": 9}),
        ("ServiceGetDeviceList", {"Limit": 101}),
        (ASYNC, {"InputParams": ""}),
        (ASYNC, {"InputParams": INPUTS}),
        (ASYNC, {"ActionId": None}),
        ("ServiceDescribeDeviceData", {"DeviceId": "LAMP202611/desk-lamp"}),
        (CONTROL, {"Data": ""}),
        (CONTROL, {"Data": DATA}),
        (CONTROL, {"Method": "desired"}),
        (HISTORY, {"Type": ""}),
        (HISTORY, {"Type": "warning"}),
        (HISTORY, {"EventId": "unlocked"}),
        (HISTORY, {"Context": ""}),
        (HISTORY, {"Context": "never given out"}),
        (HISTORY, {"StartTime": "0"}),
        (HISTORY, {"StartTime": -1}),
        (HISTORY, {"StartTime": 1552904784552}),
        (HISTORY, {"EndTime": 1552904784552}),
        (HISTORY, {"StartTime": 1552904784, "EndTime": 1552904783}),
        (HISTORY, {"Size": 0}),
        (HISTORY, {"Size": 101}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_wrong_parameter(
    sender: Sender, action: str, changes: dict[str, Any]
) -> None:
    """Unknown, empty and ill-typed parameters are flaws."""
    request = make_request(action, **changes)
    await sender.refuse(request, "InvalidParameterValue", flaw=True)


@pytest.mark.parametrize("nonce", [0, -1, 2**31])
async def test_nonce_out_of_range(sender: Sender, nonce: int) -> None:
    """A Nonce is a positive integer of 31 bits."""
    request = make_request(Nonce=nonce)
    await sender.refuse(request, "InvalidParameterValue", flaw=True)


@pytest.mark.parametrize("nonce", [1, 2**31 - 1])
async def test_nonce_in_range(sender: Sender, nonce: int) -> None:
    """Both ends of the range are accepted."""
    await sender.post(make_request(Nonce=nonce))
    assert sender.emulator.journal[0].error_code == ""


async def refuse_as_named(sender: Sender, request: object, parameter: str) -> None:
    """Send a request that must be refused for a parameter, by each naming."""
    for naming, code, text in (
        (Naming.DOCUMENTED, "InvalidParameterValue", f"{parameter} 无效"),
        (Naming.VAGUE, "InvalidParameterValue", "Signature 无效"),
        (Naming.CODES, NAMED[parameter], ""),
    ):
        sender.emulator.service_api.naming = naming
        entry = await sender.refuse(request, code, flaw=parameter == "Nonce")
        assert text in entry.reply


async def test_repeated_nonce(sender: Sender) -> None:
    """A Nonce is good for one request of a second, whatever else is in it."""
    now = int(time.time())
    await sender.post(make_request(ASYNC, Timestamp=now))
    again = make_request("ServiceGetDeviceList", Timestamp=now)
    await refuse_as_named(sender, again, "Nonce")
    await sender.post(make_request(Timestamp=now, Nonce=1))
    await sender.post(make_request(Timestamp=now - 1))
    codes = [bool(entry.error_code) for entry in sender.emulator.journal]
    assert codes == [False, True, True, True, False, False]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"Signature": "P206d+JzP37FLKBDkD689wqnl4k="}, id="other"),
        pytest.param({"Signature": "签名"}, id="no-base64"),
        pytest.param({"Nonce": 5}, id="number-changed"),
        pytest.param({"InputParams": "{}"}, id="inputs-changed"),
        pytest.param({"DeviceName": "desk_lamp"}, id="device-changed"),
    ],
)
async def test_wrong_signature(sender: Sender, changes: dict[str, Any]) -> None:
    """What was not signed is refused; a wrong secret causes that, so it is no flaw."""
    await refuse_as_named(sender, make_request(ASYNC) | changes, "Signature")


async def test_unknown_application(sender: Sender) -> None:
    """An unknown AppKey is refused."""
    request = make_request(AppKey="nobody")
    await refuse_as_named(sender, request, "AppKey")


@pytest.mark.parametrize("seconds", [-3600, -400, 400, 3600])
async def test_wrong_time(sender: Sender, seconds: int) -> None:
    """A time stamp that is far from the emulator's clock is refused, at any offset."""
    sender.emulator.clock_offset = 86400
    right = int(time.time()) + 86400
    await sender.post(make_request(Timestamp=right))
    assert sender.emulator.journal[0].error_code == ""
    request = make_request(Timestamp=right + seconds)
    await refuse_as_named(sender, request, "Timestamp")


@pytest.mark.parametrize("name", ["desk lamp", "灯", "a" * 49, "desk.lamp"])
async def test_impossible_device(sender: Sender, name: str) -> None:
    """A person may type any name, so that is no flaw."""
    request = make_request(DeviceName=name)
    await sender.refuse(request, "InvalidParameterValue", flaw=False)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ProductId": "NOBODY"}, "ResourceNotFound.StudioProductNotExist"),
        ({"DeviceName": "nobody"}, "ResourceNotFound.DeviceNotExist"),
        ({"ActionId": "nothing"}, "InvalidParameterValue.ActionNilOrNotExist"),
    ],
    ids=["product", "device", "action"],
)
async def test_unknown(sender: Sender, changes: dict[str, Any], code: str) -> None:
    """What does not exist is refused."""
    await sender.refuse(make_request(ASYNC, **changes), code, flaw=False)
    if "ActionId" not in changes:
        for number, action in enumerate(OWN, start=1):
            if OWN[action].keys() >= changes.keys():
                request = make_request(action, Nonce=number, **changes)
                await sender.refuse(request, code, flaw=False)


@pytest.mark.parametrize(
    "changes",
    [pytest.param({name: MISSING}, id=f"{name}-missing") for name in INPUTS]
    + [pytest.param({name: None}, id=f"{name}-null") for name in INPUTS]
    + [
        pytest.param({"extra": 1}, id="undeclared"),
        pytest.param({"power": True}, id="true"),
        pytest.param({"power": "1"}, id="bool-as-text"),
        pytest.param({"power": 2}, id="no-bool"),
        pytest.param({"brightness": "50"}, id="int-as-text"),
        pytest.param({"brightness": 50.0}, id="int-with-fraction"),
        pytest.param({"brightness": -1}, id="int-too-small"),
        pytest.param({"brightness": 101}, id="int-too-great"),
        pytest.param({"warmth": "0.5"}, id="float-as-text"),
        pytest.param({"warmth": -0.1}, id="float-too-small"),
        pytest.param({"warmth": 1.6}, id="float-too-great"),
        pytest.param({"text": 5}, id="text-as-number"),
        pytest.param({"text": "a" * 65}, id="text-too-long"),
        pytest.param({"colour": "2"}, id="enum-as-text"),
        pytest.param({"colour": 3}, id="enum-without-key"),
        pytest.param({"effect": "Fireplace"}, id="stringenum-by-label"),
        pytest.param({"effect": 1}, id="stringenum-as-number"),
        pytest.param({"moment": "1546315200000"}, id="time-as-text"),
        pytest.param({"moment": 1546315200.0}, id="time-with-fraction"),
        pytest.param({"moment": -1}, id="time-before-all"),
    ],
)
async def test_wrong_inputs(sender: Sender, changes: dict[str, Any]) -> None:
    """Each declared input, none else, typed and within its limits, is what devices want."""
    inputs = {
        name: value
        for name, value in (INPUTS | changes).items()
        if value is not MISSING
    }
    text = json.dumps(inputs, separators=(",", ":"))
    request = make_request(ASYNC, InputParams=text)
    await sender.refuse(request, INVALID_INPUTS, flaw=True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("portions=1", id="no-json"),
        pytest.param("[]", id="list"),
        pytest.param("null", id="null"),
        pytest.param(
            json.dumps(INPUTS, separators=(",", ":"))[:-1] + ',"power":1}', id="twice"
        ),
        pytest.param(
            json.dumps(INPUTS | {"warmth": 5e-05}, separators=(",", ":")), id="exponent"
        ),
    ],
)
async def test_wrong_form_of_inputs(sender: Sender, text: str) -> None:
    """InputParams is a JSON object in which each key stands once."""
    request = make_request(ASYNC, InputParams=text)
    await sender.refuse(request, INVALID_INPUTS, flaw=True)


NOT_TO_BE_WRITTEN = "InvalidParameterValue.ModelDefineEventPropNameError"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("power_switch=1", "InvalidParameterValue"),
        ("[]", "InvalidParameterValue"),
        ("null", "InvalidParameterValue"),
        ("{}", "InvalidParameterValue"),
        ('{"brightness":5,"brightness":6}', "InvalidParameterValue"),
        ('{"brightness":5e1}', "InvalidParameterValue"),
        ('{"brightness":"50"}', "InvalidParameterValue"),
        ('{"brightness":50.0}', "InvalidParameterValue"),
        ('{"brightness":0}', "InvalidParameterValue"),
        ('{"brightness":101}', "InvalidParameterValue"),
        ('{"power_switch":true}', "InvalidParameterValue"),
        ('{"power_switch":null}', "InvalidParameterValue"),
        ('{"power_switch":2}', "InvalidParameterValue"),
        ('{"power_switch":1,"brightness":0}', "InvalidParameterValue"),
        ('{"power":1}', NOT_TO_BE_WRITTEN),
        ('{"_sys_cs_days":1}', NOT_TO_BE_WRITTEN),
        ('{"power_switch":1,"power":1}', NOT_TO_BE_WRITTEN),
    ],
)
async def test_wrong_data(sender: Sender, data: str, code: str) -> None:
    """Data is a JSON object of declared properties, typed as devices want them."""
    await sender.refuse(make_request(CONTROL, Data=data), code, flaw=True)


@pytest.mark.parametrize(
    ("data", "is_right"),
    [
        ({"plan": {"day": 1, "hour": 8}}, True),
        ({"plan": {"day": 8, "hour": 8}}, False),
        ({"plan": {"day": "1", "hour": 8}}, False),
        ({"plan": {"day": 1}}, False),
        ({"plan": {"day": 1, "hour": 8, "minute": 0}}, False),
        ({"plan": "1"}, False),
        ({"days": []}, True),
        ({"days": [1, 7]}, True),
        ({"days": [1, "7"]}, False),
        ({"days": 1}, False),
        ({"level": 1}, False),
    ],
    ids=str,
)
async def test_composite_data(
    sender: Sender, data: dict[str, Any], is_right: bool
) -> None:
    """A structure is written whole, a list with items that fit, a reading not at all."""
    day = {"type": "int", "min": "1", "max": "7"}
    hour = {"type": "int", "min": "0", "max": "23"}
    members = [
        {"id": "day", "name": "Day", "dataType": day},
        {"id": "hour", "name": "Hour", "dataType": hour},
    ]
    sender.emulator.products["LAMP202611"].template = template(
        "LAMP202611",
        properties=[
            property_("plan", "Plan", type="struct", specs=members),
            property_("days", "Days", type="array", arrayInfo=day),
            property_("level", "Level", "r", type="int"),
            property_("level", "Level again", "rw", type="int"),
        ],
    )
    request = make_request(CONTROL, Data=json.dumps(data, separators=(",", ":")))
    if not is_right:
        code = NOT_TO_BE_WRITTEN if "level" in data else "InvalidParameterValue"
        await sender.refuse(request, code, flaw=True)
        return
    await sender.post(request)
    assert [item.values for item in sender.emulator.written] == [data]


async def test_data_without_template(sender: Sender) -> None:
    """A product that has no data template has no properties either."""
    sender.emulator.products["LAMP202611"].template = None
    code = "InvalidParameterValue.ModelDefineNil"
    await sender.refuse(make_request(CONTROL), code, flaw=False)


@pytest.mark.parametrize(
    "data",
    ['{"brightness": 50}', '{"name":"灯"}'],
    ids=["blanks", "raw"],
)
async def test_data_of_other_clients(sender: Sender, data: str) -> None:
    """Data that is not compact or not ASCII is accepted, and noted as what it is."""
    lamp = sender.emulator.products["LAMP202611"].template
    assert isinstance(lamp, dict)
    lamp["properties"].append(property_("name", "Name", type="string"))
    await sender.post(make_request(CONTROL, Data=data))
    (entry,) = sender.emulator.journal
    assert (entry.error_code, entry.flaws) == ("", [])
    assert len(entry.deviations) == 1
    assert sender.emulator.written[0].values == json.loads(data)


SHINE = {"text": "开", **{key: INPUTS[key] for key in INPUTS if key != "text"}}


@pytest.mark.parametrize(
    ("changes", "content_type", "deviations"),
    [
        ({}, "application/json", 0),
        ({}, "application/json; charset=utf-8", 1),
        ({}, 'Application/JSON;charset="UTF-8"', 1),
        ({"RequestId": "5"}, "application/json", 1),
        ({"RequestId": "PPBqWA9_$@"}, "application/json", 1),
        ({"RequestId": str(uuid.uuid4()).upper()}, "application/json", 1),
        ({"InputParams": json.dumps(SHINE)}, "application/json", 1),
        (
            {
                "InputParams": json.dumps(
                    SHINE, separators=(",", ":"), ensure_ascii=False
                )
            },
            "application/json",
            1,
        ),
        (
            {"InputParams": json.dumps(SHINE, ensure_ascii=False), "RequestId": "5"},
            "application/json; charset=utf-8",
            3,
        ),
    ],
)
@pytest.mark.parametrize("is_raw", [False, True])
async def test_other_clients(
    sender: Sender,
    changes: dict[str, Any],
    content_type: str,
    deviations: int,
    is_raw: bool,
) -> None:
    """What other clients were seen to send is accepted, and noted as what it is."""
    request = make_request(ASYNC, **changes)
    body = json.dumps(request, ensure_ascii=not is_raw).encode()
    reply = await sender.post(body, content_type)
    assert reply["Response"]["RequestId"] == request["RequestId"]
    entry = sender.emulator.journal[-1]
    assert (entry.error_code, entry.flaws) == ("", [])
    assert len(entry.deviations) == deviations
    (executed,) = sender.emulator.executed
    assert executed.inputs == json.loads(request["InputParams"])


async def test_executed(sender: Sender) -> None:
    """An action that reached a device is remembered, one that did not is not."""
    request = make_request(ASYNC)
    await sender.post(request)
    offline = make_request(ASYNC, DeviceName="hall-lamp", Nonce=1)
    reply = await sender.post(offline)
    assert reply["Response"]["Status"].startswith("FailedOperation.ActionUnreachable|")
    (executed,) = sender.emulator.executed
    assert executed.device_name == "desk-lamp"
    assert executed.inputs == INPUTS
    assert executed.request_id == request["RequestId"]


@pytest.mark.parametrize(
    ("envelope", "path"),
    [
        (Envelope.DOCUMENTED, []),
        (Envelope.BARE, []),
        (Envelope.RESPONSE, ["Response"]),
        (Envelope.CODE_DATA, ["data"]),
        (Envelope.CODE_DATA_RESPONSE, ["data", "Response"]),
    ],
)
async def test_envelope(sender: Sender, envelope: Envelope, path: list[str]) -> None:
    """Replies and errors come in the shape that is set."""
    sender.emulator.service_api.envelope = envelope
    reply = await sender.post(make_request())
    error = await sender.post(make_request(DeviceName="nobody", Nonce=1))
    if "data" in path:
        assert (reply["code"], reply["msg"]) == (0, "")
        assert (error["code"], error["msg"]) == (-1000, "")
    if envelope is Envelope.DOCUMENTED:
        error = error["Response"]
    for key in path:
        reply, error = reply[key], error[key]
    assert reply["Device"]["DeviceName"] == "desk-lamp"
    assert error["Error"]["Code"] == "ResourceNotFound.DeviceNotExist"


async def test_fault_excuses_nothing(sender: Sender) -> None:
    """A request must be right even where the emulator is to misbehave."""
    sender.emulator.faults.append(Fault(body="{}", times=2))
    request = make_request(ASYNC, Platform="ha")
    await sender.refuse(request, "InvalidParameterValue", flaw=True)
    request = make_request(ASYNC) | {"Signature": "forged"}
    await refuse_as_named(sender, request, "Signature")


async def test_fault_of_one_call(sender: Sender) -> None:
    """A fault happens to the requests that it is meant for, as often as it is meant to."""
    sender.emulator.faults.append(
        Fault(call="CallDeviceActionAsync", times=2, payload={"fault": True})
    )
    replies = [
        await sender.post(make_request(action, Nonce=nonce))
        for nonce, action in enumerate(
            [ASYNC, "ServiceCallDeviceActionSync", ASYNC, ASYNC], start=1
        )
    ]
    found = ["fault" in reply["Response"] for reply in replies]
    assert found == [True, False, True, False]
    assert len(sender.emulator.executed) == 2
    assert len(sender.emulator.requests("CallDeviceActionAsync")) == 3


async def test_other_addresses(sender: Sender) -> None:
    """There is one address, and it takes posts alone."""
    async with sender.session.get(sender.emulator.endpoint) as response:
        assert response.status == 405
    async with sender.session.post(f"{sender.emulator.endpoint}/Action") as response:
        assert response.status == 404
    assert sender.emulator.journal == []


async def test_observer_and_restart(sender: Sender) -> None:
    """Requests can be watched, and a restarted emulator keeps its address and memory."""
    seen: list[JournalEntry] = []
    sender.emulator.on_request = seen.append
    endpoint = sender.emulator.endpoint
    await sender.post(make_request())
    await sender.emulator.stop()
    with pytest.raises(aiohttp.ClientError):
        await sender.post(make_request(Nonce=1))
    await sender.emulator.start()
    assert sender.emulator.endpoint == endpoint
    async with aiohttp.ClientSession() as sender.session:
        await sender.post(make_request(Nonce=2))
    assert len(seen) == 2
    assert seen == sender.emulator.journal == sender.emulator.requests()
    assert sender.emulator.requests("CallDeviceActionAsync") == []


@pytest.mark.usefixtures("socket_enabled")
async def test_program() -> None:
    """The emulator runs by itself at the port that it is given."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "emulator",
        "--port",
        str(port),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        name, endpoint = (await process.stdout.readline()).decode().split()
        assert name == "endpoint"
        assert f":{port}/" in endpoint
        lines: list[list[str]] = []
        while "Ctrl-C" not in (
            line := (await process.stdout.readline()).decode().split()
        ):
            assert line
            lines.append(line)
        assert ["AppKey", APP_KEY] in lines
        assert ["SecretId", SECRET_ID] in lines
        assert ["endpoint", endpoint.removesuffix(ServiceApi.path)] in lines
        request = make_request("ServiceGetDeviceList")
        async with (
            aiohttp.ClientSession() as session,
            session.post(endpoint, json=request) as response,
        ):
            assert (await response.json())["Total"] == 2
        shown = (await process.stdout.readline()).decode()
        assert request["RequestId"] in shown
        assert shown.startswith("→ ServiceGetDeviceList")
        assert process.returncode is None
    finally:
        process.terminate()
        await process.communicate()
