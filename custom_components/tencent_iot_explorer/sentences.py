"""Sentences for Assist: one trigger for all that is exposed, answered by ourselves.

Only imported where `conversation` is set up: it brings the library for sentences along.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
import logging
from typing import cast

from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.components.conversation.trigger import TRIGGER_SCHEMA
from homeassistant.components.homeassistant.exposed_entities import (
    async_listen_entity_updates,
)
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.const import CONF_COMMAND, CONF_PLATFORM
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.script import ScriptRunResult
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.trigger import async_initialize_triggers
from homeassistant.helpers.typing import ConfigType, TemplateVarsType

from .const import DOMAIN
from .exposed_actions import (
    ASSISTANT,
    LEFT_OUT,
    ExposedAction,
    LeftOut,
    async_exposed_actions,
    async_is_exposed,
)
from .schema import vol
from .sentence_forms import Sentence, sentences, templates
from .sentence_matcher import find_requests
from .spoken import plain
from .voice_answer import async_answer
from .voice_words import answer_language

_LOGGER = logging.getLogger(__name__)
# What a device is called by, and where.
_NAMES = {"area_id", "disabled_by", "name", "name_by_user"}


@callback
def _is_about_names(data: dr.EventDeviceRegistryUpdatedData) -> bool:
    """Return whether a change of a device may change what can be said."""
    return data["action"] == "update" and not _NAMES.isdisjoint(data["changes"])


class AssistSentences:
    """The sentences that are registered at this moment, as one trigger."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none."""
        self._hass = hass
        self._templates: list[str] = []
        self._remove: CALLBACK_TYPE | None = None
        self._order = asyncio.Lock()
        self._is_due = False
        self._taken: dict[Sentence, bool] = {}

    @callback
    def async_follow(self) -> None:
        """Follow all that changes what can be said."""
        hass = self._hass
        async_listen_entity_updates(hass, ASSISTANT, self.async_changed)
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
        self.async_changed()

    @callback
    def async_changed(self) -> None:
        """Bring the sentences up to date, once for all that changes at a time."""
        if not (self._is_due or self._hass.is_stopping):
            self._is_due = True
            self._hass.async_create_task(self._async_update(), eager_start=False)

    @callback
    def _is_about_us(self, data: er.EventEntityRegistryUpdatedData) -> bool:
        """Return whether a change of the entity registry may change what can be said."""
        if data["action"] == "remove":
            return bool(self._taken)
        entity = er.async_get(self._hass).async_get(data["entity_id"])
        return (
            entity is not None
            and entity.platform == DOMAIN
            and (bool(self._taken) or async_is_exposed(self._hass, entity))
        )

    @callback
    def _async_registry_changed(self, event: object) -> None:
        """Follow names, areas and buttons."""
        self.async_changed()

    @callback
    def _async_entry_changed(
        self, change: ConfigEntryChange, entry: ConfigEntry
    ) -> None:
        """Follow applications that come and go."""
        if entry.domain == DOMAIN:
            self.async_changed()

    async def _async_update(self) -> None:
        """Register the sentences of this moment in place of those of before."""
        async with self._order:
            self._is_due = False
            wanted = dict(_wanted(async_exposed_actions(self._hass)))
            self._taken = {
                sentence: await self._async_is_taken(sentence) for sentence in wanted
            }
            self._hass.data[LEFT_OUT] = [
                LeftOut(exposed=exposed, shape=sentence.shape)
                for sentence, exposed in wanted.items()
                if self._taken[sentence]
            ]
            found = templates(item for item in wanted if not self._taken[item])
            if found == self._templates:
                return
            config = await self._hass.async_add_executor_job(_trigger_config, found)
            if self._remove:
                self._remove()
                self._remove = None
            self._templates = found
            if config[CONF_COMMAND]:
                self._remove = await async_initialize_triggers(
                    self._hass, [config], self._async_said, DOMAIN, DOMAIN, _LOGGER.log
                )

    async def _async_said(
        self, run_variables: TemplateVarsType, context: Context | None = None
    ) -> ScriptRunResult:
        """Answer what was said, whichever sentence it was recognised by."""
        trigger = cast(dict[str, dict[str, object]], run_variables or {})["trigger"]
        spoken = cast(dict[str, object], trigger["user_input"])
        requests = find_requests(str(spoken["text"]), async_exposed_actions(self._hass))
        answer = await async_answer(
            self._hass,
            requests,
            answer_language(str(spoken["language"])),
            Context(**cast(dict[str, str | None], spoken["context"])),
        )
        return ScriptRunResult(
            conversation_response=answer, service_response=None, variables={}
        )

    async def _async_is_taken(self, sentence: Sentence) -> bool:
        """Return whether Home Assistant itself understands a sentence."""
        if sentence in self._taken:
            return self._taken[sentence]
        for language in sentence.form.languages:
            for text in sentence.examples(language):
                if await self._async_recognizes(language, text):
                    return True
        return False

    async def _async_recognizes(self, language: str, text: str) -> bool:
        """Return whether Home Assistant's own sentences fit a text."""
        agent = get_agent_manager(self._hass).default_agent
        if agent is None:
            return False
        spoken = ConversationInput(
            text=text,
            context=Context(),
            conversation_id=None,
            device_id=None,
            satellite_id=None,
            language=language,
            agent_id=agent.entity_id,
        )
        found = await agent.async_recognize_intent(spoken, strict_intents_only=True)
        return found is not None and not found.unmatched_entities


def _wanted(exposed: list[ExposedAction]) -> Iterator[tuple[Sentence, ExposedAction]]:
    """Yield the sentences for all that is exposed."""
    in_areas = Counter(place for item in exposed for place in _places(item))
    for item in exposed:
        areas: tuple[str, ...] = ()
        if all(in_areas[place] == 1 for place in _places(item)):
            areas = item.area_names
        for sentence in sentences(item.action, item.names, (item.device_name, *areas)):
            yield sentence, item


def _places(exposed: ExposedAction) -> set[tuple[str, str]]:
    """Return an action as it can be called by its area."""
    return {
        (plain(area), plain(name))
        for area in exposed.area_names
        for name in exposed.names
    }


def _trigger_config(found: list[str]) -> ConfigType:
    """Return the trigger for sentences, without those that Assist could not do with.

    One bad sentence would break Assist for the whole house.
    """
    return {
        CONF_PLATFORM: "conversation",
        CONF_COMMAND: [template for template in found if _is_sound(template)],
    }


def _is_sound(template: str) -> bool:
    """Return whether Assist can do with a sentence."""
    try:
        parse_sentence(template)
        TRIGGER_SCHEMA({CONF_PLATFORM: "conversation", CONF_COMMAND: [template]})
    except (ParseError, vol.Invalid) as err:
        _LOGGER.debug("Left out of Assist: %s: %s", template, err)
        return False
    return True


@callback
def async_setup_sentences(hass: HomeAssistant) -> None:
    """Follow what can be said, from when Home Assistant's own sentences are there."""

    @callback
    def async_begin(hass: HomeAssistant) -> None:
        """Begin with all that is exposed."""
        AssistSentences(hass).async_follow()

    async_at_started(hass, async_begin)
