"""Tools for language models: labels and names mean what they say, or nothing."""

from homeassistant.core import HomeAssistant

from .helpers import Cloud
from .language_model import listen
from .voice import set_up_lamps, set_up_speaker
from emulator.products import action, parameter

SPEED = "tencent_iot_explorer__speaker_speed"


async def test_tools(hass: HomeAssistant, cloud: Cloud) -> None:
    """Tools for language models say which product and which action they are."""
    await set_up_lamps(hass, cloud, titles=("灯", "灯"), entries=("家", "办公室"))
    agent = await listen(hass)
    assert {tool.title for tool in agent.tools} == {
        "灯 (家): 打开",
        "灯 (办公室): 打开",
    }
    assert {str(tool.description).partition("\n")[0] for tool in agent.tools} == {
        "Device action 打开 (on) of 灯 (家).",
        "Device action 打开 (on) of 灯 (办公室).",
    }


async def test_labels(hass: HomeAssistant, cloud: Cloud) -> None:
    """A label is meant before the key that is written like it, as it is for Assist."""
    mapping = {"0": "3", "1": "2", "2": "1", "7": "Turbo+", "8": "Off", "9": "Off"}
    speed = parameter("speed", "Speed", type="enum", mapping=mapping)
    await set_up_speaker(hass, cloud, action("speed", "Speed", [speed]), name="Speaker")
    agent = await listen(hass)
    assert agent.schemas[SPEED]["properties"]["speed"]["enum"] == [
        "3",
        "2",
        "1",
        "Turbo+",
        "Off (8)",
        "Off (9)",
    ]
    for said, key in {
        "1": 2,
        1: 2,
        "three": 0,
        "Speed 2": 1,
        "turbo+": 7,
        "Off (9)": 9,
        "0": 0,
    }.items():
        before = len(cloud.executed)
        await agent.call(SPEED, device="speaker", speed=said)
        assert cloud.executed[before:] == [("device-1", "speed", {"speed": key})], said
    for said in "Off", "Turbo-", "10", "-1":
        reason = await agent.refused(SPEED, device="Speaker", speed=said)
        assert "must be one of: 0 (3), 1 (2), 2 (1), 7 (Turbo+), 8 (Off), 9" in reason
