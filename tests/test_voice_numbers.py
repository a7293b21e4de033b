"""A number that is said is never split between a name and what follows it."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar

from .helpers import Cloud
from .voice import name_device, ran, set_up_speaker
from emulator.products import action, parameter


def counted(identifier: str, name: str, kind: str = "int") -> dict[str, Any]:
    """Return an action with one number, or one text."""
    return action(identifier, name, [parameter("value", "数值", type=kind)])


MODE_1 = counted("one", "模式1")
MODE_TWO = counted("two", "模式二")
CHANNEL_1 = counted("channel", "频道1", "float")
CALL_1 = counted("call", "喊话1", "string")

PARTS_OF_NUMBERS = (
    "音箱模式10",
    "音箱模式１０",
    "音箱模式 1 0",
    "音箱模式1.5",
    "音箱模式1,000",
    "音箱模式1，000",
    "音箱模式1:30",
    "音箱模式1/2",
    "音箱模式1-3",
    "音箱模式1十",
    "音箱模式1点5",
    "音箱模式一点五",
    "音箱模式十",
    "音箱模式1百",
    "音箱模式1万",
    "音箱模式1%",
    "音箱模式1°",
    "音箱模式1A",
    "音箱模式1st",
    "让音箱模式10",
    "厅模式10",
    "音箱模式二十",
    "音箱模式 二 十",
    "音箱模式二百零五",
    "音箱模式二点五",
    "音箱模式二半",
    "音箱模式二一",
    "音箱模式二1",
    "音箱模式貳拾",
    "音箱模式两百",
    "音箱频道1.5",
    "音箱频道1。5",
    "音箱频道1點5",
    "音箱频道10.5",
    "音箱频道1分之3",
    "音箱喊话10",
    "音箱喊话1一",
    "音箱喊话1A",
)


async def test_whole_numbers(hass: HomeAssistant, cloud: Cloud) -> None:
    """Nothing is sent where only a part of a number would be the name."""
    await set_up_speaker(hass, cloud, MODE_1, MODE_TWO, CHANNEL_1, CALL_1)
    for text in PARTS_OF_NUMBERS:
        assert isinstance(await ran(hass, cloud, text), str), text


async def test_separate_numbers(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is set apart from the number of a name is the value."""
    await set_up_speaker(hass, cloud, MODE_1, MODE_TWO, CHANNEL_1, CALL_1)
    for text, expected in {
        "音箱模式1，10": ("one", {"value": 10}),
        "音箱模式1 -3": ("one", {"value": -3}),
        "音箱模式1负三": ("one", {"value": -3}),
        "音箱模式1第10": ("one", {"value": 10}),
        "音箱模式一数值10": ("one", {"value": 10}),
        "音箱模式2，二十": ("two", {"value": 20}),
        "音箱频道1，1.5": ("channel", {"value": 1.5}),
        "音箱喊话1你好": ("call", {"value": "你好"}),
        "音箱喊话1 ABC": ("call", {"value": "ABC"}),
    }.items():
        assert await ran(hass, cloud, text) == expected, text


async def test_points_and_dashes(hass: HomeAssistant, cloud: Cloud) -> None:
    """A point before digits is not lost, a dash between words is no minus."""
    await set_up_speaker(
        hass, cloud, counted("station", "频道", "float"), action("five", "频道5")
    )
    for text, expected in {
        "音箱频道.5": ("station", {"value": 0.5}),
        "音箱频道 ．5": ("station", {"value": 0.5}),
        "音箱频道数值.5": ("station", {"value": 0.5}),
        "音箱频道-.5": ("station", {"value": -0.5}),
        "音箱频道—7": ("station", {"value": -7}),
        "音箱频道——7": ("station", {"value": 7}),
        "音箱频道。5": ("five", {}),
        "音箱频道5": ("five", {}),
    }.items():
        assert await ran(hass, cloud, text) == expected, text
    for text in "音箱频道7²", "音箱频道7₂", "音箱频道7①":
        assert isinstance(await ran(hass, cloud, text), str), text


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("灯1 & 2", ("灯12", "灯十二")),
        ("灯1 - 2", ("灯12",)),
        ("灯十（二）", ("灯十二", "灯12")),
        ("Lamp 1 / 2", ("lamp 12", "lamp twelve")),
        ("Lamp twenty (one)", ("lamp twenty one", "lamp 21")),
    ],
)
async def test_two_numbers(
    hass: HomeAssistant, cloud: Cloud, name: str, others: tuple[str, ...]
) -> None:
    """Two numbers of a name are never one number, whatever mark is between them."""
    await set_up_speaker(hass, cloud, action("on", "亮起来"), name=name)
    assert await ran(hass, cloud, f"让{name}亮起来") == ("on", {})
    for other in others:
        assert isinstance(await ran(hass, cloud, f"让{other}亮起来"), str), other


