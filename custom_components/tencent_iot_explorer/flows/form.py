"""What the forms of the dialogs share: how they are shown, and their collapsed section."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowContext, FlowHandler, FlowResult, section
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN, SECTION_ADVANCED
from ..schema import vol
from .form_error import FormError

# What is typed into it is not shown.
PASSWORD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))


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
        self.schema = err.opened(self.schema)
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
    suggested: Mapping[str, Any] | None = None


async def async_common_texts(hass: HomeAssistant) -> dict[str, str]:
    """Return the words of Home Assistant's language that a form is made of, by key."""
    texts = await async_get_translations(hass, hass.config.language, "common", {DOMAIN})
    prefix = f"component.{DOMAIN}.common."
    return {key.removeprefix(prefix): text for key, text in texts.items()}


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
