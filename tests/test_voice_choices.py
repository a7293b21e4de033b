"""A choice that is said is the one that is sent: by its label first, or none at all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from hypothesis import given, settings, strategies as st
import pytest

from homeassistant.core import HomeAssistant

from .entities import set_value
from .helpers import Cloud
from .voice import ran, set_up_speaker
from custom_components.tencent_iot_explorer.api.data_template import Enum, Parameter
from custom_components.tencent_iot_explorer.assist.exposed import async_exposed_actions
from custom_components.tencent_iot_explorer.assist.matcher import find_requests
from custom_components.tencent_iot_explorer.assist.said_values import meant_keys
from emulator.products import action, parameter

UNKNOWN = "未发送，因为没有设备行为符合您说的话。"


def chosen(
    identifier: str, name: str, mapping: dict[str, str], kind: str = "enum"
) -> dict[str, Any]:
    """Return an action with one choice."""
    return action(
        identifier, name, [parameter("level", "挡位", type=kind, mapping=mapping)]
    )


ADJUST = chosen("adjust", "调节音量", {"0": "+", "1": "-"})
VOLUME = chosen("volume", "音量设置", {"0": "音量+", "1": "音量-"})
SPEED = chosen("speed", "风速", {"0": "3", "1": "2", "2": "1"})
MARKS = chosen(
    "marks",
    "符号",
    {
        "0": "#",
        "1": "℃",
        "2": "?",
        "3": "。",
        "4": "...",
        "5": "( )",
        "6": "/",
        "7": "÷",
    },
)
LANGUAGE = chosen("code", "语言", {"c": "C", "j": "Java"}, "stringenum")
LANGUAGES = chosen("codes", "编程语言", {"c": "C", "p": "C++", "s": "C#"}, "stringenum")
TWICE = chosen("twice", "双关", {"0": "关", "1": "关", "2": "开"})
GEAR = chosen("gear", "档位", {"0": "1档", "1": "2档", "2": "3档"})
TIMER = chosen(
    "timer", "定时", {"1": "2小时", "2": "4小时", "3": "2分钟", "4": "4分钟"}
)
HOURS = chosen("hours", "关闭", {"10": "从不", "1": "10分钟后", "2": "明天"})
SWITCH = chosen("switch", "开关", {"0": "关闭", "1": "打开"}, "bool")
SIGNED = chosen("signed", "偏移", {"0": "-5", "1": "0", "2": "+5"})
PARTS = chosen("parts", "分组", {"0": "1 (2)", "1": "8 & 9", "2": "10", "3": "3, 4"})
POINTS = chosen("points", "浓度", {"0": "0.5", "1": "5"})
WIDE = chosen("wide", "标点", {"0": "？", "1": "！"})
PLAIN = chosen("plain", "场景", {"1": "睡眠", "2": "阅读(夜间)", "3": "Wi-Fi"})


@pytest.mark.parametrize(
    ("what", "table"),
    [
        (
            ADJUST,
            {
                "音箱调节音量+": 0,
                "音箱调节音量-": 1,
                "音箱调节音量 +": 0,
                "音箱调节音量＋。": 0,
                "让音箱调节音量－": 1,
                "音箱调节音量*": None,
                "音箱调节音量++": None,
                "音箱调节音量0": 0,
            },
        ),
        (
            VOLUME,
            {
                "音箱音量设置音量-": 1,
                "音箱音量设置音量+": 0,
                "音箱音量设置-": None,
                "音箱音量设置音量": None,
                "音箱音量设置音量*": None,
            },
        ),
        (
            SPEED,
            {
                "音箱风速1": 2,
                "音箱风速2": 1,
                "音箱风速3": 0,
                "音箱风速一": 2,
                "音箱风速１": 2,
                "音箱风速三": 0,
                # This is only a key, and the label of none.
                "音箱风速0": 0,
                "音箱风速4": None,
                "音箱风速10": None,
                "音箱风速-1": None,
                "音箱风速挡位1": 2,
            },
        ),
        (
            MARKS,
            {
                "音箱符号#": 0,
                "音箱符号℃": 1,
                "音箱符号°C": 1,
                "音箱符号?": 2,
                "音箱符号。": 3,
                "音箱符号...": 4,
                "音箱符号( )": 5,
                "音箱符号/": 6,
                "音箱符号÷": 7,
                "音箱符号&": None,
                "音箱符号℉": None,
                "音箱符号%": None,
            },
        ),
        (
            LANGUAGE,
            {
                "音箱语言C": "c",
                "音箱语言java": "j",
                "音箱语言C++": None,
                "音箱语言C#": None,
            },
        ),
        (
            LANGUAGES,
            {
                "音箱编程语言C": "c",
                "音箱编程语言C++": "p",
                "音箱编程语言c#": "s",
                "音箱编程语言C-": None,
            },
        ),
        (TWICE, {"音箱双关关": None, "音箱双关开": 2, "音箱双关0": 0, "音箱双关一": 1}),
        (
            GEAR,
            {
                "音箱档位1档": 0,
                "音箱档位二档": 1,
                "音箱档位第二档": 1,
                "音箱档位2": 1,
                "音箱档位三": 2,
                "音箱档位4": None,
            },
        ),
        (
            TIMER,
            {
                "音箱定时2": None,
                "音箱定时两小时": 1,
                "音箱定时2分钟": 3,
                "音箱定时4": None,
                "音箱定时3": 3,
            },
        ),
        (
            HOURS,
            {
                "音箱关闭10": None,
                "音箱关闭十分钟后": 1,
                "音箱关闭明天": 2,
                "音箱关闭2": 2,
            },
        ),
        (
            SWITCH,
            {"音箱开关打开": 1, "音箱开关关闭": 0, "音箱开关on": 1, "音箱开关開": None},
        ),
        (
            SIGNED,
            {
                "音箱偏移-5": 0,
                "音箱偏移−5": 0,
                "音箱偏移+5": 2,
                "音箱偏移0": 1,
                "音箱偏移5": None,
            },
        ),
        (
            PARTS,
            {
                "音箱分组1 (2)": 0,
                "音箱分组1 2": 0,
                "音箱分组12": None,
                "音箱分组89": None,
                "音箱分组8和9": None,
                "音箱分组10": 2,
                "音箱分组1 0": None,
                "音箱分组3，4": 3,
                "音箱分组34": None,
            },
        ),
        (
            POINTS,
            {
                "音箱浓度.5": 0,
                "音箱浓度 ．5": 0,
                "音箱浓度。5": 1,
                "音箱浓度...5": 1,
                "音箱浓度5²": None,
            },
        ),
        (
            WIDE,
            {
                "音箱标点？": 0,
                "音箱标点?": 0,
                "音箱标点!": 1,
                "音箱标点?!": None,
                "音箱标点！！": None,
            },
        ),
        (
            PLAIN,
            {
                "音箱场景阅读（夜间）": 2,
                "音箱场景阅读夜间": 2,
                "音箱场景閱讀夜間": 2,
                "音箱场景wi-fi": 3,
                "音箱场景阅读": None,
                "音箱场景阅读+夜间": None,
            },
        ),
    ],
)
async def test_labels(
    hass: HomeAssistant,
    cloud: Cloud,
    what: dict[str, Any],
    table: Mapping[str, int | str | None],
) -> None:
    """What runs is the choice that is labelled so; what may mean several is refused."""
    await set_up_speaker(hass, cloud, what)
    options = what["input"][0]["define"]["mapping"]
    # What is set must never be sent for something else that was said.
    for text, key in table.items():
        result = await ran(hass, cloud, text)
        if key is None:
            assert "必须是以下之一：" in result, text
            assert all(label in result for label in options.values()), text
        else:
            assert result == (what["id"], {"level": key}), text


async def test_nothing_is_lost(hass: HomeAssistant, cloud: Cloud) -> None:
    """A value is never dropped so that what is set goes out in its place."""
    await set_up_speaker(
        hass, cloud, ADJUST, action("up", "音量+"), action("quiet", "静音")
    )
    await set_value(hass, "select", "SPEAKER/device-1/adjust/level", "-")
    assert await ran(hass, cloud, "音箱调节音量+") == ("adjust", {"level": 0})
    assert await ran(hass, cloud, "音箱调节音量。") == ("adjust", {"level": 1})
    assert await ran(hass, cloud, "音箱调节音量！") == ("adjust", {"level": 1})
    assert await ran(hass, cloud, "音箱音量+") == ("up", {})
    # Neither is an action with another mark, or with more than was said.
    for text in "音箱音量-", "音箱音量++", "音箱静音+", "音箱静音-", "音箱静音%":
        assert isinstance(await ran(hass, cloud, text), str), text


async def test_mark_before_a_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """A mark that is a label is not dropped where the device follows it either."""
    await set_up_speaker(
        hass,
        cloud,
        chosen("mark", "Mark", {"0": "?", "1": "!"}),
        chosen("level", "Level", {"0": "+", "1": "-"}),
        name="Speaker",
    )
    await set_value(hass, "select", "SPEAKER/device-1/mark/level", "!")
    await set_value(hass, "select", "SPEAKER/device-1/level/level", "-")
    for text, expected in {
        "press mark ? on the speaker": ("mark", {"level": 0}),
        "press mark on the speaker?": ("mark", {"level": 1}),
        "press level! on the speaker": ("level", {"level": 1}),
    }.items():
        assert await ran(hass, cloud, text, "en") == expected, text


ENGLISH = action(
    "setMode",
    "Set mode",
    [
        parameter(
            "mode",
            "Mode",
            type="enum",
            mapping={"1": "Mode 2", "2": "Mode 3", "7": "Eco"},
        )
    ],
)
CLOSE = action(
    "close",
    "Close",
    [parameter("when", "When", type="enum", mapping={"2": "Never", "1": "in 2 hours"})],
)


async def test_english(hass: HomeAssistant, cloud: Cloud) -> None:
    """A number means the label with the input's name before it means a key."""
    await set_up_speaker(hass, cloud, ENGLISH, CLOSE, name="Speaker")
    for text, key in {
        "set mode to 2 on the speaker": 1,
        "set mode two on the speaker": 1,
        "Set mode to mode 3 on the speaker.": 2,
        "set mode mode two on the speaker": 1,
        "set mode 7 on the speaker": 7,
        "set mode to ECO on speaker": 7,
        "set mode to 1 on the speaker": 1,
    }.items():
        expected = ("setMode", {"mode": key})
        assert await ran(hass, cloud, text, "en") == expected, text
    for text in "set mode to 20 on the speaker", "set mode tomato on the speaker":
        answer = await ran(hass, cloud, text, "en")
        assert "must be one of: 1 (Mode 2), 2 (Mode 3), 7 (Eco)" in answer, text
    answer = await ran(hass, cloud, "close 2 on the speaker", "en")
    assert "must be one of: 2 (Never), 1 (in 2 hours)" in answer
    expected = ("close", {"when": 1})
    assert await ran(hass, cloud, "close in two hours on the speaker", "en") == expected


