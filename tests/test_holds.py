"""A value that was written is shown until the device reports it, another one or nothing."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .entities import set_value
from .helpers import Cloud, with_both_keys
from .plugs import PLUG, WRITE, pass_time, read_devices, set_up_plugs, shown, written
from custom_components.tencent_iot_explorer.api import Report, WireValue
from custom_components.tencent_iot_explorer.api.data_template import (
    Bool,
    Choice,
    DataType,
    Enum,
    Integer,
    Number,
    Text,
    Timestamp,
)
from custom_components.tencent_iot_explorer.product.hold import Hold
from custom_components.tencent_iot_explorer.product.values import PropertyValues
from emulator import Fault

LEVEL = f"{PLUG}/a/property:level"
INTEGER = Integer(minimum=0, maximum=100, step=1)
TENTHS = Number(step=0.5)
ENUM = Enum(choices={"1": "Calm", "2": "Wild"})


@pytest.mark.parametrize(
    ("data_type", "value", "reported"),
    [
        (INTEGER, 21, 20.999998),
        (INTEGER, 21, "21"),
        (INTEGER, 21, 21.4),
        (Integer(step=5), 21, 20),
        (TENTHS, 21.5, 21.3),
        (Number(), 3.5, 3.4999998),
        (Bool(choices={"0": "0", "1": "1"}), 1, True),
        (Bool(choices={"0": "0", "1": "1"}), 1, "1"),
        (ENUM, 2, "2"),
        (ENUM, 2, 2.0),
        (Choice(choices={"1": "a", "2": "b"}), "2", 2),
        (Text(), "x", "x"),
        (Timestamp(), 1_800_000_000, 1_800_000_000_000),
    ],
)
def test_confirmed(data_type: DataType, value: WireValue, reported: object) -> None:
    """A value is confirmed by any spelling of it, numbers by half a step."""
    before = Report(value="0", reported_at=5)
    hold = Hold(type=data_type, value=value, before=before)
    assert hold.ends_with(Report(value=reported, reported_at=6))
    # The device's clock may have been set back.
    assert hold.ends_with(Report(value=reported, reported_at=4))


@pytest.mark.parametrize(
    ("reported", "ends"),
    [
        (Report(value=20, reported_at=5), False),
        (Report(value=20, reported_at=6), False),
        (Report(value=40, reported_at=5), False),
        (Report(value=40, reported_at=6), True),
        (Report(value=30, reported_at=6), True),
        (Report(value=25, reported_at=6), False),
        (Report(value=None, reported_at=6), True),
    ],
)
def test_contradicted(reported: Report, ends: bool) -> None:
    """The old value says nothing, nor what was written shortly before; others do."""
    before = Report(value=20, reported_at=5)
    hold = Hold(type=INTEGER, value=30, before=before, earlier=(25,))
    assert hold.ends_with(reported) is ends


def test_never_reported() -> None:
    """Of what was never reported, any report but of an earlier write shows the truth."""
    hold = Hold(type=INTEGER, value=30, before=None, earlier=(25,))
    assert hold.ends_with(Report(value=40, reported_at=1))
    assert not hold.ends_with(Report(value=25, reported_at=1))


def test_same_value() -> None:
    """The last report confirms what was written only if it has exactly that."""
    before = Report(value=20, reported_at=5)
    assert Hold(type=INTEGER, value=20, before=before).ends_with(before)
    near = Hold(type=Integer(step=10), value=22, before=before)
    assert not near.ends_with(before)
    assert near.ends_with(Report(value=20, reported_at=6))


def test_large_numbers() -> None:
    """A whole number is as exact as it is, however large."""
    before = Report(value=1_800_000_000, reported_at=1)
    hold = Hold(type=INTEGER, value=1_800_000_060, before=before)
    assert not hold.ends_with(before)
    assert not hold.ends_with(Report(value=1_800_000_000, reported_at=2))
    other = Report(value=1_800_000_030, reported_at=2)
    assert hold.ends_with(other)
    assert not hold.is_confirmed_by(other)


def test_to_and_fro() -> None:
    """The last report confirms nothing while another value is on its way, too."""
    before = Report(value=20, reported_at=5)
    hold = Hold(type=INTEGER, value=20, before=before, earlier=(80,))
    assert not hold.ends_with(before)
    assert not hold.ends_with(Report(value=80, reported_at=6))
    assert hold.ends_with(Report(value=20, reported_at=7))
    assert Hold(type=INTEGER, value=20, before=before, earlier=(20,)).ends_with(before)


def test_texts_are_no_numbers() -> None:
    """What looks like a number in a text is none."""
    hold = Hold(type=Text(), value="007", before=Report(value="", reported_at=1))
    assert hold.ends_with(Report(value="7", reported_at=2))
    assert not hold.ends_with(Report(value="7", reported_at=1))


async def test_written_for_ever(hass: HomeAssistant) -> None:
    """What is written again and again and never reported does not pile up."""
    values = PropertyValues(hass)
    for number in range(1000):
        values.async_hold("a", {"x": number}, {"x": INTEGER}, Context())
    hold, _ = values._holds["a"]["x"]
    assert hold.earlier == tuple(range(899, 999))
    values.async_stop()


@with_both_keys
async def test_confirmed_by_a_read(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What was written is shown at once, and one read confirms it."""
    await set_up_plugs(hass, cloud, "a", "b")
    read_devices(cloud)
    await set_value(hass, "number", LEVEL, 80)
    assert shown(hass, "number", "a", "level") == "80"
    assert shown(hass, "number", "b", "level") == "50"
    assert written(cloud) == [("a", {"level": 80})]
    await pass_time(hass, freezer, 25)
    assert shown(hass, "number", "a", "level") == "80"
    assert read_devices(cloud).count("a") == 1


