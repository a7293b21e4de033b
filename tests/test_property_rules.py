"""Rules by which properties become entities, where examples leave something open."""

from typing import Any

import pytest

from homeassistant.const import EntityCategory, Platform

from .properties import choice, composites, declare, described, number, require_accepted
from custom_components.tencent_iot_explorer.properties.description import (
    PropertyDescription,
)

ON_OFF = choice("关", "开")
ALARM = choice("正常", "报警")
LAMP = declare("电灯开关", ON_OFF, identifier="power_switch", mode="rw")
BRIGHTNESS = declare("亮度", number("%"), identifier="brightness", mode="rw")
KELVIN = declare("色温", number("K", 2700, 6500), identifier="kelvin", mode="rw")
MODE = declare(
    "模式", choice("白光", "彩光", kind="enum"), identifier="mode", mode="rw"
)
COVER = declare(
    "控制", choice("打开", "关闭", "停止", kind="enum"), identifier="control", mode="rw"
)
POSITION = declare("窗帘打开位置", number("%"), identifier="position", mode="rw")


def colors(*names: str) -> dict[str, Any]:
    """Return a structure of parts of a colour."""
    specs = [
        {"id": name, "name": name, "dataType": number(maximum=255)} for name in names
    ]
    define = {"type": "struct", "specs": specs}
    return declare("颜色", define, identifier="color", mode="rw")


def one(
    name: str, define: dict[str, Any], *, identifier: str = "x", mode: str = "r"
) -> PropertyDescription:
    """Return what a single property becomes."""
    declared = declare(name, define, identifier=identifier, mode=mode)
    [description] = described(declared).properties
    require_accepted([description])
    return description


@pytest.mark.parametrize(
    ("name", "identifier", "define"),
    [
        ("过压保护", "voltage", number("V")),
        ("上报周期", "period", number("min")),
        ("低电量阈值", "battery", number("%")),
        ("目标温度", "current_target", number("°C")),
        ("烟雾报警浓度", "smoke", number("ppm")),
        ("左侧温度", "left_temp", number("°C")),
        ("人体感应开关", "human_sensor", ON_OFF),
        ("检测模式", "sensor_mode", choice("低", "高", kind="enum")),
        ("报警模式", "alarm_mode", choice("正常", "报警")),
        ("电池加热", "battery_heat", ON_OFF),
        ("感应灯", "sensor_light", ON_OFF),
        ("手动落锁", "lock", choice("未上锁", "上锁")),
        ("童锁状态", "child_lock", choice("未上锁", "已上锁")),
        ("报警", "alarm", choice("解除报警", "报警")),
    ],
)
def test_control_is_kept(name: str, identifier: str, define: dict[str, Any]) -> None:
    """What a person may well set stays writable."""
    description = one(name, define, identifier=identifier, mode="rw")
    assert description.platform in (Platform.NUMBER, Platform.SWITCH, Platform.SELECT)


@pytest.mark.parametrize(
    ("name", "identifier", "define"),
    [
        ("落锁状态", "lock_motor_state", choice("未落锁", "已落锁")),
        ("状态", "charge_state", choice("未充电", "充电中")),
        ("窗户", "door", choice("未触发", "触发", kind="enum")),
        ("Presence", "zone", choice("No motion", "Motion")),
        ("总用水", "flow", number("m³")),
        ("当前湿度", "h", number("%")),
        ("Remaining", "time", number("min")),
        ("检测值", "smoke", number()),
    ],
)
def test_facts_are_read(name: str, identifier: str, define: dict[str, Any]) -> None:
    """What only a device knows is not offered to be written, whatever is declared."""
    description = one(name, define, identifier=identifier, mode="rw")
    assert description.platform in (Platform.SENSOR, Platform.BINARY_SENSOR)


