"""A secret that was typed need not be typed again because of another field."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .dialogs import account_key, answer, key_pair, replace_flow, shown, start
from .entities import add_product
from .helpers import FEEDER, Cloud, set_up
from .test_translations import load
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.flows.form_error import FormError
from custom_components.tencent_iot_explorer.flows.key_form import APPLICATION_KEY
from custom_components.tencent_iot_explorer.schema import vol
from emulator import Fault
from emulator.accounts import SECRET_KEY, Account
from emulator.products import action, parameter
from emulator.service_api import APP_SECRET

SECRETS = {"account": "secret_key", "application": "app_secret"}
KEYS = {"account": "secret_id", "application": "app_key"}
VALUE = "pin-1618033988"
PIN = "Open (open): PIN (pin)"
OPEN = action("open", "Open", [parameter("pin", "PIN", type="string", min="9")])
KEPT = "\n\n**Kept as you typed it. Leave this empty to keep it.**"
each_kind = pytest.mark.parametrize("kind", SECRETS)
each_dialog = pytest.mark.parametrize("source", ["user", "reauth", "reconfigure"])
NEXT_STEP = {"account": "product", "application": "devices"}


def typed(cloud: Cloud, kind: str, source: str = "user", **changes: Any) -> Any:
    """Return what a person types of a key; one that replaces another is another."""
    if kind == "account":
        key = account_key(cloud)
        if source != "user":
            key |= {"secret_id": "AKIDOTHER"}
        return key | changes
    key = key_pair(cloud)
    if source != "user":
        key |= {"app_key": "Other"}
        del key["product_id"]
    return key | changes


def without_secret(key: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return what a browser sends if the field of the secret is left empty."""
    return {name: value for name, value in key.items() if name != SECRETS[kind]}


async def open_dialog(
    hass: HomeAssistant, cloud: Cloud, kind: str, source: str
) -> tuple[str, Any]:
    """Open the dialog that asks for a key; return its id, and the entry if there is one."""
    cloud.emulator.service_api.applications["Other"] = APP_SECRET
    cloud.emulator.cloud_api.accounts["AKIDOTHER"] = Account(secret_key=SECRET_KEY)
    if source == "user":
        return await start(hass, kind), None
    entry = await set_up(hass, cloud, FEEDER)
    result = await replace_flow(hass, entry, source, kind)
    return result["flow_id"], entry


def secret_field(result: Any, kind: str) -> Any:
    """Return the field of the secret."""
    return next(key for key in result["data_schema"].schema if key == SECRETS[kind])


def assert_kept(result: Any, kind: str) -> None:
    """Insist that the form has the secret, shows none of it and says so."""
    assert isinstance(secret_field(result, kind), vol.Optional)
    assert result["description_placeholders"]["kept"] == KEPT
    assert SECRETS[kind] not in shown(result)
    assert APP_SECRET not in str(result)
    assert SECRET_KEY not in str(result)


def assert_asked(result: Any, kind: str) -> None:
    """Insist that the form asks for the secret, and keeps none."""
    assert isinstance(secret_field(result, kind), vol.Required)
    assert result["description_placeholders"]["kept"] == ""


@each_kind
@each_dialog
async def test_error_elsewhere(
    hass: HomeAssistant, cloud: Cloud, kind: str, source: str
) -> None:
    """The secret is kept as often as something else is wrong, also a wrong key."""
    cloud.expect("AuthFailure.SecretIdNotFound", "InvalidParameterValue.AppKeyError")
    flow_id, entry = await open_dialog(hass, cloud, kind, source)
    wrong = typed(cloud, kind, source, advanced={"endpoint": "http://x.example/"})
    result = await answer(hass, flow_id, wrong)
    assert result["errors"] == {"advanced": "invalid_endpoint"}
    assert_kept(result, kind)
    wrong = without_secret(typed(cloud, kind, source), kind) | {KEYS[kind]: "\u200b"}
    result = await answer(hass, flow_id, wrong)
    assert result["errors"] == {KEYS[kind]: "empty"}
    assert_kept(result, kind)
    await cloud.emulator.stop()
    right = without_secret(typed(cloud, kind, source), kind)
    result = await answer(hass, flow_id, right)
    assert result["errors"] == {"base": "cannot_connect"}
    assert_kept(result, kind)
    await cloud.emulator.start()
    # One that nobody sees is none, too.
    result = await answer(hass, flow_id, right | {SECRETS[kind]: " \u200b"})
    if entry is None:
        assert result["step_id"] == NEXT_STEP[kind]
    else:
        assert result["reason"] == f"{source}_successful"
        assert entry.data[SECRETS[kind]] in (APP_SECRET, SECRET_KEY)


