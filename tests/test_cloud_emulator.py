"""The emulated Tencent Cloud API 3.0 is as strict as its documentation, or more so."""

from collections.abc import AsyncIterator
import json
import time
from typing import Any

import aiohttp
import pytest

from .cloud_requests import CALLS, DATA, INPUTS, MISSING, CloudSender, authorize
from .helpers import Cloud
from emulator import (
    Account,
    Denial,
    EmulatedProduct,
    EmulatedProject,
    Emulator,
    Fault,
    NameFilter,
    WithoutProject,
    demo_products,
    many_products,
    tc3,
)
from emulator.accounts import SECRET_ID
from emulator.products import devices

AUTHORIZATION = "AuthFailure.InvalidAuthorization"
FORGED = "AuthFailure.SignatureFailure"
ABROAD = EmulatedProject(
    project_id="prj-abroad", name="Abroad", region="eu-frankfurt", instance_id="other"
)
OTHERS = EmulatedProject(project_id="prj-others", name="Others", uin="100000000002")


@pytest.fixture
async def sender(socket_enabled: None) -> AsyncIterator[CloudSender]:
    """Run an emulator of its own."""
    async with Emulator() as emulator, aiohttp.ClientSession() as session:
        yield CloudSender(emulator, session)


def test_documented_signature() -> None:
    """The emulator signs as the documentation's example does."""
    headers = {
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
        "X-TC-Timestamp": "1551113065",
    }
    body = (
        '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], '
        '"Name": "instance-name"}]}'
    )
    text = tc3.string_to_sign(
        headers, ("content-type", "host"), body.encode(), service="cvm"
    )
    assert text.endswith(
        "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"
    )
    assert tc3.signature(text, "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE") == (
        "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


@pytest.mark.parametrize("call", CALLS)
async def test_right_request(sender: CloudSender, call: str) -> None:
    """A request that is right is answered, and nothing is held against it."""
    reply = await sender.post(call)
    assert "Error" not in reply
    again = await sender.post(call)
    first, second = sender.emulator.journal
    assert first.request_id == reply["RequestId"] != again["RequestId"]
    assert (first.action, first.call, first.parameters) == (call, call, CALLS[call])
    for entry in (first, second):
        assert (entry.flaws, entry.deviations, entry.error_code) == ([], [], "")
    assert json.loads(first.reply) == {"Response": reply}
    assert first.headers["X-TC-TraceId"] != second.headers["X-TC-TraceId"]
    assert first.headers["X-TC-RequestClient"] == "tests"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-TC-Action": MISSING}, "MissingParameter"),
        ({"X-TC-Version": MISSING}, "MissingParameter"),
        ({"X-TC-Timestamp": MISSING}, "MissingParameter"),
        ({"X-TC-Region": MISSING}, "MissingParameter"),
        ({"X-TC-Action": "ServiceDescribeDevice"}, "InvalidAction"),
        ({"X-TC-Action": "describeDevice"}, "InvalidAction"),
        ({"X-TC-Version": "2019-04-24"}, "NoSuchVersion"),
        ({"X-TC-Timestamp": "soon"}, "InvalidParameterValue"),
        ({"X-TC-Timestamp": "1551113065.5"}, "InvalidParameterValue"),
        ({"X-TC-Timestamp": "1551113065000"}, "InvalidParameterValue"),
        ({"X-TC-Language": "zh-Hans"}, "InvalidParameterValue"),
        ({"X-TC-RequestClient": "a/b"}, "InvalidParameterValue"),
        ({"X-TC-RequestClient": "a" * 129}, "InvalidParameterValue"),
        ({"X-TC-Token": "token"}, "AuthFailure.TokenFailure"),
        ({"Content-Type": "text/plain"}, "InvalidParameter"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "InvalidParameter"),
        ({"Content-Type": "application/json; charset=gbk"}, "InvalidParameter"),
        ({"Content-Type": MISSING}, "InvalidParameter"),
        ({"Authorization": MISSING}, AUTHORIZATION),
        ({"Authorization": "SKIP"}, AUTHORIZATION),
        ({"Authorization": "TC3-HMAC-SHA256 Credential="}, AUTHORIZATION),
    ],
    ids=str,
)
async def test_wrong_header(
    sender: CloudSender, headers: dict[str, Any], code: str
) -> None:
    """What no correct client sends in a header is a flaw."""
    await sender.refuse(code, headers=headers, flaw=True)


