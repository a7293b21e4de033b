"""The rules of the cloud follow what is configured, and nobody else's are touched."""

from collections.abc import AsyncIterator
from copy import deepcopy
import re

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from .entities import state_of
from .helpers import FEEDER, LAMP, Cloud
from .pushes import HOME, move_home, open_home
from .receivers import Receiver
from .rules import (
    CREATE,
    DESCRIBE,
    ENABLE,
    MODIFY,
    address_at,
    forwards,
    issues,
    put_rule,
    reload,
    rule_of,
    rule_requests,
    set_up_pushed,
)
from .test_quota import pass_minutes
from custom_components.tencent_iot_explorer.const import Access
from custom_components.tencent_iot_explorer.push.rule_names import async_rule_name
from custom_components.tencent_iot_explorer.push.rules import (
    async_reconcile,
    async_rule_states,
)
from emulator import Fault
from emulator.accounts import SECRET_ID, Denial

ABSENT = "ResourceNotFound.TopicRuleNotExist"
UNREACHABLE = "InvalidParameterValue.CheckForwardURLFail"
LIMIT = "InvalidParameterValue.RuleNumberBeyondLimit"


@pytest.fixture
def access() -> Access:
    """Let entries have the key of an account."""
    return Access.ACCOUNT


@pytest.fixture(autouse=True)
def _rules_may_be_absent(cloud: Cloud) -> None:
    """Allow to ask for rules that are not there."""
    cloud.expect(ABSENT)


@pytest.fixture
async def home(hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator) -> str:
    """Let the cloud reach Home Assistant, and return where."""
    return await open_home(hass, hass_client_no_auth)


@pytest.fixture
async def other_home(socket_enabled: None) -> AsyncIterator[Receiver]:
    """Run another Home Assistant, which answers handshakes at any address of its own."""
    async with Receiver() as receiver:
        yield receiver