async def test_slow_device(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device that repeats its old value first never lets the entity go back."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    await pass_time(hass, freezer, 95)
    read_devices(cloud)
    device.holds_writes = device.repeats_old_values = True
    await set_value(hass, "number", LEVEL, 80)
    states = set()
    for second in range(25):
        if second == 8:
            device.apply_writes()
        await pass_time(hass, freezer, 1)
        states.add(shown(hass, "number", "a", "level"))
    assert states == {"80"}
    # At 2, 5 and 10 seconds.
    assert read_devices(cloud).count("a") <= 4


async def test_device_decides_otherwise(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device that reports a third value is right."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    device.react = lambda values: {"level": 60}
    await set_value(hass, "number", LEVEL, 80)
    assert shown(hass, "number", "a", "level") == "80"
    await pass_time(hass, freezer, 3)
    assert shown(hass, "number", "a", "level") == "60"


async def test_device_moves(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device that reports others on its way to a value is read until it is there."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    await pass_time(hass, freezer, 61)
    read_devices(cloud)
    device.holds_writes = True
    await set_value(hass, "number", LEVEL, 80)
    expected = {2: "60", 5: "70", 10: "80"}
    for second in range(1, 12):
        device.report(
            level={1: 60, 4: 70, 8: 80}.get(second, device.reported["level"][0])
        )
        await pass_time(hass, freezer, 1)
        if second in expected:
            assert shown(hass, "number", "a", "level") == expected[second]
    await pass_time(hass, freezer, 15)
    assert read_devices(cloud).count("a") == 3


async def test_device_does_nothing(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What is not confirmed within 30 seconds is shown no more."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    device.holds_writes = True
    await set_value(hass, "number", LEVEL, 80)
    await pass_time(hass, freezer, 29)
    assert shown(hass, "number", "a", "level") == "80"
    await pass_time(hass, freezer, 2)
    assert shown(hass, "number", "a", "level") == "50"


async def test_two_writes(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Of several writes the last is shown, whatever of the others is reported yet."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    device.holds_writes = True
    for level in (60, 70, 80):
        await set_value(hass, "number", LEVEL, level)
    states = set()
    for second in range(29):
        if second == 1:
            device.report(level=60)
        if second == 4:
            device.report(level=70)
        await pass_time(hass, freezer, 1)
        states.add(shown(hass, "number", "a", "level"))
    assert states == {"80"}


async def test_unknown_after_a_write(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A write that may have been executed ends the one before: reads decide."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    device.holds_writes = True
    await set_value(hass, "number", LEVEL, 80)
    assert shown(hass, "number", "a", "level") == "80"
    cloud.emulator.faults.append(Fault(call=WRITE, drop=True, execute=True))
    with pytest.raises(HomeAssistantError):
        await set_value(hass, "number", LEVEL, 60)
    assert shown(hass, "number", "a", "level") == "50"
    device.apply_writes()
    await pass_time(hass, freezer, 2)
    assert shown(hass, "number", "a", "level") == "60"


async def test_never_reported_before(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What was never reported is shown once it is written."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    device.holds_writes = True
    entity: dict[str, Any] = {
        "platform": "text",
        "unique_id": f"{PLUG}/a/property:word",
    }
    await set_value(hass, **entity, value="hello")
    assert shown(hass, "text", "a", "word") == "hello"
    await pass_time(hass, freezer, 31)
    assert shown(hass, "text", "a", "word") == "unknown"


async def test_unloading_while_held(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Nothing is held any more by an entry that is not loaded."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    device.holds_writes = True
    await set_value(hass, "number", LEVEL, 80)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, "number", "a", "level") == "50"


async def test_who_hears(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Whoever shows values hears of those alone that are shown otherwise than before."""
    values = PropertyValues(hass)
    heard: list[str] = []
    values.async_listen("a", ["level", "power"], lambda: heard.append("both"))
    stop = values.async_listen("a", ["power"], lambda: heard.append("power"))
    values.async_take("a", {"level": Report(value=1, reported_at=1)}, 0)
    assert heard == ["both"]
    values.async_take("a", {"level": Report(value=1, reported_at=2)}, 0)
    values.async_take("b", {"level": Report(value=2, reported_at=2)}, 0)
    values.async_hold("a", {"level": 1}, {"level": INTEGER}, Context())
    assert heard == ["both"]
    values.async_hold("a", {"level": 5}, {"level": INTEGER}, Context())
    values.async_take("a", {"level": Report(value=5, reported_at=3)}, 0)
    assert heard == ["both", "both"]
    reports = {key: Report(value=9, reported_at=4) for key in ("level", "power")}
    values.async_take("a", reports, 0)
    assert heard == ["both", "both", "both", "power"]
    stop()
    assert list(values.wanted) == ["a"]
    values.async_hold("a", {"level": 5}, {"level": INTEGER}, Context())
    await pass_time(hass, freezer, 31, 31)
    assert heard == ["both", "both", "both", "power", "both", "both"]