@pytest.mark.parametrize(
    ("signing", "code"),
    [
        ({"secret_id": ""}, AUTHORIZATION),
        ({"scope": "cvm/tc3_request"}, AUTHORIZATION),
        ({"scope": "iotexplorer/tc4_request"}, AUTHORIZATION),
        ({"signed": "host;content-type"}, AUTHORIZATION),
        ({"signed": "content-type"}, AUTHORIZATION),
        ({"signed": "host"}, AUTHORIZATION),
        ({"signed": "content-type;host;host"}, AUTHORIZATION),
        ({"signed": "content-type;host;x-tc-absent"}, AUTHORIZATION),
        ({"signed": "Content-Type;Host"}, AUTHORIZATION),
        ({"date": "2019-02-25"}, FORGED),
    ],
    ids=str,
)
async def test_wrong_form_of_signature(
    sender: CloudSender, signing: dict[str, str], code: str
) -> None:
    """Scope, date and list of headers are right whatever a person has typed."""
    await sender.refuse(code, flaw=True, **signing)


async def test_more_signed_headers(sender: CloudSender) -> None:
    """More headers than must be may be signed."""
    await sender.post(signed="content-type;host;x-tc-action;x-tc-region")
    assert sender.emulator.journal[0].error_code == ""


@pytest.mark.parametrize(
    ("signing", "code"),
    [
        ({"secret_key": "another"}, FORGED),
        ({"secret_id": "AKIDEXAMPLEOFNOBODY"}, "AuthFailure.SecretIdNotFound"),
        ({"secret_id": "DemoAppKey"}, "AuthFailure.InvalidSecretId"),
        ({"secret_id": "密钥/1, 2"}, "AuthFailure.InvalidSecretId"),
    ],
    ids=str,
)
async def test_wrong_key(
    sender: CloudSender, signing: dict[str, str], code: str
) -> None:
    """A person may type any key, so a wrong one is no flaw."""
    await sender.refuse(code, flaw=False, **signing)


@pytest.mark.parametrize(
    "changes",
    [{"Host": "iotexplorer.tencentcloudapi.com"}, {"X-TC-Timestamp": "+1"}],
    ids=["host", "time"],
)
async def test_signed_otherwise(sender: CloudSender, changes: dict[str, str]) -> None:
    """Host and time that were signed are those that are sent."""
    host = sender.emulator.cloud_endpoint.removeprefix("http://")
    now = int(time.time())
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "X-TC-Timestamp": str(now),
    }
    other = headers | {
        name: str(now + 1) if value == "+1" else value
        for name, value in changes.items()
    }
    body = json.dumps(CALLS["DescribeDevice"]).encode()
    for signed, code in ((other, FORGED), (headers, "")):
        await sender.post(headers=headers | {"Authorization": authorize(signed, body)})
        assert sender.emulator.journal[-1].error_code == code


async def test_signed_bytes(sender: CloudSender) -> None:
    """The bytes that were signed are those that are sent, however they are written."""
    inputs = json.dumps(INPUTS, ensure_ascii=False)
    parameters = CALLS["CallDeviceActionAsync"] | {"InputParams": inputs}
    host = sender.emulator.cloud_endpoint.removeprefix("http://")
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "X-TC-Timestamp": str(int(time.time())),
    }
    forms = [
        json.dumps(parameters, ensure_ascii=ascii_only, separators=separators).encode()
        for ascii_only in (True, False)
        for separators in ((", ", ": "), (",", ":"))
    ]
    signatures = [authorize(headers, form) for form in forms]
    assert len(set(signatures)) == 4
    for i, form in enumerate(forms):
        for j, signature in enumerate(signatures):
            await sender.post(
                "CallDeviceActionAsync",
                form,
                headers | {"Authorization": signature},
            )
            entry = sender.emulator.journal[-1]
            assert (entry.error_code == "") is (i == j)
    assert [item.inputs for item in sender.emulator.executed] == [INPUTS] * 4


