"""While pushes come little is read; when they stop, polling goes on and a repair says so."""

from collections.abc import Awaitable, Callable
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from .events import OPENED, START, add_doors
from .helpers import Cloud, make_entry, product, set_up, with_both_keys
from .plugs import (
    PLUG,
    READ,
    add_plugs,
    pass_time,
    plugs,
    read_devices,
    set_up_plugs,
    shown,
)
from .pushes import console_rule, open_home
from .rules import address_at, set_up_pushed
from .test_pushed_values import product_of, rounded
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from emulator import EmulatedDevice, Fault, JournalEntry

MINUTE = 60
HOUR = 60 * MINUTE
# Silence shows at the fourth look at the number of messages, of four in an hour.
AN_HOUR = HOUR + 20 * MINUTE


def push(entry: MockConfigEntry, device: EmulatedDevice, **values: Any) -> None:
    """Let a device report, and the cloud push it."""
    device.report(**values)
    reports = {key: rounded(*device.reported[key]) for key in values}
    pushed = product_of(entry)
    pushed.values.async_take_pushed(device.name, reports)
    pushed.reader.async_note_pushed(pushed, device.name)
    pushed.push.async_note_message()


def expect(entry: MockConfigEntry) -> None:
    """Let messages be expected."""
    product_of(entry).push.async_set_expected(True)


def async_of(
    happen: Callable[[JournalEntry], None],
) -> Callable[[JournalEntry], Awaitable[None]]:
    """Return what happens at each request before it is answered."""

    async def async_happen(request: JournalEntry) -> None:
        """Let it happen."""
        happen(request)

    return async_happen


def issue(hass: HomeAssistant, product_id: str = PLUG) -> ir.IssueEntry | None:
    """Return the repair issue about silence."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"push_silent_{product_id}")


@with_both_keys
async def test_when_pushes_begin(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """They do once a rule is right, or with the first message where a person makes it."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    state = product_of(entry).push
    assert state.in_short == "off"
    read_devices(cloud)
    expect(entry)
    is_account = cloud.access is Access.ACCOUNT
    assert state.in_short == ("active" if is_account else "waiting")
    await pass_time(hass, freezer, 15 * MINUTE, 10)
    read = read_devices(cloud)
    assert len(read) == 1 if is_account else len(read) > 10
    push(entry, device, level=60)
    assert state.in_short == "active"
    await pass_time(hass, freezer, 15 * MINUTE, 10)
    read_devices(cloud)
    push(entry, device, level=70)
    await pass_time(hass, freezer, HOUR, 10)
    assert read_devices(cloud) == ["a"] * 4
    assert shown(hass, "number", "a", "level") == "70"


