"""What a person can mend in a form: its words, and the field they stand at."""

from collections.abc import Mapping
from typing import Any, Self

from homeassistant.data_entry_flow import section

from ..account.client import has_account_key
from ..api import TencentIotError
from ..const import (
    CONF_APP_KEY,
    CONF_APP_SECRET,
    CONF_ENDPOINT,
    CONF_PRODUCT_ID,
    CONF_REGION,
    CONF_SECRET_ID,
    CONF_SECRET_KEY,
)
from ..errors import error_placeholders, treatment
from ..schema import vol

_FIELDS = {
    "unknown_application": CONF_APP_KEY,
    "invalid_signature": CONF_APP_SECRET,
    "unknown_secret_id": CONF_SECRET_ID,
    "invalid_signature_of_account": CONF_SECRET_KEY,
    "unsupported_region_of_account": CONF_REGION,
    "invalid_endpoint": CONF_ENDPOINT,
    "unsupported_region": CONF_ENDPOINT,
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
# What may have other causes, but asks to look at the endpoint as well.
_ALSO_OF_ENDPOINT = {
    "broken_reply",
    "cannot_connect",
    "fate_unknown",
    "invalid_input",
}
# What is said of both parts of a key pair.
_OF_KEY_PAIR = {"invalid_credentials", "invalid_credentials_of_account"}
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

    def concerns(self, secret: str) -> bool:
        """Return whether the secret of a key, by its field, may be what is wrong."""
        return self._field == secret or self.key in _OF_KEY_PAIR

    def errors(self, schema: vol.Schema) -> dict[str, str]:
        """Return the error at its field, or for the form where that has no such field.

        The frontend shows none inside a section, but one above it.
        """
        at = next(
            (
                str(key)
                for key, value in schema.schema.items()
                if key == self._field or _is_section_with(self._field, value)
            ),
            "base",
        )
        return {at: self.key}

    def opened(self, schema: vol.Schema) -> vol.Schema:
        """Return the schema with each section open whose field is to be looked at."""
        field = CONF_ENDPOINT if self.key in _ALSO_OF_ENDPOINT else self._field
        return vol.Schema(
            {
                key: section(value.schema, {"collapsed": False})
                if _is_section_with(field, value)
                else value
                for key, value in schema.schema.items()
            }
        )


def _is_section_with(field: str | None, value: object) -> bool:
    """Return whether a part of a form is a section that has a field."""
    return isinstance(value, section) and field in value.schema.schema
