"""The dialogs that add a product to an entry and change its settings."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_DEVICES
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)

from ..account.client import has_account_key
from ..const import (
    CONF_ALL_DEVICES,
    CONF_PRODUCT_ID,
    CONF_PRODUCT_NAME,
    CONSOLE_URL,
    ENTRY_VERSION,
)
from ..errors import literally
from ..product.secret_values import with_secrets_of_devices
from ..product.subentries import owner_of_product
from ..schema import vol
from ..stale.devices import async_move_device
from ..stale.gone_in_words import gone_device_in_words
from .form import Form, ProductSettings
from .form_error import FormError
from .product_form import ProductDialog
from .product_search import ProductSearch
from .typed import new_product_id

_PRODUCT_SCHEMA = vol.Schema({vol.Required(CONF_PRODUCT_ID): TextSelector()})
_NEW_DEVICE = "new_device"
_NOTHING: Mapping[str, Any] = {}
_RETRY_SCHEMA = vol.Schema({})


class ProductFlow(ConfigSubentryFlow):
    """Adds a product, or changes one."""

    _search: ProductSearch | None = None
    _dialog: ProductDialog | None = None
    _settings: ProductSettings | None = None

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a product: its id, or one of those that the key of an account shows."""
        if self._is_removed():
            return self.async_abort(reason="product_removed")
        if self._get_entry().version > ENTRY_VERSION:
            return self.async_abort(reason="later_version")
        if has_account_key(self._get_entry().data):
            return await self.async_step_product(user_input)
        form = Form(schema=_PRODUCT_SCHEMA, placeholders={"console_url": CONSOLE_URL})
        if user_input is not None:
            try:
                product_id = new_product_id(self.hass, user_input[CONF_PRODUCT_ID])
                await self._async_open(product_id)
            except FormError as err:
                form.refuse(err)
            else:
                return await self.async_step_devices()
        return form.show(self, "user", user_input)

    async def async_step_product(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for one of the products that the key of an account shows."""
        if self._is_removed():
            return self.async_abort(reason="product_removed")
        if self._search is None:
            data = self._get_entry().data
            self._search = await ProductSearch.async_try(self.hass, data)
        form = self._search.form(self.hass)
        if user_input is not None:
            try:
                product_id = new_product_id(self.hass, user_input[CONF_PRODUCT_ID])
                await self._async_open(product_id, self._search.name_of(product_id))
            except FormError as err:
                form.refuse(err)
            else:
                return await self.async_step_devices()
        return form.show(self, "product", user_input)

    async def async_step_devices(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for name, devices and what else there is to say of the product."""
        if self._is_removed():
            return self.async_abort(reason="product_removed")
        assert self._dialog
        form = await self._dialog.async_form(user_input, {})
        if form.settings is None:
            return form.show(self, "devices", user_input)
        self._settings = form.settings
        return await self.async_step_secrets()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show the same form again and change the product."""
        if self._is_removed():
            return self.async_abort(reason="product_removed")
        if self._get_entry().version > ENTRY_VERSION:
            return self.async_abort(reason="later_version")
        subentry = self._get_reconfigure_subentry()
        if self._dialog is None:
            user_input = None
            try:
                await self._async_open(
                    subentry.data[CONF_PRODUCT_ID], stored=subentry.data
                )
            except FormError as err:
                return self.async_show_form(
                    step_id="reconfigure",
                    data_schema=_RETRY_SCHEMA,
                    errors=err.errors(_RETRY_SCHEMA),
                    description_placeholders={
                        "product_id": subentry.data[CONF_PRODUCT_ID],
                        "declared": "–",
                    }
                    | err.placeholders,
                )
        assert self._dialog
        form = await self._dialog.async_form(user_input, subentry.data)
        if form.settings is None:
            suggested = user_input or {
                CONF_PRODUCT_NAME: subentry.title,
                CONF_ALL_DEVICES: subentry.data[CONF_ALL_DEVICES],
                CONF_DEVICES: subentry.data[CONF_DEVICES],
            }
            return form.show(self, "reconfigure", suggested)
        self._settings = form.settings
        return await self.async_step_secrets()

    async def async_step_secrets(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the secret inputs, if there are any, and go on."""
        if self._is_removed():
            return self.async_abort(reason="product_removed")
        assert self._dialog
        form = await self._dialog.async_secrets_form(user_input)
        if form.settings is None:
            return form.show(self, "secrets", form.suggested)
        self._settings = form.settings
        if self.source != SOURCE_RECONFIGURE:
            return self._async_add()
        if self._replaced() and self._newcomers():
            return await self.async_step_replace()
        return self._async_finish()

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask whether a new device takes the place of one that the cloud has no more."""
        if self._is_removed():
            return self.async_abort(reason="product_removed")
        entry, subentry = self._get_entry(), self._get_reconfigure_subentry()
        replaced = self._replaced()
        if not replaced:
            # It was let go of in another window meanwhile.
            return self._async_finish()
        old = replaced[0]
        if user_input is not None:
            new = user_input.get(_NEW_DEVICE)
            product_id = subentry.data[CONF_PRODUCT_ID]
            if new and not async_move_device(self.hass, entry, product_id, old, new):
                return self.async_abort(
                    reason="new_device_used",
                    description_placeholders={"new_device": literally(new)},
                )
            return self._async_finish({old: new})
        selector = SelectSelector(SelectSelectorConfig(options=self._newcomers()))
        return self.async_show_form(
            step_id="replace",
            data_schema=vol.Schema({vol.Optional(_NEW_DEVICE): selector}),
            description_placeholders=gone_device_in_words(
                self.hass, subentry.data[CONF_PRODUCT_ID], old
            ),
        )

    def _is_removed(self) -> bool:
        """Return whether the entry or the product went while the dialog was open."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        return entry is None or (
            self.source == SOURCE_RECONFIGURE
            and self._reconfigure_subentry_id not in entry.subentries
        )

    def _replaced(self) -> list[str]:
        """Return the devices that are not picked any more and gone from the cloud."""
        assert self._dialog
        assert self._settings
        before = self._get_reconfigure_subentry().data[CONF_DEVICES]
        after = self._settings.data[CONF_DEVICES]
        return [
            name for name in before if name not in after and self._dialog.lacks(name)
        ]

    def _newcomers(self) -> list[str]:
        """Return the devices that are picked for the first time."""
        assert self._settings
        before = self._get_reconfigure_subentry().data[CONF_DEVICES]
        return [
            name for name in self._settings.data[CONF_DEVICES] if name not in before
        ]

    @callback
    def _async_add(self) -> SubentryFlowResult:
        """Add the product, unless another dialog was faster."""
        assert self._dialog
        assert self._settings
        if owner_of_product(self.hass, self._dialog.product_id):
            return self.async_abort(reason="already_configured")
        return self.async_create_entry(
            title=self._settings.title,
            data=self._settings.data,
            unique_id=self._dialog.product_id,
        )

    @callback
    def _async_finish(
        self, replaced: Mapping[str, str | None] = _NOTHING
    ) -> SubentryFlowResult:
        """Change the product; whoever listens to the entry follows that."""
        entry, subentry = self._get_entry(), self._get_reconfigure_subentry()
        assert self._settings
        update = (
            self.async_update_and_abort
            if entry.update_listeners
            else self.async_update_reload_and_abort
        )
        data = with_secrets_of_devices(self._settings.data, replaced)
        return update(entry, subentry, title=self._settings.title, data=data)

    async def _async_open(
        self,
        product_id: str,
        name: str | None = None,
        *,
        stored: Mapping[str, Any] = _NOTHING,
    ) -> None:
        """Read a product with a client of its own: the entry need not be loaded."""
        self._dialog = await ProductDialog.async_open(
            self.hass, self._get_entry().data, product_id, name, stored=stored
        )
