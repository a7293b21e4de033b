"""What devices report and take, as a person sees and changes it."""

from datetime import datetime
import json

from playwright.async_api import expect

from .conftest import set_up
from .person import DOMAIN, Person
from demo.home_assistant import HomeAssistant
from emulator import Emulator


async def test_light(person: Person, home: HomeAssistant, cloud: Emulator) -> None:
    """A product of an earlier release has its properties when a person says so.

    Then a lamp is switched on at its page, and made brighter, and so within 5 seconds.
    """
    await set_up(
        home,
        cloud,
        "LAMP202611",
        product_name="Lamp",
        devices=["desk-lamp"],
        use_properties=False,
    )
    stored = home.folder / ".storage" / "core.config_entries"

    def forget_choice() -> None:
        """Let nothing be stored of what earlier releases did not ask for."""
        content = json.loads(stored.read_text())
        for entry in content["data"]["entries"]:
            for subentry in entry["subentries"]:
                subentry["data"].pop("use_properties", None)
        stored.write_text(json.dumps(content))

    await home.restart(forget_choice)
    words = person.words["issues"]["properties"]
    await person.open("/config/repairs")
    await person.page.get_by_text(words["title"].format(plain_product="Lamp")).click()
    question = words["fix_flow"]["step"]["init"]
    dialog = person.see("dialog-data-entry-flow")
    await expect(dialog).to_contain_text(question["title"].format(plain_product="Lamp"))
    await person.choose(question["menu_options"]["use"])
    light = await home.entity_id("light", "LAMP202611/desk-lamp/light")
    repairs = await home.command("repairs/list_issues")
    assert [item for item in repairs["issues"] if item["domain"] == DOMAIN] == []

    await person.open_device("desk-lamp")
    row = person.see("hui-toggle-entity-row", "Light switch")
    await row.locator("ha-switch").click()
    await row.get_by_text("Light switch").click()
    details = person.see("ha-more-info-dialog")
    shown = details.locator("ha-more-info-state-header")
    await expect(shown).to_contain_text("80%")
    level = details.locator("ha-state-control-light-brightness").get_by_role("slider")
    await level.press("End")
    await expect(shown).to_contain_text("100%")
    assert [item.values for item in cloud.written] == [
        {"power_switch": 1},
        {"power_switch": 1, "brightness": 100},
    ]
    _, taken_at = (
        cloud.products["LAMP202611"].devices["desk-lamp"].reported["brightness"]
    )
    shown_at = datetime.fromisoformat((await home.state(light, "on"))["last_updated"])
    assert shown_at.timestamp() - taken_at / 1000 < 5
