"""The dialogs for the key of an account: its products are found, and it can be replaced."""

from typing import Any

import pytest

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er

from .dialogs import (
    HIDDEN,
    account_key,
    answer,
    key_pair,
    replace_flow,
    shown,
    start,
    suggested,
)
from .helpers import (
    ASYNC,
    FEEDER,
    LAMP,
    Cloud,
    button,
    device_id,
    make_entry,
    product,
    services,
    set_up,
)
from .test_product_flow import answer as answer_product, start as start_product
from custom_components.tencent_iot_explorer.api import CLOUD_API_ENDPOINT, REGIONS
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.flows.key_form import ACCOUNT_KEY
from emulator import Fault
from emulator.accounts import SECRET_ID, SECRET_KEY, Account, Denial
from emulator.cloud_lists import WithoutProject
from emulator.products import many_products
from emulator.projects import EmulatedProject
from emulator.service_api import APP_KEY, APP_SECRET

OTHER_ID = "AKIDANOTHEREXAMPLEANOTHEREXAMPLE"
OTHER_KEY = "AnotherExampleKeyNotReal"
OTHER_KEY_PAIR = {"secret_id": OTHER_ID, "secret_key": OTHER_KEY}
LISTS = {"GetStudioProductList", "GetProjectList"}
FEED = "FEEDER2026/kitchen-feeder/feed"
FEEDERS = {"product_name": "Feeder", "all_devices": True}
DENIAL = (
    "you are not authorized to perform operation (iotexplorer:{operation})\n"
    "resource (qcs::iotexplorer:ap-guangzhou:uin/100000000001:{what}) has no permission"
)
each_source = pytest.mark.parametrize("source", ["reauth", "reconfigure"])
# What is typed wrong, the code that it brings, and the error at its field.
WRONG_KEYS = [
    (
        {"secret_id": "AKIDNOBODY"},
        "AuthFailure.SecretIdNotFound",
        {"secret_id": "unknown_secret_id"},
    ),
    (
        {"secret_key": "wrong"},
        "AuthFailure.SignatureFailure",
        {"secret_key": "invalid_signature_of_account"},
    ),
    (
        {"region": "ap-nowhere"},
        "UnsupportedRegion",
        {"region": "unsupported_region_of_account"},
    ),
]


@pytest.fixture(autouse=True)
def _account(cloud: Cloud) -> None:
    """Let entries have the key of an account, and another sub-account have one, too."""
    cloud.access = "account"
    cloud.emulator.cloud_api.accounts[OTHER_ID] = Account(secret_key=OTHER_KEY)


def account(cloud: Cloud, secret_id: str = SECRET_ID) -> Account:
    """Return the sub-account that has a SecretId."""
    return cloud.emulator.cloud_api.accounts[secret_id]


def offered(result: Any) -> dict[str, str]:
    """Return the products that a form offers, with what is shown of each."""
    options = result["data_schema"].schema["product_id"].config.get("options", ())
    return {option["value"]: option["label"] for option in options}


async def choose(hass: HomeAssistant, flow_id: str, step_id: str) -> Any:
    """Choose from a menu."""
    return await answer(hass, flow_id, {"next_step_id": step_id})


