"""From a key to devices, by what is typed into and picked in the dialogs."""

import json

from playwright.async_api import Locator, expect

from .conftest import run_action
from .person import COLON, TRANSLATIONS, Person
from demo.home_assistant import HomeAssistant
from emulator import Emulator
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.products import devices
from emulator.service_api import APP_KEY, APP_SECRET

NAME = json.loads((TRANSLATIONS.parent / "manifest.json").read_text())["name"]
LOCK = "DOORLOCK01"
OF_ALL = "a code of all"
OF_FRONT = "a code of one"
# What somebody types who looks for us, whatever language Home Assistant has. The page
# searches the domain and the first twenty characters of the manifest's name.
SEARCHES = (
    "tencent",
    "Tencent Cloud",
    "Tencent IoT",
    "Tencent IoT Explorer",
    "Tencent Cloud IoT Explorer",
    "iot explorer",
    "explorer",
    "腾讯",
    "腾讯云",
    "腾讯物联网",
    "腾讯云物联网开发平台",
    "物联网",
    "物联网开发平台",
)


async def open_list(person: Person) -> Locator:
    """Open the list of all integrations, and return its field."""
    await person.open("/config/integrations/dashboard")
    await person.see("ha-button[slot=fab]").click()
    return person.see("dialog-add-integration input").first


async def begin(person: Person, kind: str) -> None:
    """Open the dialog for a kind of key, from the list of all integrations."""
    await person.see("ha-integration-list-item", NAME).click()
    await person.choose(person.words["config"]["step"]["user"]["menu_options"][kind])


async def see_kept(person: Person, field: str, error: str) -> None:
    """See what is wrong, and that a secret is kept which is neither shown nor needed."""
    refusal = person.words["config"]["error"][error].partition("{")[0]
    await expect(person.see("ha-alert[alert-type=error]")).to_contain_text(refusal)
    await expect(person.see(f"input[name={field}]")).to_have_value("")
    kept = person.words["common"]["secret_kept"]
    await expect(person.see("dialog-data-entry-flow")).to_contain_text(kept)


async def test_add_by_picking(
    person: Person, home: HomeAssistant, cloud: Emulator
) -> None:
    """From whatever we are called to a pressed button, without a ProductId that is typed.

    An error elsewhere keeps the secret and opens the section that it is in; one of the
    secret asks for that again.
    """
    field = await open_list(person)
    found = person.see("ha-integration-list-item", NAME)
    for searched in SEARCHES:
        await field.fill("nothing that is called so")
        await expect(found).to_have_count(0)
        await field.fill(searched)
        await expect(found).to_be_visible()
    words = person.words["config"]
    await begin(person, "account")
    dialog = person.see("dialog-data-entry-flow")
    await person.type("secret_id", SECRET_ID)
    await person.type("secret_key", f"{SECRET_KEY[:-1]}!")
    section = person.see("ha-form-expandable").get_by_role("button")
    await section.click()
    await person.type("endpoint", "ftp://example.com")
    await section.click()
    await expect(section).to_have_attribute("aria-expanded", "false")
    await person.submit()
    await see_kept(person, "secret_key", "invalid_endpoint")
    await expect(section).to_have_attribute("aria-expanded", "true")
    assert cloud.journal == []

    await person.type("endpoint", cloud.cloud_endpoint)
    await person.submit()
    refusal = words["error"]["invalid_signature_of_account"].partition("{")[0]
    await expect(person.see("ha-alert[alert-type=error]")).to_contain_text(refusal)
    await expect(dialog).not_to_contain_text(person.words["common"]["secret_kept"])
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

    await run_action(person, home, "FEEDER2026/kitchen-feeder", "清洗食盆")
    assert [item.action_id for item in cloud.executed] == ["cleanBowl"]

    await person.open_integration()
    further = person.words["config_subentries"]["product"]["initiate_flow"]["user"]
    await person.see("ha-button", further).click()
    await person.pick("ha-selector-select ha-picker-field", "温湿度计")
    await person.submit()
    words = person.words["common"]
    await expect(dialog).to_contain_text(words["declared_properties"].format(count=3))
    for kind in ("declared_actions", "declared_events"):
        heading, _, _ = words[kind].partition("{count}")
        await expect(dialog).not_to_contain_text(heading)
    await person.see("ha-selector-boolean ha-switch").first.click()
    await person.finish()
    page = person.see("ha-config-integration-page")
    for shown in ("宠物喂食器", "kitchen-feeder", "温湿度计", "bedroom-sensor"):
        await expect(page).to_contain_text(shown)

    await person.open_device("bedroom-sensor")
    for name, reading in (
        ("当前温度", "22.5"),
        ("当前湿度", "48"),
        ("电池电量", "91"),
    ):
        row = person.see("hui-sensor-entity-row", name)
        await expect(row).to_contain_text(reading)


