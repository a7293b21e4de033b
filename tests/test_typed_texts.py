"""Whatever is typed into a field of a dialog ends in words at that field."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .dialogs import HIDDEN, answer, key_pair, replace_flow, start
from .entities import add_product
from .helpers import FEEDER, Cloud, make_entry, product, set_up
from .test_product_flow import answer as answer_product, start as start_product
from custom_components.tencent_iot_explorer.account.endpoint import is_endpoint
from custom_components.tencent_iot_explorer.flows.typed import clean_key, clean_name
from emulator.products import action, parameter

MEGABYTE = 10**6
BLANK = [
    "",
    " " * 30_000,
    HIDDEN * 2000,
    " " * MEGABYTE,
    "\u200b" * MEGABYTE,
    "\x00\x1f",
]
ODD = [
    "a" + "x" * MEGABYTE,
    "长" * MEGABYTE,
    "{" * 1000,
    f"a{'/b' * 30_000}",
    "\\" * 30_000,
    "(" * 30_000,
]
ENDPOINTS = [
    "https://xn--vil-bqa.com/x",
    "https://xn--/x",
    "https://xn--a.com/x",
    "https://a..b/x",
    "https://.../x",
    "https://-/x",
    "https://-a.com/x",
    f"https://{'a' * 64}.com/x",
    f"https://{'a.' * 127}com/x",
    f"https://{'ü' * 60}.com/x",
    "https://%zz/x",
    "https://%/x",
    "https://a%20b/x",
    "https://a\\b/x",
    "https://[/x",
    "https://]/x",
    "https://[]/x",
    "https://[x]/x",
    "https://[::1/x",
    "https://:443/x",
    "https://x:0/x",
    "https://x:65536/x",
    "https://x:-1/x",
    "https://x:abc/x",
    f"https://x:{'9' * 5000}/x",
    "https://user@x.com/x",
    "https://:@x.com/x",
    "https://x.com/x?y",
    "https://x.com/x#y",
    "https://",
    "https:x.com/x",
    "//x.com/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://127.0.0.1.x.com/x",
    "http://localhost.x.com/x",
    "http://[::ffff:8.8.8.8]/x",
    f"https://x.com/{'x' * MEGABYTE}",
    f"https://x.com{'/' * 30_000}",
    f"https://{'@' * 30_000}x.com",
    f"https://x{' ' * 30_000}..com/x",
    "x" * MEGABYTE,
    *BLANK,
]
RIGHT_ENDPOINTS = [
    "https://iot.cloud.tencent.com/api/exploreropen/serviceapi",
    "https://münchen.example/x",
    "https://物联.example/x",
    "https://xn--mnchen-3ya.example/x",
    "https://a_b.example:8443",
    "https://192.0.2.1/x",
    "https://[2001:db8::1]:8443/x",
    "https://x.example./x",
    "http://localhost:8124/x",
    "http://[::1]/x",
]


def assert_refused(result: Any, field: str) -> None:
    """Insist on a form that says what is wrong with a field, and shows it again."""
    assert result["type"] is FlowResultType.FORM
    assert list(result["errors"]) == [field]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda text: text[:40])
async def test_endpoint(hass: HomeAssistant, cloud: Cloud, endpoint: str) -> None:
    """No form of an address ends a dialog, and the key pair is sent to none of these."""
    typed = key_pair(cloud, advanced={"endpoint": endpoint})
    assert_refused(await answer(hass, await start(hass), typed), "advanced")
    entry = await set_up(hass, cloud, FEEDER)
    requests = len(cloud.emulator.journal)
    for flow in (
        await replace_flow(hass, entry, "reconfigure"),
        await replace_flow(hass, entry, "reauth"),
    ):
        typed = key_pair(cloud, advanced={"endpoint": endpoint})
        del typed["product_id"]
        result = await answer(hass, flow["flow_id"], typed)
        assert_refused(result, "advanced")
        assert result["errors"] == {"advanced": "invalid_endpoint"}
    assert len(cloud.emulator.journal) == requests


@pytest.mark.parametrize("endpoint", RIGHT_ENDPOINTS)
def test_right_endpoint(endpoint: str) -> None:
    """Addresses of other alphabets, of IP and of this machine are right."""
    assert is_endpoint(endpoint)


@pytest.mark.parametrize("text", [*BLANK, *ODD], ids=range(len(BLANK + ODD)))
@pytest.mark.parametrize("field", ["app_key", "app_secret", "product_id"])
async def test_keys(hass: HomeAssistant, cloud: Cloud, field: str, text: str) -> None:
    """What cannot be a key or an id is refused where it was typed, and never sent."""
    typed = key_pair(cloud, **{field: text})
    result = await answer(hass, await start(hass), typed)
    assert_refused(result, field)
    if field == "product_id":
        entry = await set_up(hass, cloud, FEEDER)
        requests = len(cloud.emulator.journal)
        flow = await start_product(hass, entry)
        result = await answer_product(hass, flow, {"product_id": text})
        assert_refused(result, field)
        assert len(cloud.emulator.journal) == requests
        return
    assert cloud.emulator.journal == []
    entry = make_entry(cloud, FEEDER)
    entry.add_to_hass(hass)
    flow = await replace_flow(hass, entry, "reconfigure")
    del typed["product_id"]
    assert_refused(await answer(hass, flow["flow_id"], typed), field)


@pytest.mark.parametrize("text", ["a/b", "a.b", "喂食", "a" * 129, "a:b"])
async def test_no_product_id(hass: HomeAssistant, cloud: Cloud, text: str) -> None:
    """A ProductId that the platform does not give is refused without a request."""
    typed = key_pair(cloud, product_id=text)
    result = await answer(hass, await start(hass), typed)
    assert result["errors"] == {"product_id": "invalid_product_id"}
    assert cloud.emulator.journal == []


@pytest.fixture
def _safe(cloud: Cloud) -> None:
    """Put a product with a secret input into the emulated cloud."""
    inputs = [parameter("pin", "PIN", type="string")]
    add_product(cloud, "SAFE", action("open", "Open", inputs))


CHOSEN = {"product_name": "Safe", "all_devices": False, "devices": ["device-1"]}


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
@pytest.mark.usefixtures("_safe")
async def test_product(hass: HomeAssistant, cloud: Cloud, text: str) -> None:
    """Names and devices that are no such are refused, of any length."""
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start_product(hass, entry)
    flow = await answer_product(hass, flow, {"product_id": "SAFE"})
    requests = len(cloud.emulator.journal)
    result = await answer_product(hass, flow, CHOSEN | {"product_name": text})
    if len(text) > 255:
        assert_refused(result, "product_name")
    result = await answer_product(hass, flow, CHOSEN | {"devices": [text, "device-1"]})
    assert_refused(result, "devices")
    assert len(result["description_placeholders"]["devices"]) <= 1024
    assert len(cloud.emulator.journal) == requests


@pytest.mark.parametrize("text", BLANK, ids=range(len(BLANK)))
@pytest.mark.usefixtures("_safe")
async def test_blank_product(hass: HomeAssistant, cloud: Cloud, text: str) -> None:
    """A name of what nobody sees is none, and so is a device; a secret stays unset."""
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start_product(hass, entry)
    flow = await answer_product(hass, flow, {"product_id": "SAFE"})
    result = await answer_product(hass, flow, CHOSEN | {"devices": [text]})
    assert_refused(result, "devices")
    result = await answer_product(hass, flow, CHOSEN | {"product_name": text})
    assert result["step_id"] == "secrets"
    result = await answer_product(hass, flow, {"Open (open): PIN (pin)": text})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = (item for item in entry.subentries.values() if item.title == "SAFE")
    assert "secret_inputs" not in subentry.data


@pytest.mark.usefixtures("_safe")
async def test_secret(hass: HomeAssistant, cloud: Cloud) -> None:
    """A secret is cleaned around, and refused if no message could hold it."""
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start_product(hass, entry)
    flow = await answer_product(hass, flow, {"product_id": "SAFE"})
    await answer_product(hass, flow, CHOSEN)
    field = "Open (open): PIN (pin)"
    result = await answer_product(hass, flow, {field: "1" * MEGABYTE})
    assert result["errors"] == {field: "too_long"}
    assert result["description_placeholders"]["most"] == "65536"
    pasted = f"{HIDDEN}{' ' * 30_000}12 34\ud800{HIDDEN}"
    await answer_product(hass, flow, {field: pasted})
    (subentry,) = (item for item in entry.subentries.values() if item.title == "Safe")
    assert subentry.data["secret_inputs"] == {"open": {"pin": "12 34?"}}


@pytest.mark.parametrize("name", ["a/b", "x" * 49, "客厅", "a b", "a.b"])
async def test_no_device_name(hass: HomeAssistant, cloud: Cloud, name: str) -> None:
    """A name that no device can have is refused by name, and nobody is asked for it."""
    flow_id = await start(hass)
    await answer(hass, flow_id, key_pair(cloud))
    requests = len(cloud.emulator.journal)
    chosen = {"product_name": "x", "all_devices": False, "devices": [f" {name}/"]}
    result = await answer(hass, flow_id, chosen)
    assert result["errors"] == {"devices": "devices_not_found"}
    wanted = f"{name}/".replace(" ", "")
    assert result["description_placeholders"]["devices"] == wanted
    assert len(cloud.emulator.journal) == requests


def test_cleaning() -> None:
    """Texts of any length are cleaned, whatever stands around them."""
    around = f"{HIDDEN * 10_000}{' ' * MEGABYTE}"
    assert clean_key(f"{around}a{around}b{around}") == "ab"
    assert clean_name(f"{around}a b{around}") == "a b"
    assert clean_key(around) == clean_name(around) == ""
    assert clean_key("\ud800a") == "a"
    assert clean_name("a\ud800") == "a?"


async def test_surrogates(hass: HomeAssistant, cloud: Cloud) -> None:
    """Half a character ends no dialog, and is stored nowhere."""
    cloud.expect("InvalidParameterValue")
    for field, text in (
        ("app_key", "\ud800"),
        ("app_secret", "\ud800"),
        ("product_id", "\ud800"),
        ("product_id", "a\ud800/"),
        ("advanced", {"endpoint": "https://\ud800 .example/"}),
    ):
        typed = key_pair(cloud) | {field: text}
        result = await answer(hass, await start(hass), typed)
        assert result["type"] is FlowResultType.FORM
        assert result["errors"]
    entry = await set_up(hass, cloud, product("FEEDER2026", ["kitchen-feeder"]))
    assert entry.subentries
