"""Making sentences costs little, happens once, and is in nobody's way."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from hassil.expression import Sentence
from hassil.parse_expression import parse_sentence
import pytest

from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.default_agent import DefaultAgent
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .helpers import Cloud, button
from .voice import add_aliases, expose, name_button, name_device, say, set_up_feeders
from custom_components.tencent_iot_explorer import diagnostics
from custom_components.tencent_iot_explorer.assist import (
    agent as assist_agent,
    exposed as exposed_actions,
    sentences,
    taken_sentences,
)
from custom_components.tencent_iot_explorer.assist.agent import async_is_understood
from custom_components.tencent_iot_explorer.assist.exposed import (
    LEFT_OUT,
    async_exposed_actions,
)
from custom_components.tencent_iot_explorer.assist.home_assistant_words import Words
from custom_components.tencent_iot_explorer.assist.wanted_sentences import (
    wanted_sentences,
)
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)

CLEAN = "EN/device-1/clean"
BOTH = ("clean", "light")
RECOGNIZE = "async_recognize_intent"


@contextmanager
def questions() -> Iterator[list[str]]:
    """Yield what Home Assistant is asked whether it understands it."""
    asked: list[str] = []
    recognize = DefaultAgent.async_recognize_intent

    async def note(
        agent: DefaultAgent, spoken: ConversationInput, *args: Any, **options: Any
    ) -> object:
        """Note a question that is none of somebody who speaks."""
        if options.get("strict_intents_only"):
            asked.append(spoken.text)
        return await recognize(agent, spoken, *args, **options)

    with patch.object(DefaultAgent, RECOGNIZE, note):
        yield asked


@contextmanager
def held_questions() -> Iterator[tuple[asyncio.Event, asyncio.Event, list[bool]]]:
    """Let no question be answered until that is allowed, and note if one was given up."""
    asked, release, given_up = asyncio.Event(), asyncio.Event(), list[bool]()
    recognize = DefaultAgent.async_recognize_intent

    async def hold(
        agent: DefaultAgent, spoken: ConversationInput, *args: Any, **options: Any
    ) -> object:
        """Wait, unless somebody speaks."""
        if options.get("strict_intents_only"):
            asked.set()
            try:
                await release.wait()
            except asyncio.CancelledError:
                given_up.append(True)
                raise
        return await recognize(agent, spoken, *args, **options)

    with patch.object(DefaultAgent, RECOGNIZE, hold):
        yield asked, release, given_up


@contextmanager
def templates_read() -> Iterator[list[str]]:
    """Yield the sentences that are checked for Assist."""
    read: list[str] = []

    def note(template: str) -> Sentence:
        """Note a sentence."""
        read.append(template)
        return parse_sentence(template)

    with patch.object(assist_agent, "parse_sentence", note):
        yield read


async def test_reload(hass: HomeAssistant, cloud: Cloud) -> None:
    """After a reload all sentences are there again, without being made again."""
    entry = await set_up_feeders(hass, cloud, "EN", "HANS")
    with (
        questions() as asked,
        templates_read() as read,
        patch.object(taken_sentences, "_kinds") as kinds,
    ):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
    assert (asked, read) == ([], [])
    kinds.assert_not_called()
    assert await say(hass, "feeder clean bowl") == "Sent: Clean bowl on Feeder."
    assert await say(hass, "按下清洗食盆", "zh-CN") == "已发送：喂食器 的 清洗食盆。"


async def test_slow_reload(hass: HomeAssistant, cloud: Cloud) -> None:
    """Sentences are kept, whichever step of a reload their making meets."""
    entry = await set_up_feeders(hass, cloud, "EN")
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    read = sentences.async_read_triggers

    async def hold(hass: HomeAssistant) -> None:
        """Go on when that is allowed."""
        begun.set()
        await may_go_on.wait()
        await read(hass)

    with (
        patch.object(taken_sentences, "_kinds") as kinds,
        patch.object(sentences, "async_read_triggers", hold),
    ):
        await hass.config_entries.async_unload(entry.entry_id)
        await begun.wait()
        await hass.config_entries.async_setup(entry.entry_id)
        may_go_on.set()
        await hass.async_block_till_done()
    kinds.assert_not_called()
    assert await say(hass, "feeder clean bowl") == "Sent: Clean bowl on Feeder."


async def test_hidden_and_shown_again(hass: HomeAssistant, cloud: Cloud) -> None:
    """Sentences of a button that was hidden are there again when it is shown."""
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    await name_button(hass, CLEAN, name="Turn on")
    expose(hass, CLEAN, shown=False)
    await hass.async_block_till_done()
    assert await say(hass, "run turn on on the feeder") != "Sent: Turn on on Feeder."
    expose(hass, CLEAN)
    await hass.async_block_till_done()
    assert await say(hass, "run turn on on the feeder") == "Sent: Turn on on Feeder."


async def test_stop(hass: HomeAssistant, cloud: Cloud) -> None:
    """A stop of Home Assistant ends the making of sentences at once."""
    await set_up_feeders(hass, cloud, "EN", exposed=())
    with held_questions() as (asked, _, given_up):
        expose(hass, CLEAN)
        await asked.wait()
        ended: list[bool] = []
        hass.bus.async_listen_once(
            EVENT_HOMEASSISTANT_FINAL_WRITE, callback(lambda _: ended.extend(given_up))
        )
        await hass.async_stop(force=True)
        assert ended == [True]


async def test_one_name(hass: HomeAssistant, cloud: Cloud) -> None:
    """A new name costs its own questions, and no sentence of another device."""
    await set_up_feeders(hass, cloud, "EN", "HANS")
    with questions() as asked, templates_read() as read:
        await name_button(hass, CLEAN, name="Turn on")
    assert {"turn on" in text.casefold() for text in asked} == {True}, asked
    assert read
    assert not any("器" in template for template in read)
    assert await say(hass, "run turn on on the feeder") == "Sent: Turn on on Feeder."


async def test_one_more(hass: HomeAssistant, cloud: Cloud) -> None:
    """One more button costs no question about those that were exposed before."""
    await set_up_feeders(hass, cloud, "EN", "HANS", exposed=BOTH)
    with questions() as asked:
        expose(hass, "EN/device-1/call")
        await hass.async_block_till_done()
    assert all("call out" in text.casefold() for text in asked)
    assert await say(hass, "call out hi on the feeder") == "Sent: Call out on Feeder."


async def test_many_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """Names that mean nothing to Home Assistant are asked about once for all of them."""
    await set_up_feeders(hass, cloud, "HANS", exposed=("clean",))
    with questions() as asked:
        await name_device(hass, "HANS/device-1/clean", name_by_user="碗橱甲")
    assert asked == []
    assert (
        await say(hass, "让碗橱甲清洗食盆", "zh-CN") == "已发送：碗橱甲 的 清洗食盆。"
    )


async def test_said_meanwhile(hass: HomeAssistant, cloud: Cloud) -> None:
    """While sentences are made, those that still are right work, and no others do."""
    await set_up_feeders(hass, cloud, "EN", exposed=BOTH)
    with held_questions() as (asked, release, _):
        er.async_get(hass).async_update_entity(button(hass, CLEAN), name="Turn on")
        expose(hass, "EN/device-1/call")
        await asked.wait()
        assert (
            await say(hass, "night light off on the feeder")
            == "Sent: Night light on Feeder."
        )
        for text in ("feeder clean bowl", "run turn on on the feeder"):
            answer = await say(hass, text)
            assert not answer.startswith(("Sent", "Nothing was sent")), text
        assert len(cloud.executed) == 1
        release.set()
        await hass.async_block_till_done()
    assert await say(hass, "run turn on on the feeder") == "Sent: Turn on on Feeder."
    assert await say(hass, "call out hi on the feeder") == "Sent: Call out on Feeder."


async def test_changed_meanwhile(hass: HomeAssistant, cloud: Cloud) -> None:
    """What changes while sentences are made is followed at the end."""
    await set_up_feeders(hass, cloud, "EN", exposed=())
    with held_questions() as (asked, release, _):
        expose(hass, CLEAN)
        await asked.wait()
        expose(hass, CLEAN, shown=False)
        expose(hass, "EN/device-1/light")
        release.set()
        await hass.async_block_till_done()
    assert not (await say(hass, "feeder clean bowl")).startswith("Sent")
    assert await say(hass, "night light off on the feeder") == (
        "Sent: Night light on Feeder."
    )


async def test_too_many(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond a number, the buttons registered first have sentences, and it is said so."""
    for module in (exposed_actions, sentences, diagnostics):
        monkeypatch.setattr(module, "MOST_BUTTONS_WITH_SENTENCES", 2)
    entry = await set_up_feeders(hass, cloud, "EN", exposed=("clean", "light", "call"))
    kept = [item.action.id for item in async_exposed_actions(hass)[:2]]
    said = {
        "clean": "feeder clean bowl",
        "light": "night light off on the feeder",
        "call": "call out hi on the feeder",
    }
    for action_id, text in said.items():
        answer = await say(hass, text)
        assert answer.startswith("Sent: ") == (action_id in kept), text
    shown = await async_get_config_entry_diagnostics(hass, entry)
    assert shown["voice"] == (
        "Only the 2 exposed buttons that were registered first have sentences of this"
        " integration; 1 more are exposed, and Home Assistant's own sentences, such as"
        " press NAME, are all there is for them."
    )
    expose(hass, *(f"EN/device-1/{action_id}" for action_id in kept), shown=False)
    await hass.async_block_till_done()
    (left,) = said.keys() - set(kept)
    assert (await say(hass, said[left])).startswith("Sent: ")
    shown = await async_get_config_entry_diagnostics(hass, entry)
    assert shown["voice"] == ("All exposed buttons have sentences of this integration.")


