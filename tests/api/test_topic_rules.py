"""The rules of the rule engine, as the client makes, changes and deletes them."""

import base64
from collections.abc import AsyncIterator, Callable
import json
import logging
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.backend import Backend
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    AddressUnreachableError,
    BrokenReplyError,
    FateUnknownError,
    OperationDeniedError,
    RuleExistsError,
    RuleLimitError,
    UnknownRuleError,
)
from custom_components.tencent_iot_explorer.api.models import TopicRule
from custom_components.tencent_iot_explorer.api.topic_rules import _parse_rule
from emulator import EmulatedRule, Fault
from emulator.accounts import SECRET_ID, Denial
from emulator.echoes import FORMS
from tests.api.interfaces import cloud_api
from tests.helpers import Cloud
from tests.receivers import Receiver

NAME = "ha_0123abcd_LAMP202611"
SQL = "SELECT * FROM '$thing/up/+/LAMP202611/#'"
WEBHOOK = "9f1c2b7a64d04e0f8a5e3b1c7d6f2a90"
type Step = Callable[[TencentIotClient, str], Any]


@pytest.fixture
def backend(cloud: Cloud) -> Backend:
    """Return the interface that has rules."""
    return cloud_api(cloud.emulator)


@pytest.fixture
async def address(socket_enabled: None) -> AsyncIterator[str]:
    """Run something that answers handshakes, and return where."""
    async with Receiver() as receiver:
        yield f"{receiver.origin}/api/webhook/{WEBHOOK}"


async def create(client: TencentIotClient, address: str) -> None:
    """Make the rule."""
    await client.create_topic_rule(
        NAME, SQL, address, product_id="LAMP202611", origin="push"
    )


async def enable(client: TencentIotClient, address: str) -> None:
    """Enable the rule."""
    await client.enable_topic_rule(
        NAME, address, product_id="LAMP202611", origin="push"
    )


async def modify(client: TencentIotClient, address: str) -> None:
    """Write the rule anew, enabled."""
    await client.modify_topic_rule(
        NAME, SQL, address, is_disabled=False, product_id="LAMP202611", origin="push"
    )


async def delete(client: TencentIotClient, address: str) -> None:
    """Delete the rule."""
    await client.delete_topic_rule(NAME, product_id="LAMP202611", origin="push")


async def describe(client: TencentIotClient, address: str = "") -> TopicRule:
    """Return the rule."""
    return await client.describe_topic_rule(
        NAME, product_id="LAMP202611", origin="push"
    )


CHANGES: list[Step] = [create, enable, modify, delete]
ALL: list[Step] = [*CHANGES, describe]


def add_rule(cloud: Cloud, **changes: Any) -> EmulatedRule:
    """Make a rule in the console."""
    rule: dict[str, Any] = {"name": NAME, "sql": SQL, "actions": []} | changes
    return cloud.emulator.rules.add(EmulatedRule(**rule))


async def test_life_of_a_rule(
    cloud: Cloud, client: TencentIotClient, address: str
) -> None:
    """A rule is made disabled, enabled, changed and deleted."""
    await create(client, address)
    made = TopicRule(name=NAME, sql=SQL, address=address, is_disabled=True)
    assert await describe(client) == made
    rule = cloud.emulator.rules.by_name[NAME]
    assert (rule.sql, rule.actions) == (SQL, [{"forward": {"api": address}}])
    assert "tencent_iot_explorer" in rule.description
    await enable(client, address)
    assert not (await describe(client)).is_disabled
    await client.modify_topic_rule(
        NAME,
        SQL.upper(),
        f"{address}2",
        is_disabled=True,
        product_id="LAMP202611",
        origin="push",
    )
    changed = TopicRule(
        name=NAME, sql=SQL.upper(), address=f"{address}2", is_disabled=True
    )
    assert await describe(client) == changed
    await modify(client, address)
    assert not cloud.emulator.rules.by_name[NAME].is_disabled
    await delete(client, address)
    assert NAME not in cloud.emulator.rules.by_name


async def test_already_so(cloud: Cloud, client: TencentIotClient, address: str) -> None:
    """To enable what is enabled and to delete what is gone is fine."""
    cloud.expect(
        "FailedOperation.RuleAlreadyEnabled", "ResourceNotFound.TopicRuleNotExist"
    )
    await create(client, address)
    await enable(client, address)
    await enable(client, address)
    await delete(client, address)
    await delete(client, address)
    assert not cloud.emulator.rules.by_name


