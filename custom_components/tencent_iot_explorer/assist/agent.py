"""What is asked of Home Assistant's own conversation agent."""

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
import logging

from hassil.errors import HassilError
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import (
    IntentSource,
    get_agent_manager,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer

_LOGGER = logging.getLogger(__name__)
# Automations that are loaded again bring their sentences one after another.
_SETTLED_AFTER = 1.0
# As many as all sentences of a large home; those of before a change are not read again.
_MOST_TEMPLATES = 8192


async def async_is_understood(hass: HomeAssistant, language: str, text: str) -> bool:
    """Return whether Home Assistant's own sentences fit a text."""
    agent = get_agent_manager(hass).default_agent
    if agent is None:
        return False
    found = await agent.async_recognize_intent(
        _spoken(language, text, agent.entity_id), strict_intents_only=True
    )
    return found is not None and not found.unmatched_entities


async def async_read_intents(hass: HomeAssistant, language: str) -> dict[str, object]:
    """Return what Home Assistant's own sentences of a language are made from."""
    agent = get_agent_manager(hass).default_agent
    intents = await agent.async_get_or_load_intents(language) if agent else None
    return intents.intents_dict if intents else {}


async def async_read_triggers(hass: HomeAssistant) -> None:
    """Let Home Assistant read the sentences of all triggers.

    It would do so when the next sentence is spoken, and whoever speaks would wait.
    """
    if agent := get_agent_manager(hass).default_agent:
        spoken = _spoken(hass.config.language, "-", agent.entity_id)
        try:
            await agent.async_recognize_sentence_trigger(spoken)
        except (ParseError, HassilError, AssertionError, ValueError) as err:
            # An automation's sentence is a bad one; nobody has spoken.
            _LOGGER.debug("The sentences of all triggers cannot be read: %s", err)


@callback
def async_keep_triggers_read(hass: HomeAssistant) -> None:
    """Let Home Assistant read the sentences of all triggers whenever some have changed.

    Those of an automation are enough for it to read ours again as well.
    """
    reader = Debouncer(
        hass,
        _LOGGER,
        cooldown=_SETTLED_AFTER,
        immediate=False,
        function=partial(async_read_triggers, hass),
        background=True,
    )

    @callback
    def async_changed(update: Mapping[IntentSource, object]) -> None:
        """Read them soon."""
        if IntentSource.TRIGGER in update:
            reader.async_schedule_call()

    @callback
    def async_stop(event: Event) -> None:
        """Read nothing more."""
        reader.async_shutdown()

    get_agent_manager(hass).subscribe_intents(async_changed)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, async_stop)


def readable_templates(found: Iterable[str]) -> list[str]:
    """Return the sentences that Assist can read; a bad one would break all others."""
    return [template for template in found if _is_readable(template)]


@lru_cache(maxsize=_MOST_TEMPLATES)
def _is_readable(template: str) -> bool:
    """Return whether Assist can read a sentence."""
    try:
        parse_sentence(template)
    except ParseError as err:
        _LOGGER.debug("Left out of Assist: %s: %s", template, err)
        return False
    return True


def _spoken(language: str, text: str, agent_id: str) -> ConversationInput:
    """Return a text as if somebody had spoken it."""
    return ConversationInput(
        text=text,
        context=Context(),
        conversation_id=None,
        device_id=None,
        satellite_id=None,
        language=language,
        agent_id=agent_id,
    )