@pytest.mark.parametrize("seconds", [-86400, -400, 400, 86400])
async def test_wrong_time(sender: CloudSender, seconds: int) -> None:
    """A time stamp that is far from the emulator's clock is refused, at any offset."""
    sender.emulator.clock_offset = 86400 * 3
    right = int(time.time()) + 86400 * 3
    for near in (-200, 0, 200):
        await sender.post(headers={"X-TC-Timestamp": str(right + near)})
        assert sender.emulator.journal[-1].error_code == ""
    headers = {"X-TC-Timestamp": str(right + seconds)}
    await sender.refuse("AuthFailure.SignatureExpire", headers=headers, flaw=False)


@pytest.mark.parametrize(
    "body",
    [b"", b"ProductId=LAMP202611", b'{"ProductId":', b"[]", b"null", b'"\xff"'],
    ids=["empty", "form", "truncated", "list", "null", "no-utf8"],
)
async def test_wrong_body(sender: CloudSender, body: bytes) -> None:
    """Only a JSON object is a request."""
    await sender.refuse("InvalidParameter", "DescribeDevice", body, flaw=True)


@pytest.mark.parametrize(
    ("call", "changes", "code"),
    [
        *((call, {"Platform": "ha"}, "UnknownParameter") for call in CALLS),
        *(
            (call, {name: MISSING}, "MissingParameter")
            for call in CALLS
            for name in ("ProductId", "DeviceName", "ActionId", "Data")
            if name in CALLS[call]
        ),
        ("DescribeDevice", {"Limit": 10}, "UnknownParameter"),
        ("DescribeDevice", {"Action": "DescribeDevice"}, "UnknownParameter"),
        ("DescribeDevice", {"productId": "LAMP202611"}, "UnknownParameter"),
        ("DescribeDeviceData", {"DeviceId": "LAMP202611/a"}, "UnknownParameter"),
        ("ControlDeviceData", {"DataTimestamp": 1552904784552}, "UnknownParameter"),
        (
            "ControlDeviceData",
            {"Data": '{"power":1}'},
            "InvalidParameterValue.ModelDefineEventPropNameError",
        ),
        *(
            (call, {name: value}, "InvalidParameterValue")
            for call, name, value in (
                ("DescribeDevice", "DeviceName", ""),
                ("DescribeDevice", "DeviceName", None),
                ("DescribeDevice", "ProductId", 5),
                ("DescribeDevice", "ProductId", ["LAMP202611"]),
                ("GetDeviceList", "DeviceName", ""),
                ("GetDeviceList", "DeviceName", None),
                ("GetDeviceList", "Offset", "0"),
                ("GetDeviceList", "Offset", None),
                ("GetDeviceList", "Offset", -1),
                ("GetDeviceList", "Limit", "10"),
                ("GetDeviceList", "Limit", True),
                ("GetDeviceList", "Limit", 0),
                ("GetDeviceList", "Limit", 9),
                ("GetDeviceList", "Limit", 101),
                ("GetStudioProductList", "Limit", 0),
                ("GetStudioProductList", "Limit", "50"),
                ("GetStudioProductList", "Offset", -1),
                ("SearchStudioProduct", "ProductName", 5),
                ("GetProjectList", "Limit", 0),
                ("GetProjectList", "Includes", "ProductCount"),
                ("GetProjectList", "Includes", ["Everything"]),
                ("CallDeviceActionAsync", "InputParams", ""),
                ("CallDeviceActionAsync", "InputParams", INPUTS),
                ("ControlDeviceData", "Data", ""),
                ("ControlDeviceData", "Data", DATA),
                ("ControlDeviceData", "Data", "{}"),
                ("ControlDeviceData", "Data", '{"brightness":"50"}'),
                ("ControlDeviceData", "Method", ""),
                ("ControlDeviceData", "Method", "reported"),
                ("ListEventHistory", "Type", ""),
                ("ListEventHistory", "Type", "warning"),
                ("ListEventHistory", "EventId", ""),
                ("ListEventHistory", "Context", ""),
                ("ListEventHistory", "Context", "never given out"),
                ("ListEventHistory", "StartTime", "0"),
                ("ListEventHistory", "StartTime", -1),
                ("ListEventHistory", "StartTime", 1552904784552),
                ("ListEventHistory", "EndTime", 1552904784552),
                ("ListEventHistory", "Size", 0),
                ("ListEventHistory", "Size", 101),
            )
        ),
        (
            "GetStudioProductList",
            {"DevStatus": "published"},
            "InvalidParameterValue.ProductParmsError",
        ),
    ],
    ids=str,
)
async def test_wrong_parameter(
    sender: CloudSender, call: str, changes: dict[str, Any], code: str
) -> None:
    """Unknown, missing, empty and ill-typed parameters are flaws."""
    parameters = {
        name: value
        for name, value in {**CALLS[call], **changes}.items()
        if value is not MISSING
    }
    await sender.refuse(code, call, parameters, flaw=True)


