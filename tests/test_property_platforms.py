"""Each kind of entity that shows a property: its state, its attributes, what it writes."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .entities import find, registered
from .helpers import Cloud, with_both_keys
from .property_entities import (
    DEVICE,
    ON_OFF,
    call,
    device,
    read,
    report,
    set_up_with,
    shown,
    written,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, parameter, property_

NUMBER = {"type": "int", "min": "0", "max": "100", "step": "1"}
MODE = {"type": "enum", "mapping": {"0": "制冷", "1": "制热", "2": "送风"}}
TWINS = {"type": "stringenum", "mapping": {"a": "高", "b": "高", "c": "低"}}
TEXT = {"type": "string", "min": "2", "max": "5"}
MOMENT = {"type": "timestamp"}


@pytest.mark.parametrize(
    ("declared", "reports", "expected", "attributes"),
    [
        (
            property_("x", "当前温度", "r", **NUMBER | {"unit": "℃"}),
            [21, "22", 23.0, "NaN", None, "x"],
            ["21", "22", "23", "unknown", "unknown", "unknown"],
            {
                "device_class": "temperature",
                "state_class": "measurement",
                "unit_of_measurement": "°C",
            },
        ),
        (
            property_("x", "水质", "r", **NUMBER | {"unit": "级"}),
            [3, 300],
            ["3", "300"],
            {"unit_of_measurement": "级"},
        ),
        (
            property_("battery", "电池电量", "r", **NUMBER | {"min": "-1"}),
            [50, -1, 0],
            ["50", "unknown", "0"],
            {"device_class": "battery", "unit_of_measurement": "%"},
        ),
        (
            property_("x", "工作状态", "r", **MODE),
            [1, "2", 7, True, 0],
            ["制热", "送风", "unknown", "unknown", "制冷"],
            {"device_class": "enum", "options": ["制冷", "制热", "送风"]},
        ),
        (
            property_("x", "档位", "r", **TWINS),
            ["b", "d", "c"],
            ["高 (b)", "unknown", "低"],
            {"options": ["高 (a)", "高 (b)", "低"]},
        ),
        (
            property_("x", "说明", "r", type="string", max="2048"),
            ["晚上好", "", "长" * 300, [86, 32]],
            ["晚上好", "", "长" * 255, "[86,32]"],
            {},
        ),
        (
            property_("x", "上线时间", "r", **MOMENT),
            [1552904784, 1552904784552, 0, "x"],
            [
                "2019-03-18T10:26:24+00:00",
                "2019-03-18T10:26:24+00:00",
                "unknown",
                "unknown",
            ],
            {"device_class": "timestamp"},
        ),
    ],
)
async def test_sensor(
    hass: HomeAssistant,
    cloud: Cloud,
    all_enabled: None,
    declared: dict[str, Any],
    reports: list[object],
    expected: list[str],
    attributes: dict[str, object],
) -> None:
    """A sensor shows what was reported as far as it makes sense, never a default."""
    await set_up_with(hass, cloud, declared)
    path = f"property:{declared['id']}"
    state = shown(hass, "sensor", path)
    assert state.state == "unknown"
    assert attributes.items() <= state.attributes.items()
    assert state.attributes["friendly_name"] == f"device-1 {declared['name']}"
    found = []
    for value in reports:
        await report(hass, cloud, **{declared["id"]: value})
        found.append(shown(hass, "sensor", path).state)
    assert found == expected


@pytest.mark.parametrize(
    ("name", "labels", "device_class", "expected"),
    [
        ("门磁状态", ("关闭", "开启"), "door", ["off", "on", "unknown"]),
        ("人体感应", ("有人", "无人"), "occupancy", ["on", "off", "unknown"]),
        ("烟雾", ("正常", "检测到烟雾"), "smoke", ["off", "on", "unknown"]),
    ],
)
async def test_binary_sensor(
    hass: HomeAssistant,
    cloud: Cloud,
    name: str,
    labels: tuple[str, str],
    device_class: str,
    expected: list[str],
) -> None:
    """On is what the labels say, whatever its number."""
    mapping = {str(key): label for key, label in enumerate(labels)}
    await set_up_with(
        hass, cloud, property_("x", name, "r", type="enum", mapping=mapping)
    )
    assert shown(hass, "binary_sensor").state == "unknown"
    assert shown(hass, "binary_sensor").attributes["device_class"] == device_class
    found = []
    for value in (0, 1, 2):
        await report(hass, cloud, x=value)
        found.append(shown(hass, "binary_sensor").state)
    assert found == expected


@with_both_keys
@pytest.mark.parametrize(
    ("define", "on", "off"),
    [
        (ON_OFF, 1, 0),
        ({"type": "stringenum", "mapping": {"y": "打开", "n": "关闭"}}, "y", "n"),
        ({"type": "enum", "mapping": {"1": "关", "0": "开"}}, 0, 1),
        ({"type": "bool", "mapping": {"0": "开", "1": "关"}}, 0, 1),
    ],
)
async def test_switch(
    hass: HomeAssistant, cloud: Cloud, define: dict[str, Any], on: object, off: object
) -> None:
    """A switch writes the key that means on or off, and shows what it wrote at once."""
    await set_up_with(hass, cloud, property_("x", "开关", **define))
    state = shown(hass, "switch")
    assert (state.state, state.attributes["assumed_state"]) == ("unknown", True)
    device(cloud).holds_writes = True
    await call(hass, "switch.turn_on")
    assert shown(hass, "switch").state == "on"
    await call(hass, "switch.toggle")
    assert written(cloud) == [{"x": on}, {"x": off}]
    await report(hass, cloud, x=on)
    await report(hass, cloud, x=off)
    assert shown(hass, "switch").state == "off"
    assert "assumed_state" not in shown(hass, "switch").attributes


async def test_number(hass: HomeAssistant, cloud: Cloud) -> None:
    """A number has the limits of the template and the unit of Home Assistant."""
    define = NUMBER | {"min": "16", "max": "30", "unit": "摄氏度"}
    await set_up_with(
        hass, cloud, property_("x", "温度设定", **define), reported={"x": 20}
    )
    state = shown(hass, "number")
    assert state.state == "20"
    assert {
        "min": 16,
        "max": 30,
        "step": 1,
        "device_class": "temperature",
        "unit_of_measurement": "°C",
    }.items() <= state.attributes.items()
    await call(hass, "number.set_value", value=25)
    assert written(cloud) == [{"x": 25}]
    assert shown(hass, "number").state == "25"
    await report(hass, cloud, x=40)
    assert shown(hass, "number").state == "40"
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "number.set_value", value=20.5)
    assert raised.value.translation_key == "property_not_an_integer"
    assert raised.value.translation_placeholders == {
        "device": "device-1",
        "property": "温度设定 (x)",
        "allowed": "16 – 30 摄氏度",
    }
    assert len(written(cloud)) == 1


@pytest.mark.parametrize(
    ("limits", "mode"),
    [
        ({"min": "0", "max": "200", "step": "1"}, "slider"),
        ({"min": "0", "max": "201", "step": "1"}, "box"),
        ({"min": "0", "max": "1000", "step": "5"}, "slider"),
        ({"min": "0", "step": "1"}, "box"),
        ({"min": "0", "max": "9", "step": "undefined"}, "box"),
    ],
)
async def test_slider(
    hass: HomeAssistant, cloud: Cloud, limits: dict[str, str], mode: str
) -> None:
    """A number that a slider can choose has one; inputs of actions never have."""
    define = {"type": "float", **limits}
    await set_up_with(hass, cloud, property_("x", "档位", **define))
    assert shown(hass, "number").attributes["mode"] == mode


@pytest.mark.parametrize(
    ("step", "kind", "sent"), [("1", "int", 21), ("0.5", "float", 21.0)]
)
async def test_number_in_another_unit(
    hass: HomeAssistant, cloud: Cloud, step: str, kind: str, sent: float
) -> None:
    """What is chosen in another unit is brought to a step of the device."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    define = {"type": kind, "min": "16", "max": "30", "step": step, "unit": "°C"}
    await set_up_with(hass, cloud, property_("x", "温度设定", **define))
    await call(hass, "number.set_value", value=70)
    assert written(cloud) == [{"x": sent}]
    assert shown(hass, "number").attributes["unit_of_measurement"] == "°F"


