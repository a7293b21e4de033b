"""The sensor of each device that shows by name which action ended last, and how."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from homeassistant.const import EVENT_STATE_CHANGED, EntityCategory
from homeassistant.core import Context, Event, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component

from .entities import (
    add_product,
    change_template,
    find,
    press,
    registered,
    reported,
    restore,
    state_of,
)
from .helpers import ASYNC, FEEDER, LAMP, Cloud, button, product, refresh, set_up
from .rules import held
from .test_action_replies import reply, set_up as set_up_pushed
from .test_gone_actions import answer, fix
from .test_rights import guest, one_button, one_button_to_read
from .test_translations import LANGUAGES, load
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault
from emulator.products import action, parameter

KITCHEN = "FEEDER2026/kitchen-feeder"
LAST = f"{KITCHEN}/last_action"
ODD = product("ODD", ["device-1"])
ODD_LAST = "ODD/device-1/last_action"


def shown(hass: HomeAssistant, unique_id: str = LAST) -> tuple[str, dict[str, Any]]:
    """Return what a sensor shows, without what each one has."""
    state = state_of(hass, "sensor", unique_id)
    own = {"friendly_name", "icon"}
    return state.state, {
        key: value for key, value in state.attributes.items() if key not in own
    }


def as_event(hass: HomeAssistant, device: str = KITCHEN) -> dict[str, Any]:
    """Return what the event entity shows, as the sensor is to name it."""
    attributes = reported(state_of(hass, "event", device))
    return {"outcome": attributes.pop("event_type"), **attributes}


@callback
def record_activity(hass: HomeAssistant) -> list[State]:
    """Return a list of what Activity prints of actions: states that are other ones now.

    Each event is one, unless two are in the same thousandth of a second.
    """
    lines: list[State] = []

    @callback
    def note(event: Event[Any]) -> None:
        """Note a state that is printed."""
        before, after = event.data["old_state"], event.data["new_state"]
        if after and (
            after.entity_id.endswith("_device_action")
            or (
                after.entity_id.endswith("_last_action")
                and before
                and before.state != after.state
            )
        ):
            lines.append(after)

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return lines


def printed(lines: list[State]) -> list[str]:
    """Return what Activity prints: a state, or the type of an event."""
    return [str(line.attributes.get("event_type", line.state)) for line in lines]


async def change_actions(
    hass: HomeAssistant, cloud: Cloud, *actions: dict[str, Any]
) -> None:
    """Give a product other actions, and let that be read."""
    change_template(cloud, "ODD", *actions)
    cloud.emulator.products["ODD"].update_time += 1
    await refresh(hass)


async def confirm(hass: HomeAssistant) -> None:
    """Let a person confirm what a data template has lost."""
    await answer(hass, await fix(hass, "declarations_gone_ODD"), {})


async def set_up_odd(
    hass: HomeAssistant, cloud: Cloud, *actions: dict[str, Any]
) -> Any:
    """Set up a product with some actions."""
    add_product(cloud, "ODD", *actions)
    return await set_up(hass, cloud, ODD)


async def test_before_all(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each device has one, for diagnosis, which shows nothing before the first run."""
    await set_up(hass, cloud, FEEDER)
    assert shown(hass) == ("unknown", {})
    entity = registered(hass, "sensor", LAST)
    assert entity.entity_category is EntityCategory.DIAGNOSTIC
    assert entity.device_id == registered(hass, "event", KITCHEN).device_id
    assert entity.entity_id == "sensor.kitchen_feeder_last_action"
    assert find(hass, "sensor", "FEEDER2026/balcony-feeder/last_action")


@pytest.mark.parametrize(
    ("data", "outcome"),
    [({}, "accepted"), ({"wait_for_reply": True}, "replied")],
)
async def test_who_ran_what(
    hass: HomeAssistant, cloud: Cloud, data: dict[str, Any], outcome: str
) -> None:
    """Activity prints the name and how it ended, both with whoever started it."""
    await set_up(hass, cloud, FEEDER)
    lines = record_activity(hass)
    user = MockUser(name="Ada", is_owner=True).add_to_hass(hass)
    context = Context(user_id=user.id)
    await hass.services.async_call(
        DOMAIN,
        "feeder2026_feed",
        {"device_id": KITCHEN, "portions": 3} | data,
        blocking=True,
        context=context,
    )
    await hass.async_block_till_done()
    assert printed(lines) == ["喂食", outcome]
    assert [line.context.id for line in lines] == [context.id] * 2
    assert [line.context.user_id for line in lines] == [user.id] * 2
    name, attributes = shown(hass)
    # Neither inputs nor outputs, nor anything else.
    assert (name, attributes) == ("喂食", as_event(hass))
    assert list(attributes) == [
        "outcome",
        "action_id",
        "request_id",
        "client_token",
        "status",
    ]
    assert attributes["outcome"] == outcome
    assert attributes["client_token"].startswith("FEEDER2026::")
    assert shown(hass, "FEEDER2026/balcony-feeder/last_action") == ("unknown", {})


