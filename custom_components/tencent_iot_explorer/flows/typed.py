"""What a person has typed or pasted: cleaned, and refused if it cannot be meant."""

import unicodedata

from homeassistant.core import HomeAssistant

from ..api import clean_text, is_identifier
from ..const import CONF_PRODUCT_ID
from ..product.subentries import owner_of_product
from .form_error import FormError

_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
_LONGEST_TYPED = 255
_MARKS_AROUND = ",;，；、\"'`´‘’‚‛“”„‟«»‹›「」『』﹁﹂﹃﹄〝〞〟＂＇｢｣"


def clean_key(text: str) -> str:
    """Return a pasted key or id, none of which holds anything that is cut here.

    That is any invisible character, also inside, and quotation marks and commas around it.
    """
    visible = text.translate(dict.fromkeys(map(ord, _invisible(text))))
    return visible.strip(_MARKS_AROUND)


def clean_name(text: str) -> str:
    """Return a pasted name without the invisible characters around it."""
    return clean_text(text).strip("".join(_invisible(text)))


def _invisible(text: str) -> set[str]:
    """Return the characters of a text that nobody sees."""
    return {
        character
        for character in set(text)
        if unicodedata.category(character) in _INVISIBLE
    }


def check_length(field: str, text: str, most: int = _LONGEST_TYPED) -> None:
    """Raise FormError for a text that is empty or longer than anything it can be."""
    if not text:
        raise FormError("empty", field)
    if len(text) > most:
        raise FormError("too_long", field, most=str(most))


def new_product_id(hass: HomeAssistant, text: str) -> str:
    """Return a ProductId that was typed; raises FormError for none or a configured one."""
    product_id = clean_key(text)
    check_length(CONF_PRODUCT_ID, product_id)
    if not is_identifier(product_id):
        raise FormError("invalid_product_id")
    if owner := owner_of_product(hass, product_id):
        raise FormError("product_configured", other=owner.title)
    return product_id
