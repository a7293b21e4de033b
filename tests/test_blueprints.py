"""The blueprints, as Home Assistant reads them and as a person fills them in."""

import asyncio
from contextlib import suppress
from pathlib import Path
import shutil
from typing import Any
from urllib.parse import quote

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from homeassistant.components.automation.helpers import (
    async_get_blueprints as automation_blueprints,
)
from homeassistant.components.blueprint.importer import fetch_blueprint_from_url
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.script.helpers import (
    async_get_blueprints as script_blueprints,
)
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import selector
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import extract_inputs, load_yaml_dict

from .documents import REPOSITORY, Documents, each_language
from .entities import registered, restore, state_of
from .helpers import FEEDER, LAMP, Cloud, device_id, listen, product, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path.relative_to(ROOT).as_posix() for path in ROOT.glob("blueprints/**/*.yaml")
)
DESK = "LAMP202611/desk-lamp"
HALL = "LAMP202611/hall-lamp"
KITCHEN = "FEEDER2026/kitchen-feeder"


@pytest.fixture(autouse=True)
def _blueprints_are_installed(hass_config_dir: str) -> None:
    """Put the blueprints where Home Assistant looks for them."""
    folder = Path(hass_config_dir) / "blueprints"
    # The test helper may bring some of its own.
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "blueprints", folder)


def use(name: str, **inputs: Any) -> dict[str, Any]:
    """Return the configuration of what is made from a blueprint."""
    return {"use_blueprint": {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}}


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Make an automation from a blueprint."""
    config = {"automation": [{"alias": "Test", **use(name, **inputs)}]}
    assert await async_setup_component(hass, "automation", config)
    await hass.async_block_till_done()
    state = hass.states.get("automation.test")
    assert state
    assert state.state == "on"


async def turn_off(hass: HomeAssistant) -> None:
    """Let the automation wait for nothing any more."""
    data = {"entity_id": "automation.test"}
    await hass.services.async_call("automation", "turn_off", data, blocking=True)


async def fire(hass: HomeAssistant, *events: str) -> None:
    """Fire events, and wait for what comes of them."""
    for event in events:
        hass.bus.async_fire(event)
    await hass.async_block_till_done()


async def blink(hass: HomeAssistant, *devices: str) -> None:
    """Let lamps blink, whatever becomes of it."""
    data = {"device_id": list(devices), "action_id": "blink"}
    with suppress(HomeAssistantError):
        await hass.services.async_call(DOMAIN, "call_action", data, blocking=True)
    await hass.async_block_till_done()


def event_of(hass: HomeAssistant, device: str) -> str:
    """Return the id of the event entity of a device."""
    return registered(hass, "event", device).entity_id


async def watch(hass: HomeAssistant, **inputs: Any) -> list[ServiceCall]:
    """Watch both lamps, and return the list of notifications."""
    shown = listen(hass)
    events = [event_of(hass, DESK), event_of(hass, HALL)]
    await automate(hass, "tell_me", events=events, **inputs)
    return shown


def load(file: str) -> dict[str, Any]:
    """Return what a blueprint's file holds."""
    return load_yaml_dict(ROOT / file)


def test_files() -> None:
    """There are three, each in the folder of its own domain."""
    assert FILES == [
        "blueprints/automation/tencent_iot_explorer/run_action.yaml",
        "blueprints/automation/tencent_iot_explorer/tell_me.yaml",
        "blueprints/script/tencent_iot_explorer/answer_as_value.yaml",
    ]


async def test_home_assistant_lists_them(hass: HomeAssistant) -> None:
    """Home Assistant finds each of them and supports it."""
    found: list[str] = []
    for blueprints in (automation_blueprints(hass), script_blueprints(hass)):
        for path, blueprint in (await blueprints.async_get_blueprints()).items():
            assert isinstance(blueprint, Blueprint)
            assert blueprint.validate() is None
            found.append(f"blueprints/{blueprint.domain}/{path}")
    assert sorted(found) == FILES


