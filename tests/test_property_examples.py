"""Examples of properties, most of them Tencent's own, and what each becomes."""

import json
from pathlib import Path
from typing import Any

import pytest

from .properties import composites, declare, described, number, require_accepted, shown
from custom_components.tencent_iot_explorer.presentation.chinese_scripts import (
    traditionalize,
)

EXAMPLES = json.loads(Path(__file__).with_name("property_examples.json").read_text())
PROPERTIES = EXAMPLES["properties"]
BY_NUMBER = {example["n"]: example for example in PROPERTIES}
COMPOSITES = EXAMPLES["composites"]
# Other ids and names of the same words.
RENAMED = [
    (3, "left_socket_count_down", "左插座倒计时"),
    (6, "lamp_color_temp", "灯的色温"),
    (10, "blind_percent_control", "卷帘百分比控制"),
    (13, "motor_fault", "电机故障"),
    (15, "room_temp", "室内当前温度"),
    (16, "roomTempCurrentF", "室内当前温度（华氏）"),
    (18, "electricity", "本年耗电"),
    (24, "panel_child_lock", "面板童锁"),
    (28, "line_voltage", "线路电压"),
    (30, "rh", "室外湿度"),
    (31, "CO2", "二氧化碳"),
    (34, "dust", "PM2.5"),
    (37, "remaining_days", "滤网剩余"),
    (39, "human", "卧室人体"),
    (40, "back_door_sensor", "后门门磁"),
    (42, "power_left", "剩余电量"),
    (43, "lockBatteryLevel", "门锁电池电量"),
    (45, "power_low", "低电量"),
    (46, "sum_of_water", "总用水量"),
    (49, "diastolic", "舒张压"),
    (54, "kitchen", "可燃气体"),
    (55, "lpg", "液化气测量值"),
    (57, "oven", "实时温度"),
    (64, "front", "前门门磁"),
    (66, "v", "设备电量"),
    (67, "presence", "走廊"),
    (73, "delta_energy", "电能增量"),
    (79, "host", "主机"),
    (82, "remaining_power", "电池剩余电量"),
    (85, "bedroom", "卧室烟雾"),
    (88, "max_power", "最大功率"),
]


def require_example(properties: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    """Require that properties become exactly what an example expects."""
    found = described(*properties).properties
    require_accepted(found)
    if expected["platform"] is None:
        assert found == ()
        return
    wanted = (
        list(expected["members"].values())
        if expected["platform"] == "members"
        else [expected]
    )
    for description, facts in zip(found, wanted, strict=True):
        all_shown = shown(description)
        assert {key: all_shown[key] for key in facts} == facts


def camel_case(identifier: str) -> str:
    """Return an id whose words are joined as Java programmers do."""
    first, *others = identifier.split("_")
    return first + "".join(other[:1].upper() + other[1:] for other in others)


def traditional(declared: Any) -> Any:
    """Return a declaration whose names, labels and units are in traditional characters."""
    match declared:
        case dict():
            return {key: traditional(value) for key, value in declared.items()}
        case list():
            return list(map(traditional, declared))
        case str():
            return traditionalize(declared)
    return declared


@pytest.mark.parametrize("number_of_example", BY_NUMBER)
@pytest.mark.parametrize("way", ["as it is", "renamed", "camel case", "traditional"])
def test_examples(number_of_example: int, way: str) -> None:
    """An example becomes what it should, also if other words surround its own."""
    example = BY_NUMBER[number_of_example]
    declared = example["property"]
    match way:
        case "renamed":
            declared = declared | {
                "id": f"{declared['id']}_2",
                "name": f"主机{declared['name']}",
            }
        case "camel case" if not declared["id"].startswith("_"):
            declared = declared | {"id": camel_case(declared["id"])}
        case "traditional":
            declared = traditional(declared)
    require_example([declared], example["expect"])


@pytest.mark.parametrize(("number_of_example", "identifier", "name"), RENAMED)
def test_other_names(number_of_example: int, identifier: str, name: str) -> None:
    """What has the same labels, unit and words is the same, whatever it is called."""
    example = BY_NUMBER[number_of_example]
    declared = example["property"] | {"id": identifier, "name": name}
    require_example([declared], example["expect"])


@pytest.mark.parametrize("way", ["as it is", "renamed", "traditional"])
@pytest.mark.parametrize("example", COMPOSITES, ids=lambda example: example["name"])
def test_composites(example: dict[str, Any], way: str) -> None:
    """Lights and covers are made where all evidence is there, and only there."""
    properties, end = example["properties"], ""
    if way == "renamed":
        end = "_2"
        properties = [
            declared | {"id": f"{declared['id']}_2", "name": f"主{declared['name']}"}
            for declared in properties
        ]
    elif way == "traditional":
        properties = traditional(properties)
    found = described(*properties)
    require_accepted(found.properties)
    expected = json.loads(json.dumps(example["expect"]))
    for parts in filter(None, expected.values()):
        for part in ("power", "brightness", "color_temp", "rgb", "control", "position"):
            if parts.get(part) is not None:
                parts[part] += end
        if parts.get("mode") is not None:
            parts["mode"][0] += end
    assert composites(found) == expected


@pytest.mark.parametrize("way", ["as it is", "traditional"])
@pytest.mark.parametrize(("spelling", "unit"), EXAMPLES["units"].items())
def test_units(spelling: str, unit: str, way: str) -> None:
    """Each spelling of a unit becomes Home Assistant's, also with spaces around it."""
    if way == "traditional":
        spelling = traditionalize(spelling)
    for text in (spelling, f" {spelling} "):
        [description] = described(declare("某个量", number(text))).properties
        require_accepted([description])
        assert description.unit == unit
