"""Which requests are sent again, and which never are."""

import pytest

from custom_components.tencent_iot_explorer.api import client as client_module
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    CannotConnectError,
    CertificateDateError,
    DeviceUnreachableError,
    FateUnknownError,
    NoPermissionError,
    RateLimitError,
    ServerFaultError,
    TencentIotError,
    UnknownProductError,
)
from tests.emulator import Fault
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
    assert await getattr(client, read)("LAMP202611")
    assert len(cloud.emulator.journal) == 3
    sent = [entry.parameters for entry in cloud.emulator.journal]
    assert len({item["RequestId"] for item in sent}) == 3
    assert len({item["Nonce"] for item in sent}) == 3
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 9}))
    with pytest.raises(kind) as raised:
        await getattr(client, read)("LAMP202611")
    assert len(cloud.emulator.journal) == 6
    last = cloud.emulator.journal[-1].parameters["RequestId"]
    assert raised.value.request_id == last


@pytest.mark.parametrize(("fault", "kind"), FINAL)
async def test_read_is_not_repeated(
    cloud: Cloud, client: TencentIotClient, fault: Fault, kind: type[TencentIotError]
) -> None:
    """What another try cannot mend is told at once."""
    cloud.expect(fault.code)
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 9}))
    with pytest.raises(kind):
        await client.describe_model_definition("LAMP202611")
    assert len(cloud.emulator.journal) == 1


@pytest.mark.parametrize("action", ["async", "sync"])
@pytest.mark.parametrize(("fault", "kind"), MENDED)
async def test_action_is_never_repeated(
    cloud: Cloud,
    client: TencentIotClient,
    action: str,
    fault: Fault,
    kind: type[TencentIotError],
) -> None:
    """An action is sent once, whatever became of it."""
    cloud.expect(fault.code)
    cloud.emulator.faults.append(Fault(**vars(fault) | {"times": 9}))
    call = getattr(client, f"call_device_action_{action}")
    with pytest.raises(kind):
        await call("LAMP202611", "desk-lamp", "blink", {})
    assert len(cloud.emulator.journal) == 1


async def test_offline_is_not_repeated(cloud: Cloud, client: TencentIotClient) -> None:
    """A device that is offline is told at once."""
    with pytest.raises(DeviceUnreachableError):
        await client.call_device_action_async("LAMP202611", "hall-lamp", "blink", {})
    assert len(cloud.emulator.journal) == 1


async def test_bound_of_all_tries(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No try is begun that could end after the time for all of them."""
    monkeypatch.setattr(client_module, "_READS_SECONDS", 5)
    cloud.emulator.faults.append(Fault(drop=True, times=9))
    with pytest.raises(FateUnknownError):
        await client.describe_model_definition("LAMP202611")
    assert len(cloud.emulator.journal) == 1


async def test_no_connection_is_tried_again(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cloud that comes back between two tries of a read is found."""
    await cloud.emulator.stop()
    tries: list[int] = []

    async def fail(*_: object) -> tuple[bytes, int]:
        """Count the tries, and bring the cloud back after the second."""
        tries.append(len(tries))
        if len(tries) == 2:
            await cloud.emulator.start()
            monkeypatch.undo()
        raise CannotConnectError

    monkeypatch.setattr(TencentIotClient, "_post", fail)
    assert await client.describe_model_definition("LAMP202611")
    assert tries == [0, 1]


async def test_certificate_is_not_tried_again(
    client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that is not valid today is not valid a second later."""
    tries: list[int] = []

    async def fail(*_: object) -> tuple[bytes, int]:
        """Count the tries."""
        tries.append(len(tries))
        raise CertificateDateError

    monkeypatch.setattr(TencentIotClient, "_post", fail)
    with pytest.raises(CertificateDateError):
        await client.describe_model_definition("LAMP202611")
    assert tries == [0]