@each_kind
@each_dialog
@pytest.mark.parametrize("code", ["AuthFailure.SignatureFailure", "AuthFailure.Other"])
async def test_error_of_the_secret(
    hass: HomeAssistant, cloud: Cloud, kind: str, source: str, code: str
) -> None:
    """A secret that may be what is wrong is asked for again, and not kept any more."""
    cloud.expect(code)
    flow_id, _ = await open_dialog(hass, cloud, kind, source)
    right = typed(cloud, kind, source)
    wrong = right | {"advanced": {"endpoint": "http://x.example/"}}
    assert_kept(await answer(hass, flow_id, wrong), kind)
    cloud.emulator.faults.append(Fault(code=code, times=9))
    result = await answer(hass, flow_id, without_secret(right, kind))
    assert_asked(result, kind)
    cloud.emulator.faults.clear()
    result = await answer(hass, flow_id, right | {SECRETS[kind]: ""})
    assert result["errors"] == {SECRETS[kind]: "empty"}
    assert_asked(result, kind)
    result = await answer(hass, flow_id, wrong | {SECRETS[kind]: "A" * 256})
    assert_kept(result, kind)
    result = await answer(hass, flow_id, without_secret(right, kind))
    assert result["errors"] == {SECRETS[kind]: "too_long"}
    assert_asked(result, kind)
    result = await answer(hass, flow_id, right)
    assert not result.get("errors")


@each_kind
async def test_another_key_with_the_kept_secret(
    hass: HomeAssistant, cloud: Cloud, kind: str
) -> None:
    """Whether the secret belongs to a key that is typed instead is what the cloud says."""
    code = "AuthFailure.SignatureFailure"
    cloud.expect(code, "AuthFailure.SecretIdNotFound", "InvalidParameterValue")
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    cloud.emulator.cloud_api.accounts["AKIDOTHER"] = Account(secret_key="OtherSecret")
    flow_id = await start(hass, kind)
    key = typed(cloud, kind)
    wrong = key | {"advanced": {"endpoint": "nonsense"}}
    assert_kept(await answer(hass, flow_id, wrong), kind)
    others = {KEYS["account"]: "AKIDOTHER", KEYS["application"]: "Other"}
    other = without_secret(key, kind) | {KEYS[kind]: others[KEYS[kind]]}
    result = await answer(hass, flow_id, other)
    assert SECRETS[kind] in result["errors"]
    assert_asked(result, kind)
    result = await answer(hass, flow_id, other | {SECRETS[kind]: "OtherSecret"})
    assert result["step_id"] == NEXT_STEP[kind]