@pytest.mark.parametrize("mode", ["r", "rw"])
@pytest.mark.parametrize(
    ("name", "labels", "device_class", "on"),
    [
        ("传感器", ("故障", "正常"), "problem", "0"),
        ("烟雾传感器", ("正常", "故障"), "problem", "1"),
        ("烟雾传感器", ("报警", "正常"), "smoke", "0"),
        ("抽油烟机", ("正常", "告警"), "problem", "1"),
        ("一氧化碳", ("正常", "告警"), "carbon_monoxide", "1"),
        ("CO 检测", ("normal", "alarm"), "carbon_monoxide", "1"),
        ("CO2 检测", ("normal", "alarm"), "problem", "1"),
        ("水浸", ("未触发", "触发"), "moisture", "1"),
        ("检测", ("无漏水", "漏水"), "moisture", "1"),
        ("防拆", ("未拆卸", "被拆卸"), "tamper", "1"),
        ("电源", ("正常", "低电量"), "battery", "1"),
        ("状态", ("正常", "不正常"), "problem", "1"),
        ("人体", ("未触发", "触发"), "occupancy", "1"),
        ("房间", ("有人", "没人"), "occupancy", "0"),
        ("Room", ("Vacant", "Occupied"), "occupancy", "1"),
        ("状态", ("充电中", "未充电"), "battery_charging", "0"),
        ("门锁状态", ("Locked", "Unlocked"), "lock", "1"),
        ("门锁状态", ("已落锁", "未落锁"), "lock", "1"),
    ],
)
def test_labels_prove(
    name: str, labels: tuple[str, str], device_class: str, on: str, mode: str
) -> None:
    """Labels say which key is on, and together with the name what that means."""
    for kind in ("bool", "enum", "stringenum"):
        description = one(name, choice(*labels, kind=kind), mode=mode)
        assert description.platform is Platform.BINARY_SENSOR
        assert (description.device_class, description.on) == (device_class, on)


@pytest.mark.parametrize(
    ("name", "device_class"),
    [
        ("后门门磁", "door"),
        ("窗户", "window"),
        ("窗帘", None),
        ("防拆", "tamper"),
        ("防拆开关", None),
        ("水浸", "moisture"),
        ("烟雾", "smoke"),
        ("电池低电量", "battery"),
        ("运行", None),
    ],
)
@pytest.mark.parametrize("labels", [("关", "开"), ("打开", "关闭"), ("Off", "On")])
def test_plain_labels(
    name: str, device_class: str | None, labels: tuple[str, str]
) -> None:
    """With labels that only say on and off the name alone can say what that means."""
    description = one(name, choice(*labels, kind="enum"))
    assert description.platform is Platform.BINARY_SENSOR
    assert description.device_class == device_class
    assert description.on == ("0" if labels[0] == "打开" else "1")


def test_switches_know_both_keys() -> None:
    """A switch writes the key that is called on, also if that is 0."""
    turned = one("灯", choice("开", "关"), mode="rw")
    assert (turned.platform, turned.on, turned.off) == (Platform.SWITCH, "0", "1")
    words = {"type": "stringenum", "mapping": {"open": "打开", "shut": "关闭"}}
    named = one("阀", words, mode="rw")
    assert (named.platform, named.on, named.off) == (Platform.SWITCH, "open", "shut")
    odd = one("模式", choice("手动", "自动"), mode="rw")
    assert (odd.platform, odd.on, odd.off) == (Platform.SWITCH, "1", "0")


@pytest.mark.parametrize(
    ("name", "unit", "device_class", "state_class"),
    [
        ("今日用电", "度", "energy", "total_increasing"),
        ("方向角", "度", None, None),
        ("水温", "度", "temperature", "measurement"),
        ("色温", "度", None, None),
        ("角度温度", "度", None, None),
        ("昨日用电", "kWh", "energy", None),
        ("电能", "kWh", "energy", None),
        ("甲醛", "mg/m3", None, "measurement"),
        ("颗粒物", "μg/m³", None, "measurement"),
        ("TVOC", "ppb", "volatile_organic_compounds_parts", "measurement"),
        ("CO", "ppm", "carbon_monoxide", "measurement"),
        ("CO2", "ppm", "carbon_dioxide", "measurement"),
        ("PM10", "ug/m3", "pm10", "measurement"),
        ("PM1.0", "ug/m3", "pm1", "measurement"),
        ("Motor temperature", "Celsius", "temperature", "measurement"),
        ("湿度", "℃", None, None),
        ("温度", "%", None, None),
        ("温度校准", "℃", None, "measurement"),
        ("剩余水量", "L", "volume_storage", "measurement"),
        ("气压", "hPa", "pressure", "measurement"),
        ("高压", "kPa", None, "measurement"),
        ("色温", "K", None, "measurement"),
        ("电池温度", "%", None, None),
        ("功率", "MW", None, None),
        ("档位", "级", None, None),
        ("浓度", "这个值的转换需要确定", None, None),
    ],
)
def test_numbers(
    name: str, unit: str, device_class: str | None, state_class: str | None
) -> None:
    """Unit and words prove a class together, and what proves nothing has none."""
    description = one(name, number(unit))
    assert description.device_class == device_class
    assert description.state_class == state_class


