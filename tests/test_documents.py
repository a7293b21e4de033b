"""The documents, followed as a person would: each example is run, each sentence said."""

from collections.abc import Iterator
import json
import re
from typing import Any

import pytest
import yaml

from homeassistant.core import HomeAssistant, ServiceResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.helpers.template import Template
from homeassistant.setup import async_setup_component

from .documents import (
    CHINESE,
    ENGLISH,
    Documents,
    codes,
    each_language,
    example,
    rows,
    section,
)
from .entities import (
    ECHO_ON_THE_WIRE,
    action_reference,
    add_product,
    press,
    reported,
    state_of,
)
from .helpers import FEEDER, LOCK, Cloud, device_id, listen, poll, product, set_up
from .pushes import console_rule
from .voice import say, set_up_feeders
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.reports.costs import Use, costs_of
from emulator.products import action

KITCHEN = "FEEDER2026/kitchen-feeder"
DEVICES = ["balcony-feeder", "kitchen-feeder"]
# In the unit of time stamps that a new product has.
LAMP = product(
    "LAMP202611", ["desk-lamp", "hall-lamp"], title="Lamp", timestamp_unit="seconds"
)
CLEANED = [(name, "cleanBowl", {}) for name in DEVICES]
# What arrives at the devices from each example that is a single call.
CALLS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "One device": [("kitchen-feeder", "feed", {"portions": 3})],
    "All types of inputs": [
        (
            "desk-lamp",
            "echo",
            ECHO_ON_THE_WIRE | {"text": "Good evening", "moment": 1795435200},
        )
    ],
    "A structure": [("front-door", "setSchedule", {"schedule": {"day": 1}})],
    "Several devices": CLEANED,
    "Any action of any product": [("kitchen-feeder", "feed", {"portions": 1})],
    "All devices of an area at once": CLEANED,
}
CARDS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "A button": [("kitchen-feeder", "cleanBowl", {})],
    "Open a door after a question": [
        ("front-door", "openDoor", {"mode": 0, "userid": "wall-panel"})
    ],
}
OTHERS = {
    "A ready card",
    "A script",
    "The reference of all actions",
    "An automation on failures",
    "The true end of an action",
    "Feed each morning",
    "Act on the reply",
    "Go on although a device fails",
    "Read the state now",
    "Read what devices report",
    "Write several properties",
}
TEXTS = ("alias", "name", "title", "message", "text")


async def set_up_demo(hass: HomeAssistant, cloud: Cloud, documents: Documents) -> None:
    """Set up what the examples use, in the language and time zone that they are for."""
    hass.config.language = documents.language
    await hass.config.async_set_time_zone("Asia/Shanghai")
    entry = await set_up(hass, cloud, FEEDER, LAMP, LOCK)
    area = ar.async_get(hass).async_create("Kitchen")
    assert area.id == "kitchen"
    for name in DEVICES:
        dr.async_get(hass).async_update_device(
            device_id(hass, entry, name), area_id=area.id
        )


