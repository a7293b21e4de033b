"""The page for whoever makes a data template: what it says becomes of one is true."""

import json
import re
from typing import Any

import pytest

from .documents import Documents, codes, each_language, rows, section
from custom_components.tencent_iot_explorer.api import parse_data_template
from custom_components.tencent_iot_explorer.properties.describe import describe
from custom_components.tencent_iot_explorer.properties.description import (
    Descriptions,
    PropertyDescription,
)
from emulator.products import property_, template

# For each row of the first table what its example becomes. The last ones have no example
# of a property of their own.
PLATFORMS = (
    "switch",
    "binary_sensor",
    "select",
    "sensor",
    "button",
    "number",
    "sensor",
    "text",
    "sensor",
    "datetime",
    "sensor",
    "sensor",
    "binary_sensor",
)
TYPES: dict[str, dict[str, Any]] = {
    "bool": {"type": "bool"},
    "float": {"type": "float"},
    "string": {"type": "string"},
    "timestamp": {"type": "timestamp"},
    "enum": {"type": "enum"},
    "stringenum": {"type": "stringenum"},
    "struct": {
        "type": "struct",
        "specs": [
            {"id": "date", "name": "日期", "dataType": {"type": "timestamp"}},
            {"id": "ec", "name": "电量", "dataType": {"type": "float"}},
        ],
    },
}
CLASSES = [
    ["power"],
    ["current"],
    ["voltage"],
    ["energy"],
    ["temperature"],
    ["illuminance"],
    ["duration"],
    ["weight"],
    ["speed"],
    ["frequency"],
    ["signal_strength"],
    ["humidity"],
    ["battery"],
    ["carbon_dioxide"],
    ["volatile_organic_compounds_parts"],
    ["carbon_monoxide"],
    ["pm25", "pm10", "pm1"],
    ["pressure"],
    ["water"],
    ["volume_storage"],
]
_SEPARATOR = re.compile(r"[、，,;；] ?")


def described(*properties: dict[str, Any]) -> Descriptions:
    """Return what properties become."""
    return describe(
        parse_data_template(json.dumps(template("X", properties=properties)))
    )


def one(**declared: Any) -> PropertyDescription:
    """Return what one property becomes."""
    (found,) = described(property_(**declared)).properties
    return found


def words_of(cell: str) -> list[str]:
    """Return the parts of a cell."""
    return [part for part in _SEPARATOR.split(cell) if part]


@each_language
@pytest.mark.parametrize("number", range(len(PLATFORMS)))
def test_examples(documents: Documents, number: int) -> None:
    """The example of each row becomes what the row promises, its words as they stand."""
    _, declare, example = rows(section(documents, "The entity that you want"))[number]
    identifier, *modes = codes(example)
    name = example.split("`")[2].strip(" ,，").split(" ")[0]
    labels = dict(re.findall(r"[,，] ?(\w+) ([^\s,，`]+)(?=[,，]|$)", example))
    kind = codes(declare)[0] if declare.startswith("`") else ""
    define = dict(TYPES.get(kind, {}))
    if labels and kind in ("", "bool", "enum", "stringenum"):
        is_number = all(key.isdigit() for key in labels)
        define = {"type": "enum" if is_number else "stringenum", "mapping": labels}
    elif "°C" in example:
        define = {"type": "float", "min": "-20", "max": "60", "step": "0.5"}
        define["unit"] = "°C"
    elif kind == "string":
        define |= {"min": "0", "max": "32"}
    mode = "rw" if "rw" in modes else "r"
    found = described(property_(identifier, name, mode, **define)).properties
    assert {item.platform for item in found} == {PLATFORMS[number]}
    if PLATFORMS[number] == "button":
        assert not found[0].is_enabled


