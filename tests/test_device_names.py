"""Errors, dialogs and repairs call a device what its owner calls it."""

from collections.abc import Callable
from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component

from .dialogs import options
from .entities import add_product, registered, set_value
from .helpers import (
    ASYNC,
    FEEDER,
    LAMP,
    Cloud,
    button,
    device_id,
    make_entry,
    poll,
    product,
    refresh,
    set_up,
)
from .plugs import PLUG, READ, WRITE, set_up_plugs
from .test_gone_actions import actions, answer, fix, set_actions
from .test_gone_devices import ALL_LAMPS, device_issue, lamps
from .test_product_flow import answer as answer_dialog, start
from .test_product_settings import WITH_SPARE, replace_lamp
from .test_translations import LANGUAGES, load
from .voice import say, set_up_feeders
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.product import device_names
from emulator import EmulatedDevice, Fault
from emulator.products import action

KITCHEN = "FEEDER2026/kitchen-feeder/feed"
CHINESE = "厨房的喂食器"
# Of all that Markdown takes for its own, something.
ODD = "[Cat](x) *1* `a_b` <i> #2"
ESCAPED = r"\[Cat\]\(x\) \*1\* \`a\_b\` \<i\> \#2"


def rename(hass: HomeAssistant, name: str, *owners_names: str) -> None:
    """Let the owner call the devices of a DeviceName by another name each."""
    registry = dr.async_get(hass)
    devices = [
        device
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        if device.name == name
    ]
    for device, owners_name in zip(devices, owners_names, strict=True):
        registry.async_update_device(device.id, name_by_user=owners_name)


async def error_of(hass: HomeAssistant, service: str, data: dict[str, Any]) -> str:
    """Return the words of the error that a call of a service ends in."""
    domain, _, name = service.rpartition(".")
    response = name == "get_properties"
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            domain or DOMAIN, name, data, blocking=True, return_response=response
        )
    return str(raised.value)


@pytest.mark.parametrize("owners_name", [CHINESE, "Kitchen", ODD])
async def test_actions(hass: HomeAssistant, cloud: Cloud, owners_name: str) -> None:
    """Whatever goes wrong with an action names its device, as it is written."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    rename(hass, "kitchen-feeder", owners_name)
    device = device_id(hass, entry, "kitchen-feeder")
    press = {"entity_id": button(hass, KITCHEN)}
    cloud.expect("FailedOperation.ActionUnreachable")
    cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"].status = 0
    selected = {"device_id": device}
    call_action = {**selected, "action_id": "nothing"}
    texts = [
        await error_of(hass, "feeder2026_feed", selected),
        await error_of(hass, "feeder2026_feed", {**selected, "portions": 99}),
        await error_of(hass, "feeder2026_set_meal", selected),
        await error_of(hass, "call_action", call_action),
        await error_of(hass, "lamp202611_blink", selected),
        await error_of(
            hass, "lamp202611_blink", {"device_id": "FEEDER2026/kitchen-feeder"}
        ),
        await error_of(hass, "button.press", press),
        await error_of(
            hass,
            "button.press",
            {"entity_id": button(hass, "FEEDER2026/kitchen-feeder/setMeal")},
        ),
    ]
    with pytest.raises(HomeAssistantError) as raised:
        await set_value(hass, "number", f"{KITCHEN}/portions", 1.5)
    texts.append(str(raised.value))
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    texts.append(await error_of(hass, "feeder2026_feed", selected))
    for text in texts:
        assert owners_name in text
        assert "kitchen-feeder" not in text
        assert "FEEDER2026" not in text
    # Nor is the product called by its id.
    assert "Lamp" in texts[4]
    assert "LAMP202611" not in texts[4]


async def test_properties(hass: HomeAssistant, cloud: Cloud) -> None:
    """Whatever goes wrong with properties names their device."""
    entry, _ = await set_up_plugs(hass, cloud, "a", "b", use_properties=True)
    rename(hass, "a", CHINESE)
    number = {
        "entity_id": registered(hass, "number", f"{PLUG}/a/property:level").entity_id
    }
    selected = {"device_id": device_id(hass, entry, "a")}
    code = "ResourceNotFound.DeviceNotExist"
    cloud.expect(code)
    cloud.emulator.faults += [
        Fault(call=WRITE, code=code, times=2),
        Fault(call=READ, code=code),
    ]
    for service, data in (
        ("number.set_value", {**number, "value": 1}),
        ("set_properties", {**selected, "properties": {"level": 1}}),
        ("get_properties", selected),
        ("set_properties", {**selected, "properties": {"level": 1000}}),
        ("set_properties", {**selected, "properties": {"other": 1}}),
    ):
        text = await error_of(hass, service, data)
        assert CHINESE in text
        assert " a " not in text


async def test_several_at_once(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of many that fail is named, and all names are looked up once."""
    names = add_product(cloud, "MANY", action("go", "Go"), devices=60)
    entry = await set_up(hass, cloud, product("MANY", names))
    for name in names:
        rename(hass, name, f"灯 {name}")
    cloud.expect("FailedOperation.ActionUnreachable")
    for device in cloud.emulator.products["MANY"].devices.values():
        device.status = 0
    lookups: list[int] = []
    distinct_names = device_names.distinct_names

    def count(items: Any, *names: Callable[[Any], str]) -> list[str]:
        """Count how often names are made distinct."""
        lookups.append(len(items))
        return distinct_names(items, *names)

    monkeypatch.setattr(device_names, "distinct_names", count)
    selected = [device_id(hass, entry, name) for name in names]
    text = await error_of(hass, "many_go", {"device_id": selected})
    first = text.splitlines()[:3]
    assert first[0] == "60 of 60 devices failed:"
    assert first[1].startswith("- Go (go) on 灯 device-1 was not executed")
    assert first[2].startswith("- Go (go) on 灯 device-2 was not executed")
    assert lookups == [60]


