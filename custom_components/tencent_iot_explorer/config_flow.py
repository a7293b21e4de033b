"""The dialogs that add an application and replace its key pair."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .account.client import client_for
from .api import SERVICE_API_ENDPOINT
from .const import (
    CONF_ACCESS,
    CONF_APP_KEY,
    CONF_APP_SECRET,
    CONF_ENDPOINT,
    CONF_PRODUCT_ID,
    CONSOLE_URL,
    DOMAIN,
    SECTION_ADVANCED,
    SUBENTRY_PRODUCT,
    Access,
)
from .errors import literally
from .flows.endpoint import is_endpoint
from .flows.form import (
    FormError,
    ProductSettings,
    advanced_section,
    advanced_value,
    check_length,
    clean_key,
    new_product_id,
)
from .flows.key_pair import async_hidden_products
from .flows.product import ProductFlow
from .flows.product_form import ProductDialog
from .product.subentries import owner_of_product
from .schema import vol

_PASSWORD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_ENDPOINT = advanced_section(
    {
        vol.Optional(CONF_ENDPOINT, default=SERVICE_API_ENDPOINT): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        )
    }
)
_KEY_PAIR = {
    vol.Required(CONF_APP_KEY): TextSelector(),
    vol.Required(CONF_APP_SECRET): _PASSWORD,
}
_USER_SCHEMA = vol.Schema(
    {**_KEY_PAIR, vol.Required(CONF_PRODUCT_ID): TextSelector(), **_ENDPOINT}
)
_REPLACE_SCHEMA = vol.Schema({**_KEY_PAIR, **_ENDPOINT})


class TencentIotConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds an application with its first product, or replaces its key pair."""

    VERSION = 2

    def __init__(self) -> None:
        """Begin with nothing typed."""
        self._data: dict[str, str] = {}
        self._dialog: ProductDialog
        self._settings: ProductSettings
        self._hidden: list[str] = []

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the flow for further products."""
        return {SUBENTRY_PRODUCT: ProductFlow}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the key pair and the first product."""
        errors: dict[str, str] = {}
        placeholders = {"console_url": CONSOLE_URL}
        if user_input is not None:
            try:
                self._data = _entry_data(user_input, SERVICE_API_ENDPOINT)
                product_id = new_product_id(self.hass, user_input[CONF_PRODUCT_ID])
                self._async_abort_entries_match(
                    {CONF_APP_KEY: self._data[CONF_APP_KEY]}
                )
                self._dialog = await ProductDialog.async_open(
                    self.hass,
                    client_for(self.hass, self._data),
                    product_id,
                )
            except FormError as err:
                errors = err.errors(_USER_SCHEMA)
                placeholders |= err.placeholders
            else:
                return await self.async_step_devices()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(
                _USER_SCHEMA, _without_secret(user_input)
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_devices(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for name, devices and what else there is to say of the first product."""
        form = await self._dialog.async_form(user_input, {})
        if form.settings is None:
            return form.show(self, "devices", user_input)
        self._settings = form.settings
        return await self.async_step_secrets()

    async def async_step_secrets(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the secret inputs, if there are any, and create the entry."""
        form = self._dialog.secrets_form(self._settings, user_input)
        if form.settings is None:
            return form.show(self, "secrets")
        self._settings = form.settings
        return await self._async_add()

    async def _async_add(self) -> ConfigFlowResult:
        """Create the entry, unless another dialog was faster."""
        if owner_of_product(self.hass, self._dialog.product_id):
            return self.async_abort(reason="already_configured")
        # Not before: Home Assistant drops the other dialogs of a unique id unasked.
        await self.async_set_unique_id(
            self._data[CONF_APP_KEY], raise_on_progress=False
        )
        self._abort_if_unique_id_configured(reload_on_update=False)
        return self.async_create_entry(
            title=self._settings.title,
            data=self._data,
            subentries=[
                {
                    "subentry_type": SUBENTRY_PRODUCT,
                    "title": self._settings.title,
                    "data": self._settings.data,
                    "unique_id": self._dialog.product_id,
                }
            ],
        )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for a key pair because the cloud refuses the one there is."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a key pair that the cloud accepts."""
        return await self._async_replace(
            "reauth_confirm", self._get_reauth_entry(), user_input
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another key pair or endpoint."""
        return await self._async_replace(
            "reconfigure", self._get_reconfigure_entry(), user_input
        )

    async def async_step_confirm_products(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to go on although some products cannot be seen any more."""
        if user_input is not None:
            return self._async_finish()
        return self.async_show_form(
            step_id="confirm_products",
            data_schema=vol.Schema({}),
            description_placeholders={
                "products": "\n".join(f"- {literally(name)}" for name in self._hidden)
            },
        )

    async def _async_replace(
        self, step_id: str, entry: ConfigEntry, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for a key pair and check that it opens the entry's products."""
        errors: dict[str, str] = {}
        placeholders = {"console_url": CONSOLE_URL, "entry": literally(entry.title)}
        if user_input is not None:
            try:
                self._data = _entry_data(user_input, entry.data[CONF_ENDPOINT])
                self._refuse_used_key(entry)
                self._hidden = await async_hidden_products(self.hass, entry, self._data)
            except FormError as err:
                errors = err.errors(_REPLACE_SCHEMA)
                placeholders |= err.placeholders
            else:
                if self._hidden:
                    return await self.async_step_confirm_products()
                return self._async_finish()
        suggested = _without_secret(user_input) or {
            CONF_APP_KEY: entry.data[CONF_APP_KEY],
            SECTION_ADVANCED: {CONF_ENDPOINT: entry.data[CONF_ENDPOINT]},
        }
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_REPLACE_SCHEMA, suggested),
            errors=errors,
            description_placeholders=placeholders,
        )

    def _refuse_used_key(self, entry: ConfigEntry) -> None:
        """Raise FormError for an AppKey that another entry has."""
        app_key = self._data[CONF_APP_KEY]
        other = self.hass.config_entries.async_entry_for_domain_unique_id(
            DOMAIN, app_key
        )
        if other and other.entry_id != entry.entry_id:
            raise FormError("application_configured", CONF_APP_KEY, other=other.title)

    @callback
    def _async_finish(self) -> ConfigFlowResult:
        """Take over the key pair; whoever listens to the entry reloads it."""
        entry = (
            self._get_reauth_entry()
            if self.source == SOURCE_REAUTH
            else self._get_reconfigure_entry()
        )
        update = (
            self.async_update_and_abort
            if entry.update_listeners
            else self.async_update_reload_and_abort
        )
        return update(entry, unique_id=self._data[CONF_APP_KEY], data=self._data)


def _entry_data(user_input: Mapping[str, Any], endpoint: str) -> dict[str, str]:
    """Return what an entry stores of what a person typed, else with an endpoint."""
    data = {
        CONF_ACCESS: Access.APPLICATION.value,
        CONF_APP_KEY: clean_key(user_input[CONF_APP_KEY]),
        CONF_APP_SECRET: clean_key(user_input[CONF_APP_SECRET]),
        CONF_ENDPOINT: clean_key(advanced_value(user_input, CONF_ENDPOINT, endpoint)),
    }
    if not is_endpoint(data[CONF_ENDPOINT]):
        raise FormError("invalid_endpoint")
    for key in (CONF_APP_KEY, CONF_APP_SECRET):
        check_length(key, data[key])
    return data


def _without_secret(user_input: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a person typed but the secret, which is never shown again."""
    return {
        key: value
        for key, value in (user_input or {}).items()
        if key != CONF_APP_SECRET
    }
