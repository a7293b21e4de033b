"""The forms that ask for a key, one for each kind of key that an entry can have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..account.client import has_account_key
from ..account.endpoint import is_endpoint
from ..api import CLOUD_API_ENDPOINT, DEFAULT_REGION, REGIONS, SERVICE_API_ENDPOINT
from ..const import (
    ACCOUNT_KEYS_URL,
    CONF_ACCESS,
    CONF_APP_KEY,
    CONF_APP_SECRET,
    CONF_ENDPOINT,
    CONF_REGION,
    CONF_SECRET_ID,
    CONF_SECRET_KEY,
    CONSOLE_URL,
    DOCUMENTATION_URL,
    SECTION_ADVANCED,
    Access,
)
from ..schema import vol
from .form import PASSWORD, Form, advanced_section, advanced_value
from .form_error import FormError
from .typed import check_length, clean_key

type Fields = Mapping[vol.Marker, TextSelector | SelectSelector]

_URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
REGION_FIELD: Fields = {
    vol.Required(CONF_REGION, default=DEFAULT_REGION): SelectSelector(
        SelectSelectorConfig(
            options=list(REGIONS),
            custom_value=True,
            translation_key=CONF_REGION,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyForm:
    """What is asked for of a kind of key.

    `identity` are the fields that make two keys one, `secret` is the field that is never
    shown again.
    """

    access: Access
    fields: Fields
    identity: tuple[str, ...]
    secret: str
    endpoint: str
    console_url: str

    def form(
        self, further: Fields | None = None, *, is_kept: bool, **placeholders: str
    ) -> Form:
        """Return the form, with further fields before the collapsed section.

        A secret that is kept need not be typed.
        """
        endpoint = vol.Optional(CONF_ENDPOINT, default=self.endpoint)
        schema = {
            **{
                vol.Optional(self.secret)
                if is_kept and field == self.secret
                else field: selector
                for field, selector in self.fields.items()
            },
            **(further or {}),
            **advanced_section({endpoint: _URL}),
        }
        return Form(
            schema=vol.Schema(schema),
            placeholders={
                "console_url": self.console_url,
                "documentation_url": DOCUMENTATION_URL,
                **placeholders,
            },
        )

    def entry_data(
        self, user_input: Mapping[str, Any], stored: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        """Return what an entry stores of what a person typed; raises FormError.

        An endpoint that is not typed is that of the entry, if it has such a key.
        """
        keys = {name: clean_key(user_input[name]) for name in map(str, self.fields)}
        endpoint = self.endpoint
        if stored and self.is_of(stored):
            endpoint = stored[CONF_ENDPOINT]
        endpoint = clean_key(advanced_value(user_input, CONF_ENDPOINT, endpoint))
        if not is_endpoint(endpoint):
            raise FormError("invalid_endpoint")
        for field, text in keys.items():
            check_length(field, text)
        return {CONF_ACCESS: self.access.value, **keys, CONF_ENDPOINT: endpoint}

    def is_of(self, data: Mapping[str, Any]) -> bool:
        """Return whether an entry has a key of this kind."""
        return has_account_key(data) == (self.access is Access.ACCOUNT)

    def stored(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form suggests of what an entry stores."""
        if not self.is_of(data):
            return {}
        keys = {name: data[name] for name in map(str, self.fields)}
        return self.typed(
            {**keys, SECTION_ADVANCED: {CONF_ENDPOINT: data[CONF_ENDPOINT]}}
        )

    def typed(self, user_input: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what the form suggests of what a person typed, never the secret."""
        values = dict(user_input or {})
        values.pop(self.secret, None)
        return values


APPLICATION_KEY = KeyForm(
    access=Access.APPLICATION,
    fields={
        vol.Required(CONF_APP_KEY): TextSelector(),
        vol.Required(CONF_APP_SECRET): PASSWORD,
    },
    identity=(CONF_APP_KEY,),
    secret=CONF_APP_SECRET,
    endpoint=SERVICE_API_ENDPOINT,
    console_url=CONSOLE_URL,
)
ACCOUNT_KEY = KeyForm(
    access=Access.ACCOUNT,
    fields={
        vol.Required(CONF_SECRET_ID): TextSelector(),
        vol.Required(CONF_SECRET_KEY): PASSWORD,
        **REGION_FIELD,
    },
    identity=(CONF_SECRET_ID, CONF_REGION),
    secret=CONF_SECRET_KEY,
    endpoint=CLOUD_API_ENDPOINT,
    console_url=ACCOUNT_KEYS_URL,
)
