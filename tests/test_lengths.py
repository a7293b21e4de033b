"""The lengths of texts, in words and in the reader's language, wherever they are shown."""

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_get_all_descriptions

from .entities import action_reference, add_product, set_up_input
from .helpers import DOMAIN, Cloud, product, set_up
from custom_components.tencent_iot_explorer.errors import async_error_text
from emulator.products import action, parameter

each_length = pytest.mark.parametrize(
    ("limits", "words"),
    [
        (
            {"min": "0", "max": "14"},
            {
                "en": "maximum length 14",
                "zh-Hans": "最多 14 个字符",
                "zh-Hant": "最多 14 個字元",
            },
        ),
        (
            {"max": "14"},
            {
                "en": "maximum length 14",
                "zh-Hans": "最多 14 个字符",
                "zh-Hant": "最多 14 個字元",
            },
        ),
        (
            {"min": "6", "max": "6"},
            {
                "en": "exactly 6 characters",
                "zh-Hans": "正好 6 个字符",
                "zh-Hant": "正好 6 個字元",
            },
        ),
        (
            {"min": "1", "max": "1"},
            {
                "en": "exactly 1 character",
                "zh-Hans": "正好 1 个字符",
                "zh-Hant": "正好 1 個字元",
            },
        ),
        (
            {"min": "3"},
            {
                "en": "at least 3 characters",
                "zh-Hans": "至少 3 个字符",
                "zh-Hant": "至少 3 個字元",
            },
        ),
        (
            {"min": "1"},
            {
                "en": "at least 1 character",
                "zh-Hans": "至少 1 个字符",
                "zh-Hant": "至少 1 個字元",
            },
        ),
        ({}, {"en": "", "zh-Hans": "", "zh-Hant": ""}),
    ],
    ids=lambda value: str(value.get("en", value)),
)
each_language = pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])


@each_length
@each_language
async def test_field_and_reference(
    hass: HomeAssistant,
    cloud: Cloud,
    limits: dict[str, str],
    words: dict[str, str],
    language: str,
) -> None:
    """The field of a service and the reference show them, in Home Assistant's language."""
    await hass.config.async_update(language=language)
    text = parameter("x", "X", type="string", **limits)
    add_product(cloud, "ODD", action("do", "Do", [text], [text]))
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    fields = (await async_get_all_descriptions(hass))[DOMAIN]["odd_do"]["fields"]
    assert fields["x"]["description"] == words[language]
    reference = await action_reference(hass)
    described = reference["ODD"]["actions"]["do"]
    for part in (described["inputs"]["x"], described["outputs"]["x"]):
        assert part.get("allowed", "") == words[language]


async def test_field_follows_the_language(hass: HomeAssistant, cloud: Cloud) -> None:
    """The words of a field change with the language."""
    await set_up_input(hass, cloud, type="string", min="2", max="5")
    for language, words in (("zh-Hans", "2 到 5 个字符"), ("en", "2 to 5 characters")):
        await hass.config.async_update(language=language)
        await hass.async_block_till_done()
        fields = (await async_get_all_descriptions(hass))[DOMAIN]["odd_do"]["fields"]
        assert fields["x"]["description"] == words


async def call(hass: HomeAssistant, **values: object) -> ServiceValidationError:
    """Call the action, and return the error that it raises."""
    data = {"device_id": "ODD/device-1", **values}
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(DOMAIN, "odd_do", data, blocking=True)
    return raised.value


MISSING = {
    "en": "Do (do) on device-1 needs a text",
    "zh-Hans": "device-1 的 Do (do) 需要 X (x) 的文本",
    "zh-Hant": "device-1 的 Do (do) 需要 X (x) 的文字",
}


@each_length
@each_language
async def test_errors(
    hass: HomeAssistant,
    cloud: Cloud,
    limits: dict[str, str],
    words: dict[str, str],
    language: str,
) -> None:
    """The error for a text that is missing, too short or too long has what it must be."""
    await set_up_input(hass, cloud, type="string", **limits)
    text = await async_error_text(hass, await call(hass), language)
    assert text.startswith(MISSING[language])
    figures = [word for word in words["en"].split() if word.isdigit()]
    if figures != ["1"]:
        assert words[language] in text
    assert "–" not in text
    wrong = []
    if "max" in limits:
        wrong.append("x" * (int(limits["max"]) + 1))
    if (shortest := int(limits.get("min", 0))) > 0:
        wrong.append("x" * (shortest - 1))
    for value in wrong:
        err = await call(hass, x=value)
        text = await async_error_text(hass, err, language)
        assert "X (x)" in text
        if limits == {"min": "1"}:
            assert text.endswith(("must not be empty.", "不能为空。", "不能為空。"))
        else:
            assert all(figure in text for figure in figures)
    assert cloud.executed == []


async def test_other_missing_values(hass: HomeAssistant, cloud: Cloud) -> None:
    """What has no limits is described without any; what has some, with them."""
    for define, words in (
        ({"type": "int"}, "Do (do) on device-1 needs a value for X (x)."),
        ({"type": "struct"}, "Do (do) on device-1 needs a value for X (x)."),
        ({"type": "int", "max": "9"}, "needs a value for X (x). Allowed: ≤ 9"),
    ):
        cloud.emulator.products.clear()
        await set_up_input(hass, cloud, **define)
        text = await async_error_text(hass, await call(hass))
        assert text.endswith(words)
        (entry,) = hass.config_entries.async_entries(DOMAIN)
        await hass.config_entries.async_remove(entry.entry_id)
