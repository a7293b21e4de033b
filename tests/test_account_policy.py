"""The policy in the documents: all that is documented works with it, and needs it."""

import json
import re
from typing import Any

import pytest

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .dialogs import account_key, answer, shown, start
from .documents import ROOT
from .entities import press
from .helpers import FEEDER, LAMP, Cloud, poll, refresh
from .pushes import move_home
from .rules import issues, set_up_pushed
from .test_account_flow import FEED, FEEDERS, choose, offered
from .test_product_flow import answer as answer_product, start as start_product
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from emulator.accounts import SECRET_ID, Denial
from emulator.cloud_lists import WithoutProject


def policy(page: str) -> set[str]:
    """Return which operations the policy on a page allows on whatever it may be."""
    document = (ROOT / "docs" / page).read_text()
    found = re.search(r"```json\n(.*?)```", document, re.DOTALL)
    assert found
    (statement,) = json.loads(found[1])["statement"]
    assert statement["resource"] == ["*"]
    return {action.removeprefix("iotexplorer:") for action in statement["action"]}


ALLOWED = policy("account-key.md")
RULES = policy("push.md")


@pytest.fixture
def access() -> Access:
    """Let entries have the key of an account."""
    return Access.ACCOUNT


def assert_right(result: Any, step_id: str) -> None:
    """Insist that a step is shown, and nothing is wrong."""
    assert (result["step_id"], result["errors"]) == (step_id, {})


async def use_everything(hass: HomeAssistant, cloud: Cloud) -> None:
    """Add products, use them, and put the key in again."""
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert_right(result, "product")
    assert all(label.endswith(" · 我的家") for label in offered(result).values())
    assert_right(await answer(hass, flow_id, {"product_id": "FEEDER2026"}), "devices")
    entry = (await answer(hass, flow_id, FEEDERS))["result"]
    await hass.async_block_till_done(wait_background_tasks=True)
    await press(hass, FEED)
    data = {
        "device_id": "FEEDER2026/kitchen-feeder",
        "portions": 1,
        "wait_for_reply": True,
    }
    await hass.services.async_call(DOMAIN, "feeder2026_feed", data, blocking=True)
    data = {
        "device_id": "FEEDER2026/kitchen-feeder",
        "properties": {"child_lock": True},
    }
    await hass.services.async_call(DOMAIN, "set_properties", data, blocking=True)
    flow = await start_product(hass, entry)
    assert_right(flow, "product")
    flow = await answer_product(hass, flow, {"product_id": "LAMP202611"})
    assert_right(flow, "devices")
    chosen = shown(flow) | {"devices": ["desk-lamp"]}
    flow = await answer_product(hass, flow, chosen)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await poll(hass)
    await refresh(hass)
    context = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    result = await hass.config_entries.flow.async_init(DOMAIN, context=context)
    await choose(hass, result["flow_id"], "replace_account")
    result = await answer(hass, result["flow_id"], account_key(cloud))
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not ir.async_get(hass).issues


@pytest.mark.parametrize("without", WithoutProject)
async def test_is_enough(
    hass: HomeAssistant, cloud: Cloud, without: WithoutProject
) -> None:
    """What it allows is enough for everything, and exactly that is used."""
    cloud.expect("InvalidParameterValue.ProductParmsError")
    cloud.emulator.cloud_api.variants.without_project = without
    cloud.emulator.cloud_api.accounts[SECRET_ID].allowed = ALLOWED
    await use_everything(hass, cloud)
    assert {entry.call for entry in cloud.emulator.journal} == ALLOWED


@pytest.mark.parametrize("missing", sorted(ALLOWED))
async def test_each_is_needed(hass: HomeAssistant, cloud: Cloud, missing: str) -> None:
    """Without any of its operations, something does not work."""
    cloud.expect(Denial.DOCUMENTED)
    cloud.emulator.cloud_api.accounts[SECRET_ID].allowed = ALLOWED - {missing}
    with pytest.raises((AssertionError, HomeAssistantError)):
        await use_everything(hass, cloud)


async def use_pushes(hass: HomeAssistant, cloud: Cloud) -> None:
    """Let rules be made, deleted and changed, and nothing be in the way."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")
    entry = await set_up_pushed(hass, cloud, FEEDER, LAMP)
    (lamp,) = [
        key
        for key, subentry in entry.subentries.items()
        if subentry.data["product_id"] == "LAMP202611"
    ]
    hass.config_entries.async_remove_subentry(entry, lamp)
    await hass.async_block_till_done(wait_background_tasks=True)
    await move_home(hass, cloud)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == {}


async def test_pushes(hass: HomeAssistant, cloud: Cloud, home_address: str) -> None:
    """The policy for pushes is enough besides the other, and exactly that is used."""
    cloud.emulator.cloud_api.accounts[SECRET_ID].allowed = ALLOWED | RULES
    await use_pushes(hass, cloud)
    assert len(cloud.emulator.rules.by_name) == 1
    assert {entry.call for entry in cloud.emulator.journal} - ALLOWED == RULES


@pytest.mark.parametrize("missing", sorted(RULES))
async def test_pushes_need_each(
    hass: HomeAssistant, cloud: Cloud, home_address: str, missing: str
) -> None:
    """Without any of its operations a repair says what does not work."""
    cloud.expect(Denial.DOCUMENTED)
    cloud.emulator.cloud_api.accounts[SECRET_ID].allowed = ALLOWED | RULES - {missing}
    with pytest.raises(AssertionError):
        await use_pushes(hass, cloud)


def test_both_languages() -> None:
    """Whatever the language of the document, the policy is the same."""
    assert policy("account-key.zh-Hans.md") == ALLOWED
    assert policy("push.zh-Hans.md") == RULES
