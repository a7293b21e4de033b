"""Tencent's own client takes the emulated Tencent Cloud API 3.0 for the true one."""

import asyncio
import base64
from collections.abc import Callable
import json
from typing import Any
import warnings

import pytest

from .cloud_requests import CALLS, DATA, INPUTS
from .helpers import Cloud
from .pushes import SQL
from .receivers import Receiver
from emulator import Denial, Fault, many_products
from emulator.accounts import SECRET_ID, SECRET_KEY

with warnings.catch_warnings():
    # It has a `return` in a `finally`, and changes the filters of warnings.
    warnings.simplefilter("ignore", SyntaxWarning)
    pytest.importorskip("tencentcloud.iotexplorer")
    from tencentcloud.common.credential import Credential
    from tencentcloud.common.exception import TencentCloudSDKException
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.iotexplorer.v20190423 import models
    from tencentcloud.iotexplorer.v20190423.iotexplorer_client import IotexplorerClient

pytestmark = pytest.mark.filterwarnings(
    r"ignore:datetime\.datetime\.utcfromtimestamp\(\) is deprecated:DeprecationWarning:"
    "tencentcloud.common.abstract_client"
)

type Ask = Callable[..., Any]


@pytest.fixture
def ask(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that lets Tencent's client ask something of the emulator."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    async def ask(
        call: str,
        parameters: Any = None,
        *,
        secret_id: str = SECRET_ID,
        secret_key: str = SECRET_KEY,
        region: str = "ap-guangzhou",
    ) -> Any:
        """Return the reply, as the client has read it."""
        host = cloud.emulator.cloud_endpoint.removeprefix("http://")
        profile = HttpProfile(protocol="http", endpoint=host, reqTimeout=10)
        client = IotexplorerClient(
            Credential(secret_id, secret_key),
            region,
            ClientProfile(httpProfile=profile),
        )
        request = getattr(models, f"{call}Request")()
        request._deserialize(CALLS[call] if parameters is None else parameters)
        return await asyncio.to_thread(getattr(client, call), request)

    return ask


def without_nulls(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


async def refused(asking: Any) -> str:
    """Return the code of the error that the client raises."""
    with pytest.raises(TencentCloudSDKException) as caught:
        await asking
    assert caught.value.get_request_id()
    return str(caught.value.get_code())


@pytest.mark.parametrize("call", CALLS)
async def test_each_call(cloud: Cloud, ask: Ask, call: str) -> None:
    """Each call is understood on both sides, and what is sent has no flaw."""
    reply = await ask(call)
    (entry,) = cloud.emulator.journal
    assert (entry.call, entry.parameters) == (call, CALLS[call])
    assert entry.headers["X-TC-RequestClient"].startswith("SDK_PYTHON_")
    # All that was sent is known to the client; what was not is null there.
    text = reply.to_json_string()
    received = json.loads(text, object_hook=without_nulls)
    assert received == json.loads(entry.reply)["Response"]
    assert reply.RequestId == entry.request_id


async def test_action(cloud: Cloud, ask: Ask) -> None:
    """An action is run with the inputs that were sent."""
    reply = await ask("CallDeviceActionSync")
    assert json.loads(reply.OutputParams) == INPUTS
    assert cloud.executed == [("desk-lamp", "echo", INPUTS)]


async def test_data(cloud: Cloud, ask: Ask) -> None:
    """What is written is what the device reports then."""
    reply = await ask("ControlDeviceData")
    assert json.loads(reply.Result) == {"Sent": 1, "pushResult": 0}
    assert cloud.written == [("desk-lamp", DATA)]
    reply = await ask("DescribeDeviceData")
    reported = json.loads(reply.Data)
    assert {key: reported[key]["Value"] for key in DATA} == DATA


async def test_events(cloud: Cloud, ask: Ask) -> None:
    """Events are read page by page until the client is told that it has all."""
    device = cloud.emulator.products["LAMP202611"].devices["desk-lamp"]
    for number in range(5):
        device.raise_event(f"event{number}", "info", {"number": number})
    search = {**CALLS["ListEventHistory"], "Size": 2}
    found: list[str] = []
    while True:
        reply = await ask("ListEventHistory", search)
        assert reply.Total == 5
        found += [item.EventId for item in reply.EventHistory]
        if reply.Listover:
            break
        search["Context"] = reply.Context
    assert sorted(found) == [f"event{number}" for number in range(5)]


async def test_pages(cloud: Cloud, ask: Ask) -> None:
    """Five hundred products are read page by page."""
    cloud.emulator.products.clear()
    products = {product.product_id: product for product in many_products(500)}
    cloud.emulator.products.update(products)
    found: list[str] = []
    while len(found) < 500:
        reply = await ask("GetStudioProductList", {"Offset": len(found), "Limit": 50})
        assert reply.Total == 500
        found += [product.ProductId for product in reply.Products]
    assert found == list(products)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret_key": "another"}, "AuthFailure.SignatureFailure"),
        ({"secret_id": "AKIDNOBODY"}, "AuthFailure.SecretIdNotFound"),
        ({"secret_id": "nobody"}, "AuthFailure.InvalidSecretId"),
        ({"region": "ap-nowhere"}, "UnsupportedRegion"),
        ({"region": "eu-frankfurt"}, "ResourceNotFound.StudioProductNotExist"),
        (
            {"parameters": {"ProductId": "LAMP202611", "DeviceName": "nobody"}},
            "ResourceNotFound.DeviceNotExist",
        ),
    ],
    ids=str,
)
async def test_refused(
    cloud: Cloud, ask: Ask, changes: dict[str, Any], code: str
) -> None:
    """What a person got wrong is an error with its code."""
    cloud.expect(code)
    assert await refused(ask("DescribeDevice", **changes)) == code


