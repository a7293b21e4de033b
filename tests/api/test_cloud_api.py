"""Requests and replies of Tencent Cloud API 3.0."""

from collections.abc import Callable
from functools import partial
import json
import logging
import re
import time
from typing import Any
import uuid

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api import envelope
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.cloud_api import (
    CLOUD_API_ENDPOINT,
    DEFAULT_REGION,
    REGIONS,
    CloudApi,
)
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    CredentialsError,
    FateUnknownError,
    InvalidSignatureError,
    NoPermissionError,
    OperationDeniedError,
    ServerFaultError,
    TencentIotError,
    TimestampError,
    UnknownActionError,
    UnknownCodeError,
    UnknownDeviceError,
    UnknownProductError,
    UnknownSecretIdError,
    UnsupportedRegionError,
)
from custom_components.tencent_iot_explorer.api.models import ActionReceipt
from custom_components.tencent_iot_explorer.api.request_ids import RequestIds
from emulator import Fault, JournalEntry, When, tc3
from emulator.accounts import SECRET_ID, SECRET_KEY, Account, Denial
from emulator.projects import EmulatedProject
from tests.api.interfaces import by_cloud_api, cloud_api, own_id
from tests.cloud_requests import INPUTS
from tests.helpers import Cloud
from tests.storm_faults import no_id

HOUR = 3600
DECADE = 10 * 365 * 24 * HOUR
EXPIRED = "AuthFailure.SignatureExpire"
FORGED = "AuthFailure.SignatureFailure"
CALLS = ["async", "sync"]


async def blink(client: TencentIotClient, call: str = "async") -> ActionReceipt:
    """Let the lamp blink."""
    method = getattr(client, f"call_device_action_{call}")
    receipt = await method("LAMP202611", "desk-lamp", "blink", {}, origin="service")
    assert isinstance(receipt, ActionReceipt)
    return receipt


@by_cloud_api
@pytest.mark.parametrize("call", CALLS)
async def test_request(cloud: Cloud, client: TencentIotClient, call: str) -> None:
    """The body holds the call's own parameters, the headers all else."""
    receipt = await blink(client, call)
    (entry,) = cloud.emulator.journal
    assert entry.parameters == {
        "ProductId": "LAMP202611",
        "DeviceName": "desk-lamp",
        "ActionId": "blink",
        "InputParams": "{}",
    }
    headers = entry.headers
    assert headers["X-TC-Action"] == f"CallDeviceAction{call.title()}"
    assert headers["X-TC-Version"] == "2019-04-23"
    assert headers["X-TC-Region"] == DEFAULT_REGION
    assert headers["X-TC-Language"] == "zh-CN"
    assert abs(int(headers["X-TC-Timestamp"]) - time.time()) < 60
    assert re.fullmatch(r"[0-9a-zA-Z\-_,;.]{1,128}", headers["X-TC-RequestClient"])
    assert str(uuid.UUID(headers["X-TC-TraceId"])) == headers["X-TC-TraceId"]
    assert headers.getall("Content-Type") == ["application/json"]
    assert headers.getall("Host") == [
        cloud.emulator.cloud_endpoint.removeprefix("http://")
    ]
    assert receipt.request_id == entry.request_id != headers["X-TC-TraceId"]
    assert len(cloud.executed) == 1


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        (CLOUD_API_ENDPOINT, "iotexplorer.tencentcloudapi.com"),
        ("https://IoTExplorer.TencentCloudAPI.com:443/", CLOUD_API_ENDPOINT[8:]),
        ("https://localhost:8443", "localhost:8443"),
        ("http://127.0.0.1:80", "127.0.0.1"),
        ("http://[::1]:8123", "[::1]:8123"),
    ],
)
def test_host(endpoint: str, host: str) -> None:
    """The host is what is sent for an address: small letters, no port of the scheme."""
    request = CloudApi("id", "key", endpoint=endpoint).sign("GetDeviceList", {}, 0)
    assert request.headers["Host"] == host


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_region_and_language(language: Any) -> None:
    """Both are headers, which nobody can break out of."""
    assert len(set(REGIONS)) == 7
    backend = CloudApi("AK\r\nID 钥", "key", "eu\n-x", language=language)
    headers = backend.sign("GetDeviceList", {}, 0).headers
    assert headers["X-TC-Language"] == language
    assert headers["X-TC-Region"] == "eu?-x"
    assert "Credential=AK??ID??/" in headers["Authorization"]