async def test_longer_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """The name with the whole number is the one that is meant, in digits or in words."""
    await set_up_speaker(
        hass,
        cloud,
        MODE_1,
        action("ten", "模式10"),
        counted("mode", "模式"),
        action("twenty", "模式二十"),
        counted("station", "频道", "float"),
        CHANNEL_1,
    )
    for text, expected in {
        "音箱模式10": ("ten", {}),
        "音箱模式十": ("ten", {}),
        "音箱模式20": ("twenty", {}),
        "音箱模式二十": ("twenty", {}),
        "音箱模式21": ("mode", {"value": 21}),
        "音箱模式二十一": ("mode", {"value": 21}),
        "音箱模式100": ("mode", {"value": 100}),
        "音箱模式一百零一": ("mode", {"value": 101}),
        "音箱模式，10": ("ten", {}),
        "音箱频道1.5": ("station", {"value": 1.5}),
        "音箱频道一点五": ("station", {"value": 1.5}),
        "音箱频道第10": ("station", {"value": 10}),
        "音箱频道三万": ("station", {"value": 30000}),
    }.items():
        assert await ran(hass, cloud, text) == expected, text


async def test_english(hass: HomeAssistant, cloud: Cloud) -> None:
    """English number words are not split either, and neither are words."""
    await set_up_speaker(
        hass,
        cloud,
        counted("one", "Mode one"),
        counted("twenty", "Mode twenty"),
        counted("channel", "Channel 1", "float"),
        counted("feed", "Feed", "string"),
        name="Speaker",
    )
    for text in (
        "mode twenty one on the speaker",
        "mode twenty-one on the speaker",
        "mode one hundred on the speaker",
        "mode one hundred and five on the speaker",
        "mode one point five on the speaker",
        "mode one two on the speaker",
        "mode 10 on the speaker",
        "channel 1.5 on the speaker",
        "channel 1 000 on the speaker",
        "channel 1 point 5 on the speaker",
        "channel 12 on the speaker",
        "feedback on the speaker",
        "speaker feedback",
        "Speaker feedbacks",
    ):
        assert isinstance(await ran(hass, cloud, text, "en"), str), text
    for text, expected in {
        "mode one to twenty one on the speaker": ("one", {"value": 21}),
        "mode twenty to one on the speaker": ("twenty", {"value": 1}),
        "mode 20 to 1 on the speaker": ("twenty", {"value": 1}),
        "channel one to one point five on the speaker": ("channel", {"value": 1.5}),
        "feed tomatoes on the speaker": ("feed", {"value": "tomatoes"}),
        "feed to back on the speaker": ("feed", {"value": "back"}),
    }.items():
        assert await ran(hass, cloud, text, "en") == expected, text


async def test_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """No number is split between a device and an action either."""
    names = {"LAMP1": "灯1", "LAMP2": "灯二", "LAMP3": "灯10", "LAMP4": "Lamp 1"}
    for product_id, name in names.items():
        await set_up_speaker(
            hass,
            cloud,
            action("mode", "0号模式"),
            action("ten", "十号模式"),
            action("key", "一键开灯"),
            action("on", "亮起来"),
            name=name,
            product_id=product_id,
        )
    for text, expected in {
        "灯1亮起来": "LAMP1",
        "灯10亮起来": "LAMP3",
        "灯十亮起来": "LAMP3",
        "灯二亮起来": "LAMP2",
        "灯2亮起来": "LAMP2",
        "灯100亮起来": None,
        "灯二十亮起来": None,
        "灯10号模式": None,
        "灯二十号模式": None,
        "灯二，十号模式": "LAMP2",
        "执行灯二的十号模式": "LAMP2",
        "灯二一键开灯": "LAMP2",
        "灯1一键开灯": "LAMP1",
        "lamp 10 亮起来": None,
        "lamp 1 亮起来": "LAMP4",
    }.items():
        before = len(cloud.emulator.executed)
        answer = await ran(hass, cloud, text)
        done = [item.product_id for item in cloud.emulator.executed[before:]]
        assert done == ([expected] if expected else []), (text, answer)


async def test_areas(hass: HomeAssistant, cloud: Cloud) -> None:
    """An area with a number is not another one, nor one with a longer number."""
    await set_up_speaker(hass, cloud, action("on", "亮起来"), action("zero", "0号模式"))
    area = ar.async_get(hass).async_create("房间1")
    await name_device(hass, "SPEAKER/device-1/on", area_id=area.id)
    assert await ran(hass, cloud, "房间1亮起来") == ("on", {})
    assert await ran(hass, cloud, "房间一亮起来") == ("on", {})
    assert isinstance(await ran(hass, cloud, "房间10亮起来"), str)
    assert isinstance(await ran(hass, cloud, "房间10号模式"), str)
