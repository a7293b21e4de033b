"""Second replies to one request, and replies that bear another RequestId than their own."""

import asyncio
from functools import partial
import uuid

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    FateUnknownError,
    InvalidInputError,
    NoPermissionError,
    TencentIotError,
)
from custom_components.tencent_iot_explorer.api.key_use import KeyUse
from custom_components.tencent_iot_explorer.api.models import ActionReceipt
from custom_components.tencent_iot_explorer.api.request_ids import RequestIds
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from emulator import Fault, JournalEntry, When
from emulator.service_api import APP_KEY, APP_SECRET
from tests.api.interfaces import by_both
from tests.helpers import ASYNC, Cloud
from tests.storm_faults import no_id, other_id, with_id

RECEIPT = {"ClientToken": "surplus", "Status": "succ"}


SURPLUS = {
    "same-again": Fault(),
    "receipt": Fault(payload=RECEIPT),
    "receipt-other-id": Fault(payload=RECEIPT, reshape=other_id),
    "receipt-no-id": Fault(payload=RECEIPT, reshape=no_id),
    "unreachable": Fault(payload={"Status": "FailedOperation.ActionUnreachable"}),
    "refusal": Fault(code="InvalidParameterValue"),
    "refusal-other-id": Fault(code="InvalidParameterValue", reshape=other_id),
    "refusal-no-id": Fault(code="InvalidParameterValue", reshape=no_id),
    "time": Fault(code="InvalidParameterValue", message="Timestamp 无效"),
    "rate": Fault(code="RequestLimitExceeded"),
    "rate-other-id": Fault(code="RequestLimitExceeded", reshape=other_id),
    "rate-no-id": Fault(code="RequestLimitExceeded", reshape=no_id),
    "fault": Fault(code="InternalError"),
    "unknown-code": Fault(code="SystemBusy"),
}
CODES = {fault.code for fault in SURPLUS.values()}
# These cannot be distinguished from a true reply while a request is under way.
BARE = {
    "429": Fault(status=429, body=""),
    "500": Fault(status=500, body=""),
    "page": Fault(body="<html>"),
    "empty": Fault(body=""),
}


async def blink(client: TencentIotClient) -> ActionReceipt:
    """Let the lamp blink."""
    return await client.call_device_action_async(
        "LAMP202611", "desk-lamp", "blink", {}, origin="service"
    )


async def read(client: TencentIotClient) -> None:
    """Read the lamp."""
    device = await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    assert device.name == "desk-lamp"


def last_id(cloud: Cloud) -> str:
    """Return the RequestId of the last request."""
    return cloud.emulator.journal[-1].request_id


async def come(session: aiohttp.ClientSession) -> None:
    """Wait until something has come over a connection that is not in use."""
    assert session.connector
    while not any(
        protocol.should_close
        for connections in session.connector._conns.values()
        for protocol, _ in connections
    ):
        await asyncio.sleep(0)


@by_both
@pytest.mark.parametrize("when", [When.IDLE, When.AT_ONCE])
@pytest.mark.parametrize("surplus", (SURPLUS | BARE).values(), ids=SURPLUS | BARE)
async def test_before_a_request(
    cloud: Cloud,
    client: TencentIotClient,
    session: aiohttp.ClientSession,
    surplus: Fault,
    when: When,
) -> None:
    """What came before a request was sent is no reply to it; it goes another way."""
    cloud.expect(*CODES)
    for _ in range(2):
        cloud.emulator.faults.append(
            Fault(call=ASYNC, surplus=surplus, surplus_when=when)
        )
        await blink(client)
        if when is When.IDLE:
            cloud.emulator.surplus.send_idle()
            await come(session)
        receipt = await blink(client)
        assert receipt.request_id == last_id(cloud)
        assert receipt.client_token != "surplus"
    assert len(cloud.executed) == len(cloud.emulator.journal) == 4


