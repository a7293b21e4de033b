"""The service that returns what can be called, ready to be copied."""

import math
from typing import Any

from hypothesis import assume, given
import pytest
import yaml

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from .api.helpers import MILLISECONDS, make_action
from .api.strategies import DEFINES, parse_parameter
from .entities import action_reference, add_product, find
from .helpers import DOMAIN, FEEDER, LAMP, LOCK, Cloud, device_id, product, set_up
from custom_components.tencent_iot_explorer.actions.reference import example_value
from custom_components.tencent_iot_explorer.api.data_template import Number, Text
from custom_components.tencent_iot_explorer.api.values import to_wire
from emulator.products import action, parameter


async def test_each_example_works(hass: HomeAssistant, cloud: Cloud) -> None:
    """The YAML of each action of each product can be run as it is."""
    await set_up(hass, cloud, FEEDER, LAMP, LOCK)
    products = await action_reference(hass)
    assert products.keys() == {"FEEDER2026", "LAMP202611", "DOORLOCK01"}
    wanted: list[tuple[str, str]] = []
    for item in products.values():
        for action_id, described in item["actions"].items():
            example = yaml.safe_load(described["yaml"])
            domain, service = example["action"].split(".")
            await hass.services.async_call(
                domain,
                service,
                example.get("data"),
                blocking=True,
                target=example["target"],
            )
            (shown,) = example["target"]["device_id"]
            device = dr.async_get(hass).async_get(shown)
            assert device
            assert device.name
            wanted.append((device.name, action_id))
    assert [(device, action_id) for device, action_id, _ in cloud.executed] == wanted
    assert len(wanted) > 5


async def test_what_is_described(hass: HomeAssistant, cloud: Cloud) -> None:
    """Names, services, inputs by their field, outputs and limits are described."""
    inputs = [
        parameter(
            "portions", "份数", type="int", min="1", max="5", start="2", unit="份"
        ),
        parameter(
            "device_id", "Which", type="enum", mapping={"0": "left", "1": "right"}
        ),
    ]
    outputs = [parameter("left", "Left", type="float", unit="%")]
    feed = action("feed", "喂食", inputs, outputs)
    add_product(cloud, "OTHER", feed, devices=1)
    others = product("OTHER", all_devices=True, title="Other")
    entry = await set_up(hass, cloud, others, LOCK)
    shown = device_id(hass, entry, "device-1")
    rows = [
        (find(hass, "number", "OTHER/device-1/feed/portions"), "份数"),
        (find(hass, "select", "OTHER/device-1/feed/device_id"), "Which"),
        (find(hass, "button", "OTHER/device-1/feed"), "喂食"),
    ]
    assert await action_reference(hass, product_id="OTHER") == {
        "OTHER": {
            "name": "Other",
            "actions": {
                "feed": {
                    "name": "喂食",
                    "description": "",
                    "inputs": {
                        "portions": {
                            "name": "份数",
                            "type": "int",
                            "allowed": "1 – 5 份",
                            "default": 2,
                        },
                        "input_device_id": {
                            "name": "Which",
                            "type": "enum",
                            "allowed": "0 (left), 1 (right)",
                        },
                    },
                    "outputs": {
                        "left": {"name": "Left", "type": "float", "allowed": "%"}
                    },
                    "yaml": (
                        f"action: {DOMAIN}.other_feed\n"
                        "target:\n"
                        "  device_id:\n"
                        f"  - {shown}\n"
                        "data:\n"
                        "  portions: 2\n"
                        "  input_device_id: '0'\n"
                    ),
                    "cards": {
                        "device-1": {
                            "type": "entities",
                            "title": "device-1: 喂食",
                            "entities": [
                                {"entity": entity_id, "name": name}
                                for entity_id, name in rows
                            ],
                        }
                    },
                }
            },
        }
    }


async def test_without_application(hass: HomeAssistant, cloud: Cloud) -> None:
    """While the application is not loaded, the stored data templates are described."""
    entry = await set_up(
        hass, cloud, FEEDER, product("LAMP202611", all_devices=True, title="Lamp")
    )
    await hass.config_entries.async_unload(entry.entry_id)
    products = await action_reference(hass)
    feed = products["FEEDER2026"]["actions"]["feed"]["yaml"]
    assert f"- {device_id(hass, entry, 'kitchen-feeder')}\n" in feed
    blink = yaml.safe_load(products["LAMP202611"]["actions"]["blink"]["yaml"])
    assert blink["target"]["device_id"] == [device_id(hass, entry, "desk-lamp")]


async def test_without_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where no device is known that could be called, a stand-in for its id is shown."""
    cloud.emulator.products["LAMP202611"].devices.clear()
    entry = await set_up(hass, cloud, product("LAMP202611", all_devices=True), FEEDER)
    registry = dr.async_get(hass)
    for name in ("kitchen-feeder", "balcony-feeder"):
        disabled = dr.DeviceEntryDisabler.USER
        registry.async_update_device(device_id(hass, entry, name), disabled_by=disabled)
    for item in (await action_reference(hass)).values():
        for described in item["actions"].values():
            example = yaml.safe_load(described["yaml"])
            assert example["target"] == {"device_id": ["<device id>"]}
            domain, service = example["action"].split(".")
            with pytest.raises(ServiceValidationError) as raised:
                await hass.services.async_call(
                    domain, service, blocking=True, target=example["target"]
                )
            assert raised.value.translation_key == "device_not_found"


async def test_unknown_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product that is not configured is refused by its name."""
    await set_up(hass, cloud, FEEDER)
    with pytest.raises(ServiceValidationError) as raised:
        await action_reference(hass, product_id="NOBODY")
    assert raised.value.translation_key == "product_not_found"
    assert raised.value.translation_placeholders == {"product": "NOBODY"}


@given(DEFINES)
def test_examples_of_all_kinds(define: dict[str, Any]) -> None:
    """Whatever an input is declared as, its example is accepted."""
    declared = parse_parameter({"id": "a", "define": define})
    assume(declared is not None)
    assert declared
    kind = declared.type
    assume(not isinstance(kind, Text) or kind.shortest <= 1000)
    if (
        isinstance(kind, Number | Text)
        and kind.minimum is not None
        and kind.maximum is not None
    ):
        # Between 1.5 and 1.5 there is no whole number that could be an example.
        assume(math.ceil(kind.minimum) <= kind.maximum)
    wire = to_wire(make_action(declared), {"a": example_value(declared)}, MILLISECONDS)
    assert wire.keys() == {"a"}
