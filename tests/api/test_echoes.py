"""Whatever the cloud repeats, in whatever form and position, no secret is kept."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
import logging
import traceback
from types import SimpleNamespace

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api import key_use
from custom_components.tencent_iot_explorer.api.backend import Backend
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.cloud_api import CloudApi
from custom_components.tencent_iot_explorer.api.data_template import EventType
from custom_components.tencent_iot_explorer.api.errors import TencentIotError
from custom_components.tencent_iot_explorer.api.models import ActionReply
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from emulator import Emulator, Fault, JournalEntry
from emulator.accounts import Account
from emulator.echoes import FORMS, POSITIONS, Form, Position, quotes, traces
from emulator.products import action, parameter
from tests.api.interfaces import own_id
from tests.entities import add_product
from tests.helpers import Cloud

APP_KEY = "app-key-2718281828"
SECRET_ID = "AKID2718281828"
SECRET = "the/secret+3141592653"
# All that is written otherwise in one form or another.
PASSWORD = 'pa"ss\\wö/rd 密码+&😀%16'
OPEN = action("open", "Open", [parameter("password", "Password", type="string")])


async def run(client: TencentIotClient, password: str = PASSWORD) -> object:
    """Run an action with a secret input, and return what comes of it."""
    try:
        return await client.call_device_action_sync(
            *("SAFE", "device-1", "open", {"password": password}),
            origin="service",
            secrets=[password],
        )
    except TencentIotError as err:
        return err


async def write(client: TencentIotClient) -> object:
    """Write a secret property, and return what comes of it."""
    try:
        return await client.control_device_data(
            *("SAFE", "device-1", {"password": PASSWORD}),
            origin="service",
            secrets=[PASSWORD],
        )
    except TencentIotError as err:
        return err


def kept(result: object) -> Iterator[str]:
    """Yield all that a result, or an error with all that it hangs on, can reveal."""
    yield repr(result)
    yield str(result)
    if isinstance(result, BaseException):
        yield repr([result.args, vars(result)])
        yield "".join(traceback.format_exception(result))
        for other in (result.__cause__, result.__context__):
            if other is not None:
                yield from kept(other)


def service_api(emulator: Emulator) -> ServiceApi:
    """Return the service API, with a secret that has odd letters."""
    emulator.service_api.applications = {APP_KEY: SECRET}
    return ServiceApi(APP_KEY, SECRET, emulator.endpoint)


def cloud_api(emulator: Emulator) -> CloudApi:
    """Return Tencent Cloud API 3.0, with a secret that has odd letters."""
    emulator.cloud_api.accounts = {SECRET_ID: Account(secret_key=SECRET)}
    return CloudApi(SECRET_ID, SECRET, endpoint=emulator.cloud_endpoint)


pytestmark = pytest.mark.parametrize("backend", [service_api, cloud_api], indirect=True)


@pytest.fixture
def client(
    cloud: Cloud,
    session: aiohttp.ClientSession,
    backend: Backend,
    time_limits: SimpleNamespace,
) -> TencentIotClient:
    """Return a client of a product with a secret input."""
    add_product(cloud, "SAFE", OPEN)
    return TencentIotClient(session, backend, limits=time_limits)


@pytest.mark.parametrize("act", [run, write])
@pytest.mark.parametrize("position", POSITIONS.values(), ids=POSITIONS)
async def test_acts(
    cloud: Cloud,
    client: TencentIotClient,
    caplog: pytest.LogCaptureFixture,
    position: Position,
    act: Callable[[TencentIotClient], Awaitable[object]],
) -> None:
    """All that a cloud can quote of an action or a write is hidden, whatever its form."""
    caplog.set_level(logging.DEBUG)
    for form in FORMS.values():

        def echo(entry: JournalEntry, form: Form = form) -> Fault:
            """Repeat all that is known of a request."""
            return position(" ".join(map(form, quotes(entry, (PASSWORD, SECRET)))))

        cloud.emulator.choose_fault = echo
        caplog.clear()
        written = "\n".join((*kept(await act(client)), caplog.text))
        entry = cloud.emulator.journal[-1]
        for secret in quotes(entry, (PASSWORD, SECRET)):
            assert [trace for trace in traces(secret) if trace in written] == []


def events(client: TencentIotClient) -> Awaitable[object]:
    """Read the events of a device."""
    return client.list_event_history(
        "SAFE", "device-1", EventType.INFO, 1552904784, origin="events"
    )


READS: Mapping[str, Callable[[TencentIotClient], Awaitable[object]]] = {
    "device list": lambda client: client.get_device_list_page("SAFE", origin="poll"),
    "firmware": lambda client: client.get_device_list_page("SAFE", origin="poll"),
    "device": lambda client: client.describe_device("SAFE", "device-1", origin="poll"),
    "data template": lambda client: client.describe_model_definition(
        "SAFE", origin="poll"
    ),
    "reports": lambda client: client.describe_device_data(
        "SAFE", "device-1", origin="poll"
    ),
    "events": events,
    "texts of events": events,
    "context of events": events,
    "message": lambda client: client.describe_device("SAFE", "device-1", origin="poll"),
    "size of a chunk": lambda client: client.describe_device(
        "SAFE", "device-1", origin="poll"
    ),
}


@pytest.mark.parametrize("position", READS)
async def test_reads(
    cloud: Cloud,
    client: TencentIotClient,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    position: str,
) -> None:
    """The keys are hidden in all that is read, too."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(key_use, "MOST_PER_SECOND", {})
    for form in FORMS.values():

        def echo(entry: JournalEntry, form: Form = form) -> Fault:
            """Repeat the keys."""
            known = quotes(entry, [SECRET])
            return POSITIONS[position](" ".join(map(form, known[:2] + known[-1:])))

        cloud.emulator.choose_fault = echo
        caplog.clear()
        try:
            result: object = await READS[position](client)
        except TencentIotError as err:
            result = err
        written = "\n".join((*kept(result), caplog.text))
        known = quotes(cloud.emulator.journal[-1], [SECRET])
        for secret in known[:2] + known[-1:]:
            assert [trace for trace in traces(secret) if trace in written] == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(payload={"Error": {"Code": "FailedOperation.Timeout"}}), "Timeout"),
        (Fault(payload={"Error": {"Code": "AuthFailure.X"}}), "AuthFailure"),
        (Fault(payload={"Error": {"Code": "A.Signature"}}), "Signature"),
        (Fault(payload={"Status": "FailedOperation.ActionUnreachable"}), "Failed"),
    ],
)
async def test_meaning(
    cloud: Cloud, client: TencentIotClient, fault: Fault, kind: str
) -> None:
    """A secret that is written like a part of a code is hidden, and the code means the same."""
    cloud.emulator.choose_fault = lambda entry: fault
    plain, hidden = await run(client), await run(client, kind)
    assert isinstance(plain, TencentIotError)
    assert isinstance(hidden, TencentIotError)
    assert type(hidden) is type(plain)
    assert hidden.code == plain.code.replace(kind, "…")


async def test_outputs(cloud: Cloud, client: TencentIotClient) -> None:
    """What a device answers is hidden where it is the secret, and else as it was sent."""
    outputs = {"pin": "4711", "number": 4711, "count": 471, "new": "1174", "4711": [1]}
    cloud.emulator.products["SAFE"].outputs["open"] = lambda inputs: outputs
    receipt = await run(client, "4711")
    assert isinstance(receipt, ActionReply)
    hidden = {"pin": "…", "number": "…", "count": 471, "new": "1174", "…": [1]}
    assert receipt.outputs == hidden
    receipt = await run(client, "1")
    assert isinstance(receipt, ActionReply)
    assert receipt.outputs == outputs
    assert receipt.client_token.startswith("SAFE::")


async def test_request_id(cloud: Cloud, client: TencentIotClient) -> None:
    """A RequestId that holds a secret is replaced by the one that was sent."""
    payload = {"Error": {"Code": "Mystery"}, "RequestId": f"id-{SECRET}"}
    cloud.emulator.choose_fault = lambda entry: Fault(payload=payload)
    err = await run(client)
    assert isinstance(err, TencentIotError)
    assert err.request_id == own_id(cloud.emulator.journal[-1])