@by_both
async def test_on_all_connections(
    cloud: Cloud, client: TencentIotClient, session: aiohttp.ClientSession
) -> None:
    """So many replies that nobody asked for are no obstacle."""
    devices = [f"lamp-{number}" for number in range(12)]
    gate = asyncio.Barrier(len(devices))

    async def wait(entry: JournalEntry) -> None:
        """Let all requests be under way at once, each on a connection of its own."""
        await gate.wait()

    cloud.emulator.gate = wait
    cloud.emulator.faults.append(Fault(times=len(devices), surplus=Fault()))
    await asyncio.gather(*(read(client) for _ in devices))
    cloud.emulator.gate = None
    cloud.emulator.surplus.send_idle()
    await come(session)
    assert (await blink(client)).request_id == last_id(cloud)
    assert len(cloud.executed) == 1


@pytest.mark.parametrize("surplus", SURPLUS.values(), ids=SURPLUS)
async def test_in_place_of_a_reply(
    cloud: Cloud, client: TencentIotClient, surplus: Fault
) -> None:
    """A reply to another request leaves the outcome of an action unknown."""
    cloud.expect(*CODES)
    await read(client)
    cloud.emulator.faults.append(Fault(surplus=surplus, surplus_when=When.NEXT))
    await blink(client)
    with pytest.raises(FateUnknownError) as raised:
        await blink(client)
    assert raised.value.request_id
    assert len(cloud.executed) == len(cloud.emulator.journal) - 1 == 2
    # The true reply comes late, on a connection that is not used again.
    assert (await blink(client)).request_id == last_id(cloud)


@pytest.mark.parametrize(
    "surplus", [Fault(), *SURPLUS.values()], ids=["copy", *SURPLUS]
)
async def test_reads_are_repeated(
    cloud: Cloud, client: TencentIotClient, surplus: Fault
) -> None:
    """A read that got the reply to another request is sent again, another way."""
    cloud.expect(*CODES)
    cloud.emulator.faults.append(Fault(surplus=surplus, surplus_when=When.NEXT))
    await read(client)
    if surplus.code == "SystemBusy":
        with pytest.raises(TencentIotError):
            await read(client)
    else:
        await read(client)
        assert len(cloud.emulator.journal) == 3
    await read(client)


@by_both
@pytest.mark.parametrize(
    "surplus",
    [
        Fault(status=500, body=""),
        Fault(body="<html>"),
        Fault(body=""),
        Fault(code="InternalError", reshape=no_id),
    ],
    ids=["500", "page", "empty", "fault"],
)
async def test_reply_after_a_bare_one(
    cloud: Cloud, client: TencentIotClient, surplus: Fault
) -> None:
    """The reply that a bare one took the place of is not given to the next request."""
    late = asyncio.Event()

    async def hold(entry: JournalEntry) -> None:
        """Let the reply to the second request come later than the next one is sent."""
        if len(cloud.emulator.journal) == 2:
            await late.wait()

    cloud.emulator.gate = hold
    cloud.emulator.faults += [
        Fault(surplus=surplus, surplus_when=When.NEXT),
        Fault(status=429, body=""),
    ]
    cloud.expect("InternalError")
    await read(client)
    with pytest.raises(FateUnknownError):
        await blink(client)
    third = asyncio.create_task(blink(client))
    for _ in range(50):
        await asyncio.sleep(0)
    late.set()
    assert (await third).request_id == last_id(cloud)
    assert len(cloud.executed) == 1


@pytest.mark.parametrize("reshape", [other_id, no_id])
async def test_ids_that_are_not_ours(
    cloud: Cloud, client: TencentIotClient, reshape: object
) -> None:
    """An interface that has ids of its own, or none, works as well."""
    cloud.expect("InvalidParameterValue", "RequestLimitExceeded")
    cloud.emulator.choose_fault = lambda _: Fault(execute=True, reshape=reshape)
    for _ in range(3):
        await read(client)
        await blink(client)
    cloud.emulator.choose_fault = lambda _: Fault(
        code="InvalidParameterValue", reshape=reshape
    )
    with pytest.raises(InvalidInputError):
        await blink(client)
    assert len(cloud.executed) == 3
    assert len(cloud.emulator.journal) == 7