async def test_same_again(hass: HomeAssistant, cloud: Cloud) -> None:
    """Activity prints a name once for runs in a row, and before how the first one ended.

    So each line of how one ended belongs to the last name before it.
    """
    await set_up(hass, cloud, FEEDER)
    lines = record_activity(hass)
    tokens = []
    for action_id in ("feed", "feed", "cleanBowl", "feed", "feed"):
        await press(hass, f"{KITCHEN}/{action_id}")
        await hass.async_block_till_done()
        tokens.append(shown(hass)[1]["client_token"])
        assert shown(hass)[1] == as_event(hass)
    assert printed(lines) == [
        *("喂食", "accepted", "accepted"),
        *("清洗食盆", "accepted"),
        *("喂食", "accepted", "accepted"),
    ]
    assert len(set(tokens)) == 5


@pytest.mark.parametrize(
    ("fault", "outcome", "status"),
    [
        (Fault(code="Mystery"), "unconfirmed", "Mystery"),
        (Fault(code="RequestLimitExceeded", times=3), "failed", "RequestLimitExceeded"),
        (Fault(drop=True, execute=True), "unconfirmed", ""),
    ],
)
async def test_in_vain(
    hass: HomeAssistant, cloud: Cloud, fault: Fault, outcome: str, status: str
) -> None:
    """A run that failed, or may have been executed, is named as well."""
    cloud.expect(fault.code)
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(Fault(**vars(fault)))
    with pytest.raises(HomeAssistantError):
        await press(hass, f"{KITCHEN}/feed")
    await hass.async_block_till_done()
    name, attributes = shown(hass)
    assert (name, attributes) == ("喂食", as_event(hass))
    assert (attributes["outcome"], attributes["status"]) == (outcome, status)


async def test_cancelled(hass: HomeAssistant, cloud: Cloud) -> None:
    """So is one that was cancelled on its way."""
    await set_up(hass, cloud, FEEDER)
    with held(cloud, ASYNC) as (came, _):
        pressing = asyncio.create_task(press(hass, f"{KITCHEN}/feed"))
        await came.wait()
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)
    await hass.async_block_till_done()
    name, attributes = shown(hass)
    assert (name, attributes["outcome"]) == ("喂食", "unconfirmed")
    assert attributes == as_event(hass)


@pytest.mark.parametrize(("code", "outcome"), [(0, "replied"), (404, "failed")])
async def test_pushed_reply(
    hass: HomeAssistant, cloud: Cloud, code: int, outcome: str
) -> None:
    """What a device answers later completes its own run, also after another one began."""
    entry = await set_up_pushed(hass, cloud, FEEDER)
    lines = record_activity(hass)
    user = MockUser(name="Ada", is_owner=True).add_to_hass(hass)
    await hass.services.async_call(
        DOMAIN,
        "feeder2026_feed",
        {"device_id": KITCHEN, "portions": 1},
        blocking=True,
        context=Context(user_id=user.id),
    )
    await hass.async_block_till_done()
    token = shown(hass)[1]["client_token"]
    await press(hass, f"{KITCHEN}/cleanBowl")
    await hass.async_block_till_done()
    assert shown(hass)[0] == "清洗食盆"
    await reply(hass, entry, token, code)
    name, attributes = shown(hass)
    assert (name, attributes) == ("喂食", as_event(hass))
    assert (attributes["outcome"], attributes["code"]) == (outcome, code)
    assert attributes["client_token"] == token
    assert printed(lines) == [
        *("喂食", "accepted"),
        *("清洗食盆", "accepted"),
        *("喂食", outcome),
    ]
    assert [line.context.user_id for line in lines[-2:]] == [user.id] * 2
    await press(hass, f"{KITCHEN}/feed")
    await hass.async_block_till_done()
    assert "code" not in shown(hass)[1]


async def test_restart(hass: HomeAssistant, cloud: Cloud) -> None:
    """After a restart it shows what it showed, until something else ends."""
    attributes = {
        "outcome": "failed",
        "action_id": "feed",
        "request_id": "5-6-7",
        "client_token": "FEEDER2026::8",
        "status": "bowl is full",
        "code": 404,
    }
    entity = er.async_get(hass).async_get_or_create("sensor", DOMAIN, LAST)
    before = State(entity.entity_id, "喂食", attributes | {"friendly_name": "Old"})
    restore(hass, "sensor", LAST, before, {})
    await set_up(hass, cloud, FEEDER)
    assert shown(hass) == ("喂食", attributes)
    await press(hass, f"{KITCHEN}/cleanBowl")
    await hass.async_block_till_done()
    assert shown(hass) == ("清洗食盆", as_event(hass))


