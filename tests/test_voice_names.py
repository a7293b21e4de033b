"""Names that people and manufacturers give: strange, long, hostile, or given twice."""

import pytest

from homeassistant.core import HomeAssistant

from .helpers import Cloud
from .voice import add_aliases, name_button, name_device, say, set_up_feeders

CLEAN = "EN/device-1/clean"
BOTH = ("clean", "feed")
PORTIONS = "喂食器喂食两份"
# A name, and the words that it is said by; none if it cannot be said at all.
NAMES = [
    ("()[]{}<>|@\\", None),
    ("( rinse", "rinse"),
    ("rinse) all", "rinse all"),
    ("[rinse", "rinse"),
    ("rinse|all", "rinse all"),
    ("{device}", "device"),
    ("{value", "value"),
    ("<rule> of @thumb", "rule of thumb"),
    ("a@b", "a b"),
    ("\\", None),
    ("\\{x\\}", "x"),
    ("(a|b)[c]{d:e}", "a b c d e"),
    ("…", None),
    ("’", None),
    ("l'eau", "l'eau"),
    ("d’eau", "d’eau"),
    ("…rinse…", "rinse"),
    ("rinse: now!", "rinse now"),
    ("rinse.", "rinse"),
    ("e.g. rinse", "e.g. rinse"),
    ("v1.5", "v1.5"),
    ("food-bowl", "food-bowl"),
    ("food_bowl", "food bowl"),
    ("100% [max]", "100 max"),
    ("Füße", "füße"),
    ("喂食🐱", "喂食"),
    ("🐱", None),
    ("rinse\nnow", "rinse now"),
    ("\u200b", None),
    ("\u202erinse", "rinse"),
    ("{{ states('x') }}", "states x"),
    ("the the", "the the"),
    ("on in on", "on in on"),
    ("turn on", "turn on"),
    ("3", "3"),
    ("三", "三"),
    ("a" * 101, None),
    ("a" * 100, "a" * 100),
]


@pytest.mark.parametrize("part", ["device", "button", "alias"])
async def test_strange_names(hass: HomeAssistant, cloud: Cloud, part: str) -> None:
    """A strange name is said without its marks, and never breaks another sentence."""
    await set_up_feeders(hass, cloud, "EN", "HANS", exposed=BOTH)
    for name, words in NAMES:
        text = f"press clean bowl on the {words}"
        if part == "device":
            await name_device(hass, CLEAN, name_by_user=name)
        elif part == "button":
            await name_button(hass, CLEAN, name=name)
        else:
            await add_aliases(hass, CLEAN, name)
        if part != "device":
            text = f"press {words} on the feeder"
        before = len(cloud.executed)
        if words:
            answer = await say(hass, text)
            assert answer.startswith("Sent: "), name
            assert cloud.executed[before:] == [("device-1", "clean", {})], name
        before = len(cloud.executed)
        answer = await say(hass, PORTIONS, "zh-CN")
        assert answer == "已发送：喂食器 的 喂食。", name
        assert cloud.executed[before:] == [("device-1", "feed", {"portions": 2})], name


async def test_one_of_two(hass: HomeAssistant, cloud: Cloud) -> None:
    """Two devices of one name: nothing is done, both are named."""
    await set_up_feeders(hass, cloud, "EN", "HANS", exposed=BOTH)
    await name_device(hass, "HANS/device-1/clean", name_by_user="Feeder")
    await name_button(hass, "HANS/device-1/clean", name="Clean bowl")
    for text in (
        "feeder clean bowl",
        "press clean bowl",
        "run clean bowl on the feeder",
    ):
        assert await say(hass, text) == (
            "Nothing was sent, because several fit: Feeder Clean bowl (EN),"
            " Feeder Clean bowl (HANS). Please say it more exactly."
        )
    assert cloud.executed == []
    assert (
        await say(hass, "press clean bowl in the kitchen")
        == "Sent: Clean bowl on Feeder."
    )
    assert (
        await say(hass, "厨房 Clean bowl", "zh-CN") == "已发送：Feeder 的 Clean bowl。"
    )
    assert len(cloud.executed) == 2


async def test_longest_name(hass: HomeAssistant, cloud: Cloud) -> None:
    """A name that goes on is meant rather than a shorter one and a value."""
    await set_up_feeders(hass, cloud, "HANS", exposed=BOTH)
    await add_aliases(hass, "HANS/device-1/clean", "喂食三份")
    assert await say(hass, "喂食器喂食三份", "zh-CN") == "已发送：喂食器 的 清洗食盆。"
    assert await say(hass, "喂食器喂食四份", "zh-CN") == "已发送：喂食器 的 喂食。"
    assert cloud.executed == [
        ("device-1", "clean", {}),
        ("device-1", "feed", {"portions": 4}),
    ]


async def test_short_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """Names alone are a sentence from four characters on."""
    await set_up_feeders(hass, cloud, "HANS", exposed=BOTH)
    unique_id = "HANS/device-1/clean"
    await name_device(hass, unique_id, name_by_user="锅")
    await name_button(hass, unique_id, name="清洗")
    # Home Assistant answers itself, in its own words.
    assert "发送" not in await say(hass, "锅清洗", "zh-CN")
    assert await say(hass, "让锅清洗", "zh-CN") == "已发送：锅 的 清洗。"
    await name_device(hass, unique_id, name_by_user="汤锅")
    assert await say(hass, "汤锅清洗", "zh-CN") == "已发送：汤锅 的 清洗。"
    assert len(cloud.executed) == 2
