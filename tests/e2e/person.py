"""What a person can do in Home Assistant's pages, and what they see."""

from io import BytesIO
import json
from pathlib import Path
import re

from PIL import Image, ImageChops, ImageStat
from playwright.async_api import ConsoleMessage, Error, Locator, Page, Route, expect

ROOT = Path(__file__).parents[2]
DOMAIN = "tencent_iot_explorer"
TRANSLATIONS = ROOT / "custom_components" / DOMAIN / "translations"
PICTURES = ROOT / "docs" / "images"
# What stands between a name and what belongs to it.
COLON = {"en": ": ", "zh-Hans": "："}
COLOURS = 128
# Of 255, in a small copy: times and the smoothing of letters make less than that.
VISIBLE_DIFFERENCE = 2.0


class Person:
    """Somebody in front of a browser, who reads one language."""

    def __init__(self, page: Page, url: str, language: str) -> None:
        """Sit down in front of an empty page."""
        self.page = page
        self.url = url
        self.language = language
        self.words = json.loads((TRANSLATIONS / f"{language}.json").read_text())
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", self._see_failure)

    @property
    def outcome(self) -> Locator:
        """Return where a device's page shows how the last call of an action ended."""
        name = self.words["entity"]["event"]["device_action"]["name"]
        return self.see("hui-event-entity-row", name)

    @property
    def outcomes(self) -> dict[str, str]:
        """Return how an event entity shows each outcome of an action."""
        attributes = self.words["entity"]["event"]["device_action"]["state_attributes"]
        return dict(attributes["event_type"]["state"])

    @property
    def accepted(self) -> str:
        """Return how an event entity shows that the cloud took an action over."""
        return self.outcomes["accepted"]

    @property
    def replied(self) -> str:
        """Return how an event entity shows that a device has answered."""
        return self.outcomes["replied"]

    @property
    def alert(self) -> str:
        """Return how an entity shows that a device has reported an alert."""
        attributes = self.words["entity"]["event"]["device_event"]["state_attributes"]
        return str(attributes["event_type"]["state"]["alert"])

    async def stay_at_home(self) -> None:
        """Reach nothing outside this machine, whatever a page asks for."""

        async def pass_or_not(route: Route) -> None:
            """Let through what belongs to Home Assistant."""
            if route.request.url.startswith((self.url, "data:", "blob:")):
                await route.continue_()
            else:
                await route.abort()

        await self.page.context.route("**/*", pass_or_not)

    async def open(self, path: str) -> None:
        """Open a page by its address."""
        await self.page.goto(f"{self.url}{path}")

    async def open_integration(self) -> None:
        """Open the page of the integration."""
        await self.open(f"/config/integrations/integration/{DOMAIN}")

    async def open_device(self, name: str) -> None:
        """Open the page of a device, from the list of all devices."""
        await self.open("/config/devices/dashboard")
        await self.page.get_by_text(name, exact=True).first.click()
        await expect(self.see("ha-config-device-page")).to_contain_text(name)

    def see(self, selector: str, text: str | None = None) -> Locator:
        """Return what is shown for a selector, with a text if one is given."""
        return self.page.locator(selector, has_text=text)

    async def type(self, field: str, text: str) -> None:
        """Type into a field of a dialog."""
        await self.page.locator(f"input[name={field}]").fill(text)

    async def submit(self) -> None:
        """Go on to the next step of a dialog."""
        await self.see("dialog-data-entry-flow ha-button[slot=primaryAction]").click()

    async def finish(self) -> None:
        """Submit the last step, and close what says that all went well."""
        await self.submit()
        await self.close()

    async def close(self) -> None:
        """Close what says that all went well, as soon as a dialog does."""
        dialog = self.see("dialog-data-entry-flow ha-dialog[open]")
        for step in ("form", "progress"):
            await expect(dialog.locator(f"step-flow-{step}")).to_have_count(0)
        await dialog.locator("ha-dialog-footer ha-button").click()
        await self.wait_for_closed("dialog-data-entry-flow")

    async def wait_for_closed(self, dialog: str) -> None:
        """Wait until a dialog has gone."""
        await expect(self.see(f"{dialog} ha-dialog[open]")).to_have_count(0)
        # The page goes back to where it was, which must not meet what is opened next.
        await self.page.wait_for_function("!history.state?.dialog")

    async def choose(self, option: str) -> None:
        """Choose from the menu that a dialog is."""
        await self.see("step-flow-menu ha-list-item", option).click()

    async def pick(self, trigger: str, text: str) -> None:
        """Choose from a list that can be searched."""
        await self.see(trigger).click()
        await self.see("ha-picker-combo-box input").last.fill(text)
        await self.see("ha-picker-combo-box ha-combo-box-item", text).first.click()

    async def choose_for_entry(self, value: str) -> None:
        """Choose from the menu of the entry."""
        menu = self.see("ha-config-entry-row ha-row-item > ha-dropdown")
        await menu.locator("ha-icon-button[slot=trigger]").first.click()
        await menu.locator(f"ha-dropdown-item[value={value}]").first.click()

    async def configure(self) -> None:
        """Open the dialog with the options of the entry."""
        await self.see("ha-config-entry-row ha-row-item > ha-icon-button").last.click()

    async def take_picture(self, name: str, part: str = "body") -> None:
        """Write what is seen into the pictures of the documentation.

        One that shows nothing else than before stays as it was.
        """
        await self.page.evaluate("document.fonts.ready")
        shot = await self.see(part).first.screenshot(animations="disabled")
        picture = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS)
        path = PICTURES / f"{name}.{self.language}.png"
        if path.exists():
            with Image.open(path) as before:
                if not _is_different(before, picture):
                    return
        path.parent.mkdir(exist_ok=True)
        picture.save(path, optimize=True)

    def _see_failure(self, error: Error) -> None:
        """Note what the page did not catch, but not that a service refused.

        Home Assistant's pages show that, and leave the object that says so uncaught.
        """
        if str(error) != "Object":
            self.complaints.append(str(error))

    def _hear(self, message: ConsoleMessage) -> None:
        """Note an error of the page, but not what could not be loaded from elsewhere."""
        missing = re.match(r"Failed to load resource", message.text)
        where = str(message.location.get("url", ""))
        if message.type == "error" and (not missing or DOMAIN in where):
            self.complaints.append(f"{message.text} ({where})")


def _is_different(before: Image.Image, after: Image.Image) -> bool:
    """Return whether a person would see that one picture is not the other."""
    if before.size != after.size:
        return True
    size = (before.width // 8, before.height // 8)
    one, other = (
        image.convert("L").resize(size, Image.Resampling.BOX)
        for image in (before, after)
    )
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0] > (
        VISIBLE_DIFFERENCE
    )