@pytest.mark.parametrize(
    ("headers", "inputs", "deviations"),
    [
        ({}, "{}", 0),
        ({"X-TC-Language": "en-US"}, "{}", 0),
        ({"Content-Type": "application/json; charset=utf-8"}, "{}", 1),
        ({"X-TC-RequestClient": MISSING}, "{}", 1),
        ({"X-TC-TraceId": MISSING}, "{}", 1),
        ({"X-TC-TraceId": "5"}, "{}", 1),
        ({}, "{ }", 1),
    ],
    ids=str,
)
async def test_other_clients(
    sender: CloudSender, headers: dict[str, Any], inputs: str, deviations: int
) -> None:
    """What other clients send is accepted, and noted as what it is."""
    parameters = {
        "ProductId": "LAMP202611",
        "DeviceName": "desk-lamp",
        "ActionId": "blink",
        "InputParams": inputs,
    }
    await sender.post("CallDeviceActionAsync", parameters, headers)
    (entry,) = sender.emulator.journal
    assert (entry.error_code, entry.flaws) == ("", [])
    assert len(entry.deviations) == deviations


async def test_defaults(sender: CloudSender) -> None:
    """What may be left out has the value that the documentation names."""
    sender.emulator.products["LAMP202611"].devices = devices(
        *(f"device-{number}" for number in range(12))
    )
    reply = await sender.post(
        "GetDeviceList", {"ProductId": "LAMP202611"}, {"X-TC-Region": MISSING}
    )
    assert (len(reply["Devices"]), reply["Total"]) == (10, 12)
    assert sender.emulator.journal[-1].deviations == ["no X-TC-Region"]
    await sender.post(
        "CallDeviceActionSync",
        {
            "ProductId": "LAMP202611",
            "DeviceName": "device-1",
            "ActionId": "blink",
        },
    )
    assert sender.emulator.executed[0].inputs == {}


async def test_method(sender: CloudSender) -> None:
    """That something is to be written to the device may be said."""
    parameters = {**CALLS["ControlDeviceData"], "Method": "desired"}
    await sender.post("ControlDeviceData", parameters)
    assert [item.values for item in sender.emulator.written] == [DATA]


async def test_executed(sender: CloudSender) -> None:
    """An action that reached a device is remembered, one that did not is not."""
    done = await sender.post("CallDeviceActionSync")
    assert json.loads(done["OutputParams"]) == INPUTS
    assert done["ClientToken"]
    offline = {**CALLS["CallDeviceActionAsync"], "DeviceName": "hall-lamp"}
    reply = await sender.post("CallDeviceActionAsync", offline)
    assert reply["Status"].startswith("FailedOperation.ActionUnreachable|")
    (executed,) = sender.emulator.executed
    assert (executed.device_name, executed.inputs) == ("desk-lamp", INPUTS)
    assert executed.request_id == done["RequestId"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ProductId": "NOBODY"}, "ResourceNotFound.StudioProductNotExist"),
        ({"DeviceName": "nobody"}, "ResourceNotFound.DeviceNotExist"),
        ({"DeviceName": "desk lamp"}, "InvalidParameterValue"),
        ({"ActionId": "nothing"}, "InvalidParameterValue.ActionNilOrNotExist"),
    ],
    ids=["product", "device", "impossible-device", "action"],
)
async def test_unknown(sender: CloudSender, changes: dict[str, str], code: str) -> None:
    """What does not exist is refused, and a person may have typed it."""
    parameters = CALLS["CallDeviceActionAsync"] | changes
    await sender.refuse(code, "CallDeviceActionAsync", parameters, flaw=False)


