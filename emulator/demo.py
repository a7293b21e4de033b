"""The products of the demonstration, which tests use, too."""

from typing import Any

from .devices import EmulatedDevice
from .products import (
    EmulatedProduct,
    action,
    devices,
    event,
    parameter,
    property_,
    template,
)

_PORTION = 5
_LITTLE_FOOD = 20
_OFF_ON = {"0": "关", "1": "开"}
_PERCENT = {"type": "int", "min": "0", "max": "100", "start": "0", "step": "1"}
_PERCENT |= {"unit": "%"}


def _feed(device: EmulatedDevice, inputs: dict[str, Any]) -> dict[str, Any]:
    """Let a feeder give food, of which it may have little left then."""
    level, _ = device.reported["food_level"]
    level = max(0, level - _PORTION * inputs["portions"])
    device.report(food_level=level)
    if level < _LITTLE_FOOD:
        device.raise_event("food_low", "alert", {"food_level": level})
    return {"remaining": level}


def feeder() -> EmulatedProduct:
    """Return a pet feeder: numbers and choices, in Chinese."""
    product_id = "FEEDER2026"
    feeders = devices("kitchen-feeder", "balcony-feeder")
    for device in feeders.values():
        device.report(food_level=100, child_lock=0)
    return EmulatedProduct(
        product_id=product_id,
        name="宠物喂食器",
        template=template(
            product_id,
            action(
                "feed",
                "喂食",
                [
                    parameter(
                        "portions",
                        "份数",
                        type="int",
                        min="1",
                        max="10",
                        start="1",
                        step="1",
                        unit="份",
                    ),
                ],
                [
                    parameter("remaining", "余粮", **_PERCENT),
                ],
            ),
            action("cleanBowl", "清洗食盆"),
            action(
                "setMeal",
                "设定餐食",
                [
                    parameter(
                        "food",
                        "口味",
                        type="stringenum",
                        mapping={"fish": "鱼肉", "beef": "牛肉"},
                    ),
                    parameter("time", "时间", type="timestamp"),
                    parameter("note", "备注", type="string", min="0", max="20"),
                ],
            ),
            properties=[
                property_("food_level", "余粮", "r", **_PERCENT),
                property_("child_lock", "童锁", type="bool", mapping=_OFF_ON),
            ],
            events=[
                event(
                    "food_low",
                    "余粮不足",
                    "alert",
                    [parameter("food_level", "余粮", **_PERCENT)],
                )
            ],
        ),
        devices=feeders,
        effects={"feed": _feed},
    )


def lamp() -> EmulatedProduct:
    """Return a light whose action `echo` has an input and an output of every type."""
    product_id = "LAMP202611"
    lamps = devices("desk-lamp", **{"hall-lamp": 0})
    values = {"power_switch": 0, "brightness": 80, "color_temp": 4000}
    lamps["desk-lamp"].report(**values)
    # It has been offline for a long time.
    lamps["hall-lamp"].report(1546318800000, **values)
    every_type = [
        parameter("power", "Power", type="bool", mapping={"0": "Off", "1": "On"}),
        parameter(
            "brightness",
            "Brightness",
            type="int",
            min="0",
            max="100",
            start="50",
            step="1",
            unit="%",
        ),
        parameter(
            "warmth",
            "Warmth",
            type="float",
            min="0",
            max="1.5",
            start="0.5",
            step="0.1",
            unit="",
        ),
        parameter("text", "Text", type="string", min="0", max="64"),
        parameter(
            "colour",
            "Colour",
            type="enum",
            mapping={"0": "Red", "1": "Green", "2": "Blue"},
        ),
        parameter(
            "effect",
            "Effect",
            type="stringenum",
            mapping={"calm": "Calm sea", "fire": "Fireplace"},
        ),
        parameter("moment", "Moment", type="timestamp"),
    ]
    return EmulatedProduct(
        product_id=product_id,
        name="Lamp",
        template=template(
            product_id,
            action("echo", "Echo", every_type, every_type),
            action("blink", "Blink"),
            properties=[
                property_(
                    "power_switch",
                    "Light switch",
                    type="bool",
                    mapping={"0": "Off", "1": "On"},
                ),
                property_("brightness", "Brightness", **_PERCENT | {"min": "1"}),
                property_(
                    "color_temp",
                    "Colour temperature",
                    type="int",
                    min="2700",
                    max="6500",
                    start="2700",
                    step="1",
                    unit="K",
                ),
            ],
        ),
        devices=lamps,
        outputs={"echo": lambda inputs: inputs},
    )


def _open_door(device: EmulatedDevice, inputs: dict[str, Any]) -> dict[str, Any]:
    """Let a lock open, and tell how."""
    device.report(contact_state=1)
    device.raise_event("unlocked", "info", {"mode": inputs["mode"]})
    return {"code": 0}


def lock() -> EmulatedProduct:
    """Return a door lock: a choice, a text and a structure; it tells of each opening."""
    product_id = "DOORLOCK01"
    mode = parameter("mode", "方式", type="enum", mapping={"0": "常规", "1": "静音"})
    locks = devices("front-door")
    locks["front-door"].report(battery_percentage=64, contact_state=0)
    return EmulatedProduct(
        product_id=product_id,
        name="门锁",
        template=template(
            product_id,
            action(
                "openDoor",
                "开门",
                [
                    mode,
                    parameter("userid", "用户", type="string", min="1", max="16"),
                ],
                [
                    parameter(
                        "code", "结果", type="bool", mapping={"0": "成功", "1": "失败"}
                    )
                ],
            ),
            action("ring", "响铃"),
            action(
                "setSchedule",
                "设定时段",
                [
                    parameter(
                        "schedule",
                        "时段",
                        type="struct",
                        specs=[
                            {
                                "id": "day",
                                "name": "星期",
                                "dataType": {"type": "int", "min": "1", "max": "7"},
                            }
                        ],
                    )
                ],
            ),
            properties=[
                property_("battery_percentage", "电池电量", "r", **_PERCENT),
                property_(
                    "contact_state",
                    "门磁状态",
                    "r",
                    type="enum",
                    mapping={"0": "关闭", "1": "开启"},
                ),
            ],
            events=[event("unlocked", "开锁", "info", [mode])],
        ),
        devices=locks,
        effects={"openDoor": _open_door},
    )


def sensor() -> EmulatedProduct:
    """Return a sensor, which has no action and nothing that can be written."""
    product_id = "SENSOR2026"
    sensors = devices("bedroom-sensor")
    sensors["bedroom-sensor"].report(
        current_temp=22.5, current_humidity=48, battery_percentage=91
    )
    return EmulatedProduct(
        product_id=product_id,
        name="温湿度计",
        template=template(
            product_id,
            properties=[
                property_(
                    "current_temp",
                    "当前温度",
                    "r",
                    type="float",
                    min="-20",
                    max="60",
                    start="0",
                    step="0.1",
                    unit="℃",
                ),
                property_("current_humidity", "当前湿度", "r", **_PERCENT),
                property_("battery_percentage", "电池电量", "r", **_PERCENT),
            ],
        ),
        devices=sensors,
    )


def demo_products() -> list[EmulatedProduct]:
    """Return products that show every type of input, a light, a switch and readings."""
    return [feeder(), lamp(), lock(), sensor()]
