"""The dialogs that add an application and replace its key pair."""

from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .dialogs import (
    HIDDEN,
    answer,
    key_pair,
    new_pair,
    replace_flow,
    shown,
    start,
    suggested,
)
from .helpers import FEEDER, LAMP, Cloud, button, device_id, make_entry, product, set_up
from custom_components.tencent_iot_explorer.account.endpoint import is_endpoint
from custom_components.tencent_iot_explorer.api.service_api import SERVICE_API_ENDPOINT
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, Fault, Naming
from emulator.products import property_
from emulator.service_api import APP_KEY, APP_SECRET

DEVICES = {
    "product_name": "宠物喂食器",
    "all_devices": False,
    "devices": ["kitchen-feeder"],
}


async def test_add_application(hass: HomeAssistant, cloud: Cloud) -> None:
    """A key pair, a product and its devices make an entry that works."""
    flow_id = await start(hass)
    result = await answer(hass, flow_id, key_pair(cloud))
    assert result["step_id"] == "devices"
    assert "喂食 \\(feed\\)" in result["description_placeholders"]["declared"]
    devices = result["data_schema"].schema["devices"].config["options"]
    assert devices == [
        {"value": "kitchen-feeder", "label": "kitchen-feeder · online"},
        {"value": "balcony-feeder", "label": "balcony-feeder · online"},
    ]
    result = await answer(hass, flow_id, DEVICES)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == "Application 1"
    assert entry.unique_id == APP_KEY
    assert entry.data == cloud.entry_data()
    (subentry,) = entry.subentries.values()
    assert subentry.subentry_type == "product"
    assert subentry.title == "宠物喂食器"
    assert subentry.unique_id == "FEEDER2026"
    assert subentry.data == {
        "product_id": "FEEDER2026",
        "all_devices": False,
        "devices": ["kitchen-feeder"],
        "timestamp_unit": "seconds",
        "use_properties": True,
        "sleeps": False,
        "secret": [],
        "plain": ["setMeal/note"],
    }
    assert (entry.version, entry.minor_version) == (2, 1)
    assert entry.state is ConfigEntryState.LOADED
    assert button(hass, "FEEDER2026/kitchen-feeder/feed")


async def test_pasted_blanks(hass: HomeAssistant, cloud: Cloud) -> None:
    """White space and invisible characters around pasted values do no harm."""
    flow_id = await start(hass)
    pasted = key_pair(
        cloud,
        app_key=f" {APP_KEY}\u200b",
        app_secret=f"\ufeff{APP_SECRET}\n",
        product_id="\u2060FEEDER2026 ",
        advanced={"endpoint": f" {cloud.emulator.endpoint} "},
    )
    assert (await answer(hass, flow_id, pasted))["step_id"] == "devices"
    chosen = {
        "product_name": "  ",
        "all_devices": False,
        "devices": [" kitchen-feeder", "kitchen-feeder"],
        "timestamp_unit": "milliseconds",
    }
    entry = (await answer(hass, flow_id, chosen))["result"]
    assert entry.data == cloud.entry_data()
    (subentry,) = entry.subentries.values()
    assert subentry.title == "FEEDER2026"
    assert subentry.data["devices"] == ["kitchen-feeder"]
    assert subentry.data["timestamp_unit"] == "milliseconds"


each_form = pytest.mark.parametrize(
    "form",
    [
        '"{}"',
        "'{}'",
        "“{}”",
        '"{}",',
        "{}；",
        "‘{}’",
        "„{}“",
        "「{}」",
        "『{}』",
        "`{}`",
        "«{}»",
        "＂{}＂",
        f"{HIDDEN}{{}}{HIDDEN}",
        f"{HIDDEN}“{HIDDEN}{{}}{HIDDEN}”{HIDDEN}",
    ],
)


