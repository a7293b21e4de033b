"""A browser, a Home Assistant and the emulated cloud for each test."""

from collections.abc import AsyncIterator
import json
import os
from pathlib import Path
import time

from playwright.async_api import Browser, BrowserContext, async_playwright, expect
import pytest

from .person import DOMAIN, Person
from demo.home_assistant import HomeAssistant, free_port
from emulator import Emulator
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.projects import REGION

LOCALES = {"en": "en-US", "zh-Hans": "zh-CN"}
OWN = f"custom_components.{DOMAIN}"
# A machine without internet must not be asked what there is on it.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A slow machine is no failure.
expect.set_options(timeout=30_000)


@pytest.fixture(params=LOCALES)
def language(request: pytest.FixtureRequest) -> str:
    """Return the language of Home Assistant and of the browser."""
    return str(request.param)


@pytest.fixture
async def cloud() -> AsyncIterator[Emulator]:
    """Run the emulated cloud, and at the end insist on flawless requests."""
    async with Emulator() as emulator:
        yield emulator
        for entry in emulator.journal:
            assert (entry.flaws, entry.deviations) == ([], [])


@pytest.fixture
async def home(
    cloud: Emulator, tmp_path: Path, language: str
) -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant, and at the end insist on a log without complaints of ours."""
    home = HomeAssistant(tmp_path / "home", free_port(), language)
    try:
        await home.start()
        yield home
    finally:
        await home.stop()
    complaints = [
        line
        for line in home.log.splitlines()
        if OWN in line and (" WARNING " in line or " ERROR " in line)
    ]
    assert complaints == []


async def set_up(
    home: HomeAssistant, cloud: Emulator, product_id: str, **chosen: object
) -> None:
    """Set the integration up as the dialogs do."""
    key = {
        "secret_id": SECRET_ID,
        "secret_key": SECRET_KEY,
        "region": REGION,
        "advanced": {"endpoint": cloud.cloud_endpoint},
    }
    await home.flow(
        {"handler": DOMAIN},
        {"next_step_id": "account"},
        key,
        {"product_id": product_id},
        {"all_devices": False, **chosen},
    )


async def run_action(
    person: Person, home: HomeAssistant, device: str, button: str
) -> None:
    """Press a button on the page of a device, and wait until the cloud took it over."""
    outcome = await home.entity_id("event", device)
    before = (await home.get(f"/api/states/{outcome}"))["state"]
    await person.open_device(device.rpartition("/")[2])
    await person.see("hui-button-entity-row", button).locator("ha-button").click()
    await home.changed_state(outcome, before)
    await expect(person.outcome).to_contain_text(person.accepted)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Run a browser that nobody sees."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=os.environ["BROWSER"], args=ARGUMENTS
        )
        yield browser
        await browser.close()


async def open_browser(browser: Browser, language: str) -> BrowserContext:
    """Return a window of somebody who reads a language and lives where the demo is."""
    return await browser.new_context(
        viewport={"width": 1280, "height": 900},
        locale=LOCALES[language],
        timezone_id="Asia/Shanghai",
    )


@pytest.fixture
async def person(
    browser: Browser, home: HomeAssistant, language: str, tmp_path: Path
) -> AsyncIterator[Person]:
    """Return somebody who is logged in, and at the end insist that all went well.

    What was seen last is kept beside the configuration of Home Assistant.
    """
    tokens = home.tokens | {
        "hassUrl": home.url,
        "clientId": f"{home.url}/",
        "expires": int((time.time() + home.tokens["expires_in"]) * 1000),
    }
    context = await open_browser(browser, language)
    await context.add_init_script(
        f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))})"
    )
    person = Person(await context.new_page(), home.url, language)
    await person.stay_at_home()
    yield person
    await person.page.screenshot(path=tmp_path / "last.png")
    assert person.complaints == []