async def test_wrong_keys_of_odd_letters(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    """What was pasted wrongly is refused by the cloud, whatever it is."""
    cloud.expect(
        "AuthFailure.InvalidAuthorization",
        "AuthFailure.InvalidSecretId",
        "AuthFailure.SecretIdNotFound",
    )
    for secret_id in ("AKID\r\nX: y", "密钥", "", "a b"):
        backend = CloudApi(secret_id, "密\n钥", "é", cloud.emulator.cloud_endpoint)
        with pytest.raises(CredentialsError):
            await blink(TencentIotClient(session, backend))
    for entry in cloud.emulator.journal:
        entry.flaws.clear()
    assert len(cloud.emulator.journal) == 4


def unwrap(document: object) -> object:
    """Return the payload of a reply."""
    body = json.dumps(document).encode()
    return envelope.unwrap(body, 200, CloudApi("id", "key"), {})


@pytest.mark.parametrize(
    "document",
    [
        {"Total": 0, "RequestId": "id"},
        {"Error": {"Code": "AuthFailure"}, "RequestId": "id"},
        {"code": 0, "msg": "", "data": {"Total": 0}},
        {"code": 4000, "codeDesc": "AuthFailure", "message": "no"},
        {"data": {"Response": {"Total": 0}}},
        {"Response": None},
        {"Response": []},
        {"Response": "{}"},
        {"response": {"Total": 0}},
        {},
    ],
    ids=str,
)
def test_other_envelopes(document: object) -> None:
    """There is one envelope, and what has another comes from something else."""
    with pytest.raises(BrokenReplyError):
        unwrap(document)


def test_envelope() -> None:
    """What is in the envelope is the payload, also beside a warning."""
    payload = {"Total": 0, "DeprecatedWarning": "old", "RequestId": "id"}
    assert unwrap({"Response": payload}) == payload
    nested = {"Response": {"Total": 1}, "RequestId": "id"}
    assert unwrap({"Response": nested}) == nested
    with pytest.raises(UnknownCodeError):
        unwrap({"code": -1, "Response": payload})


DENIAL = (
    "[request id:1a2b]you are not authorized to perform operation "
    "(iotexplorer:GetDeviceList)\n"
    "resource (qcs::iotexplorer:ap-guangzhou:uin/1:project/p/product/P) has no permission"
)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, OperationDeniedError) for code in Denial),
        ("UnauthorizedOperation.NoPermissionToStudioProduct", NoPermissionError),
        ("UnauthorizedOperation.NoPermissionToProject", NoPermissionError),
        (FORGED, InvalidSignatureError),
        (EXPIRED, TimestampError),
        ("AuthFailure.TokenFailure", CredentialsError),
        ("InternalError", ServerFaultError),
    ],
)
def test_codes(code: str, kind: type[TencentIotError]) -> None:
    """A code has its class, and a text that is the cloud's own, word for word."""
    error = {"Error": {"Code": code, "Message": DENIAL}, "RequestId": "id"}
    with pytest.raises(TencentIotError) as raised:
        unwrap({"Response": error})
    assert type(raised.value) is kind
    assert raised.value.message == DENIAL
    assert (raised.value.code, raised.value.request_id) == (code, "id")


def change_secret(cloud: Cloud) -> None:
    """Let the account have another key."""
    cloud.emulator.cloud_api.accounts[SECRET_ID].secret_key = "another"


def delete_key(cloud: Cloud) -> None:
    """Let the account have no such key."""
    cloud.emulator.cloud_api.accounts = {"AKIDanother": Account()}


def turn_clock(cloud: Cloud) -> None:
    """Let the cloud's clock be far away, and not report its time."""
    cloud.emulator.clock_offset = HOUR
    cloud.emulator.date = ""


def deny(cloud: Cloud) -> None:
    """Let the policy deny both ways to run an action."""
    account = cloud.emulator.cloud_api.accounts[SECRET_ID]
    account.denied |= {"CallDeviceActionAsync", "CallDeviceActionSync"}


def move_product(cloud: Cloud) -> None:
    """Let the product be in another region."""
    project = EmulatedProject(project_id="prj-1", name="1", region="eu-frankfurt")
    cloud.emulator.products["LAMP202611"].project = project


def give_product_away(cloud: Cloud) -> None:
    """Let the product be another account's."""
    project = EmulatedProject(project_id="prj-1", name="1", uin="200000000002")
    cloud.emulator.products["LAMP202611"].project = project


