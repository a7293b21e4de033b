"""Sentences that run actions, said to Home Assistant's own conversation."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant

from .helpers import Cloud
from .voice import say, set_up_feeders

CLEAN = ("clean", {})

# What is said, what is answered, and what the device then does, if anything.
type Said = tuple[str, str, tuple[str, dict[str, Any]] | None]

ON_THE_PAGE = " Set them on the device's page, or use the service of the action."
ENGLISH: list[Said] = [
    *(
        (text, "Sent: Clean bowl on Feeder.", CLEAN)
        for text in (
            "press clean bowl",
            "run clean bowl on feeder",
            "start the clean bowl",
            "trigger clean bowl in the kitchen",
            "Press Clean Bowl on the Feeder.",
            "feeder clean bowl",
            "Feeder, clean bowl!",
        )
    ),
    *(
        (text, "Sent: Feed on Feeder.", ("feed", {"portions": portions}))
        for text, portions in (
            ("feed 3 portions on the feeder", 3),
            ("feed three on the feeder", 3),
            ("Feed 1 portion on feeder.", 1),
            ("feed to ten in the kitchen", 10),
        )
    ),
    *(
        (
            text,
            "Portions (portions) of Feed on Feeder is out of range. Allowed: 1 – 10 portion",
            None,
        )
        for text in (
            "feed 11 on the feeder",
            "feed twenty portions on the feeder",
            "feed twenty one portions on the feeder",
            "feed one hundred and five on the feeder",
            "feed minus three on the feeder",
        )
    ),
    (
        "feed zero point one on the feeder",
        (
            "Portions (portions) of Feed on Feeder must be a whole number."
            " Allowed: 1 – 10 portion"
        ),
        None,
    ),
    (
        f"feed {'9' * 400} on the feeder",
        "Portions (portions) of Feed on Feeder must be a number. Allowed: 1 – 10 portion",
        None,
    ),
    (
        "press feed on the feeder",
        "Feed on Feeder was not sent: please say a value for Portions too.",
        None,
    ),
    (
        "night light soft glow on the feeder",
        "Sent: Night light on Feeder.",
        ("light", {"state": 1}),
    ),
    (
        "night light to Off on the feeder",
        "Sent: Night light on Feeder.",
        ("light", {"state": 0}),
    ),
    (
        "night light blue on the feeder",
        "State (state) of Night light on Feeder must be one of: 0 (Off), 1 (Soft glow)",
        None,
    ),
    (
        "call out Hello World on the feeder",
        "Sent: Call out on Feeder.",
        ("call", {"text": "Hello World"}),
    ),
    (
        "warm up 20.5 °C on the feeder",
        "Sent: Warm up on Feeder.",
        ("warm", {"temperature": 20.5}),
    ),
    (
        "warm up -3 degrees on the feeder",
        "Sent: Warm up on Feeder.",
        ("warm", {"temperature": -3}),
    ),
    (
        "press plan meal",
        f"Plan meal on Feeder needs values for: Portions (portions), Size (size).{ON_THE_PAGE}",
        None,
    ),
]

SIMPLIFIED: list[Said] = [
    *(
        (text, "已发送：喂食器 的 清洗食盆。", CLEAN)
        for text in (
            "让喂食器清洗食盆",
            "叫喂食器清洗食盆",
            "执行喂食器的清洗食盆",
            "按下喂食器清洗食盆",
            "启动 喂食器 清洗食盆",
            "按下清洗食盆",
            "喂食器清洗食盆",
            "厨房清洗食盆。",
        )
    ),
    *(
        (text, "已发送：喂食器 的 喂食。", ("feed", {"portions": portions}))
        for text, portions in (
            ("喂食器喂食三份", 3),
            ("喂食器 喂食 3 份", 3),
            ("喂 食 器 喂 食 ３ 份", 3),
            ("喂食器，喂食两份。", 2),
            ("让喂食器喂食十份", 10),
            ("厨房喂食四", 4),
        )
    ),
    *(
        (text, "喂食器 的 喂食 的 份数 (portions) 超出范围。允许：1 – 10 份", None)
        for text in (
            "喂食器喂食零份",
            "喂食器喂食十一份",
            "喂食器喂食九十九",
            "喂食器喂食一百份",
            "喂食器喂食负三份",
        )
    ),
    (
        "喂食器喂食二三份",
        "喂食器 的 喂食 的 份数 (portions) 必须是数字。允许：1 – 10 份",
        None,
    ),
    ("喂食器喂食", "喂食器 的 喂食 未发送：请同时说出 份数 的值。", None),
    ("喂食器夜灯柔光", "已发送：喂食器 的 夜灯。", ("light", {"state": 1})),
    (
        "喂食器夜灯绿色",
        "喂食器 的 夜灯 的 状态 (state) 必须是以下之一：0 (关), 1 (柔光)",
        None,
    ),
    (
        "喂食器喊话 Hello World",
        "已发送：喂食器 的 喊话。",
        ("call", {"text": "Hello World"}),
    ),
    (
        "喂食器加热二十度",
        "已发送：喂食器 的 加热。",
        ("warm", {"temperature": 20}),
    ),
    (
        "喂食器加热零下三点五度",
        "已发送：喂食器 的 加热。",
        ("warm", {"temperature": -3.5}),
    ),
    (
        "喂食器加热-3.5℃",
        "已发送：喂食器 的 加热。",
        ("warm", {"temperature": -3.5}),
    ),
]

TRADITIONAL: list[Said] = [
    *(
        (text, "已傳送：餵食器 的 清洗食盆。", CLEAN)
        for text in (
            "讓餵食器清洗食盆",
            "叫餵食器清洗食盆",
            "執行餵食器的清洗食盆",
            "按下清洗食盆",
            "啟動餵食器清洗食盆",
            "餵食器清洗食盆",
        )
    ),
    *(
        (text, "已傳送：餵食器 的 餵食。", ("feed", {"portions": portions}))
        for text, portions in (
            ("餵食器餵食兩份", 2),
            ("讓餵食器餵食三份", 3),
            ("廚房餵食 4 份", 4),
        )
    ),
    (
        "餵食器餵食十一份",
        "餵食器 的 餵食 的 份數 (portions) 超出範圍。允許：1 – 10 份",
        None,
    ),
    ("餵食器餵食", "餵食器 的 餵食 未傳送：請同時說出 份數 的值。", None),
    ("餵食器夜燈關", "已傳送：餵食器 的 夜燈。", ("light", {"state": 0})),
]

# Nothing of ours; what Home Assistant answers to these is its own affair.
MISSES = [
    ("en", "feed on the feeder"),
    ("en", "feed three"),
    ("en", "clean bowl"),
    ("en", "press"),
    ("en", "press clean bowls on the feeder"),
    ("en", "please press clean bowl"),
    ("en", "turn on the light"),
    ("zh-CN", "喂食"),
    ("zh-CN", "喂食三份"),
    ("zh-CN", "让喂食器飞"),
    ("zh-CN", "不要让喂食器喂食"),
    ("zh-CN", "打开灯"),
    ("zh-HK", "餵食"),
    ("zh-TW", "客廳餵食 4 份"),
]


@pytest.mark.parametrize(
    ("product_id", "language", "table"),
    [
        ("EN", "en", ENGLISH),
        ("HANS", "zh-CN", SIMPLIFIED),
        ("HANT", "zh-HK", TRADITIONAL),
        ("HANT", "zh-TW", TRADITIONAL),
    ],
)
async def test_said(
    hass: HomeAssistant, cloud: Cloud, product_id: str, language: str, table: list[Said]
) -> None:
    """Each sentence is answered truly, and does what it says once or nothing at all."""
    await set_up_feeders(hass, cloud, product_id)
    cloud.emulator.journal.clear()
    for text, answer, done in table:
        requests, executions = len(cloud.emulator.journal), len(cloud.executed)
        assert (text, await say(hass, text, language)) == (text, answer)
        expected = [("device-1", *done)] if done else []
        assert cloud.executed[executions:] == expected, text
        assert len(cloud.emulator.journal) == requests + len(expected), text


async def test_missed(hass: HomeAssistant, cloud: Cloud) -> None:
    """What only resembles a sentence is left to Home Assistant, and does nothing."""
    await set_up_feeders(hass, cloud, "EN", "HANS", "HANT")
    cloud.emulator.journal.clear()
    for language, text in MISSES:
        answer = await say(hass, text, language)
        assert not answer.startswith(("Sent", "已发送", "已傳送")), text
        assert cloud.emulator.journal == [], text
