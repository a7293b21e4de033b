"""Nothing that the cloud or a person sends keeps Home Assistant from writing its JSON."""

from collections.abc import Coroutine, Iterator
from datetime import datetime
from http import HTTPStatus
import json
import logging
import random
from typing import Any

from hypothesis import HealthCheck, example, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.restore_state import async_get as async_get_restore_state
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component

from .api.strategies import ANYTHING, OUTPUTS, TEMPLATES, TEXTS, write
from .entities import (
    action_reference,
    add_product,
    registered,
    restore,
    set_up_input,
    set_value,
    state_of,
    unset_state,
)
from .helpers import LAMP, SYNC, Cloud, device_id, product, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from emulator import Fault
from emulator.products import action, parameter

LARGEST = 2.0**53
# Where hypothesis meets Home Assistant, each example costs a set-up.
few_examples = settings(
    max_examples=25, suppress_health_check=[*HealthCheck], deadline=None
)
HUGE = 2**70


async def assert_can_be_written(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Insist that all that Home Assistant keeps and sends can be written as JSON."""
    json_bytes([state.as_dict() for state in hass.states.async_all()])
    json_bytes(
        [
            stored.as_dict()
            for stored in async_get_restore_state(hass).async_get_stored_states()
        ]
    )
    json_bytes(await async_get_all_descriptions(hass))
    json_bytes(await action_reference(hass))
    json_bytes(await async_get_config_entry_diagnostics(hass, entry))
    json_bytes([issue.to_json() for issue in ir.async_get(hass).issues.values()])
    json_bytes([item.as_partial_dict for item in er.async_get(hass).entities.values()])
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    json_bytes([item.dict_repr for item in devices])
    for state in hass.states.async_all("number"):
        attributes = state.attributes
        assert -LARGEST <= attributes["min"] <= attributes["max"] <= LARGEST
        assert 0 < attributes["step"] <= LARGEST


async def use(hass: HomeAssistant) -> None:
    """Set each input to what its entity offers first and last, and press each button."""
    offers: list[tuple[State, str, dict[str, Any]]] = []
    for state in hass.states.async_all(["number", "select", "text"]):
        attributes = state.attributes
        if state.state == "unavailable":
            continue
        if state.domain == "select":
            options = attributes["options"]
            values = [{"option": options[0]}, {"option": options[-1]}]
            service = "select_option"
        else:
            limits = [attributes["min"], attributes["max"]]
            values = [
                {"value": "x" * limit if state.domain == "text" else limit}
                for limit in limits
            ]
            service = "set_value"
        offers += [(state, service, value) for value in values]
    for state, service, value in offers:
        try:
            await hass.services.async_call(
                state.domain,
                service,
                {"entity_id": state.entity_id, **value},
                blocking=True,
            )
        except ServiceValidationError:
            # An int with a fraction as its limit, for example.
            continue


def complete(hass: HomeAssistant, example: Coroutine[Any, Any, None]) -> None:
    """Do what an example does."""
    # Home Assistant's ids are random, and hypothesis would make the same for each example.
    random.seed()
    hass.loop.run_until_complete(example)


async def http_states(client: ClientSessionGenerator) -> HTTPStatus:
    """Return what the interface answers to who asks for all states."""
    return HTTPStatus((await (await client()).get("/api/states")).status)


@pytest.mark.parametrize(
    "define",
    [
        {"type": "int", "max": "-9223372036854775807"},
        {"type": "int", "min": "9223372036854775807"},
        {"type": "float", "min": -1e300, "max": 1e18, "step": 1e300},
        {"type": "float", "min": "9007199254740992", "step": 1e-300},
        {"type": "int", "min": -(2**53), "max": 2**53, "start": 2**62},
        {"type": "string", "max": str(10**30)},
        {"type": "string", "max": str(2**62)},
    ],
)
async def test_limit(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_client: ClientSessionGenerator,
    define: dict[str, Any],
) -> None:
    """One limit of one input does not take the states of all from everybody."""
    await async_setup_component(hass, "api", {})
    await set_up_input(hass, cloud, **define)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert await http_states(hass_client) is HTTPStatus.OK
    assert isinstance(entry, MockConfigEntry)
    await assert_can_be_written(hass, entry)
    await async_get_restore_state(hass).async_dump_states()
    fields = (await async_get_all_descriptions(hass))[DOMAIN]["odd_do"]["fields"]
    selector = fields["x"]["selector"].get("number", {})
    for key in ("min", "max"):
        assert abs(selector.get(key, 0)) <= LARGEST


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Insist that nothing was logged as an error."""
    yield caplog
    assert [item for item in caplog.records if item.levelno >= logging.ERROR] == []


@few_examples
@given(TEMPLATES)
@example(
    {
        "actions": [
            {
                "id": "go",
                "name": "\ud800",
                "input": [
                    {"id": "a", "define": {"type": "int", "max": -(2**63) + 1}},
                    {
                        "id": "b",
                        "define": {"type": "enum", "mapping": {"1": "长" * 300}},
                    },
                    {"id": "c", "define": {"type": "string", "min": 0, "max": 2**62}},
                ],
            }
        ]
    }
)
def test_template(
    hass: HomeAssistant,
    cloud: Cloud,
    log: pytest.LogCaptureFixture,
    document: object,
) -> None:
    """Whatever a data template declares can be shown, used, kept and sent."""

    async def run() -> None:
        """Set the product up, use it, and remove it."""
        add_product(cloud, "ODD")
        cloud.emulator.products["ODD"].template = write(document)
        entry = await set_up(hass, cloud, product("ODD", ["device-1"]))
        await assert_can_be_written(hass, entry)
        await use(hass)
        await assert_can_be_written(hass, entry)
        await hass.config_entries.async_remove(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)

    complete(hass, run())


@few_examples
@given(OUTPUTS, TEXTS, TEXTS)
@example({"n": HUGE, "\ud800": ["\ud800", float("nan"), 1e300]}, "\ud800", "\ud800")
@example("[" * 300 + "]" * 300, "x" * 100_000, "x" * 100_000)
def test_reply(
    hass: HomeAssistant,
    cloud: Cloud,
    log: pytest.LogCaptureFixture,
    outputs: object,
    status: str,
    token: str,
) -> None:
    """Whatever a device answers, the response and the event can be written."""

    async def run() -> None:
        """Run an action of a lamp and wait for its reply."""
        entries = hass.config_entries.async_entries(DOMAIN)
        entry = entries[0] if entries else await set_up(hass, cloud, LAMP)
        reply = {"ClientToken": token, "Status": status, "OutputParams": outputs}
        body = write({"Response": reply})
        cloud.emulator.faults.append(Fault(call=SYNC, body=body))
        try:
            response = await hass.services.async_call(
                DOMAIN,
                "lamp202611_blink",
                {"device_id": "LAMP202611/desk-lamp", "wait_for_reply": True},
                blocking=True,
                return_response=True,
            )
        except HomeAssistantError as err:
            response = {"error": err.translation_placeholders}
        await hass.async_block_till_done()
        json_bytes(response)
        assert isinstance(entry, MockConfigEntry)
        await assert_can_be_written(hass, entry)

    complete(hass, run())


@few_examples
@given(ANYTHING, ANYTHING, st.dictionaries(TEXTS | st.integers(), ANYTHING, max_size=3))
@example("blink", {10**5000: "\ud800"}, {})
@example(10**5000, {True: 2}, {})
@example("go", {"object": HUGE, "list": [HUGE]}, {})
@example("go", {"object": {"t": datetime(2026, 1, 1)}, "list": []}, {})
def test_call(
    hass: HomeAssistant,
    cloud: Cloud,
    action_id: object,
    inputs: object,
    more: dict[Any, object],
) -> None:
    """Whatever a service is called with is run or refused in words."""

    async def run() -> None:
        """Call the service that runs any action, and one that was made of it."""
        if not hass.config_entries.async_entries(DOMAIN):
            inputs_of_go = [
                parameter("object", "Object", type="struct"),
                parameter("list", "List", type="array"),
            ]
            add_product(cloud, "ODD", action("go", "Go", inputs_of_go))
            await set_up(hass, cloud, product("ODD", ["device-1"]))
        device = {"device_id": "ODD/device-1"}
        asked = {"action_id": action_id, "inputs": inputs}
        for service, data in (
            ("call_action", {**device, **asked}),
            ("call_action", {"device_id": action_id, "action_id": "go"}),
            ("odd_go", {**more, **device}),
        ):
            try:
                response = await hass.services.async_call(
                    DOMAIN,
                    service,
                    data,
                    blocking=True,
                    context=Context(),
                    return_response=True,
                )
            except HomeAssistantError as err:
                json_bytes(err.translation_placeholders)
            else:
                json_bytes(response)

    complete(hass, run())


@pytest.mark.parametrize(
    "stored",
    [
        HUGE,
        -HUGE,
        float("nan"),
        float("inf"),
        1e300,
        "\ud800",
        [1],
        {"a": 1},
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    ("platform", "data_type"),
    [
        ("number", "int"),
        ("number", "float"),
        ("text", "string"),
        ("datetime", "timestamp"),
    ],
)
async def test_restored(
    hass: HomeAssistant,
    cloud: Cloud,
    platform: str,
    data_type: str,
    stored: object,
) -> None:
    """A value that was stored and cannot be shown is no value."""
    extra = {"value": stored, "is_chosen": True}
    unique_id = "ODD/device-1/do/x"
    entity = registered_before(hass, platform, unique_id)
    restore(hass, platform, unique_id, State(entity, "1"), extra)
    await set_up_input(hass, cloud, type=data_type)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    is_text = platform == "text" and isinstance(stored, str) and stored.isascii()
    shown = str(stored) if is_text else unset_state(platform)
    assert state_of(hass, platform, unique_id).state == shown
    assert isinstance(entry, MockConfigEntry)
    await assert_can_be_written(hass, entry)


def registered_before(hass: HomeAssistant, platform: str, unique_id: str) -> str:
    """Return the id of an entity that the registry knows from before the start."""
    er.async_get(hass).async_get_or_create(platform, DOMAIN, unique_id)
    return registered(hass, platform, unique_id).entity_id


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Pacific/Kiritimati"])
async def test_time_without_utc(hass: HomeAssistant, cloud: Cloud, zone: str) -> None:
    """A time that no state can show is refused, and the entity goes on."""
    await hass.config.async_set_time_zone(zone)
    unique_id = await set_up_input(hass, cloud, type="timestamp")
    edge = "9999-12-31 23:59:59" if zone.startswith("Etc") else "0001-01-01 00:00:00"
    with pytest.raises(ServiceValidationError) as raised:
        await set_value(hass, "datetime", unique_id, edge)
    assert raised.value.translation_key == "value_not_a_time"
    await set_value(hass, "datetime", unique_id, "2026-11-26 08:00:00")
    assert state_of(hass, "datetime", unique_id).state.startswith("2026-11-2")


@few_examples
@given(
    st.lists(TEXTS, max_size=3), st.integers() | st.sampled_from((HUGE, -1, "1", 1.5))
)
@example(["a/b", "x" * 49, "\ud800"], 3)
def test_device_list(
    hass: HomeAssistant,
    cloud: Cloud,
    names: list[str],
    total: object,
) -> None:
    """Whatever the list of devices holds, it can be kept and shown."""

    async def run() -> None:
        """Set up a product with all its devices, and remove it."""
        add_product(cloud, "ODD", action("go", "Go"))
        devices = [
            {"DeviceName": name, "Status": HUGE, "Version": name, "LoginTime": HUGE}
            for name in names
        ]
        body = write({"Response": {"Devices": devices, "Total": total}})
        fault = Fault(call="GetDeviceList", body=body, times=3)
        cloud.emulator.faults.append(fault)
        entry = await set_up(hass, cloud, product("ODD", all_devices=True))
        await assert_can_be_written(hass, entry)
        await hass.config_entries.async_remove(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        cloud.emulator.faults.clear()

    complete(hass, run())


async def test_update_time(hass: HomeAssistant, cloud: Cloud) -> None:
    """A time of change beyond all numbers is none, and the template is taken over."""
    add_product(cloud, "ODD", action("go", "Go"))
    cloud.emulator.products["ODD"].update_time = HUGE
    entry = await set_up(hass, cloud, product("ODD", ["device-1"]))
    assert hass.services.has_service(DOMAIN, "odd_go")
    assert device_id(hass, entry, "device-1")
    await assert_can_be_written(hass, entry)
    json.dumps(entry.as_dict(), default=str)