async def test_wrong_inputs(sender: CloudSender) -> None:
    """A device wants the same inputs by whatever interface they come."""
    parameters = {**CALLS["CallDeviceActionAsync"], "InputParams": '{"power":"1"}'}
    code = "InvalidParameter.ActionInputParamsInvalid"
    await sender.refuse(code, "CallDeviceActionAsync", parameters, flaw=True)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("denial", Denial)
async def test_denied(sender: CloudSender, call: str, denial: Denial) -> None:
    """One denied operation is refused in the words of the access management alone."""
    account = sender.emulator.cloud_api.accounts[SECRET_ID]
    account.denial = denial
    account.denied.add(call)
    entry = await sender.refuse(denial, call, flaw=False)
    what = (
        "project/prj-demohome/product/LAMP202611" if "ProductId" in CALLS[call] else "*"
    )
    assert json.loads(entry.reply)["Response"]["Error"]["Message"] == (
        f"[request id:{entry.request_id}]you are not authorized to perform operation "
        f"(iotexplorer:{call})\nresource (qcs::iotexplorer:ap-guangzhou:"
        f"uin/100000000001:{what}) has no permission"
    )
    other = next(name for name in CALLS if name != call)
    await sender.post(other)
    assert sender.emulator.journal[-1].error_code == ""
    account.denied.clear()
    account.allowed = {other}
    await sender.refuse(denial, call, flaw=False)
    await sender.post(other)
    assert sender.emulator.journal[-1].error_code == ""


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("gz", "UnsupportedRegion"),
        ("", "UnsupportedRegion"),
        ("ap-beijing", "UnsupportedRegion"),
        ("na-ashburn", ""),
    ],
)
async def test_wrong_region(sender: CloudSender, region: str, code: str) -> None:
    """A person may type any region; not each call is to be had in each."""
    reply = await sender.post("SearchStudioProduct", headers={"X-TC-Region": region})
    entry = sender.emulator.journal[-1]
    assert (entry.error_code, entry.flaws) == (code, [])
    if not code:
        assert (reply["Products"], reply["Total"]) == ([], 0)


async def test_two_regions(sender: CloudSender) -> None:
    """A product is in its region and in no other."""
    (heater,) = many_products(1, ABROAD)
    sender.emulator.products[heater.product_id] = heater
    everywhere = {"ap-guangzhou": "prj-demohome", "eu-frankfurt": "prj-abroad"}
    for region, project_id in everywhere.items():
        headers = {"X-TC-Region": region}
        projects = await sender.post("GetProjectList", headers=headers)
        assert [item["ProjectId"] for item in projects["Projects"]] == [project_id]
        products = await sender.post("GetStudioProductList", headers=headers)
        ids = [item["ProductId"] for item in products["Products"]]
        assert (heater.product_id in ids) is (region == "eu-frankfurt")
        assert len(ids) == products["Total"] == (1 if len(ids) == 1 else 4)
        for call in ("DescribeModelDefinition", "DescribeStudioProduct"):
            for product_id in sender.emulator.products:
                await sender.post(call, {"ProductId": product_id}, headers)
                code = sender.emulator.journal[-1].error_code
                assert code == (
                    ""
                    if product_id in ids
                    else "ResourceNotFound.StudioProductNotExist"
                )


