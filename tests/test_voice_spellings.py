"""Names are understood as they are written, without their marks, and in both scripts."""

from collections.abc import Iterable

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar

from .helpers import Cloud
from .voice import add_aliases, name_button, name_device, ran, set_up_speaker
from custom_components.tencent_iot_explorer.presentation.chinese_scripts import (
    _SIMPLIFIED,
    _TRADITIONAL,
    both_scripts,
    simplify,
    traditionalize,
)
from emulator.products import action, parameter

# A name, and how it is said.
CHINESE: list[tuple[str, Iterable[str]]] = [
    ("２号灯", ("2号灯", "２号灯", "二号灯", "2號燈")),
    ("2号灯", ("２号灯", "2 号灯", "二号灯", "两号灯", "兩號燈")),
    ("Ａ灯", ("A灯", "a灯", "Ａ灯", "A 燈")),
    ("①号灯", ("①号灯", "1号灯")),
    ("灯（左）", ("灯（左）", "灯(左)", "灯左", "灯 左", "燈（左）", "灯 (左)")),
    ("灯(左)", ("灯（左）", "灯(左)", "灯左")),
    ("[左]灯", ("[左]灯", "左灯")),
    ("「左」灯", ("「左」灯", "左灯")),
    ("上/下一首", ("上/下一首", "上下一首", "上 / 下一首", "上／下一首")),
    ("50%亮度", ("50%亮度", "50亮度", "５０％亮度", "五十%亮度")),
    ("温度+", ("温度+", "温度＋", "温度", "溫度+")),
    ("加热&通风", ("加热&通风", "加热通风", "加热 & 通风", "加熱通風")),
    ("客厅·主灯", ("客厅·主灯", "客厅主灯", "客廳主燈")),
    ("开→关", ("开→关", "开关", "開關")),
    ("#3插座", ("#3插座", "3插座", "三插座")),
    ("定时1/2", ("定时1/2",)),
    ("25℃制冷", ("25℃制冷", "25°C制冷")),
    ("湾仔台灯", ("湾仔台灯", "灣仔檯燈", "灣仔臺燈", "灣仔台燈")),
    ("臺灣麵包", ("臺灣麵包", "台湾面包", "台灣面包")),
    ("后面", ("后面", "後面")),
    ("頭髮乾燥", ("頭髮乾燥", "头发干燥", "頭發幹燥")),
    ("著色", ("著色", "着色")),
    ("一键除湿", ("一键除湿", "一鍵除濕", "1键除湿")),
    ("喂食\u2764\ufe0f", ("喂食", "喂食\u2764\ufe0f", "喂食\u2764")),
    ("喂食\u200b器", ("喂食器", "喂食\u200b器")),
    ("喂食\U0001f431", ("喂食", "喂食\U0001f431", "餵食")),
]
ENGLISH: list[tuple[str, Iterable[str]]] = [
    ("Light (left)", ("light (left)", "light left", "Light Left", "light(left)")),
    ("A/C", ("A/C", "a c", "AC", "a / c")),
    ("Rock & Roll", ("rock & roll", "rock roll", "Rock&Roll")),
    ("Rock&Roll", ("rock & roll", "rock roll")),
    ("50% power", ("50% power", "50 power", "fifty power")),
    ("Mode 2", ("mode 2", "mode two", "Mode ２")),
    ("Mode twenty-one", ("mode twenty-one", "mode twenty one", "mode 21")),
    ("Volume +", ("volume +", "volume+", "volume")),
    ("Volume -", ("volume -", "volume-")),
    ("C++", ("C++", "c")),
    ("{x}|<y>", ("{x}|<y>", "x y")),
    ("Wi-Fi", ("wi-fi", "wi fi")),
    ("Ｍｏｄｅ Ｂ", ("mode b", "Ｍｏｄｅ Ｂ")),
    ("«Café»", ("«Café»", "café", "CAFÉ")),
]


@pytest.mark.parametrize("part", ["device", "action", "alias", "area"])
async def test_chinese(hass: HomeAssistant, cloud: Cloud, part: str) -> None:
    """A Chinese name of a device, an action or an area is understood however written."""
    await set_up_speaker(
        hass, cloud, action("play", "播放音乐"), action("stop", "停止")
    )
    area = ar.async_get(hass).async_create("客厅")
    await name_device(hass, "SPEAKER/device-1/play", area_id=area.id)
    for name, said in CHINESE:
        if part == "device":
            await name_device(hass, "SPEAKER/device-1/play", name_by_user=name)
        elif part == "action":
            await name_button(hass, "SPEAKER/device-1/play", name=name)
        elif part == "alias":
            await add_aliases(hass, "SPEAKER/device-1/play", name)
        else:
            ar.async_get(hass).async_update(area.id, name=name)
            await hass.async_block_till_done()
        for text in said:
            language = "zh-TW" if text == traditionalize(text) else "zh-CN"
            let = "讓" if language == "zh-TW" else "让"
            is_device_or_area = part in ("device", "area")
            sentence = (
                f"{let}{text}播放音乐" if is_device_or_area else f"{let}音箱{text}"
            )
            assert await ran(hass, cloud, sentence, language) == ("play", {}), (
                name,
                text,
            )


