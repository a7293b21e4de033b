"""Nothing leaks: what this integration writes, searched for every secret there is."""

from collections.abc import Iterator
from hashlib import blake2b
from inspect import isawaitable
import json
import logging
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    get_system_health_info,
)

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .entities import add_product, press, state_of
from .events import add_doors, pass_seconds
from .helpers import (
    ASYNC,
    SYNC,
    Cloud,
    device_id,
    poll,
    product,
    set_up,
    with_both_keys,
)
from .plugs import READ, WRITE
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.coordinator import SLOW_UPDATE_INTERVAL
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from emulator import Fault
from emulator.accounts import Account
from emulator.products import action, event, parameter, property_, template

KEY = "AKID-key-2718281828"
SECRET = "secret-3141592653"
# With a character that JSON escapes, once and again, before what is looked for.
PASSWORD = 'pass"word-1618033988'
OF_DEVICE = 'another"one-5772156649'
OF_DEVICES = (
    "psk-of-",
    "cert-of-",
    "lora-app-key-of-",
    "lora-app-session-key-of-",
    "lora-network-session-key-of-",
)
OPEN = action(
    "open",
    "Open",
    [
        parameter("password", "Password", type="string", min="1", max="64"),
        parameter("times", "Times", type="int", min="1", max="9", start="1"),
    ],
)

PROPERTIES = (
    property_("admin_password", "Password", type="string", min="0", max="64"),
    property_("volume", "Volume", type="int", min="0", max="9", step="1"),
)
# Each way with the call that it leads to, and the password that is sent with that.
WAYS = {
    "button": (ASYNC, PASSWORD),
    "button 2": (ASYNC, OF_DEVICE),
    "call_action": (ASYNC, PASSWORD),
    "safe_open": (ASYNC, PASSWORD),
    "reply": (SYNC, PASSWORD),
    "several": (ASYNC, PASSWORD),
    "get_properties": (READ, ""),
    "set_properties": (WRITE, PASSWORD),
}


def safe() -> ConfigSubentryData:
    """Return a product with a secret input whose value is kept with its settings."""
    settings = product(
        "SAFE",
        ["device-1", "device-2"],
        title="Grandmother's safes",
        use_properties=True,
    )
    return ConfigSubentryData(
        **{
            **settings,
            "data": {
                **settings["data"],
                "secret_inputs": {"open": {"password": PASSWORD}},
                "device_secret_inputs": {"device-2": {"open": {"password": OF_DEVICE}}},
            },
        }
    )


def add_safes(cloud: Cloud) -> None:
    """Put safes into the cloud that report their secret, and what is none."""
    add_product(cloud, "SAFE", OPEN, devices=2)
    safes = cloud.emulator.products["SAFE"]
    safes.template = template("SAFE", OPEN, properties=PROPERTIES)
    for device in safes.devices.values():
        device.report(admin_password=PASSWORD, volume=2)


def use_key(cloud: Cloud) -> dict[str, str]:
    """Let the cloud know that key pair alone, and return what an entry has of it."""
    if cloud.access is Access.ACCOUNT:
        cloud.emulator.cloud_api.accounts = {KEY: Account(secret_key=SECRET)}
        cloud.emulator.cloud_api.variants.lists_show_keys = True
        return {"secret_id": KEY, "secret_key": SECRET}
    cloud.emulator.service_api.applications = {KEY: SECRET}
    return {"app_key": KEY, "app_secret": SECRET}


def signed_with(cloud: Cloud) -> set[str]:
    """Return what each request showed of the key pair or was signed by, hashes included."""
    return {
        text
        for entry in cloud.emulator.journal
        for text in (
            *entry.credentials,
            *re.findall(r"[0-9a-f]{64}", entry.string_to_sign),
        )
    }