@each_form
async def test_pasted(hass: HomeAssistant, cloud: Cloud, form: str) -> None:
    """What nobody sees, and quotation marks and commas of any kind, are cut from pasted keys."""
    flow_id = await start(hass)
    pasted = key_pair(
        cloud,
        app_key=form.format(APP_KEY),
        app_secret=form.format(APP_SECRET),
        product_id=form.format("FEEDER2026"),
        advanced={"endpoint": form.format(cloud.emulator.endpoint)},
    )
    assert (await answer(hass, flow_id, pasted))["step_id"] == "devices"
    chosen = DEVICES | {"devices": [form.format("kitchen-feeder")]}
    entry = (await answer(hass, flow_id, chosen))["result"]
    assert entry.data == cloud.entry_data()
    (subentry,) = entry.subentries.values()
    assert subentry.unique_id == "FEEDER2026"
    assert subentry.data["devices"] == ["kitchen-feeder"]


@each_form
@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_replacement_pasted(
    hass: HomeAssistant, cloud: Cloud, form: str, source: str
) -> None:
    """A key pair that replaces another is cleaned alike."""
    entry = await set_up(hass, cloud, FEEDER)
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    result = await replace_flow(hass, entry, source)
    pasted = new_pair(
        cloud,
        app_key=form.format("Other"),
        app_secret=form.format("OtherSecret"),
        advanced={"endpoint": form.format(cloud.emulator.endpoint)},
    )
    result = await answer(hass, result["flow_id"], pasted)
    assert result["reason"] == f"{source}_successful"
    assert entry.data == cloud.entry_data(app_key="Other", app_secret="OtherSecret")


async def test_hidden_inside(hass: HomeAssistant, cloud: Cloud) -> None:
    """A character that nobody sees is cut from the midst of a key, and kept in a name."""
    flow_id = await start(hass)
    pasted = key_pair(
        cloud,
        app_key=HIDDEN.join(APP_KEY),
        app_secret=f"{APP_SECRET[:3]}{HIDDEN}{APP_SECRET[3:]}",
        product_id="FEEDER\u200b2026",
    )
    assert (await answer(hass, flow_id, pasted))["step_id"] == "devices"
    chosen = DEVICES | {
        "product_name": "\u200b\u3000“Cat’s” \U0001f468\u200d\U0001f33e feeder\u00a0\ufeff",
        "devices": ["kitchen-\u200bfeeder"],
    }
    entry = (await answer(hass, flow_id, chosen))["result"]
    assert entry.data == cloud.entry_data()
    (subentry,) = entry.subentries.values()
    assert subentry.title == "“Cat’s” \U0001f468\u200d\U0001f33e feeder"
    assert subentry.data["devices"] == ["kitchen-feeder"]


@pytest.mark.parametrize("naming", [Naming.DOCUMENTED, Naming.CODES])
@pytest.mark.parametrize(
    ("changes", "parameter", "errors"),
    [
        ({"app_key": "Nobody"}, "AppKey", {"app_key": "unknown_application"}),
        ({"app_secret": "wrong"}, "Signature", {"app_secret": "invalid_signature"}),
        ({"product_id": "NOBODY"}, None, {"product_id": "unknown_product"}),
    ],
)
async def test_wrong_value(
    hass: HomeAssistant,
    cloud: Cloud,
    changes: dict[str, str],
    parameter: str | None,
    naming: Naming,
    errors: dict[str, str],
) -> None:
    """What is wrong is shown at its field, and the secret is not shown again."""
    code = "ResourceNotFound.StudioProductNotExist"
    if parameter:
        code = cloud.expect_wrong(parameter, naming).code
    cloud.expect(code)
    flow_id = await start(hass)
    result = await answer(hass, flow_id, key_pair(cloud, **changes))
    assert result["errors"] == errors
    assert result["description_placeholders"]["code"] == code
    request = cloud.emulator.journal[-1].parameters["RequestId"]
    assert result["description_placeholders"]["request_id"] == request
    assert "app_secret" not in suggested(result)
    assert suggested(result)["app_key"] == changes.get("app_key", APP_KEY)
    assert (await answer(hass, flow_id, key_pair(cloud)))["step_id"] == "devices"


