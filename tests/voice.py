"""Devices that can be talked to: a feeder each for English, simplified, traditional."""

from collections.abc import Iterable
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component

from .entities import add_product, registered
from .helpers import Cloud, button, make_entry, product, set_up
from emulator.products import action, parameter
from emulator.service_api import APP_KEY, APP_SECRET

_WORDS: dict[str, dict[str, str]] = {
    "EN": {
        "device": "Feeder",
        "area": "Kitchen",
        "feed": "Feed",
        "portions": "Portions",
        "portion": "portion",
        "clean": "Clean bowl",
        "light": "Night light",
        "state": "State",
        "off": "Off",
        "on": "Soft glow",
        "call": "Call out",
        "text": "Text",
        "warm": "Warm up",
        "temperature": "Temperature",
        "plan": "Plan meal",
        "size": "Size",
    },
    "HANS": {
        "device": "喂食器",
        "area": "厨房",
        "feed": "喂食",
        "portions": "份数",
        "portion": "份",
        "clean": "清洗食盆",
        "light": "夜灯",
        "state": "状态",
        "off": "关",
        "on": "柔光",
        "call": "喊话",
        "text": "文字",
        "warm": "加热",
        "temperature": "温度",
        "plan": "安排餐食",
        "size": "大小",
    },
    "HANT": {
        "device": "餵食器",
        "area": "廚房",
        "feed": "餵食",
        "portions": "份數",
        "portion": "份",
        "clean": "清洗食盆",
        "light": "夜燈",
        "state": "狀態",
        "off": "關",
        "on": "柔光",
        "call": "喊話",
        "text": "文字",
        "warm": "加熱",
        "temperature": "溫度",
        "plan": "安排餐食",
        "size": "大小",
    },
}
ON = action("on", "打开")
ACTIONS = ("feed", "clean", "light", "call", "warm", "plan")


def actions(words: dict[str, str]) -> list[dict[str, Any]]:
    """Return the actions of a feeder, in some words."""
    portions = parameter(
        "portions",
        words["portions"],
        type="int",
        min="1",
        max="10",
        step="1",
        unit=words["portion"],
    )
    return [
        action("feed", words["feed"], [portions]),
        action("clean", words["clean"]),
        action(
            "light",
            words["light"],
            [
                parameter(
                    "state",
                    words["state"],
                    type="bool",
                    mapping={"0": words["off"], "1": words["on"]},
                )
            ],
        ),
        action(
            "call",
            words["call"],
            [parameter("text", words["text"], type="string", min="0", max="20")],
        ),
        action(
            "warm",
            words["warm"],
            [
                parameter(
                    "temperature",
                    words["temperature"],
                    type="float",
                    min="-5",
                    max="40",
                    step="0.5",
                    unit="°C",
                )
            ],
        ),
        action(
            "plan",
            words["plan"],
            [
                portions,
                parameter(
                    "size", words["size"], type="int", min="0", max="5", step="1"
                ),
            ],
        ),
    ]


