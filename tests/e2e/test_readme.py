"""The README, followed by somebody who has never seen the project."""

import asyncio
from collections.abc import AsyncIterator
import re
import signal

from playwright.async_api import Browser, expect
import pytest

from .conftest import LOCALES
from .person import ROOT, Person

READMES = {"en": "README.md", "zh-Hans": "README.zh-Hans.md"}
LAMPS = {"en": "desk-lamp", "zh-Hans": "书桌灯"}
DARK = r'"Data": "{\"power_switch\":0}"'
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


async def test_feed(
    demo: asyncio.subprocess.Process, browser: Browser, language: str
) -> None:
    """From the command to a fed cat, and to a dark desk, by nothing but what is read."""
    printed = await read_until(demo, "Ctrl-C")
    values = dict(re.findall(r"^([\w ]+): +(\S.*)$", printed, re.MULTILINE))
    username, password = values["Login"].split(" / ")
    context = await browser.new_context(
        viewport={"width": 1280, "height": 900}, locale=LOCALES[language]
    )
    person = Person(await context.new_page(), values["Home Assistant"], language)
    await person.stay_at_home()
    await person.open("/")
    await person.type("username", username)
    await person.type("password", password)
    await person.page.keyboard.press("Enter")
    await person.page.wait_for_url(re.compile(r"/(home|lovelace|config).*"))
    await person.open_integration()
    await person.see("ha-config-entry-device-row", "喂食器").first.click()
    portions = person.page.get_by_role("slider")
    event = person.outcome
    await portions.press("End")
    await expect(portions).to_have_attribute("aria-valuenow", "10")
    for value in range(9, 4, -1):
        await portions.press("ArrowLeft")
        await expect(portions).to_have_attribute("aria-valuenow", str(value))
    await person.see("hui-button-entity-row", "喂食").locator("ha-button").click()
    assert FED.search(await read_until(demo, "the cloud answered"))
    await expect(event).to_contain_text(person.replied)
    await expect(person.see("hui-sensor-entity-row", "余粮")).to_contain_text("75")
    await person.open_integration()
    await person.see("ha-config-entry-device-row", LAMPS[language]).first.click()
    await person.see("hui-toggle-entity-row ha-switch").click()
    assert DARK in await read_until(demo, "the cloud answered")
    assert person.complaints == []
