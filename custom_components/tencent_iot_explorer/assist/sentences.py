"""Sentences for Assist: one trigger for all that is exposed, answered by ourselves.

Only imported where `conversation` is set up: it brings the library for sentences along.
"""

import asyncio
from collections.abc import Iterable
from itertools import batched

from hassil.recognize import RecognizeResult

from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.components.homeassistant.exposed_entities import (
    async_listen_entity_updates,
)
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.start import async_at_started

from ..const import DOMAIN
from .agent import async_keep_triggers_read, async_read_triggers, readable_templates
from .answer import async_answer
from .exposed import (
    ASSISTANT,
    LEFT_OUT,
    MOST_BUTTONS_WITH_SENTENCES,
    ExposedAction,
    LeftOut,
    async_actions_of,
    async_exposed_buttons,
    async_is_exposed,
)
from .forms import Sentence, templates
from .home_assistant_names import async_follow_names
from .home_assistant_words import squeeze
from .matcher import find_requests
from .taken_sentences import TakenSentences
from .wanted_sentences import unclear_names, wanted_sentences
from .words import answer_language

_AT_ONCE = 20
# What a device is called by, and where.
_NAMES = {"area_id", "disabled_by", "name", "name_by_user"}


@callback
def _is_about_names(data: dr.EventDeviceRegistryUpdatedData) -> bool:
    """Return whether a change of a device may change what can be said."""
    return data["action"] == "update" and not _NAMES.isdisjoint(data["changes"])


