"""What an hour costs in which nothing happens, with pushes, as the documents say."""

from collections import Counter
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from .documents import LANGUAGES, rows, section
from .events import HISTORY, OPENED, START
from .helpers import LIST, TEMPLATE, Cloud, product, with_both_keys
from .plugs import READ
from .pushes import console_rule
from .rules import address_at, set_up_pushed
from .test_document_push import number
from custom_components.tencent_iot_explorer.const import Access
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import property_, template

DEVICES = 100
# A list is read once in it, and what is due meanwhile at its end.
STEP = timedelta(minutes=1)


async def pass_minutes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: int
) -> None:
    """Let time pass, in steps that are as long as may be."""
    for _ in range(minutes):
        freezer.tick(STEP)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)


@with_both_keys
async def test_idle_hour(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An hour in which a hundred devices report nothing costs what the table says."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")
    freezer.move_to(START)
    names = [f"device-{number}" for number in range(DEVICES)]
    devices = {name: EmulatedDevice(name=name) for name in names}
    for device in devices.values():
        device.report(level=50)
    shown = property_("level", "Level", type="int", min="0", max="100")
    cloud.emulator.products["IDLE"] = EmulatedProduct(
        product_id="IDLE",
        template=template("IDLE", properties=[shown], events=[OPENED]),
        devices=devices,
    )
    if cloud.access is Access.APPLICATION:
        console_rule(cloud, address_at(home_address), "IDLE")
    entry = await set_up_pushed(
        hass, cloud, product("IDLE", names, use_properties=True)
    )
    freezer.tick(STEP)
    devices["device-0"].report(level=51)
    await cloud.emulator.forwarder.done()
    await pass_minutes(hass, freezer, 75)
    (pushed,) = entry.runtime_data.products.values()
    assert pushed.push.is_active
    cloud.emulator.journal.clear()
    # An hour without any message costs one reading more, which tests if something is lost.
    for level in (52, 53):
        await pass_minutes(hass, freezer, 30)
        devices["device-0"].report(level=level)
        await cloud.emulator.forwarder.done()
    made = Counter(item.call for item in cloud.emulator.journal)
    assert made == {TEMPLATE: 1, LIST: 60, READ: 400, HISTORY: 400}
    for call in (READ, HISTORY):
        of_devices = Counter(
            item.parameters["DeviceName"] for item in cloud.emulator.requests(call)
        )
        assert of_devices == dict.fromkeys(names, 4)
    for documents in LANGUAGES:
        table = rows(section(documents, "Requests with pushes"))
        costs = {number(cells[0]): number(cells[2]) for cells in table}
        assert costs[DEVICES] == made.total()
