"""Using a device from its page, from the action editor and from a dashboard."""

import asyncio
from datetime import datetime, timedelta
import re

from playwright.async_api import Locator, ViewportSize, expect
import pytest
import yaml

from .conftest import set_up
from .person import COLON, DOMAIN, Person
from demo.chinese import NAMES, word
from demo.dashboard import FEEDER, PATH, set_up_dashboard
from demo.home_assistant import HomeAssistant
from demo.names import name_devices
from emulator import Emulator

MEAL = {
    "select": ("food", "select_option", {"option": "鱼肉"}),
    "text": ("note", "set_value", {"value": "少许"}),
    "datetime": ("time", "set_value", {"datetime": "2026-12-24 18:00:00"}),
}
# What the page of a device offers under "Add to…", in that order: a dashboard; as trigger,
# condition and action of an automation; as action of a script.
DASHBOARD, AUTOMATION = 0, 3
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 412, "height": 830}


@pytest.fixture(autouse=True)
async def _feeder(home: HomeAssistant, cloud: Emulator) -> None:
    """Set up a feeder with one device."""
    await set_up(
        home,
        cloud,
        "FEEDER2026",
        product_name="宠物喂食器",
        devices=["kitchen-feeder"],
    )
    if home.language == "zh-Hans":
        await name_devices(home, NAMES)


@pytest.fixture
def feeder(language: str) -> str:
    """Return what the feeder is called."""
    return NAMES["kitchen-feeder"] if language == "zh-Hans" else "kitchen-feeder"


async def set_meal(home: HomeAssistant, *domains: str) -> None:
    """Give some inputs of 设定餐食 a value, or all."""
    for domain in domains or MEAL:
        input_id, service, data = MEAL[domain]
        path = f"FEEDER2026/kitchen-feeder/setMeal/{input_id}"
        entity_id = await home.entity_id(domain, path)
        await home.call(domain, service, {"entity_id": entity_id, **data})


def executed(cloud: Emulator) -> list[tuple[str, dict[str, object]]]:
    """Return which actions reached the feeder, with their inputs."""
    return [(item.action_id, item.inputs) for item in cloud.executed]


def called(action: str, language: str) -> str:
    """Return what the service of an action is called."""
    return f"宠物喂食器{COLON[language]}{action}"


async def press(person: Person, name: str) -> None:
    """Press a button on the page of a device."""
    await person.see("hui-button-entity-row", name).locator("ha-button").click()


async def test_device_page(
    person: Person, home: HomeAssistant, cloud: Emulator, feeder: str
) -> None:
    """Inputs are set, buttons pressed; what ended how, the food level, an event are seen.

    A text that nobody has set is shown empty, and sent so only when that was set. Activity
    prints which action was run and then how that ended, beside who ran it.
    """
    await set_meal(home, "select", "datetime")
    await person.open_device(feeder)
    note = person.see("hui-text-entity-row", "备注").get_by_role("textbox")
    await expect(note).to_have_value("")
    await press(person, "设定餐食")
    needed = person.words["exceptions"]["inputs_needed"]["message"]
    refusal = person.see("notification-manager, ha-toast", "设定餐食").first
    await expect(refusal).to_contain_text(needed.partition("{inputs}")[2][:8])
    await expect(refusal).to_contain_text("备注")
    assert cloud.executed == []

    entity_id = await home.entity_id("text", "FEEDER2026/kitchen-feeder/setMeal/note")
    assert entity_id.endswith("_set_meal_note")
    entries = person.see("ha-logbook ha-logbook-entry")
    await note.fill("少许")
    await note.press("Enter")
    # The page sends nothing that is already there as far as it knows.
    await expect(entries.first).to_contain_text("少许")
    await note.fill("")
    await note.press("Enter")
    await home.state(entity_id, "")
    last = person.words["entity"]["sensor"]["last_action"]["name"]
    outcome = person.words["entity"]["event"]["device_action"]["name"]
    for name in ("设定餐食", "清洗食盆"):
        await press(person, name)
        await expect(person.see("hui-sensor-entity-row", last)).to_contain_text(name)
        for number, words in enumerate(((outcome, person.accepted), (last, name))):
            for shown in words:
                await expect(entries.nth(number)).to_contain_text(shown)
            badge = entries.nth(number).locator("ha-user-badge")
            await expect(badge).to_have_text(word("Demo", person.language)[0])
    ((action_id, inputs), _) = executed(cloud)
    assert (action_id, inputs["note"]) == ("setMeal", "")

    level = person.see("hui-sensor-entity-row", "余粮")
    await expect(level).to_contain_text("100")
    await person.page.get_by_role("spinbutton", name="份数").fill("9")
    feed = await home.entity_id("button", "FEEDER2026/kitchen-feeder/feed")
    sensor = await home.entity_id(
        "sensor", "FEEDER2026/kitchen-feeder/property:food_level"
    )
    for wanted in ("55", "10"):
        await press(person, "喂食")
        await expect(level).to_contain_text(wanted)
        changed = [
            datetime.fromisoformat((await home.state(item))["last_changed"])
            for item in (feed, sensor)
        ]
        assert changed[1] - changed[0] < timedelta(seconds=5)
    await expect(person.outcome).to_contain_text(person.accepted)
    assert executed(cloud)[2:] == [("feed", {"portions": 9})] * 2

    # Home Assistant would read events by itself in two minutes.
    event = await home.entity_id("event", "FEEDER2026/kitchen-feeder/event:food_low")
    await home.call("homeassistant", "update_entity", {"entity_id": event})
    await expect(person.see("hui-event-entity-row", "余粮不足")).to_contain_text(
        person.alert
    )
    logbook = person.see("ha-logbook")
    for shown in ("余粮不足", "9 份"):
        await expect(logbook).to_contain_text(shown)