@pytest.mark.parametrize(
    ("define", "option", "sent"),
    [(MODE, "送风", 2), (TWINS, "高 (b)", "b")],
)
async def test_select(
    hass: HomeAssistant,
    cloud: Cloud,
    define: dict[str, Any],
    option: str,
    sent: object,
) -> None:
    """A select offers labels, made distinct by their keys, and writes keys."""
    await set_up_with(hass, cloud, property_("x", "模式", **define))
    assert shown(hass, "select").state == "unknown"
    await call(hass, "select.select_option", option=option)
    assert written(cloud) == [{"x": sent}]
    assert shown(hass, "select").state == option
    await report(hass, cloud, x=99)
    assert shown(hass, "select").state == "unknown"
    with pytest.raises(ServiceValidationError):
        await call(hass, "select.select_option", option="晚")


async def test_text(hass: HomeAssistant, cloud: Cloud) -> None:
    """A text shows whatever was reported; only what is written keeps the limits."""
    await set_up_with(hass, cloud, property_("x", "别名", **TEXT))
    found = []
    for value in ("", "客厅的大灯和小灯", [1, 2]):
        await report(hass, cloud, x=value)
        found.append(shown(hass, "text").state)
    assert found == ["", "客厅的大灯", "[1,2]"]
    await call(hass, "text.set_value", value="客厅")
    assert written(cloud) == [{"x": "客厅"}]
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "text.set_value", value="客")
    assert raised.value.translation_key == "property_wrong_length"
    assert len(written(cloud)) == 1


