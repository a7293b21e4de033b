"""The dialog that turns pushes on and off."""

from inspect import isawaitable
import json
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .cloudhooks import ORIGIN, Cloudhooks
from .entities import press
from .helpers import FEEDER, LAMP, Cloud, make_entry, product, set_up, with_both_keys
from .pushes import SQL, TOKEN, console_rule, message, move_home
from .rules import held
from .test_translations import load, placeholders
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.tencent_iot_explorer.flows import rules_by_hand
from emulator import EmulatedRule, Fault

LAMPS = product(
    "LAMP202611", ["desk-lamp", "hall-lamp"], title="Lamp", use_properties=True
)
CREATE = "CreateTopicRule"
by_account = pytest.mark.parametrize("access", [Access.ACCOUNT], indirect=True)


@pytest.fixture(autouse=True)
def _rules_may_be_absent(cloud: Cloud) -> None:
    """Allow to ask for rules that are not there."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Open the dialog."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    check_words(result)
    return result


def check_words(shown: Any) -> None:
    """Insist that what the words of a step need comes with it.

    Home Assistant's pages show an error of theirs instead of words that lack something.
    """
    words = load("en")["options"]
    match shown["type"]:
        case FlowResultType.FORM | FlowResultType.MENU:
            text = words["step"][shown["step_id"]]["description"]
        case FlowResultType.SHOW_PROGRESS:
            assert words["step"][shown["step_id"]]["title"]
            text = words["progress"][shown["progress_action"]]
        case FlowResultType.ABORT:
            text = words["abort"][shown["reason"]]
        case _:
            return
    assert placeholders(text) <= (shown["description_placeholders"] or {}).keys()


async def answer(hass: HomeAssistant, shown: Any, data: dict[str, Any]) -> Any:
    """Answer a step, and wait until nothing goes on; return what is shown then."""
    result = await hass.config_entries.options.async_configure(shown["flow_id"], data)
    check_words(result)
    if result["type"] is FlowResultType.SHOW_PROGRESS:
        await hass.async_block_till_done(wait_background_tasks=True)
        result = await hass.config_entries.options.async_configure(shown["flow_id"])
        assert result["type"] is not FlowResultType.SHOW_PROGRESS
        check_words(result)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def choose(hass: HomeAssistant, shown: Any, option: str) -> Any:
    """Choose an option of a menu."""
    assert shown["type"] is FlowResultType.MENU
    assert option in shown["menu_options"]
    return await answer(hass, shown, {"next_step_id": option})


async def turn_on(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Turn pushes on by the key of an account."""
    result = await begin(hass, entry)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "account")
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY, result


def rules(cloud: Cloud) -> list[EmulatedRule]:
    """Return the rules that there are."""
    return list(cloud.emulator.rules.by_name.values())


def webhooks(hass: HomeAssistant) -> list[str]:
    """Return the ids of all webhooks."""
    return list(hass.data.get("webhook", ()))


@by_account
async def test_account(hass: HomeAssistant, cloud: Cloud, home_address: str) -> None:
    """Each product gets a rule, which the cloud tries; then pushes come, at once."""
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    await turn_on(hass, entry)
    (webhook_id,) = webhooks(hass)
    address = f"{home_address}/api/webhook/{webhook_id}"
    assert dict(entry.options) == {
        "push": True,
        "webhook_id": webhook_id,
        "rules": {"FEEDER2026": address, "LAMP202611": address},
    }
    assert [(rule.addresses, rule.is_disabled) for rule in rules(cloud)] == [
        ([address], False)
    ] * 2
    lamp = next(
        item
        for item in entry.runtime_data.products.values()
        if item.product_id == "LAMP202611"
    )
    assert lamp.push.in_short == "active"
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    await cloud.emulator.forwarder.done()
    assert (await of_entry(hass, entry))["push"]["today"]["taken"] == 1


