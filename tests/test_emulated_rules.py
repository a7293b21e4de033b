"""The emulated rule engine keeps rules as strictly as its documentation, or more so."""

import asyncio
import base64
from collections.abc import AsyncIterator
from copy import copy
import json
from typing import Any

import aiohttp
import pytest

from .cloud_requests import CloudSender
from .receivers import Receiver
from emulator import Account, EmulatedRule, Emulator
from emulator.accounts import SECRET_ID
from emulator.outbound import signature

NAME = "ha_0123abcd_LAMP202611"
SQL = "SELECT * FROM '$thing/up/+/LAMP202611/#'"
CREATE, MODIFY = "CreateTopicRule", "ModifyTopicRule"
ENABLE, DELETE = "EnableTopicRule", "DeleteTopicRule"
DESCRIBE = "DescribeTopicRule"
UNREACHABLE = "InvalidParameterValue.CheckForwardURLFail"
REDIRECTS = "InvalidParameterValue.ForwardRedirectDenied"
INVALID_SQL = "InvalidParameterValue.InvalidSQL"
ABSENT = "ResourceNotFound.TopicRuleNotExist"
WRONG = "InvalidParameterValue"
ANY = "SELECT * FROM '#'"


def encode(sql: str) -> str:
    """Return SQL as it is sent."""
    return base64.b64encode(sql.encode()).decode()


def rule(address: str, *, name: str = NAME, **changes: Any) -> dict[str, Any]:
    """Return the parameters of a disabled rule, right but for the changes."""
    payload = {
        "Sql": encode(SQL),
        "Actions": json.dumps([{"forward": {"api": address}}]),
        "Description": "Home Assistant",
        "RuleDisabled": True,
    }
    return {"RuleName": name, "TopicRulePayload": payload | changes}


ANY = "SELECT * FROM '#'"


@pytest.fixture
async def receiver(socket_enabled: None) -> AsyncIterator[Receiver]:
    """Run something that answers handshakes and takes messages."""
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
async def sender(receiver: Receiver) -> AsyncIterator[CloudSender]:
    """Run an emulator of its own."""
    async with Emulator() as emulator, aiohttp.ClientSession() as session:
        yield CloudSender(emulator, session)


async def test_life(sender: CloudSender, receiver: Receiver) -> None:
    """A rule is made disabled, described, enabled, changed and deleted."""
    address = receiver.address
    assert (await sender.post(CREATE, rule(address))).keys() == {"RequestId"}
    kept = sender.emulator.rules.by_name[NAME]
    assert (kept.sql, kept.is_disabled, kept.addresses) == (SQL, True, [address])
    reply = await sender.post(DESCRIBE, {"RuleName": NAME})
    assert reply["CamTag"] == []
    assert reply["Rule"] == {
        "RuleName": NAME,
        "Sql": SQL,
        "Description": "Home Assistant",
        "Actions": json.dumps([{"forward": {"api": address}}]),
        "RuleDisabled": True,
    }
    sender.emulator.rules.describes_base64 = True
    reply = await sender.post(DESCRIBE, {"RuleName": NAME})
    assert reply["Rule"]["Sql"] == encode(SQL)
    assert (await sender.post(ENABLE, {"RuleName": NAME})).keys() == {"RequestId"}
    assert not kept.is_disabled
    await sender.refuse(
        "FailedOperation.RuleAlreadyEnabled", ENABLE, {"RuleName": NAME}, flaw=False
    )
    other = rule(f"{address}2", Description="Other")
    assert (await sender.post(MODIFY, other)).keys() == {"RequestId"}
    assert (kept.description, kept.is_disabled) == ("Other", True)
    assert kept.addresses == [f"{address}2"]
    assert (await sender.post(DELETE, {"RuleName": NAME})).keys() == {"RequestId"}
    assert sender.emulator.rules.by_name == {}
    for call in (ENABLE, DELETE, DESCRIBE):
        await sender.refuse(ABSENT, call, {"RuleName": NAME}, flaw=False)
    await sender.refuse(ABSENT, MODIFY, rule(address), flaw=False)


async def test_handshake(sender: CloudSender, receiver: Receiver) -> None:
    """Saving asks whether anything is there, enabling whether it gives a text back."""
    receiver.statuses = [404]
    await sender.post(CREATE, rule(receiver.address))
    assert [item.method for item in receiver.requests] == ["HEAD"]
    await sender.post(ENABLE, {"RuleName": NAME})
    request = receiver.requests[-1]
    assert (request.method, request.body) == ("GET", "")
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["User-Agent"] == "Go-http-client/1.1"
    assert request.headers["Echostr"].isalnum()
    assert request.headers["Signature"] == signature(
        "", request.headers["Timestamp"], request.headers["Nonce"]
    )


