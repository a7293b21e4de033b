"""What the dialogs of a product say of properties and events, and ask about them."""

from collections.abc import Iterable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .dialogs import answer as answer_config, key_pair, shown, start as start_config
from .helpers import FEEDER, Cloud, product, set_up, with_both_keys
from .test_product_flow import answer, start
from custom_components.tencent_iot_explorer.const import Access
from emulator import EmulatedDevice, EmulatedProduct, Fault
from emulator.products import action, event, parameter, property_, template

READ = "DescribeDeviceData"
LEVEL = property_(
    "battery_percentage", "电池电量", "r", type="int", min="0", max="100", unit="%"
)
RING = event("doorbell", "门铃", "info")
BLINK = action("blink", "Blink")
MOMENT = property_("alarm_time", "Alarm", "rw", type="timestamp")
LAST = property_("last_time", "Last", "r", type="timestamp")
SECONDS, MILLISECONDS = 1_795_435_200, 1_795_435_200_000
ALL = {"product_name": "Odd", "all_devices": True}


def declare(
    cloud: Cloud,
    *actions: dict[str, Any],
    properties: Iterable[dict[str, Any]] = (),
    events: Iterable[dict[str, Any]] = (),
    devices: int = 1,
) -> list[EmulatedDevice]:
    """Put a product into the emulated cloud, and return its devices."""
    made = [EmulatedDevice(name=f"device-{n}") for n in range(1, devices + 1)]
    cloud.emulator.products["ODD"] = EmulatedProduct(
        product_id="ODD",
        template=template("ODD", *actions, properties=properties, events=events),
        devices={device.name: device for device in made},
    )
    return made


def reads(cloud: Cloud) -> int:
    """Return how often a device's properties were read."""
    return sum(entry.call == READ for entry in cloud.emulator.journal)


async def choose_product(hass: HomeAssistant, cloud: Cloud) -> Any:
    """Open the dialog that adds the product, at the step for its devices."""
    entry = await set_up(hass, cloud, FEEDER)
    flow = await answer(hass, await start(hass, entry), {"product_id": "ODD"})
    assert flow["step_id"] == "devices", flow["errors"]
    return flow


async def change_product(
    hass: HomeAssistant, cloud: Cloud, **changes: Any
) -> tuple[Any, Any]:
    """Open the dialog of a product that is configured, and return its entry as well."""
    entry = await set_up(hass, cloud, product("ODD", all_devices=True, **changes))
    (subentry_id,) = entry.subentries
    return entry, await start(hass, entry, subentry_id)


def stored(entry: Any) -> Any:
    """Return what is stored of the product."""
    (data,) = [
        item.data for item in entry.subentries.values() if item.unique_id == "ODD"
    ]
    return data


@pytest.mark.parametrize(
    "declared", [{"properties": [LEVEL]}, {"events": [RING]}], ids=["property", "event"]
)
async def test_product_without_actions(
    hass: HomeAssistant, cloud: Cloud, declared: dict[str, Any]
) -> None:
    """A property or an event is enough to use a product, in the first dialog as well."""
    declare(cloud, **declared)
    flow_id = await start_config(hass)
    result = await answer_config(hass, flow_id, key_pair(cloud, product_id="ODD"))
    assert result["step_id"] == "devices"
    result = await answer_config(hass, flow_id, shown(result) | ALL)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert stored(result["result"])["use_properties"] is True


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ["Device actions (1)", "Properties (2)", "Events (12)"]),
        ("zh-Hans", ["行为（1）", "属性（2）", "事件（12）"]),
        ("zh-Hant", ["行為（1）", "屬性（2）", "事件（12）"]),
    ],
)
async def test_three_groups(
    hass: HomeAssistant, cloud: Cloud, language: str, headings: list[str]
) -> None:
    """What is declared is listed in short groups, its names as they are."""
    hass.config.language = language
    odd = property_("x", "*[bold]* {{ 1 }}", type="int")
    many = [event(f"e{number}", f"Event {number}") for number in range(12)]
    declare(cloud, BLINK, properties=[LEVEL, odd], events=many)
    flow = await choose_product(hass, cloud)
    assert flow["description_placeholders"]["declared"] == "\n".join(
        [
            f"**{headings[0]}**",
            "",
            "- Blink \\(blink\\)",
            "",
            f"**{headings[1]}**",
            "",
            "- 电池电量 \\(battery\\_percentage\\)",
            "- \\*\\[bold\\]\\* \\{\\{ 1 \\}\\} \\(x\\)",
            "",
            f"**{headings[2]}**",
            "",
            *(f"- Event {number} \\(e{number}\\)" for number in range(10)),
            "- …",
        ]
    )


