"""Rules that nobody needs any more are deleted, or named until a person has done it."""

from collections.abc import Awaitable, Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant

from .helpers import FEEDER, LAMP, Cloud
from .pushes import console_rule
from .receivers import Receiver
from .rules import (
    CREATE,
    DELETE,
    DESCRIBE,
    ENABLE,
    WEBHOOK,
    address_at,
    forwards,
    issues,
    put_rule,
    reload,
    rule_of,
    rule_requests,
    set_up_pushed,
)
from .test_rules import LIMIT, _rules_may_be_absent, access, home, other_home
from custom_components.tencent_iot_explorer.api import RuleLimitError
from custom_components.tencent_iot_explorer.const import CONSOLE_URL, Access
from custom_components.tencent_iot_explorer.push import rules
from custom_components.tencent_iot_explorer.push.rules import (
    async_delete_rules,
    async_rule_states,
    async_write_rules,
)
from emulator import Fault
from emulator.accounts import SECRET_ID, Denial

__all__ = ["_rules_may_be_absent", "access", "home", "other_home"]

LEFT = "rule_left_LAMP202611"

type Remove = Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]


async def remove_product(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Remove the first product of an entry."""
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await hass.async_block_till_done(wait_background_tasks=True)


async def remove_entry(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Remove an entry."""
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


both_ways = pytest.mark.parametrize("remove", [remove_product, remove_entry])


async def test_product(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """With a product goes its rule, and no other."""
    by_hand = console_rule(cloud, address_at(home))
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    with rule_requests(cloud, **{DESCRIBE: 2, DELETE: 1}):
        await remove_product(hass, entry)
    assert await rule_of(hass, cloud) is None
    assert await rule_of(hass, cloud, "FEEDER2026")
    assert by_hand.name in cloud.emulator.rules.by_name
    assert list(entry.options["rules"]) == ["FEEDER2026"]
    assert issues(hass) == {}


async def test_entry(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """With the entry go all its rules."""
    by_hand = console_rule(cloud, address_at(home))
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    with rule_requests(cloud, **{DESCRIBE: 2, DELETE: 2}):
        await remove_entry(hass, entry)
    assert list(cloud.emulator.rules.by_name) == [by_hand.name]
    assert issues(hass) == {}


@both_ways
async def test_cloud_away(
    hass: HomeAssistant, cloud: Cloud, home: str, remove: Remove
) -> None:
    """With the cloud away the rule is named, with where to delete it."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    rule = await rule_of(hass, cloud)
    assert rule
    await cloud.emulator.stop()
    await remove(hass, entry)
    (issue,) = issues(hass).values()
    assert issue.issue_id == LEFT
    assert issue.is_persistent
    assert issue.learn_more_url == CONSOLE_URL
    assert issue.translation_placeholders
    assert issue.translation_placeholders["rule"] == rule.name
    assert home not in str(issue)
    assert WEBHOOK not in str(issue)
    await cloud.emulator.start()
    if remove is remove_product:
        await reload(hass, entry)
        assert await rule_of(hass, cloud) is None
        assert "rules" not in entry.options
        assert issues(hass) == {}


async def test_added_again(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """What was left is not named any more when the product is there again."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    await cloud.emulator.stop()
    await remove_entry(hass, entry)
    await cloud.emulator.start()
    assert list(issues(hass)) == [LEFT]
    await set_up_pushed(hass, cloud, LAMP)
    assert issues(hass) == {}


@both_ways
@pytest.mark.parametrize("call", [DESCRIBE, DELETE])
async def test_denied(
    hass: HomeAssistant, cloud: Cloud, home: str, remove: Remove, call: str
) -> None:
    """What no policy allows is said of the rule that is left for it."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    cloud.expect(*Denial)
    account = cloud.emulator.cloud_api.accounts[SECRET_ID]
    account.denied = {call}
    await remove(hass, entry)
    assert await rule_of(hass, cloud)
    (issue,) = issues(hass).values()
    assert issue.issue_id == LEFT
    assert issue.translation_placeholders
    assert issue.translation_placeholders["code"] == Denial.DOCUMENTED
    account.denied = set()


@both_ways
@pytest.mark.parametrize("change", ["sql", "disabled", "more"])
async def test_edited(
    hass: HomeAssistant, cloud: Cloud, home: str, remove: Remove, change: str
) -> None:
    """What somebody has edited is left to them."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    rule = await rule_of(hass, cloud)
    assert rule
    if change == "sql":
        rule.sql = rule.sql.replace("*", "payload")
    elif change == "disabled":
        rule.is_disabled = True
    else:
        rule.actions = [*rule.actions, {"republish": {"topic": "LAMP202611/x/y"}}]
    await remove(hass, entry)
    assert await rule_of(hass, cloud) is rule
    (issue,) = issues(hass).values()
    assert issue.issue_id == LEFT
    assert issue.translation_key == "rule_left_edited"


@both_ways
async def test_another_home(
    hass: HomeAssistant,
    cloud: Cloud,
    home: str,
    other_home: Receiver,
    remove: Remove,
) -> None:
    """A clone that is taken away leaves the rules to the one that is in use."""
    living = address_at(other_home.origin)
    rule = await put_rule(hass, cloud, living)
    await hass.config.async_update(external_url=other_home.origin)
    entry = await set_up_pushed(hass, cloud, LAMP, rules={"LAMP202611": living})
    await remove(hass, entry)
    assert await rule_of(hass, cloud) is rule
    (issue,) = issues(hass).values()
    assert issue.translation_key == "rule_left_foreign"


@both_ways
async def test_taken_over(
    hass: HomeAssistant, cloud: Cloud, home: str, remove: Remove
) -> None:
    """A rule that forwards elsewhere by now is not ours to delete."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    rule = await rule_of(hass, cloud)
    assert rule
    rule.actions = forwards("https://example.org/somebody")
    await remove(hass, entry)
    assert await rule_of(hass, cloud) is rule
    (issue,) = issues(hass).values()
    assert issue.translation_key == "rule_left_foreign"


async def test_hanging_cloud(
    hass: HomeAssistant, cloud: Cloud, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits long for an entry to be removed."""
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    monkeypatch.setattr(rules, "_DELETION_LIMIT", 0.01)
    cloud.emulator.faults.append(Fault(call=DESCRIBE, delay=0.5, times=2, drop=True))
    await remove_entry(hass, entry)
    assert list(issues(hass)) == ["rule_left_FEEDER2026", LEFT] or list(
        issues(hass)
    ) == [LEFT, "rule_left_FEEDER2026"]


async def test_removed_while_disabled(
    hass: HomeAssistant, cloud: Cloud, home: str
) -> None:
    """The rules of an entry that is disabled are deleted all the same."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await remove_entry(hass, entry)
    assert cloud.emulator.rules.by_name == {}


async def test_turned_off(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """What is left of pushes that were turned off is deleted at the next start."""
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    cloud.emulator.faults.append(Fault(call=DELETE, drop=True))
    left = await async_delete_rules(hass, entry)
    rules = entry.options["rules"]
    assert len(left) == 1
    assert rules.keys() == set(left)
    hass.config_entries.async_update_entry(entry, options={"rules": rules})
    await reload(hass, entry)
    assert cloud.emulator.rules.by_name == {}
    assert entry.options == {}
    assert issues(hass) == {}
    assert async_rule_states(entry) == {}


async def test_another_kind_of_key(
    hass: HomeAssistant, cloud: Cloud, home: str
) -> None:
    """The key of an application can delete no rule, so it is named."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    data = Cloud(cloud.emulator, Access.APPLICATION).entry_data()
    with rule_requests(cloud):
        hass.config_entries.async_update_entry(entry, data=data)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert LEFT in issues(hass)
    assert await rule_of(hass, cloud)


async def test_written_at_a_wish(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """Rules that a person waits for are made, and found when they are there already."""
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    made = entry.options["rules"]
    assert not await async_delete_rules(hass, entry)
    with rule_requests(cloud, **{DESCRIBE: 4, CREATE: 2, ENABLE: 2}):
        for _ in range(2):
            await async_write_rules(hass, entry, address_at(home))
            assert entry.options["rules"] == made
    for product_id in made:
        rule = await rule_of(hass, cloud, product_id)
        assert rule
        assert not rule.is_disabled


async def test_taken_back(hass: HomeAssistant, cloud: Cloud, home: str) -> None:
    """Where one product fails, what was made for the others is deleted again."""
    cloud.expect(LIMIT)
    entry = await set_up_pushed(hass, cloud, LAMP, FEEDER)
    assert not await async_delete_rules(hass, entry)
    cloud.emulator.rules.most = 1
    with (
        rule_requests(cloud, **{DESCRIBE: 3, CREATE: 2, ENABLE: 1, DELETE: 1}),
        pytest.raises(RuleLimitError),
    ):
        await async_write_rules(hass, entry, address_at(home))
    assert cloud.emulator.rules.by_name == {}
    assert "rules" not in entry.options
    assert issues(hass) == {}


async def test_left_while_configured(
    hass: HomeAssistant, cloud: Cloud, home: str
) -> None:
    """What is left of pushes that were turned off is named, though the product stays."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    rule = await rule_of(hass, cloud)
    assert rule
    rule.sql = rule.sql.replace("*", "payload")
    hass.config_entries.async_update_entry(
        entry, options={"rules": entry.options["rules"]}
    )
    await reload(hass, entry)
    assert list(issues(hass)) == [LEFT]
    assert async_rule_states(entry) == {"LAMP202611": "edited"}
    del cloud.emulator.rules.by_name[rule.name]
    await reload(hass, entry)
    assert issues(hass) == {}
    assert entry.options == {}