@pytest.mark.parametrize("call", [CREATE, MODIFY, ENABLE])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"echo": "another"}, UNREACHABLE),
        ({"echo": '"{}"'}, UNREACHABLE),
        ({"content_type": "text/html"}, UNREACHABLE),
        ({"statuses": [201]}, UNREACHABLE),
        ({"statuses": [503]}, UNREACHABLE),
        ({"statuses": [302]}, REDIRECTS),
    ],
    ids=str,
)
async def test_wrong_handshake(
    sender: CloudSender,
    receiver: Receiver,
    call: str,
    answer: dict[str, Any],
    code: str,
) -> None:
    """A rule is not enabled by any other answer, and stays as it was."""
    if call != CREATE:
        await sender.post(CREATE, rule(receiver.address, Description="Before"))
    for name, value in answer.items():
        setattr(receiver, name, copy(value))
    wanted = rule(receiver.address, RuleDisabled=False)
    parameters = {"RuleName": NAME} if call == ENABLE else wanted
    code = UNREACHABLE if call == CREATE else code
    await sender.refuse(code, call, parameters, flaw=False)
    kept = sender.emulator.rules.by_name.get(NAME)
    if call == CREATE:
        assert kept is None
    else:
        assert kept
        assert (kept.description, kept.is_disabled) == ("Before", True)


async def test_unreachable(sender: CloudSender, receiver: Receiver) -> None:
    """Nothing can be saved for an address where nothing answers, as nowhere else."""
    outbound = sender.emulator.outbound
    far = "https://home.example.org"
    for address in (f"{far}/hook", "http://127.0.0.1:1/hook"):
        await sender.refuse(UNREACHABLE, CREATE, rule(address), flaw=False)
    outbound.routes[far] = receiver.origin
    await sender.post(CREATE, rule(f"{far}/hook?a=1"))
    assert receiver.requests[-1].path == "/hook?a=1"
    outbound.unreachable.add("home.example.org")
    await sender.refuse(UNREACHABLE, ENABLE, {"RuleName": NAME}, flaw=False)
    outbound.unreachable.clear()
    receiver.hold, outbound.time_limit = asyncio.Event(), 0.01
    await sender.refuse(UNREACHABLE, ENABLE, {"RuleName": NAME}, flaw=False)
    receiver.hold.set()
    outbound.time_limit = 5
    await sender.post(ENABLE, {"RuleName": NAME})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "x" * 33}, WRONG),
        ({"name": "规则"}, WRONG),
        ({"name": "ha-LAMP"}, WRONG),
        ({"Sql": SQL}, INVALID_SQL),
        ({"Sql": encode("DELETE FROM 'a/b'")}, INVALID_SQL),
        ({"Sql": encode("SELECT * FROM a/b")}, INVALID_SQL),
        ({"Sql": encode("SELECT FROM 'a/b'")}, INVALID_SQL),
        ({"Sql": encode("SELECT * FROM 'a/#/b'")}, INVALID_SQL),
        ({"Sql": encode("SELECT * FROM 'a/b+'")}, INVALID_SQL),
        ({"Sql": encode("SELECT * FROM 'a/b' WHERE ")}, INVALID_SQL),
        (
            {"Sql": encode("SELECT a FROM 'a/b'".replace("a", "a" * 301, 1))},
            INVALID_SQL,
        ),
        ({"Sql": base64.b64encode(b"\xff").decode()}, INVALID_SQL),
        ({"Sql": 1}, WRONG),
        ({"Actions": "[]"}, "InvalidParameterValue.ActionNil"),
        ({"Actions": "{}"}, "InvalidParameterValue.ActionNil"),
        ({"Actions": "no JSON"}, WRONG),
        ({"Actions": '[{"mail": {}}]'}, WRONG),
        ({"Actions": '["forward"]'}, WRONG),
        ({"Actions": '[{"forward": {"api": "http://example.org"}}]'}, UNREACHABLE),
        ({"Actions": '[{"forward": {"api": "https://a@example.org"}}]'}, UNREACHABLE),
        ({"Actions": '[{"forward": {"api": "hook"}}]'}, UNREACHABLE),
        (
            {"Actions": '[{"forward": {"api": "https://a.org", "token": "a"}}]'},
            UNREACHABLE,
        ),
        ({"RuleDisabled": 1}, WRONG),
        ({"Enabled": True}, "UnknownParameter"),
    ],
    ids=str,
)
@pytest.mark.parametrize("call", [CREATE, MODIFY])
async def test_flaws(
    sender: CloudSender,
    receiver: Receiver,
    call: str,
    changes: dict[str, Any],
    code: str,
) -> None:
    """What no correct client sends is refused, and nothing is asked of the address."""
    sender.emulator.rules.add(EmulatedRule(name=NAME, sql=SQL, actions=[]))
    await sender.refuse(code, call, rule(receiver.address, **changes), flaw=True)
    assert receiver.requests == []


