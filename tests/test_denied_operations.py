"""Operations that no policy allows: each concerns that operation alone."""

import asyncio
from collections import Counter

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .entities import press, record_events, state_of
from .helpers import (
    ASYNC,
    FEEDER,
    LAMP,
    LIST,
    SYNC,
    TEMPLATE,
    Cloud,
    poll,
    refresh,
    set_up,
)
from .test_quota import pass_minutes
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from emulator import JournalEntry
from emulator.accounts import SECRET_ID, Account, Denial
from emulator.faults import Fault

BLINK = "LAMP202611/desk-lamp/blink"
RESOURCE = (
    "qcs::iotexplorer:ap-guangzhou:uin/100000000001:project/prj-demohome/product/"
)


@pytest.fixture
def access() -> Access:
    """Let entries have the key of an account."""
    return Access.ACCOUNT


@pytest.fixture
def account(cloud: Cloud) -> Account:
    """Return who has the key, and who is denied what the test means."""
    cloud.expect(*Denial)
    return cloud.emulator.cloud_api.accounts[SECRET_ID]


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the repair issues by what is denied, of which no other may be there."""
    found = [issue for issue in ir.async_get(hass).issues.values() if issue.active]
    assert {issue.translation_key for issue in found} <= {"operation_denied"}
    return {issue.issue_id.rpartition("_")[2]: issue for issue in found}


def connectivity(hass: HomeAssistant, *devices: str) -> list[str]:
    """Return the states of the connectivity of devices."""
    return [state_of(hass, "binary_sensor", device).state for device in devices]


async def use_everything(hass: HomeAssistant, cloud: Cloud) -> None:
    """Press a button and call a service, each of which runs."""
    before = len(cloud.executed)
    await press(hass, BLINK)
    data = {"device_id": "LAMP202611/desk-lamp", "wait_for_reply": True}
    await hass.services.async_call(DOMAIN, "lamp202611_blink", data, blocking=True)
    assert len(cloud.executed) == before + 2


@pytest.mark.parametrize("denial", Denial)
@pytest.mark.parametrize("is_later", [False, True])
async def test_device_list(
    hass: HomeAssistant, cloud: Cloud, account: Account, denial: Denial, is_later: bool
) -> None:
    """Without the list nobody knows what is online; all else works, and it comes back."""
    account.denial = denial
    if not is_later:
        account.denied = {LIST}
    entry = await set_up(hass, cloud, LAMP, FEEDER)
    if is_later:
        assert issues(hass) == {}
        account.denied = {LIST}
        await poll(hass)
    devices = ("LAMP202611/desk-lamp", "FEEDER2026/kitchen-feeder")
    assert connectivity(hass, *devices) == ["unavailable"] * 2
    await use_everything(hass, cloud)
    (issue,) = issues(hass).values()
    assert issue.issue_id == f"operation_denied_{entry.entry_id}_{LIST}"
    assert issue.learn_more_url == "https://console.cloud.tencent.com/cam/policy"
    said = issue.translation_placeholders
    assert said
    assert said["operation"] == LIST
    assert said["code"] == denial
    assert said["products"] == "宠物喂食器 \\(FEEDER2026\\), Lamp \\(LAMP202611\\)"
    message = said["message"].replace("\\", "")
    assert f"(iotexplorer:{LIST})" in message
    assert f"{RESOURCE}FEEDER2026" in message
    assert hass.config_entries.flow.async_progress() == []
    account.denied = set()
    await refresh(hass)
    assert issues(hass) == {}
    assert connectivity(hass, *devices) == ["on"] * 2


async def test_asked_again_hourly(
    hass: HomeAssistant, cloud: Cloud, account: Account, freezer: FrozenDateTimeFactory
) -> None:
    """What is denied is asked for once an hour, what is allowed as ever."""
    account.denied = {LIST}
    await set_up(hass, cloud, LAMP)
    await pass_minutes(hass, freezer, 55)
    made = Counter(entry.call for entry in cloud.emulator.journal)
    assert made == {TEMPLATE: 1, LIST: 1}
    await pass_minutes(hass, freezer, 10)
    assert Counter(entry.call for entry in cloud.emulator.journal)[LIST] in (2, 3)
    assert list(issues(hass)) == [LIST]
    account.denied = set()
    await pass_minutes(hass, freezer, 65)
    assert issues(hass) == {}
    cloud.emulator.journal.clear()
    await pass_minutes(hass, freezer, 5)
    made = Counter(entry.call for entry in cloud.emulator.journal)
    assert made[LIST] >= 4


@pytest.mark.parametrize("way", ["refresh", "reload"])
async def test_data_template(
    hass: HomeAssistant, cloud: Cloud, account: Account, way: str
) -> None:
    """The template stays as it is stored; devices are read, and actions run."""
    entry = await set_up(hass, cloud, LAMP)
    account.denied = {TEMPLATE}
    if way == "refresh":
        await refresh(hass)
    else:
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert list(issues(hass)) == [TEMPLATE]
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].status = 0
    await poll(hass)
    assert connectivity(hass, "LAMP202611/desk-lamp") == ["off"]
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].status = 1
    await use_everything(hass, cloud)
    account.denied = set()
    await refresh(hass)
    assert issues(hass) == {}


async def test_data_template_that_nobody_has(
    hass: HomeAssistant, cloud: Cloud, account: Account
) -> None:
    """Without any template devices are read all the same, and actions come later."""
    account.denied = {TEMPLATE}
    entry = await set_up(hass, cloud, LAMP)
    assert entry.state is ConfigEntryState.LOADED
    assert list(issues(hass)) == [TEMPLATE]
    assert connectivity(hass, "LAMP202611/desk-lamp") == ["on"]
    made = Counter(entry.call for entry in cloud.emulator.journal)
    assert made == {TEMPLATE: 1, LIST: 1}
    account.denied = set()
    await refresh(hass)
    assert issues(hass) == {}
    await use_everything(hass, cloud)


@pytest.mark.parametrize("denial", Denial)
@pytest.mark.parametrize(("call", "waits"), [(ASYNC, False), (SYNC, True)])
async def test_action(
    hass: HomeAssistant,
    cloud: Cloud,
    account: Account,
    denial: Denial,
    call: str,
    waits: bool,
) -> None:
    """A denied call says what is denied, and only the same call is; then it works again."""
    await set_up(hass, cloud, LAMP)
    account.denial = denial
    account.denied = {call}
    events = record_events(hass)

    async def blink(*, waits: bool) -> None:
        """Let the lamp blink."""
        data = {"device_id": "LAMP202611/desk-lamp", "wait_for_reply": waits}
        await hass.services.async_call(DOMAIN, "lamp202611_blink", data, blocking=True)

    for _ in range(2):
        with pytest.raises(HomeAssistantError) as raised:
            await blink(waits=waits)
    assert raised.value.translation_key == "operation_denied"
    assert f"operation (iotexplorer:{call})" in str(raised.value)
    assert f"{RESOURCE}LAMP202611" in str(raised.value)
    assert denial in str(raised.value)
    await hass.async_block_till_done()
    assert {event.attributes["event_type"] for event in events} == {"failed"}
    assert list(issues(hass)) == [call]
    await blink(waits=not waits)
    await poll(hass)
    assert list(issues(hass)) == [call]
    assert connectivity(hass, "LAMP202611/desk-lamp") == ["on"]
    assert hass.config_entries.flow.async_progress() == []
    account.denied = set()
    await blink(waits=waits)
    assert issues(hass) == {}


async def test_device_that_is_offline(
    hass: HomeAssistant, cloud: Cloud, account: Account
) -> None:
    """A call that came as far as a device was allowed, whatever the device does."""
    await set_up(hass, cloud, LAMP)
    account.denied = {ASYNC}
    for denied in ([ASYNC], []):
        with pytest.raises(HomeAssistantError):
            await press(hass, "LAMP202611/hall-lamp/blink")
        assert list(issues(hass)) == denied
        account.denied = set()


async def test_each_operation_by_itself(
    hass: HomeAssistant, cloud: Cloud, account: Account
) -> None:
    """Several that are denied are several issues, each of which goes by itself."""
    entry = await set_up(hass, cloud, LAMP)
    account.denied = {LIST, TEMPLATE, ASYNC}
    await refresh(hass)
    with pytest.raises(HomeAssistantError):
        await press(hass, BLINK)
    assert issues(hass).keys() == account.denied
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["denied"] == {
        TEMPLATE: ["LAMP202611"],
        LIST: ["LAMP202611"],
        ASYNC: ["LAMP202611"],
    }
    (lamp,) = diagnostics["products"]
    assert lamp["failure"] is None
    for call in (LIST, TEMPLATE):
        account.denied.remove(call)
        await refresh(hass)
        assert issues(hass).keys() == account.denied
    account.denied.clear()
    await press(hass, BLINK)
    assert issues(hass) == {}


async def test_one_product(hass: HomeAssistant, cloud: Cloud, account: Account) -> None:
    """What is denied for one product is not for another; the issue goes with the product."""
    entry = await set_up(hass, cloud, LAMP, FEEDER)

    def deny(request: JournalEntry) -> Fault | None:
        """Deny the list of lamps."""
        parameters = request.parameters
        is_denied = request.call == LIST and parameters["ProductId"] == "LAMP202611"
        return Fault(code=Denial.CAM, message="no") if is_denied else None

    cloud.emulator.choose_fault = deny
    await poll(hass)
    devices = ("LAMP202611/desk-lamp", "FEEDER2026/kitchen-feeder")
    assert connectivity(hass, *devices) == ["unavailable", "on"]
    said = issues(hass)[LIST].translation_placeholders
    assert said
    assert said["products"] == "Lamp \\(LAMP202611\\)"
    lamp = next(
        item for item in entry.subentries.values() if item.unique_id == "LAMP202611"
    )
    hass.config_entries.async_remove_subentry(entry, lamp.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == {}


@pytest.mark.parametrize("way", ["unload", "remove", "reload"])
async def test_end_of_the_entry(
    hass: HomeAssistant, cloud: Cloud, account: Account, way: str
) -> None:
    """The issue goes with the entry, also if a request is denied after that."""
    entry = await set_up(hass, cloud, LAMP)
    account.denied = {LIST, ASYNC}
    await poll(hass)
    assert list(issues(hass)) == [LIST]
    release = asyncio.Event()
    arrived = asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Let an action be answered late."""
        if request.call == ASYNC:
            arrived.set()
            await release.wait()

    cloud.emulator.gate = hold
    late = hass.async_create_task(press(hass, BLINK))
    await arrived.wait()
    if way == "reload":
        account.denied = {ASYNC}
        await hass.config_entries.async_reload(entry.entry_id)
    else:
        assert await getattr(hass.config_entries, f"async_{way}")(entry.entry_id)
    assert issues(hass) == {}
    release.set()
    with pytest.raises(HomeAssistantError):
        await late
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == {}


async def test_two_accounts(
    hass: HomeAssistant, cloud: Cloud, account: Account
) -> None:
    """Each entry has an issue of its own; what one may not, the other may."""
    first = await set_up(hass, cloud, LAMP)
    second = await set_up(hass, cloud, FEEDER, **cloud.add_key())
    account.denied = {LIST}
    await poll(hass)
    assert [issue.issue_id for issue in issues(hass).values()] == [
        f"operation_denied_{first.entry_id}_{LIST}"
    ]
    assert connectivity(hass, "FEEDER2026/kitchen-feeder") == ["on"]
    cloud.emulator.cloud_api.accounts["AKIDOTHER"].denied = {LIST}
    account.denied = set()
    await refresh(hass)
    assert [issue.issue_id for issue in issues(hass).values()] == [
        f"operation_denied_{second.entry_id}_{LIST}"
    ]