async def set_up_assist(hass: HomeAssistant) -> None:
    """Set up what Assist is made of."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})


async def set_up_feeders(
    hass: HomeAssistant,
    cloud: Cloud,
    *languages: str,
    exposed: Iterable[str] = ACTIONS,
) -> MockConfigEntry:
    """Return an entry with a feeder for each language, whose buttons are exposed."""
    await set_up_assist(hass)
    for language in languages:
        add_product(cloud, language, *actions(_WORDS[language]))
    entry = await set_up(
        hass, cloud, *(product(language, ["device-1"]) for language in languages)
    )
    registry = dr.async_get(hass)
    for language in languages:
        device_id = registered(hass, "button", f"{language}/device-1/feed").device_id
        assert device_id
        area = ar.async_get(hass).async_create(_WORDS[language]["area"])
        registry.async_update_device(
            device_id, name_by_user=_WORDS[language]["device"], area_id=area.id
        )
        expose(hass, *(f"{language}/device-1/{action_id}" for action_id in exposed))
    await hass.async_block_till_done()
    return entry


def expose(hass: HomeAssistant, *unique_ids: str, shown: bool = True) -> None:
    """Expose buttons to Assist, or hide them from there."""
    for unique_id in unique_ids:
        async_expose_entity(hass, "conversation", button(hass, unique_id), shown)


async def name_device(hass: HomeAssistant, unique_id: str, **changes: Any) -> None:
    """Change the name or area of the device that a button belongs to."""
    device_id = registered(hass, "button", unique_id).device_id
    assert device_id
    dr.async_get(hass).async_update_device(device_id, **changes)
    await hass.async_block_till_done()


async def name_button(hass: HomeAssistant, unique_id: str, **changes: Any) -> None:
    """Change the name or the other registered settings of a button."""
    er.async_get(hass).async_update_entity(button(hass, unique_id), **changes)
    await hass.async_block_till_done()


async def add_aliases(hass: HomeAssistant, unique_id: str, *aliases: str) -> None:
    """Give a button more names; the registry keeps them as a set, later as a list."""
    kept = registered(hass, "button", unique_id).aliases
    await name_button(hass, unique_id, aliases=type(kept)([*kept, *aliases]))


async def say(
    hass: HomeAssistant, text: str, language: str = "en", context: Context | None = None
) -> str:
    """Return what Assist answers."""
    result = await conversation.async_converse(
        hass, text, None, context or Context(), language=language
    )
    return str(result.response.speech["plain"]["speech"])


async def set_up_speaker(
    hass: HomeAssistant,
    cloud: Cloud,
    *spoken: dict[str, Any],
    name: str = "音箱",
    product_id: str = "SPEAKER",
) -> MockConfigEntry:
    """Return an application with one device, all of whose buttons are exposed."""
    await set_up_assist(hass)
    add_product(cloud, product_id, *spoken)
    entry = await set_up(hass, cloud, product(product_id, ["device-1"]))
    unique_ids = [f"{product_id}/device-1/{item['id']}" for item in spoken]
    await name_device(hass, unique_ids[0], name_by_user=name)
    expose(hass, *unique_ids)
    await hass.async_block_till_done()
    return entry


async def ran(
    hass: HomeAssistant, cloud: Cloud, text: str, language: str = "zh-CN"
) -> tuple[str, dict[str, Any]] | str:
    """Return what a sentence ran, else what was answered; it runs one thing at most."""
    before = len(cloud.emulator.journal)
    done = len(cloud.executed)
    answer = await say(hass, text, language)
    executed = cloud.executed[done:]
    assert len(cloud.emulator.journal) - before == len(executed) <= 1, text
    is_sent = answer.startswith(("Sent", "已发送", "已傳送"))
    assert is_sent == bool(executed), (text, answer)
    return executed[0][1:] if executed else answer


async def set_up_lamps(
    hass: HomeAssistant,
    cloud: Cloud,
    *,
    titles: tuple[str, str],
    entries: tuple[str, ...],
) -> None:
    """Set up two products with a lamp each, in one application or in two."""
    await set_up_assist(hass)
    for product_id in ("P1", "P2"):
        add_product(cloud, product_id, ON, action("off", "关闭"))
    products = [
        product(product_id, ["device-1"], title=title)
        for product_id, title in zip(("P1", "P2"), titles, strict=True)
    ]
    if len(entries) == 1:
        await set_up(hass, cloud, *products)
    else:
        cloud.emulator.service_api.applications["OtherKey"] = APP_SECRET
        for key, title, item in zip(
            (APP_KEY, "OtherKey"), entries, products, strict=True
        ):
            entry = make_entry(cloud, item, app_key=key)
            entry.add_to_hass(hass)
            hass.config_entries.async_update_entry(entry, title=title)
            await hass.config_entries.async_setup(entry.entry_id)
            await hass.async_block_till_done()
    for product_id in ("P1", "P2"):
        await name_device(hass, f"{product_id}/device-1/on", name_by_user="台灯")
        expose(hass, f"{product_id}/device-1/on")
    await hass.async_block_till_done()