async def add(
    hass: HomeAssistant, cloud: Cloud, product_id: str = "FEEDER2026", **changes: Any
) -> Any:
    """Go through the whole dialog, and return the entry."""
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud, **changes))
    assert result["step_id"] == "product"
    result = await answer(hass, flow_id, {"product_id": product_id})
    assert result["step_id"] == "devices"
    result = await answer(hass, flow_id, FEEDERS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return result["result"]


async def press(hass: HomeAssistant, unique_id: str = FEED) -> None:
    """Press a button, once all that is read of a new product is there."""
    await hass.async_block_till_done(wait_background_tasks=True)
    entity_id = button(hass, unique_id)
    await hass.services.async_call(
        "button", "press", {"entity_id": entity_id}, blocking=True
    )


async def test_add_account(hass: HomeAssistant, cloud: Cloud) -> None:
    """A key, a product that is found and its devices make an entry that works."""
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["step_id"] == "product"
    assert not result["errors"]
    assert result["description_placeholders"]["product_count"] == "4"
    assert offered(result) == {
        "LAMP202611": "Lamp (LAMP202611) · devices: 2 · 我的家",
        "FEEDER2026": "宠物喂食器 (FEEDER2026) · devices: 2 · 我的家",
        "SENSOR2026": "温湿度计 (SENSOR2026) · devices: 1 · 我的家",
        "DOORLOCK01": "门锁 (DOORLOCK01) · devices: 1 · 我的家",
    }
    assert list(offered(result)) == [
        *("LAMP202611", "FEEDER2026", "SENSOR2026", "DOORLOCK01")
    ]
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["step_id"] == "devices"
    assert shown(result)["product_name"] == "宠物喂食器"
    chosen = shown(result) | {"devices": ["kitchen-feeder"]}
    result = await answer(hass, flow_id, chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == "ap-guangzhou"
    assert entry.unique_id == f"{SECRET_ID}/ap-guangzhou"
    assert entry.data == cloud.entry_data()
    (subentry,) = entry.subentries.values()
    assert subentry.unique_id == "FEEDER2026"
    assert subentry.title == "宠物喂食器"
    assert entry.state is ConfigEntryState.LOADED
    await press(hass)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]
    assert cloud.emulator.journal[-1].action == ASYNC


async def test_fields(hass: HomeAssistant, cloud: Cloud) -> None:
    """The region is a choice into which another can be typed; the rest is collapsed."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await choose(hass, result["flow_id"], "account")
    schema = result["data_schema"].schema
    assert list(schema) == ["secret_id", "secret_key", "region", "advanced"]
    assert schema["secret_key"].config["type"] == "password"
    assert schema["region"].config["custom_value"]
    assert tuple(schema["region"].config["options"]) == REGIONS
    assert schema["advanced"].options == {"collapsed": True}
    assert shown(result) == {
        "region": "ap-guangzhou",
        "advanced": {"endpoint": CLOUD_API_ENDPOINT},
    }


@pytest.mark.parametrize(
    ("changes", "code", "errors"),
    [
        *WRONG_KEYS,
        (
            {"secret_id": "Nobody"},
            "AuthFailure.InvalidSecretId",
            {"secret_id": "unknown_secret_id"},
        ),
        (
            {"region": "广州"},
            "UnsupportedRegion",
            {"region": "unsupported_region_of_account"},
        ),
    ],
)
async def test_wrong_value(
    hass: HomeAssistant,
    cloud: Cloud,
    changes: dict[str, str],
    code: str,
    errors: dict[str, str],
) -> None:
    """What is wrong is shown at its field, and the secret is not shown again."""
    cloud.expect(code)
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud, **changes))
    assert result["errors"] == errors
    assert result["description_placeholders"]["code"] == code
    assert (
        result["description_placeholders"]["request_id"]
        == cloud.emulator.journal[-1].request_id
    )
    assert "secret_key" not in suggested(result)
    typed = shown(result) | {"secret_key": "typed again"}
    assert typed == account_key(cloud, **{**changes, "secret_key": "typed again"})
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["step_id"] == "product"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"secret_id": " \u200b"}, {"secret_id": "empty"}),
        ({"secret_key": ""}, {"secret_key": "empty"}),
        ({"region": HIDDEN}, {"region": "empty"}),
        ({"secret_id": "A" * 256}, {"secret_id": "too_long"}),
        ({"secret_key": "A" * 10**6}, {"secret_key": "too_long"}),
        ({"region": "a" * 256}, {"region": "too_long"}),
        (
            {"advanced": {"endpoint": "http://x.example/"}},
            {"advanced": "invalid_endpoint"},
        ),
    ],
)
async def test_impossible_value(
    hass: HomeAssistant, cloud: Cloud, changes: Any, errors: dict[str, str]
) -> None:
    """What cannot be a key, a region or an address is refused before anything is sent."""
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud, **changes))
    assert result["errors"] == errors
    assert cloud.emulator.journal == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AuthFailure.SignatureExpire", "wrong_clock"),
        ("AuthFailure.MFAFailure", "second_factor"),
        ("AuthFailure.TokenFailure", "invalid_credentials_of_account"),
        ("UnauthorizedOperation.NoVerified", "not_verified"),
        ("IpInBlacklist", "address_refused"),
        ("UnsupportedOperation.UnpaidOrder", "quota_exceeded"),
        ("RequestLimitExceeded", "rate_limited"),
        ("InternalError", "server_fault"),
    ],
)
async def test_refusal(
    hass: HomeAssistant, cloud: Cloud, code: str, error: str
) -> None:
    """A refusal that is none of the list is shown in words, with the cloud's own."""
    cloud.expect(code)
    cloud.emulator.faults.append(Fault(code=code, message="原因", times=9))
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["errors"] == {"base": error}
    assert result["description_placeholders"]["code"] == code
    assert result["description_placeholders"]["message"] == "原因"
    cloud.emulator.faults.clear()
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["step_id"] == "product"


async def test_no_network(hass: HomeAssistant, cloud: Cloud) -> None:
    """A cloud that cannot be reached is no wrong password."""
    await cloud.emulator.stop()
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["errors"] == {"base": "cannot_connect"}


async def test_wrong_clock(hass: HomeAssistant, cloud: Cloud) -> None:
    """A clock that is wrong is found out before any key is called wrong."""
    cloud.expect("AuthFailure.SignatureExpire", "AuthFailure.SignatureFailure")
    cloud.emulator.clock_offset = 3600
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["step_id"] == "product"
    assert offered(result)
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud, secret_key="wrong"))
    assert result["errors"] == {"secret_key": "invalid_signature_of_account"}


FORMS = ['"{}"', "“{}”", "「{}」", f"{HIDDEN}{{}}{HIDDEN}", f"{HIDDEN}“{HIDDEN}{{}}”"]