@by_both
async def test_copy_with_an_id_of_the_cloud(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """Where the cloud makes the ids, a reply that was received before is known by it."""
    made = str(uuid.uuid4())

    def reshape(text: str) -> bytes:
        """Give both replies the same id."""
        return with_id(text, made)

    cloud.emulator.faults.append(
        Fault(
            reshape=reshape,
            surplus=Fault(payload=RECEIPT, reshape=reshape),
            surplus_when=When.NEXT,
        )
    )
    assert (await blink(client)).request_id == made
    with pytest.raises(FateUnknownError):
        await blink(client)
    assert len(cloud.executed) == len(cloud.emulator.journal) == 2


@pytest.mark.parametrize("reshape", [other_id, no_id])
async def test_exception_is_learnt(
    cloud: Cloud, client: TencentIotClient, reshape: object
) -> None:
    """What does not keep to the rule on new connections either is believed in the end."""
    code = "UnauthorizedOperation"
    cloud.expect(code)
    await blink(client)
    cloud.emulator.choose_fault = lambda _: Fault(code=code, reshape=reshape)
    kinds = []
    for _ in range(5):
        with pytest.raises(TencentIotError) as raised:
            await blink(client)
        kinds.append(type(raised.value))
        assert raised.value.request_id
    # The first of them came over the connection of the reply before.
    assert kinds == [FateUnknownError] * 3 + [NoPermissionError] * 2
    # It is the rule again as soon as it is kept to.
    cloud.emulator.choose_fault = None
    cloud.emulator.faults.append(Fault(code=code))
    with pytest.raises(NoPermissionError):
        await blink(client)
    cloud.emulator.faults.append(Fault(code=code, reshape=reshape))
    with pytest.raises(FateUnknownError):
        await blink(client)
    assert len(cloud.executed) == 1


@pytest.mark.parametrize("reshape", [other_id, no_id])
async def test_exception_is_not_learnt_from_used_connections(
    cloud: Cloud, client: TencentIotClient, reshape: object
) -> None:
    """However many replies come unasked, none makes an exception of its kind."""
    cloud.expect("InvalidParameterValue")
    surplus = Fault(code="InvalidParameterValue", reshape=reshape)
    for _ in range(5):
        cloud.emulator.faults.append(Fault(surplus=surplus, surplus_when=When.NEXT))
        await read(client)
        with pytest.raises(FateUnknownError):
            await blink(client)
    assert len(cloud.executed) == 5


async def test_two_applications(cloud: Cloud, session: aiohttp.ClientSession) -> None:
    """Applications on the same connections know each other's ids."""
    cloud.emulator.service_api.applications["other"] = "secret"
    request_ids = RequestIds()
    first, second = (
        TencentIotClient(
            session,
            ServiceApi(*pair, cloud.emulator.endpoint),
            key_use=KeyUse(request_ids),
        )
        for pair in ((APP_KEY, APP_SECRET), ("other", "secret"))
    )
    cloud.emulator.faults.append(Fault(surplus=Fault(), surplus_when=When.NEXT))
    await blink(first)
    with pytest.raises(FateUnknownError):
        await blink(second)
    assert len(cloud.executed) == 2


def test_memory_has_an_end() -> None:
    """Of all ids the latest are known, however many there were."""
    ids = RequestIds()
    doubt = partial(
        ids.doubt, ("endpoint", "call", ""), "mine", is_first=True, is_made=False
    )
    for number in range(20_000):
        ids.note(str(number))
    assert len(ids._known) < 10_000
    assert doubt("19999")
    assert doubt("0") is None
    for number in range(20_000):
        doubt(f"reply-{number}")
    assert len(ids._known) < 10_000