async def test_restart_with_nothing(hass: HomeAssistant, cloud: Cloud) -> None:
    """What was unavailable before a restart is not known after it."""
    restore(hass, "sensor", LAST, "unavailable", {})
    await set_up(hass, cloud, FEEDER)
    assert shown(hass) == ("unknown", {})


async def test_reload(hass: HomeAssistant, cloud: Cloud) -> None:
    """A reload and another entity id change nothing that is shown."""
    entry = await set_up(hass, cloud, FEEDER)
    await press(hass, f"{KITCHEN}/feed")
    await hass.async_block_till_done()
    before = shown(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert shown(hass) == before
    registry = er.async_get(hass)
    own = registered(hass, "sensor", LAST).entity_id
    registry.async_update_entity(own, new_entity_id="sensor.what_ran")
    await hass.async_block_till_done()
    assert shown(hass) == before
    await press(hass, f"{KITCHEN}/cleanBowl")
    await hass.async_block_till_done()
    after = shown(hass)
    assert after[0] == "清洗食盆"
    registry.async_update_entity("sensor.what_ran", new_entity_id=own)
    await hass.async_block_till_done()
    assert shown(hass) == after


@pytest.mark.parametrize(
    "name",
    ["**喂食** <b>1</b> {{ x }}", "长" * 300, "Feed", "投食 🐱"],
    ids=["marks", "long", "plain", "sign"],
)
async def test_any_name(hass: HomeAssistant, cloud: Cloud, name: str) -> None:
    """A name is shown as the data template has it, as far as a state can hold it."""
    await set_up_odd(hass, cloud, action("feed", name), action("other", name))
    for action_id in ("feed", "other"):
        own = registered(hass, "button", f"ODD/device-1/{action_id}").original_name
        assert own == name or (len(own or "") == 255 and name.startswith("长" * 255))
        await press(hass, f"ODD/device-1/{action_id}")
        await hass.async_block_till_done()
        assert shown(hass, ODD_LAST) == (own, as_event(hass, "ODD/device-1"))
        assert shown(hass, ODD_LAST)[1]["action_id"] == action_id


@pytest.mark.parametrize("name", ["unknown", "unavailable"])
async def test_name_that_says_nothing(
    hass: HomeAssistant, cloud: Cloud, name: str
) -> None:
    """A name that is a word of Home Assistant's for nothing has the action's id with it."""
    entry = await set_up_odd(hass, cloud, action("feed", name))
    await press(hass, "ODD/device-1/feed")
    await hass.async_block_till_done()
    for _ in range(2):
        assert shown(hass, ODD_LAST) == (
            f"{name} (feed)",
            as_event(hass, "ODD/device-1"),
        )
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()


async def test_renamed_action(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that is called otherwise from now on ran by the name of that time."""
    await set_up_odd(hass, cloud, action("feed", "Feed"))
    await press(hass, "ODD/device-1/feed")
    await hass.async_block_till_done()
    before = shown(hass, ODD_LAST)
    await change_actions(hass, cloud, action("feed", "喂食"))
    assert shown(hass, ODD_LAST) == before
    await press(hass, "ODD/device-1/feed")
    await hass.async_block_till_done()
    assert shown(hass, ODD_LAST)[0] == "喂食"


async def test_first_action_and_last(hass: HomeAssistant, cloud: Cloud) -> None:
    """It comes with a product's first action, and goes when a person confirms the last."""
    entry = await set_up_odd(hass, cloud)
    assert find(hass, "sensor", ODD_LAST) is None
    feed, clean = action("feed", "Feed"), action("clean", "Clean")
    await change_actions(hass, cloud, feed, clean)
    lines = record_activity(hass)
    await press(hass, "ODD/device-1/feed")
    await hass.async_block_till_done()
    assert printed(lines) == ["Feed", "accepted"]
    await change_actions(hass, cloud, clean)
    await confirm(hass)
    assert shown(hass, ODD_LAST)[0] == "Feed"
    await change_actions(hass, cloud)
    for _ in range(2):
        assert shown(hass, ODD_LAST)[0] == "Feed"
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    await confirm(hass)
    assert find(hass, "sensor", ODD_LAST) is None
    assert find(hass, "event", "ODD/device-1")
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find(hass, "sensor", ODD_LAST) is None


@pytest.mark.parametrize("policy", [one_button, one_button_to_read])
async def test_who_may(hass: HomeAssistant, cloud: Cloud, policy: Any) -> None:
    """What ends is shown to be of whoever may run it; what is refused is not shown."""
    entry = await set_up(hass, cloud, FEEDER)
    await hass.auth.async_create_user("Owner")
    user_id = await guest(policy)(hass, entry)
    press_ = hass.services.async_call(
        "button",
        "press",
        {"entity_id": button(hass, f"{KITCHEN}/feed")},
        blocking=True,
        context=Context(user_id=user_id),
    )
    if policy is one_button_to_read:
        with pytest.raises(Unauthorized):
            await press_
        assert shown(hass) == ("unknown", {})
        return
    await press_
    await hass.async_block_till_done()
    assert shown(hass)[0] == "喂食"
    assert state_of(hass, "sensor", LAST).context.user_id == user_id


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Last action"), ("zh-Hans", "最近一次行为"), ("zh-Hant", "最近一次行為")],
)
async def test_name(
    hass: HomeAssistant, cloud: Cloud, language: str, name: str
) -> None:
    """It has a name in each language, and its attributes the words of the event's."""
    hass.config.language = language
    await set_up(hass, cloud, LAMP)
    state = state_of(hass, "sensor", "LAMP202611/desk-lamp/last_action")
    assert state.name == f"desk-lamp {name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_words(language: str) -> None:
    """Its attributes are called like those of the event, whose types are the outcomes."""
    entities = load(language)["entity"]
    event = entities["event"]["device_action"]["state_attributes"]
    own = entities["sensor"]["last_action"]["state_attributes"]
    outcome, types = own.pop("outcome"), event.pop("event_type")
    assert (own, outcome["state"]) == (event, types["state"])


NOTE = parameter("last_action", "Note", type="int", min="0", max="9", start="1")
NAMESAKE = action("last_action", "Repeat", [NOTE])
OTHER = action("other", "Other", [NOTE])


async def test_namesakes(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action and inputs whose id ends the sensor's unique id live beside it."""
    entry = await set_up_odd(hass, cloud, NAMESAKE, OTHER)
    for action_id, name in (("last_action", "Repeat"), ("other", "Other")):
        await press(hass, f"ODD/device-1/{action_id}")
        await hass.async_block_till_done()
        assert shown(hass, ODD_LAST) == (name, as_event(hass, "ODD/device-1"))
        assert state_of(hass, "number", f"ODD/device-1/{action_id}/last_action")
    await hass.services.async_call(
        DOMAIN,
        "odd_last_action",
        {"device_id": "ODD/device-1", "last_action": 4},
        blocking=True,
    )
    assert cloud.executed == [
        ("device-1", "last_action", {"last_action": 1}),
        ("device-1", "other", {"last_action": 1}),
        ("device-1", "last_action", {"last_action": 4}),
    ]
    removed: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        """Note an entity that is removed."""
        if event.data["action"] == "remove":
            removed.append(event.data["entity_id"])

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, note)
    sensor = registered(hass, "sensor", ODD_LAST).entity_id
    await change_actions(hass, cloud, OTHER)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await confirm(hass)
    assert shown(hass, ODD_LAST)[0] == "Repeat"
    assert removed
    assert sensor not in removed
    assert find(hass, "button", ODD_LAST) is None
    assert find(hass, "number", f"{ODD_LAST}/last_action") is None
    assert find(hass, "number", "ODD/device-1/other/last_action")


async def test_namesake_alone(hass: HomeAssistant, cloud: Cloud) -> None:
    """The last action may have that id itself, and may come back with other inputs."""
    await set_up_odd(hass, cloud, NAMESAKE)
    await press(hass, ODD_LAST)
    await hass.async_block_till_done()
    text = parameter("last_action", "Note", type="string", min="0", max="9")
    await change_actions(hass, cloud, action("last_action", "Repeat", [text]))
    assert find(hass, "number", f"{ODD_LAST}/last_action") is None
    assert find(hass, "text", f"{ODD_LAST}/last_action")
    assert shown(hass, ODD_LAST)[0] == "Repeat"
    await change_actions(hass, cloud)
    assert shown(hass, ODD_LAST)[0] == "Repeat"
    await confirm(hass)
    assert find(hass, "button", ODD_LAST) is None
    assert find(hass, "sensor", ODD_LAST) is None


@pytest.mark.parametrize(("kept", "uses"), [([], True), ([OTHER], False)])
async def test_uses(
    hass: HomeAssistant, cloud: Cloud, kept: list[dict[str, Any]], uses: bool
) -> None:
    """Automations that use it are named where it is about to go, and only there."""
    await set_up_odd(hass, cloud, NAMESAKE, *kept)
    automation = {
        "alias": "By sensor",
        "triggers": [
            {
                "trigger": "state",
                "entity_id": registered(hass, "sensor", ODD_LAST).entity_id,
            }
        ],
        "actions": [],
    }
    assert await async_setup_component(hass, "automation", {"automation": [automation]})
    await change_actions(hass, cloud, *kept)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "declarations_gone_ODD")
    assert issue
    assert issue.translation_placeholders
    assert ("By sensor" in issue.translation_placeholders["uses"]) is uses
    assert issue.translation_placeholders["properties"] == "–"