def faults(password: str = PASSWORD) -> Iterator[Fault]:
    """Yield what goes wrong; the cloud repeats all that it was sent."""
    echo = f"{KEY} {SECRET}"
    if password:
        echo += f" {password} {json.dumps(password)}"
    for code in (
        "InvalidParameter.ActionInputParamsInvalid",
        "AuthFailure.SignatureFailure",
        "AuthFailure.MFAFailure",
        "UnsupportedOperation.InstanceIsolated",
        "RequestLimitExceeded",
        "InternalError",
        f"Strange.{SECRET}",
    ):
        yield Fault(code=code, message=echo, times=9)
    yield Fault(status=502, body=echo)
    yield Fault(body=echo)
    yield Fault(drop=True)
    yield Fault(payload={"ClientToken": "", "Status": f"FailedOperation.X|{echo}"})
    yield Fault(payload={"ClientToken": "token", "Status": f"opened with {echo}"})


async def call_everything(hass: HomeAssistant, cloud: Cloud) -> list[str]:
    """Press and call in every way, well and badly, and return the words of all errors."""
    errors: list[str] = []
    for way, (name, password) in WAYS.items():
        for fault in (None, *faults(password)):
            cloud.emulator.faults = (
                [Fault(**vars(fault) | {"call": name})] if fault else []
            )
            try:
                await call(hass, way)
            except HomeAssistantError as err:
                errors += [str(err), str(err.translation_placeholders)]
    cloud.emulator.faults = []
    return errors


async def call(hass: HomeAssistant, way: str) -> None:
    """Run the action in one way, with the secret."""
    if way.startswith("button"):
        await press(hass, f"SAFE/device-{2 if way.endswith('2') else 1}/open")
        return
    data: dict[str, Any] = {"device_id": ["SAFE/device-1"]}
    if way == "get_properties":
        response = await hass.services.async_call(
            DOMAIN, way, data, blocking=True, return_response=True
        )
        assert PASSWORD not in json_dumps(response)
        assert "volume" in json_dumps(response)
        return
    if way == "set_properties":
        data["properties"] = {"admin_password": PASSWORD, "volume": 3}
        await hass.services.async_call(DOMAIN, way, data, blocking=True)
        return
    if way == "several":
        data["device_id"].append("SAFE/device-2")
    if way == "call_action":
        data |= {"action_id": "open", "inputs": {"password": PASSWORD, "times": 2}}
    else:
        data |= {"password": PASSWORD, "times": 2, "wait_for_reply": way == "reply"}
    service = "call_action" if way == "call_action" else "safe_open"
    await hass.services.async_call(DOMAIN, service, data, blocking=True)


