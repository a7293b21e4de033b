"""What an entry of an earlier release becomes."""

from collections.abc import Mapping
import re
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .api import Parameter
from .const import CONF_ACCESS, CONF_PRODUCT_ID, ENTRY_VERSION, Access
from .product.secret_choices import SecretChoices, text_inputs
from .product.store import TEMPLATE_STORE
from .product.subentries import product_subentries

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SECRET_WORDS = {"password", "pwd", "passcode", "pin", "secret", "token"}
_SECRET_CHARACTERS = ("密码", "口令", "验证码")


@callback
def async_migrate(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Bring an entry to version 2.1; one of a higher version cannot be used."""
    if entry.version > ENTRY_VERSION:
        return False
    if (entry.version, entry.minor_version) < (1, 2):
        for subentry in product_subentries(entry):
            hass.config_entries.async_update_subentry(
                entry, subentry, data={**subentry.data, **_choice(hass, subentry.data)}
            )
    if entry.version < ENTRY_VERSION:
        hass.config_entries.async_update_entry(
            entry,
            data={CONF_ACCESS: Access.APPLICATION.value, **entry.data},
            version=ENTRY_VERSION,
            minor_version=1,
        )
    return True


def _choice(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return which inputs of a product are secret and which are not, as before 1.2.

    Nobody has chosen, so what was not secret is only written down where today's words
    would say otherwise. What is not stored of a data template is judged by these alone.
    """
    store = hass.data[TEMPLATE_STORE]
    product_id = data[CONF_PRODUCT_ID]
    choices = SecretChoices(data)
    actions = dict(store.gone(product_id).actions)
    if template := store.templates.get(product_id):
        actions |= template.actions
    undecided = [
        text for text in text_inputs(actions.values()) if not choices.is_decided(text)
    ]
    secret = {text.path for text in undecided if _was_secret(text.parameter)}
    now_secret = {text.path for text in undecided if choices.is_secret(text)}
    return choices.as_data(secret=secret, plain=now_secret - secret)


def _was_secret(parameter: Parameter) -> bool:
    """Return whether a text was secret before 1.2, when only words decided."""
    words = {
        word.lower() for word in _WORDS.findall(f"{parameter.id} {parameter.name}")
    }
    return bool(words & _SECRET_WORDS) or any(
        characters in parameter.name for characters in _SECRET_CHARACTERS
    )