async def test_two_accounts(sender: CloudSender) -> None:
    """Sub-accounts of one main account share its products, others have their own."""
    (others,) = many_products(1, OTHERS)
    sender.emulator.products[others.product_id] = others
    accounts = sender.emulator.cloud_api.accounts
    accounts["AKIDSUB"] = Account(secret_key="sub")
    accounts["AKIDOTHER"] = Account(secret_key="other", uin=OTHERS.uin)
    sub = {"secret_id": "AKIDSUB", "secret_key": "sub"}
    other = {"secret_id": "AKIDOTHER", "secret_key": "other"}
    first = await sender.post("GetStudioProductList")
    same = await sender.post("GetStudioProductList", **sub)
    assert first["Products"] == same["Products"]
    found = await sender.post("GetStudioProductList", **other)
    assert [item["ProductId"] for item in found["Products"]] == [others.product_id]
    projects = await sender.post("GetProjectList", **other)
    assert [item["ProjectId"] for item in projects["Projects"]] == ["prj-others"]
    code = "UnauthorizedOperation.NoPermissionToStudioProduct"
    await sender.refuse(code, "DescribeDevice", flaw=False, **other)
    await sender.refuse(FORGED, flaw=False, secret_id="AKIDSUB", secret_key="other")


@pytest.fixture
def projects(sender: CloudSender) -> list[EmulatedProject]:
    """Return two projects: products with and without template, and nothing at all."""
    one, empty = (
        EmulatedProject(project_id=f"prj-{name}", name=f"Project {name}")
        for name in ("one", "empty")
    )
    products = [
        *many_products(2, one),
        EmulatedProduct(
            product_id="CUSTOM", name="Own", template=None, devices={}, project=one
        ),
    ]
    products[0].dev_status = "dev"
    products[1].dev_status = "audit"
    for product in products:
        sender.emulator.products[product.product_id] = product
    sender.emulator.empty_projects.append(empty)
    return [one, empty]


async def found(sender: CloudSender, call: str, **parameters: Any) -> list[str]:
    """Return the ids that a list has."""
    reply = await sender.post(call, parameters)
    key = "Projects" if call == "GetProjectList" else "Products"
    ids = [item[f"{key[:-1]}Id"] for item in reply[key]]
    assert reply["Total"] == len(ids)
    return ids


@pytest.mark.usefixtures("projects")
async def test_found_products(sender: CloudSender) -> None:
    """Products are found by project, state, name and id."""
    demo = [product.product_id for product in demo_products()]
    one = ["MANY000001", "MANY000002", "CUSTOM"]
    for call in ("GetStudioProductList", "SearchStudioProduct"):
        assert await found(sender, call) == demo + one
        assert await found(sender, call, DevStatus="all") == demo + one
        assert await found(sender, call, DevStatus="dev") == one[:1]
        assert await found(sender, call, DevStatus="audit") == one[1:2]
        assert await found(sender, call, DevStatus="released") == [*demo, "CUSTOM"]
        assert await found(sender, call, ProjectId="prj-one") == one
        assert await found(sender, call, ProjectId="prj-empty") == []
        await sender.refuse(
            "InvalidParameterValue.ProductParmsError",
            call,
            {"ProjectId": "prj-nowhere"},
            flaw=False,
        )
    call = "SearchStudioProduct"
    assert await found(sender, call, ProductName="产品") == one[:2]
    assert await found(sender, call, ProductId="CUSTOM") == ["CUSTOM"]


@pytest.mark.usefixtures("projects")
async def test_found_projects(sender: CloudSender) -> None:
    """Projects are found by id, name, instance and product."""
    call = "GetProjectList"
    everything = ["prj-demohome", "prj-one", "prj-empty"]
    assert await found(sender, call) == everything
    assert await found(sender, call, InstanceId="iotexplorer-demo") == everything
    assert await found(sender, call, InstanceId="other") == []
    assert await found(sender, call, ProjectId="prj-one") == ["prj-one"]
    assert await found(sender, call, ProjectName="Project") == everything[1:]
    assert await found(sender, call, ProductId="CUSTOM") == ["prj-one"]