async def add_to(person: Person, offered: int) -> None:
    """Choose what the page of a device offers to add the device to."""
    await person.see(
        "ha-config-device-page ha-button[appearance=filled][variant=brand]"
    ).last.click()
    await person.see("dialog-device-add-to ha-list-item-button").nth(offered).click()


async def choose_feed(added: Locator, language: str) -> None:
    """See that each action is offered by name, and choose one."""
    for action in ("清洗食盆", "设定餐食", "喂食"):
        offer = added.get_by_text(called(action, language)).first
        await expect(offer).to_be_visible()
    await offer.click()


async def use_action_editor(person: Person, feeder: str) -> None:
    """See fields, options and units of a service, and do what is filled in."""
    await person.open("/config/tools/action")
    await person.pick("ha-service-picker #trigger", f"{DOMAIN}.feeder2026_set_meal")
    control = person.see("ha-service-control")
    for name in ("口味", "时间", "备注"):
        await expect(control.locator("ha-settings-row", has_text=name)).to_be_visible()
    options = control.locator("ha-selector-select ha-dropdown-item")
    await expect(options).to_have_text(["鱼肉", "牛肉"])

    await person.pick("ha-service-picker #trigger", f"{DOMAIN}.feeder2026_feed")
    row = control.locator("ha-settings-row", has_text="份数")
    await expect(row).to_contain_text("1 – 10 份")
    await expect(row.locator("ha-input")).to_contain_text("份")
    for value in ("2", "3"):
        await row.get_by_role("slider").press("ArrowRight")
        await expect(row.get_by_role("slider")).to_have_attribute(
            "aria-valuenow", value
        )
    await person.see("ha-target-picker ha-button").click()
    await person.see("ha-picker-combo-box input").last.fill(feeder)
    # The entities of the device come first, and they would do as well.
    await person.see("ha-picker-combo-box ha-combo-box-item", feeder).last.click()
    await expect(person.see("ha-target-picker")).to_contain_text(feeder)
    await person.take_picture("action")
    await person.see("tools-action ha-progress-button").click()
    await expect(person.see("tools-action ha-progress-button .success")).to_be_visible()


async def write(field: Locator, text: str, row: Locator, is_kept: str) -> None:
    """Type into a field of the editor until a row of the automation has it.

    The page takes back what is typed while it still puts the field together.
    """
    async with asyncio.timeout(30):
        while not await row.evaluate(is_kept):
            await field.fill(text)
            await field.press("Tab")


async def test_actions(
    person: Person, home: HomeAssistant, cloud: Emulator, feeder: str
) -> None:
    """From the page of a device to an automation that feeds 3 portions at 8 o'clock.

    Each action is offered by name, the device is filled in, and it says what it does.
    """
    await person.open_device(feeder)
    await add_to(person, AUTOMATION)
    added = person.see("add-automation-element-dialog")
    await choose_feed(added, person.language)
    control = person.see("ha-service-control")
    described = person.words["common"]["action_description"]
    await expect(control).to_contain_text(
        described.format(action="喂食", product="宠物喂食器")
    )
    await expect(control.locator("ha-target-picker")).to_contain_text(feeder)
    portions = control.locator("ha-settings-row", has_text="份数")
    await write(
        portions.get_by_role("spinbutton"),
        "3",
        person.see("ha-automation-action-row"),
        "row => row.action.data?.portions === 3",
    )

    await person.see("ha-automation-trigger ha-button").first.click()
    time = {"en": "Time", "zh-Hans": "时间"}[person.language]
    await added.locator("input").first.fill(time)
    results = added.locator("ha-automation-add-search")
    await results.get_by_text(time, exact=True).click()
    await write(
        person.see("input[name=hours]"),
        "8",
        person.see("ha-automation-trigger-row"),
        "row => row.trigger.at === '08:00:00'",
    )
    await person.see("ha-button[slot=fab]").click()
    await person.see("ha-dialog-automation-save ha-button[slot=primaryAction]").click()
    await expect(person.page).to_have_url(re.compile(r"/edit/\d+$"))
    stored = await home.get(
        f"/api/config/automation/config/{person.page.url.rpartition('/')[2]}"
    )
    assert [item["at"] for item in stored["triggers"]] == ["08:00:00"]
    assert cloud.executed == []
    menu = person.see("ha-automation-editor ha-dropdown[slot=toolbar-icon]")
    await menu.locator("ha-icon-button[slot=trigger]").click()
    await menu.locator("ha-dropdown-item[value=run]").click()
    event = await home.entity_id("event", "FEEDER2026/kitchen-feeder")
    await home.state(event)
    assert executed(cloud) == [("feed", {"portions": 3})]

    # In an automation that is there, the action is found by the product's name.
    await person.see("ha-automation-action .buttons ha-button").click()
    await added.locator("input").first.fill("宠物喂食器")
    await choose_feed(added, person.language)
    await expect(control.locator("ha-settings-row", has_text="份数")).to_be_visible()

    await use_action_editor(person, feeder)
    assert executed(cloud) == [("feed", {"portions": 3})] * 2