async def test_secrets(person: Person, home: HomeAssistant, cloud: Emulator) -> None:
    """An application has its product by a ProductId that is typed, and each lock its code.

    What was typed is kept while something else is wrong. A value of one lock is used
    instead of that for all, until it is cleared.
    """
    locks = cloud.products[LOCK].devices
    locks |= devices("back-door")
    await (await open_list(person)).fill("Tencent")
    await begin(person, "application")
    await person.type("app_key", APP_KEY)
    await person.type("app_secret", APP_SECRET)
    await person.type("product_id", "!!")
    await person.see("ha-form-expandable").click()
    await person.type("endpoint", cloud.endpoint)
    await person.submit()
    await see_kept(person, "app_secret", "invalid_product_id")
    await person.type("product_id", LOCK)
    await person.submit()
    await person.see("ha-selector-boolean ha-switch").first.click()
    dialog = person.see("dialog-data-entry-flow")
    called = f"开门 (openDoor){COLON[person.language]}用户 (userid)"
    choices = dialog.locator("ha-selector-select")
    await choices.get_by_text(called, exact=True).click()
    await person.submit()

    words = person.words["common"]
    step = person.words["config"]["step"]["secrets"]
    await expect(dialog).to_contain_text(step["title"])
    await expect(dialog).to_contain_text(words["secrets_not_set"])
    code = dialog.locator("input[type=password]")
    await code.fill("A code of more than 16 characters")
    further = dialog.locator("ha-selector-boolean ha-switch")
    await further.click()
    await person.submit()
    refusal = person.words["config"]["error"]["secret_not_allowed"]
    await expect(person.see("ha-alert[alert-type=error]")).to_contain_text(
        refusal.format(input=called, minimum=1, maximum=16)
    )
    await code.fill(OF_ALL)
    await person.submit()
    await expect(dialog).to_contain_text(f"{called} · {words['all_devices']}")
    await code.fill(OF_FRONT)
    await person.submit()
    nobody = person.words["config"]["error"]["no_device_chosen"]
    await expect(person.see("ha-alert[alert-type=error]")).to_contain_text(nobody)
    await expect(code).to_have_value("")
    await expect(dialog).to_contain_text(words["secrets_kept"].split("**")[1])
    await choose_device(person, "front-door")
    await person.finish()

    for name, sent in (("back-door", OF_ALL), ("front-door", OF_FRONT)):
        mode = await home.entity_id("select", f"{LOCK}/{name}/openDoor/mode")
        chosen = {"entity_id": mode, "option": "静音"}
        await home.call("select", "select_option", chosen)
        assert await open_door(person, home, cloud, name) == {"mode": 1, "userid": sent}

    await person.open_integration()
    await person.see("ha-config-sub-entry-row ha-icon-button[slot=end]").first.click()
    await person.submit()
    for whom in (words["all_devices"], "front-door"):
        is_set = choices.get_by_text(f"{called} · {whom}", exact=True)
        await expect(is_set).to_be_visible()
    await expect(code).to_have_value("")
    await is_set.click()
    await person.finish()
    inputs = await open_door(person, home, cloud, "front-door")
    assert inputs == {"mode": 1, "userid": OF_ALL}


async def choose_device(person: Person, name: str) -> None:
    """Choose whom a value is for."""
    await person.see("ha-selector-select ha-select").click()
    await person.see("ha-selector-select ha-dropdown-item", name).click()


async def open_door(
    person: Person, home: HomeAssistant, cloud: Emulator, name: str
) -> dict[str, object]:
    """Open a door by its button, and return what its lock got."""
    await run_action(person, home, f"{LOCK}/{name}", "开门")
    run = cloud.executed[-1]
    assert run.device_name == name
    return run.inputs