@pytest.mark.parametrize(
    ("code", "errors"),
    [
        ("UnauthorizedOperation.APPNoPermissionToStudioProduct", "no_permission"),
        ("AuthFailure.SignatureExpire", "wrong_clock"),
        ("AuthFailure.MFAFailure", "second_factor"),
        ("UnauthorizedOperation.NoVerified", "not_verified"),
        ("IpInBlacklist", "address_refused"),
        ("UnsupportedRegion", "unsupported_region"),
        ("ServiceUnavailable", "server_fault"),
        ("ResourceUnavailable", "server_fault"),
        ("UnsupportedOperation.UnpaidOrder", "quota_exceeded"),
        ("InvalidParameterValue.InvalidNonce", "repeated_request"),
        ("AuthFailure.Other", "invalid_credentials"),
        ("InternalError.InternalRPCError", "server_fault"),
        ("RequestLimitExceeded", "rate_limited"),
        ("Mystery.Of.Tomorrow", "unknown_code"),
        ("InvalidAction", "refused"),
        ("InvalidParameterValue.ModelDefineNil", "no_data_template"),
    ],
)
async def test_refusal(
    hass: HomeAssistant, cloud: Cloud, code: str, errors: str
) -> None:
    """A refusal is shown in words, with the cloud's own code and text."""
    cloud.expect(code)
    cloud.emulator.faults.append(Fault(code=code, message="原因", times=3))
    flow_id = await start(hass)
    result = await answer(hass, flow_id, key_pair(cloud))
    assert set(result["errors"].values()) == {errors}
    assert result["description_placeholders"]["code"] == code
    assert result["description_placeholders"]["message"] == "原因"
    cloud.emulator.faults.clear()
    assert (await answer(hass, flow_id, key_pair(cloud)))["step_id"] == "devices"


async def test_no_network(hass: HomeAssistant, cloud: Cloud) -> None:
    """A cloud that cannot be reached is no wrong password."""
    await cloud.emulator.stop()
    flow_id = await start(hass)
    result = await answer(hass, flow_id, key_pair(cloud))
    assert result["errors"] == {"base": "cannot_connect"}
    await cloud.emulator.start()
    assert (await answer(hass, flow_id, key_pair(cloud)))["step_id"] == "devices"


async def test_login_page(hass: HomeAssistant, cloud: Cloud) -> None:
    """Something that answers but is not the service API is called that."""
    cloud.emulator.faults.append(Fault(body="<html>Please log in</html>"))
    result = await answer(hass, await start(hass), key_pair(cloud))
    assert result["errors"] == {"base": "broken_reply"}


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ({"version": "1.0", "actions": []}, "nothing_usable"),
        (
            {"properties": [property_("switch_names", "Names", type="array")]},
            "nothing_usable",
        ),
        (
            {"properties": [property_("password", "设置密码", type="string")]},
            "nothing_usable",
        ),
        ("nonsense", "invalid_data_template"),
    ],
)
async def test_product_without_use(
    hass: HomeAssistant, cloud: Cloud, template: Any, error: str
) -> None:
    """A product of which nothing becomes anything is refused in words."""
    cloud.emulator.products["FEEDER2026"].template = template
    result = await answer(hass, await start(hass), key_pair(cloud))
    assert result["errors"] == {"product_id": error}


