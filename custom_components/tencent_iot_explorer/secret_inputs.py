"""Secret inputs: kept with the settings of their product, and in no entity."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .api.data_template import DataTemplate, Parameter
from .api.values import allowed_values, is_allowed_text
from .const import CONF_SECRET_INPUTS
from .errors import label
from .forms import FormError
from .inputs import is_secret
from .schema import vol

type SecretInputs = Mapping[str, Mapping[str, str]]

_PASSWORD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))


def secret_section(template: DataTemplate) -> dict[vol.Marker, section]:
    """Return the part of a form that asks for the secret inputs, if there are any."""
    fields = {vol.Optional(name): _PASSWORD for name, _, _ in _secrets(template)}
    if not fields:
        return {}
    return {
        vol.Optional(CONF_SECRET_INPUTS, default=dict): section(
            vol.Schema(fields), {"collapsed": True}
        )
    }


def secret_settings(
    template: DataTemplate, user_input: Mapping[str, Any], stored: SecretInputs
) -> dict[str, dict[str, dict[str, str]]]:
    """Return what to store of secret inputs: what was typed, else what was stored.

    Raises FormError for one that the data template does not allow.
    """
    typed = user_input.get(CONF_SECRET_INPUTS, {})
    values: dict[str, dict[str, str]] = {}
    for name, action_id, parameter in _secrets(template):
        value = typed.get(name) or stored.get(action_id, {}).get(parameter.id)
        if value is None:
            continue
        if not is_allowed_text(parameter, value):
            raise FormError(
                "secret_not_allowed", input=name, allowed=allowed_values(parameter)
            )
        values.setdefault(action_id, {})[parameter.id] = value
    return {CONF_SECRET_INPUTS: values} if values else {}


def _secrets(template: DataTemplate) -> Iterator[tuple[str, str, Parameter]]:
    """Yield the name, the ActionId and the declaration of each secret input."""
    for action in template.actions.values():
        for parameter in action.inputs:
            if is_secret(parameter):
                name = f"{label(action.id, action.name)}: "
                yield name + label(parameter.id, parameter.name), action.id, parameter