@pytest.mark.parametrize("missing", ["RuleName", "TopicRulePayload", "Sql", "Actions"])
async def test_missing(sender: CloudSender, receiver: Receiver, missing: str) -> None:
    """A rule that says too little is refused."""
    parameters = rule(receiver.address)
    (parameters if missing in parameters else parameters["TopicRulePayload"]).pop(
        missing
    )
    code = (
        "InvalidParameterValue.ActionNil"
        if missing == "Actions"
        else "MissingParameter"
    )
    await sender.refuse(code, CREATE, parameters, flaw=True)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from '$thing/up/property/LAMP202611/desk-lamp'",
        "SELECT productId(), payload.params FROM 'LAMP202611/+/custom' WHERE a > 1",
        "SELECT *  FROM  '#'",
    ],
)
async def test_sql(sender: CloudSender, receiver: Receiver, sql: str) -> None:
    """Whatever else is documented of SQL is taken."""
    await sender.post(CREATE, rule(receiver.address, Sql=encode(sql)))
    assert sender.emulator.rules.by_name[NAME].sql == sql


@pytest.mark.parametrize(
    ("topic_filter", "fits"),
    [
        ("$thing/up/+/LAMP202611/#", True),
        ("$thing/up/property/LAMP202611/desk-lamp", True),
        ("$thing/up/property/LAMP202611/desk-lamp/#", True),
        ("$thing/up/#", True),
        ("$thing/up/event/LAMP202611/#", False),
        ("$thing/up/+/LAMP20261/#", False),
        ("$thing/up/+/LAMP202611", False),
        ("$thing/up/+/+/+/+", False),
        ("$thing/up/property/LAMP202611/desk-lamp/x", False),
    ],
)
def test_filter(topic_filter: str, fits: bool) -> None:
    """A plus stands for one level, a hash at the end for any number."""
    sql = ANY.replace("#", topic_filter)
    kept = EmulatedRule(name=NAME, sql=sql, actions=[])
    assert kept.takes("$thing/up/property/LAMP202611/desk-lamp") is fits


async def test_taken_name(sender: CloudSender, receiver: Receiver) -> None:
    """No two rules have one name, and there are not any number of them."""
    rules = sender.emulator.rules
    await sender.post(CREATE, rule(receiver.address))
    code = "InvalidParameterValue.TopicRuleAlreadyExist"
    await sender.refuse(code, CREATE, rule(receiver.address), flaw=False)
    rules.most = 2
    await sender.post(CREATE, rule(receiver.address, name="second"))
    code = "InvalidParameterValue.RuleNumberBeyondLimit"
    third = rule(receiver.address, name="third")
    await sender.refuse(code, CREATE, third, flaw=False)
    await sender.post(DELETE, {"RuleName": "second"})
    await sender.post(CREATE, third)
    assert rules.by_name.keys() == {NAME, "third"}


async def test_owner(sender: CloudSender, receiver: Receiver) -> None:
    """A rule belongs to an account in a region, and an operation can be denied."""
    await sender.post(CREATE, rule(receiver.address))
    name = {"RuleName": NAME}
    region = {"X-TC-Region": "ap-shanghai"}
    for call in (ENABLE, DELETE, DESCRIBE):
        await sender.refuse(ABSENT, call, name, headers=region, flaw=False)
    account = sender.emulator.cloud_api.accounts[SECRET_ID]
    sender.emulator.cloud_api.accounts[SECRET_ID] = Account(uin="100000000002")
    await sender.refuse(ABSENT, DESCRIBE, name, flaw=False)
    sender.emulator.cloud_api.accounts[SECRET_ID] = account
    account.denied.add(DELETE)
    await sender.refuse(account.denial, DELETE, name, flaw=False)
    assert NAME in sender.emulator.rules.by_name