@by_account
async def test_by_cloudhook(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks
) -> None:
    """Home Assistant Cloud comes first, and its address goes when pushes are off."""
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on(hass, entry)
    (address,) = entry.options["rules"].values()
    assert address.startswith(ORIGIN)
    assert list(cloudhooks.addresses.values()) == [address]
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].report(brightness=4)
    await cloud.emulator.forwarder.done()
    assert cloud.emulator.forwarder.sent[0].statuses == [200]
    result = await choose(hass, await begin(hass, entry), "turn_off")
    assert result["step_id"] == "turn_off"
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert (dict(entry.options), rules(cloud), cloudhooks.addresses) == ({}, [], {})
    assert not webhooks(hass)


@by_account
async def test_no_address(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks
) -> None:
    """Without an address the dialog says what to do, and can be tried again."""
    entry = await set_up(hass, cloud, LAMPS)
    cloudhooks.is_connected = False
    result = await answer(hass, await begin(hass, entry), {})
    assert result["errors"] == {"base": "push_cloud_away"}
    cloudhooks.is_subscribed = False
    result = await answer(hass, result, {})
    assert result["errors"] == {"base": "push_no_address"}
    await hass.config.async_update(external_url="http://home.example.org")
    result = await answer(hass, result, {})
    assert result["errors"] == {"base": "push_address_not_secure"}
    assert not entry.options
    assert not webhooks(hass)
    cloudhooks.is_subscribed = cloudhooks.is_connected = True
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["push"]


@by_account
@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("InvalidParameterValue.CheckForwardURLFail", "address_unreachable"),
        ("InvalidParameterValue.RuleNumberBeyondLimit", "rule_limit"),
        ("AuthFailure.SecretIdNotFound", "unknown_secret_id"),
        ("AuthFailure.UnauthorizedOperation", "operation_denied"),
    ],
)
@pytest.mark.parametrize("call", [CREATE, "EnableTopicRule"])
async def test_failure(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    code: str,
    key: str,
    call: str,
) -> None:
    """A failure is shown with what to do, nothing is left of it, and it can be mended."""
    cloud.expect(code)
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    cloud.emulator.faults.append(Fault(call=call, code=code, message="words"))
    result = await answer(hass, await begin(hass, entry), {})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "account")
    assert result["errors"] == {"base": key}
    assert result["description_placeholders"]["code"] == code
    assert (dict(entry.options), rules(cloud), webhooks(hass)) == ({}, [], [])
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(rules(cloud)) == 2


@by_account
async def test_closed_in_the_middle(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks
) -> None:
    """When the dialog is closed, all that was begun is undone."""
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    result = await begin(hass, entry)
    with held(cloud, "EnableTopicRule") as (came, release):
        flows = hass.config_entries.options
        result = await flows.async_configure(result["flow_id"], {})
        assert result["progress_action"] == "write_rules"
        await came.wait()
        flows.async_abort(result["flow_id"])
        release.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert (dict(entry.options), rules(cloud), webhooks(hass)) == ({}, [], [])
    assert cloudhooks.addresses == {}


async def answer_and_remove(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry, shown: Any, call: str
) -> None:
    """Answer a step, and remove the entry while a call that follows is not answered."""
    with held(cloud, call) as (came, release):
        await hass.config_entries.options.async_configure(shown["flow_id"], {})
        await came.wait()
        removing = hass.async_create_task(
            hass.config_entries.async_remove(entry.entry_id)
        )
        release.set()
        await removing
        await hass.async_block_till_done(wait_background_tasks=True)