@pytest.mark.parametrize("part", ["device", "action"])
async def test_english(hass: HomeAssistant, cloud: Cloud, part: str) -> None:
    """An English name is understood as it is written and without its marks."""
    await set_up_speaker(hass, cloud, action("play", "Play music"), name="Speaker")
    for name, said in ENGLISH:
        if part == "device":
            await name_device(hass, "SPEAKER/device-1/play", name_by_user=name)
        else:
            await name_button(hass, "SPEAKER/device-1/play", name=name)
        for text in said:
            sentence = f"press play music on the {text}"
            if part == "action":
                sentence = f"press {text} on the speaker"
            assert await ran(hass, cloud, sentence, "en") == ("play", {}), (name, text)


async def test_marks_alone(hass: HomeAssistant, cloud: Cloud) -> None:
    """Names that are nothing but marks are said as they are written, and no other way."""
    await set_up_speaker(
        hass,
        cloud,
        action("up", "+"),
        action("down", "-"),
        action("hash", "#"),
        name="遥控器",
    )
    assert await ran(hass, cloud, "遥控器+") == ("up", {})
    assert await ran(hass, cloud, "让遥控器-") == ("down", {})
    assert await ran(hass, cloud, "按下遥控器的＃") == ("hash", {})
    for text in "遥控器*", "遥控器", "让遥控器", "遥控器++":
        assert isinstance(await ran(hass, cloud, text), str), text


async def test_marks_that_differ(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is written is meant; what is said without marks must fit one name alone."""
    await set_up_speaker(
        hass,
        cloud,
        action("up", "音量+"),
        action("down", "音量-"),
        action("left", "灯（左）"),
        action("plain", "灯左"),
        action("one", "模式一"),
        action("digit", "模式1"),
        action("simple", "后台"),
        action("traditional", "後臺"),
        action("plus", "偏移+5"),
        action("minus", "偏移-5"),
    )
    for text, expected in {
        "音箱音量+": "up",
        "音箱音量-": "down",
        "音箱灯（左）": "left",
        "音箱灯左": "plain",
        "音箱模式一": "one",
        "音箱模式1": "digit",
        "音箱后台": "simple",
        "音箱後臺": "traditional",
        "音箱偏移+5": "plus",
        "音箱偏移－5": "minus",
    }.items():
        assert await ran(hass, cloud, text) == (expected, {}), text
    assert await ran(hass, cloud, "音箱音量") == (
        "未发送，因为有几个都符合：音箱 音量+, 音箱 音量-。请说得更具体一些。"
    )
    for text in "音箱音量*", "音箱偏移5", "音箱模式1+", "音箱灯右":
        assert isinstance(await ran(hass, cloud, text), str), text


async def test_values(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is said for an input is understood in both scripts, and a text is kept."""
    await set_up_speaker(
        hass,
        cloud,
        action(
            "wash",
            "洗衣模式",
            [parameter("m", "模式", type="enum", mapping={"0": "轻柔", "1": "強力"})],
        ),
        action("say", "喊话", [parameter("t", "文字", type="string", max="20")]),
        action(
            "heat",
            "加热",
            [parameter("c", "温度", type="int", unit="摄氏度", max="90")],
        ),
    )
    for text, expected in {
        "音箱洗衣模式輕柔": ("wash", {"m": 0}),
        "音箱洗衣模式强力": ("wash", {"m": 1}),
        "讓音箱喊話歡迎回家": ("say", {"t": "歡迎回家"}),
        "音箱加熱九十攝氏度": ("heat", {"c": 90}),
    }.items():
        assert await ran(hass, cloud, text, "zh-TW") == expected, text


def test_scripts() -> None:
    """The table leads from each traditional character to one that stays as it is."""
    assert len(_TRADITIONAL) == len(_SIMPLIFIED)
    assert len(set(_TRADITIONAL)) == len(_TRADITIONAL)
    assert simplify(_SIMPLIFIED) == _SIMPLIFIED
    assert simplify(traditionalize(_SIMPLIFIED)) == _SIMPLIFIED
    assert (
        simplify("臺灣頭髮與後來的發現；裏裡、著着、Abc")
        == "台湾头发与后来的发现；里里、着着、Abc"
    )
    assert traditionalize("打开客厅的灯，回来") == "打開客廳的燈，回來"
    assert set(both_scripts("台")) == set("台臺檯颱枱")
    assert both_scripts("灯") == "灯燈"
    assert both_scripts("燈") == "燈灯"
    assert both_scripts("a") == "a"