async def test_made_and_found(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """Each product gets its rule, which a reload finds by one request."""
    with rule_requests(cloud, **{DESCRIBE: 2, CREATE: 2, ENABLE: 2}):
        entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    home_id = (await async_rule_name(hass, "")).removesuffix("_")
    assert re.fullmatch("ha_[0-9a-f]{8}", home_id)
    assert [rule.name for rule in cloud.emulator.rules.by_name.values()] == [
        f"{home_id}_LAMP202611",
        f"{home_id}_FEEDER2026",
    ]
    rule = await rule_of(hass, cloud)
    assert rule
    assert rule.sql == "SELECT * FROM '$thing/up/+/LAMP202611/#'"
    assert rule.actions == forwards(address_at(home))
    assert not rule.is_disabled
    assert entry.options == {
        "push": True,
        "webhook_id": entry.options["webhook_id"],
        "rules": dict.fromkeys(("LAMP202611", "FEEDER2026"), address_at(home)),
    }
    assert async_rule_states(entry) == {"LAMP202611": "right", "FEEDER2026": "right"}
    with rule_requests(cloud, **{DESCRIBE: 2}):
        await reload(hass, entry)
    assert issues(hass) == {}


async def test_nothing_without_pushes(
    hass: HomeAssistant, cloud: Cloud, home: str
) -> None:
    """Who has not turned pushes on has no rule, and nothing is asked about any."""
    with rule_requests(cloud):
        entry = await set_up_pushed(hass, cloud, LAMP, push=False)
        await reload(hass, entry)
    assert entry.options == {}


async def test_changed_address(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """A changed external address needs no hand; the old one may still lead here."""
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    with rule_requests(cloud, **{DESCRIBE: 2, MODIFY: 2}):
        await move_home(hass, cloud)
        await hass.async_block_till_done(wait_background_tasks=True)
    for product_id in ("LAMP202611", "FEEDER2026"):
        rule = await rule_of(hass, cloud, product_id)
        assert rule
        assert rule.actions == forwards(address_at(HOME))
        assert not rule.is_disabled
    assert {*entry.options["rules"].values()} == {address_at(HOME)}
    assert issues(hass) == {}


@pytest.mark.parametrize("answers", ["not at all", "with something else", "elsewhere"])
async def test_address_changed_while_stopped(
    hass: HomeAssistant, cloud: Cloud, home: str, other_home: Receiver, answers: str
) -> None:
    """The address last written is ours to replace where no home answers."""
    old = address_at(other_home.origin)
    if answers == "not at all":
        old = address_at("http://127.0.0.1:1")
    elif answers == "with something else":
        other_home.echo = "404"
    else:
        other_home.statuses = [302]
    rule = await put_rule(hass, cloud, old)
    await set_up_pushed(hass, cloud, LAMP, rules={"LAMP202611": old})
    assert rule.actions == forwards(address_at(home))
    assert issues(hass) == {}
    assert all(
        item.path == f"{old.partition('/api')[1]}{old.partition('/api')[2]}"
        for item in other_home.requests
    )


async def test_clone_with_another_address(
    hass: HomeAssistant, cloud: Cloud, home: str, other_home: Receiver
) -> None:
    """A restored backup takes no rule of the home that it was taken of."""
    living = address_at(other_home.origin)
    rule = await put_rule(hass, cloud, living)
    before = deepcopy(rule.describe(in_base64=False))
    with rule_requests(cloud, **{DESCRIBE: 1}):
        entry = await set_up_pushed(hass, cloud, LAMP, rules={"LAMP202611": living})
    assert rule.describe(in_base64=False) == before
    (request,) = other_home.requests
    assert request.method == "GET"
    assert request.headers["Echostr"].isalnum()
    assert list(issues(hass)) == ["rule_foreign_LAMP202611"]
    assert async_rule_states(entry) == {"LAMP202611": "foreign"}
    assert "127.0.0.1" not in str(issues(hass))
    assert entry.options["rules"] == {"LAMP202611": living}


async def test_clone_with_the_same_address(
    hass: HomeAssistant, cloud: Cloud, home: str, other_home: Receiver
) -> None:
    """Where the address leads to another Home Assistant, the rule is that one's."""
    living = address_at(other_home.origin)
    rule = await put_rule(hass, cloud, living)
    await hass.config.async_update(external_url=other_home.origin)
    entry = await set_up_pushed(hass, cloud, LAMP, rules={"LAMP202611": living})
    assert issues(hass) == {}
    (subentry_id,) = entry.subentries
    with rule_requests(cloud, **{DESCRIBE: 1}):
        hass.config_entries.async_remove_subentry(entry, subentry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert await rule_of(hass, cloud) is rule
    (issue,) = issues(hass).values()
    assert issue.translation_key == "rule_left_foreign"


async def test_foreign_rule(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """A rule with our name and an address that we never wrote is nobody's of ours."""
    rule = await put_rule(hass, cloud, "https://example.org/somebody")
    with rule_requests(cloud, **{DESCRIBE: 1}):
        entry = await set_up_pushed(hass, cloud, LAMP)
    assert rule.actions == forwards("https://example.org/somebody")
    assert list(issues(hass)) == ["rule_foreign_LAMP202611"]
    assert "rules" not in entry.options


@pytest.mark.parametrize(
    "change",
    [
        {"sql": "SELECT payload FROM '$thing/up/property/LAMP202611/#'"},
        {"is_disabled": True},
        {"actions": [{"republish": {"topic": "LAMP202611/x/y"}}]},
        {"more_actions": [{"republish": {"topic": "LAMP202611/x/y"}}]},
    ],
    ids="".join,
)
@pytest.mark.parametrize("is_moved", [False, True])
async def test_edited_rule(
    hass: HomeAssistant,
    cloud: Cloud,
    home: str,
    change: dict[str, object],
    is_moved: bool,
) -> None:
    """What somebody has edited is left as it is, and told, until it is put right."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    rule = await rule_of(hass, cloud)
    assert rule
    right = deepcopy(rule)
    for key, value in change.items():
        if key == "more_actions":
            rule.actions = [*rule.actions, *value]
        else:
            setattr(rule, key, value)
    edited = deepcopy(rule.describe(in_base64=False))
    with rule_requests(cloud, **{DESCRIBE: 1}):
        if is_moved:
            await move_home(hass, cloud)
        else:
            await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert rule.describe(in_base64=False) == edited
    assert list(issues(hass)) == ["rule_edited_LAMP202611"]
    assert async_rule_states(entry) == {"LAMP202611": "edited"}
    rule.sql, rule.actions, rule.is_disabled = right.sql, right.actions, False
    await async_reconcile(hass, entry)
    assert issues(hass) == {}
    assert async_rule_states(entry) == {"LAMP202611": "right"}


@pytest.mark.parametrize(
    "fault",
    [
        Fault(call=CREATE, drop=True),
        Fault(call=CREATE, drop=True, execute=True),
        Fault(call=ENABLE, drop=True),
        Fault(call=ENABLE, drop=True, execute=True),
    ],
    ids=["not made", "made", "not enabled", "enabled"],
)
async def test_interrupted(
    hass: HomeAssistant, cloud: Cloud, home: str, fault: Fault
) -> None:
    """What was cut off on the way is gone on with at the next start."""
    cloud.emulator.faults.append(fault)
    entry = await set_up_pushed(hass, cloud, LAMP)
    assert entry.options["rules"] == {"LAMP202611": address_at(home)}
    assert entry.options["unfinished_rules"] == ["LAMP202611"]
    assert async_rule_states(entry) == {"LAMP202611": "waiting"}
    await reload(hass, entry)
    rule = await rule_of(hass, cloud)
    assert rule
    assert not rule.is_disabled
    assert "unfinished_rules" not in entry.options
    assert issues(hass) == {}


async def test_unfinished_rule_of_another_home(
    hass: HomeAssistant, cloud: Cloud, home: str, other_home: Receiver
) -> None:
    """A clone does not go on with what the other home began."""
    living = address_at(other_home.origin)
    rule = await put_rule(hass, cloud, living, is_disabled=True)
    await hass.config.async_update(external_url=other_home.origin)
    options = {"rules": {"LAMP202611": living}, "unfinished_rules": ["LAMP202611"]}
    await set_up_pushed(hass, cloud, LAMP, **options)
    assert rule.is_disabled
    assert list(issues(hass)) == ["rule_foreign_LAMP202611"]


async def test_unreachable(
    hass: HomeAssistant, cloud: Cloud, home: str, freezer: FrozenDateTimeFactory
) -> None:
    """An address that the cloud does not reach is said, and tried again each hour."""
    cloud.expect(UNREACHABLE)
    cloud.emulator.outbound.unreachable.add("127.0.0.1")
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    (issue,) = issues(hass).values()
    assert issue.translation_key == "rules_unreachable"
    assert issue.translation_placeholders
    assert issue.translation_placeholders["products"] == (
        "宠物喂食器 \\(FEEDER2026\\), Lamp \\(LAMP202611\\)"
    )
    assert home not in str(issue)
    assert async_rule_states(entry)["LAMP202611"] == f"failed:{UNREACHABLE}"
    assert "rules" not in entry.options
    assert state_of(hass, "binary_sensor", "LAMP202611/desk-lamp").state == "on"
    cloud.emulator.outbound.unreachable.clear()
    await pass_minutes(hass, freezer, 55)
    assert await rule_of(hass, cloud) is None
    await pass_minutes(hass, freezer, 10)
    assert await rule_of(hass, cloud)
    assert issues(hass) == {}


async def test_limit(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """Where the account may have no more rules, the others are made all the same."""
    cloud.expect(LIMIT)
    cloud.emulator.rules.most = 1
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    (issue,) = issues(hass).values()
    assert issue.translation_key == "rules_limit"
    assert issue.translation_placeholders
    assert issue.translation_placeholders["products"] == "宠物喂食器 \\(FEEDER2026\\)"
    assert await rule_of(hass, cloud)
    cloud.emulator.rules.most = 2
    await reload(hass, entry)
    assert await rule_of(hass, cloud, "FEEDER2026")
    assert issues(hass) == {}


@pytest.mark.parametrize("call", [DESCRIBE, CREATE, ENABLE])
async def test_denied(hass: HomeAssistant, cloud: Cloud, home: str, call: str) -> None:
    """A denied operation has one repair, by which all others know it, too."""
    cloud.expect(*Denial)
    account = cloud.emulator.cloud_api.accounts[SECRET_ID]
    account.denied = {call}
    entry = await set_up_pushed(hass, cloud, LAMP)
    assert list(issues(hass)) == [f"operation_denied_{entry.entry_id}_{call}"]
    account.denied = set()
    await reload(hass, entry)
    assert await rule_of(hass, cloud)
    assert issues(hass) == {}


async def test_refused(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """What the cloud refuses in other words is shown in its own."""
    code = "InvalidParameterValue.InvalidSQL"
    cloud.expect(code)
    cloud.emulator.faults.append(Fault(call=CREATE, code=code, message="语法"))
    entry = await set_up_pushed(hass, cloud, LAMP)
    (issue,) = issues(hass).values()
    assert issue.translation_key == "rules_refused"
    assert issue.translation_placeholders
    assert issue.translation_placeholders["message"] == "语法"
    assert issue.translation_placeholders["code"] == code
    await hass.config_entries.async_unload(entry.entry_id)
    assert issues(hass) == {}


async def test_cloud_away(
    hass: HomeAssistant, cloud: Cloud, home: str, freezer: FrozenDateTimeFactory
) -> None:
    """A cloud that is away is asked about one rule, and again after some minutes."""
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    await move_home(hass, cloud)
    await hass.async_block_till_done(wait_background_tasks=True)
    cloud.emulator.rules.by_name.clear()
    await cloud.emulator.stop()
    await reload(hass, entry)
    assert async_rule_states(entry) == dict.fromkeys(entry.options["rules"], "waiting")
    statuses = entry.runtime_data.rules.statuses.values()
    assert [status.failure is None for status in statuses] == [False, True]
    await cloud.emulator.start()
    await pass_minutes(hass, freezer, 6)
    assert len(cloud.emulator.rules.by_name) == 2
    assert async_rule_states(entry) == dict.fromkeys(entry.options["rules"], "right")


async def test_no_address(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """Without an address all stays, and a repair says what to do until there is one."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    with rule_requests(cloud):
        await hass.config.async_update(external_url=None)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert list(issues(hass)) == [f"rules_no_address_{entry.entry_id}"]
    await hass.config.async_update(external_url=home)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == {}


async def test_added_product(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """A product that is added gets its rule, and nothing is asked about others."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    with rule_requests(cloud, **{DESCRIBE: 2, CREATE: 1, ENABLE: 1}):
        hass.config_entries.async_add_subentry(entry, ConfigSubentry(**FEEDER))
        await hass.async_block_till_done(wait_background_tasks=True)
    rule = await rule_of(hass, cloud, "FEEDER2026")
    assert rule
    assert not rule.is_disabled


async def test_many_changes(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """Several changes at once are followed one after another, the last for all."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    hass.config_entries.async_add_subentry(entry, ConfigSubentry(**FEEDER))
    for _ in range(5):
        hass.async_create_task(async_reconcile(hass, entry))
    await move_home(hass, cloud)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {
        product_id: rule.actions
        for product_id in ("LAMP202611", "FEEDER2026")
        if (rule := await rule_of(hass, cloud, product_id))
    } == dict.fromkeys(("LAMP202611", "FEEDER2026"), forwards(address_at(HOME)))
    described = [item for item in cloud.emulator.journal if item.call == DESCRIBE]
    assert len(described) <= 7


@pytest.mark.parametrize(
    ("product_id", "fits"),
    [("LAMP202611", True), ("a" * 20, True), ("a" * 21, False), ("LAMP-02611", False)],
)
async def test_names(hass: HomeAssistant, product_id: str, fits: bool) -> None:
    """A name is of this home and one product, and of nothing that the cloud refuses."""
    name = await async_rule_name(hass, product_id)
    assert re.fullmatch(r"[A-Za-z0-9_]{1,32}", name)
    assert name.endswith(product_id) is fits
    assert name != await async_rule_name(hass, product_id[:-1])
