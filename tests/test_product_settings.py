"""Settings of a product that only its own dialog can change: secrets and replacements."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from .emulator import EmulatedDevice, EmulatedProduct
from .emulator.products import action, parameter, template
from .entities import add_product
from .helpers import LAMP, Cloud, button, device_id, look, poll, product, set_up
from .test_config_flow import shown
from .test_product_flow import answer, start

SAFE = product("SAFE", ["safe"])
NAME = "Open (open): PIN (pinCode)"


@pytest.fixture
def _safe(cloud: Cloud) -> None:
    """Add a product with a secret input to the emulated cloud."""
    inputs = [
        parameter("pinCode", "PIN", type="string", min="4", max="8"),
        parameter("seconds", "Seconds", type="int", min="1", max="9", start="3"),
    ]
    cloud.emulator.products["SAFE"] = EmulatedProduct(
        product_id="SAFE",
        template=template(
            "SAFE", action("open", "Open", inputs), action("close", "Close")
        ),
        devices={"safe": EmulatedDevice(name="safe")},
    )


async def press(hass: HomeAssistant) -> None:
    """Open the safe."""
    await hass.services.async_call(
        "button", "press", {"entity_id": button(hass, "SAFE/safe/open")}, blocking=True
    )


def settings(**secrets: str) -> dict[str, Any]:
    """Return what a person fills in."""
    return {
        "product_name": "Safe",
        "all_devices": False,
        "devices": ["safe"],
        "secret_inputs": secrets,
    }


@pytest.mark.usefixtures("_safe")
async def test_secret_input(hass: HomeAssistant, cloud: Cloud) -> None:
    """A secret is typed in the product's dialog, sent by the button, and shown nowhere."""
    entry = await set_up(hass, cloud, SAFE)
    (subentry,) = entry.subentries.values()
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass)
    assert raised.value.translation_key == "inputs_needed"
    flow = await start(hass, entry, subentry.subentry_id)
    await answer(hass, flow, settings())
    assert "secret_inputs" not in entry.subentries[subentry.subentry_id].data
    flow = await start(hass, entry, subentry.subentry_id)
    result = await answer(hass, flow, settings(**{NAME: "123"}))
    assert result["errors"] == {"base": "secret_not_allowed"}
    assert result["description_placeholders"]["input"] == NAME
    assert result["description_placeholders"]["minimum"] == "4"
    assert result["description_placeholders"]["maximum"] == "8"
    result = await answer(hass, flow, settings(**{NAME: "271828"}))
    assert result["reason"] == "reconfigure_successful"
    await press(hass)
    assert cloud.executed == [("safe", "open", {"pinCode": "271828", "seconds": 3})]
    assert not [state for state in hass.states.async_all() if "271828" in str(state)]
    flow = await start(hass, entry, subentry.subentry_id)
    assert "271828" not in str(flow)
    await answer(hass, flow, settings())
    await press(hass)
    assert len(cloud.executed) == 2


@pytest.mark.usefixtures("_safe")
async def test_right_secret_beside_a_wrong_answer(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """What was typed rightly need not be typed again, and does not come back."""
    entry = await set_up(hass, cloud, SAFE)
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    result = await answer(hass, flow, settings(**{NAME: "4711"}) | {"devices": []})
    assert result["errors"] == {"devices": "no_devices_chosen"}
    assert "4711" not in str(shown(result))
    result = await answer(hass, flow, settings())
    assert result["reason"] == "reconfigure_successful"
    await press(hass)
    assert cloud.executed == [("safe", "open", {"pinCode": "4711", "seconds": 3})]


@pytest.mark.usefixtures("_safe")
async def test_secret_that_is_not_allowed_any_more(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A stored secret that the template forbids since is refused, without naming it."""
    entry = await set_up(hass, cloud, SAFE)
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    await answer(hass, flow, settings(**{NAME: "271828"}))
    pin = parameter("pinCode", "PIN", type="string", min="1", max="4")
    cloud.emulator.products["SAFE"].template = template(
        "SAFE", action("open", "Open", [pin])
    )
    await look(hass)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass)
    assert raised.value.translation_key == "value_wrong_length"
    assert "271828" not in str(raised.value.translation_placeholders)
    assert cloud.executed == []


@pytest.mark.usefixtures("_safe")
async def test_secret_of_an_action_that_is_gone(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A secret that nothing asks for any more is not kept."""
    entry = await set_up(hass, cloud, SAFE)
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    await answer(hass, flow, settings(**{NAME: "271828"}))
    cloud.emulator.products["SAFE"].template = template(
        "SAFE", action("close", "Close")
    )
    flow = await start(hass, entry, subentry_id)
    assert "secret_inputs" not in flow["data_schema"].schema
    values = settings()
    del values["secret_inputs"]
    await answer(hass, flow, values)
    assert "secret_inputs" not in entry.subentries[subentry_id].data


@pytest.mark.parametrize("replaces", [True, False])
async def test_replaced_by_a_newcomer(
    hass: HomeAssistant, cloud: Cloud, replaces: bool
) -> None:
    """A new device can take the place of one that the cloud has no more."""
    entry = await set_up(hass, cloud, LAMP)
    device = device_id(hass, entry, "hall-lamp")
    entity_id = button(hass, "LAMP202611/hall-lamp/blink")
    lamps = cloud.emulator.products["LAMP202611"].devices
    del lamps["hall-lamp"]
    lamps["spare-lamp"] = EmulatedDevice(name="spare-lamp")
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    chosen = {
        "product_name": "Lamp",
        "all_devices": False,
        "devices": ["desk-lamp", "spare-lamp"],
    }
    flow = await answer(hass, flow, chosen)
    assert flow["step_id"] == "replace"
    assert flow["description_placeholders"]["device"] == "hall\\-lamp"
    options = flow["data_schema"].schema["new_device"].config["options"]
    assert options == ["spare-lamp"]
    result = await answer(hass, flow, {"new_device": "spare-lamp"} if replaces else {})
    assert result["reason"] == "reconfigure_successful"
    moved = dr.async_get(hass).async_get(device)
    assert (moved is not None) is replaces
    new_button = button(hass, "LAMP202611/spare-lamp/blink")
    assert (new_button == entity_id) is replaces
    assert entry.subentries[subentry_id].data["devices"] == chosen["devices"]


async def test_device_beyond_the_list_is_not_asked_about(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Of a product that is too large to list, no device is said to be gone."""
    add_product(cloud, "BIG", action("clean", "Clean"), devices=700)
    entry = await set_up(hass, cloud, product("BIG", ["device-699"]))
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    chosen = {
        "product_name": "Big",
        "all_devices": False,
        "devices": ["device-1"],
    }
    result = await answer(hass, flow, chosen)
    assert result["reason"] == "reconfigure_successful"


async def test_unpicked_device_is_not_asked_about(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A device that still exists is simply not used any more."""
    entry = await set_up(hass, cloud, product("LAMP202611", ["hall-lamp"]))
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    chosen = {"product_name": "Lamp", "all_devices": False, "devices": ["desk-lamp"]}
    result = await answer(hass, flow, chosen)
    assert result["reason"] == "reconfigure_successful"
    await poll(hass)
    assert button(hass, "LAMP202611/desk-lamp/blink")