def example_here(hass: HomeAssistant, documents: Documents, name: str) -> Any:
    """Return an example with the ids that the devices have here."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    ids = {shown: device_id(hass, entry, device) for shown, device in documents.devices}

    def replace(value: Any) -> Any:
        """Return a part of it with the ids of here."""
        if isinstance(value, dict):
            return {key: replace(item) for key, item in value.items()}
        if isinstance(value, list):
            return [replace(item) for item in value]
        return ids.get(value, value) if isinstance(value, str) else value

    return replace(example(documents, name))


async def run(
    hass: HomeAssistant, *steps: dict[str, Any], answer: str | None = None
) -> ServiceResponse:
    """Run steps as a script, and return one of its variables if that is wanted."""
    stop = {"stop": "Done", "response_variable": answer}
    sequence = [*steps, *([stop] if answer else [])]
    config = {"script": {"test": {"sequence": sequence}}}
    assert await async_setup_component(hass, "script", config)
    return await hass.services.async_call(
        "script", "test", blocking=True, return_response=bool(answer)
    )


async def automate(hass: HomeAssistant, config: dict[str, Any]) -> str:
    """Set up an automation and return its entity id."""
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()
    (entity_id,) = hass.states.async_entity_ids("automation")
    state = hass.states.get(entity_id)
    assert state
    assert state.state == "on"
    return entity_id


async def trigger(hass: HomeAssistant, entity_id: str) -> None:
    """Run an automation as if its time had come."""
    data = {"entity_id": entity_id}
    await hass.services.async_call("automation", "trigger", data, blocking=True)
    await hass.async_block_till_done()


async def turn_off(hass: HomeAssistant, entity_id: str) -> None:
    """Let an automation wait for nothing any more."""
    data = {"entity_id": entity_id}
    await hass.services.async_call("automation", "turn_off", data, blocking=True)


def skeleton(value: Any) -> Any:
    """Return an example without what is said in a language."""
    if isinstance(value, dict):
        return {key: skeleton(item) for key, item in value.items() if key not in TEXTS}
    return [skeleton(item) for item in value] if isinstance(value, list) else value


@each_language
def test_all_examples_are_run(documents: Documents) -> None:
    """Each block of YAML is an example that is run here, the same in each language."""
    assert ENGLISH.examples.keys() == {*CALLS, *CARDS, *OTHERS}
    assert len(documents.examples) == len(documents.blocks("yaml"))
    assert skeleton(list(documents.examples.values())) == skeleton(
        list(ENGLISH.examples.values())
    )


def device_ids(value: Any) -> Iterator[Any]:
    """Yield what stands for devices at any depth of an example."""
    if isinstance(value, dict):
        if "device_id" in value:
            yield value["device_id"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from device_ids(item)


@each_language
def test_devices_are_lists_of_ids(documents: Documents) -> None:
    """Devices stand as the visual editor writes them: it cannot show anything else."""
    known = dict(documents.devices)
    assert len(known) == len(documents.devices) == len(set(known.values())) == 5
    found = list(device_ids(list(documents.examples.values())))
    assert len(found) >= 10
    for ids in found:
        assert isinstance(ids, list)
        assert set(ids) <= known.keys()


@each_language
async def test_devices_by_their_names(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """The form for shared files works as well, and so do the ways to find an id."""
    await set_up_demo(hass, cloud, documents)
    services = section(documents, "Which devices")
    assert f"`{KITCHEN}`" in services
    call = example(documents, "One device")
    call["target"]["device_id"] = [KITCHEN]
    await run(hass, call)
    assert cloud.executed == CALLS["One device"]
    (template,) = [text for text in codes(services) if text.startswith("{{ device_id")]
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    found = Template(template, hass).async_render()
    assert found == device_id(hass, entry, "kitchen-feeder")


@each_language
@pytest.mark.parametrize("name", CALLS)
async def test_call(
    hass: HomeAssistant, cloud: Cloud, documents: Documents, name: str
) -> None:
    """A call reaches the devices with the inputs that it names."""
    await set_up_demo(hass, cloud, documents)
    await run(hass, example_here(hass, documents, name))
    assert sorted(cloud.executed) == CALLS[name]


@each_language
@pytest.mark.parametrize("name", CARDS)
async def test_card(
    hass: HomeAssistant, cloud: Cloud, documents: Documents, name: str
) -> None:
    """A tap on the card of a dashboard does what the card says."""
    await set_up_demo(hass, cloud, documents)
    card = example_here(hass, documents, name)
    assert card["type"] == "button"
    tap = card["tap_action"]
    assert tap.pop("action") == "perform-action"
    asks = tap.pop("confirmation", None)
    assert bool(asks) is (name == "Open a door after a question")
    assert tap.keys() <= {"perform_action", "data", "target"}
    await run(hass, tap | {"action": tap.pop("perform_action")})
    assert cloud.executed == CARDS[name]


@each_language
async def test_ready_card(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """The card to be pasted is what the reference of all actions returns."""
    await set_up_demo(hass, cloud, documents)
    reference = await action_reference(hass)
    feed = reference["FEEDER2026"]["actions"]["feed"]
    card = example(documents, "A ready card")
    assert feed["cards"]["kitchen-feeder"] == card


@each_language
async def test_values(hass: HomeAssistant, cloud: Cloud, documents: Documents) -> None:
    """Each way to write a value arrives as the table says, for each type of input."""
    await set_up_demo(hass, cloud, documents)
    echo = cloud.emulator.products["LAMP202611"].action("echo")
    assert echo
    inputs = {item["define"]["type"]: item["id"] for item in echo["input"]}
    service = example_here(hass, documents, "All types of inputs")
    structure = example_here(hass, documents, "A structure")
    table = [
        cells
        for cells in rows(section(documents, "Inputs"))
        if codes(cells[1]) and codes(cells[2])
    ]
    assert [codes(cells[0]) for cells in table[:-1]] == [[kind] for kind in inputs]
    for kind, written, arrives in table:
        for text in codes(written):
            value = yaml.safe_load(text)
            if codes(kind):
                key, call = inputs[codes(kind)[0]], service
            else:
                key, call = "schedule", structure
            data = call["data"] | {key: value}
            domain, name = call["action"].split(".")
            await hass.services.async_call(
                domain, name, data, blocking=True, target=call["target"]
            )
            (wanted,) = codes(arrives)
            assert json.dumps(cloud.executed[-1][2][key]) == wanted, text


@each_language
async def test_script(hass: HomeAssistant, cloud: Cloud, documents: Documents) -> None:
    """The script shows what the device answered."""
    await set_up_demo(hass, cloud, documents)
    shown = listen(hass)
    config = {"script": {"feed": example_here(hass, documents, "A script")}}
    assert await async_setup_component(hass, "script", config)
    await hass.services.async_call("script", "feed", blocking=True)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 2})]
    words = {"en": "90 % of the food is left.", "zh-Hans": "余粮还有 90 %。"}
    assert [call.data["message"] for call in shown] == [words[documents.language]]


@each_language
async def test_response(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """The response holds for each device what is documented of it, and no more."""
    await set_up_demo(hass, cloud, documents)
    call = example_here(hass, documents, "One device")
    call["data"]["wait_for_reply"] = True
    found: Any = await run(hass, call | {"response_variable": "found"}, answer="found")
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    answer = found.pop(device_id(hass, entry, "kitchen-feeder"))
    assert found == {}
    assert answer.keys() == {"status", "client_token", "request_id", "outputs"}
    for name in answer:
        assert f"`{name}`" in section(documents, "The answer")


@each_language
async def test_service_names(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """Each service that is named is there; the page for makers has a product of its own."""
    await set_up_demo(hass, cloud, documents)
    text = "\n".join(page.text for page in documents.pages if page.name != "makers")
    named = set(re.findall(rf"(?<![/\w]){DOMAIN}\.([a-z0-9_]+)", text))
    assert len(named) >= 9
    assert named <= hass.services.async_services_for_domain(DOMAIN).keys()


@each_language
async def test_reference(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """The reference names inputs and outputs, and its YAML can be run as it is."""
    await set_up_demo(hass, cloud, documents)
    found: Any = await run(
        hass,
        example_here(hass, documents, "The reference of all actions"),
        answer="reference",
    )
    (feeder,) = found.values()
    feed = feeder["actions"]["feed"]
    assert feed["inputs"].keys() == {"portions"}
    assert feed["outputs"].keys() == {"remaining"}
    call = yaml.safe_load(feed["yaml"])
    domain, service = call["action"].split(".")
    await hass.services.async_call(
        domain, service, call["data"], blocking=True, target=call["target"]
    )
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


@each_language
async def test_failures(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """The automation reports a failure, and neither of success nor of a restart."""
    await set_up_demo(hass, cloud, documents)
    shown = listen(hass)
    automation = await automate(
        hass, example_here(hass, documents, "An automation on failures")
    )
    await press(hass, f"{KITCHEN}/cleanBowl")
    await hass.async_block_till_done()
    assert shown == []
    cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"].status = 0
    with pytest.raises(HomeAssistantError):
        await press(hass, f"{KITCHEN}/cleanBowl")
    await hass.async_block_till_done()
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    (call,) = shown
    assert call.data["message"] == (
        "cleanBowl: failed (FailedOperation.ActionUnreachable)"
    )
    for name in reported(state_of(hass, "event", KITCHEN)):
        assert f"`{name}`" in section(documents, "Events")
    await turn_off(hass, automation)


@each_language
async def test_true_end(
    hass: HomeAssistant, cloud: Cloud, documents: Documents, home_address: str
) -> None:
    """The automation tells how the device ended what the cloud has taken over."""
    await set_up_demo(hass, cloud, documents)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    webhook_id = "5f" * 32
    address = f"{home_address}/api/webhook/{webhook_id}"
    options = {"push": True, "webhook_id": webhook_id, "address": address}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_reload(entry.entry_id)
    console_rule(cloud, address, "FEEDER2026")
    shown = listen(hass)
    automation = await automate(
        hass, example_here(hass, documents, "The true end of an action")
    )
    device = cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"]
    for code in (0, 3):
        device.reply_code = code
        await run(hass, example_here(hass, documents, "One device"))
        await cloud.emulator.forwarder.done()
        await hass.async_block_till_done()
    assert [call.data["message"].split() for call in shown] == [
        ["replied", "(code", "0)"],
        ["failed", "(code", "3)"],
    ]
    await turn_off(hass, automation)


@each_language
async def test_breakfast(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """The automation feeds three portions."""
    await set_up_demo(hass, cloud, documents)
    automation = await automate(
        hass, example_here(hass, documents, "Feed each morning")
    )
    await trigger(hass, automation)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 3})]
    await turn_off(hass, automation)


@each_language
@pytest.mark.parametrize(("remaining", "notifies"), [(20, False), (19, True)])
async def test_act_on_reply(
    hass: HomeAssistant,
    cloud: Cloud,
    documents: Documents,
    remaining: int,
    notifies: bool,
) -> None:
    """Somebody is notified exactly when little food is left."""
    await set_up_demo(hass, cloud, documents)
    outputs = cloud.emulator.products["FEEDER2026"].outputs
    outputs["feed"] = lambda inputs: {"remaining": remaining}
    shown = listen(hass)
    automation = await automate(hass, example_here(hass, documents, "Act on the reply"))
    await trigger(hass, automation)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 3})]
    assert bool(shown) is notifies
    await turn_off(hass, automation)


@each_language
async def test_go_on(hass: HomeAssistant, cloud: Cloud, documents: Documents) -> None:
    """The lamp that is online blinks although the one before could not."""
    await set_up_demo(hass, cloud, documents)
    config = example_here(hass, documents, "Go on although a device fails")
    await run(hass, *config["sequence"])
    tried = [
        entry.parameters["DeviceName"]
        for entry in cloud.emulator.requests("CallDeviceActionAsync")
    ]
    assert tried == ["hall-lamp", "desk-lamp"]
    assert cloud.executed == [("desk-lamp", "blink", {})]


@each_language
async def test_read_now(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """The state is read at once, by one request for all devices of the product."""
    await set_up_demo(hass, cloud, documents)
    assert await async_setup_component(hass, "homeassistant", {})
    cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"].status = 0
    cloud.emulator.journal.clear()
    await run(hass, example_here(hass, documents, "Read the state now"))
    await hass.async_block_till_done()
    assert [entry.call for entry in cloud.emulator.journal] == ["GetDeviceList"]
    assert state_of(hass, "binary_sensor", KITCHEN).state == "off"


@each_language
async def test_read_properties(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """What the page says of the response is in it."""
    await set_up_demo(hass, cloud, documents)
    step = example_here(hass, documents, "Read what devices report")
    response = await run(hass, step, answer="reported")
    assert response
    (feeder,) = response.values()
    assert isinstance(feeder, dict)
    assert feeder.keys() == {"food_level", "child_lock"}
    for described in feeder.values():
        assert isinstance(described, dict)
        assert [
            name
            for name in described
            if name in codes(section(documents, "Read and write properties"))
        ] == [
            "value",
            "unit",
            "reported_at",
        ]


@each_language
async def test_write_properties(
    hass: HomeAssistant, cloud: Cloud, documents: Documents
) -> None:
    """Both properties are written, by one request."""
    await set_up_demo(hass, cloud, documents)
    cloud.emulator.journal.clear()
    await run(hass, example_here(hass, documents, "Write several properties"))
    writes = [
        entry.parameters
        for entry in cloud.emulator.journal
        if entry.call == "ControlDeviceData"
    ]
    assert [(item["DeviceName"], json.loads(item["Data"])) for item in writes] == [
        ("desk-lamp", {"power_switch": 1, "brightness": 60})
    ]


@each_language
def test_cost_of_properties(documents: Documents) -> None:
    """The table follows the paces that properties and events are read at."""
    table = rows(section(documents, "Cost of properties and events"))
    assert len(table) == 5
    for cells in table:
        devices, *numbers = (int(re.sub(r"\D", "", cell)) for cell in cells)
        costs = costs_of(
            Use(devices=devices, total=devices, properties=devices, events=devices)
        )
        assert numbers == [costs.property_interval, costs.properties, costs.events]


@each_language
@pytest.mark.parametrize(
    ("number", "total", "chosen"), [(0, 300, 1), (1, 80, 2), (2, 1000, 3), (3, 1000, 0)]
)
async def test_cost(
    hass: HomeAssistant,
    cloud: Cloud,
    documents: Documents,
    number: int,
    total: int,
    chosen: int,
) -> None:
    """Each row of the table of costs counts sixty polls and one data template."""
    table = rows(section(documents, "Cost of polling"))
    assert len(table) == 4
    names = add_product(cloud, "BIG", action("do", "Do"), devices=total)
    await set_up(hass, cloud, product("BIG", names[:chosen], all_devices=not chosen))
    cloud.emulator.journal.clear()
    await poll(hass)
    assert 60 * len(cloud.emulator.journal) + 1 == int(table[number][-1])


@pytest.mark.parametrize(
    ("documents", "product_id", "column", "languages", "count"),
    [
        (ENGLISH, "EN", 0, ["en"], 5),
        (CHINESE, "HANS", 0, ["zh-CN"], 6),
        (CHINESE, "HANT", 1, ["zh-HK", "zh-TW"], 6),
    ],
    ids=["en", "zh-Hans", "zh-Hant"],
)
async def test_voice(
    hass: HomeAssistant,
    cloud: Cloud,
    documents: Documents,
    product_id: str,
    column: int,
    languages: list[str],
    count: int,
) -> None:
    """Each sentence of the tables runs one action."""
    await set_up_feeders(hass, cloud, product_id, exposed=["clean", "feed"])
    table = [codes(" ".join(cells)) for cells in rows(section(documents, "Voice"))]
    examples = [found[column] for found in table]
    assert len(examples) == count
    for language in languages:
        for text in examples:
            before = len(cloud.executed)
            await say(hass, text, language)
            assert len(cloud.executed) == before + 1, text