@pytest.mark.parametrize("form", FORMS)
async def test_pasted(hass: HomeAssistant, cloud: Cloud, form: str) -> None:
    """What nobody sees, and quotation marks, are cut from pasted keys and typed ids."""
    pasted = {
        "secret_id": form.format(SECRET_ID),
        "secret_key": form.format(HIDDEN.join(SECRET_KEY)),
        "region": form.format("ap-guangzhou"),
        "advanced": {"endpoint": form.format(cloud.emulator.cloud_endpoint)},
    }
    entry = await add(hass, cloud, form.format("FEEDER\u200b2026"), **pasted)
    assert entry.data == cloud.entry_data()
    assert entry.unique_id == f"{SECRET_ID}/ap-guangzhou"
    (subentry,) = entry.subentries.values()
    assert subentry.unique_id == "FEEDER2026"


async def test_wrong_region(hass: HomeAssistant, cloud: Cloud) -> None:
    """A region without products is named, and another can be tried with the same key."""
    cloud.expect("UnsupportedRegion")
    flow_id = await start(hass, "account")
    typed = account_key(cloud, region="ap-beijing")
    result = await answer(hass, flow_id, typed)
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "no_products"
    assert result["description_placeholders"]["region"] == "ap\\-beijing"
    assert result["menu_options"] == ["region", "product"]
    result = await choose(hass, flow_id, "region")
    assert shown(result) == {"region": "ap-beijing"}
    result = await answer(hass, flow_id, {"region": " "})
    assert result["errors"] == {"region": "empty"}
    result = await answer(hass, flow_id, {"region": "ap-nowhere"})
    assert result["errors"] == {"region": "unsupported_region_of_account"}
    assert shown(result) == {"region": "ap-nowhere"}
    result = await answer(hass, flow_id, {"region": "ap-shanghai"})
    assert result["step_id"] == "no_products"
    result = await choose(hass, flow_id, "region")
    result = await answer(hass, flow_id, {"region": "\u200bap-guangzhou"})
    assert result["step_id"] == "product"
    await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    entry = (await answer(hass, flow_id, FEEDERS))["result"]
    assert entry.title == "ap-guangzhou"
    assert entry.data == cloud.entry_data()


