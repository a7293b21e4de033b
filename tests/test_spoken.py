"""Words, numbers and names as they are spoken."""

import json

from hassil import Intents, recognize
from hassil.parse_expression import parse_sentence
from hypothesis import example, given, strategies as st
import pytest

from homeassistant.components.conversation.trigger import TRIGGER_SCHEMA

from custom_components.tencent_iot_explorer.api.data_template import parse_data_template
from custom_components.tencent_iot_explorer.assist.agent import readable_templates
from custom_components.tencent_iot_explorer.assist.forms import sentences, templates
from custom_components.tencent_iot_explorer.assist.numerals import split_number
from custom_components.tencent_iot_explorer.assist.parts import sentence_part
from custom_components.tencent_iot_explorer.assist.spoken import normalize
from emulator.products import action, parameter, template

DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Return a number below a hundred as it is written in Chinese."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"


@pytest.mark.parametrize("number", range(100))
def test_chinese_numbers(number: int) -> None:
    """Each Chinese number below a hundred is understood, with what follows it."""
    assert split_number(chinese(number)) == (number, "")
    assert split_number(f"{chinese(number)}份") == (number, "份")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("两份", (2, "份")),
        ("〇", (0, "")),
        ("一十二", (12, "")),
        ("二三", (None, "")),
        ("seventeen portions", (17, " portions")),
        ("seven teen", (7, " teen")),
        ("twenty", (20, "")),
        ("one", (1, "")),
        ("ones", (None, "ones")),
        ("3.5 c", (3.5, " c")),
        ("-4", (-4, "")),
        ("007", (7, "")),
        ("", (None, "")),
        ("份", (None, "份")),
    ],
)
def test_numbers(text: str, found: tuple[float | None, str]) -> None:
    """Digits and words are numbers, what only begins like one is none."""
    assert split_number(text) == found


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("  Press  the BUTTON! ", "press the button"),
        ("喂 食 器，喂食 ３ 份。", "喂食器喂食3份"),
        ("−3", "-3"),
        ("-3.5°C", "-3.5°c"),
        ("－３．５℃", "-3.5°c"),
        ("灯（左）", "灯(左)"),
        ("臺燈", "台灯"),
        ("音量 +", "音量+"),
        ("C++!", "c++"),
        ("10:30, 1,000; 1.5.", "10:30 1,000 1.5"),
        ("2-in-1 twenty-one", "2 in 1 twenty one"),
        ("a\u200bb\ufe0f", "ab"),
        ("l’eau", "leau"),
        ("food-bowl", "food bowl"),
    ],
)
def test_normal_form(text: str, spoken: str) -> None:
    """What sounds alike is alike."""
    assert normalize(text) == spoken


@given(st.text(max_size=60))
@example("\u00b4\u0316")
@example("\u0301\u200b\u0316")
@example("a\u200b\u0301")
@example("\u1100\u200b\u1161")
@example("\u01f0")
def test_normal_form_is_final(text: str) -> None:
    """What is normal stays so."""
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_any_name(name: str, device: str) -> None:
    """Whatever a name is, Assist can read the sentences that it is in."""
    feed = action("feed", "Feed", [parameter("portions", "Portions", type="int")])
    (parsed,) = parse_data_template(json.dumps(template("X", feed))).actions.values()
    for sentence in templates(sentences(parsed, [name], [device])):
        parse_sentence(sentence)
        TRIGGER_SCHEMA({"platform": "conversation", "command": [sentence]})


@given(st.text(alphabet="()[]{}<>|@\\:;,.'-_/+%ab食灯２ ", min_size=1, max_size=20))
def test_hostile_name(name: str) -> None:
    """Whatever marks a name has, they mean nothing in a sentence, and it is understood."""
    part = sentence_part(name)
    if part and name == name.strip():
        assert list(parse_sentence(part).list_names()) == []
        sentences = {"X": {"data": [{"sentences": [f"go {part} now"]}]}}
        intents = Intents.from_dict({"language": "en", "intents": sentences})
        assert recognize(f"go {name} now", intents)


def test_bad_sentence() -> None:
    """A sentence that Assist could not read is not registered, the others are."""
    assert readable_templates(["press {", "press it", "press. (it"]) == ["press it"]
