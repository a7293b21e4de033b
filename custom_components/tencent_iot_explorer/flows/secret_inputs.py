"""The parts of the dialogs for secret inputs: which ones there are, and their values."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..api import LARGEST_INPUTS, DataTemplate
from ..const import CONF_SECRET_INPUTS, CONF_SECRET_VALUES
from ..product.secret_choices import SecretChoices, TextInput, text_inputs
from ..schema import vol
from .form import FormError, check_length, clean_name

type SecretValues = Mapping[str, Mapping[str, str]]

_PASSWORD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))


def secret_choice_field(
    template: DataTemplate, choices: SecretChoices
) -> dict[vol.Marker, SelectSelector]:
    """Return the field that asks which text inputs are secret, if there are any."""
    texts = list(text_inputs(template.actions.values()))
    if not texts:
        return {}
    options = [SelectOptionDict(value=text.path, label=_name(text)) for text in texts]
    chosen = [text.path for text in texts if choices.is_secret(text)]
    return {
        vol.Optional(CONF_SECRET_INPUTS, default=chosen): SelectSelector(
            SelectSelectorConfig(options=options, multiple=True)
        )
    }


def secret_choice_settings(
    template: DataTemplate, stored: Mapping[str, Any], chosen: Iterable[str]
) -> dict[str, Any]:
    """Return what to store of a choice, with the values of what still is secret.

    What the form does not ask about stays as it was decided before.
    """
    asked = {text.path for text in text_inputs(template.actions.values())}
    secret = asked.intersection(chosen)
    choice = SecretChoices(stored).as_data(secret=secret, plain=asked - secret)
    return {**choice, **SecretsForm(template, {**stored, **choice}).settings}


class SecretsForm:
    """The form that asks for the values of secret inputs, and keeps what is right."""

    def __init__(self, template: DataTemplate, data: Mapping[str, Any]) -> None:
        """Begin with the values that are stored with a product."""
        choices = SecretChoices(data)
        self._texts = {
            _name(text): text
            for text in text_inputs(template.actions.values())
            if choices.is_secret(text)
        }
        stored: SecretValues = data.get(CONF_SECRET_VALUES, {})
        self._values = {
            name: stored[text.action.id][text.parameter.id]
            for name, text in self._texts.items()
            if text.parameter.id in stored.get(text.action.id, {})
        }

    @property
    def schema(self) -> vol.Schema:
        """Return the fields, one for each secret input."""
        return vol.Schema({vol.Optional(name): _PASSWORD for name in self._texts})

    @property
    def settings(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return what to store of the values."""
        values: dict[str, dict[str, str]] = {}
        for name, value in self._values.items():
            text = self._texts[name]
            values.setdefault(text.action.id, {})[text.parameter.id] = value
        return {CONF_SECRET_VALUES: values} if values else {}

    def take_over(self, user_input: Mapping[str, str]) -> None:
        """Keep what was typed; an empty field says nothing.

        Raises FormError for the first value that the data template does not allow, which
        is not kept.
        """
        cleaned = {name: clean_name(value) for name, value in user_input.items()}
        typed = {name: value for name, value in cleaned.items() if value}
        for name, value in typed.items():
            check_length(name, value, LARGEST_INPUTS)
        wrong = None
        for name, value in {**self._values, **typed}.items():
            if self._texts[name].parameter.type.fits(value):
                self._values[name] = value
            else:
                wrong = wrong or name
        if wrong:
            text_type = self._texts[wrong].parameter.type
            raise FormError(
                f"secret_not_allowed{text_type.length_form}",
                wrong,
                input=wrong,
                **text_type.length_limits,
            )


def _name(text: TextInput) -> str:
    """Return the name of an input with that of its action."""
    return f"{text.action.label}: {text.parameter.label}"