@pytest.mark.parametrize(
    ("unit", "reported", "sent"),
    [
        ("seconds", None, 1795435200),
        ("milliseconds", None, 1795435200000),
        ("seconds", 1552904784552, 1795435200000),
        ("milliseconds", 1552904784, 1795435200),
        ("milliseconds", 0, 1795435200000),
    ],
)
async def test_datetime(
    hass: HomeAssistant, cloud: Cloud, unit: str, reported: int | None, sent: int
) -> None:
    """A time stamp is written in the unit that was reported last, else in the product's."""
    values = {} if reported is None else {"x": reported}
    await set_up_with(
        hass,
        cloud,
        property_("x", "预约", **MOMENT),
        settings={"timestamp_unit": unit},
        reported=values,
    )
    expected = "2019-03-18T10:26:24+00:00" if reported else "unknown"
    assert shown(hass, "datetime").state == expected
    await call(hass, "datetime.set_value", datetime="2026-11-23T12:00:00+00:00")
    assert written(cloud) == [{"x": sent}]
    assert shown(hass, "datetime").state == "2026-11-23T12:00:00+00:00"


async def test_datetime_that_is_none(hass: HomeAssistant, cloud: Cloud) -> None:
    """A moment that no state can show is refused, naming device and property."""
    await set_up_with(hass, cloud, property_("x", "预约", **MOMENT))
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "datetime.set_value", datetime="0001-01-01T00:00:00+10:00")
    assert raised.value.translation_key == "property_not_a_time"
    assert raised.value.translation_placeholders
    assert raised.value.translation_placeholders["property"] == "预约 (x)"


async def test_button(hass: HomeAssistant, cloud: Cloud, all_enabled: None) -> None:
    """A property with a single value has a button, which writes it."""
    define = {"type": "stringenum", "mapping": {"arm": "布防"}}
    await set_up_with(hass, cloud, property_("x", "外出布防", **define))
    await call(hass, "button.press")
    assert written(cloud) == [{"x": "arm"}]


