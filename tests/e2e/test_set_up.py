"""From a key to devices, by what is typed into and picked in the dialogs."""

from playwright.async_api import expect

from .conftest import set_up
from .person import Person
from demo.home_assistant import HomeAssistant
from emulator import Emulator
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.service_api import APP_KEY, APP_SECRET


async def begin(person: Person, kind: str) -> None:
    """Open the dialog for a kind of key, from the list of all integrations."""
    await person.open("/config/integrations/dashboard")
    await person.see("ha-button[slot=fab]").click()
    await person.see("dialog-add-integration input").first.fill("Tencent")
    await person.see("ha-integration-list-item", "Tencent IoT Explorer").click()
    await person.choose(person.words["config"]["step"]["user"]["menu_options"][kind])


async def test_add_by_picking(person: Person, cloud: Emulator) -> None:
    """From the menu to a pressed button, without a ProductId that is typed."""
    words = person.words["config"]
    await begin(person, "account")
    dialog = person.see("dialog-data-entry-flow")
    await person.type("secret_id", SECRET_ID)
    await person.type("secret_key", f"{SECRET_KEY[:-1]}!")
    await person.see("ha-form-expandable").click()
    await person.type("endpoint", cloud.cloud_endpoint)
    await person.submit()
    refusal = words["error"]["invalid_signature_of_account"].partition("{")[0]
    await expect(person.see("ha-alert[alert-type=error]")).to_contain_text(refusal)
    assert len(cloud.journal) > 0

    await person.type("secret_key", SECRET_KEY)
    await person.submit()
    await expect(dialog).to_contain_text(words["step"]["product"]["title"])
    await person.pick("ha-selector-select ha-picker-field", "宠物喂食器")
    await person.submit()
    declared = {
        "declared_actions": (
            "喂食 (feed)",
            "清洗食盆 (cleanBowl)",
            "设定餐食 (setMeal)",
        ),
        "declared_properties": ("余粮 (food_level)", "童锁 (child_lock)"),
        "declared_events": ("余粮不足 (food_low)",),
    }
    for key, items in declared.items():
        heading = person.words["common"][key].format(count=len(items))
        for shown in (heading, *items):
            await expect(dialog).to_contain_text(shown)
    await expect(person.see("input[name=product_name]")).to_have_value("宠物喂食器")
    await person.pick("ha-selector-select ha-chip-set ha-button", "kitchen-feeder")
    await expect(person.see("ha-input-chip", "kitchen-feeder")).to_be_visible()
    await person.take_picture("dialog")
    await person.finish()

    await person.open_device("kitchen-feeder")
    await person.see("hui-button-entity-row", "清洗食盆").locator("ha-button").click()
    await expect(person.outcome).to_contain_text(person.accepted)
    assert [item.action_id for item in cloud.executed] == ["cleanBowl"]

    await person.open_integration()
    await person.see(
        "ha-button",
        person.words["config_subentries"]["product"]["initiate_flow"]["user"],
    ).click()
    await person.pick("ha-selector-select ha-picker-field", "Lamp")
    await person.submit()
    await person.see("ha-selector-boolean ha-switch").first.click()
    await person.finish()
    page = person.see("ha-config-integration-page")
    for shown in ("宠物喂食器", "kitchen-feeder", "Lamp", "desk-lamp", "hall-lamp"):
        await expect(page).to_contain_text(shown)


async def test_add_sensor(person: Person, home: HomeAssistant, cloud: Emulator) -> None:
    """A product without any action is added, and its page shows what it measures."""
    await set_up(home, cloud, "LAMP202611", product_name="Lamp", devices=["desk-lamp"])
    words = person.words["common"]
    await person.open_integration()
    await person.see(
        "ha-button",
        person.words["config_subentries"]["product"]["initiate_flow"]["user"],
    ).click()
    await person.pick("ha-selector-select ha-picker-field", "温湿度计")
    await person.submit()
    dialog = person.see("dialog-data-entry-flow")
    await expect(dialog).to_contain_text(words["declared_properties"].format(count=3))
    for kind in ("declared_actions", "declared_events"):
        heading, _, _ = words[kind].partition("{count}")
        await expect(dialog).not_to_contain_text(heading)
    await person.pick("ha-selector-select ha-chip-set ha-button", "bedroom-sensor")
    await person.finish()

    await person.open_device("bedroom-sensor")
    for name, reading in (
        ("当前温度", "22.5"),
        ("当前湿度", "48"),
        ("电池电量", "91"),
    ):
        row = person.see("hui-sensor-entity-row", name)
        await expect(row).to_contain_text(reading)


async def test_add_application(person: Person, cloud: Emulator) -> None:
    """An application has its product by a ProductId that is typed."""
    words = person.words["config"]
    await begin(person, "application")
    await expect(person.see("dialog-data-entry-flow")).to_contain_text(
        words["step"]["application"]["data"]["product_id"]
    )
    await person.type("app_key", APP_KEY)
    await person.type("app_secret", APP_SECRET)
    await person.type("product_id", "DOORLOCK01")
    await person.see("ha-form-expandable").click()
    await person.type("endpoint", cloud.endpoint)
    await person.submit()
    await person.pick("ha-selector-select ha-chip-set ha-button", "front-door")
    await person.finish()
    await person.open_integration()
    await expect(person.see("ha-config-integration-page")).to_contain_text("front-door")