@with_both_keys
async def test_forwarded(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """What a rule forwards is shown and makes polling rare, until it is turned off."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")
    home = await open_home(hass, hass_client_no_auth)
    (device,) = add_plugs(cloud, "a")
    entry = await set_up_pushed(hass, cloud, plugs("a"))
    state, is_account = product_of(entry).push, cloud.access is Access.ACCOUNT
    assert state.in_short == ("active" if is_account else "waiting")
    if not is_account:
        console_rule(cloud, address_at(home), PLUG)
    freezer.tick(5)
    device.report(level=70)
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, "number", "a", "level") == "70"
    (described,) = (await async_get_config_entry_diagnostics(hass, entry))["products"]
    assert described["pushes"] == state.in_short == "active"
    assert described["properties"]["interval"] == 900
    cloud.emulator.forwarder.forwards_status = True
    device.disconnect()
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, "number", "a", "level") == "unknown"
    hass.config_entries.async_update_entry(entry, options={})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state.in_short == "off"


@with_both_keys
async def test_idle(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Devices of which nothing is to be read stay pushed; an hour costs one test."""
    entry, devices = await set_up_plugs(hass, cloud, "a", "b")
    # Not when one of them is read in turn, which would do.
    await pass_time(hass, freezer, 2 * MINUTE, 10)
    for device in devices:
        push(entry, device, level=60)
    await pass_time(hass, freezer, AN_HOUR, 10)
    for _ in range(2):
        read_devices(cloud)
        await pass_time(hass, freezer, HOUR, 10)
        assert len(read_devices(cloud)) == 4 * 2 + 1
    assert product_of(entry).push.is_active
    assert issue(hass) is None


@with_both_keys
async def test_silence(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """When devices report and nothing comes, all is polled until a message comes."""
    entry, (device, _) = await set_up_plugs(hass, cloud, "a", "b")
    push(entry, device, level=60)
    await pass_time(hass, freezer, 15 * MINUTE, 10)
    device.report(level=80)
    await pass_time(hass, freezer, AN_HOUR, 10)
    assert shown(hass, "number", "a", "level") == "80"
    found = issue(hass)
    assert found
    assert found.severity is ir.IssueSeverity.WARNING
    assert found.translation_placeholders
    assert found.translation_placeholders["product"] == PLUG
    assert product_of(entry).push.in_short == "silent"
    read_devices(cloud)
    device.report(level=90)
    await pass_time(hass, freezer, 2 * MINUTE, 1)
    assert shown(hass, "number", "a", "level") == "90"
    assert set(read_devices(cloud)) == {"a", "b"}
    # It is not said again, and costs nothing more.
    await pass_time(hass, freezer, AN_HOUR, 10)
    assert issue(hass) is found
    push(entry, device, level=40)
    assert issue(hass) is None
    assert product_of(entry).push.is_active
    assert shown(hass, "number", "a", "level") == "40"


async def test_reported_since_the_last_turn(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """The test itself finds what no reading in turn has found yet."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    push(entry, device, level=60)
    for _ in range(AN_HOUR // 10):
        if issue(hass):
            break
        if product_of(entry).push.is_missed:
            # Whatever a turn finds is pushed after all.
            push(entry, device, level=61)
        await pass_time(hass, freezer, 10, 10)
    assert issue(hass) is None


@with_both_keys
async def test_one_lost_message(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What is read before it is pushed, or was pushed in vain, is forgotten by the next."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    for level in (60, 70, 80):
        push(entry, device, level=level)
        await pass_time(hass, freezer, MINUTE, 10)
        device.report(level=level + 1)
        await pass_time(hass, freezer, 35 * MINUTE, 10)
        assert product_of(entry).push.is_missed
        assert shown(hass, "number", "a", "level") == str(level + 1)
    push(entry, device, level=90)
    await pass_time(hass, freezer, AN_HOUR, 10)
    assert product_of(entry).push.is_active
    assert issue(hass) is None


async def test_same_report_by_another_clock(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device's time may be minutes from that of the message that has the same."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    push(entry, device, level=60)
    device.report(int(time.time() * 1000) + 120_000, level=60)
    await pass_time(hass, freezer, 2 * AN_HOUR, 10)
    assert product_of(entry).push.is_active
    assert issue(hass) is None


async def test_nothing_ever_came(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Where the first message does not come although devices report, a repair says so."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    expect(entry)
    for minute in range(AN_HOUR // MINUTE):
        assert minute > 59 or issue(hass) is None
        device.report(level=minute)
        await pass_time(hass, freezer, MINUTE, 10)
    assert issue(hass)
    # Nothing is expected any more.
    product_of(entry).push.async_set_expected(False)
    assert issue(hass) is None


async def test_turned_off(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Without pushes all is polled at once, and nothing is tested."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    expect(entry)
    push(entry, device, level=60)
    await pass_time(hass, freezer, 20 * MINUTE, 10)
    read_devices(cloud)
    product_of(entry).push.async_set_expected(False)
    await pass_time(hass, freezer, 10 * MINUTE, 10)
    assert len(read_devices(cloud)) in (9, 10, 11)
    assert product_of(entry).push.in_short == "off"


async def test_test_fails(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What cannot be read says nothing, and is tried in the next hour."""
    cloud.expect("InternalError")
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    push(entry, device, level=60)
    device.report(int(time.time() * 1000) + HOUR * 1000, level=80)
    cloud.emulator.faults.append(Fault(call=READ, code="InternalError", times=1000))
    await pass_time(hass, freezer, AN_HOUR, 10)
    assert issue(hass) is None
    assert product_of(entry).push.is_active
    cloud.emulator.faults.clear()
    await pass_time(hass, freezer, HOUR, 10)
    assert issue(hass)


@pytest.mark.parametrize("is_online", [True, False])
async def test_nothing_is_online(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    is_online: bool,
) -> None:
    """Devices that are offline are not asked why they say nothing."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    push(entry, device, level=60)
    device.status = int(is_online)
    await pass_time(hass, freezer, 2 * MINUTE, 10)
    read_devices(cloud)
    await pass_time(hass, freezer, AN_HOUR, 10)
    assert bool(read_devices(cloud)) is is_online
    assert issue(hass) is None


async def test_nobody_shows_properties(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device that nobody shows is compared with what an earlier test saw of it."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if "/property:" in entity.unique_id:
            registry.async_update_entity(
                entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
            )
    await hass.async_block_till_done(wait_background_tasks=True)
    push(entry, device, level=60)
    await pass_time(hass, freezer, AN_HOUR, 10)
    # A message says that pushes come: what was seen before it counts no more.
    push(entry, device, level=70)
    read_devices(cloud)
    await pass_time(hass, freezer, AN_HOUR, 10)
    assert read_devices(cloud) == ["a"]

    def report(request: JournalEntry) -> None:
        """Let the device report, and push it, while it is read."""
        if request.call == READ:
            push(entry, device, level=80)

    cloud.emulator.gate = async_of(report)
    await pass_time(hass, freezer, HOUR, 10)
    assert read_devices(cloud) == ["a"]
    assert issue(hass) is None
    cloud.emulator.gate = None
    await pass_time(hass, freezer, AN_HOUR, 10)
    device.report(level=90)
    await pass_time(hass, freezer, HOUR, 10)
    assert issue(hass)


async def test_actions_only(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A product that is used for its actions alone is not read."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a", use_properties=False)
    expect(entry)
    push(entry, device, level=60)
    await pass_time(hass, freezer, 2 * AN_HOUR, 10)
    assert read_devices(cloud) == []


@with_both_keys
async def test_without_polling(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What is not polled is not tested either."""
    (device,) = add_plugs(cloud, "a")
    entry = make_entry(cloud, plugs("a"))
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    read_devices(cloud)
    push(entry, device, level=60)
    device.report(level=80)
    await pass_time(hass, freezer, 2 * AN_HOUR, 10)
    assert read_devices(cloud) == []
    assert issue(hass) is None


async def test_missed_event(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """An event that is read and was not pushed counts as any report does."""
    freezer.move_to(START)
    (device,) = add_doors(cloud, OPENED)
    device.raise_event("opened", "info", {"times": 1})
    settings = product("DOOR", ["device-1"], use_properties=True)
    entry = await set_up(hass, cloud, settings)
    product_of(entry).push.async_note_message()
    await pass_time(hass, freezer, AN_HOUR, 60)
    assert issue(hass, "DOOR") is None
    await hass.config_entries.async_unload(entry.entry_id)
    device.raise_event("opened", "info", {"times": 3})
    cloud.emulator.gate = async_of(
        lambda request: product_of(entry).push.async_note_message()
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    cloud.emulator.gate = None
    # What happened before the start was pushed to nobody.
    assert product_of(entry).push.in_short == "active"
    await pass_time(hass, freezer, AN_HOUR, 60)
    assert issue(hass, "DOOR") is None
    device.raise_event("opened", "info", {"times": 2})
    await pass_time(hass, freezer, AN_HOUR, 60)
    assert issue(hass, "DOOR")


async def test_end(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A reload begins anew, and what was said goes; nothing goes on after the end."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    push(entry, device, level=60)
    await pass_time(hass, freezer, MINUTE, 10)
    device.report(level=80)
    await pass_time(hass, freezer, AN_HOUR, 10)
    assert issue(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue(hass) is None
    assert product_of(entry).push.in_short == "off"
    push(entry, device, level=60)
    await hass.config_entries.async_unload(entry.entry_id)
    read_devices(cloud)
    await pass_time(hass, freezer, AN_HOUR, 60)
    assert read_devices(cloud) == []
