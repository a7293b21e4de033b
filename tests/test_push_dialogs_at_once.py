"""Dialogs about pushes that are open at once, or whose entry goes away meanwhile."""

import asyncio
import sys
from typing import Any

import pytest

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .cloudhooks import Cloudhooks
from .helpers import FEEDER, Cloud, set_up
from .pushes import TOKEN
from .rules import CREATE, DELETE, DESCRIBE, ENABLE
from .test_push_options import (
    LAMPS,
    _rules_may_be_absent,
    answer,
    begin,
    by_account,
    choose,
    held,
    open_by_hand,
    rules,
    turn_on,
    webhooks,
)
from custom_components.tencent_iot_explorer.flows import rules_by_hand
from emulator import Fault, JournalEntry

__all__ = ["_rules_may_be_absent"]

each_call = pytest.mark.parametrize("call", [DESCRIBE, CREATE, ENABLE])


async def show(hass: HomeAssistant, flow_id: str) -> Any:
    """Return what a dialog shows once nothing goes on."""
    result = await hass.config_entries.options.async_configure(flow_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


@by_account
@each_call
@pytest.mark.parametrize("is_closed", [False, True])
async def test_turned_on_twice(
    hass: HomeAssistant,
    cloud: Cloud,
    cloudhooks: Cloudhooks,
    call: str,
    is_closed: bool,
) -> None:
    """The second dialog finds what the first has done, and takes nothing of it back."""
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    flows = hass.config_entries.options
    first, second = [(await begin(hass, entry))["flow_id"] for _ in range(2)]
    with held(cloud, call) as (came, release):
        await flows.async_configure(first, {})
        await came.wait()
        await flows.async_configure(second, {})
        if is_closed:
            flows.async_abort(second)
        release.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    for dialog in (first,) if is_closed else (first, second):
        result = await show(hass, dialog)
        assert result["type"] is FlowResultType.CREATE_ENTRY
    (address,) = cloudhooks.addresses.values()
    assert webhooks(hass) == [*cloudhooks.addresses] == [entry.options["webhook_id"]]
    assert [(rule.addresses, rule.is_disabled) for rule in rules(cloud)] == [
        ([address], False)
    ] * 2
    assert entry.options["rules"] == dict.fromkeys(
        ("FEEDER2026", "LAMP202611"), address
    )


@by_account
async def test_turned_off_twice(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Where another dialog was faster, nothing is left to be done."""
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on(hass, entry)
    dialogs = [
        await choose(hass, await begin(hass, entry), "turn_off") for _ in range(2)
    ]
    for dialog in dialogs:
        result = await answer(hass, dialog, {})
        assert result["type"] is FlowResultType.CREATE_ENTRY
    assert (dict(entry.options), rules(cloud), webhooks(hass)) == ({}, [], [])


@by_account
@pytest.mark.parametrize("how", ["unload", "remove"])
async def test_goes_while_the_address_is_sought(
    hass: HomeAssistant,
    cloud: Cloud,
    cloudhooks: Cloudhooks,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Nothing is written for an entry that is not loaded any more."""
    entry = await set_up(hass, cloud, LAMPS)
    result = await begin(hass, entry)
    came, release = asyncio.Event(), asyncio.Event()

    async def find(hass: HomeAssistant, webhook_id: str) -> str:
        """Take some time."""
        came.set()
        await release.wait()
        return await cloudhooks.async_get_or_create_cloudhook(hass, webhook_id)

    component = sys.modules["homeassistant.components.cloud"]
    monkeypatch.setattr(component, "async_get_or_create_cloudhook", find)
    await hass.config_entries.options.async_configure(result["flow_id"], {})
    await came.wait()
    await getattr(hass.config_entries, f"async_{how}")(entry.entry_id)
    release.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await show(hass, result["flow_id"])
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert (dict(entry.options), rules(cloud), webhooks(hass)) == ({}, [], [])
    assert cloudhooks.addresses == {}


@by_account
@each_call
async def test_removed_while_rules_are_written(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks, call: str
) -> None:
    """No rule is begun for an entry that is gone, and the dialog ends."""
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    result = await begin(hass, entry)
    with held(cloud, call) as (came, release):
        await hass.config_entries.options.async_configure(result["flow_id"], {})
        await came.wait()
        removing = hass.async_create_task(
            hass.config_entries.async_remove(entry.entry_id)
        )
        release.set()
        await removing
        await hass.async_block_till_done(wait_background_tasks=True)
    result = await show(hass, result["flow_id"])
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert (rules(cloud), webhooks(hass), cloudhooks.addresses) == ([], [], {})


@by_account
async def test_reloaded_while_rules_are_written(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks
) -> None:
    """Whoever compares the rules after a reload waits for the dialog."""
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    result = await begin(hass, entry)
    with held(cloud, ENABLE) as (came, release):
        await hass.config_entries.options.async_configure(result["flow_id"], {})
        await came.wait()
        await hass.config_entries.async_reload(entry.entry_id)
        for _ in range(20):
            # Whatever is under way goes on meanwhile.
            await cloud.emulator.outbound.send("GET", "http://127.0.0.1:1", headers={})
        release.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    result = await show(hass, result["flow_id"])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert [rule.is_disabled for rule in rules(cloud)] == [False, False]
    assert DELETE not in [item.call for item in cloud.emulator.journal]


@pytest.mark.parametrize("is_waiting", [False, True])
async def test_removed_while_rules_are_made_by_hand(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks, is_waiting: bool
) -> None:
    """What comes after the entry is gone is stored nowhere, and the dialog ends."""
    entry = await set_up(hass, cloud, LAMPS)
    result, address = await open_by_hand(hass, entry)
    flows = hass.config_entries.options
    if is_waiting:
        await flows.async_configure(result["flow_id"], {})
    await hass.config_entries.async_remove(entry.entry_id)
    if is_waiting:
        send = cloud.emulator.outbound.send
        await send("GET", address, headers={"Echostr": "abc"})
        await hass.async_block_till_done(wait_background_tasks=True)
        result = await show(hass, result["flow_id"])
    else:
        result = await answer(hass, result, {"token": TOKEN})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert (webhooks(hass), cloudhooks.addresses) == ([], {})


@by_account
async def test_failure_while_pushes_are_on(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """What a dialog could not write again is made by what follows, as at each start."""
    cloud.expect("InternalError")
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    await turn_on(hass, entry)
    cloud.emulator.rules.by_name.clear()
    result = await choose(hass, await begin(hass, entry), "renew")
    cloud.emulator.faults.append(Fault(call=ENABLE, code="InternalError"))
    result = await answer(hass, result, {})
    assert result["errors"] == {"base": "server_fault"}
    assert [rule.is_disabled for rule in rules(cloud)] == [False, False]


@by_account
async def test_failure_while_a_product_is_added(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """A dialog that fails deletes no rule that was made before its turn."""
    code = "InvalidParameterValue.InvalidSQL"
    cloud.expect(code)
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on(hass, entry)
    result = await choose(hass, await begin(hass, entry), "renew")
    came, release = asyncio.Event(), asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Let the dialog come while the rules are compared, and fail after that."""
        if request.call == DESCRIBE:
            came.set()
            await release.wait()
        elif request.call == ENABLE:
            cloud.emulator.faults.append(Fault(call=DESCRIBE, code=code))

    cloud.emulator.gate = hold
    hass.config_entries.async_add_subentry(entry, ConfigSubentry(**FEEDER))
    await came.wait()
    await hass.config_entries.options.async_configure(result["flow_id"], {})
    release.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await show(hass, result["flow_id"])
    assert result["errors"] == {"base": "invalid_input"}
    assert DELETE not in [item.call for item in cloud.emulator.journal]
    assert [rule.is_disabled for rule in rules(cloud)] == [False, False]


async def test_waiting_again_beside_another_dialog(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The address that a dialog shows is answered from the moment on when it waits."""
    entry = await set_up(hass, cloud, LAMPS)
    result, address = await open_by_hand(hass, entry)
    with monkeypatch.context() as patch:
        patch.setattr(rules_by_hand, "SECONDS_WAITED", 0.01)
        result = await answer(hass, result, {})
    other, _ = await open_by_hand(hass, entry)
    flows = hass.config_entries.options
    flows.async_abort(other["flow_id"])
    await hass.async_block_till_done()
    await flows.async_configure(result["flow_id"], {"next_step_id": "wait"})
    send = cloud.emulator.outbound.send
    answered = await send("GET", address, headers={"Echostr": "abc"})
    assert answered
    assert answered.body == b"abc"
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await show(hass, result["flow_id"])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["address"] == address


@by_account
async def test_unloaded_before_it_is_turned_off(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Nothing is deleted for an entry that was unloaded meanwhile."""
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on(hass, entry)
    menu = await begin(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    result = await choose(hass, menu, "turn_off")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert len(rules(cloud)) == 1


async def test_removed_before_it_is_finished(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is stored of an entry that was removed while a person thought about it."""
    monkeypatch.setattr(rules_by_hand, "SECONDS_WAITED", 0.01)
    entry = await set_up(hass, cloud, LAMPS)
    result, _ = await open_by_hand(hass, entry)
    menu = await answer(hass, result, {})
    await hass.config_entries.async_remove(entry.entry_id)
    result = await choose(hass, menu, "finish_anyway")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert (dict(entry.options), webhooks(hass)) == ({}, [])


@by_account
async def test_page_loaded_again(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Whoever comes back to the dialog while it works sees that it does."""
    entry = await set_up(hass, cloud, LAMPS)
    flow_id = (await begin(hass, entry))["flow_id"]
    flows = hass.config_entries.options
    with held(cloud, DESCRIBE) as (came, release):
        await flows.async_configure(flow_id, {})
        await came.wait()
        again = await flows.async_configure(flow_id)
        assert again["type"] is FlowResultType.SHOW_PROGRESS
        release.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert (await show(hass, flow_id))["type"] is FlowResultType.CREATE_ENTRY
    assert len(rules(cloud)) == 1


async def test_page_loaded_again_by_hand(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Whoever comes back to the dialog while it waits sees the address again."""
    entry = await set_up(hass, cloud, LAMPS)
    result, address = await open_by_hand(hass, entry)
    flows = hass.config_entries.options
    await flows.async_configure(result["flow_id"], {})
    again = await flows.async_configure(result["flow_id"])
    assert again["type"] is FlowResultType.SHOW_PROGRESS
    assert again["description_placeholders"]["address"] == address
    await cloud.emulator.outbound.send("GET", address, headers={"Echostr": "abc"})
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await show(hass, result["flow_id"])
    assert result["type"] is FlowResultType.CREATE_ENTRY
