"""Entries with the keys of accounts: refused ones, several, and beside applications."""

import asyncio
from dataclasses import replace

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .entities import add_product, press, state_of
from .helpers import ASYNC, FEEDER, LAMP, LIST, Cloud, poll, product, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from emulator import Fault, JournalEntry
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.products import action

BLINK = "LAMP202611/desk-lamp/blink"
FEED = "FEEDER2026/kitchen-feeder/feed"
BEIJING = "ap-beijing"


@pytest.fixture
def access() -> Access:
    """Let entries have the key of an account, unless a test says otherwise."""
    return Access.ACCOUNT


def asked_for_keys(hass: HomeAssistant) -> list[str]:
    """Return the entries for which a person is asked for another key pair."""
    flows = hass.config_entries.flow.async_progress()
    assert {flow["context"]["source"] for flow in flows} <= {"reauth"}
    return [flow["context"]["entry_id"] for flow in flows]


def add_beijing(cloud: Cloud, devices: int = 1) -> list[str]:
    """Put a product into another region, and return its devices' names."""
    names = add_product(cloud, "BEIJING", action("do", "Do"), devices=devices)
    made = cloud.emulator.products["BEIJING"]
    made.project = replace(made.project, project_id="prj-beijing", region=BEIJING)
    return names


async def set_up_application(hass: HomeAssistant, cloud: Cloud) -> MockConfigEntry:
    """Set up an application with the feeder."""
    cloud.access = Access.APPLICATION
    return await set_up(hass, cloud, FEEDER)


@pytest.mark.parametrize("way", ["press", "poll"])
@pytest.mark.parametrize(
    ("code", "text", "asks"),
    [
        ("AuthFailure.SecretIdNotFound", "unknown_secret_id", True),
        ("AuthFailure.InvalidSecretId", "unknown_secret_id", True),
        ("AuthFailure.SignatureFailure", "invalid_signature", True),
        ("AuthFailure.TokenFailure", "invalid_credentials", True),
        ("AuthFailure.InvalidAuthorization", "invalid_credentials", True),
        ("AuthFailure.SignatureExpire", "wrong_clock", False),
        ("AuthFailure.MFAFailure", "second_factor", False),
        ("UnauthorizedOperation.NoVerified", "not_verified", False),
        ("IpNotInWhitelist", "address_refused", False),
        ("UnsupportedRegion", "unsupported_region", False),
        ("UnauthorizedOperation.NoPermissionToStudioProduct", "no_permission", False),
    ],
)
async def test_refused_key(
    hass: HomeAssistant, cloud: Cloud, code: str, text: str, asks: bool, way: str
) -> None:
    """Only a key pair that is not accepted asks for another; all else is words."""
    cloud.expect(code)
    entry = await set_up(hass, cloud, LAMP)
    cloud.emulator.faults.append(Fault(code=code, message="原因", times=9))
    if way == "press":
        with pytest.raises(HomeAssistantError) as raised:
            await press(hass, BLINK)
        assert raised.value.translation_key == text
        assert "原因" in str(raised.value)
    else:
        await poll(hass)
        issue = ir.async_get(hass).async_get_issue(DOMAIN, "product_LAMP202611")
        if asks or text == "wrong_clock":
            assert issue is None
        else:
            assert issue
            assert issue.translation_key == text
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert asked_for_keys(hass) == [entry.entry_id] * asks


async def test_key_that_is_gone(hass: HomeAssistant, cloud: Cloud) -> None:
    """A deleted key is asked for once, however often it is tried, and stops no reload."""
    cloud.expect("AuthFailure.SecretIdNotFound")
    entry = await set_up(hass, cloud, LAMP)
    account = cloud.emulator.cloud_api.accounts.pop(SECRET_ID)
    for _ in range(2):
        await poll(hass)
        with pytest.raises(HomeAssistantError):
            await press(hass, BLINK)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert asked_for_keys(hass) == [entry.entry_id]
    cloud.emulator.cloud_api.accounts[SECRET_ID] = account
    await poll(hass)
    await press(hass, BLINK)
    assert len(cloud.executed) == 1


async def test_two_regions(hass: HomeAssistant, cloud: Cloud) -> None:
    """One SecretId in two regions is two entries, each with what its region has."""
    add_beijing(cloud)
    await set_up(hass, cloud, LAMP)
    await set_up(hass, cloud, product("BEIJING", ["device-1"]), region=BEIJING)
    await press(hass, BLINK)
    await press(hass, "BEIJING/device-1/do")
    regions = {
        entry.parameters["ProductId"]: entry.headers["X-TC-Region"]
        for entry in cloud.emulator.journal
    }
    assert regions == {"LAMP202611": "ap-guangzhou", "BEIJING": BEIJING}
    assert len(cloud.executed) == 2