@pytest.mark.parametrize("file", FILES)
def test_words(file: str) -> None:
    """What a person reads comes in both languages, from where it is named."""
    metadata = load(file)["blueprint"]
    assert metadata["domain"] == file.split("/")[1]
    assert metadata["source_url"] == f"https://github.com/{REPOSITORY}/blob/main/{file}"
    assert metadata["homeassistant"] == {"min_version": "2026.3.0"}
    assert metadata["author"]
    english, chinese = metadata["name"].split(" · ")
    assert english.isascii()
    assert not chinese.isascii()
    for item in (metadata, *metadata["input"].values()):
        assert " · " in item["name"]
        if "description" in item:
            assert len(item["description"].strip().split("\n\n")) == 2


@pytest.mark.parametrize("file", FILES)
def test_inputs(file: str) -> None:
    """Each input has a selector and is used, and nothing else is."""
    data = load(file)
    inputs = data.pop("blueprint")["input"]
    assert extract_inputs(data) == set(inputs)
    for key, item in inputs.items():
        made = selector(item["selector"])
        # No time is a list that is empty, which only the trigger understands.
        if "default" in item and key != "at":
            assert made(item["default"]) == item["default"]


@pytest.mark.parametrize("file", FILES)
async def test_import_by_link(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, file: str
) -> None:
    """The link that a blueprint names is one that Home Assistant can import."""
    url = load(file)["blueprint"]["source_url"]
    raw = f"https://raw.githubusercontent.com/{REPOSITORY}/main/{file}"
    aioclient_mock.get(raw, text=(ROOT / file).read_text())
    imported = await fetch_blueprint_from_url(hass, url)
    assert (
        imported.suggested_filename
        == f"{REPOSITORY.partition('/')[0]}/{Path(file).stem}"
    )
    assert imported.blueprint.metadata["source_url"] == url


@pytest.mark.parametrize("holds", [True, False])
async def test_run_at_a_time(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory, holds: bool
) -> None:
    """The action is run at its time, if the conditions hold."""
    freezer.move_to("2026-11-23 06:59:59+00:00")
    await hass.config.async_set_time_zone("UTC")
    entry = await set_up(hass, cloud, FEEDER)
    await automate(
        hass,
        "run_action",
        device=[device_id(hass, entry, "kitchen-feeder")],
        action_id="feed",
        inputs={"portions": 3},
        at="07:00:00",
        conditions=[{"condition": "template", "value_template": str(holds)}],
    )
    assert cloud.executed == []
    freezer.move_to("2026-11-23 07:00:01+00:00")
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    fed = [("kitchen-feeder", "feed", {"portions": 3})]
    assert cloud.executed == (fed if holds else [])
    await turn_off(hass)


