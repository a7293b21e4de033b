"""What is asked of Home Assistant's own conversation agent."""

from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.core import Context, HomeAssistant


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
        await agent.async_recognize_sentence_trigger(spoken)


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