async def test_wrong_clock(cloud: Cloud, ask: Ask) -> None:
    """A time stamp that is far off is an error of its own."""
    cloud.emulator.clock_offset = 3600
    cloud.expect("AuthFailure.SignatureExpire")
    assert await refused(ask("DescribeDevice")) == "AuthFailure.SignatureExpire"


@pytest.mark.parametrize("denial", Denial)
async def test_denied(cloud: Cloud, ask: Ask, denial: Denial) -> None:
    """A denied operation is named with the resource."""
    account = cloud.emulator.cloud_api.accounts[SECRET_ID]
    account.denied, account.denial = {"GetDeviceList"}, denial
    cloud.expect(denial)
    with pytest.raises(TencentCloudSDKException) as caught:
        await ask("GetDeviceList")
    assert caught.value.get_code() == denial
    assert "operation (iotexplorer:GetDeviceList)\n" in caught.value.get_message()
    await ask("DescribeDevice")


async def test_faults(cloud: Cloud, ask: Ask) -> None:
    """Faults are errors of the kind that they are meant to be."""
    code = "RequestLimitExceeded"
    cloud.expect(code)
    cloud.emulator.faults += [Fault(code=code), Fault(status=502), Fault(drop=True)]
    assert await refused(ask("GetDeviceList")) == code
    for expected in ("ServerNetworkError", "ClientNetworkError"):
        with pytest.raises(TencentCloudSDKException) as caught:
            await ask("GetDeviceList")
        assert caught.value.get_code() == expected
    assert (await ask("GetDeviceList")).Total == 2


async def test_content_type(cloud: Cloud, ask: Ask) -> None:
    """The client takes an error for a reply where the content type names a charset."""
    code = "RequestLimitExceeded"
    cloud.expect(code)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    cloud.emulator.faults.append(Fault(code=code, headers=headers))
    assert (await ask("GetDeviceList")).Total is None


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"Limit": 100}, "MissingParameter"),
        ({"ProductId": "LAMP202611", "Limit": 5}, "InvalidParameterValue"),
        ({"ProductId": "LAMP202611", "Limit": "10"}, "InvalidParameterValue"),
        ({"ProductId": "LAMP202611", "FwType": "mcu"}, "UnknownParameter"),
    ],
    ids=str,
)
async def test_flaws(
    cloud: Cloud, ask: Ask, parameters: dict[str, Any], code: str
) -> None:
    """The client is not spared: what it is made to send is judged like all else."""
    assert await refused(ask("GetDeviceList", parameters)) == code
    assert cloud.emulator.journal.pop().flaws


async def test_rules(cloud: Cloud, ask: Ask) -> None:
    """A rule is made, found as it was made, changed, enabled and deleted."""
    name = {"RuleName": "ha_0123abcd_LAMP202611"}
    wanted = {
        "Sql": base64.b64encode(SQL.format("LAMP202611").encode()).decode(),
        "Description": "Home",
        "RuleDisabled": True,
    }
    async with Receiver() as receiver:
        for call, address in (
            ("CreateTopicRule", receiver.address),
            ("ModifyTopicRule", f"{receiver.address}2"),
        ):
            actions = json.dumps([{"forward": {"api": address}}])
            payload = wanted | {"Actions": actions}
            await ask(call, name | {"TopicRulePayload": payload})
            found = (await ask("DescribeTopicRule", name)).Rule
            assert (found.RuleName, found.Sql) == (
                name["RuleName"],
                SQL.format("LAMP202611"),
            )
            assert (found.Description, found.Actions) == ("Home", actions)
            assert found.RuleDisabled
        await ask("EnableTopicRule", name)
        assert not (await ask("DescribeTopicRule", name)).Rule.RuleDisabled
        code = "FailedOperation.RuleAlreadyEnabled"
        cloud.expect(code)
        assert await refused(ask("EnableTopicRule", name)) == code
    await ask("DeleteTopicRule", name)
    code = "ResourceNotFound.TopicRuleNotExist"
    cloud.expect(code)
    assert await refused(ask("DescribeTopicRule", name)) == code