async def test_run_on_triggers(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each trigger runs the action of all devices, with inputs from templates."""
    entry = await set_up(hass, cloud, FEEDER)
    names = ("kitchen-feeder", "balcony-feeder")
    await automate(
        hass,
        "run_action",
        device=[device_id(hass, entry, name) for name in names],
        action_id="feed",
        inputs={"portions": "{{ trigger.event.data.portions }}"},
        triggers=[
            {"trigger": "event", "event_type": "cat"},
            {"trigger": "event", "event_type": "dog"},
        ],
    )
    hass.bus.async_fire("cat", {"portions": 2})
    await hass.async_block_till_done()
    hass.bus.async_fire("dog", {"portions": 5})
    await hass.async_block_till_done()
    assert [inputs["portions"] for _, _, inputs in cloud.executed] == [2, 2, 5, 5]
    assert sorted(name for name, _, _ in cloud.executed) == sorted(names * 2)
    sent = {request.call for request in cloud.emulator.journal}
    assert "CallDeviceActionSync" not in sent


async def test_run_with_least(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without time and trigger the automation is run by hand only."""
    await set_up(hass, cloud, FEEDER)
    await automate(hass, "run_action", device=KITCHEN, action_id="cleanBowl")
    assert cloud.executed == []
    data = {"entity_id": "automation.test"}
    await hass.services.async_call("automation", "trigger", data, blocking=True)
    assert cloud.executed == [("kitchen-feeder", "cleanBowl", {})]


async def test_run_loses_no_trigger(hass: HomeAssistant, cloud: Cloud) -> None:
    """A trigger that comes while the action is under way has its turn."""
    await set_up(hass, cloud, FEEDER)
    await automate(
        hass,
        "run_action",
        device=KITCHEN,
        action_id="cleanBowl",
        triggers={"trigger": "event", "event_type": "cat"},
        wait_for_reply=True,
    )
    await fire(hass, "cat", "cat", "cat")
    assert len(cloud.executed) == 3
    assert len(cloud.emulator.requests("CallDeviceActionSync")) == 3
    assert cloud.emulator.most_at_once == 1


async def test_notify_of_failure(hass: HomeAssistant, cloud: Cloud) -> None:
    """A failure is shown once, with device, action, code and RequestId."""
    await set_up(hass, cloud, LAMP)
    shown = await watch(hass)
    await blink(hass, DESK, HALL)
    (notification,) = shown
    request_id = state_of(hass, "event", HALL).attributes["request_id"]
    assert request_id
    assert notification.data == {
        "title": "hall-lamp: action failed",
        "message": "The action blink of hall-lamp failed. "
        f"(code FailedOperation.ActionUnreachable, RequestId {request_id})",
    }
    await blink(hass, HALL)
    assert len(shown) == 2


async def test_notify_of_unknown_fate(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where nobody knows, the message says that it may have been executed."""
    await set_up(hass, cloud, LAMP)
    shown = await watch(hass)
    cloud.emulator.faults.append(Fault(drop=True))
    await blink(hass, DESK)
    (notification,) = shown
    request_id = state_of(hass, "event", DESK).attributes["request_id"]
    assert notification.data == {
        "title": "desk-lamp: action may have been executed",
        "message": "The action blink of desk-lamp may have been executed. "
        f"Look at the device before you try again. (code –, RequestId {request_id})",
    }


async def test_notify_in_chinese(hass: HomeAssistant, cloud: Cloud) -> None:
    """The message comes in Chinese if that is chosen."""
    await set_up(hass, cloud, LAMP)
    shown = await watch(hass, language="zh")
    cloud.emulator.faults.append(Fault(drop=True))
    await blink(hass, DESK)
    await blink(hass, HALL)
    unknown, failed = (call.data["message"] for call in shown)
    assert unknown.startswith("desk-lamp 的行为 blink 可能已执行。")
    assert failed.startswith("hall-lamp 的行为 blink 失败。")
    assert "错误码 FailedOperation.ActionUnreachable，RequestId " in failed
    assert [call.data["title"] for call in shown] == [
        "desk-lamp：行为可能已执行",
        "hall-lamp：行为失败",
    ]


@pytest.mark.parametrize("outcome", ["failed", "unconfirmed"])
async def test_notify_of_one_outcome(
    hass: HomeAssistant, cloud: Cloud, outcome: str
) -> None:
    """Only what is chosen is reported."""
    await set_up(hass, cloud, LAMP)
    reported = async_mock_service(hass, "test", "reported")
    action = {"action": "test.reported", "data": {"outcome": "{{ outcome }}"}}
    await watch(hass, outcomes=[outcome], actions=[action])
    await blink(hass, HALL)
    cloud.emulator.faults.append(Fault(drop=True))
    await blink(hass, DESK)
    assert [call.data for call in reported] == [{"outcome": outcome}]


async def test_notify_by_notifiers(hass: HomeAssistant, cloud: Cloud) -> None:
    """Notifiers get the message, and the actions all that is in it."""
    await set_up(hass, cloud, LAMP)
    sent = async_mock_service(hass, "notify", "send_message")
    reported = async_mock_service(hass, "test", "reported")
    names = ["title", "message", "device", "action_id", "code", "request_id"]
    data = {name: f"{{{{ {name} }}}}" for name in names}
    notifiers = ["notify.me", "notify.you"]
    action = {"action": "test.reported", "data": data}
    shown = await watch(hass, notifiers=notifiers, actions=[action])
    await blink(hass, HALL)
    (message,) = sent
    (values,) = (call.data for call in reported)
    assert message.data == {
        "entity_id": notifiers,
        "title": values["title"],
        "message": values["message"],
    }
    assert values["device"] == "hall-lamp"
    assert values["action_id"] == "blink"
    assert values["code"] == "FailedOperation.ActionUnreachable"
    assert values["request_id"] in values["message"]
    assert shown == []


async def test_notify_although_a_notifier_fails(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A notifier that fails does not keep the actions from being done."""
    await set_up(hass, cloud, LAMP)
    error = HomeAssistantError("No network")
    async_mock_service(hass, "notify", "send_message", raise_exception=error)
    shown = await watch(hass, notifiers=["notify.me"])
    await blink(hass, HALL)
    assert len(shown) == 1


async def test_silent_when_all_is_well(hass: HomeAssistant, cloud: Cloud) -> None:
    """What the cloud took over, or the device answered, is not reported."""
    await set_up(hass, cloud, LAMP)
    shown = await watch(hass)
    await blink(hass, DESK)
    data = {"device_id": DESK, "wait_for_reply": True}
    await hass.services.async_call(DOMAIN, "lamp202611_blink", data, blocking=True)
    await hass.async_block_till_done()
    assert state_of(hass, "event", DESK).attributes["event_type"] == "replied"
    assert shown == []


@pytest.mark.parametrize("automation_first", [True, False])
async def test_silent_at_start(
    hass: HomeAssistant, cloud: Cloud, automation_first: bool
) -> None:
    """A failure from before a restart is not reported again, whoever is there first."""
    attributes = {"action_id": "blink", "request_id": "5-6-7", "status": "Mystery"}
    extra = {"last_event_type": "failed", "last_event_attributes": attributes}
    restore(hass, "event", HALL, "2026-11-20T12:00:00.000+00:00", extra)
    events = [event_of(hass, HALL)]
    shown = listen(hass)
    if automation_first:
        hass.states.async_set(events[0], "unavailable", {"restored": True})
        await automate(hass, "tell_me", events=events)
        await set_up(hass, cloud, LAMP)
    else:
        await set_up(hass, cloud, LAMP)
        await automate(hass, "tell_me", events=events)
    state = state_of(hass, "event", HALL)
    assert state.attributes["request_id"] == "5-6-7"
    assert shown == []
    await blink(hass, HALL)
    assert len(shown) == 1


async def test_notified_once(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing but a new event is reported: no reload, no new name, no new entity id."""
    entry = await set_up(hass, cloud, LAMP)
    shown = await watch(hass)
    await blink(hass, HALL)
    assert len(shown) == 1
    registry = er.async_get(hass)
    entity_id = event_of(hass, HALL)
    registry.async_update_entity(entity_id, name="Outcome")
    await hass.async_block_till_done()
    assert state_of(hass, "event", HALL).name == "Outcome"
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    for change in ("event.elsewhere", entity_id):
        registry.async_update_entity(event_of(hass, HALL), new_entity_id=change)
        await hass.async_block_till_done()
    state = state_of(hass, "event", HALL)
    assert state.attributes["event_type"] == "failed"
    for shows in ("unavailable", state.state, "unknown", "unavailable", state.state):
        hass.states.async_set(entity_id, shows, state.attributes)
    hass.states.async_remove(entity_id)
    hass.states.async_set(entity_id, state.state, state.attributes)
    await hass.async_block_till_done()
    assert len(shown) == 1
    assert "rror" not in "".join(
        record.message for record in caplog.records if "automation" in record.name
    )
    await blink(hass, HALL)
    assert len(shown) == 2


async def test_many_at_once(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of many devices that fail together each one is reported, however long that takes."""
    lamps = cloud.emulator.products["LAMP202611"].devices
    names = [f"lamp-{index}" for index in range(30)]
    lamps |= {name: type(lamps["hall-lamp"])(name=name, status=0) for name in names}
    await set_up(hass, cloud, product("LAMP202611", names))
    reported = async_mock_service(hass, "test", "reported")
    devices = [f"LAMP202611/{name}" for name in names]
    await automate(
        hass,
        "tell_me",
        events=[event_of(hass, device) for device in devices],
        actions=[
            {"wait_template": "{{ is_state('test.go', 'on') }}"},
            {"action": "test.reported", "data": {"device": "{{ device }}"}},
        ],
    )
    data = {"device_id": devices, "action_id": "blink"}
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(DOMAIN, "call_action", data, blocking=True)
    assert reported == []
    hass.states.async_set("test.go", "on")
    await hass.async_block_till_done()
    assert sorted(call.data["device"] for call in reported) == sorted(names)


async def add_script(hass: HomeAssistant, **inputs: Any) -> None:
    """Make a script from the blueprint."""
    config = {"script": {"test": use("answer_as_value", **inputs)}}
    assert await async_setup_component(hass, "script", config)
    assert hass.states.get("script.test")


async def run_script(hass: HomeAssistant, **data: Any) -> Any:
    """Run the script, and return its response."""
    return await hass.services.async_call(
        "script", "test", data, blocking=True, return_response=True
    )


async def test_answer(hass: HomeAssistant, cloud: Cloud) -> None:
    """The device's outputs are values for what is done then, and the response."""
    entry = await set_up(hass, cloud, FEEDER)
    reported = async_mock_service(hass, "test", "reported")
    data = {"left": "{{ outputs.remaining + 1 }}", "status": "{{ status }}"}
    await add_script(
        hass,
        device=device_id(hass, entry, "kitchen-feeder"),
        action_id="feed",
        inputs={"portions": "{{ portions }}"},
        actions=[{"action": "test.reported", "data": data}],
    )
    response = await run_script(hass, portions=2)
    status = "action execute success!"
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 2})]
    assert [call.data for call in reported] == [{"left": 91, "status": status}]
    assert response.pop("client_token").startswith("FEEDER2026::")
    assert response == {
        "outputs": {"remaining": 90},
        "status": status,
        "request_id": cloud.emulator.journal[-1].parameters["RequestId"],
    }