@pytest.mark.usefixtures("projects")
async def test_counts_of_a_project(sender: CloudSender) -> None:
    """A project has the counts that were asked for."""
    for includes, counts in ((["DeviceCount"], (0, 2)), (["ProductCount"], (3, 0))):
        reply = await sender.post(
            "GetProjectList", {"ProjectId": "prj-one", "Includes": includes}
        )
        (project,) = reply["Projects"]
        assert (project["ProductCount"], project["DeviceCount"]) == counts


@pytest.mark.usefixtures("projects")
async def test_what_a_product_is(sender: CloudSender) -> None:
    """A product says whether it has a data template, and in which state it is."""
    described = {}
    for product_id in ("LAMP202611", "MANY000001", "CUSTOM"):
        reply = await sender.post("DescribeStudioProduct", {"ProductId": product_id})
        entry = described[product_id] = reply["Product"]
        listed = await sender.post("SearchStudioProduct", {"ProductId": product_id})
        assert listed["Products"] == [entry]
    assert {
        key: (entry["DataProtocol"], entry["DevStatus"], entry["DeviceCount"])
        for key, entry in described.items()
    } == {
        "LAMP202611": (1, "released", 2),
        "MANY000001": (1, "dev", 1),
        "CUSTOM": (2, "released", 0),
    }
    assert described["LAMP202611"]["ProductName"] == "Lamp"
    assert described["LAMP202611"]["Region"] == "gz"
    custom = {"ProductId": "CUSTOM"}
    code = "InvalidParameterValue.ModelDefineNil"
    await sender.refuse(code, "DescribeModelDefinition", custom, flaw=False)
    action = {**CALLS["CallDeviceActionAsync"], **custom}
    await sender.refuse(code, "CallDeviceActionAsync", action, flaw=False)
    # It is usable before it is published, as no link to an application is needed.
    developed = {"ProductId": "MANY000001", "DeviceName": "device-1"}
    await sender.post("CallDeviceActionAsync", developed | {"ActionId": "start"})
    assert len(sender.emulator.executed) == 1


@pytest.mark.parametrize("call", ["GetStudioProductList", "SearchStudioProduct"])
async def test_without_project(sender: CloudSender, call: str) -> None:
    """A list without a project may be empty or refused, one with a project never."""
    variants = sender.emulator.cloud_api.variants
    project = {"ProjectId": "prj-demohome"}
    variants.without_project = WithoutProject.EMPTY
    assert await found(sender, call) == []
    assert len(await found(sender, call, **project)) == 4
    variants.without_project = WithoutProject.REFUSED
    code = "InvalidParameterValue.ProductParmsError"
    await sender.refuse(code, call, {}, flaw=False)
    assert len(await found(sender, call, **project)) == 4


async def test_pages_of_products(sender: CloudSender) -> None:
    """Five hundred products come in pages, which are never larger than a hundred."""
    sender.emulator.products.clear()
    products = {product.product_id: product for product in many_products(500)}
    sender.emulator.products.update(products)
    for limit, size in ((50, 50), (100, 100), (500, 100)):
        ids: list[str] = []
        while len(ids) < 500:
            reply = await sender.post(
                "GetStudioProductList", {"Offset": len(ids), "Limit": limit}
            )
            assert (len(reply["Products"]), reply["Total"]) == (size, 500)
            ids += [item["ProductId"] for item in reply["Products"]]
        assert ids == list(products)
    reply = await sender.post("GetStudioProductList", {"Offset": 500, "Limit": 50})
    assert (reply["Products"], reply["Total"]) == ([], 500)


async def test_filtered_devices(sender: CloudSender) -> None:
    """A name selects a device, or all whose name begins so; none may be an error."""
    names = ("lamp", "lamp-2", "desk-lamp")
    sender.emulator.products["LAMP202611"].devices = devices(*names)
    variants = sender.emulator.cloud_api.variants

    async def named(name: str) -> list[str]:
        """Return the names that a list has."""
        reply = await sender.post(
            "GetDeviceList", {**CALLS["GetDeviceList"], "DeviceName": name}
        )
        assert reply["Total"] == len(reply["Devices"])
        return [device["DeviceName"] for device in reply["Devices"]]

    assert await named("lamp") == ["lamp"]
    assert await named("lam") == []
    variants.name_filter = NameFilter.PREFIX
    assert await named("lamp") == ["lamp", "lamp-2"]
    assert await named("lam") == ["lamp", "lamp-2"]
    assert await named("nobody") == []
    variants.absent_is_refused = True
    absent = {"ProductId": "LAMP202611", "DeviceName": "nobody"}
    code = "ResourceNotFound.DeviceNotExist"
    await sender.refuse(code, "GetDeviceList", absent, flaw=False)
    assert await named("lamp-2") == ["lamp-2"]