@pytest.mark.parametrize(
    ("device", "names"),
    [
        ("客厅灯", ("打开", "清洗食盆", "关闭")),
        ("客厅喂食器", ("打开客厅灯", "开始清扫", "暂停")),
        ("Kitchen light", ("Turn on", "Clean bowl", "turn off")),
        ("Robot", ("Start", "Return to base", "rinse")),
        ("机器人", ("启动", "打开所有灯", "三")),
    ],
)
async def test_same_answers(
    hass: HomeAssistant, cloud: Cloud, device: str, names: tuple[str, ...]
) -> None:
    """What is left to Home Assistant is exactly what it understands, sentence by sentence."""
    features = {"supported_features": 8192 | 16}
    hass.states.async_set("light.a", "off", {"friendly_name": "客厅灯"})
    hass.states.async_set("light.b", "off", {"friendly_name": "Kitchen light"})
    for number, name in enumerate(("Robot", "机器人", "Clean bowl")):
        hass.states.async_set(
            f"vacuum.v{number}", "docked", {"friendly_name": name, **features}
        )
    await set_up_feeders(hass, cloud, "EN", exposed=("clean",))
    await name_all(hass, device, names)
    exposed = async_exposed_actions(hass)
    left_out = {(item.exposed.action.id, item.shape) for item in hass.data[LEFT_OUT]}
    understood: set[tuple[str, str]] = set()
    for sentence, item in wanted_sentences(exposed, set()).items():
        if any(
            [
                await async_is_understood(hass, language, text)
                for language in sentence.form.languages
                for text in sentence.examples(language)
            ]
        ):
            understood.add((item.action.id, sentence.shape))
    assert left_out == understood


async def name_all(hass: HomeAssistant, device: str, names: tuple[str, ...]) -> None:
    """Give the exposed button of the feeder another name, device and aliases."""
    await name_device(hass, CLEAN, name_by_user=device)
    await name_button(hass, CLEAN, name=names[0])
    await add_aliases(hass, CLEAN, *names[1:])


def test_words() -> None:
    """A name may be a part of a sentence only if it is made of what sentences have."""
    words = Words.of_language(
        {
            "intents": {"X": {"data": [{"sentences": ["turn on [the] light[s]"]}]}},
            "expansion_rules": {"open": "打开[一下]"},
            "lists": {"color": {"values": [{"in": "Rot"}]}},
            "responses": {"done": "Erledigt"},
        }
    )
    for name in ("Lights", "turn ON the light 3", "rot", "開一", "三", "twenty", "!"):
        assert words.may_hold(name), name
    for name in ("Feeder", "turn up", "lightly", "清洗", "打开食盆", "erledigt"):
        assert not words.may_hold(name), name