async def test_answer_of_every_type(hass: HomeAssistant, cloud: Cloud) -> None:
    """Outputs of each type come through a template as they are."""
    entry = await set_up(hass, cloud, LAMP)
    inputs = {
        "power": "1",
        "brightness": 80,
        "warmth": 0.7,
        "text": "{'晚': \"上\"} 007",
        "colour": "Blue",
        "effect": "calm",
        "moment": "2026-11-23 20:00:00+08:00",
    }
    await add_script(
        hass,
        device=device_id(hass, entry, "desk-lamp"),
        action_id="echo",
        inputs=inputs,
    )
    response = await run_script(hass)
    assert response["outputs"] == inputs | {
        "power": True,
        "colour": 2,
        "moment": 1795435200000,
    }


async def test_answers_to_two_callers(hass: HomeAssistant, cloud: Cloud) -> None:
    """Callers at the same moment get the answers to their own calls."""
    await set_up(hass, cloud, FEEDER)
    await add_script(
        hass,
        device=KITCHEN,
        action_id="feed",
        inputs={"portions": "{{ portions }}"},
    )
    calls = (run_script(hass, portions=portions) for portions in (1, 2, 3))
    responses = await asyncio.gather(*calls)
    assert [response["outputs"]["remaining"] for response in responses] == [95, 85, 70]


async def test_answer_that_has_no_outputs(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action without outputs is answered with none."""
    await set_up(hass, cloud, FEEDER)
    await add_script(hass, device=KITCHEN, action_id="cleanBowl")
    assert (await run_script(hass))["outputs"] == {}


async def test_no_answer(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without an answer the caller gets the error, and nothing is done then."""
    cloud.expect("FailedOperation.Timeout")
    cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"].silent = True
    await set_up(hass, cloud, FEEDER)
    reported = async_mock_service(hass, "test", "reported")
    await add_script(
        hass,
        device=KITCHEN,
        action_id="cleanBowl",
        actions=[{"action": "test.reported"}],
    )
    with pytest.raises(HomeAssistantError) as raised:
        await run_script(hass)
    assert raised.value.translation_key == "device_silent"
    assert reported == []


@each_language
def test_links(documents: Documents) -> None:
    """There is a link to import each blueprint from where it says it comes from."""
    page = documents.page("use-cases").text
    for path in FILES:
        source = load_yaml_dict(str(ROOT / path))["blueprint"]["source_url"]
        assert f"blueprint_import/?blueprint_url={quote(source, safe='')})" in page
