"""What is English in the demonstration, in Chinese."""

from collections.abc import Iterable
from typing import Any

from emulator import EmulatedProduct

NAMES = {
    "Lamp": "灯",
    "Echo": "回显",
    "Blink": "闪烁",
    "Light switch": "电灯开关",
    "Brightness": "亮度",
    "Colour temperature": "色温",
    "Power": "电源",
    "Warmth": "暖度",
    "Text": "文本",
    "Colour": "颜色",
    "Effect": "效果",
    "Moment": "时间",
    "Off": "关",
    "On": "开",
    "Red": "红色",
    "Green": "绿色",
    "Blue": "蓝色",
    "Calm sea": "平静的海",
    "Fireplace": "壁炉",
    "desk-lamp": "书桌灯",
    "hall-lamp": "门厅灯",
    "kitchen-feeder": "喂食器",
    "balcony-feeder": "阳台喂食器",
    "front-door": "入户门锁",
    "bedroom-sensor": "卧室温湿度计",
    "ap-guangzhou": "广州",
    "Demo": "演示",
    "Pantry": "储藏室",
    "Feed": "投食",
    "Devices at home": "家里的设备",
    "Feed two portions in the pantry.": "让储藏室喂食两份",
    "Good evening": "晚上好",
    "Anna": "安娜",
    "Wet food": "湿粮",
}


def word(text: str, language: str) -> str:
    """Return a text of the demonstration in a language."""
    return NAMES.get(text, text) if language == "zh-Hans" else text


def translate(products: Iterable[EmulatedProduct]) -> None:
    """Let products and their data templates be in Chinese."""
    for product in products:
        product.name = _translated(product.name)
        product.template = _translated(product.template)


def _translated(part: Any) -> Any:
    """Return a part of a data template with Chinese words; no id is an English one."""
    if isinstance(part, dict):
        return {key: _translated(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_translated(item) for item in part]
    return NAMES.get(part, part) if isinstance(part, str) else part
