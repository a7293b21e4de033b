"""Using a device from its page, from the action editor and from a dashboard."""

from datetime import datetime, timedelta

from playwright.async_api import ViewportSize, expect
import pytest

from .conftest import set_up
from .person import DOMAIN, Person
from demo.chinese import NAMES
from demo.home_assistant import HomeAssistant
from demo.names import name_devices
from emulator import Emulator

MEAL = {
    "select": ("food", "select_option", {"option": "鱼肉"}),
    "text": ("note", "set_value", {"value": "少许"}),
    "datetime": ("time", "set_value", {"datetime": "2026-12-24 18:00:00"}),
}
PHONE: ViewportSize = {"width": 412, "height": 420}


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


async def set_meal(home: HomeAssistant) -> None:
    """Give all inputs of 设定餐食 a value."""
    for domain, (input_id, service, data) in MEAL.items():
        path = f"FEEDER2026/kitchen-feeder/setMeal/{input_id}"
        entity_id = await home.entity_id(domain, path)
        await home.call(domain, service, {"entity_id": entity_id, **data})


def executed(cloud: Emulator) -> list[tuple[str, dict[str, object]]]:
    """Return which actions reached the feeder, with their inputs."""
    return [(item.action_id, item.inputs) for item in cloud.executed]


async def test_device_page(
    person: Person, home: HomeAssistant, cloud: Emulator, feeder: str
) -> None:
    """Inputs are set, buttons pressed; outcome, food level and an event are seen.

    The level is known within 5 seconds, and the event is found in the logbook.
    """
    await person.open_device(feeder)
    needed = person.words["exceptions"]["inputs_needed"]["message"]
    await person.see("hui-button-entity-row", "设定餐食").locator("ha-button").click()
    refusal = person.see("notification-manager, ha-toast", "设定餐食")
    await expect(refusal.first).to_contain_text(needed.partition("{inputs}")[2][:8])
    assert cloud.executed == []

    await set_meal(home)
    await person.open_device(feeder)
    level = person.see("hui-sensor-entity-row", "余粮")
    await expect(level).to_contain_text("100")
    portions = person.page.get_by_role("slider")
    await portions.press("End")
    await portions.press("ArrowLeft")
    await expect(portions).to_have_attribute("aria-valuenow", "9")
    feed = await home.entity_id("button", "FEEDER2026/kitchen-feeder/feed")
    sensor = await home.entity_id(
        "sensor", "FEEDER2026/kitchen-feeder/property:food_level"
    )
    for wanted in ("55", "10"):
        await person.see("hui-button-entity-row", "喂食").locator("ha-button").click()
        await expect(level).to_contain_text(wanted)
        changed = [
            datetime.fromisoformat((await home.state(item))["last_changed"])
            for item in (feed, sensor)
        ]
        assert changed[1] - changed[0] < timedelta(seconds=5)
    await expect(person.outcome).to_contain_text(person.accepted)
    assert executed(cloud) == [("feed", {"portions": 9})] * 2

    # Home Assistant would read events by itself in two minutes.
    event = await home.entity_id("event", "FEEDER2026/kitchen-feeder/event:food_low")
    await home.call("homeassistant", "update_entity", {"entity_id": event})
    await expect(person.see("hui-event-entity-row", "余粮不足")).to_contain_text(
        person.alert
    )
    logbook = person.see("ha-logbook")
    for shown in ("余粮不足", "9 份"):
        await expect(logbook).to_contain_text(shown)
    await person.take_picture("device")


async def test_action_editor(person: Person, cloud: Emulator, feeder: str) -> None:
    """The service shows its fields, options and units, and does what is filled in."""
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
    await person.pick("ha-selector-device #trigger", feeder)
    await person.take_picture("action")
    await person.see("tools-action ha-progress-button").click()
    await expect(person.see("tools-action ha-progress-button .success")).to_be_visible()
    assert executed(cloud) == [("feed", {"portions": 3})]


async def test_first_automation(person: Person) -> None:
    """An action is found by the product's name, as the README says, and has its fields."""
    await person.open("/config/automation/edit/new")
    await person.see("ha-automation-action ha-button").first.click()
    dialog = person.see("add-automation-element-dialog")
    await dialog.locator("input").first.fill("宠物喂食器")
    for name in ("喂食", "清洗食盆", "设定餐食"):
        found = dialog.get_by_text(f"宠物喂食器: {name}")
        await expect(found.first).to_be_visible()
    await dialog.get_by_text("宠物喂食器: 喂食").first.click()
    row = person.see("ha-service-control ha-settings-row", "份数")
    await expect(row.first).to_be_visible()


async def test_dashboard(
    person: Person, home: HomeAssistant, cloud: Emulator, feeder: str
) -> None:
    """A device is put on a dashboard from its page, and its buttons are pressed there."""
    await set_meal(home)
    await home.command(
        "lovelace/dashboards/create",
        url_path="my-home",
        title="Pets",
        mode="storage",
        show_in_sidebar=True,
        require_admin=False,
    )
    sections = [{"type": "grid", "cards": []}]
    await home.command(
        "lovelace/config/save",
        url_path="my-home",
        config={"views": [{"title": "厨房", "type": "sections", "sections": sections}]},
    )
    await person.open_device(feeder)
    await person.see(
        "ha-config-device-page ha-button[appearance=filled][variant=brand]"
    ).last.click()
    await person.see("dialog-device-add-to ha-list-item-button").first.click()
    await person.see("hui-dialog-select-view ha-button[slot=primaryAction]").click()
    await expect(person.see("hui-dialog-edit-section")).to_contain_text("清洗食盆")
    await person.see("hui-dialog-edit-section ha-button[slot=primaryAction]").click()
    await expect(person.see("hui-dialog-edit-section ha-dialog[open]")).to_have_count(0)
    await person.open("/my-home")
    for name in ("清洗食盆", "设定餐食", "喂食"):
        tile = person.see("hui-tile-card", name)
        await tile.locator("ha-tile-icon").click()
        await expect(tile).not_to_contain_text(
            "Unknown" if person.language == "en" else "未知"
        )
    await expect(person.see("hui-tile-card", "余粮")).to_contain_text("95")
    await person.page.set_viewport_size(PHONE)
    await person.take_picture("dashboard")
    assert [action_id for action_id, _ in executed(cloud)] == [
        "cleanBowl",
        "setMeal",
        "feed",
    ]
