"""Set-up, unloading, removal, and starts without the cloud."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .entities import add_product, change_template, registered
from .helpers import (
    FEEDER,
    FIXED_SERVICES,
    LAMP,
    LOCK,
    Cloud,
    ItemClock,
    button,
    device_id,
    make_entry,
    poll,
    product,
    refresh,
    set_up,
    with_both_keys,
)
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.coordinator import UPDATE_INTERVAL
from custom_components.tencent_iot_explorer.errors import async_error_text
from emulator import EmulatedDevice, Fault, JournalEntry, Naming
from emulator.accounts import SECRET_ID
from emulator.products import action, parameter

AWAY = "http://127.0.0.1:1/"


def stored(template: str, **names: str) -> dict[str, Any]:
    """Return the file of data templates, with the feeder's."""
    return {
        "version": 1,
        "minor_version": 1,
        "key": DOMAIN,
        "data": {
            "templates": {"FEEDER2026": {"model_define": template, "update_time": 1}},
            "service_names": {f"FEEDER2026/{key}": name for key, name in names.items()},
        },
    }


async def test_requests_of_set_up(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product costs its data template and the fewest requests for its devices."""
    await set_up(hass, cloud, FEEDER, product("LAMP202611", all_devices=True))
    assert sorted(entry.call for entry in cloud.emulator.journal) == [
        "DescribeModelDefinition",
        "DescribeModelDefinition",
        "GetDeviceList",
        "GetDeviceList",
    ]


@with_both_keys
async def test_unload_and_reload(hass: HomeAssistant, cloud: Cloud) -> None:
    """Unloaded, the services stay and refuse in words; reloaded, all is as before."""
    entry = await set_up(hass, cloud, FEEDER)
    device = device_id(hass, entry, "kitchen-feeder")
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN, "feeder2026_feed", {"device_id": device}, blocking=True
        )
    assert raised.value.translation_key == "not_loaded"
    assert raised.value.translation_placeholders == {
        "device": "kitchen-feeder",
        "entry": "Home",
    }
    assert await hass.config_entries.async_setup(entry.entry_id)
    for _ in range(3):
        await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert device_id(hass, entry, "kitchen-feeder") == device
    await hass.services.async_call(
        DOMAIN, "feeder2026_feed", {"device_id": device}, blocking=True
    )
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


async def test_remove(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """With the last application services, devices and the stored templates go."""
    entry = await set_up(hass, cloud, FEEDER)
    assert DOMAIN in hass_storage
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set(hass.services.async_services_for_domain(DOMAIN)) == FIXED_SERVICES
    assert DOMAIN not in hass_storage
    registry = dr.async_get(hass)
    assert dr.async_entries_for_config_entry(registry, entry.entry_id) == []


@with_both_keys
async def test_remove_one_of_two(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """A removed application leaves the other's services and templates alone."""
    entry = await set_up(hass, cloud, FEEDER)
    await set_up(hass, cloud, LAMP, **cloud.add_key())
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {
        *FIXED_SERVICES,
        "lamp202611_echo",
        "lamp202611_blink",
    }
    assert set(hass_storage[DOMAIN]["data"]["templates"]) == {"LAMP202611"}


async def test_remove_disabled_entry(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """An application that never was set up since the start is removed cleanly."""
    hass_storage[DOMAIN] = stored(cloud.emulator.products["FEEDER2026"].model_define)
    entry = make_entry(cloud, FEEDER, disabled_by=ConfigEntryDisabler.USER)
    entry.add_to_hass(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert DOMAIN not in hass_storage


@with_both_keys
async def test_start_without_cloud(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """With a stored data template a start without the cloud is a full start."""
    hass_storage[DOMAIN] = stored(cloud.emulator.products["FEEDER2026"].model_define)
    entry = await set_up(hass, cloud, FEEDER, endpoint=AWAY)
    assert entry.state is ConfigEntryState.LOADED
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            "button",
            "press",
            {"entity_id": button(hass, "FEEDER2026/kitchen-feeder/feed")},
            blocking=True,
        )
    assert raised.value.translation_key == "cannot_connect"
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "feeder2026_feed",
            {"device_id": "FEEDER2026/kitchen-feeder"},
            blocking=True,
        )
    assert raised.value.translation_key == "cannot_connect"


@with_both_keys
async def test_start_without_cloud_with_all_devices(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """The devices of earlier starts are there, too."""
    entry = await set_up(hass, cloud, product("LAMP202611", all_devices=True), LOCK)
    data = cloud.entry_data(endpoint=AWAY)
    hass.config_entries.async_update_entry(entry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    state = hass.states.get(button(hass, "LAMP202611/hall-lamp/blink"))
    assert state
    assert state.state == "unknown"


async def test_services_exist_before_any_entry_is_set_up(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """Services of a disabled application are there from the start and refuse in words."""
    hass_storage[DOMAIN] = stored(
        cloud.emulator.products["FEEDER2026"].model_define, feed="feeder2026_old_name"
    )
    entry = make_entry(cloud, FEEDER, disabled_by=ConfigEntryDisabler.USER)
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "feeder2026_old_name",
            {"device_id": "FEEDER2026/kitchen-feeder"},
            blocking=True,
        )
    assert raised.value.translation_key == "not_loaded"


async def test_stored_template_that_cannot_be_read(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """A stored template that makes no sense is fetched anew."""
    hass_storage[DOMAIN] = stored("nonsense")
    await set_up(hass, cloud, FEEDER)
    assert button(hass, "FEEDER2026/kitchen-feeder/feed")
    templates = hass_storage[DOMAIN]["data"]["templates"]
    assert "喂食" in templates["FEEDER2026"]["model_define"]


@with_both_keys
async def test_nothing_known_and_cloud_away(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """Only then the application is not ready; it is tried again, and logged once."""
    entry = await set_up(hass, cloud, FEEDER, LAMP, endpoint=AWAY)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "setup_cannot_connect"
    await hass.config_entries.async_reload(entry.entry_id)
    assert caplog.text.count("cannot be read") == 1


async def test_bad_action(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """An action that makes no sense is left out with one warning; the rest works."""
    template = cloud.emulator.products["LAMP202611"].template
    assert isinstance(template, dict)
    template["actions"].append({"id": "broken", "input": [{"id": "x"}, "nonsense"]})
    entry = await set_up(hass, cloud, LAMP)
    await hass.config_entries.async_reload(entry.entry_id)
    assert (
        caplog.text.count("Product LAMP202611: 1 of its device actions are left out")
        == 1
    )
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {
        *FIXED_SERVICES,
        "lamp202611_echo",
        "lamp202611_blink",
    }


@with_both_keys
@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("UnauthorizedOperation.APPNoPermissionToStudioProduct", "no_permission"),
        ("UnauthorizedOperation.NoPermissionToStudioProduct", "no_permission"),
        ("UnauthorizedOperation.NoVerified", "not_verified"),
        ("AuthFailure.MFAFailure", "second_factor"),
        ("IpNotInWhitelist", "address_refused"),
        ("UnsupportedRegion", "unsupported_region"),
        ("ResourceNotFound.StudioProductNotExist", "unknown_product"),
        ("Mystery", "unknown_code"),
        ("InvalidAction", "refused"),
        ("InvalidParameterValue.ModelDefineNil", "no_data_template"),
        ("InvalidParameterValue", "invalid_input"),
    ],
)
async def test_product_in_trouble(
    hass: HomeAssistant, cloud: Cloud, code: str, key: str
) -> None:
    """A product's own failure is its own repair issue, goes with it, and harms no other."""
    cloud.expect(code)
    entry = make_entry(cloud, FEEDER, LAMP)
    entry.add_to_hass(hass)
    fault = Fault(call="DescribeModelDefinition", code=code, message="原因")
    cloud.emulator.faults.append(fault)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    issues = ir.async_get(hass).issues
    ((_, issue_id),) = [key for key in issues if key[0] == DOMAIN]
    issue = issues[(DOMAIN, issue_id)]
    assert issue.translation_key == key
    failed = issue_id.removeprefix("product_")
    title = {"FEEDER2026": "宠物喂食器", "LAMP202611": "Lamp"}[failed]
    page = "developer/auth" if key == "not_verified" else "iotexplorer"
    assert issue.translation_placeholders == {
        "product": title,
        "plain_product": title,
        "product_id": failed,
        "console_url": f"https://console.cloud.tencent.com/{page}",
        "code": code,
        "message": "原因",
        "request_id": next(
            item.request_id for item in cloud.emulator.journal if item.error_code
        ),
        "seconds": "–",
    }
    other = {"FEEDER2026": "lamp202611_blink", "LAMP202611": "feeder2026_feed"}[failed]
    assert hass.services.has_service(DOMAIN, other)
    await poll(hass)
    assert not [key for key in issues if key[0] == DOMAIN]
    assert hass.services.has_service(DOMAIN, "lamp202611_blink")
    assert hass.services.has_service(DOMAIN, "feeder2026_feed")
    assert button(hass, "LAMP202611/desk-lamp/blink")


async def test_issue_goes_with_the_entry(hass: HomeAssistant, cloud: Cloud) -> None:
    """An unloaded application leaves no repair issue."""
    cloud.emulator.products["FEEDER2026"].template = "nonsense"
    entry = await set_up(hass, cloud, FEEDER)
    assert [key[0] for key in ir.async_get(hass).issues] == [DOMAIN]
    await hass.config_entries.async_unload(entry.entry_id)
    assert not ir.async_get(hass).issues


@pytest.mark.parametrize(
    ("code", "message", "starts"),
    [
        ("AuthFailure.SignatureFailure", "", True),
        ("InvalidParameterValue.InvalidAppKey", "", True),
        ("InvalidParameterValue", "Signature 无效", True),
        ("InvalidParameterValue", "AppKey 无效", True),
        ("InvalidParameterValue", "Timestamp 无效", False),
        ("InvalidParameterValue", "Nonce 无效", False),
        ("InvalidParameterValue", "ProductId 无效", False),
        ("InvalidParameterValue.Other", "Signature 无效", False),
        ("AuthFailure.SignatureExpire", "", False),
        ("AuthFailure.MFAFailure", "", False),
        ("UnauthorizedOperation.NoVerified", "", False),
        ("UnauthorizedOperation.APPNoPermissionToStudioProduct", "", False),
        ("InternalError", "", False),
    ],
)
async def test_reauth_at_set_up(
    hass: HomeAssistant, cloud: Cloud, code: str, message: str, starts: bool
) -> None:
    """Only a key pair that is not accepted asks for another; the entry stays loaded."""
    cloud.expect(code)
    await set_up(hass, cloud, LAMP)
    cloud.emulator.faults.append(Fault(code=code, message=message, times=2))
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == ["reauth"] * starts


@pytest.mark.parametrize(
    ("access", "naming"),
    [
        *((Access.APPLICATION, naming) for naming in Naming),
        (Access.ACCOUNT, Naming.CODES),
    ],
    indirect=["access"],
)
async def test_reauth_at_press(
    hass: HomeAssistant, cloud: Cloud, naming: Naming
) -> None:
    """A press that the cloud refuses for the key pair raises and asks for another."""
    cloud.expect_wrong("Signature", naming)
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.service_api.applications = {"DemoAppKey": "NewSecret"}
    cloud.emulator.cloud_api.accounts[SECRET_ID].secret_key = "NewSecret"
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            "button",
            "press",
            {"entity_id": button(hass, "FEEDER2026/kitchen-feeder/feed")},
            blocking=True,
        )
    assert raised.value.translation_key == "invalid_signature"
    await hass.async_block_till_done(wait_background_tasks=True)
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == ["reauth"]


async def test_input_that_is_called_signature(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A refusal that may be about an input asks for no other key pair."""
    cloud.expect("InvalidParameterValue")
    inputs = [parameter("Signature", "Signature", type="string", min="0", max="9")]
    add_product(cloud, "ODD", action("sign", "Sign", inputs))
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    fault = Fault(code="InvalidParameterValue", message="Signature 无效")
    cloud.emulator.faults.append(fault)
    data = {"device_id": "ODD/device-1", "Signature": "me"}
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "odd_sign", data, blocking=True)
    assert raised.value.translation_key == "invalid_input"
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress() == []


async def test_one_product_fails(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """While one product cannot be read and another can, the log says so once."""
    await set_up(
        hass,
        cloud,
        product("FEEDER2026", ["kitchen-feeder"]),
        product("LAMP202611", all_devices=True),
    )
    cloud.emulator.faults.append(
        Fault(call="DescribeDevice", code="RequestLimitExceeded", times=9)
    )
    cloud.expect("RequestLimitExceeded")
    for _ in range(3):
        await poll(hass)
    assert caplog.text.count("Home cannot be read") == 1
    assert "can be read" not in caplog.text
    cloud.emulator.faults.clear()
    for _ in range(2):
        await poll(hass)
    assert caplog.text.count("Home can be read") == 1


async def test_product_removed_while_it_fails(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """A product that failed to the end keeps no later failure out of the log."""
    failing = product("FEEDER2026", ["kitchen-feeder"])
    entry = await set_up(hass, cloud, failing, product("LAMP202611", all_devices=True))
    cloud.expect("RequestLimitExceeded")
    fault = Fault(call="DescribeDevice", code="RequestLimitExceeded", times=3)
    cloud.emulator.faults.append(fault)
    await poll(hass)
    feeder = next(
        item for item in entry.subentries.values() if item.unique_id == "FEEDER2026"
    )
    hass.config_entries.async_remove_subentry(entry, feeder.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    cloud.emulator.faults.append(Fault(code="RequestLimitExceeded", times=3))
    await poll(hass)
    assert caplog.text.count("Home cannot be read") == 2


async def test_template_changes_while_devices_cannot_be_read(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """New actions get their buttons, whatever becomes of the devices afterwards."""
    add_product(cloud, "BIG", action("clean", "Clean"), devices=2)
    await set_up(hass, cloud, product("BIG", all_devices=True))
    change_template(
        cloud, "BIG", action("clean", "Clean"), action("rinse", "Rinse", [])
    )
    cloud.expect("RequestLimitExceeded")
    fault = Fault(call="GetDeviceList", code="RequestLimitExceeded", times=99)
    cloud.emulator.faults.append(fault)
    await refresh(hass)
    assert button(hass, "BIG/device-1/rinse")


@with_both_keys
async def test_unloaded_during_a_refresh(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """A refresh that ends after the application was unloaded says and changes nothing."""
    entry = await set_up(hass, cloud, LAMP)
    product = next(iter(entry.runtime_data.products.values()))
    cloud.withdraw("LAMP202611")
    refreshing = hass.async_create_task(product.async_refresh())
    await hass.config_entries.async_unload(entry.entry_id)
    await refreshing
    assert "Unexpected error" not in caplog.text
    assert not ir.async_get(hass).issues


@with_both_keys
async def test_issue_is_written_once(hass: HomeAssistant, cloud: Cloud) -> None:
    """The same refusal at each poll does not write the same repair again and again."""
    await set_up(hass, cloud, LAMP)
    cloud.withdraw("LAMP202611")
    written: list[str] = []
    hass.bus.async_listen(
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
        lambda event: written.append(event.data["action"]),
    )
    for _ in range(3):
        await poll(hass)
    assert written == ["create"]


async def test_cloud_away_and_back(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says once for all products that the cloud is away, and that it is back."""
    cloud.emulator.keep_alive = False
    products = [
        product(product_id, all_devices=True)
        for product_id in ("FEEDER2026", "LAMP202611", "DOORLOCK01")
    ]
    await set_up(hass, cloud, *products)
    await cloud.emulator.stop()
    for _ in range(3):
        await poll(hass)
    assert caplog.text.count("cannot be read") == 1
    await cloud.emulator.start()
    for _ in range(2):
        await poll(hass)
    assert caplog.text.count("can be read") == 1
    assert not [
        record
        for record in caplog.records
        if record.levelname == "ERROR" and DOMAIN in record.name
    ]


async def test_unpicked_device_goes(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that is not picked any more goes, the others stay."""
    entry = await set_up(hass, cloud, LAMP, product("FEEDER2026", all_devices=True))
    lamp = next(item for item in entry.subentries.values() if item.title == "Lamp")
    hass.config_entries.async_update_subentry(
        entry, lamp, data={**lamp.data, "devices": ["hall-lamp"]}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    assert {device.name for device in devices} == {
        "hall-lamp",
        "kitchen-feeder",
        "balcony-feeder",
    }


async def test_product_without_anything(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product whose template could not be read is tried again, though it has no entity."""
    cloud.expect("RequestLimitExceeded")
    fault = Fault(call="DescribeModelDefinition", code="RequestLimitExceeded", times=3)
    cloud.emulator.faults.append(fault)
    await set_up(hass, cloud, product("LAMP202611", all_devices=True))
    assert not hass.services.has_service(DOMAIN, "lamp202611_blink")
    await poll(hass)
    assert hass.services.has_service(DOMAIN, "lamp202611_blink")
    assert button(hass, "LAMP202611/desk-lamp/blink")


async def test_names_are_shown_literally(hass: HomeAssistant, cloud: Cloud) -> None:
    """Mark-up and template syntax in names of the cloud are never rendered."""
    name = "{{ 1 + 1 }} <b>bold</b> {% raise %} [link](http://x)"
    inputs = [{"id": "x", "name": name, "define": {"type": "int", "start": "1"}}]
    cloud.emulator.products["FEEDER2026"].template = {
        "actions": [{"id": "do", "name": name, "desc": name, "input": inputs}]
    }
    await set_up(hass, cloud, product("FEEDER2026", ["kitchen-feeder"], title=name))
    state = hass.states.get(button(hass, "FEEDER2026/kitchen-feeder/do"))
    assert state
    assert state.name == f"kitchen-feeder {name}"
    descriptions = await async_get_all_descriptions(hass)
    description = descriptions[DOMAIN]["feeder2026_do"]
    assert description["name"] == f"{name}: {name}"
    assert description["description"] == name
    assert description["fields"]["x"]["name"] == name
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "feeder2026_do",
            {"device_id": "FEEDER2026/kitchen-feeder", "x": "much"},
            blocking=True,
        )
    assert name in await async_error_text(hass, raised.value)


async def test_product_removed_during_a_call(hass: HomeAssistant, cloud: Cloud) -> None:
    """A call that is under way ends as it would have, and nothing is left of it."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    arrived = asyncio.Event()

    async def note(entry: JournalEntry) -> None:
        """Note that a request has arrived."""
        arrived.set()

    cloud.emulator.gate = note
    cloud.emulator.faults.append(
        Fault(call="CallDeviceActionSync", delay=0.2, execute=True)
    )
    call = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "feeder2026_feed",
            {"device_id": "FEEDER2026/kitchen-feeder", "wait_for_reply": True},
            blocking=True,
            return_response=True,
        )
    )
    await arrived.wait()
    feeder = next(item for item in entry.subentries.values() if item.title != "Lamp")
    hass.config_entries.async_remove_subentry(entry, feeder.subentry_id)
    response = await call
    assert response
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not hass.services.has_service(DOMAIN, "feeder2026_feed")
    assert entry.state is ConfigEntryState.LOADED
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


@with_both_keys
async def test_wrong_clock(hass: HomeAssistant, cloud: Cloud) -> None:
    """A wrong clock is worked around, shown as long as it lasts, and asks for no key pair."""
    cloud.expect("InvalidParameterValue", "AuthFailure.SignatureExpire")
    cloud.emulator.clock_offset = 3600
    entry = await set_up(hass, cloud, FEEDER)
    await poll(hass)
    issue_id = f"wrong_clock_{entry.entry_id}"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert issue
    assert issue.translation_placeholders == {"minutes": "60"}
    assert hass.config_entries.flow.async_progress() == []
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": button(hass, "FEEDER2026/kitchen-feeder/feed")},
        blocking=True,
    )
    assert len(cloud.executed) == 1
    cloud.emulator.clock_offset = 0
    for _ in range(2):
        await poll(hass)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    cloud.emulator.clock_offset = 3600
    for _ in range(3):
        await poll(hass)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    await hass.config_entries.async_unload(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_wrong_clock_before_the_first_set_up(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """What is shown of the clock goes with an application that never could be set up."""
    cloud.expect("InvalidParameterValue")
    cloud.emulator.clock_offset = 3600
    # The first request is refused for its time stamp, which shows the difference.
    cloud.emulator.choose_fault = lambda entry: (
        Fault(status=503) if len(cloud.emulator.journal) > 1 else None
    )
    entry = await set_up(hass, cloud, FEEDER)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    issue_id = f"wrong_clock_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    await hass.config_entries.async_remove(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_device_that_came_meanwhile(
    hass: HomeAssistant, cloud: Cloud, item_clock: ItemClock
) -> None:
    """A device that is found while many others are still being added is added, too."""
    item_clock.items = 3
    add_product(cloud, "BIG", action("clean", "Clean"), devices=150)

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        """Let the next poll find one more as soon as buttons are being added."""
        if event.data["entity_id"].startswith("button."):
            remove()
            cloud.emulator.products["BIG"].devices["new"] = EmulatedDevice(name="new")
            async_fire_time_changed(hass, dt_util.utcnow() + UPDATE_INTERVAL * 2)

    remove = hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    await set_up(hass, cloud, product("BIG", all_devices=True))
    for platform, unique_id in (
        ("button", "BIG/new/clean"),
        ("event", "BIG/new"),
        ("binary_sensor", "BIG/new"),
    ):
        assert hass.states.get(registered(hass, platform, unique_id).entity_id)
