"""What the dialogs share: pasted texts, errors in words, and collapsed sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
import unicodedata

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowContext, FlowHandler, FlowResult, section

from ..account.client import has_account_key
from ..api import TencentIotError, clean_text, is_identifier
from ..const import (
    CONF_APP_KEY,
    CONF_APP_SECRET,
    CONF_PRODUCT_ID,
    CONF_REGION,
    CONF_SECRET_ID,
    CONF_SECRET_KEY,
    SECTION_ADVANCED,
)
from ..errors import error_placeholders, treatment
from ..product.subentries import owner_of_product
from ..schema import vol

_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
_LONGEST_TYPED = 255
_MARKS_AROUND = ",;，；、\"'`´‘’‚‛“”„‟«»‹›「」『』﹁﹂﹃﹄〝〞〟＂＇｢｣"
_FIELDS = {
    "unknown_application": CONF_APP_KEY,
    "invalid_signature": CONF_APP_SECRET,
    "unknown_secret_id": CONF_SECRET_ID,
    "invalid_signature_of_account": CONF_SECRET_KEY,
    "unsupported_region_of_account": CONF_REGION,
    "unknown_product": CONF_PRODUCT_ID,
    "unknown_product_of_account": CONF_PRODUCT_ID,
    "no_permission": CONF_PRODUCT_ID,
    "no_permission_of_account": CONF_PRODUCT_ID,
    "operation_denied": CONF_PRODUCT_ID,
    "no_data_template": CONF_PRODUCT_ID,
    "invalid_data_template": CONF_PRODUCT_ID,
    "nothing_usable": CONF_PRODUCT_ID,
    "product_configured": CONF_PRODUCT_ID,
    "invalid_product_id": CONF_PRODUCT_ID,
}
# What is said otherwise of the key of an account.
_SAID_OF_ACCOUNTS = {
    "invalid_credentials",
    "invalid_signature",
    "no_permission",
    "unknown_product",
    "unsupported_region",
}


class FormError(Exception):
    """Something that the person can mend, with the key of its words."""

    def __init__(self, key: str, field: str | None = None, **placeholders: str) -> None:
        """Keep the key, and the field where one key can belong to several."""
        super().__init__(key)
        self.key = key
        self.placeholders = placeholders
        self._field = field or _FIELDS.get(key)

    @classmethod
    def of(cls, err: TencentIotError, data: Mapping[str, Any]) -> Self:
        """Return what an error of the cloud means for the key that an entry has."""
        key = treatment(err).text
        if has_account_key(data) and key in _SAID_OF_ACCOUNTS:
            key += "_of_account"
        return cls(key, **error_placeholders(err))

    def errors(self, schema: vol.Schema) -> dict[str, str]:
        """Return the error at its field, or for the form where that has no such field."""
        fields = {str(key) for key in schema.schema}
        return {self._field if self._field in fields else "base": self.key}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductSettings:
    """What a person chose for a product: the title and data of its subentry."""

    title: str
    data: dict[str, Any]


@dataclass(kw_only=True, slots=True)
class Form:
    """A form as it is to be shown."""

    schema: vol.Schema
    placeholders: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def refuse(self, err: FormError) -> None:
        """Show what is wrong."""
        self.errors = err.errors(self.schema)
        self.placeholders |= err.placeholders

    def show[ContextT: FlowContext, ResultT: FlowResult[Any, Any], HandlerT](
        self,
        flow: FlowHandler[ContextT, ResultT, HandlerT],
        step_id: str,
        suggested: Mapping[str, Any] | None = None,
    ) -> ResultT:
        """Return the result of a step that shows the form."""
        return flow.async_show_form(
            step_id=step_id,
            data_schema=flow.add_suggested_values_to_schema(self.schema, suggested),
            errors=self.errors,
            description_placeholders=self.placeholders,
        )


@dataclass(kw_only=True, slots=True)
class ProductForm(Form):
    """A form as it is to be shown, or the settings that came of it."""

    settings: ProductSettings | None = None


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


def advanced_section(fields: Mapping[vol.Marker, object]) -> dict[vol.Marker, section]:
    """Return a collapsed section, which may be left out.

    It has no default: the frontend would show that in place of what its fields suggest.
    """
    return {
        vol.Optional(SECTION_ADVANCED): section(
            vol.Schema(dict(fields)), {"collapsed": True}
        )
    }


def advanced_value[T](user_input: Mapping[str, Any], key: str, otherwise: T) -> T:
    """Return a value of the collapsed section, or what is meant if that is left out."""
    value: T = user_input.get(SECTION_ADVANCED, {}).get(key, otherwise)
    return value
