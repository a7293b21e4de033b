"""Rules while something else changes: the entry, the address, or what a person wants."""

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .cloudhooks import ORIGIN, Cloudhooks
from .helpers import LAMP, Cloud
from .rules import (
    DESCRIBE,
    MODIFY,
    address_at,
    issues,
    put_rule,
    reload,
    rule_of,
    rule_requests,
    set_up_pushed,
)
from .test_push_options import answer, begin, choose, held
from .test_repairs import Repairs, repairs
from .test_rules import LIMIT, UNREACHABLE, _rules_may_be_absent, access, home
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.push import rules

__all__ = ["_rules_may_be_absent", "access", "home", "repairs"]


@pytest.mark.parametrize("how", ["unload", "reload", "remove"])
@pytest.mark.parametrize("call", [DESCRIBE, MODIFY])
async def test_decision(
    hass: HomeAssistant,
    cloud: Cloud,
    home: str,
    repairs: Repairs,
    how: str,
    call: str,
) -> None:
    """What a person has decided is done, unless the entry is gone by then."""
    cloud.expect(UNREACHABLE)
    rule = await put_rule(hass, cloud, address_at(home), is_disabled=True)
    entry = await set_up_pushed(hass, cloud, LAMP)
    flow = await repairs.ask("rule_edited_LAMP202611")
    with held(cloud, call) as (came, release):
        deciding = hass.async_create_task(repairs.choose(flow, "write"))
        await came.wait()
        await getattr(hass.config_entries, f"async_{how}")(entry.entry_id)
        release.set()
        result = await deciding
    await hass.async_block_till_done(wait_background_tasks=True)
    assert rule.is_disabled is (how == "remove")
    assert result["type"] == ("abort" if how == "remove" else "create_entry")
    assert issues(hass) == {}


async def test_question_ends_with_pushes(
    hass: HomeAssistant, cloud: Cloud, home: str
) -> None:
    """Nobody is asked about a rule that nobody wants."""
    await put_rule(hass, cloud, "https://example.org/somebody")
    entry = await set_up_pushed(hass, cloud, LAMP)
    assert list(issues(hass)) == ["rule_foreign_LAMP202611"]
    result = await choose(hass, await begin(hass, entry), "turn_off")
    await answer(hass, result, {})
    assert issues(hass) == {}


@pytest.mark.parametrize(
    "key", ["rules_no_address", "rules_unreachable", "rules_limit"]
)
async def test_ignored(hass: HomeAssistant, cloud: Cloud, home: str, key: str) -> None:
    """What a person has ignored stays ignored over a reload, as long as it is so."""
    cloud.expect(LIMIT, UNREACHABLE)
    if key == "rules_unreachable":
        cloud.emulator.outbound.unreachable.add("127.0.0.1")
    elif key == "rules_limit":
        cloud.emulator.rules.most = 0
    else:
        await hass.config.async_update(external_url=None)
    entry = await set_up_pushed(hass, cloud, LAMP)
    (issue_id,) = issues(hass)
    assert issue_id == f"{key}_{entry.entry_id}"
    ir.async_ignore_issue(hass, DOMAIN, issue_id, True)
    await reload(hass, entry)
    assert issues(hass) == {}
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    await hass.config_entries.async_remove(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_logged_out(
    hass: HomeAssistant, cloud: Cloud, home: str, cloudhooks: Cloudhooks
) -> None:
    """Whoever leaves Home Assistant Cloud has rules for the external address at once."""
    await set_up_pushed(hass, cloud, LAMP)
    rule = await rule_of(hass, cloud)
    assert rule
    (address,) = rule.addresses
    assert address.startswith(ORIGIN)
    with rule_requests(cloud):
        cloudhooks.connect(is_connected=False)
        await hass.async_block_till_done(wait_background_tasks=True)
    cloudhooks.is_subscribed = False
    cloudhooks.connect(is_connected=False)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert rule.addresses == [address_at(home)]
    cloudhooks.is_subscribed = True
    cloudhooks.connect()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert rule.addresses == [address]
    assert issues(hass) == {}


@pytest.mark.parametrize("is_account", [False, True])
async def test_words_without_an_answer(
    hass: HomeAssistant,
    cloud: Cloud,
    home: str,
    monkeypatch: pytest.MonkeyPatch,
    is_account: bool,
) -> None:
    """Where the cloud has said nothing, a repair does not quote it."""
    entry = await set_up_pushed(hass, cloud, LAMP)
    if is_account:
        monkeypatch.setattr(rules, "_DELETION_LIMIT", 0.01)
        with held(cloud, DESCRIBE):
            await hass.config_entries.async_remove(entry.entry_id)
    else:
        data = Cloud(cloud.emulator, Access.APPLICATION).entry_data()
        hass.config_entries.async_update_entry(entry, data=data)
        await hass.async_block_till_done(wait_background_tasks=True)
    (issue,) = issues(hass).values()
    assert issue.translation_key == "rule_left_unanswered"
