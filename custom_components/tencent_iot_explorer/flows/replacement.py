"""The dialogs that replace the key of an entry, also by one of the other kind."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.core import callback

from ..account.client import has_account_key, unique_id_of
from ..const import DOMAIN, ENTRY_VERSION
from ..errors import literally
from ..schema import vol
from .form_error import FormError
from .kept_secret import KeptSecret
from .key_form import ACCOUNT_KEY, APPLICATION_KEY, KeyForm
from .key_pair import async_hidden_products


class KeyReplacementFlow(ConfigFlow):
    """Replaces the key of an entry, whose products, devices and entities stay."""

    def __init__(self) -> None:
        """Begin with nothing typed."""
        self._data: dict[str, str] = {}
        self._kept = KeptSecret()
        self._hidden: list[str] = []

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for another key because the cloud refuses the one there is."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which kind of key is to take the place of the one that is refused."""
        return self._replacement_menu("reauth_confirm")

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which kind of key is to take the place of the present one."""
        return self._replacement_menu("reconfigure")

    async def async_step_replace_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the key of an account that the entry is to have."""
        return await self._async_replace("replace_account", ACCOUNT_KEY, user_input)

    async def async_step_replace_application(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the key pair of an application that the entry is to have."""
        return await self._async_replace(
            "replace_application", APPLICATION_KEY, user_input
        )

    async def async_step_confirm_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to go on although the account shows not all products."""
        return self._confirm_products("confirm_account", user_input)

    async def async_step_confirm_application(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to go on although the application opens not all products."""
        return self._confirm_products("confirm_application", user_input)

    @property
    def _entry(self) -> ConfigEntry:
        """Return the entry whose key is replaced."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry()

    def _refuse_used_key(self, key: KeyForm) -> None:
        """Raise FormError for a key that another entry has."""
        if other := self._user_of_key:
            field = key.identity[0]
            raise FormError(f"{key.access}_configured", field, other=other.title)

    @property
    def _user_of_key(self) -> ConfigEntry | None:
        """Return the other entry that has the new key, if there is one."""
        other = self.hass.config_entries.async_entry_for_domain_unique_id(
            DOMAIN, unique_id_of(self._data)
        )
        return other if other and other.entry_id != self._entry.entry_id else None

    def _replacement_menu(self, step_id: str) -> ConfigFlowResult:
        """Ask for the kind of the new key, first for that of the present one.

        What a later release has stored beside the key is not known here, and must stay.
        """
        if self._entry.version > ENTRY_VERSION:
            return self.async_abort(reason="later_version")
        options = ["replace_account", "replace_application"]
        if not has_account_key(self._entry.data):
            options.reverse()
        return self.async_show_menu(
            step_id=step_id,
            menu_options=options,
            description_placeholders={"entry": literally(self._entry.title)},
        )

    async def _async_replace(
        self, step_id: str, key: KeyForm, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for a key and check that it opens the entry's products."""
        entry = self._entry
        wrong: FormError | None = None
        if user_input is not None:
            try:
                self._data = key.entry_data(
                    self._kept.fill_in(key, user_input), entry.data
                )
                self._refuse_used_key(key)
                self._hidden = await async_hidden_products(self.hass, entry, self._data)
            except FormError as err:
                wrong = err
            else:
                if not self._hidden:
                    return self._async_finish()
                if key is ACCOUNT_KEY:
                    return await self.async_step_confirm_account()
                return await self.async_step_confirm_application()
        form = await self._kept.async_form(
            self.hass, key, wrong, entry=literally(entry.title)
        )
        # A section that is left out stands for what is stored.
        suggested = key.stored(entry.data) | key.typed(user_input)
        return form.show(self, step_id, suggested)

    def _confirm_products(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask whether to go on although some products cannot be seen any more."""
        if user_input is not None:
            return self._async_finish()
        return self.async_show_form(
            step_id=step_id,
            data_schema=vol.Schema({}),
            description_placeholders={
                "products": "\n".join(f"- {literally(name)}" for name in self._hidden)
            },
        )

    @callback
    def _async_finish(self) -> ConfigFlowResult:
        """Take over the key, unless another dialog was faster.

        Whoever listens to the entry reloads it.
        """
        if self._user_of_key:
            return self.async_abort(reason="already_configured")
        entry = self._entry
        update = (
            self.async_update_and_abort
            if entry.update_listeners
            else self.async_update_reload_and_abort
        )
        return update(entry, unique_id=unique_id_of(self._data), data=self._data)
