"""Changing and removing what is set up, from the integration's page."""

from playwright.async_api import expect
import pytest

from .conftest import run_action, set_up
from .person import DOMAIN, Person
from demo.home_assistant import HomeAssistant
from emulator import Emulator
from emulator.accounts import SECRET_ID
from emulator.service_api import APP_KEY, APP_SECRET

NEW_SECRET = "AnotherSecret"
NEWER_SECRET = "A third one"
LAMP = "LAMP202611/desk-lamp"
CONNECTIVITY = {"entity_id": "binary_sensor.desk_lamp_connectivity"}
ECHO = {
    "device_id": LAMP,
    "power": "1",
    "text": "",
    "colour": "Blue",
    "effect": "calm",
    "moment": "2026-11-23 20:00:00",
}


@pytest.fixture(autouse=True)
async def _lamp(home: HomeAssistant, cloud: Emulator) -> None:
    """Set up the lamps, which are to count time stamps in milliseconds."""
    await set_up(
        home,
        cloud,
        "LAMP202611",
        product_name="Lamp",
        devices=["desk-lamp"],
        timestamp_unit="milliseconds",
    )


async def test_keys(person: Person, home: HomeAssistant, cloud: Emulator) -> None:
    """A key is replaced by another, which is used from then on at the same endpoint.

    One that is refused is asked for again; one of the other kind does as well.
    """
    step = person.words["config"]["step"]["reconfigure"]
    await person.open_integration()
    await person.choose_for_entry("reconfigure")
    await expect(person.see("dialog-data-entry-flow")).to_contain_text(step["title"])
    await person.choose(step["menu_options"]["replace_account"])
    await expect(person.see("input[name=secret_id]")).to_have_value(SECRET_ID)
    await expect(person.see("input[name=secret_key]")).to_have_value("")
    cloud.cloud_api.accounts[SECRET_ID].secret_key = NEW_SECRET
    await person.type("secret_key", NEW_SECRET)
    await person.finish()
    await run_action(person, home, LAMP, "Blink")

    cloud.cloud_api.accounts[SECRET_ID].secret_key = NEWER_SECRET
    await home.post("/api/services/homeassistant/update_entity", CONNECTIVITY)
    await person.open_integration()
    await person.see("ha-config-integration-page .attention ha-button").click()
    words = person.words["config"]["step"]["reauth_confirm"]
    await expect(person.see("dialog-data-entry-flow")).to_contain_text(words["title"])
    await person.choose(words["menu_options"]["replace_application"])
    await person.type("app_key", APP_KEY)
    await person.type("app_secret", APP_SECRET)
    await person.see("ha-form-expandable").click()
    await person.type("endpoint", cloud.endpoint)
    await person.finish()
    await run_action(person, home, LAMP, "Blink")
    assert [entry.action for entry in cloud.requests("CallDeviceActionAsync")] == [
        "CallDeviceActionAsync",
        "ServiceCallDeviceActionAsync",
    ]


async def test_change_and_remove(
    person: Person, home: HomeAssistant, cloud: Emulator
) -> None:
    """A product gets another name and another device; what is not touched stays.

    The entry goes with its devices and services.
    """
    await person.open_integration()
    await person.see("ha-config-sub-entry-row ha-icon-button[slot=end]").first.click()
    await expect(person.see("input[name=product_name]")).to_have_value("Lamp")
    await person.type("product_name", "灯")
    await person.pick("ha-selector-select ha-chip-set ha-button", "hall-lamp")
    await expect(person.see("ha-input-chip", "hall-lamp")).to_be_visible()
    await person.finish()
    page = person.see("ha-config-integration-page")
    for shown in ("灯", "desk-lamp", "hall-lamp"):
        await expect(page).to_contain_text(shown)
    await home.call(DOMAIN, "lamp202611_echo", ECHO)
    assert cloud.executed[-1].inputs["moment"] == 1795435200000

    await person.choose_for_entry("delete")
    await person.see("dialog-box ha-button[slot=primaryAction]").click()
    await expect(person.see("ha-config-entry-row")).to_have_count(0)
    assert await home.command("config_entries/get", domain=DOMAIN) == []
    (services,) = [
        item["services"]
        for item in await home.get("/api/services")
        if item["domain"] == DOMAIN
    ]
    assert set(services) == {
        "call_action",
        "get_action_reference",
        "get_properties",
        "set_properties",
    }
