"""Which requests are sent again, and which never are."""

from types import SimpleNamespace

import pytest

from custom_components.tencent_iot_explorer.api import transport
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    CannotConnectError,
    CertificateDateError,
    DeviceUnreachableError,
    FateUnknownError,
    NoPermissionError,
    RateLimitError,
    Repeat,
    ServerFaultError,
    TencentIotError,
    UnknownProductError,
)
from custom_components.tencent_iot_explorer.api.post import Reply
from emulator import Fault
from tests.api.helpers import all_error_classes
from tests.api.interfaces import by_both, own_id
from tests.helpers import Cloud

READS = ["describe_model_definition", "get_device_list_page"]
MENDED = [
    pytest.param(Fault(drop=True), FateUnknownError, id="dropped"),
    pytest.param(Fault(status=503, body="busy"), ServerFaultError, id="503"),
    pytest.param(Fault(code="InternalError.Timeout"), ServerFaultError, id="fault"),
    pytest.param(Fault(code="RequestLimitExceeded"), RateLimitError, id="rate"),
    pytest.param(Fault(status=429, body=""), RateLimitError, id="429"),
]
FINAL = [
    pytest.param(Fault(body="<html>"), BrokenReplyError, id="page"),
    pytest.param(
        Fault(status=307, headers={"Location": "/"}), BrokenReplyError, id="307"
    ),
    pytest.param(
        Fault(code="UnauthorizedOperation.APPNoPermission"),
        NoPermissionError,
        id="right",
    ),
    pytest.param(
        Fault(code="ResourceNotFound.ProductNotExist"),
        UnknownProductError,
        id="product",
    ),
]


async def blink(client: TencentIotClient, call: str) -> None:
    """Let the lamp blink."""
    method = getattr(client, f"call_device_action_{call}")
    await method("LAMP202611", "desk-lamp", "blink", {}, origin="service")


@by_both
@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(("fault", "kind"), MENDED)
async def test_read_is_repeated(
    cloud: Cloud,
    client: TencentIotClient,
    read: str,
    fault: Fault,
    kind: type[TencentIotError],
) -> None:
    """A read that another try can mend is tried three times, signed anew each time."""
    cloud.expect(fault.code)
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 2}))
    assert await getattr(client, read)("LAMP202611", origin="poll")
    assert len(cloud.emulator.journal) == 3
    assert len(set(map(own_id, cloud.emulator.journal))) == 3
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 9}))
    with pytest.raises(kind) as raised:
        await getattr(client, read)("LAMP202611", origin="poll")
    assert len(cloud.emulator.journal) == 6
    last = cloud.emulator.journal[-1]
    assert raised.value.request_id == (last.request_id if fault.code else own_id(last))


@by_both
@pytest.mark.parametrize(("fault", "kind"), FINAL)
async def test_read_is_not_repeated(
    cloud: Cloud, client: TencentIotClient, fault: Fault, kind: type[TencentIotError]
) -> None:
    """What another try cannot mend is reported at once."""
    cloud.expect(fault.code)
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 9}))
    with pytest.raises(kind):
        await client.describe_model_definition("LAMP202611", origin="poll")
    assert len(cloud.emulator.journal) == 1


@by_both
@pytest.mark.parametrize("action", ["async", "sync"])
@pytest.mark.parametrize(("fault", "kind"), MENDED[:3])
async def test_action_is_never_repeated(
    cloud: Cloud,
    client: TencentIotClient,
    action: str,
    fault: Fault,
    kind: type[TencentIotError],
) -> None:
    """An action that may have run is never sent again."""
    cloud.expect(fault.code)
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 9}))
    with pytest.raises(kind):
        await blink(client, action)
    assert len(cloud.emulator.journal) == 1


@by_both
@pytest.mark.parametrize("action", ["async", "sync"])
@pytest.mark.parametrize(("fault", "kind"), MENDED[3:])
async def test_action_refused_for_rate(
    cloud: Cloud,
    client: TencentIotClient,
    action: str,
    fault: Fault,
    kind: type[TencentIotError],
) -> None:
    """What was surely not executed is tried three times, and runs once."""
    cloud.expect(fault.code)
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 2}))
    await blink(client, action)
    assert len(cloud.emulator.journal) == 3
    assert len(cloud.executed) == 1
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 9}))
    with pytest.raises(kind):
        await blink(client, action)
    assert len(cloud.emulator.journal) == 6
    assert len(cloud.executed) == 1


@by_both
async def test_offline_is_not_repeated(cloud: Cloud, client: TencentIotClient) -> None:
    """A device that is offline is reported at once."""
    with pytest.raises(DeviceUnreachableError):
        await client.call_device_action_async(
            "LAMP202611", "hall-lamp", "blink", {}, origin="service"
        )
    assert len(cloud.emulator.journal) == 1


@by_both
async def test_bound_of_all_tries(
    cloud: Cloud, client: TencentIotClient, time_limits: SimpleNamespace
) -> None:
    """No try is begun that could end after the time for all of them."""
    time_limits.reads = time_limits.read
    time_limits.back_offs = (1, 1)
    cloud.emulator.faults.append(Fault(drop=True, times=9))
    with pytest.raises(FateUnknownError):
        await client.describe_model_definition("LAMP202611", origin="poll")
    assert len(cloud.emulator.journal) == 1


@by_both
async def test_action_whose_time_is_over(
    cloud: Cloud, client: TencentIotClient, time_limits: SimpleNamespace
) -> None:
    """No back-off leads beyond the time in which an action must be sent."""
    cloud.expect("RequestLimitExceeded")
    time_limits.back_offs = (60, 60)
    cloud.emulator.faults.append(Fault(code="RequestLimitExceeded"))
    with pytest.raises(RateLimitError):
        await blink(client, "async")
    assert len(cloud.emulator.journal) == 1
    assert cloud.executed == []


@by_both
@pytest.mark.parametrize("call", ["read", "async"])
async def test_no_connection_is_tried_again(
    cloud: Cloud,
    client: TencentIotClient,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
) -> None:
    """A cloud that comes back between two tries is found: nothing had been sent."""
    await cloud.emulator.stop()
    tries: list[int] = []

    async def fail(*_: object, **__: object) -> Reply:
        """Count the tries, and bring the cloud back after the second."""
        tries.append(len(tries))
        if len(tries) == 2:
            await cloud.emulator.start()
            monkeypatch.undo()
        raise CannotConnectError

    monkeypatch.setattr(transport, "post", fail)
    if call == "read":
        await client.describe_model_definition("LAMP202611", origin="poll")
    else:
        await blink(client, call)
    assert tries == [0, 1]
    assert len(cloud.emulator.journal) == 1


@by_both
async def test_certificate_is_not_tried_again(
    client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that is not valid today is not valid a second later."""
    tries: list[int] = []

    async def fail(*_: object, **__: object) -> Reply:
        """Count the tries."""
        tries.append(len(tries))
        raise CertificateDateError

    monkeypatch.setattr(transport, "post", fail)
    with pytest.raises(CertificateDateError):
        await client.describe_model_definition("LAMP202611", origin="poll")
    assert tries == [0]


@pytest.mark.parametrize("kind", list(all_error_classes()))
def test_what_may_be_repeated(kind: type[TencentIotError]) -> None:
    """No action is sent again after an error that leaves its result open."""
    repeats_actions = kind.repeat is Repeat.EVERYTHING
    assert repeats_actions is (
        issubclass(kind, CannotConnectError | RateLimitError)
        and not issubclass(kind, CertificateDateError)
    )
    if issubclass(kind, FateUnknownError):
        assert kind.repeat is not Repeat.EVERYTHING
