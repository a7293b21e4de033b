"""The field that asks which inputs of a product are secret, and what it stores."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)

from ..api import DataTemplate
from ..const import CONF_SECRET_INPUTS
from ..product.secret_choices import SecretChoices, text_inputs
from ..schema import vol
from .edited_secrets import EditedSecrets, secret_name


def secret_choice_field(
    template: DataTemplate, choices: SecretChoices, language: str
) -> dict[vol.Marker, SelectSelector]:
    """Return the field that asks which text inputs are secret, if there are any."""
    texts = list(text_inputs(template.actions.values()))
    if not texts:
        return {}
    options = [
        SelectOptionDict(value=text.path, label=secret_name(text, language))
        for text in texts
    ]
    chosen = [text.path for text in texts if choices.is_secret(text)]
    return {
        vol.Optional(CONF_SECRET_INPUTS, default=chosen): SelectSelector(
            SelectSelectorConfig(options=options, multiple=True)
        )
    }


def secret_choice_settings(
    template: DataTemplate,
    stored: Mapping[str, Any],
    chosen: Iterable[str],
    language: str,
) -> dict[str, Any]:
    """Return what to store of a choice, with the values of what still is secret.

    What the form does not ask about stays as it was decided before.
    """
    asked = {text.path for text in text_inputs(template.actions.values())}
    secret = asked.intersection(chosen)
    choice = SecretChoices(stored).as_data(secret=secret, plain=asked - secret)
    values = EditedSecrets(template, {**stored, **choice}, language)
    return {**choice, **values.settings}