async def everything_written(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> dict[str, str]:
    """Return all that this integration writes, by the location where it stands."""
    device = dr.async_get(hass).async_get(device_id(hass, entry, "device-1"))
    assert device
    diagnostics = [
        await async_get_config_entry_diagnostics(hass, entry),
        await async_get_device_diagnostics(hass, entry, device),
    ]
    health = {
        key: await value if isawaitable(value) else value
        for key, value in (await get_system_health_info(hass, DOMAIN)).items()
    }
    async_fire_time_changed(hass, dt_util.utcnow() + 2 * SLOW_UPDATE_INTERVAL)
    await hass.async_block_till_done(wait_background_tasks=True)
    issues = [
        issue for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN
    ]
    flows = hass.config_entries.flow.async_progress()
    assert issues
    assert flows
    assert {DOMAIN, f"{DOMAIN}.calls"} <= storage.keys()
    return {
        "states": json_dumps([state.as_dict() for state in hass.states.async_all()]),
        "entities": repr(list(er.async_get(hass).entities.values())),
        "devices": repr(
            dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        ),
        "issues": repr(issues),
        "dialogs": repr(flows).replace(repr(entry.unique_id), ""),
        "diagnostics": json_dumps(diagnostics),
        "system health": json_dumps(health),
        "stores": json.dumps(
            {key: data for key, data in storage.items() if key.startswith(DOMAIN)}
        ),
        "log": "\n".join(
            f"{record.getMessage()} {record.exc_text}"
            for record in caplog.records
            if DOMAIN in record.name
        ),
    }


@with_both_keys
async def test_nothing_leaks(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Set-up, calls, failures, diagnostics, health and the debug log hold no secret."""
    caplog.set_level(logging.DEBUG, f"custom_components.{DOMAIN}")
    key = use_key(cloud)
    cloud.expect(*(fault.code for fault in faults()))
    assert await async_setup_component(hass, "system_health", {})
    add_safes(cloud)
    entry = await set_up(hass, cloud, safe(), **key)
    errors = await call_everything(hass, cloud)
    assert len(errors) > 60
    keys = f"{KEY} {SECRET}"
    for fault in (
        Fault(code="AuthFailure.SignatureFailure", message=keys),
        Fault(code="Mystery", message=keys),
    ):
        cloud.expect(fault.code)
        cloud.emulator.faults = [Fault(**vars(fault) | {"times": 3})]
        await poll(hass)
    cloud.emulator.faults = [
        Fault(call="GetDeviceList", code="Mystery", message=KEY, times=99)
    ]
    await poll(hass)

    written = await everything_written(hass, entry, hass_storage, caplog)
    written["errors"] = "\n".join(errors)
    assert "CallDeviceActionSync" in written["log"]
    assert "ControlDeviceData" in written["log"]
    assert "DescribeDeviceData" in written["log"]
    assert "device-1" in written["log"]
    passwords = [PASSWORD, OF_DEVICE]
    parts = [password.partition('"')[2] for password in passwords]
    secrets = [SECRET, *passwords, *parts, *OF_DEVICES]
    sent = [item.inputs["password"] for item in cloud.emulator.executed]
    assert set(sent) == set(passwords)
    for location, text in written.items():
        for secret in (*secrets, *signed_with(cloud)):
            assert secret not in text, f"{secret} stands in {location}"
    for name in ("device-1", "Grandmother", cloud.emulator.endpoint):
        assert name not in written["diagnostics"]


@with_both_keys
async def test_events_leak_nothing(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is secret of an event stands nowhere, and cannot be guessed from what does."""
    caplog.set_level(logging.DEBUG, f"custom_components.{DOMAIN}")
    pin = parameter("pin", "PIN", type="string", min="1", max="64")
    member = {"id": "pin", "name": "PIN", "dataType": {"type": "string"}}
    unlocked = event(
        "unlocked",
        "Unlocked",
        "info",
        [
            pin,
            parameter("user", "User", type="struct", specs=[member]),
            parameter("way", "Way", type="string"),
        ],
    )
    (door,) = add_doors(cloud, unlocked)
    entry = await set_up(
        hass, cloud, product("DOOR", ["device-1"], use_properties=True)
    )
    sent = {"pin": PASSWORD, "user": {"pin": PASSWORD}, "way": "key", "more": PASSWORD}
    door.raise_event("unlocked", "info", sent)
    at = door.events[0].time_stamp
    await pass_seconds(hass, freezer)
    await pass_seconds(hass, freezer, 301)
    state = state_of(hass, "event", "DOOR/device-1/event:unlocked")
    assert state.attributes["way"] == "key"
    stored = hass_storage[f"{DOMAIN}.events"]["data"]
    (seen,) = stored["DOOR"]["device-1"]["info"]["seen"]
    written = "\n".join(
        (
            json_dumps([item.as_dict() for item in hass.states.async_all()]),
            json_dumps(await async_get_config_entry_diagnostics(hass, entry)),
            json.dumps(hass_storage),
            caplog.text,
        )
    )
    assert PASSWORD not in written
    assert PASSWORD.partition('"')[2] not in written
    # Who has the file alone and knows all but the secret learns nothing by trying.
    for text in (
        f"unlocked\0{at}\0{json.dumps(sent)}",
        f"unlocked{at}{json.dumps(sent)}",
    ):
        assert blake2b(text.encode(), digest_size=9).hexdigest() != seen
