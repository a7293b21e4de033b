"""What a person decides about rules that somebody else has a say in."""

import asyncio
from copy import deepcopy

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .helpers import LAMP, Cloud
from .receivers import Receiver
from .rules import (
    CREATE,
    DESCRIBE,
    ENABLE,
    MODIFY,
    address_at,
    forwards,
    held,
    issues,
    put_rule,
    reload,
    rule_of,
    rule_requests,
    set_up_pushed,
)
from .test_repairs import Repairs, repairs
from .test_rules import UNREACHABLE, _rules_may_be_absent, access, home, other_home
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.push.rules import (
    async_reconcile,
    async_rule_states,
)

__all__ = ["_rules_may_be_absent", "access", "home", "other_home", "repairs"]

EDITED, FOREIGN = "rule_edited_LAMP202611", "rule_foreign_LAMP202611"
ELSEWHERE = "https://example.org/somebody"


async def test_write_anew(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs
) -> None:
    """An edited rule is written anew, whatever was changed of it."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    rule = await rule_of(hass, cloud)
    assert rule
    right = deepcopy(rule)
    rule.sql = "SELECT x FROM 'y'"
    rule.is_disabled = True
    rule.actions = [*rule.actions, {"republish": {"topic": "LAMP202611/x/y"}}]
    await reload(hass, entry)
    flow = await repairs.ask(EDITED)
    assert flow["menu_options"] == ["write", "leave"]
    assert flow["description_placeholders"]["rule"] == rule.name
    result = await repairs.choose(flow, "write")
    assert result["type"] == "create_entry"
    assert (rule.sql, rule.actions, rule.is_disabled) == (
        right.sql,
        right.actions,
        False,
    )
    assert async_rule_states(entry) == {"LAMP202611": "right"}
    await reload(hass, entry)
    assert issues(hass) == {}


async def test_take_over(
    hass: HomeAssistant,
    cloud: Cloud,
    home: str,
    repairs: Repairs,
    other_home: Receiver,
) -> None:
    """A person may take the rule of another Home Assistant, also of one that answers."""
    living = address_at(other_home.origin)
    rule = await put_rule(hass, cloud, living, is_disabled=True)
    entry = await set_up_pushed(hass, cloud, LAMP, rules={"LAMP202611": living})
    result = await repairs.choose(await repairs.ask(FOREIGN), "write")
    assert result["type"] == "create_entry"
    assert rule.actions == forwards(address_at(home))
    assert not rule.is_disabled
    assert entry.options["rules"] == {"LAMP202611": address_at(home)}
    assert issues(hass) == {}
    assert async_rule_states(entry) == {"LAMP202611": "right"}


@pytest.mark.parametrize("issue_id", [EDITED, FOREIGN])
async def test_leave(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs, issue_id: str
) -> None:
    """What a person leaves is not asked about again, until something else is found."""
    address = address_at(home) if issue_id == EDITED else ELSEWHERE
    rule = await put_rule(hass, cloud, address, is_disabled=True)
    entry = await set_up_pushed(hass, cloud, LAMP)
    assert list(issues(hass)) == [issue_id]
    result = await repairs.choose(await repairs.ask(issue_id), "leave")
    assert result["reason"] == "left"
    await reload(hass, entry)
    assert issues(hass) == {}
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert rule.is_disabled
    rule.actions, rule.is_disabled = forwards(address_at(home)), False
    await async_reconcile(hass, entry)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    rule.actions, rule.is_disabled = forwards(address), True
    await async_reconcile(hass, entry)
    assert list(issues(hass)) == [issue_id]


async def test_changed_meanwhile(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs
) -> None:
    """An edited rule that is another Home Assistant's by now is not written."""
    rule = await put_rule(hass, cloud, address_at(home), is_disabled=True)
    await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask(EDITED)
    rule.actions = forwards(ELSEWHERE)
    with rule_requests(cloud, **{DESCRIBE: 1}):
        result = await repairs.choose(flow, "write")
    assert result["reason"] == "changed"
    assert list(issues(hass)) == [FOREIGN]
    assert rule.actions == forwards(ELSEWHERE)


