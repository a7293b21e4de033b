"""Ids that the platform does not give are refused by name, and nothing else is lost."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .entities import add_product, find, press, registered, set_value, state_of
from .helpers import LAMP, Cloud, poll, product, refresh, set_up
from .test_diagnostics import of_entry
from .test_gone_devices import ALL_LAMPS, device_issue, issues, lamps, names
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice
from emulator.products import action, parameter

LEVEL = parameter("level", "Level", type="int")
NO_ID = "is no id: it must be a text of at most 128 letters, digits, _ and -"


async def test_slashes(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """No two ids can be joined to the same one, and who is left out is named."""
    add_product(
        cloud,
        "ODD",
        action("x/reboot", "Reboot"),
        action("a", "A", [parameter("b/c", "C", type="int")]),
        action("a/b", "B", [parameter("c", "C", type="int")]),
        action("fine", "Fine", [LEVEL]),
    )
    entry = await set_up(hass, cloud, product("ODD", ["device-1"]))
    (configured,) = entry.runtime_data.products.values()
    assert list(configured.actions) == ["fine"]
    left_out = {
        "number 1 (x/reboot)": f"'x/reboot' {NO_ID}",
        "a": f"'b/c' {NO_ID}",
        "number 3 (a/b)": f"'a/b' {NO_ID}",
    }
    for name, reason in left_out.items():
        assert f"{name}, because {reason}" in caplog.text
    (diagnosed,) = (await of_entry(hass, entry))["products"]
    assert diagnosed["actions_unusable"] == left_out
    services = hass.services.async_services_for_domain(DOMAIN)
    assert [name for name in services if name.startswith("odd")] == ["odd_fine"]
    await set_value(hass, "number", "ODD/device-1/fine/level", 5)
    await press(hass, "ODD/device-1/fine")
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "call_action",
            {"device_id": "ODD/device-1", "action_id": "x/reboot"},
            blocking=True,
        )
    placeholders = raised.value.translation_placeholders
    assert placeholders
    assert (placeholders["action"], placeholders["actions"]) == ("x/reboot", "fine")


async def test_first_definition(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that is declared twice is the first one, also if that is unusable."""
    broken = action("go", "First", [parameter("x", "X", type="enum")])
    add_product(cloud, "ODD", broken, action("go", "Second"), action("fine", "Fine"))
    entry = await set_up(hass, cloud, product("ODD", ["device-1"]))
    assert find(hass, "button", "ODD/device-1/go") is None
    assert not hass.services.has_service(DOMAIN, "odd_go")
    assert find(hass, "button", "ODD/device-1/fine")
    cloud.emulator.products["ODD"].template = {"actions": [action("fine", "Fine")]}
    await refresh(hass)
    (configured,) = entry.runtime_data.products.values()
    assert not configured.gone.actions
    assert issues(hass) == []


async def test_stored_before(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What an earlier release took over with other ids survives the start."""
    model = '{"actions":[{"id":"x/reboot"},{"id":"喂食"},{"id":"fine"}]}'
    hass_storage[DOMAIN] = {
        "version": 1,
        "minor_version": 1,
        "key": DOMAIN,
        "data": {
            "templates": {"ODD": {"model_define": model, "update_time": 1599468019}},
            "service_names": {
                "ODD/x/reboot": "odd_x_reboot",
                "ODD/喂食": "odd_wei_shi",
                "ODD/fine": "odd_fine",
            },
        },
    }
    add_product(cloud, "ODD")
    cloud.emulator.products["ODD"].template = model
    old = er.async_get(hass).async_get_or_create(
        "button", DOMAIN, "ODD/device-1/x/reboot"
    )
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    assert hass.services.has_service(DOMAIN, "odd_fine")
    assert state_of(hass, "button", "ODD/device-1/fine").state == "unknown"
    assert er.async_get(hass).async_get(old.entity_id)
    assert "number 1 (x/reboot)" in caplog.text
    assert "number 2 (喂食)" in caplog.text
    names = hass_storage[DOMAIN]["data"]["service_names"]
    assert names["ODD/x/reboot"] == "odd_x_reboot"


@pytest.mark.parametrize("name", ["a/b", "x" * 49, "客厅"])
async def test_configured_device(hass: HomeAssistant, cloud: Cloud, name: str) -> None:
    """A configured device that cannot exist is asked about, and never sent for."""
    await set_up(hass, cloud, product("LAMP202611", ["desk-lamp", name]))
    unique_id = f"LAMP202611/{name}/blink"
    assert registered(hass, "button", unique_id)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, unique_id)
    assert raised.value.translation_key == "unknown_device"
    placeholders = raised.value.translation_placeholders
    assert placeholders
    assert placeholders["message"].startswith(f"'{name}' is no DeviceName")
    await poll(hass)
    await poll(hass)
    assert device_issue(hass, name)
    await press(hass, "LAMP202611/desk-lamp/blink")
    assert cloud.executed == [("desk-lamp", "blink", {})]
    asked = [entry.parameters.get("DeviceName") for entry in cloud.emulator.journal]
    assert name not in asked


async def test_listed_devices(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """Devices of the list whose names are none are left out, and named once."""
    for name in ("a/b", "x" * 49):
        lamps(cloud)[name] = EmulatedDevice(name=name)
    entry = await set_up(hass, cloud, ALL_LAMPS)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}
    message = f"2 devices are left out, because a DeviceName is 1 to 48 letters, digits, _, - and :, which these are not: a/b, {'x' * 49}"
    assert message in caplog.text
    (diagnosed,) = (await of_entry(hass, entry))["products"]
    assert diagnosed["devices_left_out"] == 2
    lamps(cloud)["c:d"] = EmulatedDevice(name="c:d")
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp", "c:d"}
    del lamps(cloud)["hall-lamp"]
    await poll(hass)
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "c:d"}
    assert caplog.text.count(message) == 1


@pytest.mark.parametrize(
    "device_id",
    ["LAMP202611/a/b", "LAMP202611/客厅", "LAMP202611/desk-lamp/blink", "/"],
)
async def test_called_device(hass: HomeAssistant, cloud: Cloud, device_id: str) -> None:
    """A device that cannot exist is refused by its name in a service call."""
    await set_up(hass, cloud, LAMP)
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "call_action",
            {"device_id": device_id, "action_id": "blink"},
            blocking=True,
        )
    assert raised.value.translation_key == "device_not_found"
    assert raised.value.translation_placeholders == {"device": device_id}


@pytest.mark.parametrize("product_id", ["a/b", "a(", "喂食", "x" * 300, "(" * 300])
async def test_configured_product(
    hass: HomeAssistant, cloud: Cloud, product_id: str
) -> None:
    """A configured product that cannot exist harms no other, and can be let go of."""
    cloud.expect("ResourceNotFound.StudioProductNotExist")
    entry = await set_up(hass, cloud, LAMP, product(product_id, ["device-1"]))
    await press(hass, "LAMP202611/desk-lamp/blink")
    assert issues(hass) == [f"product_{product_id}"]
    subentry = next(item for item in entry.subentries.values() if item.title != "Lamp")
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == []
    assert dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
