"""The dialogs that add a key with a first product and replace a key."""

from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryData,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import TextSelector

from .account.client import unique_id_of
from .const import (
    CONF_PRODUCT_ID,
    CONF_REGION,
    CONSOLE_URL,
    DOMAIN,
    ENTRY_VERSION,
    SUBENTRY_PRODUCT,
)
from .errors import literally
from .flows.entry_title import async_entry_title
from .flows.form import Form, ProductSettings
from .flows.form_error import FormError
from .flows.key_form import ACCOUNT_KEY, APPLICATION_KEY, REGION_FIELD, Fields, KeyForm
from .flows.options import PushOptionsFlow
from .flows.product import ProductFlow
from .flows.product_form import ProductDialog
from .flows.product_search import ProductSearch
from .flows.replacement import KeyReplacementFlow
from .flows.typed import check_length, clean_key, new_product_id
from .product.subentries import owner_of_product
from .schema import vol

_PRODUCT_FIELD: Fields = {vol.Required(CONF_PRODUCT_ID): TextSelector()}


class TencentIotConfigFlow(KeyReplacementFlow, domain=DOMAIN):
    """Adds a key with its first product, or replaces a key."""

    VERSION = ENTRY_VERSION

    _search: ProductSearch
    _dialog: ProductDialog
    _settings: ProductSettings

    def __init__(self) -> None:
        """Begin with nothing to create."""
        super().__init__()
        self._subentries: list[ConfigSubentryData] = []

    @override
    @callback
    def async_remove(self) -> None:
        """Take the product out of the result, which the browser is sent: the entry has it."""
        self._subentries.clear()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the flow for further products."""
        return {SUBENTRY_PRODUCT: ProductFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the dialog that turns pushes on and off."""
        return PushOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which kind of key there is."""
        return self.async_show_menu(
            step_id="user",
            menu_options=["account", "application"],
            description_placeholders={"console_url": CONSOLE_URL},
        )

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the key of an account, and find its products."""
        wrong: FormError | None = None
        if user_input is not None:
            try:
                self._data = ACCOUNT_KEY.entry_data(
                    self._kept.fill_in(ACCOUNT_KEY, user_input)
                )
                return await self._async_search()
            except FormError as err:
                wrong = err
        form = await self._kept.async_form(self.hass, ACCOUNT_KEY, wrong)
        return form.show(self, "account", ACCOUNT_KEY.typed(user_input))

    async def async_step_no_products(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the region shows no product, and ask how to go on."""
        return self.async_show_menu(
            step_id="no_products",
            menu_options=["region", "product"],
            description_placeholders={
                "console_url": CONSOLE_URL,
                "region": literally(self._data[CONF_REGION]),
            },
        )

    async def async_step_region(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another region of the same account."""
        form = Form(
            schema=vol.Schema(REGION_FIELD), placeholders={"console_url": CONSOLE_URL}
        )
        if user_input is not None:
            try:
                region = clean_key(user_input[CONF_REGION])
                check_length(CONF_REGION, region)
                self._data[CONF_REGION] = region
                return await self._async_search()
            except FormError as err:
                form.refuse(err)
        suggested = {CONF_REGION: self._data[CONF_REGION]}
        return form.show(self, "region", suggested)

    async def async_step_product(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the first of an account's products."""
        form = self._search.form(self.hass)
        if user_input is not None:
            try:
                product_id = new_product_id(self.hass, user_input[CONF_PRODUCT_ID])
                self._dialog = await ProductDialog.async_open(
                    self.hass,
                    self._data,
                    product_id,
                    self._search.name_of(product_id),
                    stored={},
                )
            except FormError as err:
                form.refuse(err)
            else:
                return await self.async_step_devices()
        return form.show(self, "product", user_input)

    async def async_step_application(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the key pair of an application and its first product."""
        wrong: FormError | None = None
        if user_input is not None:
            try:
                self._data = APPLICATION_KEY.entry_data(
                    self._kept.fill_in(APPLICATION_KEY, user_input)
                )
                product_id = new_product_id(self.hass, user_input[CONF_PRODUCT_ID])
                self._abort_if_used(APPLICATION_KEY)
                self._dialog = await ProductDialog.async_open(
                    self.hass, self._data, product_id, stored={}
                )
            except FormError as err:
                wrong = err
            else:
                return await self.async_step_devices()
        form = await self._kept.async_form(
            self.hass, APPLICATION_KEY, wrong, _PRODUCT_FIELD
        )
        return form.show(self, "application", APPLICATION_KEY.typed(user_input))

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
        form = await self._dialog.async_secrets_form(user_input)
        if form.settings is None:
            return form.show(self, "secrets", form.suggested)
        self._settings = form.settings
        return await self._async_add()

    async def _async_search(self) -> ConfigFlowResult:
        """Find the products of an account; raises FormError if its key is refused."""
        self._abort_if_used(ACCOUNT_KEY)
        self._search = await ProductSearch.async_find(self.hass, self._data)
        if self._search.is_empty:
            return await self.async_step_no_products()
        return await self.async_step_product()

    def _abort_if_used(self, key: KeyForm) -> None:
        """End the dialog if an entry has the key."""
        self._async_abort_entries_match(
            {name: self._data[name] for name in key.identity}
        )

    async def _async_add(self) -> ConfigFlowResult:
        """Create the entry, unless another dialog was faster."""
        title = await async_entry_title(self.hass, self._data)
        if owner_of_product(self.hass, self._dialog.product_id):
            return self.async_abort(reason="already_configured")
        # Not before: Home Assistant drops the other dialogs of a unique id unasked.
        await self.async_set_unique_id(
            unique_id_of(self._data), raise_on_progress=False
        )
        self._abort_if_unique_id_configured(reload_on_update=False)
        self._subentries.append(
            {
                "subentry_type": SUBENTRY_PRODUCT,
                "title": self._settings.title,
                "data": self._settings.data,
                "unique_id": self._dialog.product_id,
            }
        )
        return self.async_create_entry(
            title=title, data=self._data, subentries=self._subentries
        )