def delete_device(cloud: Cloud) -> None:
    """Let the cloud know no such device."""
    del cloud.emulator.products["LAMP202611"].devices["desk-lamp"]


def delete_action(cloud: Cloud) -> None:
    """Let the product have no actions."""
    template = cloud.emulator.products["LAMP202611"].template
    assert isinstance(template, dict)
    template["actions"] = []


@by_cloud_api
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("spoil", "kind", "code"),
    [
        (change_secret, InvalidSignatureError, FORGED),
        (delete_key, UnknownSecretIdError, "AuthFailure.SecretIdNotFound"),
        (turn_clock, TimestampError, EXPIRED),
        (deny, OperationDeniedError, Denial.DOCUMENTED),
        (
            move_product,
            UnknownProductError,
            "ResourceNotFound.StudioProductNotExist",
        ),
        (
            give_product_away,
            NoPermissionError,
            "UnauthorizedOperation.NoPermissionToStudioProduct",
        ),
        (delete_device, UnknownDeviceError, "ResourceNotFound.DeviceNotExist"),
        (
            delete_action,
            UnknownActionError,
            "InvalidParameterValue.ActionNilOrNotExist",
        ),
    ],
)
async def test_refusal(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    spoil: Callable[[Cloud], None],
    kind: type[TencentIotError],
    code: str,
) -> None:
    """A refusal has its class, and the RequestId of the cloud; nothing ran."""
    cloud.expect(code)
    spoil(cloud)
    with pytest.raises(TencentIotError) as raised:
        await blink(client, call)
    (entry,) = cloud.emulator.journal
    assert type(raised.value) is kind
    assert raised.value.code == code
    assert raised.value.request_id == entry.request_id
    assert cloud.executed == []


async def test_unsupported_region(cloud: Cloud, session: aiohttp.ClientSession) -> None:
    """A region without this service is reported as that."""
    cloud.expect("UnsupportedRegion")
    backend = cloud_api(cloud.emulator, "ap-nowhere")
    with pytest.raises(UnsupportedRegionError):
        await blink(TencentIotClient(session, backend))


@by_cloud_api
async def test_denial_of_one_operation(cloud: Cloud, client: TencentIotClient) -> None:
    """What is denied is reported as the cloud reports it; all else goes on."""
    cloud.expect(Denial.DOCUMENTED)
    cloud.emulator.cloud_api.accounts[SECRET_ID].denied.add("GetDeviceList")
    with pytest.raises(OperationDeniedError) as raised:
        await client.get_device_list("LAMP202611", origin="poll")
    assert "operation (iotexplorer:GetDeviceList)\nresource (qcs::iotexplorer:" in (
        raised.value.message
    )
    await blink(client)
    await client.describe_model_definition("LAMP202611", origin="poll")


@by_cloud_api
@pytest.mark.parametrize("offset", [HOUR, -HOUR, DECADE, -DECADE])
async def test_wrong_clock(cloud: Cloud, client: TencentIotClient, offset: int) -> None:
    """A refused time stamp is corrected once; what follows is right at once."""
    cloud.expect(EXPIRED)
    cloud.emulator.clock_offset = offset
    await blink(client)
    first, second = cloud.emulator.journal
    assert own_id(first) != own_id(second)
    assert len(cloud.executed) == 1
    assert abs(client.clock.offset - offset) <= 2
    for _ in range(2):
        await blink(client)
    assert client.clock.is_wrong
    assert len(cloud.emulator.journal) == 4


@by_cloud_api
async def test_forged_for_the_clock(cloud: Cloud, client: TencentIotClient) -> None:
    """A signature that is refused by a cloud with another time is made once more."""
    cloud.expect(FORGED)
    cloud.emulator.clock_offset = 200
    cloud.emulator.faults.append(Fault(code=FORGED))
    await blink(client)
    assert len(cloud.emulator.journal) == 2
    cloud.emulator.faults.append(Fault(code=FORGED))
    with pytest.raises(InvalidSignatureError):
        await blink(client)
    assert len(cloud.emulator.journal) == 3


@by_cloud_api
@pytest.mark.parametrize(
    "fault", [Fault(drop=True), Fault(truncate=True), Fault(status=500, body="")]
)
async def test_own_id_of_what_nobody_answered(
    cloud: Cloud, client: TencentIotClient, fault: Fault
) -> None:
    """As long as no reply brings a RequestId, a request is known by its TraceId."""
    cloud.emulator.faults.append(Fault(**vars(fault)))
    with pytest.raises(FateUnknownError) as raised:
        await blink(client)
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id == own_id(entry) != entry.request_id