@pytest.mark.parametrize("step", [describe, enable, modify])
async def test_no_such_rule(
    cloud: Cloud, client: TencentIotClient, step: Step, address: str
) -> None:
    """What is done to a rule that is not there is refused."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")
    with pytest.raises(UnknownRuleError):
        await step(client, address)


async def test_taken_name(cloud: Cloud, client: TencentIotClient, address: str) -> None:
    """A rule of that name is not written over."""
    cloud.expect("InvalidParameterValue.TopicRuleAlreadyExist")
    add_rule(cloud)
    with pytest.raises(RuleExistsError):
        await create(client, address)


async def test_limit(cloud: Cloud, client: TencentIotClient, address: str) -> None:
    """An account has only so many rules."""
    cloud.expect("InvalidParameterValue.RuleNumberBeyondLimit")
    cloud.emulator.rules.most = 0
    with pytest.raises(RuleLimitError):
        await create(client, address)


@pytest.mark.parametrize("denial", list(Denial))
@pytest.mark.parametrize("step", ALL)
async def test_denied(
    cloud: Cloud, client: TencentIotClient, step: Step, denial: Denial
) -> None:
    """What no policy allows is told apart from all else."""
    account = cloud.emulator.cloud_api.accounts[SECRET_ID]
    account.allowed, account.denial = set(), denial
    cloud.expect(denial)
    with pytest.raises(OperationDeniedError):
        await step(client, "http://127.0.0.1:1/hook")


@pytest.mark.parametrize("step", CHANGES)
async def test_denied_by_the_call(
    cloud: Cloud, client: TencentIotClient, step: Step
) -> None:
    """The calls have a code of their own for that."""
    denial = "UnauthorizedOperation.PermissionDenied"
    cloud.expect(denial)
    cloud.emulator.faults.append(Fault(code=denial))
    with pytest.raises(OperationDeniedError):
        await step(client, "http://127.0.0.1:1/hook")


@pytest.mark.parametrize("step", [create, enable, modify])
@pytest.mark.parametrize("code", ["CheckForwardURLFail", "ForwardRedirectDenied"])
@pytest.mark.parametrize("form", list(FORMS))
async def test_secret_address(
    cloud: Cloud,
    client: TencentIotClient,
    caplog: pytest.LogCaptureFixture,
    step: Step,
    code: str,
    form: str,
) -> None:
    """Nothing of an address is left of what the cloud says of it, nor in the log."""
    caplog.set_level(logging.DEBUG)
    url = f"https://home.example.org:8123/api/webhook/{WEBHOOK}"
    secrets = (url, WEBHOOK, "home.example.org")
    written = [FORMS[form](secret) for secret in secrets]
    code = f"InvalidParameterValue.{code}"
    cloud.expect(code)
    cloud.emulator.faults.append(
        Fault(code=code, message=f"no: {' | '.join(written)}.")
    )
    with pytest.raises(AddressUnreachableError) as raised:
        await step(client, url)
    for text in (str(raised.value), repr(raised.value.__dict__), caplog.text):
        for secret in (*written, *secrets):
            assert secret not in text
    assert "RuleName" in caplog.text
    assert NAME in caplog.text
    assert base64.b64encode(SQL.encode()).decode() not in caplog.text


@pytest.mark.parametrize("step", CHANGES)
async def test_unknown_result(
    cloud: Cloud, client: TencentIotClient, step: Step, address: str
) -> None:
    """What may have been done is not done again; a person of sense looks first."""
    if step is not create:
        await create(client, address)
    before = len(cloud.emulator.journal)
    cloud.emulator.faults.append(Fault(drop=True, execute=True))
    with pytest.raises(FateUnknownError):
        await step(client, address)
    assert len(cloud.emulator.journal) == before + 1
    cloud.expect(
        "InvalidParameterValue.TopicRuleAlreadyExist",
        "FailedOperation.RuleAlreadyEnabled",
        "ResourceNotFound.TopicRuleNotExist",
    )
    if step is create:
        with pytest.raises(RuleExistsError):
            await create(client, address)
    else:
        await step(client, address)


def test_shown() -> None:
    """Who prints a rule prints no address."""
    rule = TopicRule(name=NAME, sql=SQL, address="https://x.org/1", is_disabled=True)
    assert "x.org" not in repr(rule)


FORWARD = [{"forward": {"api": "https://a.org/1"}}]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (FORWARD, "https://a.org/1"),
        (json.dumps(FORWARD), "https://a.org/1"),
        (
            [{"forward": {"api": "https://a.org/1", "token": ""}, "x": None}],
            "https://a.org/1",
        ),
        ([{"forward": {"api": "https://a.org/1", "token": "t"}}], None),
        ([{"forward": {"api": "https://a.org/1"}, "republish": {"topic": "x"}}], None),
        (FORWARD * 2, None),
        ([*FORWARD, {"republish": {"topic": "a/b/c"}}], None),
        ([{"republish": {"topic": "a/b/c"}}], None),
        ([{"forward": {"api": ""}}], None),
        ([{"forward": {"api": 5}}], None),
        ([{"forward": "https://a.org/1"}], None),
        (FORWARD[0], None),
        ([], None),
        ("", None),
        ("[", None),
        ("[" * 100_000, None),
        (None, None),
        (5, None),
    ],
)
def test_actions(actions: object, expected: str | None) -> None:
    """An address is only what a rule does that forwards and does nothing else."""
    assert parse(Actions=actions).address == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (SQL, SQL),
        (base64.b64encode(SQL.encode()).decode(), SQL),
        (base64.b64encode(SQL.encode()).decode().rstrip("="), SQL),
        ("SELECT * FROM '灯'", "SELECT * FROM '灯'"),
        (None, ""),
        (5, ""),
        ("////", "////"),
    ],
)
def test_sql(sql: object, expected: str) -> None:
    """What is selected may come as it is, or as it was sent."""
    assert parse(Sql=sql).sql == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (None, False),
        ([], False),
        ("true", True),
    ],
)
def test_disabled(raw: object, expected: bool) -> None:
    """A rule of which that is not said is not disabled."""
    assert parse(RuleDisabled=raw).is_disabled is expected


@pytest.mark.parametrize("rule", [None, {}, [], "x", {"RuleName": 5}, {"Sql": SQL}])
def test_no_rule(rule: object) -> None:
    """What has no name is no rule."""
    with pytest.raises(BrokenReplyError):
        _parse_rule({"Rule": rule})


def parse(**changes: object) -> TopicRule:
    """Return a rule as it is read from a reply."""
    rule = {"RuleName": NAME, "Sql": SQL, "Actions": FORWARD, "RuleDisabled": False}
    return _parse_rule({"Rule": rule | changes})