async def test_called_alike(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where devices are called the same, more is said, and only there."""
    add_product(cloud, "ONE", action("go", "Go"), devices=2)
    add_product(cloud, "OTHER", action("go", "Go"), devices=3)
    entry = await set_up(
        hass,
        cloud,
        product("ONE", ["device-1", "device-2"], title="Bell"),
        product("OTHER", ["device-1", "device-2", "device-3"], title="Door"),
    )
    product_of = {
        item.product_id: item for item in entry.runtime_data.products.values()
    }

    def labels() -> list[str]:
        """Return what all devices are called."""
        return [
            product_of[product_id].device_label(name)
            for product_id, name in (
                ("ONE", "device-1"),
                ("ONE", "device-2"),
                ("OTHER", "device-1"),
                ("OTHER", "device-3"),
                ("OTHER", "never"),
            )
        ]

    # Two products have devices of the same DeviceName.
    assert labels() == [
        "device-1 (Bell)",
        "device-2 (Bell)",
        "device-1 (Door)",
        "device-3",
        "never",
    ]
    rename(hass, "device-1", "门", "窗")
    rename(hass, "device-3", "门")
    assert labels()[0] == "门 (device-1)"
    assert labels()[2:4] == ["窗", "门 (device-3)"]
    # Renamed again, it is told apart no more.
    rename(hass, "device-3", "阳台")
    assert labels()[0] == "门"
    rename(hass, "device-3", "门 (device-1)")
    rename(hass, "device-1", "门", "门")
    assert len(set(labels())) == 5
    rename(hass, "device-1", "  ", "\n门\n")
    assert labels()[0] == "device-1"
    assert labels()[2] == "门"


async def test_alike_in_another_account(hass: HomeAssistant, cloud: Cloud) -> None:
    """Devices of all entries count, also of one that is not loaded."""
    await set_up(hass, cloud, FEEDER)
    other = make_entry(cloud, LAMP, **cloud.add_key())
    other.add_to_hass(hass)
    await hass.config_entries.async_setup(other.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    rename(hass, "kitchen-feeder", CHINESE)
    rename(hass, "desk-lamp", CHINESE)
    await hass.config_entries.async_unload(other.entry_id)
    data = {"device_id": "FEEDER2026/kitchen-feeder", "portions": 99}
    text = await error_of(hass, "feeder2026_feed", data)
    assert f"on {CHINESE} (kitchen-feeder) is out of range" in text
    await hass.config_entries.async_remove(other.entry_id)
    text = await error_of(hass, "feeder2026_feed", data)
    assert f"on {CHINESE} is out of range" in text


async def test_products_called_alike(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product has its title, and its ProductId where another has the same."""
    add_product(cloud, "ONE", action("go", "Go"))
    add_product(cloud, "OTHER", action("go", "Go"))
    one = product("ONE", ["device-1"], title="Bell")
    other = product("OTHER", ["device-1"], title="Bell")
    await set_up(hass, cloud, one, other)
    text = await error_of(hass, "one_go", {"device_id": "OTHER/device-1"})
    assert "The device device-1 (OTHER) is not one of the product Bell (ONE)" in text


async def test_unknown_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """What nobody knows is shown as it was given."""
    await set_up(hass, cloud, FEEDER)
    text = await error_of(hass, "feeder2026_feed", {"device_id": "OTHER/kitchen"})
    assert "The device OTHER/kitchen is not one of the product 宠物喂食器" in text


async def test_said(hass: HomeAssistant, cloud: Cloud) -> None:
    """Voice says the name alone, as always; nobody says a DeviceName."""
    await set_up_feeders(hass, cloud, "HANS", exposed=["clean"])
    rename(hass, "device-1", CHINESE)
    await hass.async_block_till_done(wait_background_tasks=True)
    cloud.emulator.faults.append(Fault(call=ASYNC, drop=True))
    text = await say(hass, f"{CHINESE}清洗食盆", "zh-CN")
    assert text.startswith(f"{CHINESE} 的 清洗食盆 可能已执行：")


@pytest.mark.parametrize(
    ("owners_name", "escaped"),
    [(CHINESE, CHINESE), (ODD, ESCAPED)],
)
async def test_gone_device(
    hass: HomeAssistant, cloud: Cloud, owners_name: str, escaped: str
) -> None:
    """A device that is gone has its name in all titles, and the DeviceName in texts."""
    await set_up(hass, cloud, LAMP)
    rename(hass, "hall-lamp", owners_name)
    del lamps(cloud)["hall-lamp"]
    for _ in range(2):
        await poll(hass)
    issue_id = device_issue(hass, "hall-lamp")

    def words() -> dict[str, str]:
        """Return what the repair names."""
        issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
        assert issue
        return dict(issue.translation_placeholders or {})

    full = rf"{escaped} \(hall\-lamp\)"
    named = {"device": full, "plain_device": owners_name}
    assert named.items() <= words().items()
    flow = await fix(hass, issue_id)
    assert named.items() <= flow["description_placeholders"].items()
    # Another name is shown at once, in a question that is opened later as well.
    rename(hass, "hall-lamp", "Old lamp")
    await hass.async_block_till_done(wait_background_tasks=True)
    named = {"device": r"Old lamp \(hall\-lamp\)", "plain_device": "Old lamp"}
    assert named.items() <= words().items()
    flow = await fix(hass, issue_id)
    assert named.items() <= flow["description_placeholders"].items()
    for language in LANGUAGES:
        texts = load(language)["issues"]["device_gone"]
        title = texts["title"].format(**words())
        assert "Old lamp" in title
        assert "hall" not in title
        step = texts["fix_flow"]["step"]["init"]["description"]
        assert named["device"] in step.format(**flow["description_placeholders"])


async def test_gone_in_numbers(hass: HomeAssistant, cloud: Cloud) -> None:
    """Many devices that are gone are named, each told apart from what it is called like."""
    await set_up(hass, cloud, ALL_LAMPS, FEEDER)
    rename(hass, "desk-lamp", CHINESE)
    rename(hass, "kitchen-feeder", CHINESE)
    rename(hass, "hall-lamp", ODD)
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    flow = await fix(hass, "devices_gone_LAMP202611")
    words = flow["description_placeholders"]
    assert words["devices"] == rf"{CHINESE} \(desk\-lamp\), {ESCAPED}"
    assert words["count"] == "2"


async def test_one_gone_in_numbers(hass: HomeAssistant, cloud: Cloud) -> None:
    """A single device that is asked about is not called by a plural."""
    del lamps(cloud)["hall-lamp"]
    await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    flow = await fix(hass, "devices_gone_LAMP202611")
    texts = load("en")["issues"]["devices_gone"]
    step = texts["fix_flow"]["step"]["confirm"]
    words = flow["description_placeholders"]
    assert step["title"].format(**words) == "Devices to be removed: 1"
    flow = await answer(hass, flow, {})
    assert flow["type"] == "create_entry"


async def test_dialogs(hass: HomeAssistant, cloud: Cloud) -> None:
    """A dialog that lists devices shows both names of those that have two."""
    entry = await set_up(hass, cloud, LAMP)
    rename(hass, "hall-lamp", ODD)
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    labels = options(flow, "devices")
    assert labels["hall-lamp"].startswith(f"{ODD} (hall-lamp) · ")
    assert labels["desk-lamp"].startswith("desk-lamp · ")
    replace_lamp(cloud)
    flow = await start(hass, entry, subentry_id)
    flow = await answer_dialog(hass, flow, WITH_SPARE)
    assert flow["description_placeholders"] == {
        "device": rf"{ESCAPED} \(hall\-lamp\)",
        "plain_device": ODD,
    }


async def test_automations_in_repairs(hass: HomeAssistant, cloud: Cloud) -> None:
    """What uses a gone action is a link to its editor by its name, if it has one."""
    await set_up(hass, cloud, FEEDER)
    feed = {
        "action": "tencent_iot_explorer.feeder2026_feed",
        "data": {"device_id": "FEEDER2026/kitchen-feeder"},
    }
    trigger = {"trigger": "event", "event_type": "never"}
    ids = {"早餐 [1]": "1600 (a)/b", "Twice": "2", "No id": None}
    automations = [
        {
            "alias": alias,
            **({"id": item} if item else {}),
            "triggers": [trigger],
            "actions": [feed],
        }
        for alias, item in (*ids.items(), ("Twice", "3"))
    ]
    # Home Assistant takes capitals for small letters in the names of services.
    automations[1]["actions"] = [{**feed, "action": feed["action"].upper()}]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    scripts = {"feed_cat": {"alias": "Feed *the* cat", "sequence": [feed]}}
    assert await async_setup_component(hass, "script", {"script": scripts})
    _, *others = actions(cloud)
    set_actions(cloud, *others)
    await refresh(hass)
    flow = await fix(hass, "declarations_gone_FEEDER2026")
    uses = flow["description_placeholders"]["uses"]
    assert set(uses.split(", ")) == {
        "No id",
        r"[早餐 \[1\]](/config/automation/edit/1600%20%28a%29%2Fb)",
        r"[Twice \(automation\.twice\)](/config/automation/edit/2)",
        r"[Twice \(automation\.twice\_2\)](/config/automation/edit/3)",
        r"[Feed \*the\* cat](/config/script/edit/feed_cat)",
    }


async def test_new_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that comes later makes an equal name one that needs its DeviceName."""
    await set_up(hass, cloud, ALL_LAMPS)
    rename(hass, "hall-lamp", "new-lamp")
    data = {"device_id": "LAMP202611/hall-lamp", "action_id": "x"}
    assert "new-lamp has no" in await error_of(hass, "call_action", data)
    lamps(cloud)["new-lamp"] = EmulatedDevice(name="new-lamp")
    await poll(hass)
    text = await error_of(hass, "call_action", data)
    assert "new-lamp (hall-lamp) has no" in text
