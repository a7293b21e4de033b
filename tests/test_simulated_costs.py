"""Simulated days through a whole Home Assistant cost what the formula says."""

from collections import Counter

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant

from .events import HISTORY, OPENED, START, pass_seconds
from .helpers import DETAIL, LIST, TEMPLATE, Cloud, product
from .plugs import READ
from .pushes import console_rule
from .rules import address_at, set_up_pushed
from custom_components.tencent_iot_explorer.account.request_counts import request_counts
from custom_components.tencent_iot_explorer.const import Access
from custom_components.tencent_iot_explorer.reports.costs import costs_of, use_of
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import property_, template

MINUTES_OF_A_DAY = 24 * 60
# These stand for a day: all is asked once an hour or more often.
MINUTES = 2 * 60
# Each reads what is due since the last one, which must be less than half an interval.
STEPS = {False: 30, True: 60}
LEVEL = property_("level", "Level", type="int", min="0", max="100")


async def pass_half_an_hour(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, step: int
) -> None:
    """Let time pass, in steps of so many seconds."""
    for _ in range(1800 // step):
        await pass_seconds(hass, freezer, step)


@pytest.mark.parametrize(
    ("access", "is_pushed", "devices", "minutes"),
    [
        (Access.APPLICATION, False, 1, 6 * 60),
        (Access.ACCOUNT, True, 1, MINUTES_OF_A_DAY),
        *(
            (access, is_pushed, 10, MINUTES)
            for access in Access
            for is_pushed in (False, True)
        ),
    ],
    indirect=["access"],
)
async def test_day(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    freezer: FrozenDateTimeFactory,
    devices: int,
    minutes: int,
    is_pushed: bool,
) -> None:
    """All that is asked is counted, and is what the formula says, within two in a hundred."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")
    freezer.move_to(START)
    names = [f"device-{number}" for number in range(devices)]
    made = {name: EmulatedDevice(name=name) for name in names}
    for device in made.values():
        device.report(level=50)
    cloud.emulator.products["COSTS"] = EmulatedProduct(
        product_id="COSTS",
        template=template("COSTS", properties=[LEVEL], events=[OPENED]),
        devices=made,
    )
    if is_pushed and cloud.access is Access.APPLICATION:
        console_rule(cloud, address_at(home_address), "COSTS")
    entry = await set_up_pushed(
        hass, cloud, product("COSTS", names, use_properties=True), push=is_pushed
    )
    made["device-0"].report(level=49)
    await cloud.emulator.forwarder.done()
    # What follows the start is no part of a day.
    await pass_half_an_hour(hass, freezer, STEPS[is_pushed])
    (own,) = entry.runtime_data.products.values()
    assert own.push.is_active is is_pushed
    cloud.emulator.journal.clear()
    counted = request_counts(hass).today
    for number in range(minutes // 30):
        # What reports nothing for an hour is read half as often.
        for device in made.values():
            device.report(level=number % 2)
        await cloud.emulator.forwarder.done()
        await pass_half_an_hour(hass, freezer, STEPS[is_pushed])
    costs = costs_of(use_of(own))
    part = minutes / MINUTES_OF_A_DAY
    is_single = devices == 1 and cloud.access is Access.APPLICATION
    polled_by = DETAIL if is_single else LIST
    asked = Counter(item.call for item in cloud.emulator.journal)
    assert asked.total() == pytest.approx(costs.per_day * part, rel=0.02)
    assert asked == {
        TEMPLATE: 24 * part,
        polled_by: pytest.approx(costs.polls * part, abs=1),
        READ: pytest.approx(costs.properties * part, abs=devices),
        HISTORY: pytest.approx(costs.events * part, abs=devices),
    }
    days = request_counts(hass).of_product("COSTS").values()
    total = sum(sum(origins.values()) for day in days for origins in day.values())
    assert total - counted == asked.total()