async def test_opened_anew(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who comes back to a dialog later is asked for the secret again."""
    flow_id, _ = await open_dialog(hass, cloud, "application", "reauth")
    wrong = typed(cloud, "application", "reauth", advanced={"endpoint": "nonsense"})
    assert_kept(await answer(hass, flow_id, wrong), "application")
    result = await hass.config_entries.flow.async_configure(flow_id)
    assert_asked(result, "application")


@each_kind
@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_endpoint_of_a_section_left_out(
    hass: HomeAssistant, cloud: Cloud, kind: str, source: str
) -> None:
    """An error elsewhere does not put the default in the place of what is stored."""
    cloud.access = Access(kind)
    entry = await set_up(hass, cloud, FEEDER)
    result = await replace_flow(hass, entry, source, kind)
    key = shown(result)
    endpoint = key.pop("advanced")["endpoint"]
    assert endpoint == entry.data["endpoint"]
    wrong = key | {SECRETS[kind]: entry.data[SECRETS[kind]], KEYS[kind]: "\u200b"}
    result = await answer(hass, result["flow_id"], wrong)
    assert shown(result)["advanced"]["endpoint"] == endpoint
    right = shown(result) | {KEYS[kind]: entry.data[KEYS[kind]]}
    result = await answer(hass, result["flow_id"], right)
    assert result["reason"] == f"{source}_successful"
    assert entry.data == cloud.entry_data()


@each_kind
@pytest.mark.parametrize(
    ("fault", "errors", "is_collapsed"),
    [
        (Fault(body="<html>", times=9), {"base": "broken_reply"}, False),
        (Fault(code="RequestLimitExceeded", times=9), {"base": "rate_limited"}, True),
        (Fault(code="UnsupportedRegion", times=9), None, None),
    ],
)
async def test_section(
    hass: HomeAssistant,
    cloud: Cloud,
    kind: str,
    fault: Fault,
    errors: dict[str, str] | None,
    is_collapsed: bool | None,
) -> None:
    """The section is open as soon as its field is what a person has to look at."""
    cloud.expect("RequestLimitExceeded", "UnsupportedRegion")
    if errors is None:
        is_collapsed = kind == "account"
        errors = {"advanced": "unsupported_region"}
        if is_collapsed:
            errors = {"region": "unsupported_region_of_account"}
    flow_id = await start(hass, kind)
    cloud.emulator.faults.append(Fault(**vars(fault)))
    result = await answer(hass, flow_id, typed(cloud, kind))
    assert result["errors"] == errors
    assert result["data_schema"].schema["advanced"].options == {
        "collapsed": is_collapsed
    }
    # What was typed stays, and is closed again by what is wrong elsewhere.
    assert shown(result)["advanced"] == typed(cloud, kind)["advanced"]
    wrong = typed(cloud, kind) | {KEYS[kind]: "\u200b"}
    result = await answer(hass, flow_id, wrong)
    assert result["data_schema"].schema["advanced"].options == {"collapsed": True}


@each_kind
async def test_endpoint_of_the_other_key(
    hass: HomeAssistant, cloud: Cloud, kind: str
) -> None:
    """Who types the address that is meant for the other kind of key is led to it."""
    cloud.expect("MissingParameter")
    endpoints = {
        "account": cloud.emulator.endpoint,
        "application": cloud.emulator.cloud_endpoint,
    }
    flow_id = await start(hass, kind)
    wrong = typed(cloud, kind, advanced={"endpoint": endpoints[kind]})
    result = await answer(hass, flow_id, wrong)
    words = load("en")["config"]["error"]
    assert 'the endpoint under "Advanced"' in words[result["errors"]["base"]]
    assert result["data_schema"].schema["advanced"].options == {"collapsed": False}
    # Neither interface is meant to be asked as the other one.
    assert all(entry.flaws for entry in cloud.emulator.journal)
    cloud.emulator.journal.clear()
    result = await answer(hass, flow_id, typed(cloud, kind))
    assert result["step_id"] == NEXT_STEP[kind]


def test_words_that_name_the_section() -> None:
    """Whatever asks to look into the section opens it, and nothing else does."""
    schema = APPLICATION_KEY.form(is_kept=False).schema
    words = load("en")["config"]["error"]
    naming = {key for key, text in words.items() if 'under "Advanced"' in text}
    assert naming == {
        "broken_reply",
        "cannot_connect",
        "fate_unknown",
        "invalid_input",
        "unsupported_region",
    }
    opening = {
        key
        for key in words
        if not FormError(key).opened(schema).schema["advanced"].options["collapsed"]
    }
    assert opening == naming | {"invalid_endpoint"}


@each_kind
async def test_nothing_reaches_the_browser(
    hass: HomeAssistant,
    cloud: Cloud,
    kind: str,
    hass_client: ClientSessionGenerator,
) -> None:
    """No step of the dialog sends a secret back, nor does its end."""
    add_product(cloud, "SAFE", OPEN, devices=2)
    for component in ("config", "webhook"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client()
    url = "/api/config/config_entries/flow"
    texts: list[str] = []

    async def post(path: str, data: dict[str, Any]) -> Any:
        """Send what a browser sends, and keep what it is answered."""
        response = await client.post(path, json=data)
        texts.append(await response.text())
        return json.loads(texts[-1])

    result = await post(url, {"handler": DOMAIN})
    url += f"/{result['flow_id']}"
    await post(url, {"next_step_id": kind})
    key = typed(cloud, kind)
    wrong = key | {"advanced": {"endpoint": "nonsense"}}
    result = await post(url, wrong)
    assert result["errors"] == {"advanced": "invalid_endpoint"}
    (section,) = (item for item in result["data_schema"] if item["name"] == "advanced")
    assert section["expanded"]
    of_application = {"product_id": "SAFE"} if kind == "application" else {}
    await post(url, without_secret(key, kind) | of_application)
    if kind == "account":
        await post(url, {"product_id": "SAFE"})
    result = await post(url, {"product_name": "Safe", "all_devices": True})
    assert result["step_id"] == "secrets"
    assert "device" in {field["name"] for field in result["data_schema"]}
    values = {PIN: VALUE, "further_device": True}
    result = await post(url, values | {"device": "device-2"})
    await post(url, {PIN: VALUE[:3]})
    await post(url, {PIN: VALUE})
    result = await post(url, {"device": "*"})
    assert result["type"] == "create_entry"
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    (subentry,) = entry.subentries.values()
    assert subentry.data["secret_inputs"] == {"open": {"pin": VALUE}}
    assert subentry.data["device_secret_inputs"] == {
        "device-2": {"open": {"pin": VALUE}}
    }
    everything = "".join(texts)
    assert "Safe" in everything
    for secret in (APP_SECRET, SECRET_KEY, VALUE):
        assert secret not in everything