async def find_card(person: Person, feeder: str) -> str:
    """Return the ready card for feeding, as the response of a service shows it."""
    await person.open("/config/tools/action")
    await person.pick("ha-service-picker #trigger", f"{DOMAIN}.get_action_reference")
    await person.see("tools-action ha-progress-button").click()
    response = person.see("tools-action ha-yaml-editor", "cards")
    shown = await response.evaluate("editor => editor.yaml")
    card = yaml.safe_load(shown)["FEEDER2026"]["actions"]["feed"]["cards"][feeder]
    return yaml.safe_dump(card, allow_unicode=True)


async def paste_card(person: Person, card: str) -> None:
    """Paste a card into a dashboard, by hand."""
    await person.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await person.open(f"/{PATH}?edit=1")
    await person.see("hui-grid-section .add").click()
    await person.see("ha-dialog[open] ha-tab-group-tab").last.click()
    await person.see("hui-card-picker .card.full-width").click()
    editor = person.see("hui-dialog-edit-card .cm-content")
    await editor.click()
    await person.page.keyboard.press("Control+A")
    await person.page.evaluate("card => navigator.clipboard.writeText(card)", card)
    await person.page.keyboard.press("Control+V")
    await person.see("hui-dialog-edit-card ha-button[slot=primaryAction]").click()
    await person.wait_for_closed("hui-dialog-edit-card")


async def use_phone(person: Person) -> None:
    """See on a phone that no field sticks out of a ready card, and press both buttons."""
    await person.page.set_viewport_size(PHONE)
    await person.open(f"/{PATH}")
    meal, feed = (person.see("hui-entities-card", name) for name in ("口味", "份数"))
    moment = "2026年12月24日 18:00"
    if person.language == "en":
        moment = "December 24, 2026 at 6:00 PM"
    await expect(meal).to_contain_text(moment)
    await expect(person.see("hui-tile-card path.primary-path")).to_have_count(2)
    await person.take_picture("cards")
    edge = "part => part.getBoundingClientRect().right"
    fields = meal.locator("ha-select, ha-input, ha-button")
    for field in await fields.all():
        assert await field.evaluate(edge) < await meal.evaluate(edge)
    await feed.get_by_role("spinbutton").fill("4")
    for card in (feed, meal):
        await card.locator("hui-button-entity-row ha-button").click()
    await expect(person.see("hui-tile-card", "余粮")).to_contain_text("80")


async def test_dashboard(
    person: Person, home: HomeAssistant, cloud: Emulator, feeder: str
) -> None:
    """On a phone the ready cards have inputs above their button, and one can be pasted.

    A device is put on a dashboard from its page, and its buttons are pressed there.
    """
    await set_up_dashboard(home, [[FEEDER]])
    await use_phone(person)
    await person.page.set_viewport_size(DESK)
    await paste_card(person, await find_card(person, feeder))
    await person.open_device(feeder)
    await add_to(person, DASHBOARD)
    await person.see("hui-dialog-select-view ha-button[slot=primaryAction]").click()
    await expect(person.see("hui-dialog-edit-section")).to_contain_text("清洗食盆")
    await person.see("hui-dialog-edit-section ha-button[slot=primaryAction]").click()
    await person.wait_for_closed("hui-dialog-edit-section")

    await person.open(f"/{PATH}")
    for name in ("清洗食盆", "设定餐食", "喂食"):
        tile = person.see("hui-tile-card", name)
        await tile.locator("ha-tile-icon").click()
        await expect(tile).not_to_contain_text(
            "Unknown" if person.language == "en" else "未知"
        )
    level = person.see("hui-tile-card", "余粮").first
    await expect(level).to_contain_text("60")
    cards = person.see("hui-entities-card", "份数")
    await expect(cards).to_have_count(2)
    card = cards.last
    await card.get_by_role("spinbutton").fill("6")
    await card.locator("hui-button-entity-row ha-button").click()
    await expect(level).to_contain_text("30")
    meal = {
        "food": "fish",
        "time": 1798106400,
        "note": word("Wet food", person.language),
    }
    assert executed(cloud) == [
        ("feed", {"portions": 4}),
        ("setMeal", meal),
        ("cleanBowl", {}),
        ("setMeal", meal),
        ("feed", {"portions": 4}),
        ("feed", {"portions": 6}),
    ]