async def test_keys_of_devices(sender: CloudSender) -> None:
    """A device is described with its keys, in lists only as the sample shows them."""
    reply = await sender.post("DescribeDevice")
    assert reply["Device"]["DevicePsk"] == "psk-of-desk-lamp"
    assert reply["Device"]["ProductName"] == "Lamp"
    listed = await sender.post("GetDeviceList")
    assert {device["DevicePsk"] for device in listed["Devices"]} == {""}
    sender.emulator.cloud_api.variants.lists_show_keys = True
    listed = await sender.post("GetDeviceList")
    assert listed["Devices"][0] == reply["Device"]


@pytest.mark.parametrize(
    "code", ["RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded"]
)
async def test_refusing_fault(sender: CloudSender, code: str) -> None:
    """A fault refuses the requests that it is meant for, in this interface's envelope."""
    sender.emulator.faults.append(Fault(call="GetDeviceList", code=code, times=2))
    await sender.post("DescribeDevice")
    assert sender.emulator.journal[-1].error_code == ""
    await sender.refuse(code, "GetDeviceList", flaw=False)
    await sender.refuse(code, "GetDeviceList", flaw=False)
    await sender.post("GetDeviceList")
    assert sender.emulator.journal[-1].error_code == ""


async def test_answering_fault(sender: CloudSender) -> None:
    """A fault answers in this interface's envelope, after the request was judged."""
    call = "CallDeviceActionAsync"
    payload = {"Status": "Fail", "RequestId": "another"}
    sender.emulator.faults.append(Fault(payload=payload, execute=True, times=2))
    assert await sender.post(call) == payload
    assert len(sender.emulator.executed) == 1
    await sender.refuse(FORGED, call, flaw=False, secret_key="another")


async def test_denied_before_a_fault(sender: CloudSender) -> None:
    """A fault answers nobody who is not permitted."""
    sender.emulator.faults.append(Fault(payload={}))
    sender.emulator.cloud_api.accounts[SECRET_ID].denied.add("DescribeDevice")
    await sender.refuse(Denial.DOCUMENTED, flaw=False)


async def test_no_query(sender: CloudSender) -> None:
    """All of a request is in headers and body."""
    async with sender.session.post(
        f"{sender.emulator.cloud_endpoint}/?Action=DescribeDevice", json={}
    ) as response:
        document = await response.json()
    assert document["Response"]["Error"]["Code"] == "InvalidParameter"
    assert sender.emulator.journal[-1].flaws


async def test_other_addresses(sender: CloudSender) -> None:
    """There is one address, and it takes posts alone."""
    async with sender.session.get(sender.emulator.cloud_endpoint) as response:
        assert response.status == 405
    async with sender.session.post(
        f"{sender.emulator.cloud_endpoint}/DescribeDevice"
    ) as response:
        assert response.status == 404
    assert sender.emulator.journal == []


@pytest.mark.parametrize(
    "request_",
    [
        {"body": {}},
        {"headers": {"X-TC-TraceId": MISSING}},
        {"secret_key": "another"},
    ],
    ids=["flaw", "deviation", "refusal"],
)
async def test_the_fixture_insists(
    sender: CloudSender, request_: dict[str, Any]
) -> None:
    """Tests fail for a request that was wrong, by whatever interface it came."""
    cloud = Cloud(sender.emulator)
    await sender.post()
    cloud.assert_flawless()
    await sender.post("DescribeDevice", **request_)
    with pytest.raises(AssertionError):
        cloud.assert_flawless()