@by_account
async def test_removed_in_the_middle(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """An entry that is removed meanwhile leaves nothing either."""
    entry = await set_up(hass, cloud, LAMPS)
    result = await begin(hass, entry)
    await answer_and_remove(hass, cloud, entry, result, "EnableTopicRule")
    assert (rules(cloud), webhooks(hass)) == ([], [])


@by_account
@pytest.mark.parametrize("call", ["DeleteTopicRule", "DescribeTopicRule"])
async def test_removed_while_it_is_turned_off(
    hass: HomeAssistant, cloud: Cloud, home_address: str, call: str
) -> None:
    """An entry may be removed while its pushes are turned off."""
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on(hass, entry)
    result = await choose(hass, await begin(hass, entry), "turn_off")
    await answer_and_remove(hass, cloud, entry, result, call)
    assert (rules(cloud), webhooks(hass)) == ([], [])


@with_both_keys
async def test_turned_off_in_two_dialogs(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Who turns pushes off that are off by now sees that they are."""
    entry = await set_up(hass, cloud, LAMPS)
    if cloud.access is Access.ACCOUNT:
        await turn_on(hass, entry)
    else:
        await turn_on_by_hand(hass, cloud, entry)
    dialogs = [
        await choose(hass, await begin(hass, entry), "turn_off") for _ in range(2)
    ]
    for dialog in dialogs:
        result = await answer(hass, dialog, {})
        assert result["type"] is FlowResultType.CREATE_ENTRY
    assert (dict(entry.options), rules(cloud), webhooks(hass)) == ({}, [], [])


@with_both_keys
async def test_turned_on_in_two_dialogs(
    hass: HomeAssistant,
    cloud: Cloud,
    cloudhooks: Cloudhooks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two dialogs that turn pushes on the last counts; nothing of another is left."""
    monkeypatch.setattr(rules_by_hand, "SECONDS_WAITED", 0.01)
    entry = await set_up(hass, cloud, LAMPS)
    dialogs = [await begin(hass, entry) for _ in range(2)]
    for dialog in dialogs:
        result = await answer(hass, dialog, {})
        if cloud.access is Access.APPLICATION:
            await choose(hass, result, "finish_anyway")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert webhooks(hass) == [entry.options["webhook_id"]]
    assert list(cloudhooks.addresses) == webhooks(hass)
    if cloud.access is Access.ACCOUNT:
        assert list(entry.options["rules"].values()) == [*cloudhooks.addresses.values()]
        assert len(rules(cloud)) == 1


@by_account
async def test_removed_while_a_dialog_is_open(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """A dialog that nobody has closed brings nothing back, and ends."""
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on(hass, entry)
    result = await choose(hass, await begin(hass, entry), "renew")
    await hass.config_entries.async_remove(entry.entry_id)
    result = await answer(hass, result, {})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert (rules(cloud), webhooks(hass)) == ([], [])


@by_account
async def test_written_again(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Rules that somebody deleted are made again, with the same address."""
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    await turn_on(hass, entry)
    before = dict(entry.options)
    cloud.emulator.rules.by_name.clear()
    result = await choose(hass, await begin(hass, entry), "renew")
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert dict(entry.options) == before
    assert len(rules(cloud)) == 2
    # A failure leaves pushes on, and all rules that there are.
    cloud.expect("InternalError")
    lamp, feeder = sorted(rules(cloud), key=lambda rule: rule.name, reverse=True)
    del cloud.emulator.rules.by_name[lamp.name]
    cloud.emulator.faults.append(Fault(call=CREATE, code="InternalError"))
    result = await choose(hass, await begin(hass, entry), "renew")
    result = await answer(hass, result, {})
    assert result["errors"] == {"base": "server_fault"}
    hass.config_entries.options.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options["push"]
    assert feeder in rules(cloud)
    assert webhooks(hass) == [entry.options["webhook_id"]]


@by_account
async def test_rule_cannot_be_deleted(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """What is left is named in the dialog, and a repair says why."""
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on(hass, entry)
    (rule,) = rules(cloud)
    code = "AuthFailure.UnauthorizedOperation"
    cloud.expect(code)
    cloud.emulator.faults.append(Fault(call="DeleteTopicRule", code=code))
    result = await choose(hass, await begin(hass, entry), "turn_off")
    result = await answer(hass, result, {})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "rules_left")
    assert result["description_placeholders"]["rules"] == f"- `{rule.name}`"
    assert "push" not in entry.options
    assert not webhooks(hass)


async def test_not_loaded(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without a loaded entry nothing can be done."""
    entry = make_entry(cloud, LAMP)
    entry.add_to_hass(hass)
    result = await begin(hass, entry)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")


@by_account
async def test_unloaded_in_the_middle(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Nothing is begun for an entry that was unloaded meanwhile."""
    entry = await set_up(hass, cloud, LAMP)
    result = await begin(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    result = await answer(hass, result, {})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert not webhooks(hass)


async def open_by_hand(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[Any, str]:
    """Open the dialog for the key of an application, and return it with the address."""
    result = await begin(hass, entry)
    if result["type"] is FlowResultType.MENU:
        result = await choose(hass, result, "renew")
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "application")
    return result, result["description_placeholders"]["address"]


async def turn_on_by_hand(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry, **data: str
) -> str:
    """Turn pushes on by the key of an application; return the address that was shown."""
    result, address = await open_by_hand(hass, entry)
    await cloud.emulator.outbound.send("GET", address, headers={"Echostr": "abc"})
    await answer(hass, result, data)
    return address


@pytest.mark.parametrize(
    ("language", "colon"), [("en", ": "), ("zh-Hans", "："), ("zh-Hant", "：")]
)
async def test_application(
    hass: HomeAssistant, cloud: Cloud, home_address: str, language: str, colon: str
) -> None:
    """Address and SQL are shown, and the first message turns pushes on."""
    await hass.config.async_update(language=language)
    entry = await set_up(hass, cloud, FEEDER, LAMPS)
    result, address = await open_by_hand(hass, entry)
    (webhook_id,) = webhooks(hass)
    assert address == f"{home_address}/api/webhook/{webhook_id}"
    assert result["description_placeholders"]["rules"] == (
        f"宠物喂食器{colon}`{SQL.format('FEEDER2026')}`\n\n"
        f"Lamp{colon}`{SQL.format('LAMP202611')}`"
    )
    flows = hass.config_entries.options
    result = await flows.async_configure(result["flow_id"], {})
    assert result["progress_action"] == "wait"
    assert result["description_placeholders"]["address"] == address
    assert not entry.options
    console_rule(cloud, address)
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].report(brightness=4)
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done()
    # It is stored whether anybody looks at the dialog again or not.
    assert dict(entry.options) == {
        "push": True,
        "webhook_id": webhook_id,
        "address": address,
    }
    result = await flows.async_configure(result["flow_id"])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (_, lamp) = entry.runtime_data.products.values()
    assert lamp.push.in_short == "waiting"
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].report(brightness=5)
    await cloud.emulator.forwarder.done()
    assert lamp.push.in_short == "active"


async def test_handshake_is_a_sign(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """That the console enables a rule is enough, also before the form is sent."""
    entry = await set_up(hass, cloud, LAMPS)
    result, address = await open_by_hand(hass, entry)
    answered = await cloud.emulator.outbound.send(
        "GET", address, headers={"Echostr": "abc"}
    )
    assert answered
    assert answered.body == b"abc"
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["address"] == address


async def test_token(hass: HomeAssistant, cloud: Cloud, home_address: str) -> None:
    """With a token only what is signed by it counts; later it is kept, and never shown."""
    entry = await set_up(hass, cloud, LAMPS)
    result, address = await open_by_hand(hass, entry)
    flows = hass.config_entries.options
    result = await flows.async_configure(result["flow_id"], {"token": f" {TOKEN}\n"})
    lamp = cloud.emulator.products["LAMP202611"].devices["desk-lamp"]
    console_rule(cloud, address, name="unsigned")
    cloud.emulator.forwarder.retry_after = ()
    lamp.report(brightness=3)
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done()
    assert not entry.options
    cloud.emulator.rules.by_name.clear()
    console_rule(cloud, address, token=TOKEN)
    lamp.report(brightness=4)
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done()
    assert entry.options["token"] == TOKEN
    result = await flows.async_configure(result["flow_id"])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    result, again = await open_by_hand(hass, entry)
    assert again == address
    assert TOKEN not in str(result)
    lamp.report(brightness=5)
    await cloud.emulator.forwarder.done()
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["token"] == TOKEN
    result, _ = await open_by_hand(hass, entry)
    result = await answer(hass, result, {"token": "x" * 256})
    assert result["errors"] == {"token": "too_long"}


async def test_nothing_comes(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After some time a person can wait on, see the address again, or go on without."""
    monkeypatch.setattr(rules_by_hand, "SECONDS_WAITED", 0.01)
    entry = await set_up(hass, cloud, LAMPS)
    result, address = await open_by_hand(hass, entry)
    result = await answer(hass, result, {})
    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "no_message")
    result = await choose(hass, result, "wait")
    result = await choose(hass, result, "application")
    assert result["description_placeholders"]["address"] == address
    result = await answer(hass, result, {"token": TOKEN})
    assert not entry.options
    result = await choose(hass, result, "finish_anyway")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["address"] == address
    assert entry.options["token"] == TOKEN


async def test_typed_token_is_kept(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who comes back to the address need not type the token again, and is not shown it."""
    monkeypatch.setattr(rules_by_hand, "SECONDS_WAITED", 0.01)
    entry = await set_up(hass, cloud, LAMPS)
    result, _ = await open_by_hand(hass, entry)
    assert result["description_placeholders"]["kept"] == ""
    result = await answer(hass, result, {"token": TOKEN})
    result = await choose(hass, result, "application")
    assert "Kept as you typed it" in result["description_placeholders"]["kept"]
    assert TOKEN not in str(result)
    # One that cannot be right takes the place of none, and the other is not kept either.
    result = await answer(hass, result, {"token": "x" * 256})
    assert result["errors"] == {"token": "too_long"}
    assert result["description_placeholders"]["kept"] == ""
    result = await answer(hass, result, {"token": TOKEN})
    result = await choose(hass, result, "application")
    result = await answer(hass, result, {})
    result = await choose(hass, result, "finish_anyway")
    assert entry.options["token"] == TOKEN


async def test_closed_while_waiting(
    hass: HomeAssistant, cloud: Cloud, cloudhooks: Cloudhooks
) -> None:
    """A dialog that is closed leaves neither a webhook nor a cloudhook."""
    entry = await set_up(hass, cloud, LAMPS)
    result, _ = await open_by_hand(hass, entry)
    flows = hass.config_entries.options
    await flows.async_configure(result["flow_id"], {})
    assert len(webhooks(hass)) == len(cloudhooks.addresses) == 1
    flows.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (dict(entry.options), webhooks(hass), cloudhooks.addresses) == ({}, [], {})
    with pytest.raises(UnknownFlow):
        await flows.async_configure(result["flow_id"])


async def test_no_address_to_show(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without an address there is nothing to show."""
    entry = await set_up(hass, cloud, LAMPS)
    result = await begin(hass, entry)
    assert (result["type"], result["reason"]) == (
        FlowResultType.ABORT,
        "push_no_address",
    )
    await hass.async_block_till_done()
    assert not webhooks(hass)


async def test_turned_off_by_hand(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """Whoever has made the rules deletes them."""
    entry = await set_up(hass, cloud, LAMPS)
    await turn_on_by_hand(hass, cloud, entry)
    result = await choose(hass, await begin(hass, entry), "turn_off")
    assert result["step_id"] == "turn_off_by_hand"
    result = await answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert (dict(entry.options), webhooks(hass)) == ({}, [])
    (lamp,) = entry.runtime_data.products.values()
    assert lamp.push.in_short == "off"


async def test_changed_address(
    hass: HomeAssistant, cloud: Cloud, home_address: str
) -> None:
    """A repair says that rules made by hand need another address, until it is shown."""
    entry = await set_up(hass, cloud, LAMPS)
    address = await turn_on_by_hand(hass, cloud, entry)
    issue = (DOMAIN, f"push_address_changed_{entry.entry_id}")
    issues = ir.async_get(hass).issues
    assert issue not in issues
    await move_home(hass, cloud)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue in issues
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue in issues
    result, address = await open_by_hand(hass, entry)
    assert address.startswith("https://home.example.org/api/webhook/")
    await cloud.emulator.outbound.send("GET", address, headers={"Echostr": "abc"})
    await answer(hass, result, {})
    assert entry.options["address"] == address
    assert issue not in issues


@with_both_keys
async def test_pages_that_show_pushes(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
) -> None:
    """Diagnostics and the system page show what came of today's messages."""
    assert await async_setup_component(hass, "system_health", {})
    entry = await set_up(hass, cloud, LAMPS)
    assert (await of_entry(hass, entry))["push"] == {
        "is_on": False,
        "is_signed": False,
        "today": {"taken": 0, "repeated": 0, "ignored": 0, "refused": 0},
        "last_taken": None,
        "rules": {},
    }
    if cloud.access is Access.ACCOUNT:
        await turn_on(hass, entry)
        (address,) = entry.options["rules"].values()
    else:
        address = await turn_on_by_hand(hass, cloud, entry, token=TOKEN)
        console_rule(cloud, address, token=TOKEN)
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].report(brightness=4)
    await cloud.emulator.forwarder.done()
    push = (await of_entry(hass, entry))["push"]
    assert push["today"]["taken"] == 1
    assert push["is_signed"] is (cloud.access is Access.APPLICATION)
    is_account = cloud.access is Access.ACCOUNT
    assert push["rules"] == ({"LAMP202611": "right"} if is_account else {})
    info = await shown_health(hass)
    assert info["pushes_today"] == 1
    last = dt_util.parse_datetime(push["last_taken"])
    assert last
    # Home Assistant writes a time as the person who reads it does.
    assert info["last_push"] == last
    assert info["push_rules"] == ("right: 1" if is_account else "–")


async def shown_health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the system page shows."""
    info = await get_system_health_info(hass, DOMAIN)
    return {
        key: await value if isawaitable(value) else value for key, value in info.items()
    }


async def of_entry(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the diagnostics of an entry as they are downloaded."""
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    return dict(json.loads(json_dumps(diagnostics)))


@pytest.mark.parametrize("access", Access, indirect=True)
async def test_nothing_leaks(
    hass: HomeAssistant,
    cloud: Cloud,
    cloudhooks: Cloudhooks,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The address, the webhook's id and the token are in no log, state, repair or store."""
    caplog.set_level(logging.DEBUG)
    assert await async_setup_component(hass, "system_health", {})
    entry = await set_up(hass, cloud, LAMPS)
    if cloud.access is Access.ACCOUNT:
        code = "InvalidParameterValue.CheckForwardURLFail"
        cloud.expect(code)
        cloud.emulator.faults.append(Fault(call="EnableTopicRule", code=code))
        result = await answer(hass, await begin(hass, entry), {})
        result = await answer(hass, result, {})
        (address,) = entry.options["rules"].values()
    else:
        result, address = await open_by_hand(hass, entry)
        await cloud.emulator.outbound.send("GET", address, headers={"Echostr": "abc"})
        result = await answer(hass, result, {"token": TOKEN})
        console_rule(cloud, address, token=TOKEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    secrets = [address, entry.options["webhook_id"], address.rpartition("/")[2]]
    secrets += [TOKEN] if cloud.access is Access.APPLICATION else []
    send = cloud.emulator.outbound.send
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].report(brightness=4)
    await cloud.emulator.forwarder.done()
    for body in (b"{", b" " * 300_000, message({"method": "mystery"})):
        await send("POST", address, headers={}, body=body)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    # The address is another one from now on.
    for webhook_id in list(cloudhooks.addresses):
        cloudhooks.addresses[webhook_id] = f"{ORIGIN}/moved-{'0' * 16}"
    cloudhooks.connect()
    await hass.async_block_till_done(wait_background_tasks=True)
    secrets.append("moved-")
    written = [
        json_dumps(await of_entry(hass, entry)),
        str(await shown_health(hass)),
        *(json_dumps(state.as_dict()) for state in hass.states.async_all()),
        *(str(issue) for issue in ir.async_get(hass).issues.values()),
        *(
            record.getMessage() + (record.exc_text or "")
            for record in caplog.records
            if record.name.startswith("custom_components")
        ),
        *(
            json_dumps(content)
            for key, content in hass_storage.items()
            if key != "core.config_entries"
        ),
    ]
    assert not [text for text in written for secret in secrets if secret in text]
