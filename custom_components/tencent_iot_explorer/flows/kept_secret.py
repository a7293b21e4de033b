"""A secret that was typed: kept while something else of its form is wrong, never shown."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from .form import Form, async_common_texts
from .form_error import FormError
from .key_form import Fields, KeyForm
from .typed import clean_key


async def async_kept_words(hass: HomeAssistant, *, is_kept: bool) -> str:
    """Return what is said below the field of a secret, nothing if none is kept."""
    if not is_kept:
        return ""
    texts = await async_common_texts(hass)
    return f"\n\n**{texts['secret_kept']}**"


class KeptSecret:
    """The secret of a key, which need not be typed again because of another field."""

    _secret = ""

    def fill_in(self, key: KeyForm, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was typed, with the secret that is kept if none was."""
        self._secret = clean_key(user_input.get(key.secret, "")) or self._secret
        return {**user_input, key.secret: self._secret}

    async def async_form(
        self,
        hass: HomeAssistant,
        key: KeyForm,
        wrong: FormError | None,
        further: Fields | None = None,
        **placeholders: str,
    ) -> Form:
        """Return the form that asks for a key, with what is wrong of what was typed.

        The secret is asked for unless one is kept, which is none that may be wrong.
        """
        if wrong is None or wrong.concerns(key.secret):
            self._secret = ""
        is_kept = bool(self._secret)
        words = await async_kept_words(hass, is_kept=is_kept)
        form = key.form(further, is_kept=is_kept, kept=words, **placeholders)
        if wrong:
            form.refuse(wrong)
        return form