@pytest.mark.parametrize(
    ("define", "unit", "unknown_value"),
    [
        (number(minimum=-1), "%", -1),
        (number("%", minimum=-1), "%", -1),
        (number(), "%", None),
        (number(minimum=-2), None, None),
        (number(maximum=99), None, None),
        ({"type": "int", "max": "100"}, None, None),
    ],
)
def test_battery(
    define: dict[str, Any], unit: str | None, unknown_value: int | None
) -> None:
    """A battery is a percentage by its limits, where -1 says that none is known."""
    description = one("电池电量", define)
    assert description.unit == unit
    assert description.device_class == ("battery" if unit else None)
    assert description.unknown_value == unknown_value
    assert description.category is EntityCategory.DIAGNOSTIC


@pytest.mark.parametrize(
    ("name", "identifier", "define"),
    [
        ("信号", "signal", number("dBm", -100, 0)),
        ("固件", "fw", {"type": "string", "min": "0", "max": "20"}),
        ("地址", "mac", {"type": "string", "min": "0", "max": "20"}),
        ("名称", "label", {"type": "string", "min": "0", "max": "256"}),
        ("名称", "label", {"type": "string"}),
        ("天数", "_sys_days", number()),
    ],
)
def test_disabled(name: str, identifier: str, define: dict[str, Any]) -> None:
    """What few people need is disabled at first."""
    assert not one(name, define, identifier=identifier).is_enabled


def test_texts() -> None:
    """A text that no entity can set is shown, one that fits is set."""
    limits = {"type": "string", "min": "0", "max": "64"}
    text = one("名称", limits, mode="rw")
    assert (text.platform, text.is_enabled) == (Platform.TEXT, True)
    too_long = one("名称", limits | {"min": "256", "max": "512"}, mode="rw")
    assert (too_long.platform, too_long.is_enabled) == (Platform.SENSOR, False)


def test_times() -> None:
    """A time that can be written is a date and time, any other one a sensor."""
    assert one("时间", {"type": "timestamp"}, mode="rw").platform is Platform.DATETIME
    sensor = one("时间", {"type": "timestamp"})
    assert (sensor.platform, sensor.device_class) == (Platform.SENSOR, "timestamp")


def test_members() -> None:
    """A member is called after its structure, and enabled where its class is proven."""
    specs = [
        {"id": "t", "name": "温度", "dataType": number("℃")},
        {"id": "at", "name": "时间", "dataType": {"type": "timestamp"}},
        {"id": "kind", "name": "种类", "dataType": choice("甲", "乙", kind="enum")},
        {"id": "rss", "name": "信号", "dataType": number("dbm", -100, 0)},
        {"id": "inner", "name": "内", "dataType": {"type": "struct", "specs": []}},
        {"id": "all", "name": "全部", "dataType": {"type": "array"}},
    ]
    found = described(declare("水箱", {"type": "struct", "specs": specs})).properties
    require_accepted(found)
    assert [(item.name, item.is_enabled) for item in found] == [
        ("水箱 温度", True),
        ("水箱 时间", False),
        ("水箱 种类", False),
        ("水箱 信号", False),
    ]
    assert [item.parameter.id for item in found] == ["t", "at", "kind", "rss"]


def test_no_entities() -> None:
    """Lists, unknown types and secrets become nothing."""
    assert (
        described(
            declare("列表", {"type": "array", "arrayInfo": number()}, identifier="a"),
            declare("新类型", {"type": "novel"}, identifier="b"),
            declare("开门密码", number(), identifier="c"),
        ).properties
        == ()
    )