@each_language
def test_units(documents: Documents) -> None:
    """Each unit has the class that its row names, with each of its words and not without."""
    table = rows(section(documents, "Units"))
    assert len(table) == len(CLASSES)
    for (units, _, words), classes in zip(table, CLASSES, strict=True):
        for unit in words_of(units):
            # What is summed up needs two words.
            first, *others = re.split(r" and |，以及 ", words)
            both = words_of(others[0]) if others else []
            for number, word in enumerate(words_of(first) or [""]):
                for other in both or [""]:
                    name = f"{word} {other}".strip() or "读数"
                    declared = {"type": "float", "unit": unit}
                    found = one(identifier="x", name=name, mode="r", **declared)
                    expected = classes[number if len(classes) > 1 else 0]
                    assert found.device_class == expected, (unit, name)
            plain = one(identifier="x", name="读数", mode="r", type="float", unit=unit)
            assert (plain.device_class in classes) is not bool(words), unit


@pytest.mark.parametrize(
    ("name", "off", "on", "device_class"),
    [
        ("烟雾状态", "正常", "报警", "smoke"),
        ("燃气状态", "正常", "告警", "gas"),
        ("网关状态", "normal", "fault", "problem"),
        ("漏水检测", "正常", "漏水", "moisture"),
        ("防拆状态", "未拆卸", "拆卸", "tamper"),
        ("人体感应", "无人", "有人", "occupancy"),
        ("锁状态", "已上锁", "未上锁", "lock"),
        ("充电状态", "未充电", "充电中", "battery_charging"),
        ("门磁", "关", "开", "door"),
        ("窗户", "关闭", "开启", "window"),
        ("继电器", "off", "on", None),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_labels(
    name: str, off: str, on: str, device_class: str | None, is_turned: bool
) -> None:
    """On is what the labels say, whatever the keys are."""
    keys = ("1", "0") if is_turned else ("0", "1")
    mapping = dict(sorted(zip(keys, (off, on), strict=True)))
    found = one(identifier="x", name=name, mode="r", type="enum", mapping=mapping)
    assert (found.platform, found.device_class) == ("binary_sensor", device_class)
    assert found.on == keys[1]


@pytest.mark.parametrize(
    ("name", "unit", "platform"),
    [
        ("功率", "W", "sensor"),
        ("功率上限", "W", "number"),
        ("目标温度", "°C", "number"),
        ("当前温度", "°C", "sensor"),
        ("剩余水量", "L", "sensor"),
    ],
)
def test_facts_and_settings(name: str, unit: str, platform: str) -> None:
    """What nobody sets is a reading, also where a template calls it writable."""
    found = one(identifier="x", name=name, mode="rw", type="float", unit=unit)
    assert found.platform == platform


@pytest.mark.parametrize(
    ("name", "state_class"),
    [
        ("累计用电", "total_increasing"),
        ("今日用电", "total_increasing"),
        ("增加电量", None),
        ("本次用电", None),
    ],
)
def test_meters(name: str, state_class: str | None) -> None:
    """Only what is counted on and on is summed up."""
    found = one(identifier="x", name=name, mode="r", type="float", unit="kWh")
    assert (found.device_class, found.state_class) == ("energy", state_class)


def test_light_and_cover() -> None:
    """What the page asks for is enough, and one thing less is not."""
    switch = property_(
        "power_switch", "电灯开关", type="bool", mapping={"0": "关", "1": "开"}
    )
    brightness = property_(
        "brightness", "亮度", type="int", min="1", max="100", unit="%"
    )
    control = property_(
        "control",
        "窗帘控制",
        type="enum",
        mapping={"0": "打开", "1": "关闭", "2": "暂停"},
    )
    position = property_(
        "position", "打开位置", type="int", min="0", max="100", unit="%"
    )
    assert described(switch, brightness).light
    assert described(switch).light is None
    heater = property_("power_switch", "电源开关", type="bool")
    screen = property_("screen", "屏幕亮度", type="int", min="1", max="100", unit="%")
    assert described(heater, screen).light is None
    found = described(control, position)
    assert found.cover
    assert found.cover.position
    other = property_("p", "百分比", type="int", min="0", max="100", unit="%")
    found = described(control, other)
    assert found.cover
    assert found.cover.position is None