async def under_way(hass: HomeAssistant, cloud: Cloud, calls: list[str]) -> list[str]:
    """Return which of many calls are under way at once while the cloud is slow."""
    arrived: list[str] = []
    release = asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Answer no action until all have arrived that can."""
        if request.call == ASYNC:
            arrived.append(request.parameters["ProductId"])
            await release.wait()

    cloud.emulator.gate = hold
    tasks = [
        hass.async_create_task(
            hass.services.async_call(
                DOMAIN,
                "call_action",
                {"device_id": device, "action_id": "do"},
                blocking=True,
            )
        )
        for device in calls
    ]
    before = -1
    while len(arrived) > before:
        before = len(arrived)
        for _ in range(200):
            await asyncio.sleep(0)
    at_once = list(arrived)
    release.set()
    await asyncio.gather(*tasks)
    cloud.emulator.gate = None
    assert len(cloud.executed) == len(calls)
    return at_once


async def test_limits_are_those_of_the_key(hass: HomeAssistant, cloud: Cloud) -> None:
    """Two regions of one SecretId share its ten slots; another key has ten of its own."""
    beijing = add_beijing(cloud, 8)
    near = add_product(cloud, "NEAR", action("do", "Do"), devices=8)
    other = add_product(cloud, "OTHER", action("do", "Do"), devices=8)
    await set_up(hass, cloud, product("NEAR", near))
    await set_up(hass, cloud, product("BEIJING", beijing), region=BEIJING)
    await set_up(hass, cloud, product("OTHER", other), **cloud.add_key())
    calls = [
        f"{product_id}/{name}"
        for product_id in ("NEAR", "BEIJING", "OTHER")
        for name in near
    ]
    at_once = await under_way(hass, cloud, calls)
    assert at_once.count("NEAR") + at_once.count("BEIJING") == 10
    assert at_once.count("OTHER") == 8


async def test_beside_an_application(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each entry uses its own interface; what happens to one key harms no other."""
    cloud.expect("AuthFailure.SignatureFailure")
    account = await set_up(hass, cloud, LAMP)
    application = await set_up_application(hass, cloud)
    await press(hass, BLINK)
    await press(hass, FEED)
    used = {
        entry.parameters["ProductId"]: entry.interface
        for entry in cloud.emulator.journal
    }
    assert used == {
        "LAMP202611": cloud.emulator.cloud_api,
        "FEEDER2026": cloud.emulator.service_api,
    }
    cloud.emulator.cloud_api.accounts[SECRET_ID].secret_key = "rotated"
    await poll(hass)
    assert asked_for_keys(hass) == [account.entry_id]
    assert state_of(hass, "binary_sensor", "LAMP202611/desk-lamp").state == (
        "unavailable"
    )
    assert state_of(hass, "binary_sensor", "FEEDER2026/kitchen-feeder").state == "on"
    await press(hass, FEED)
    assert await hass.config_entries.async_unload(application.entry_id)
    cloud.emulator.cloud_api.accounts[SECRET_ID].secret_key = SECRET_KEY
    await press(hass, BLINK)
    assert len(cloud.executed) == 4


async def test_an_application_becomes_an_account(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Another kind of key is used from then on; devices, entities and services stay."""
    entry = await set_up_application(hass, cloud)
    before = hass.states.async_entity_ids()
    cloud.access = Access.ACCOUNT
    hass.config_entries.async_update_entry(entry, data=cloud.entry_data())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.async_entity_ids() == before
    await press(hass, FEED)
    assert cloud.emulator.journal[-1].interface is cloud.emulator.cloud_api
    assert len(cloud.executed) == 1


async def test_diagnostics(hass: HomeAssistant, cloud: Cloud) -> None:
    """They say which kind of key there is and its region, and nothing of the key."""
    cloud.expect("Mystery")
    entry = await set_up(hass, cloud, product("LAMP202611", all_devices=True))
    cloud.emulator.faults.append(
        Fault(call=LIST, code="Mystery", message=f"{SECRET_ID} {SECRET_KEY}")
    )
    await poll(hass)
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["settings"] == {
        "access": "account",
        "secret_id": "**REDACTED**",
        "secret_key": "**REDACTED**",
        "region": "ap-guangzhou",
        "endpoint": "another endpoint",
    }
    (lamp,) = diagnostics["products"]
    assert lamp["failure"] == "unknown_code"
    (requests,) = lamp["requests"].values()
    assert requests == {
        "DescribeModelDefinition": {"template": 1},
        "GetDeviceList": {"poll": 2},
    }
    text = str(diagnostics)
    for secret in (SECRET_ID, SECRET_KEY, "desk-lamp", "127.0.0.1", entry.unique_id):
        assert secret not in text
