"""The dialog that turns pushes on and off, and shows how rules are made by hand."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, override

from homeassistant.components.webhook import async_generate_id
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from ..account.client import has_account_key
from ..api import TencentIotError
from ..const import CONF_PUSH, CONSOLE_URL
from ..product.entry_rules import turns_of
from ..push.rule_names import async_rule_name
from ..push.rules import async_request_reconcile
from ..push.switching import (
    async_turn_off,
    async_undo_turning_on,
    async_write_all_rules,
    is_on,
)
from ..push.traffic import async_traffic
from ..schema import vol
from .form import Form
from .form_error import FormError
from .rules_by_hand import RulesByHandFlow

_NOTHING = vol.Schema({})


class PushOptionsFlow(RulesByHandFlow):
    """Turns pushes on once they are sure to come, and off once the rules are deleted.

    What was begun goes on when the dialog is closed, and is undone then.
    """

    _work: asyncio.Task[None] | None = None
    _failure: FormError | None = None
    _left: tuple[str, ...] = ()
    _is_closed = False

    @override
    @callback
    def async_remove(self) -> None:
        """Undo what was begun and not stored, unless whoever is doing it will."""
        self._is_closed = True
        if self._work is None:
            super().async_remove()

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what is to be done."""
        self._entry = self.config_entry
        if not self._is_loaded:
            return self.async_abort(reason="not_loaded")
        if not self._entry.options.get(CONF_PUSH):
            self._webhook_id = async_generate_id()
            return await self.async_step_renew()
        self._webhook_id = self._entry.options[CONF_WEBHOOK_ID]
        return self.async_show_menu(
            step_id="init",
            menu_options=["renew", "turn_off"],
            description_placeholders=self._placeholders,
        )

    async def async_step_renew(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Write the rules that forward to us, or show how a person makes them."""
        async_traffic(self.hass, self._entry.entry_id).reached.clear()
        if has_account_key(self._entry.data):
            return await self.async_step_account()
        return await self.async_step_application()

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what is about to be done, and after a failure what to do about it."""
        if not self._is_loaded:
            return self.async_abort(reason="not_loaded")
        if user_input is not None:
            self._failure = None
            return await self.async_step_write_rules()
        form = Form(schema=_NOTHING, placeholders=self._placeholders)
        if self._failure:
            form.refuse(self._failure)
        return form.show(self, "account")

    async def async_step_write_rules(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Write the rules while the person waits."""
        if self._is_running(self._async_write_rules):
            return self._progress("write_rules")
        return self.async_show_progress_done(
            next_step_id="finish" if self._is_stored else "account"
        )

    async def async_step_turn_off(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether pushes are to be turned off."""
        if not self._is_loaded:
            return self.async_abort(reason="not_loaded")
        if user_input is not None:
            return await self.async_step_delete_rules()
        is_account = has_account_key(self._entry.data)
        return self.async_show_form(
            step_id="turn_off" if is_account else "turn_off_by_hand",
            data_schema=_NOTHING,
            description_placeholders=self._placeholders,
        )

    async_step_turn_off_by_hand = async_step_turn_off

    async def async_step_delete_rules(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Delete the rules while the person waits."""
        if self._is_running(self._async_delete_rules):
            return self._progress("delete_rules")
        return self.async_show_progress_done(
            next_step_id="rules_left" if self._left else "finish"
        )

    async def async_step_rules_left(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Name the rules that a person has to delete."""
        return self.async_abort(
            reason="rules_left",
            description_placeholders={
                "rules": "\n".join(f"- `{name}`" for name in self._left),
                "console_url": CONSOLE_URL,
            },
        )

    def _is_running(self, work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Begin work that outlives the dialog, or return whether it still goes on.

        Also what is done at once is shown to go on: Home Assistant would take what was
        typed before for the answer to the step after it.
        """
        if self._work is None:
            self._work = self.hass.async_create_task(work())
            self._waiting = self.hass.async_create_task(asyncio.wait((self._work,)))
            return True
        if not self._work.done():
            return True
        ended, self._work = self._work, None
        ended.result()
        return False

    async def _async_write_rules(self) -> None:
        """Write the rules and store that; if that cannot be, all is as it was before."""
        hass, entry = self.hass, self._entry
        async with turns_of(hass, entry, CONF_PUSH):
            was_on = is_on(hass, entry)
            if was_on:
                # Another dialog may have been faster.
                self._webhook_id = entry.options[CONF_WEBHOOK_ID]
            try:
                is_done = await async_write_all_rules(hass, entry, self._webhook_id)
                if is_done and (was_on or not self._is_closed):
                    self._store()
            except TencentIotError as err:
                self._failure = FormError.of(err, entry.data)
            except HomeAssistantError as err:
                self._failure = FormError(str(err.translation_key))
            finally:
                if not is_on(hass, entry):
                    await async_undo_turning_on(hass, entry, self._webhook_id)
                elif not self._is_stored:
                    async_request_reconcile(hass, entry)

    async def _async_delete_rules(self) -> None:
        """Turn pushes off, and name the rules that are left."""
        async with turns_of(self.hass, self._entry, CONF_PUSH):
            left = await async_turn_off(self.hass, self._entry)
        self._left = tuple(
            [await async_rule_name(self.hass, product_id) for product_id in left]
        )
