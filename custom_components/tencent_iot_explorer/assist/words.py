"""Our words for what is said to Assist or to a language model, in its language."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN

_TRADITIONAL = ("zh-hant", "zh-hk", "zh-mo", "zh-tw")


def answer_language(language: str) -> str:
    """Return the language of our words for one of a conversation."""
    if language.lower().startswith(_TRADITIONAL):
        return "zh-Hant"
    return "zh-Hans" if language.lower().startswith("zh") else "en"


async def async_words(
    hass: HomeAssistant, language: str, key: str, **placeholders: str
) -> str:
    """Return words of ours in a language."""
    texts = await async_get_translations(hass, language, "common", {DOMAIN})
    return texts[f"component.{DOMAIN}.common.{key}"].format(**placeholders)
