"""Errors and repairs call devices, automations and products as their owner does."""

from playwright.async_api import expect

from .conftest import set_up
from .person import DOMAIN, Person
from demo.home_assistant import HomeAssistant
from demo.names import name_devices
from emulator import Emulator

# Whatever Markdown takes for its own is shown as it is.
OWNERS_NAME = "喂食器 *1* [厨房]"
PRODUCT = "Pets' feeder (new)"
AUTOMATION = "Breakfast 早餐 [1]"


async def open_repair(person: Person, title: str) -> None:
    """Open the question of a repair from the list of all."""
    await person.open("/config/repairs")
    await person.see("ha-config-repairs ha-list-item-button", title).click()


async def test_names(person: Person, home: HomeAssistant, cloud: Emulator) -> None:
    """An error names the device, a repair all three, and links automation and console."""
    feeder = cloud.products["FEEDER2026"]
    await set_up(
        home,
        cloud,
        "FEEDER2026",
        product_name=PRODUCT,
        devices=["kitchen-feeder", "balcony-feeder"],
    )
    await name_devices(home, {"kitchen-feeder": OWNERS_NAME})
    await home.post(
        "/api/config/automation/config/1600000000001",
        {
            "alias": AUTOMATION,
            "triggers": [],
            "actions": [
                {
                    "action": f"{DOMAIN}.feeder2026_set_meal",
                    "data": {"device_id": "FEEDER2026/kitchen-feeder"},
                }
            ],
        },
    )

    await person.open_device(OWNERS_NAME)
    await person.see("hui-button-entity-row", "设定餐食").locator("ha-button").click()
    refusal = person.see("notification-manager, ha-toast", OWNERS_NAME).first
    await expect(refusal).not_to_contain_text("kitchen-feeder")

    # The cloud loses a device, and the data template an action.
    del feeder.devices["kitchen-feeder"]
    assert isinstance(feeder.template, dict)
    feeder.template["actions"] = [
        item for item in feeder.template["actions"] if item["id"] != "setMeal"
    ]
    feeder.update_time += 1
    (entry,) = await home.command("config_entries/get", domain=DOMAIN)
    reload = f"/api/config/config_entries/entry/{entry['entry_id']}/reload"
    await home.post(reload, {})
    words = person.words["issues"]["declarations_gone"]
    await open_repair(person, words["title"].format(plain_product=PRODUCT))
    dialog = person.see("dialog-data-entry-flow")
    await expect(dialog).to_contain_text(PRODUCT)
    link = dialog.get_by_role("link", name=AUTOMATION, exact=True)
    await expect(link).to_have_attribute(
        "href", "/config/automation/edit/1600000000001"
    )
    await link.click()
    await expect(person.page).to_have_url(
        f"{home.url}/config/automation/edit/1600000000001"
    )

    connectivity = await home.entity_id("binary_sensor", "FEEDER2026/balcony-feeder")
    for _ in range(2):
        await home.call("homeassistant", "update_entity", {"entity_id": connectivity})
    words = person.words["issues"]["device_gone"]
    title = words["title"].format(plain_device=OWNERS_NAME, plain_product=PRODUCT)
    await open_repair(person, title)
    step = words["fix_flow"]["step"]["init"]
    shown = step["description"].format(
        device=f"{OWNERS_NAME} (kitchen-feeder)", product=PRODUCT
    )
    await expect(dialog).to_contain_text(step["title"].format(plain_device=OWNERS_NAME))
    await expect(dialog).to_contain_text(shown)

    feeder.template = "nonsense"
    await home.post(reload, {})
    words = person.words["issues"]["invalid_data_template"]
    await open_repair(person, words["title"].format(plain_product=PRODUCT))
    console = person.see("dialog-repairs-issue ha-markdown a")
    await expect(console).to_have_attribute(
        "href", "https://console.cloud.tencent.com/iotexplorer"
    )