async def test_product_without_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product without devices is accepted if all devices are to be used."""
    cloud.emulator.products["FEEDER2026"].devices = {}
    flow_id = await start(hass)
    await answer(hass, flow_id, key_pair(cloud))
    nothing = {"product_name": "Feeder", "all_devices": False}
    result = await answer(hass, flow_id, nothing)
    assert result["errors"] == {"devices": "no_devices_chosen"}
    result = await answer(
        hass, flow_id, {"product_name": "Feeder", "all_devices": True, "devices": ["x"]}
    )
    (subentry,) = result["result"].subentries.values()
    assert subentry.data["all_devices"] is True
    assert subentry.data["devices"] == []


async def test_typed_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """A DeviceName that is not listed is asked for, and stays when it is unknown."""
    cloud.expect("ResourceNotFound.DeviceNotExist", "InvalidParameterValue")
    devices = cloud.emulator.products["FEEDER2026"].devices
    devices |= {
        name: EmulatedDevice(name=name, status=index % 4)
        for index in range(600)
        for name in [f"feeder-{index}"]
    }
    flow_id = await start(hass)
    result = await answer(hass, flow_id, key_pair(cloud))
    listed = result["data_schema"].schema["devices"].config["options"]
    assert len(listed) == 500
    assert listed[5]["label"] == "feeder-3 · not activated"
    typed = DEVICES | {"devices": ["kitchen-feeder", "feeder-599", "nobody", "坏的"]}
    result = await answer(hass, flow_id, typed)
    assert result["errors"] == {"devices": "devices_not_found"}
    assert result["description_placeholders"]["devices"] == "nobody, 坏的"
    assert suggested(result)["devices"] == typed["devices"]
    cloud.emulator.faults.append(Fault(call="DescribeDevice", drop=True, times=3))
    typed = DEVICES | {"devices": ["feeder-599"]}
    result = await answer(hass, flow_id, typed)
    assert result["errors"] == {"base": "fate_unknown"}
    cloud.emulator.faults.clear()
    result = await answer(hass, flow_id, typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_device_of_unknown_state(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device whose state the cloud does not report is listed by its name alone."""
    cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"].status = 77
    result = await answer(hass, await start(hass), key_pair(cloud))
    listed = result["data_schema"].schema["devices"].config["options"]
    assert listed[0] == {"value": "kitchen-feeder", "label": "kitchen-feeder"}


async def test_many_actions(hass: HomeAssistant, cloud: Cloud) -> None:
    """A long list of actions is cut, and Markdown in their names is shown literally."""
    actions = [
        {"id": f"action{index}", "name": "[click](http://x) *bold* {{ 1 }}"}
        for index in range(40)
    ]
    cloud.emulator.products["FEEDER2026"].template = {"actions": actions}
    result = await answer(hass, await start(hass), key_pair(cloud))
    lines = result["description_placeholders"]["declared"].splitlines()
    assert len(lines) == 13
    assert lines[:2] == ["**Device actions (40)**", ""]
    assert lines[2] == (
        "- \\[click\\]\\(http://x\\) \\*bold\\* \\{\\{ 1 \\}\\} \\(action0\\)"
    )
    assert lines[-1] == "- …"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://iot.cloud.tencent.com/api",
        "ftp://iot.cloud.tencent.com/api",
        "iot.cloud.tencent.com/api",
        "https://user:password@iot.cloud.tencent.com/api",
        "https://iot.cloud.tencent.com/api?x=1",
        "https://iot.cloud.tencent.com/api#x",
        "https:///api",
        "https://iot.cloud.tencent.com:99999/api",
        "http://[::1/api",
        "",
    ],
)
async def test_endpoint_refused(
    hass: HomeAssistant, cloud: Cloud, endpoint: str
) -> None:
    """The key pair is used at an https address only, or on this machine."""
    typed = key_pair(cloud, advanced={"endpoint": endpoint})
    result = await answer(hass, await start(hass), typed)
    assert result["errors"] == {"advanced": "invalid_endpoint"}
    assert cloud.emulator.journal == []


@pytest.mark.parametrize("host", ["localhost", "[::1]", "127.9.9.9"])
def test_endpoint_on_this_machine(host: str) -> None:
    """An address of the machine itself may be used without encryption."""
    assert is_endpoint(f"http://{host}:8124/api")


