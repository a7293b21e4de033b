"""What a person types in the console for pushes, where no key may make the rules."""

import asyncio
from contextlib import suppress
from typing import Any, override

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_ADDRESS, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from ..const import CONF_PRODUCT_ID, CONSOLE_URL, DOCUMENTATION_URL
from ..errors import literally
from ..presentation.names import labelled
from ..product.subentries import product_subentries
from ..push.address import async_find_address
from ..push.rule_names import rule_sql
from ..push.switching import async_release_webhook, async_turn_on, is_known
from ..push.traffic import MessageOutcome, async_traffic
from ..push.webhook import async_register_webhook
from ..runtime import TencentIotConfigEntry
from ..schema import vol
from .form import PASSWORD, Form
from .form_error import FormError
from .kept_secret import async_kept_words
from .typed import check_length, clean_key

# A person makes a rule in the console meanwhile.
SECONDS_WAITED = 180
_TOKEN = vol.Schema({vol.Optional(CONF_TOKEN): PASSWORD})


class RulesByHandFlow(OptionsFlow):
    """Shows what is to be typed in the console, and waits until the cloud is heard of.

    It is stored then, because nobody may come back to the dialog.
    """

    _entry: TencentIotConfigEntry
    _webhook_id = ""
    _address = ""
    _typed_token = ""
    _waiting: asyncio.Task[Any] | None = None
    _is_stored = False

    @override
    @callback
    def async_remove(self) -> None:
        """Undo what was begun and not stored."""
        if self._webhook_id:
            self.hass.async_create_task(
                async_release_webhook(self.hass, self._entry, self._webhook_id)
            )

    async def async_step_application(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what a person has to type in the console, and ask for the token."""
        if not self._is_loaded:
            return self.async_abort(reason="not_loaded")
        try:
            self._address = await async_find_address(self.hass, self._webhook_id)
        except HomeAssistantError as err:
            return self.async_abort(reason=str(err.translation_key))
        form = Form(schema=_TOKEN, placeholders=self._placeholders)
        if user_input is not None:
            try:
                self._take_token(user_input)
            except FormError as err:
                form.refuse(err)
            else:
                return await self.async_step_wait()
        self._register()
        is_kept = bool(self._typed_token)
        form.placeholders["kept"] = await async_kept_words(self.hass, is_kept=is_kept)
        return form.show(self, "application")

    async def async_step_wait(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait until the cloud is heard of, or the person has waited long enough."""
        if self._waiting is None:
            self._register()
            self._waiting = self.hass.async_create_background_task(
                self._async_wait(), "first push"
            )
            return self._progress("wait")
        if not self._waiting.done():
            return self._progress("wait")
        self._waiting = None
        return self.async_show_progress_done(
            next_step_id="finish" if self._is_stored else "no_message"
        )

    async def async_step_no_message(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to go on although nothing came."""
        if not is_known(self.hass, self._entry):
            return self.async_abort(reason="not_loaded")
        return self.async_show_menu(
            step_id="no_message",
            menu_options=["wait", "application", "finish_anyway"],
            description_placeholders=self._placeholders,
        )

    async def async_step_finish_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Store what nobody knows the success of."""
        self._store_by_hand()
        return await self.async_step_finish()

    async def async_step_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """End the dialog; all is stored."""
        if not is_known(self.hass, self._entry):
            return self.async_abort(reason="not_loaded")
        return self.async_create_entry(data=dict(self._entry.options))

    @property
    def _is_loaded(self) -> bool:
        """Return whether there is anything to work with."""
        return self._entry.state is ConfigEntryState.LOADED

    def _progress(self, step_id: str) -> ConfigFlowResult:
        """Show that something goes on."""
        return self.async_show_progress(
            step_id=step_id,
            progress_action=step_id,
            progress_task=self._waiting,
            description_placeholders=self._placeholders,
        )

    @property
    def _placeholders(self) -> dict[str, str]:
        """Return what the texts of all steps need; the address is shown here alone."""
        traffic = async_traffic(self.hass, self._entry.entry_id)
        return {
            "entry": literally(self._entry.title),
            "address": self._address,
            "rules": "\n\n".join(
                labelled(
                    literally(item.title),
                    f"`{rule_sql(item.data[CONF_PRODUCT_ID])}`",
                    self.hass.config.language,
                )
                for item in product_subentries(self._entry)
            ),
            "refused": str(traffic.today[MessageOutcome.REFUSED]),
            "console_url": CONSOLE_URL,
            "documentation_url": DOCUMENTATION_URL,
        }

    @property
    def _token(self) -> str | None:
        """Return the token that was typed, else what is stored."""
        stored: str | None = self._entry.options.get(CONF_TOKEN)
        return self._typed_token or stored

    def _take_token(self, user_input: dict[str, Any]) -> None:
        """Take the token that was typed; an empty field keeps what there is."""
        if token := clean_key(user_input.get(CONF_TOKEN, "")):
            self._typed_token = ""
            check_length(CONF_TOKEN, token)
            self._typed_token = token

    def _register(self) -> None:
        """Let the cloud reach us before anything is stored: it tries the address."""
        async_register_webhook(self.hass, self._entry, self._webhook_id, self._token)

    async def _async_wait(self) -> None:
        """Wait until the cloud is heard of, and store then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_WAITED):
                await async_traffic(self.hass, self._entry.entry_id).reached.wait()
                self._store_by_hand()

    def _store_by_hand(self) -> None:
        """Store what a person has made the rules with."""
        token = {CONF_TOKEN: self._token} if self._token else {}
        self._store(**{CONF_ADDRESS: self._address, **token})

    def _store(self, **options: str) -> None:
        """Store that pushes come."""
        self._is_stored = async_turn_on(
            self.hass, self._entry, self._webhook_id, **options
        )