async def test_texts(hass: HomeAssistant, cloud: Cloud) -> None:
    """A text is sent as it was written, also one of marks alone."""
    say_it = action("say", "喊话", [parameter("text", "文字", type="string", max="40")])
    await set_up_speaker(hass, cloud, say_it)
    for said, sent in {
        "+": "+",
        "-": "-",
        "《你好》！": "《你好》",
        "Hello, World!": "Hello, World",
        "臺灣 ＡＢＣ": "臺灣 ＡＢＣ",
        "：你好": "你好",
        "、": "、",
    }.items():
        expected = ("say", {"text": sent})
        assert await ran(hass, cloud, f"音箱喊话{said}") == expected, said


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([str(number) for number in range(12)]),
        (st.text(max_size=4) | st.text(alphabet="+-C# 12一二档。?．", max_size=4))
        .map(str.strip)
        .filter(bool),
        min_size=1,
        max_size=6,
    ),
    st.data(),
)
def test_any_label(labels: dict[str, str], data: st.DataObject) -> None:
    """A label said exactly as it is written is sent by its key, or nothing is."""
    choice = Parameter(id="x", name="X", type=Enum(choices=labels))
    key = data.draw(st.sampled_from(sorted(labels)))
    said = labels[key]
    same = normalize("NFC", said)
    alike = [item for item in labels if normalize("NFC", labels[item]) == same]
    assert key in alike
    assert meant_keys(choice, said) == alike


async def test_any_label_in_a_sentence(hass: HomeAssistant, cloud: Cloud) -> None:
    """What follows a name is what is chosen, whatever characters it is made of."""
    await set_up_speaker(hass, cloud, ADJUST)
    (exposed,) = async_exposed_actions(hass)
    (choice,) = exposed.action.inputs

    @settings(deadline=None)
    @given(
        st.lists(
            st.text(alphabet="+-*/#%()。，.!? 12一二十点aＡ℃音量", max_size=5)
            .map(str.strip)
            .filter(bool),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    def check(labels: list[str]) -> None:
        """Say each label of an action that has these."""
        choices = {str(key): label for key, label in enumerate(labels)}
        changed = replace(choice, type=Enum(choices=choices))
        action = replace(exposed.action, inputs=(changed,))
        for key, label in choices.items():
            for request in find_requests(
                f"音箱调节音量{label}", [replace(exposed, action=action)]
            ):
                assert request.value is not None
                assert meant_keys(changed, request.value) == [key]

    check()