def test_numbers_of_keys() -> None:
    """A number that is called a key says which one; a text is a secret."""
    assert described(declare("按键", number(), identifier="key")).properties
    key = declare("密匙", {"type": "string", "max": "9"}, identifier="key")
    assert described(key).properties == ()


def test_names() -> None:
    """The later of two equal names gets its id."""
    found = described(
        declare("温度", number("℃"), identifier="a"),
        declare("温度", number("℉"), identifier="b"),
        declare("a", number(), identifier="c"),
    ).properties
    assert [item.name for item in found] == ["温度", "温度 (b)", "a"]
    beside_lamp = described(
        LAMP, BRIGHTNESS, declare(LAMP["name"], number(), identifier="d")
    ).properties
    assert [item.name for item in beside_lamp] == ["电灯开关 (d)"]


def test_light_takes_its_parts() -> None:
    """What a light shows has no other entity, but a mode that says more keeps its own."""
    color = colors("red", "green", "blue")
    found = described(LAMP, BRIGHTNESS, KELVIN, color, MODE)
    assert found.properties == ()
    assert found.light
    assert found.light.color_members == ("red", "green", "blue")
    assert (found.light.color_key, found.light.white_key) == ("1", "0")
    scenes = MODE | {"define": choice("白光", "彩光", "场景", kind="enum")}
    found = described(LAMP, BRIGHTNESS, KELVIN, color, scenes)
    assert found.light
    assert found.light.mode
    assert [item.declared.id for item in found.properties] == ["mode"]


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (LAMP, LAMP | {"mode": "r"}),
        (LAMP, LAMP | {"id": "x"}),
        (LAMP, LAMP | {"name": "启动"}),
        (BRIGHTNESS, BRIGHTNESS | {"mode": "r"}),
        (BRIGHTNESS, BRIGHTNESS | {"name": "屏幕亮度"}),
        (BRIGHTNESS, BRIGHTNESS | {"define": number("cm")}),
        (BRIGHTNESS, BRIGHTNESS | {"define": {"type": "int", "min": "0"}}),
        (BRIGHTNESS, BRIGHTNESS | {"define": number("%", -9)}),
    ],
)
def test_no_light(part: dict[str, Any], instead: dict[str, Any]) -> None:
    """Without any one of its parts nothing is a light."""
    parts = [instead if item is part else item for item in (LAMP, BRIGHTNESS)]
    assert described(LAMP, BRIGHTNESS).light
    assert described(*parts).light is None


def test_light_with_less() -> None:
    """A part of a light that proves nothing leaves a light with less."""
    color = colors("red", "green", "blue")
    for kelvin, colour, mode in (
        (KELVIN | {"define": number("%")}, color, None),
        (KELVIN, colors("red", "green"), MODE),
        (KELVIN, colors("red", "green", "blue", "white"), MODE),
        (KELVIN, color | {"mode": "r"}, MODE),
        (KELVIN, color, MODE | {"define": choice("彩光", "七彩", "白光", kind="enum")}),
        (KELVIN, color, MODE | {"define": choice("彩光", "场景", kind="enum")}),
    ):
        parts = filter(None, (LAMP, BRIGHTNESS, kelvin, colour, mode))
        light = described(*parts).light
        assert light
        assert (light.color, light.mode) == (None, None)
        assert (light.color_temperature is None) == (kelvin is not KELVIN)


def test_covers() -> None:
    """A cover opens, closes and stops, and a witness says that it is one."""
    found = described(COVER, POSITION)
    assert found.properties == ()
    assert composites(found)["cover"] == {
        "control": "control",
        "open": "0",
        "close": "1",
        "stop": "2",
        "position": "position",
    }
    named = described(COVER | {"name": "卷帘"}).cover
    assert named
    assert named.position is None
    other = POSITION | {"name": "百分比"}
    beside = described(COVER, other)
    assert beside.cover
    assert beside.cover.position is None
    assert [item.declared.id for item in beside.properties] == ["position"]
    four = COVER | {"define": choice("打开", "关闭", "停止", "自动", kind="enum")}
    for declared in (COVER, four, COVER | {"mode": "r"}):
        is_alone = declared is COVER
        assert (
            described(*([declared] if is_alone else [declared, POSITION])).cover is None
        )
    twins = (COVER, COVER | {"id": "other"}, POSITION)
    assert described(*twins).cover is None