async def test_no_empty_group(hass: HomeAssistant, cloud: Cloud) -> None:
    """A kind of which nothing is declared has no heading."""
    declare(cloud, events=[RING])
    flow = await choose_product(hass, cloud)
    declared = flow["description_placeholders"]["declared"]
    assert declared == "**Events (1)**\n\n- 门铃 \\(doorbell\\)"


@pytest.mark.parametrize("is_used", [True, False])
async def test_new_product(hass: HomeAssistant, cloud: Cloud, is_used: bool) -> None:
    """A new product has its properties and events, unless that is switched off."""
    declare(cloud, BLINK, properties=[LEVEL])
    flow = await choose_product(hass, cloud)
    assert shown(flow)["use_properties"] is True
    await answer(hass, flow, ALL | {"use_properties": is_used})
    (entry,) = hass.config_entries.async_entries()
    assert stored(entry)["use_properties"] is is_used


async def test_only_actions(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where there is nothing to switch, nothing is asked; what is declared later is used."""
    declare(cloud, BLINK, properties=[property_("names", "Names", type="array")])
    flow = await choose_product(hass, cloud)
    assert flow["data_schema"].schema.keys() == {
        "product_name",
        "all_devices",
        "devices",
    }
    await answer(hass, flow, ALL)
    (entry,) = hass.config_entries.async_entries()
    assert stored(entry)["use_properties"] is True
    assert "sleeps" not in stored(entry)
    assert reads(cloud) == 0


@pytest.mark.parametrize("is_used", [True, False])
async def test_switched_later(hass: HomeAssistant, cloud: Cloud, is_used: bool) -> None:
    """The dialog shows what is stored, and changes it."""
    declare(cloud, events=[RING])
    entry, flow = await change_product(hass, cloud, use_properties=is_used)
    assert shown(flow)["use_properties"] is is_used
    changed = shown(flow) | {"use_properties": not is_used}
    assert (await answer(hass, flow, changed))["reason"] == "reconfigure_successful"
    assert stored(entry)["use_properties"] is not is_used


@pytest.mark.parametrize("chosen", [None, True, False])
async def test_undecided(
    hass: HomeAssistant, cloud: Cloud, chosen: bool | None
) -> None:
    """A product of an earlier release stays undecided until the field is touched."""
    declare(cloud, properties=[LEVEL])
    entry, flow = await change_product(hass, cloud, use_properties=None)
    typed = shown(flow)
    assert "use_properties" not in typed
    if chosen is not None:
        typed["use_properties"] = chosen
    assert (await answer(hass, flow, typed))["reason"] == "reconfigure_successful"
    assert stored(entry).get("use_properties") is chosen


@with_both_keys
@pytest.mark.parametrize(
    ("status", "minutes", "is_lora", "sleeps"),
    [
        (0, 1, False, True),
        (0, 10, False, False),
        (1, 1, False, False),
        (0, 10, True, True),
    ],
    ids=["just reported", "long ago", "online", "LoRa"],
)
async def test_sleeps_is_preset(
    hass: HomeAssistant,
    cloud: Cloud,
    access: Access,
    freezer: FrozenDateTimeFactory,
    status: int,
    minutes: int,
    is_lora: bool,
    sleeps: bool,
) -> None:
    """What reports although it is offline sleeps, and so does a device by LoRa."""
    (device,) = declare(cloud, properties=[LEVEL])
    device.status = status
    device.is_lora = is_lora
    device.report(battery_percentage=64)
    freezer.tick(minutes * 60)
    flow = await choose_product(hass, cloud)
    # Only the interface of an account says which device is one by LoRa.
    expected = sleeps and (access is Access.ACCOUNT or not is_lora)
    assert shown(flow)["advanced"] == {"sleeps": expected}
    await answer(hass, flow, ALL)
    (entry,) = hass.config_entries.async_entries()
    assert stored(entry)["sleeps"] is expected


async def test_sleeps_can_be_chosen(hass: HomeAssistant, cloud: Cloud) -> None:
    """It is stored as chosen, and then the devices are not asked any more."""
    declare(cloud, properties=[LEVEL])
    entry, flow = await change_product(hass, cloud)
    assert reads(cloud) == 1
    typed = shown(flow) | {"advanced": {"sleeps": True}}
    await answer(hass, flow, typed)
    assert stored(entry)["sleeps"] is True
    (subentry_id,) = entry.subentries
    before = reads(cloud)
    flow = await start(hass, entry, subentry_id)
    assert shown(flow)["advanced"] == {"sleeps": True}
    assert reads(cloud) == before


@pytest.mark.parametrize(
    ("declared", "is_asked"),
    [
        ({"properties": [MOMENT]}, True),
        ({"properties": [LAST]}, False),
        (
            {
                "events": [
                    event("e", "E", "info", [parameter("t", "T", type="timestamp")])
                ]
            },
            False,
        ),
    ],
    ids=["writable", "read only", "event"],
)
async def test_unit_is_asked_for_what_is_sent(
    hass: HomeAssistant, cloud: Cloud, declared: dict[str, Any], is_asked: bool
) -> None:
    """The unit of time stamps only concerns what is sent to devices."""
    declare(cloud, **declared)
    flow = await choose_product(hass, cloud)
    assert ("timestamp_unit" in flow["data_schema"].schema) is is_asked


@pytest.mark.parametrize(
    ("reported", "unit"),
    [
        (MILLISECONDS, "milliseconds"),
        (str(MILLISECONDS), "milliseconds"),
        (SECONDS, "seconds"),
        (0, "seconds"),
        ("nonsense", "seconds"),
        (None, "seconds"),
    ],
)
@pytest.mark.parametrize("status", [0, 1])
async def test_unit_is_preset(
    hass: HomeAssistant, cloud: Cloud, reported: object, unit: str, status: int
) -> None:
    """The unit follows the size of a time stamp that a device has reported."""
    (device,) = declare(cloud, properties=[MOMENT, LAST])
    device.status = status
    if reported is not None:
        device.report(last_time=reported)
    flow = await choose_product(hass, cloud)
    assert shown(flow)["timestamp_unit"] == unit


async def test_unit_that_is_stored(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a person chose is changed by nothing that a device reports."""
    (device,) = declare(cloud, properties=[MOMENT])
    device.report(alarm_time=MILLISECONDS)
    _, flow = await change_product(hass, cloud, timestamp_unit="seconds")
    assert shown(flow)["timestamp_unit"] == "seconds"


@with_both_keys
async def test_failure_presets_nothing(hass: HomeAssistant, cloud: Cloud) -> None:
    """A dialog goes on where devices cannot be read."""
    cloud.expect("FailedOperation")
    (device,) = declare(cloud, properties=[MOMENT])
    device.report(alarm_time=MILLISECONDS)
    cloud.emulator.faults.append(Fault(code="FailedOperation", call=READ))
    flow = await choose_product(hass, cloud)
    assert not flow["errors"]
    assert shown(flow)["timestamp_unit"] == "seconds"
    assert shown(flow)["advanced"] == {"sleeps": False}


async def test_few_devices_are_read(hass: HomeAssistant, cloud: Cloud) -> None:
    """However many devices there are, two of each state are asked."""
    devices = declare(cloud, properties=[LEVEL], devices=20)
    for device in devices[:10]:
        device.status = 0
    devices[0].status = 3
    await choose_product(hass, cloud)
    asked = {
        entry.parameters["DeviceName"]
        for entry in cloud.emulator.journal
        if entry.call == READ
    }
    assert asked == {"device-2", "device-3", "device-11", "device-12"}
