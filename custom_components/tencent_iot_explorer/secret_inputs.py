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
from .api.lengths import is_allowed_text, length_form, length_limits
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
        vol.Optional(CONF_SECRET_INPUTS): section(
            vol.Schema(fields), {"collapsed": True}
        )
    }


def typed_secrets(
    user_input: Mapping[str, Any], before: Mapping[str, str]
) -> dict[str, str]:
    """Return what was typed into the form now or before; empty fields say nothing."""
    now: Mapping[str, str] = user_input.get(CONF_SECRET_INPUTS, {})
    return {**before, **{name: value for name, value in now.items() if value}}


def allowed_secrets(template: DataTemplate, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed and need not be typed again if something else is wrong."""
    return {
        name: typed[name]
        for name, _, parameter in _secrets(template)
        if name in typed and is_allowed_text(parameter, typed[name])
    }


def secret_settings(
    template: DataTemplate, typed: Mapping[str, str], stored: SecretInputs
) -> dict[str, dict[str, dict[str, str]]]:
    """Return what to store of secret inputs: what was typed, else what was stored.

    Raises FormError for one that the data template does not allow.
    """
    values: dict[str, dict[str, str]] = {}
    for name, action_id, parameter in _secrets(template):
        value = typed.get(name) or stored.get(action_id, {}).get(parameter.id)
        if value is None:
            continue
        if not is_allowed_text(parameter, value):
            raise FormError(
                f"secret_not_allowed{length_form(parameter)}",
                input=name,
                **length_limits(parameter),
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
