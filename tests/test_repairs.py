"""Repairs whose subject changes while the question is open, answered over HTTP."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component

from .entities import add_product
from .helpers import FEEDER, LAMP, Cloud, poll, product, refresh, set_up
from .test_gone_actions import ISSUE as ACTIONS, actions, services, set_actions
from .test_gone_devices import ALL_LAMPS, device_issue, issues, lamps, names
from .test_translations import LANGUAGES, load
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, Fault
from emulator.products import action

DEVICES = "devices_gone_LAMP202611"

type Change = Callable[[HomeAssistant, Cloud, MockConfigEntry], Awaitable[None]]


class Repairs:
    """The repairs of Home Assistant, as a browser uses them."""

    def __init__(self, hass: HomeAssistant, client: TestClient[Any, Any]) -> None:
        """Use a client that is logged in."""
        self._hass = hass
        self._client = client

    async def ask(self, issue_id: str) -> Any:
        """Open the question of a repair issue."""
        return await self._post(
            "/api/repairs/issues/fix", {"handler": DOMAIN, "issue_id": issue_id}
        )

    async def answer(self, flow: Any, **data: str) -> Any:
        """Answer a step of a question."""
        return await self._post(f"/api/repairs/issues/fix/{flow['flow_id']}", data)

    async def choose(self, flow: Any, step_id: str) -> Any:
        """Choose a step of a menu."""
        return await self.answer(flow, next_step_id=step_id)

    async def _post(self, url: str, data: dict[str, str]) -> Any:
        """Return what is shown next, which for an end has words in each language."""
        response = await self._client.post(url, json=data)
        assert response.status == HTTPStatus.OK
        await self._hass.async_block_till_done(wait_background_tasks=True)
        result = await response.json()
        if result["type"] == "abort":
            for language in LANGUAGES:
                reasons = [
                    issue["fix_flow"]["abort"].get(result["reason"])
                    for issue in load(language)["issues"].values()
                    if "fix_flow" in issue
                ]
                assert any(
                    reason and reason.format(**result["description_placeholders"])
                    for reason in reasons
                )
        return result


@pytest.fixture
async def repairs(
    hass: HomeAssistant, cloud: Cloud, hass_client: ClientSessionGenerator
) -> Repairs:
    """Return the repairs of Home Assistant."""
    # All that the integration needs adds its views before the first request.
    assert await async_setup_component(hass, "webhook", {})
    assert await async_setup_component(hass, "repairs", {})
    return Repairs(hass, await hass_client())


async def hall_is_gone(hass: HomeAssistant, cloud: Cloud) -> MockConfigEntry:
    """Set up picked lamps, of which one is gone and another not picked."""
    entry = await set_up(hass, cloud, LAMP)
    del lamps(cloud)["hall-lamp"]
    lamps(cloud)["spare-lamp"] = EmulatedDevice(name="spare-lamp")
    for _ in range(2):
        await poll(hass)
    return entry


async def remove_product(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Remove the product."""
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)