async def test_default_endpoint(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without the section the documented address is used, and blank keys are refused."""
    typed = key_pair(cloud, app_secret=" ")
    del typed["advanced"]
    result = await answer(hass, await start(hass), typed)
    assert result["errors"] == {"app_secret": "empty"}
    section = result["data_schema"].schema["advanced"]
    assert section.schema({}) == {"endpoint": SERVICE_API_ENDPOINT}


async def test_endpoint_stays_typed(hass: HomeAssistant, cloud: Cloud) -> None:
    """After an error the form shows the endpoint that was typed, not the default."""
    cloud.expect("InvalidParameterValue")
    flow_id = await start(hass)
    result = await answer(hass, flow_id, key_pair(cloud, app_secret="wrong"))
    assert result["errors"] == {"app_secret": "invalid_signature"}
    typed = shown(result) | {"app_secret": APP_SECRET}
    assert typed == key_pair(cloud)
    result = await answer(hass, flow_id, typed)
    assert result["step_id"] == "devices"


@pytest.mark.parametrize("is_left_out", [False, True])
async def test_endpoint_stays_stored(
    hass: HomeAssistant, cloud: Cloud, is_left_out: bool
) -> None:
    """A new key pair does not change the endpoint, which the collapsed section hides."""
    entry = await set_up(hass, cloud, FEEDER)
    result = await replace_flow(hass, entry, "reconfigure")
    typed = shown(result) | {"app_secret": APP_SECRET}
    if is_left_out:
        del typed["advanced"]
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == cloud.entry_data()


async def test_same_application(hass: HomeAssistant, cloud: Cloud) -> None:
    """An application that is set up already gets products by Add product."""
    await set_up(hass, cloud, FEEDER)
    typed = key_pair(cloud, product_id="LAMP202611")
    result = await answer(hass, await start(hass), typed)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_same_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product of another application is refused, naming that."""
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    await set_up(hass, cloud, FEEDER)
    typed = key_pair(cloud, app_key="Other", app_secret="OtherSecret")
    result = await answer(hass, await start(hass), typed)
    assert result["errors"] == {"product_id": "product_configured"}
    assert result["description_placeholders"]["other"] == "Home"


async def test_product_id_of_blanks(hass: HomeAssistant, cloud: Cloud) -> None:
    """A ProductId of nothing but blanks is refused before anything is sent."""
    typed = key_pair(cloud, product_id=" \u200b ")
    result = await answer(hass, await start(hass), typed)
    assert result["errors"] == {"product_id": "empty"}
    assert cloud.emulator.journal == []


@pytest.mark.parametrize("other_key", [False, True])
async def test_two_dialogs(hass: HomeAssistant, cloud: Cloud, other_key: bool) -> None:
    """Of two dialogs for one product the later ends without harm."""
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    first, second = await start(hass), await start(hass)
    await answer(hass, first, key_pair(cloud))
    typed = key_pair(cloud, product_id="FEEDER2026")
    if other_key:
        typed |= {"app_key": "Other", "app_secret": "OtherSecret"}
    await answer(hass, second, typed)
    result = await answer(hass, first, DEVICES)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    result = await answer(hass, second, DEVICES)
    assert result["reason"] == "already_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_two_dialogs_for_two_products(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of two dialogs for one application the later ends without harm."""
    first, second = await start(hass), await start(hass)
    await answer(hass, first, key_pair(cloud))
    await answer(hass, second, key_pair(cloud, product_id="LAMP202611"))
    result = await answer(hass, first, DEVICES)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    result = await answer(hass, second, {"product_name": "Lamp", "all_devices": True})
    assert result["reason"] == "already_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_replace_key_pair(hass: HomeAssistant, cloud: Cloud, source: str) -> None:
    """A new key pair is taken over; devices, entity ids and services stay."""
    entry = await set_up(hass, cloud, FEEDER)
    device = device_id(hass, entry, "kitchen-feeder")
    entity_id = button(hass, "FEEDER2026/kitchen-feeder/feed")
    cloud.emulator.service_api.applications = {"Other": "OtherSecret"}
    result = await replace_flow(hass, entry, source)
    assert suggested(result)["app_key"] == APP_KEY
    assert "app_secret" not in suggested(result)
    assert result["description_placeholders"]["entry"] == "Home"
    result = await answer(hass, result["flow_id"], new_pair(cloud))
    assert result["reason"] == f"{source}_successful"
    assert entry.unique_id == "Other"
    assert entry.data == cloud.entry_data(app_key="Other", app_secret="OtherSecret")
    assert entry.state is ConfigEntryState.LOADED
    assert device_id(hass, entry, "kitchen-feeder") == device
    await hass.services.async_call(
        "button", "press", {"entity_id": entity_id}, blocking=True
    )
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


async def test_replace_key_pair_of_entry_that_is_not_loaded(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """An entry that could not be set up is set up with the new key pair."""
    entry = await set_up(hass, cloud, FEEDER, endpoint="http://127.0.0.1:1/")
    assert entry.state is ConfigEntryState.SETUP_RETRY
    result = await replace_flow(hass, entry, "reconfigure")
    typed = new_pair(cloud, app_key=APP_KEY, app_secret=APP_SECRET)
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == "reconfigure_successful"
    assert entry.state is ConfigEntryState.LOADED


async def test_replace_key_pair_without_products(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """An application without products takes any key pair: nothing can be asked."""
    entry = await set_up(hass, cloud)
    result = await replace_flow(hass, entry, "reconfigure")
    result = await answer(hass, result["flow_id"], new_pair(cloud))
    assert result["reason"] == "reconfigure_successful"
    assert cloud.emulator.journal == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (
            Fault(code="AuthFailure.SignatureFailure"),
            {"app_secret": "invalid_signature"},
        ),
        (
            Fault(code="InvalidParameterValue", message="Signature 无效"),
            {"app_secret": "invalid_signature"},
        ),
        (
            Fault(code="InvalidParameterValue", message="AppKey 无效"),
            {"app_key": "unknown_application"},
        ),
        (
            Fault(code="InvalidParameterValue", message="Timestamp 无效"),
            {"base": "wrong_clock"},
        ),
        (Fault(code="AuthFailure.SignatureExpire"), {"base": "wrong_clock"}),
        (Fault(code="AuthFailure.MFAFailure", times=6), {"base": "second_factor"}),
        (Fault(drop=True, times=6), {"base": "fate_unknown"}),
        (Fault(code="RequestLimitExceeded", times=6), {"base": "rate_limited"}),
    ],
)
async def test_replacement_refused(
    hass: HomeAssistant, cloud: Cloud, fault: Fault, error: dict[str, str]
) -> None:
    """A key pair that is not proven valid is not taken over."""
    cloud.expect(fault.code)
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    data = dict(entry.data)
    result = await replace_flow(hass, entry, "reauth")
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    cloud.emulator.faults.append(Fault(**vars(fault)))
    result = await answer(hass, result["flow_id"], new_pair(cloud))
    assert result["errors"] == error
    assert entry.data == data
    cloud.emulator.faults.clear()
    result = await answer(hass, result["flow_id"], new_pair(cloud))
    assert result["reason"] == "reauth_successful"


async def test_replacement_hides_products(hass: HomeAssistant, cloud: Cloud) -> None:
    """Products that the new pair does not open are listed and must be confirmed."""
    cloud.expect("UnauthorizedOperation.APPNoPermissionToStudioProduct")
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    cloud.emulator.products["LAMP202611"].linked = False
    result = await replace_flow(hass, entry, "reauth")
    result = await answer(hass, result["flow_id"], new_pair(cloud))
    assert result["step_id"] == "confirm_application"
    assert result["description_placeholders"]["products"] == "- Lamp"
    assert entry.unique_id == APP_KEY
    result = await answer(hass, result["flow_id"], {})
    assert result["reason"] == "reauth_successful"
    assert entry.unique_id == "Other"
    assert entry.state is ConfigEntryState.LOADED


async def test_replacement_hides_all_products(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A pair that opens none of the products is refused."""
    cloud.expect("UnauthorizedOperation.APPNoPermissionToStudioProduct")
    entry = await set_up(hass, cloud, FEEDER)
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    cloud.emulator.products["FEEDER2026"].linked = False
    result = await replace_flow(hass, entry, "reauth")
    result = await answer(hass, result["flow_id"], new_pair(cloud))
    assert result["errors"] == {"base": "no_permission"}
    assert entry.unique_id == APP_KEY


async def test_replacement_of_another_application(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """An AppKey that another entry has is refused, naming that."""
    entry = await set_up(hass, cloud, FEEDER)
    other = make_entry(cloud, product("LAMP202611"), app_key="Other")
    other.add_to_hass(hass)
    hass.config_entries.async_update_entry(other, title="Pets (home)")
    result = await replace_flow(hass, entry, "reconfigure")
    result = await answer(hass, result["flow_id"], new_pair(cloud))
    assert result["errors"] == {"app_key": "application_configured"}
    # An error is plain text, a description is not; the latter still names the own entry.
    assert result["description_placeholders"]["other"] == "Pets (home)"
    assert result["description_placeholders"]["entry"] == "Home"