async def test_put_right_meanwhile(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs
) -> None:
    """Where nothing is to be done any more, the question ends."""
    rule = await put_rule(hass, cloud, address_at(home), is_disabled=True)
    await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask(EDITED)
    rule.is_disabled = False
    with rule_requests(cloud, **{DESCRIBE: 1}):
        result = await repairs.choose(flow, "write")
    assert result["type"] == "create_entry"
    assert issues(hass) == {}


async def test_deleted_meanwhile(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs
) -> None:
    """A rule that is gone is made."""
    rule = await put_rule(hass, cloud, ELSEWHERE)
    await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask(FOREIGN)
    del cloud.emulator.rules.by_name[rule.name]
    with rule_requests(cloud, **{DESCRIBE: 1, CREATE: 1, ENABLE: 1}):
        result = await repairs.choose(flow, "write")
    assert result["type"] == "create_entry"
    assert issues(hass) == {}


async def test_another_home_since_then(
    hass: HomeAssistant,
    cloud: Cloud,
    home: str,
    repairs: Repairs,
    other_home: Receiver,
) -> None:
    """What was edited is another Home Assistant's where one answers by now."""
    other_home.statuses = [503]
    living = address_at(other_home.origin)
    rule = await put_rule(hass, cloud, living, is_disabled=True)
    await hass.config.async_update(external_url=other_home.origin)
    await set_up_pushed(hass, cloud, LAMP, rules={"LAMP202611": living})
    result = await repairs.choose(await repairs.ask(EDITED), "write")
    assert result["reason"] == "changed"
    assert rule.is_disabled
    assert list(issues(hass)) == [FOREIGN]


@pytest.mark.parametrize("is_reloaded", [False, True])
async def test_unloaded_meanwhile(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs, *, is_reloaded: bool
) -> None:
    """An entry may be unloaded, and set up again, while its rule is written."""
    rule = await put_rule(hass, cloud, address_at(home), is_disabled=True)
    entry = await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask(EDITED)
    with held(cloud, MODIFY) as (came, release):
        choosing = asyncio.create_task(repairs.choose(flow, "write"))
        await came.wait()
        assert await hass.config_entries.async_unload(entry.entry_id)
        if is_reloaded:
            assert await hass.config_entries.async_setup(entry.entry_id)
        release.set()
        assert (await choosing)["type"] == "create_entry"
    if not is_reloaded:
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not rule.is_disabled
    assert issues(hass) == {}
    assert async_rule_states(entry) == {"LAMP202611": "right"}


async def test_not_written(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs
) -> None:
    """What fails is said, and the question stays."""
    cloud.expect(UNREACHABLE)
    rule = await put_rule(hass, cloud, ELSEWHERE)
    await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask(FOREIGN)
    cloud.emulator.outbound.unreachable.add("127.0.0.1")
    with rule_requests(cloud, **{DESCRIBE: 1, MODIFY: 1}):
        result = await repairs.choose(flow, "write")
    assert result["reason"] == "not_written"
    assert result["description_placeholders"]["code"] == UNREACHABLE
    assert home not in str(result)
    assert FOREIGN in issues(hass)
    assert rule.actions == forwards(ELSEWHERE)


async def test_no_address(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs
) -> None:
    """Without an address nothing can be written."""
    await put_rule(hass, cloud, ELSEWHERE)
    await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask(FOREIGN)
    await hass.config.async_update(external_url=None)
    await hass.async_block_till_done(wait_background_tasks=True)
    with rule_requests(cloud):
        result = await repairs.choose(flow, "write")
    assert result["reason"] == "no_address"


async def test_unloaded(
    hass: HomeAssistant, cloud: Cloud, home: str, repairs: Repairs
) -> None:
    """Nothing is asked while the entry is not loaded, and an open question ends."""
    await put_rule(hass, cloud, ELSEWHERE)
    entry = await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask(FOREIGN)
    await hass.config_entries.async_unload(entry.entry_id)
    assert issues(hass) == {}
    result = await repairs.choose(flow, "write")
    assert result["reason"] == "not_loaded"