async def add_again(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Remove the product, and add it anew with the same settings."""
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    again = ConfigSubentry(
        data=subentry.data,
        subentry_type=subentry.subentry_type,
        title=subentry.title,
        unique_id=subentry.unique_id,
    )
    hass.config_entries.async_add_subentry(entry, again)


async def remove_application(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Remove the application."""
    await hass.config_entries.async_remove(entry.entry_id)


async def unload(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Unload the application, as a reload does first."""
    await hass.config_entries.async_unload(entry.entry_id)


async def come_back(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Let all lamps be in the cloud again, which nobody here knows yet."""
    for name in ("desk-lamp", "hall-lamp"):
        lamps(cloud)[name] = EmulatedDevice(name=name)


async def come_back_and_poll(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Let all lamps be in the cloud again, which is known here."""
    await come_back(hass, cloud, entry)
    await poll(hass)


async def go_away(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Let the cloud be away."""
    cloud.emulator.faults.append(Fault(drop=True, times=999))


async def pick(hass: HomeAssistant, entry: MockConfigEntry, **changes: Any) -> None:
    """Change the devices of the product, as its dialog does."""
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, **changes}
    )


async def unpick(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Pick the gone device no more."""
    await pick(hass, entry, devices=["desk-lamp"])


async def pick_spare(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Pick the spare lamp in another window."""
    await pick(hass, entry, devices=["desk-lamp", "hall-lamp", "spare-lamp"])


async def follow_all(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Let the product use all its devices."""
    await pick(hass, entry, devices=[], all_devices=True)


async def lose_spare(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Let the spare lamp go from the cloud."""
    del lamps(cloud)["spare-lamp"]


async def nothing(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Change nothing."""


def picked(entry: MockConfigEntry) -> list[list[str]]:
    """Return which devices are picked for each product."""
    return [list(item.data[CONF_DEVICES]) for item in entry.subentries.values()]


async def changed(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry, change: Change
) -> tuple[Any, ...]:
    """Change something, and return what is there from then on."""
    await change(hass, cloud, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return names(hass, entry), picked(entry)


SETTLED = [
    (remove_product, "product_removed"),
    (add_again, "product_removed"),
    (remove_application, "product_removed"),
    (unload, "not_loaded"),
]


@pytest.mark.parametrize("branch", ["confirm", "replace"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *SETTLED,
        (come_back_and_poll, "device_back"),
        (unpick, "device_not_used"),
    ],
)
async def test_before_the_branch(
    hass: HomeAssistant,
    cloud: Cloud,
    repairs: Repairs,
    change: Change,
    reason: str,
    branch: str,
) -> None:
    """What changed while the menu was open ends either branch in words."""
    entry = await hall_is_gone(hass, cloud)
    flow = await repairs.ask(device_issue(hass, "hall-lamp"))
    assert flow["type"] == "menu"
    before = await changed(hass, cloud, entry, change)
    flow = await repairs.choose(flow, branch)
    assert (flow["type"], flow["reason"]) == ("abort", reason)
    assert (names(hass, entry), picked(entry)) == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *SETTLED,
        (come_back_and_poll, "device_back"),
        (come_back, "device_back"),
        (unpick, "device_not_used"),
        (go_away, "not_readable"),
        (nothing, None),
        (follow_all, None),
    ],
)
async def test_before_the_device_is_removed(
    hass: HomeAssistant,
    cloud: Cloud,
    repairs: Repairs,
    change: Change,
    reason: str | None,
) -> None:
    """A device is removed only if it is used here and the cloud still has it not."""
    entry = await hall_is_gone(hass, cloud)
    issue_id = device_issue(hass, "hall-lamp")
    flow = await repairs.choose(await repairs.ask(issue_id), "confirm")
    assert flow["step_id"] == "confirm"
    before = await changed(hass, cloud, entry, change)
    flow = await repairs.answer(flow)
    if reason:
        assert (flow["type"], flow["reason"]) == ("abort", reason)
        assert (names(hass, entry), picked(entry)) == before
    else:
        assert flow["type"] == "create_entry"
        assert "hall-lamp" not in names(hass, entry)
    assert (issue_id in issues(hass)) is (reason == "not_readable")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (come_back, "device_back"),
        (go_away, "not_readable"),
        (pick_spare, "no_other_device"),
        (lose_spare, "no_other_device"),
        (follow_all, "no_other_device"),
    ],
)
async def test_before_another_is_chosen(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs, change: Change, reason: str
) -> None:
    """No replacement is offered for a device that is back, or where there is none."""
    entry = await hall_is_gone(hass, cloud)
    flow = await repairs.ask(device_issue(hass, "hall-lamp"))
    before = await changed(hass, cloud, entry, change)
    flow = await repairs.choose(flow, "replace")
    assert (flow["type"], flow["reason"]) == ("abort", reason)
    assert (names(hass, entry), picked(entry)) == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *SETTLED,
        (come_back_and_poll, "device_back"),
        (come_back, "device_back"),
        (unpick, "device_not_used"),
        (go_away, "not_readable"),
        (pick_spare, "new_device_used"),
        (follow_all, "new_device_used"),
        (lose_spare, "new_device_gone"),
        (nothing, None),
    ],
)
async def test_before_the_device_is_replaced(
    hass: HomeAssistant,
    cloud: Cloud,
    repairs: Repairs,
    change: Change,
    reason: str | None,
) -> None:
    """A device is replaced only if it is gone, and the other there and not in use."""
    entry = await hall_is_gone(hass, cloud)
    issue_id = device_issue(hass, "hall-lamp")
    flow = await repairs.choose(await repairs.ask(issue_id), "replace")
    assert flow["step_id"] == "replace"
    before = await changed(hass, cloud, entry, change)
    flow = await repairs.answer(flow, new_device="spare-lamp")
    if reason:
        assert (flow["type"], flow["reason"]) == ("abort", reason)
        assert (names(hass, entry), picked(entry)) == before
    else:
        assert flow["type"] == "create_entry"
        assert picked(entry) == [["desk-lamp", "spare-lamp"]]


async def test_two_windows(hass: HomeAssistant, cloud: Cloud, repairs: Repairs) -> None:
    """The same question, answered twice, is settled by the first answer."""
    entry = await hall_is_gone(hass, cloud)
    issue_id = device_issue(hass, "hall-lamp")
    one = await repairs.choose(await repairs.ask(issue_id), "replace")
    other = await repairs.choose(await repairs.ask(issue_id), "confirm")
    await repairs.answer(one, new_device="spare-lamp")
    result = await repairs.answer(other)
    assert result["reason"] == "device_not_used"
    assert result["description_placeholders"]["device"] == "hall\\-lamp"
    assert picked(entry) == [["desk-lamp", "spare-lamp"]]


async def test_one_request(hass: HomeAssistant, cloud: Cloud, repairs: Repairs) -> None:
    """One request has both devices, and one more of each in a large product."""
    await hall_is_gone(hass, cloud)
    flow = await repairs.ask(device_issue(hass, "hall-lamp"))
    flow = await repairs.choose(flow, "replace")
    before = len(cloud.emulator.journal)
    cloud.emulator.faults.append(Fault(call="DescribeDevice", drop=True))
    flow = await repairs.answer(flow, new_device="spare-lamp")
    assert flow["type"] == "create_entry"
    after = [entry.call for entry in cloud.emulator.journal[before:]]
    assert after[0] == "GetDeviceList"
    assert "DescribeDevice" not in after


async def test_beyond_the_first_page(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs
) -> None:
    """In a large product, a device is looked for by its name."""
    cloud.expect("ResourceNotFound.DeviceNotExist")
    add_product(cloud, "BIG", action("clean", "Clean"), devices=700)
    entry = await set_up(hass, cloud, product("BIG", ["device-699"]))
    devices = cloud.emulator.products["BIG"].devices
    gone = devices.pop("device-699")
    for _ in range(2):
        await poll(hass)
    issue_id = device_issue(hass, "device-699")
    flow = await repairs.choose(await repairs.ask(issue_id), "confirm")
    devices["device-699"] = gone
    flow = await repairs.answer(flow)
    assert flow["reason"] == "device_back"
    assert issues(hass) == []
    del devices["device-699"]
    for _ in range(2):
        await poll(hass)
    flow = await repairs.choose(await repairs.ask(issue_id), "replace")
    flow = await repairs.answer(flow, new_device="device-300")
    assert flow["type"] == "create_entry"
    assert picked(entry) == [["device-300"]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *SETTLED,
        (come_back_and_poll, "devices_back"),
        (come_back, "devices_back"),
        (go_away, "not_readable"),
        (nothing, None),
    ],
)
async def test_before_many_are_removed(
    hass: HomeAssistant,
    cloud: Cloud,
    repairs: Repairs,
    change: Change,
    reason: str | None,
) -> None:
    """Many devices are removed only if the cloud, asked once more, has them not."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    flow = await repairs.ask(DEVICES)
    words = flow["description_placeholders"]
    assert words["devices"] == "desk\\-lamp, hall\\-lamp"
    before = await changed(hass, cloud, entry, change)
    flow = await repairs.answer(flow)
    if reason:
        assert (flow["type"], flow["reason"]) == ("abort", reason)
        assert (names(hass, entry), picked(entry)) == before
    else:
        assert flow["type"] == "create_entry"
        assert names(hass, entry) == set()
    assert (DEVICES in issues(hass)) is (reason == "not_readable")


async def test_first_device_after_all_were_removed(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs
) -> None:
    """With the last device goes what asked for polls, but a new one is waited for."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    await repairs.answer(await repairs.ask(DEVICES))
    assert names(hass, entry) == set()
    lamps(cloud)["new-lamp"] = EmulatedDevice(name="new-lamp")
    await poll(hass)
    assert names(hass, entry) == {"new-lamp"}


async def test_only_what_was_shown_is_removed(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs
) -> None:
    """One that came back stays, and one that went since is asked about first."""
    lamps(cloud).clear()
    for index in range(8):
        lamps(cloud)[f"lamp-{index}"] = EmulatedDevice(name=f"lamp-{index}")
    entry = await set_up(hass, cloud, ALL_LAMPS)
    gone = [lamps(cloud).pop(f"lamp-{index}") for index in range(6)]
    for _ in range(2):
        await poll(hass)
    flow = await repairs.ask(DEVICES)
    assert flow["description_placeholders"]["count"] == "6"
    del lamps(cloud)["lamp-6"]
    for _ in range(2):
        await poll(hass)
    lamps(cloud)["lamp-0"] = gone[0]
    flow = await repairs.answer(flow)
    assert names(hass, entry) == {"lamp-0", "lamp-6", "lamp-7"}
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"]["devices"] == "lamp\\-6"
    assert issues(hass) == [DEVICES]
    flow = await repairs.answer(flow)
    assert flow["type"] == "create_entry"
    assert names(hass, entry) == {"lamp-0", "lamp-7"}
    assert issues(hass) == []


async def test_partial_list_removes_nothing(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs
) -> None:
    """A list that is not complete does not prove that a device is gone."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    flow = await repairs.ask(DEVICES)
    cloud.emulator.faults.append(
        Fault(call="GetDeviceList", payload={"Devices": [], "Total": 2})
    )
    flow = await repairs.answer(flow)
    assert flow["reason"] == "not_readable"
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}


@pytest.mark.parametrize("knows", [True, False], ids=["known", "unknown"])
async def test_actions_come_back(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs, knows: bool
) -> None:
    """Actions that are in the template again are not removed, known here or not."""
    entry = await set_up(hass, cloud, FEEDER)
    before, all_actions = services(hass), actions(cloud)
    set_actions(cloud, *all_actions[1:])
    await refresh(hass)
    flow = await repairs.ask(ACTIONS)
    set_actions(cloud, *all_actions)
    if knows:
        await refresh(hass)
    flow = await repairs.answer(flow)
    assert (flow["type"], flow["reason"]) == ("abort", "declarations_back")
    assert services(hass) == before
    assert issues(hass) == []
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert [entity for entity in entities if entity.unique_id.endswith("/feed")]


@pytest.mark.parametrize(
    ("change", "reason"), [*SETTLED, (go_away, "template_not_readable")]
)
async def test_before_actions_are_removed(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs, change: Change, reason: str
) -> None:
    """Actions are removed only if the template, read once more, has them not."""
    entry = await set_up(hass, cloud, FEEDER)
    set_actions(cloud, *actions(cloud)[1:])
    await refresh(hass)
    flow = await repairs.ask(ACTIONS)
    before = await changed(hass, cloud, entry, change)
    flow = await repairs.answer(flow)
    assert (flow["type"], flow["reason"]) == ("abort", reason)
    assert (names(hass, entry), picked(entry)) == before


async def test_more_actions_go(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs
) -> None:
    """Actions that went since the question was shown are shown before they go."""
    await set_up(hass, cloud, FEEDER)
    feed, clean, meal = actions(cloud)
    set_actions(cloud, clean, meal)
    await refresh(hass)
    flow = await repairs.ask(ACTIONS)
    set_actions(cloud, meal)
    flow = await repairs.answer(flow)
    assert flow["step_id"] == "confirm"
    assert "cleanBowl" in flow["description_placeholders"]["actions"]
    assert hass.services.has_service(DOMAIN, "feeder2026_feed")
    set_actions(cloud, feed, meal)
    flow = await repairs.answer(flow)
    assert flow["type"] == "create_entry"
    assert services(hass) == {"feeder2026_feed", "feeder2026_set_meal"}
    assert issues(hass) == []


async def test_settled_before_it_is_opened(
    hass: HomeAssistant, cloud: Cloud, repairs: Repairs
) -> None:
    """An issue that outlived its subject opens with words."""
    entry = await set_up(hass, cloud, LAMP)
    (subentry_id,) = entry.subentries
    for issue_id in (DEVICES, "declarations_gone_LAMP202611"):
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=issue_id.removesuffix("_LAMP202611"),
            data={"entry_id": entry.entry_id, "subentry_id": subentry_id},
        )
    assert (await repairs.ask(DEVICES))["reason"] == "devices_back"
    flow = await repairs.ask("declarations_gone_LAMP202611")
    assert flow["reason"] == "declarations_back"