class AssistSentences:
    """The sentences that are registered at this moment, as one trigger.

    They are made beside everything else, in short pieces: after each it is seen whether
    something has changed meanwhile, which begins anew with what is known already.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none."""
        self._hass = hass
        self._taken = TakenSentences(hass)
        self._buttons: list[er.RegistryEntry] | None = None
        self._said: frozenset[Sentence] = frozenset()
        self._templates: list[str] = []
        self._remove: CALLBACK_TYPE | None = None
        self._making: asyncio.Task[None] | None = None
        self._is_due = False
        self._has_buttons = False
        self._made_for: list[ExposedAction] | None = None

    @callback
    def async_follow(self) -> None:
        """Follow all that changes what can be said."""
        hass = self._hass
        async_listen_entity_updates(hass, ASSISTANT, self._async_names_changed)
        async_follow_names(hass, self._async_names_changed)
        async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )
        hass.bus.async_listen(
            dr.EVENT_DEVICE_REGISTRY_UPDATED,
            self._async_registry_changed,
            event_filter=_is_about_names,
        )
        hass.bus.async_listen(
            ar.EVENT_AREA_REGISTRY_UPDATED, self._async_registry_changed
        )
        hass.bus.async_listen(
            er.EVENT_ENTITY_REGISTRY_UPDATED,
            self._async_registry_changed,
            event_filter=self._is_about_us,
        )
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)
        async_keep_triggers_read(hass)
        self.async_changed()

    @callback
    def async_changed(self) -> None:
        """Bring the sentences up to date, once for all that changes at a time."""
        self._buttons = None
        self._is_due = not self._hass.is_stopping
        if self._is_due and self._making is None:
            self._making = self._hass.async_create_task(
                self._async_make(), eager_start=False
            )

    @callback
    def _async_stop(self, event: Event) -> None:
        """Make no more sentences; Home Assistant would wait for them."""
        if self._making:
            self._making.cancel()

    @callback
    def _is_about_us(self, data: er.EventEntityRegistryUpdatedData) -> bool:
        """Return whether a change of the entity registry may change what can be said."""
        if data["action"] == "remove":
            return self._has_buttons
        entity = er.async_get(self._hass).async_get(data["entity_id"])
        return (
            entity is not None
            and entity.platform == DOMAIN
            and (self._has_buttons or async_is_exposed(self._hass, entity))
        )

    @callback
    def _async_registry_changed(self, event: object) -> None:
        """Follow names, areas and buttons."""
        self._async_names_changed()

    @callback
    def _async_names_changed(self) -> None:
        """Ask again what depends on names, which may be others' as well."""
        self._made_for = None
        self.async_changed()

    @callback
    def _async_entry_changed(
        self, change: ConfigEntryChange, entry: ConfigEntry
    ) -> None:
        """Follow entries that come and go."""
        if entry.domain == DOMAIN:
            self.async_changed()

    @callback
    def _async_buttons(self) -> list[er.RegistryEntry]:
        """Return all exposed buttons, looked for once after each change."""
        if self._buttons is None:
            self._buttons = async_exposed_buttons(self._hass)
        return self._buttons

    def _is_superseded(self) -> bool:
        """Return whether something has changed since this making began."""
        return self._is_due

    async def _async_make(self) -> None:
        """Make the sentences until nothing has changed meanwhile."""
        try:
            while self._is_due:
                self._is_due = False
                await self._async_update()
        finally:
            self._making = None

    async def _async_update(self) -> None:
        """Register the sentences of this moment in place of those of before.

        Those that nobody may say any more are taken back before anything is asked.
        """
        exposed = async_actions_of(self._hass, self._async_buttons())
        self._has_buttons = bool(exposed)
        if exposed == self._made_for:
            return
        self._made_for = None
        wanted = await self._async_wanted(exposed)
        if self._is_superseded():
            return
        if self._said - wanted.keys():
            await self._async_register(wanted)
        buttons = frozenset(
            squeeze(item.device_name + item.names[0]) for item in exposed
        )
        await self._taken.async_ask(wanted, buttons, self._is_superseded)
        if self._is_superseded():
            return
        await self._async_register(wanted)
        await async_read_triggers(self._hass)
        self._hass.data[LEFT_OUT] = [
            LeftOut(exposed=exposed, shape=sentence.shape)
            for sentence, exposed in wanted.items()
            if self._taken[sentence]
        ]
        if self._is_superseded():
            return
        self._made_for = exposed
        if _are_all_loaded(self._hass):
            self._taken.keep_only(wanted)

    async def _async_wanted(
        self, exposed: list[ExposedAction]
    ) -> dict[Sentence, ExposedAction]:
        """Return the sentences for all that is exposed, so far as there may be some."""
        wanted: dict[Sentence, ExposedAction] = {}
        unclear = await self._hass.async_add_executor_job(unclear_names, exposed)
        for some in batched(
            exposed[:MOST_BUTTONS_WITH_SENTENCES], _AT_ONCE, strict=False
        ):
            wanted |= await self._hass.async_add_executor_job(
                wanted_sentences, some, unclear
            )
            if self._is_superseded():
                break
        return wanted

    async def _async_register(self, wanted: Iterable[Sentence]) -> None:
        """Register those sentences that are known not to be Home Assistant's own."""
        said = [
            item for item in wanted if item in self._taken and not self._taken[item]
        ]
        found = await self._hass.async_add_executor_job(templates, said)
        sound: list[str] = []
        for some in batched(found, _AT_ONCE, strict=False):
            sound += await self._hass.async_add_executor_job(readable_templates, some)
            if self._is_superseded():
                return
        self._said = frozenset(said)
        if sound == self._templates:
            return
        if self._remove:
            self._remove()
            self._remove = None
        self._templates = sound
        if sound:
            self._remove = get_agent_manager(self._hass).register_trigger(
                sound, self._async_said
            )

    async def _async_said(
        self, spoken: ConversationInput, result: RecognizeResult
    ) -> str:
        """Answer what was said, whichever sentence it was recognised by."""
        requests = find_requests(
            spoken.text, async_actions_of(self._hass, self._async_buttons())
        )
        language = answer_language(spoken.language)
        return await async_answer(self._hass, requests, language, spoken.context)


def _are_all_loaded(hass: HomeAssistant) -> bool:
    """Return whether no entry is away for a moment only."""
    return all(
        entry.state is ConfigEntryState.LOADED
        for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    )


@callback
def async_setup_sentences(hass: HomeAssistant) -> None:
    """Follow what can be said, from when Home Assistant's own sentences are there."""

    @callback
    def async_begin(hass: HomeAssistant) -> None:
        """Begin with all that is exposed."""
        AssistSentences(hass).async_follow()

    async_at_started(hass, async_begin)
