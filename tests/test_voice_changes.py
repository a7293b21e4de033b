"""What can be said follows exposure, names and areas at once."""

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, entity_registry as er
from homeassistant.setup import async_setup_component

from .entities import change_template
from .helpers import FEEDER, Cloud, refresh, set_up
from .voice import add_aliases, expose, name_button, name_device, say, set_up_feeders
from custom_components.tencent_iot_explorer.assist.exposed import LEFT_OUT
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from emulator.products import action

CLEAN = "EN/device-1/clean"
BOTH = ("clean", "light")
SENT = "Sent: Clean bowl on Feeder."


async def is_said(hass: HomeAssistant, cloud: Cloud, text: str) -> bool:
    """Return whether a sentence ran an action, which its answer must then say."""
    before = len(cloud.executed)
    answer = await say(hass, text)
    has_run = len(cloud.executed) > before
    assert answer.startswith("Sent: ") == has_run
    return has_run


async def test_exposure(hass: HomeAssistant, cloud: Cloud) -> None:
    """Only the exposed buttons can be used, from and to the moment that they are."""
    await set_up_feeders(hass, cloud, "EN", exposed=())
    assert not await is_said(hass, cloud, "feeder clean bowl")
    expose(hass, CLEAN)
    await hass.async_block_till_done()
    assert await is_said(hass, cloud, "feeder clean bowl")
    assert not await is_said(hass, cloud, "night light off on the feeder")
    expose(hass, CLEAN, shown=False)
    await hass.async_block_till_done()
    assert not await is_said(hass, cloud, "feeder clean bowl")


async def test_hidden_meanwhile(hass: HomeAssistant, cloud: Cloud) -> None:
    """A button that is hidden cannot even be used while its sentences are taken back."""
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    expose(hass, CLEAN, shown=False)
    answer = await say(hass, "feeder clean bowl")
    assert answer == "Nothing was sent, because no device action fits what you said."
    assert cloud.executed == []


async def test_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """A new name takes the place of the old one, an alias stands beside it."""
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    await name_button(hass, CLEAN, name="Wash up")
    assert not await is_said(hass, cloud, "feeder clean bowl")
    assert await say(hass, "feeder wash up") == "Sent: Wash up on Feeder."
    await name_device(hass, CLEAN, name_by_user="Butler")
    assert not await is_said(hass, cloud, "feeder wash up")
    assert await say(hass, "butler wash up") == "Sent: Wash up on Butler."
    await add_aliases(hass, CLEAN, "Rinse it", "冲洗")
    assert await is_said(hass, cloud, "run rinse it on the butler")
    assert await is_said(hass, cloud, "按下冲洗")
    assert await is_said(hass, cloud, "butler wash up")


async def test_areas(hass: HomeAssistant, cloud: Cloud) -> None:
    """The button's own area goes before its device's; names of areas have aliases."""
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    areas = ar.async_get(hass)
    garden = areas.async_create("Garden", aliases={"Yard"})
    assert await is_said(hass, cloud, "press clean bowl in the kitchen")
    await name_button(hass, CLEAN, area_id=garden.id)
    assert not await is_said(hass, cloud, "press clean bowl in the kitchen")
    assert await is_said(hass, cloud, "press clean bowl in the garden")
    assert await is_said(hass, cloud, "press clean bowl in the yard")
    areas.async_update(garden.id, name="Park", aliases=set())
    await hass.async_block_till_done()
    assert not await is_said(hass, cloud, "press clean bowl in the garden")
    assert await is_said(hass, cloud, "press clean bowl in the park")
    assert await is_said(hass, cloud, "night light off in the kitchen")


async def test_two_in_an_area(hass: HomeAssistant, cloud: Cloud) -> None:
    """An area says which action is meant only while it has no second one of that name."""
    await set_up_feeders(hass, cloud, "HANS", "HANT", exposed=("clean", "feed"))
    kitchen = ar.async_get(hass).async_get_area_by_name("厨房")
    assert kitchen
    assert await say(hass, "厨房清洗食盆", "zh-CN") == "已发送：喂食器 的 清洗食盆。"
    await name_device(hass, "HANT/device-1/clean", area_id=kitchen.id)
    assert "发送" not in await say(hass, "厨房清洗食盆", "zh-CN")
    assert await say(hass, "厨房喂食 2 份", "zh-CN") == "已发送：喂食器 的 喂食。"
    assert len(cloud.executed) == 2


async def test_disabled(hass: HomeAssistant, cloud: Cloud) -> None:
    """A disabled button and a disabled application cannot be used."""
    entry = await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    await name_button(hass, CLEAN, disabled_by=er.RegistryEntryDisabler.USER)
    assert not await is_said(hass, cloud, "feeder clean bowl")
    assert await is_said(hass, cloud, "night light off on the feeder")
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert not await is_said(hass, cloud, "night light off on the feeder")
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done()
    assert await is_said(hass, cloud, "night light off on the feeder")


async def test_data_template(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that the data template loses cannot be used any more."""
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    change_template(cloud, "EN", action("light", "Lamp"))
    await refresh(hass)
    assert not await is_said(hass, cloud, "feeder clean bowl")
    assert not await is_said(hass, cloud, "night light off on the feeder")
    assert await is_said(hass, cloud, "press lamp on the feeder")


async def test_later_assist(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without `conversation` nothing is registered; when it comes, all is."""
    entry = await set_up(hass, cloud, FEEDER)
    assert "conversation" not in hass.config.components
    assert LEFT_OUT not in hass.data
    assert await async_setup_component(hass, "homeassistant", {})
    expose(hass, "FEEDER2026/kitchen-feeder/cleanBowl")
    assert await async_setup_component(hass, "conversation", {})
    await hass.async_block_till_done()
    assert await is_said(hass, cloud, "kitchen feeder 清洗食盆")
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not await is_said(hass, cloud, "kitchen feeder 清洗食盆")


async def test_left_to_home_assistant(hass: HomeAssistant, cloud: Cloud) -> None:
    """A sentence that Home Assistant itself understands is left to it, and listed."""
    vacuum = {"friendly_name": "Clean bowl", "supported_features": 8192}
    hass.states.async_set("vacuum.robot", "docked", vacuum)
    entry = await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    left_out = diagnostics["products"][0]["sentences_left_out"]
    assert "device 1/clean: start [the] {name}" in left_out
    assert {sentence.partition(":")[0] for sentence in left_out} == {"device 1/clean"}
    await say(hass, "start clean bowl")
    assert cloud.executed == []
    assert await is_said(hass, cloud, "run clean bowl")
    assert await is_said(hass, cloud, "feeder clean bowl")