async def test_members(hass: HomeAssistant, cloud: Cloud, all_enabled: None) -> None:
    """Each member of a structure is shown for itself; all are only read."""
    specs = [
        {"id": "on", "name": "开启", "dataType": ON_OFF},
        {"id": "ec", "name": "电量", "dataType": NUMBER | {"unit": "度"}},
        {"id": "date", "name": "日期", "dataType": {"type": "string", "max": "10"}},
    ]
    struct = property_("x", "今日用电", type="struct", specs=specs)
    await set_up_with(hass, cloud, struct)
    await report(hass, cloud, x={"on": 1, "ec": 4, "surplus": 1})
    kinds = ("binary_sensor", "on"), ("sensor", "ec"), ("sensor", "date")
    states = [shown(hass, kind, f"property:x/{member}") for kind, member in kinds]
    assert [state.state for state in states] == ["on", "4", "unknown"]
    assert [state.name for state in states] == [
        "device-1 今日用电 开启",
        "device-1 今日用电 电量",
        "device-1 今日用电 日期",
    ]
    await report(hass, cloud, x="nonsense")
    states = [shown(hass, kind, f"property:x/{member}") for kind, member in kinds]
    assert [state.state for state in states] == ["unknown"] * 3


async def test_refused_by_the_cloud(hass: HomeAssistant, cloud: Cloud) -> None:
    """What the device did not take is raised, and not shown."""
    await set_up_with(hass, cloud, property_("x", "开关", **ON_OFF), reported={"x": 0})
    device(cloud).status = 0
    with pytest.raises(HomeAssistantError):
        await call(hass, "switch.turn_on")
    assert shown(hass, "switch").state == "off"
    assert written(cloud) == []


@pytest.mark.parametrize(
    ("define", "reported"),
    [
        (TEXT, "hunter2"),
        ({"type": "int", "min": "0", "max": "999999"}, 271828),
        ({"type": "novel"}, "hunter2"),
        ({"type": "array", "arrayInfo": TEXT}, ["hunter2"]),
        (
            {"type": "struct", "specs": [{"id": "a", "name": "A", "dataType": TEXT}]},
            {"a": "hunter2"},
        ),
    ],
)
async def test_secret(
    hass: HomeAssistant,
    cloud: Cloud,
    all_enabled: None,
    define: dict[str, Any],
    reported: object,
) -> None:
    """A property whose words say that it is secret is shown nowhere, whatever its type."""
    await set_up_with(
        hass,
        cloud,
        property_("password", "设置密码", **define),
        property_("x", "别名", **TEXT),
        property_("key", "按键", **ON_OFF),
        reported={"password": reported},
    )
    assert find(hass, "text", f"{DEVICE}/property:x")
    # What a choice can be is no secret.
    assert find(hass, "switch", f"{DEVICE}/property:key")
    await read(hass)
    answered = await hass.services.async_call(
        DOMAIN,
        "get_properties",
        {"device_id": DEVICE},
        blocking=True,
        return_response=True,
    )
    states = [state.as_dict() for state in hass.states.async_all()]
    for secret in ("hunter2", "271828"):
        assert secret not in str([states, answered])


async def test_unused(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without the person's decision no property has an entity, and none is read."""
    await set_up_with(
        hass,
        cloud,
        property_("x", "开关", **ON_OFF),
        settings={"use_properties": False},
    )
    assert find(hass, "switch", f"{DEVICE}/property:x") is None
    assert "DescribeDeviceData" not in {item.call for item in cloud.emulator.journal}


async def test_names_stay_apart(hass: HomeAssistant, cloud: Cloud) -> None:
    """What an action or an input is called no property is called, too."""
    await set_up_with(
        hass,
        cloud,
        property_("level", "亮度", **NUMBER),
        property_("echo_level", "Echo Level", **NUMBER),
        property_("other", "Other", **NUMBER),
        actions=[
            action("dim", "亮度"),
            action("echo", "Echo", [parameter("level", "Level", **NUMBER)]),
        ],
    )
    names = {
        key: registered(hass, platform, f"{DEVICE}/{key}").original_name
        for platform, key in (
            ("button", "dim"),
            ("number", "echo/level"),
            ("number", "property:level"),
            ("number", "property:echo_level"),
            ("number", "property:other"),
        )
    }
    assert names == {
        "dim": "亮度",
        "echo/level": "Echo Level",
        "property:level": "亮度 (level)",
        "property:echo_level": "Echo Level (echo_level)",
        "property:other": "Other",
    }
