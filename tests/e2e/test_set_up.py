"""From a key pair to devices, by typing into the dialogs."""

from playwright.async_api import expect

from .person import Person
from emulator import Emulator
from emulator.service_api import APP_KEY, APP_SECRET


async def test_add(person: Person, cloud: Emulator) -> None:
    """A wrong secret is reported in words; then devices are picked, and a product added."""
    words = person.words["config"]
    await person.open("/config/integrations/dashboard")
    await person.see("ha-button[slot=fab]").click()
    await person.see("dialog-add-integration input").first.fill("Tencent")
    await person.see("ha-integration-list-item", "Tencent IoT Explorer").click()

    await expect(person.see("dialog-data-entry-flow")).to_contain_text(
        words["step"]["user"]["data"]["product_id"]
    )
    await person.type("app_key", APP_KEY)
    await person.type("app_secret", f"{APP_SECRET[:-1]}!")
    await person.type("product_id", "FEEDER2026")
    await person.see("ha-form-expandable").click()
    await person.type("endpoint", cloud.endpoint)
    await person.submit()
    expected = words["error"]["invalid_signature"].partition("{")[0]
    await expect(person.see("ha-alert[alert-type=error]")).to_contain_text(expected)
    assert len(cloud.journal) > 0

    await person.type("app_secret", APP_SECRET)
    await person.submit()
    await person.type("product_name", "宠物喂食器")
    dialog = person.see("dialog-data-entry-flow")
    for action in ("喂食 (feed)", "清洗食盆 (cleanBowl)", "设定餐食 (setMeal)"):
        await expect(dialog).to_contain_text(action)
    await person.pick("ha-selector-select ha-chip-set ha-button", "kitchen-feeder")
    await expect(person.see("ha-input-chip", "kitchen-feeder")).to_be_visible()
    await person.take_picture("dialog")
    await person.finish()

    await person.open_integration()
    await person.see(
        "ha-button",
        person.words["config_subentries"]["product"]["initiate_flow"]["user"],
    ).click()
    await person.type("product_id", "LAMP202611")
    await person.submit()
    await person.type("product_name", "Lamp")
    await person.see("ha-selector-boolean ha-switch").click()
    await person.finish()
    page = person.see("ha-config-integration-page")
    for shown in ("宠物喂食器", "kitchen-feeder", "Lamp", "desk-lamp", "hall-lamp"):
        await expect(page).to_contain_text(shown)