async def test_no_products(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where no product is listed an id can be typed nevertheless."""
    cloud.expect("ResourceNotFound.StudioProductNotExist")
    flow_id = await start(hass, "account")
    typed = account_key(cloud, region="ap-beijing")
    assert (await answer(hass, flow_id, typed))["step_id"] == "no_products"
    result = await choose(hass, flow_id, "product")
    assert result["errors"] == {"base": "no_products"}
    assert offered(result) == {}
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["errors"] == {"product_id": "unknown_product_of_account"}
    beijing = EmulatedProject(project_id="prj-1", name="北京", region="ap-beijing")
    cloud.emulator.products["FEEDER2026"].project = beijing
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["step_id"] == "devices"


@pytest.mark.parametrize("denial", Denial)
@pytest.mark.parametrize("operations", [{"GetStudioProductList"}, LISTS])
async def test_key_that_may_not_list(
    hass: HomeAssistant, cloud: Cloud, operations: set[str], denial: Denial
) -> None:
    """The denial is said with operation and resource, and a typed id goes on."""
    cloud.expect(denial)
    account(cloud).denied = operations
    account(cloud).denial = denial
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["step_id"] == "product"
    assert result["errors"] == {"base": "listing_denied"}
    message = result["description_placeholders"]["message"]
    assert message.endswith(DENIAL.format(operation="GetStudioProductList", what="*"))
    assert result["description_placeholders"]["code"] == denial
    assert offered(result) == {}
    result = await answer(hass, flow_id, {"product_id": " FEEDER2026\u200b "})
    assert result["step_id"] == "devices"
    assert shown(result)["product_name"] == "FEEDER2026"
    result = await answer(hass, flow_id, FEEDERS)
    assert result["result"].state is ConfigEntryState.LOADED


async def test_projects_denied(hass: HomeAssistant, cloud: Cloud) -> None:
    """Products are listed without the names of projects that may not be read."""
    cloud.expect(Denial.DOCUMENTED)
    account(cloud).denied = {"GetProjectList"}
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert not result["errors"]
    assert offered(result)["LAMP202611"] == "Lamp (LAMP202611) · devices: 2"


async def test_template_denied(hass: HomeAssistant, cloud: Cloud) -> None:
    """A data template that may not be read is shown at the product, which it is of."""
    cloud.expect(Denial.DOCUMENTED)
    account(cloud).denied = {"DescribeModelDefinition"}
    flow_id = await start(hass, "account")
    await answer(hass, flow_id, account_key(cloud))
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["errors"] == {"product_id": "operation_denied"}
    message = result["description_placeholders"]["message"]
    what = "project/prj-demohome/product/FEEDER2026"
    denial = DENIAL.format(operation="DescribeModelDefinition", what=what)
    assert message.endswith(denial)
    account(cloud).denied = set()
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["step_id"] == "devices"


async def test_devices_denied(hass: HomeAssistant, cloud: Cloud) -> None:
    """A key that may not list devices runs actions of those whose names are typed."""
    cloud.expect(Denial.DOCUMENTED)
    account(cloud).denied = {"GetDeviceList"}
    flow_id = await start(hass, "account")
    await answer(hass, flow_id, account_key(cloud))
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["step_id"] == "devices"
    assert result["errors"] == {"devices": "devices_denied"}
    what = "project/prj-demohome/product/FEEDER2026"
    denial = DENIAL.format(operation="GetDeviceList", what=what)
    assert result["description_placeholders"]["message"].endswith(denial)
    chosen = {"product_name": "Feeder", "all_devices": False}
    result = await answer(hass, flow_id, chosen | {"devices": []})
    assert result["errors"] == {"devices": "no_devices_chosen"}
    result = await answer(hass, flow_id, chosen | {"devices": ["no such/name"]})
    assert result["errors"] == {"devices": "devices_not_found"}
    chosen["devices"] = ["\u200bkitchen-feeder"]
    entry = (await answer(hass, flow_id, chosen))["result"]
    await hass.async_block_till_done(wait_background_tasks=True)
    (subentry,) = entry.subentries.values()
    assert subentry.data["devices"] == ["kitchen-feeder"]
    await press(hass)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]
    # What is gone cannot be distinguished from what may not be listed.
    flow = await start_product(hass, entry, subentry.subentry_id)
    assert flow["errors"] == {"devices": "devices_denied"}
    chosen["devices"] = ["balcony-feeder"]
    result = await answer_product(hass, flow, chosen)
    assert result["reason"] == "reconfigure_successful"


@pytest.mark.parametrize("operation", [ASYNC, "CallDeviceActionSync"])
async def test_action_denied(hass: HomeAssistant, cloud: Cloud, operation: str) -> None:
    """The dialog runs no action, so that none needs to be allowed for it."""
    account(cloud).denied = {operation}
    entry = await add(hass, cloud)
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("without", [WithoutProject.EMPTY, WithoutProject.REFUSED])
async def test_projects_are_asked(
    hass: HomeAssistant, cloud: Cloud, without: WithoutProject
) -> None:
    """Products are found by their projects where the cloud wants to know one."""
    cloud.expect("InvalidParameterValue.ProductParmsError")
    cloud.emulator.cloud_api.variants.without_project = without
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert not result["errors"]
    label = "Lamp (LAMP202611) · devices: 2 · 我的家"
    assert offered(result)["LAMP202611"] == label


@pytest.mark.parametrize(
    "code",
    [
        "ResourceNotFound.InstanceNotExist",
        "InvalidParameterValue.Mystery",
        "Mystery.Of.Tomorrow",
    ],
)
async def test_list_refused(hass: HomeAssistant, cloud: Cloud, code: str) -> None:
    """A list that is refused for another reason is none of the key's, either."""
    cloud.expect(code)
    for call in LISTS:
        fault = Fault(call=call, code=code, message="原因", times=9)
        cloud.emulator.faults.append(fault)
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["step_id"] == "product"
    assert result["errors"] == {"base": "listing_refused"}
    assert result["description_placeholders"]["message"] == "原因"
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["step_id"] == "devices"


async def test_five_hundred_products(hass: HomeAssistant, cloud: Cloud) -> None:
    """All products of many pages are offered, in the order of their names."""
    products = cloud.emulator.products
    products |= {item.product_id: item for item in many_products(500)}
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert len(offered(result)) == 504
    labels = list(offered(result).values())
    assert labels == sorted(labels, key=str.casefold)
    await answer(hass, flow_id, {"product_id": "MANY000437"})
    result = await answer(hass, flow_id, FEEDERS)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_product_without_data_template(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product with a protocol of its own is not offered; typed, it is refused."""
    cloud.expect("InvalidParameterValue.ModelDefineNil")
    cloud.emulator.products["LAMP202611"].template = None
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert set(offered(result)) == {"FEEDER2026", "SENSOR2026", "DOORLOCK01"}
    result = await answer(hass, flow_id, {"product_id": "LAMP202611"})
    assert result["errors"] == {"product_id": "no_data_template"}


async def test_product_in_development(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product need not be released, as it must be for an application."""
    cloud.emulator.products["FEEDER2026"].dev_status = "dev"
    assert (await add(hass, cloud)).state is ConfigEntryState.LOADED


async def test_odd_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product without a name is shown by its id, and equal names are made distinct."""
    lamp, lock = (
        cloud.emulator.products[name] for name in ("LAMP202611", "DOORLOCK01")
    )
    lamp.name, lock.name = "", "宠物喂食器"
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    labels = list(offered(result).values())
    assert labels[0] == "LAMP202611 · devices: 2 · 我的家"
    assert len(set(labels)) == 4


async def test_product_without_count(hass: HomeAssistant, cloud: Cloud) -> None:
    """What the cloud does not report of a product is not shown of it."""
    payload = {"Products": [{"ProductId": "X", "DataProtocol": 1}], "Total": 1}
    cloud.emulator.faults.append(Fault(call="GetStudioProductList", payload=payload))
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert offered(result) == {"X": "X"}


async def test_product_of_another_account(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product that the key may not use is named in the words of an account."""
    cloud.expect("UnauthorizedOperation.NoPermissionToStudioProduct")
    theirs = EmulatedProject(project_id="prj-2", name="别人", uin="100000000002")
    cloud.emulator.products["FEEDER2026"].project = theirs
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert "FEEDER2026" not in offered(result)
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["errors"] == {"product_id": "no_permission_of_account"}


async def test_two_regions(hass: HomeAssistant, cloud: Cloud) -> None:
    """One SecretId in two regions is two entries, and in one region it is one."""
    beijing = EmulatedProject(project_id="prj-1", name="北京", region="ap-beijing")
    cloud.emulator.products["LAMP202611"].project = beijing
    first = await add(hass, cloud)
    second = await add(hass, cloud, "LAMP202611", region="ap-beijing")
    assert first.title == "ap-guangzhou"
    assert second.title == "ap-beijing"
    assert second.unique_id == f"{SECRET_ID}/ap-beijing"
    assert second.data == cloud.entry_data(region="ap-beijing")
    await press(hass, "LAMP202611/desk-lamp/blink")
    await press(hass)
    assert [device for device, _, _ in cloud.executed] == [
        "desk-lamp",
        "kitchen-feeder",
    ]
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    flow_id = await start(hass, "account")
    typed = account_key(cloud, region="ap-shanghai")
    assert (await answer(hass, flow_id, typed))["step_id"] == "no_products"
    await choose(hass, flow_id, "region")
    result = await answer(hass, flow_id, {"region": "ap-beijing"})
    assert result["reason"] == "already_configured"


async def test_titles(hass: HomeAssistant, cloud: Cloud) -> None:
    """Titles are made distinct by a number, and hold nothing of a key."""
    await add(hass, cloud)
    other = await add(hass, cloud, "LAMP202611", **OTHER_KEY_PAIR)
    assert other.title == "ap-guangzhou 2"
    cloud.emulator.service_api.applications["Other"] = "OtherSecret"
    titles = []
    for app_key, app_secret in ((APP_KEY, APP_SECRET), ("Other", "OtherSecret")):
        product_id = f"MANY00000{len(titles) + 1}"
        (made,) = many_products(2)[len(titles) : len(titles) + 1]
        cloud.emulator.products[product_id] = made
        flow_id = await start(hass)
        typed = key_pair(
            cloud, app_key=app_key, app_secret=app_secret, product_id=product_id
        )
        await answer(hass, flow_id, typed)
        titles.append((await answer(hass, flow_id, FEEDERS))["title"])
        hass.config.language = "zh-Hans"
    assert titles == ["Application 1", "应用 1"]


async def test_title_stays(hass: HomeAssistant, cloud: Cloud) -> None:
    """A title is given once: it stays when the key is another one of another region."""
    beijing = EmulatedProject(project_id="prj-1", name="北京", region="ap-beijing")
    entry = await set_up(hass, cloud, FEEDER)
    hass.config_entries.async_update_entry(entry, title="ap-guangzhou")
    cloud.emulator.products["FEEDER2026"].project = beijing
    result = await replace_flow(hass, entry, "reconfigure", "account")
    typed = account_key(cloud, region="ap-beijing", **OTHER_KEY_PAIR)
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == "reconfigure_successful"
    assert entry.unique_id == f"{OTHER_ID}/ap-beijing"
    assert entry.title == "ap-guangzhou"
    # A person's name for it stays, too, and the region is free for another entry.
    hass.config_entries.async_update_entry(entry, title="Pets")
    result = await replace_flow(hass, entry, "reauth", "application")
    typed = key_pair(cloud)
    del typed["product_id"]
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == "reauth_successful"
    assert entry.title == "Pets"


async def test_side_by_side(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of a product that two keys can see the second is refused, naming the entry."""
    entry = await add(hass, cloud)
    hass.config_entries.async_update_entry(entry, title="Pets (home)")
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud, **OTHER_KEY_PAIR))
    assert set(offered(result)) == {"LAMP202611", "SENSOR2026", "DOORLOCK01"}
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["errors"] == {"product_id": "product_configured"}
    assert result["description_placeholders"]["other"] == "Pets (home)"
    await answer(hass, flow_id, {"product_id": "LAMP202611"})
    await answer(hass, flow_id, FEEDERS)
    flow_id = await start(hass)
    result = await answer(hass, flow_id, key_pair(cloud))
    assert result["errors"] == {"product_id": "product_configured"}
    result = await answer(hass, flow_id, key_pair(cloud, product_id="DOORLOCK01"))
    assert (await answer(hass, flow_id, FEEDERS))["type"] is FlowResultType.CREATE_ENTRY
    assert len(hass.config_entries.async_entries(DOMAIN)) == 3
    for unique_id in (FEED, "LAMP202611/desk-lamp/blink", "DOORLOCK01/front-door/ring"):
        await press(hass, unique_id)
    assert [item.action_id for item in cloud.emulator.executed] == [
        "feed",
        "blink",
        "ring",
    ]


async def test_raced_dialogs(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of dialogs for one key or one product the later ends without harm."""
    flows = [await start(hass, "account") for _ in range(3)]
    for flow_id, key in zip(flows, ({}, {}, OTHER_KEY_PAIR), strict=True):
        await answer(hass, flow_id, account_key(cloud, **key))
    for flow_id, product_id in zip(
        flows, ("FEEDER2026", "LAMP202611", "FEEDER2026"), strict=True
    ):
        result = await answer(hass, flow_id, {"product_id": product_id})
        assert result["step_id"] == "devices"
    results = [await answer(hass, flow_id, FEEDERS) for flow_id in flows]
    assert results[0]["type"] is FlowResultType.CREATE_ENTRY
    assert [result.get("reason") for result in results[1:]] == [
        "already_configured"
    ] * 2
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_product_configured_meanwhile(hass: HomeAssistant, cloud: Cloud) -> None:
    """What another dialog took meanwhile is not offered when the form is shown again."""
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert "FEEDER2026" in offered(result)
    await set_up(hass, cloud, FEEDER, **OTHER_KEY_PAIR)
    result = await answer(hass, flow_id, {"product_id": "FEEDER2026"})
    assert result["errors"] == {"product_id": "product_configured"}
    assert "FEEDER2026" not in offered(result)


async def test_all_products_configured(hass: HomeAssistant, cloud: Cloud) -> None:
    """That all products are configured is said, and another id can be typed."""
    names = list(cloud.emulator.products)
    await set_up(hass, cloud, *map(product, names), **OTHER_KEY_PAIR)
    flow_id = await start(hass, "account")
    result = await answer(hass, flow_id, account_key(cloud))
    assert result["errors"] == {"base": "no_further_products"}
    assert offered(result) == {}


async def test_add_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """Add product offers what is not added yet, by name, and an id can be typed."""
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start_product(hass, entry)
    assert flow["step_id"] == "product"
    assert not flow["errors"]
    assert set(offered(flow)) == {"LAMP202611", "SENSOR2026", "DOORLOCK01"}
    result = await answer_product(hass, flow, {"product_id": "FEEDER2026"})
    assert result["errors"] == {"product_id": "product_configured"}
    result = await answer_product(hass, flow, {"product_id": "LAMP202611"})
    assert result["step_id"] == "devices"
    assert shown(result)["product_name"] == "Lamp"
    chosen = shown(result) | {"all_devices": True}
    result = await answer_product(hass, flow, chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await press(hass, "LAMP202611/desk-lamp/blink")
    flow = await start_product(hass, entry)
    assert set(offered(flow)) == {"SENSOR2026", "DOORLOCK01"}
    result = await answer_product(hass, flow, {"product_id": " DOORLOCK01\u200b"})
    assert result["step_id"] == "devices"


async def test_add_product_without_a_list(hass: HomeAssistant, cloud: Cloud) -> None:
    """Why nothing is offered is said, and a typed id goes on."""
    cloud.expect(Denial.DOCUMENTED)
    entry = await set_up(hass, cloud, FEEDER)
    account(cloud).denied = LISTS
    flow = await start_product(hass, entry)
    assert flow["errors"] == {"base": "listing_denied"}
    result = await answer_product(hass, flow, {"product_id": "LAMP202611"})
    assert result["step_id"] == "devices"
    account(cloud).denied = set()
    cloud.emulator.faults.append(Fault(call="GetStudioProductList", drop=True, times=9))
    flow = await start_product(hass, entry)
    assert flow["errors"] == {"base": "fate_unknown"}
    cloud.emulator.faults.clear()
    for product_id in ("LAMP202611", "SENSOR2026", "DOORLOCK01"):
        del cloud.emulator.products[product_id]
    flow = await start_product(hass, entry)
    assert flow["errors"] == {"base": "no_further_products"}
    del cloud.emulator.products["FEEDER2026"]
    flow = await start_product(hass, entry)
    assert flow["errors"] == {"base": "no_products"}


async def test_add_product_while_not_loaded(hass: HomeAssistant, cloud: Cloud) -> None:
    """Products are found and added while the entry is disabled."""
    entry = make_entry(cloud, FEEDER, disabled_by=ConfigEntryDisabler.USER)
    entry.add_to_hass(hass)
    flow = await start_product(hass, entry)
    assert set(offered(flow)) == {"LAMP202611", "SENSOR2026", "DOORLOCK01"}
    await answer_product(hass, flow, {"product_id": "LAMP202611"})
    await answer_product(hass, flow, FEEDERS)
    assert len(entry.subentries) == 2
    flow = await start_product(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    result = await answer_product(hass, flow, {"product_id": "DOORLOCK01"})
    assert result["reason"] == "product_removed"


async def test_kind_changes_while_a_product_is_added(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A dialog that is open goes on with the key that the entry has by then."""
    entry = await set_up(hass, cloud, FEEDER)
    of_account = await start_product(hass, entry)
    cloud.access = "application"
    hass.config_entries.async_update_entry(
        entry, data=cloud.entry_data(), unique_id=APP_KEY
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    of_application = await start_product(hass, entry)
    assert of_application["step_id"] == "user"
    result = await answer_product(hass, of_account, {"product_id": "LAMP202611"})
    assert result["step_id"] == "devices"
    assert cloud.emulator.journal[-1].action == "ServiceDescribeDeviceData"
    cloud.access = "account"
    hass.config_entries.async_update_entry(entry, data=cloud.entry_data())
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await answer_product(hass, of_application, {"product_id": "LAMP202611"})
    assert result["step_id"] == "devices"
    assert cloud.emulator.journal[-1].action == "DescribeDeviceData"


@each_source
async def test_rotate_secret_key(
    hass: HomeAssistant, cloud: Cloud, source: str
) -> None:
    """A new SecretKey is taken over; the unique id, devices and entity ids stay."""
    entry = await set_up(hass, cloud, FEEDER)
    device = device_id(hass, entry, "kitchen-feeder")
    entity_id = button(hass, FEED)
    account(cloud).secret_key = "Rotated"
    result = await replace_flow(hass, entry, source, "account")
    assert shown(result) == {
        "secret_id": SECRET_ID,
        "region": "ap-guangzhou",
        "advanced": {"endpoint": cloud.emulator.cloud_endpoint},
    }
    typed = shown(result) | {"secret_key": "Rotated"}
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == f"{source}_successful"
    assert entry.data == cloud.entry_data(secret_key="Rotated")
    assert entry.unique_id == f"{SECRET_ID}/ap-guangzhou"
    assert entry.state is ConfigEntryState.LOADED
    assert device_id(hass, entry, "kitchen-feeder") == device
    assert button(hass, FEED) == entity_id
    await press(hass)
    assert cloud.executed


@each_source
async def test_key_of_another_sub_account(
    hass: HomeAssistant, cloud: Cloud, source: str
) -> None:
    """The key of another sub-account becomes the unique id; the endpoint stays."""
    entry = await set_up(hass, cloud, FEEDER)
    result = await replace_flow(hass, entry, source, "account")
    typed = account_key(cloud, **OTHER_KEY_PAIR)
    del typed["advanced"]
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == f"{source}_successful"
    assert entry.unique_id == f"{OTHER_ID}/ap-guangzhou"
    assert entry.data == cloud.entry_data(**OTHER_KEY_PAIR)


@each_source
@pytest.mark.parametrize("kind", ["account", "application"])
async def test_other_kind_of_key(
    hass: HomeAssistant, cloud: Cloud, source: str, kind: str
) -> None:
    """An application's entry becomes an account's, and the other way; the rest stays."""
    cloud.access = "application" if kind == "account" else "account"
    entry = await set_up(hass, cloud, FEEDER, LAMP)

    def rest() -> Any:
        """Return what must stay."""
        entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        return (
            {(item.unique_id, item.entity_id, item.device_id) for item in entities},
            dict(entry.subentries),
            services(hass),
            entry.title,
        )

    before = rest()
    assert len(before[0]) > 10
    result = await replace_flow(hass, entry, source, kind)
    typed = account_key(cloud) if kind == "account" else key_pair(cloud)
    typed.pop("product_id", None)
    # Nothing of the other kind's key and endpoint is suggested.
    assert not set(shown(result)) & {"secret_id", "app_key"}
    assert shown(result)["advanced"]["endpoint"].startswith("https://")
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == f"{source}_successful"
    cloud.access = kind
    assert entry.data == cloud.entry_data()
    assert entry.unique_id == (
        f"{SECRET_ID}/ap-guangzhou" if kind == "account" else APP_KEY
    )
    assert entry.state is ConfigEntryState.LOADED
    assert rest() == before
    await press(hass)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


def test_endpoint_of_the_other_kind(cloud: Cloud) -> None:
    """A key of the other kind is used at the address that is for its kind."""
    typed = account_key(cloud)
    del typed["advanced"]
    cloud.access = "application"
    replaced = ACCOUNT_KEY.entry_data(typed, cloud.entry_data())
    assert replaced["endpoint"] == CLOUD_API_ENDPOINT


@each_source
@pytest.mark.parametrize("access", ["account", "application"])
async def test_own_kind_comes_first(
    hass: HomeAssistant, cloud: Cloud, source: str, access: str
) -> None:
    """Both kinds are offered, first the one that the entry has; the entry is named."""
    cloud.access = access
    entry = await set_up(hass, cloud, FEEDER)
    result = (
        await entry.start_reauth_flow(hass)
        if source == "reauth"
        else await entry.start_reconfigure_flow(hass)
    )
    assert result["menu_options"][0] == f"replace_{access}"
    assert len(result["menu_options"]) == 2
    assert result["description_placeholders"]["entry"] == "Home"


@each_source
async def test_replacement_hides_products(
    hass: HomeAssistant, cloud: Cloud, source: str
) -> None:
    """Products that the new key does not show are listed and must be confirmed."""
    cloud.expect("UnauthorizedOperation.NoPermissionToStudioProduct")
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    theirs = EmulatedProject(project_id="prj-2", name="别人", uin="100000000002")
    cloud.emulator.products["LAMP202611"].project = theirs
    result = await replace_flow(hass, entry, source, "account")
    typed = account_key(cloud, **OTHER_KEY_PAIR)
    result = await answer(hass, result["flow_id"], typed)
    assert result["step_id"] == "confirm_account"
    assert result["description_placeholders"]["products"] == "- Lamp"
    assert entry.data == cloud.entry_data()
    result = await answer(hass, result["flow_id"], {})
    assert result["reason"] == f"{source}_successful"
    assert entry.data == cloud.entry_data(**OTHER_KEY_PAIR)


@pytest.mark.parametrize(
    ("changes", "code", "errors"),
    [
        *WRONG_KEYS,
        (
            {"region": "ap-beijing"},
            "ResourceNotFound.StudioProductNotExist",
            {"region": "products_hidden"},
        ),
    ],
)
async def test_replacement_refused(
    hass: HomeAssistant,
    cloud: Cloud,
    changes: dict[str, str],
    code: str,
    errors: dict[str, str],
) -> None:
    """A key that is not proven valid for any product is not taken over."""
    cloud.expect(code)
    entry = await set_up(hass, cloud, FEEDER)
    result = await replace_flow(hass, entry, "reconfigure", "account")
    typed = account_key(cloud, **changes)
    result = await answer(hass, result["flow_id"], typed)
    assert result["errors"] == errors
    assert result["description_placeholders"]["code"] == code
    assert "secret_key" not in suggested(result)
    assert entry.data == cloud.entry_data()


async def test_replacement_that_may_not_read(hass: HomeAssistant, cloud: Cloud) -> None:
    """A new key whose policy lacks an operation is refused with that one's name."""
    cloud.expect(Denial.DOCUMENTED)
    entry = await set_up(hass, cloud, FEEDER)
    account(cloud, OTHER_ID).denied = {"DescribeModelDefinition"}
    result = await replace_flow(hass, entry, "reconfigure", "account")
    typed = account_key(cloud, **OTHER_KEY_PAIR)
    result = await answer(hass, result["flow_id"], typed)
    assert result["errors"] == {"base": "operation_denied"}
    message = result["description_placeholders"]["message"]
    assert "iotexplorer:DescribeModelDefinition" in message


async def test_replacement_without_products(hass: HomeAssistant, cloud: Cloud) -> None:
    """The key of an account can be checked although the entry has no product."""
    cloud.expect("AuthFailure.SignatureFailure")
    entry = await set_up(hass, cloud)
    result = await replace_flow(hass, entry, "reconfigure", "account")
    typed = account_key(cloud, secret_key="wrong")
    result = await answer(hass, result["flow_id"], typed)
    assert result["errors"] == {"secret_key": "invalid_signature_of_account"}
    typed = account_key(cloud, **OTHER_KEY_PAIR)
    result = await answer(hass, result["flow_id"], typed)
    assert result["reason"] == "reconfigure_successful"


async def test_key_that_another_entry_has(hass: HomeAssistant, cloud: Cloud) -> None:
    """A SecretId that another entry has in the region is refused, naming that."""
    entry = await set_up(hass, cloud, FEEDER)
    other = make_entry(cloud, LAMP, **OTHER_KEY_PAIR)
    other.add_to_hass(hass)
    hass.config_entries.async_update_entry(other, title="Lamps (home)")
    result = await replace_flow(hass, entry, "reconfigure", "account")
    typed = account_key(cloud, **OTHER_KEY_PAIR)
    result = await answer(hass, result["flow_id"], typed)
    assert result["errors"] == {"secret_id": "account_configured"}
    assert result["description_placeholders"]["other"] == "Lamps (home)"


async def test_raced_replacement(hass: HomeAssistant, cloud: Cloud) -> None:
    """A key that another entry took while products were confirmed is left to that."""
    cloud.expect("ResourceNotFound.StudioProductNotExist")
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    lamp = cloud.emulator.products.pop("LAMP202611")
    result = await replace_flow(hass, entry, "reconfigure", "account")
    typed = account_key(cloud, **OTHER_KEY_PAIR)
    result = await answer(hass, result["flow_id"], typed)
    assert result["step_id"] == "confirm_account"
    cloud.emulator.products["LAMP202611"] = lamp
    make_entry(cloud, **OTHER_KEY_PAIR).add_to_hass(hass)
    result = await answer(hass, result["flow_id"], {})
    assert result["reason"] == "already_configured"
    assert entry.data == cloud.entry_data()


async def test_confirm_application(hass: HomeAssistant, cloud: Cloud) -> None:
    """An application that opens not all products of an account is asked about."""
    cloud.expect("UnauthorizedOperation.APPNoPermissionToStudioProduct")
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    cloud.emulator.products["LAMP202611"].linked = False
    result = await replace_flow(hass, entry, "reconfigure", "application")
    typed = key_pair(cloud)
    del typed["product_id"]
    result = await answer(hass, result["flow_id"], typed)
    assert result["step_id"] == "confirm_application"
    result = await answer(hass, result["flow_id"], {})
    assert result["reason"] == "reconfigure_successful"
    assert entry.unique_id == APP_KEY
