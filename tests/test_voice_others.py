"""Sentences and names of others, which come, change and go beside ours."""

from datetime import timedelta
from unittest.mock import patch

from hassil import intents
from hassil.recognize import RecognizeResult
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util.dt import utcnow

from .helpers import Cloud
from .voice import name_button, say, set_up_assist, set_up_feeders
from custom_components.tencent_iot_explorer.assist.exposed import LEFT_OUT

CLEAN = "EN/device-1/clean"
BOTH = ("clean", "light")


async def settle(hass: HomeAssistant) -> None:
    """Let what waits for more changes go on."""
    async_fire_time_changed(hass, utcnow() + timedelta(seconds=2))
    await hass.async_block_till_done(wait_background_tasks=True)


async def _answer(spoken: ConversationInput, result: RecognizeResult) -> str:
    """Answer a sentence of somebody else."""
    return "Somebody else's"


async def test_sentences_of_others(hass: HomeAssistant, cloud: Cloud) -> None:
    """When an automation's sentences change, nobody who speaks waits for all to be read."""
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    register = get_agent_manager(hass).register_trigger
    remove = register(["good night"], _answer)
    await settle(hass)
    with patch.object(intents, "parse_sentence") as parse:
        assert await say(hass, "good night") == "Somebody else's"
        assert await say(hass, "feeder clean bowl") == "Sent: Clean bowl on Feeder."
    parse.assert_not_called()
    remove()
    await settle(hass)
    with patch.object(intents, "parse_sentence") as parse:
        assert await say(hass, "feeder clean bowl") == "Sent: Clean bowl on Feeder."
    parse.assert_not_called()


@pytest.mark.parametrize("bad", ["turn (on it", "turn () on", "<nothing> on"])
async def test_bad_sentence_of_others(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    """A sentence that Home Assistant cannot read is no reason for ours not to be made."""
    await set_up_assist(hass)
    remove = get_agent_manager(hass).register_trigger([bad], _answer)
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    await settle(hass)
    assert LEFT_OUT in hass.data
    assert "Traceback" not in caplog.text
    remove()
    assert await say(hass, "feeder clean bowl") == "Sent: Clean bowl on Feeder."


@pytest.mark.parametrize("way", ["added", "renamed", "removed"])
async def test_learnt_later(hass: HomeAssistant, cloud: Cloud, way: str) -> None:
    """A sentence is left to Home Assistant from when, and as long as, it understands it."""
    name = "Robot" if way in ("added", "removed") else "Other"
    robot = er.async_get(hass).async_get_or_create(
        "vacuum", "demo", "1", original_name=name, suggested_object_id="robot"
    )
    state = {"supported_features": 8192 | 16}

    def show(name: str) -> None:
        """Show the robot under a name."""
        hass.states.async_set(
            robot.entity_id, "docked", {"friendly_name": name, **state}
        )

    if way != "added":
        show(name)
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    async_expose_entity(hass, "conversation", robot.entity_id, True)
    await name_button(hass, CLEAN, name="Robot")
    answer = await say(hass, "start robot")
    assert (answer == "Sent: Robot on Feeder.") == (way != "removed")
    match way:
        case "added":
            show("Robot")
        case "renamed":
            show("Robot")
            er.async_get(hass).async_update_entity(robot.entity_id, name="Robot")
        case _:
            hass.states.async_remove(robot.entity_id)
    await hass.async_block_till_done()
    await settle(hass)
    answer = await say(hass, "start robot")
    assert (answer == "Sent: Robot on Feeder.") == (way == "removed")
    assert await say(hass, "trigger robot on feeder") == "Sent: Robot on Feeder."
