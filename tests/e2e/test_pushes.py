"""Pushes: turned on from the integration's page, seen on a device's page, turned off."""

import asyncio
import logging
import time

from playwright.async_api import Locator, expect

from .conftest import set_up
from .person import DOMAIN, Person
from demo.home_assistant import HomeAssistant
from emulator import EmulatedRule, Emulator, JournalEntry
from emulator.service_api import APP_KEY, APP_SECRET

_LOGGER = logging.getLogger(__name__)
READS = ("DescribeDeviceData", "ListEventHistory")
TOKEN = "token5772156649"


def plain(text: str) -> str:
    """Return the beginning of a text with Markdown, up to the first placeholder."""
    return text.partition("{")[0].strip("\n -*")


async def set_up_feeder(home: HomeAssistant, cloud: Emulator) -> None:
    """Set up a feeder with one device, by the key of an account."""
    await set_up(
        home,
        cloud,
        "FEEDER2026",
        product_name="宠物喂食器",
        devices=["kitchen-feeder"],
    )


async def open_dialog(person: Person) -> Locator:
    """Open the dialog that turns pushes on, and return it."""
    await person.open_integration()
    await person.configure()
    dialog = person.see("dialog-data-entry-flow")
    words = person.words["options"]["step"]["account"]
    await expect(dialog).to_contain_text(words["title"])
    await expect(dialog).to_contain_text(plain(words["description"].splitlines()[0]))
    return dialog


async def find_entry(home: HomeAssistant) -> dict[str, str]:
    """Return the entry as Home Assistant describes it."""
    (entry,) = await home.get(f"/api/config/config_entries/entry?domain={DOMAIN}")
    return dict(entry)


async def turn_off(person: Person, home: HomeAssistant, step_id: str) -> None:
    """Turn pushes off by the dialog, which knows that they are on."""
    words = person.words["options"]["step"]
    await person.open_integration()
    await person.configure()
    dialog = person.see("dialog-data-entry-flow")
    entry = (await find_entry(home))["title"]
    for step, choice in (("init", "turn_off"), (step_id, None)):
        shown = words[step]["description"].split("[")[0].format(entry=entry)
        await expect(dialog).to_contain_text(shown)
        if choice:
            await person.choose(words[step]["menu_options"][choice])
    await person.finish()


async def test_account(person: Person, home: HomeAssistant, cloud: Emulator) -> None:
    """What the feeder does is on its page at once, without reading and without a reload.

    A repair asks about a rule that somebody has disabled, and writes it anew.
    """
    await set_up_feeder(home, cloud)
    dialog = await open_dialog(person)
    words = person.words["options"]
    cloud.outbound.unreachable.add("127.0.0.1")
    await person.submit()
    refusal = plain(words["error"]["address_unreachable"])
    await expect(person.see("ha-alert[alert-type=error]")).to_contain_text(refusal)
    assert cloud.rules.by_name == {}
    cloud.outbound.unreachable.clear()
    is_watched = asyncio.Event()

    async def hold(entry: JournalEntry) -> None:
        """Answer not before somebody has seen what is awaited."""
        if entry.call in (*READS, "CreateTopicRule"):
            await is_watched.wait()

    cloud.gate = hold
    await person.submit()
    await expect(dialog).to_contain_text(words["progress"]["write_rules"])
    await expect(dialog).to_contain_text(words["step"]["write_rules"]["title"])
    is_watched.set()
    await person.close()
    assert [rule.is_disabled for rule in cloud.rules.by_name.values()] == [False]

    await person.open_device("kitchen-feeder")
    level = person.see("hui-sensor-entity-row", "余粮")
    await expect(level).to_contain_text("100")
    is_watched.clear()
    feeder = cloud.products["FEEDER2026"].devices["kitchen-feeder"]
    began_at = time.monotonic()
    feeder.report(food_level=37)
    await expect(level).to_contain_text("37")
    _LOGGER.info("A state after %.2f s", time.monotonic() - began_at)
    began_at = time.monotonic()
    feeder.raise_event("food_low", "alert", {"food_level": 12})
    event = person.see("hui-event-entity-row", "余粮不足")
    await expect(event).to_contain_text(person.alert)
    _LOGGER.info("An event after %.2f s", time.monotonic() - began_at)
    await expect(person.see("ha-logbook")).to_contain_text("余粮不足")
    is_watched.set()

    feeder.holds_replies = True
    await person.see("hui-button-entity-row", "喂食").locator("ha-button").click()
    await expect(person.outcome).to_contain_text(person.accepted)
    feeder.send_replies()
    await expect(person.outcome).to_contain_text(person.replied)
    for outcome in (person.accepted, person.replied):
        await expect(person.see("ha-logbook")).to_contain_text(outcome)

    (rule,) = cloud.rules.by_name.values()
    rule.is_disabled = True
    entry = (await find_entry(home))["entry_id"]
    await home.post(f"/api/config/config_entries/entry/{entry}/reload", {})
    words = person.words["issues"]["rule_edited"]
    await person.open("/config/repairs")
    title = words["title"].format(plain_product="宠物喂食器")
    repair = person.see("ha-config-repairs ha-list-item-button", title)
    await repair.click()
    step = words["fix_flow"]["step"]["init"]
    await expect(dialog).to_contain_text(step["title"].format(rule=rule.name))
    await expect(dialog).to_contain_text(rule.name)
    await person.choose(step["menu_options"]["write"])
    await person.close()
    assert not rule.is_disabled
    await expect(repair).to_have_count(0)

    await turn_off(person, home, "turn_off")
    assert cloud.rules.by_name == {}


async def test_application(
    person: Person, home: HomeAssistant, cloud: Emulator
) -> None:
    """A rule is made in the console of what the dialog shows, which ends by itself."""
    await home.flow(
        {"handler": DOMAIN},
        {"next_step_id": "application"},
        {
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "product_id": "LAMP202611",
            "advanced": {"endpoint": cloud.endpoint},
        },
        {"product_name": "Lamp", "all_devices": False, "devices": ["desk-lamp"]},
    )
    dialog = await open_dialog(person)
    address, sql = await dialog.locator("code").all_inner_texts()
    assert address.startswith(f"{home.url}/api/webhook/")
    assert sql == "SELECT * FROM '$thing/up/+/LAMP202611/#'"
    await person.type("token", TOKEN)
    await person.submit()
    waits = plain(person.words["options"]["progress"]["wait"].partition("[")[0])
    await expect(dialog.locator("step-flow-progress")).to_contain_text(waits)
    assert await dialog.locator("code").all_inner_texts() == [address, sql]
    actions = [{"forward": {"api": address}}]
    cloud.rules.add(EmulatedRule(name="lamps", sql=sql, actions=actions, token=TOKEN))
    lamp = cloud.products["LAMP202611"].devices["desk-lamp"]
    lamp.report(power_switch=1)
    await person.close()
    await expect(person.see("body")).not_to_contain_text(address)

    await person.open_device("desk-lamp")
    light = person.page.get_by_role("switch", name="Light switch")
    for value, is_on in ((0, False), (1, True)):
        lamp.report(power_switch=value)
        await expect(light).to_be_checked(checked=is_on)
    await turn_off(person, home, "turn_off_by_hand")