@by_cloud_api
async def test_ids_are_the_clouds(cloud: Cloud, client: TencentIotClient) -> None:
    """No reply is doubted for an id that is not that of the request."""
    cloud.expect("InvalidParameterValue", "RequestLimitExceeded")
    for _ in range(5):
        await blink(client)
        await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    for code in ("InvalidParameterValue", "RequestLimitExceeded"):
        cloud.emulator.faults.append(Fault(code=code))
    with pytest.raises(TencentIotError) as raised:
        await blink(client)
    assert raised.value.request_id == cloud.emulator.journal[-1].request_id
    await blink(client)
    assert len(cloud.executed) == 6


@by_cloud_api
@pytest.mark.parametrize(
    "surplus",
    [
        pytest.param(Fault(), id="copy"),
        pytest.param(Fault(code="InvalidParameterValue"), id="refusal"),
        pytest.param(Fault(code="RequestLimitExceeded"), id="rate"),
        pytest.param(Fault(code="InvalidParameterValue", reshape=no_id), id="no-id"),
        pytest.param(Fault(code="RequestLimitExceeded", reshape=no_id), id="rate-id"),
        pytest.param(
            Fault(payload={"ClientToken": "a", "Status": ""}, reshape=no_id),
            id="receipt-no-id",
        ),
    ],
)
@pytest.mark.parametrize("reads", [0, 5])
async def test_reply_to_another_request(
    cloud: Cloud, client: TencentIotClient, surplus: Fault, reads: int
) -> None:
    """A second reply to one request is not taken for that to the next."""
    cloud.expect(surplus.code)
    for _ in range(reads):
        await client.describe_model_definition("LAMP202611", origin="poll")
    cloud.emulator.faults.append(Fault(surplus=surplus, surplus_when=When.NEXT))
    await blink(client)
    with pytest.raises(FateUnknownError) as raised:
        await blink(client)
    assert raised.value.request_id
    assert len(cloud.executed) == 2
    receipt = await blink(client)
    assert receipt.request_id == cloud.emulator.journal[-1].request_id


@by_cloud_api
async def test_nothing_secret_is_logged(
    cloud: Cloud, client: TencentIotClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has each request by its TraceId, without key, signature and inputs."""
    caplog.set_level(logging.DEBUG)
    await client.call_device_action_async(
        *("LAMP202611", "desk-lamp", "echo", INPUTS), origin="service"
    )
    (entry,) = cloud.emulator.journal
    assert own_id(entry) in caplog.text
    assert "CallDeviceActionAsync" in caplog.text
    for secret in (SECRET_ID, SECRET_KEY, *entry.credentials, str(INPUTS["effect"])):
        assert secret not in caplog.text


@by_cloud_api
async def test_what_was_signed_is_hidden(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """Nobody can try inputs out on the hash of a request that the cloud quotes."""
    cloud.expect(FORGED)

    def quote(entry: JournalEntry) -> Fault:
        """Say what the signature should have been made of, as some interfaces do."""
        authorization = tc3.parse(entry.headers["Authorization"])
        assert authorization
        text = tc3.string_to_sign(entry.headers, authorization.signed, entry.body)
        return Fault(code=FORGED, message=f"the string to sign is {text}")

    cloud.emulator.choose_fault = quote
    with pytest.raises(InvalidSignatureError) as raised:
        await blink(client)
    (entry,) = cloud.emulator.journal
    *known, signed = entry.string_to_sign.split("\n")
    assert len(signed) == 64
    assert raised.value.message.split() == [
        *["the", "string", "to", "sign", "is"],
        *known,
        "…",
    ]


@by_cloud_api
async def test_reply_without_an_id(cloud: Cloud, client: TencentIotClient) -> None:
    """However many connections there were, each reply is known to have an id."""
    for _ in range(5):
        cloud.emulator.faults.append(Fault(close=True))
        await blink(client)
    cloud.emulator.faults.append(Fault(reshape=no_id))
    with pytest.raises(FateUnknownError):
        await blink(client)


def test_ids_that_the_cloud_makes() -> None:
    """A reply without an id is doubted from the first on, until it is the rule."""
    ids = RequestIds()
    doubt = partial(ids.doubt, ("url", "call", ""), "ours", is_first=True, is_made=True)
    assert doubt("")
    for number in range(5):
        assert doubt(str(number)) is None
        assert doubt(str(number))
        assert doubt("")
        assert doubt("")
    assert doubt("") is None
