"""The README, followed by somebody who has never seen the project."""

import asyncio
from collections.abc import AsyncIterator
import re
import signal

from playwright.async_api import Browser, ViewportSize, expect
import pytest

from .conftest import open_browser
from .person import ROOT, Person
from demo.dashboard import PATH

READMES = {"en": "README.md", "zh-Hans": "README.zh-Hans.md"}
LAMPS = {"en": "desk-lamp", "zh-Hans": "书桌灯"}
DARK = r'"Data": "{\"power_switch\":0}"'
# Of the feeder 3, of the lock 2, of the lamp 2.
CARDS = 7
# Of the feeder 2, of the lock 2, of the thermometer 3, of the lamp 1.
TILES = 8
# What is below has more to show than fits in.
DASHBOARD: ViewportSize = {"width": 1280, "height": 834}
FED = re.compile(r'"ActionId": "feed",\s+"InputParams": "{\\"portions\\":5}"')


@pytest.fixture
async def demo(language: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the first of the README's two commands, and end it as a person would."""
    text = (ROOT / READMES[language]).read_text()
    command, _ = re.findall(r"```bash\n(.*?)\n```", text, re.DOTALL)
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", f"exec {command}", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    yield process
    process.send_signal(signal.SIGINT)
    await process.communicate()
    assert process.returncode == 0


async def read_until(process: asyncio.subprocess.Process, end: str) -> str:
    """Return what the terminal shows, up to a line that has some text."""
    assert process.stdout
    text = ""
    async with asyncio.timeout(300):
        while end not in text:
            line = await process.stdout.readline()
            assert line, text
            text += line.decode()
    return text


async def open_device(person: Person, name: str) -> None:
    """Open the page of a device, from that of the integration."""
    await person.open_integration()
    row = person.see("ha-config-entry-device-row")
    await row.get_by_text(name, exact=True).click()


async def test_feed(
    demo: asyncio.subprocess.Process, browser: Browser, language: str
) -> None:
    """From the command to a fed cat, and to a dark desk, by nothing but what is read."""
    printed = await read_until(demo, "Ctrl-C")
    values = dict(re.findall(r"^([\w ]+): +(\S.*)$", printed, re.MULTILINE))
    username, password = values["Login"].split(" / ")
    context = await open_browser(browser, language)
    person = Person(await context.new_page(), values["Home Assistant"], language)
    await person.stay_at_home()
    await person.open("/")
    await person.type("username", username)
    await person.type("password", password)
    await person.page.keyboard.press("Enter")
    await person.page.wait_for_url(re.compile(f"/{PATH}"))
    await expect(person.see("hui-entities-card")).to_have_count(CARDS)
    await expect(person.see("hui-tile-card path.primary-path")).to_have_count(TILES)
    await person.page.set_viewport_size(DASHBOARD)
    await person.take_picture("dashboard")
    await open_device(person, "喂食器")
    event = person.outcome
    await person.page.get_by_role("spinbutton", name="份数").fill("5")
    await person.see("hui-button-entity-row", "喂食").locator("ha-button").click()
    assert FED.search(await read_until(demo, "the cloud answered"))
    await expect(event).to_contain_text(person.replied)
    await expect(person.see("hui-sensor-entity-row", "余粮")).to_contain_text("75")
    await open_device(person, LAMPS[language])
    await person.see("hui-toggle-entity-row ha-switch").click()
    assert DARK in await read_until(demo, "the cloud answered")
    assert person.complaints == []
