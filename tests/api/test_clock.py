"""A wrong clock is survived."""

import time
from types import SimpleNamespace

import pytest

from custom_components.tencent_iot_explorer.api import clock as clock_module, span
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    CredentialsError,
    InvalidSignatureError,
    RepeatedRequestError,
    TimestampError,
    TooLateError,
)
from custom_components.tencent_iot_explorer.api.headers import parse_date
from emulator import Fault, JournalEntry, Naming
from tests.helpers import Cloud

HOUR = 3600
DECADE = 10 * 365 * 24 * HOUR
LATE = "InvalidParameterValue"
FORGED = "AuthFailure.SignatureFailure"
LATE_FAULT = {"code": LATE, "message": "Timestamp 无效"}


async def act(client: TencentIotClient) -> None:
    """Run an action."""
    await client.call_device_action_async(
        "LAMP202611", "desk-lamp", "blink", {}, origin="service"
    )


@pytest.mark.parametrize("naming", Naming)
@pytest.mark.parametrize("offset", [HOUR, -HOUR, DECADE, -DECADE])
async def test_wrong_clock(
    cloud: Cloud, client: TencentIotClient, offset: int, naming: Naming
) -> None:
    """A refused time stamp is corrected once; what follows is right at once."""
    cloud.expect_wrong("Timestamp", naming)
    cloud.emulator.clock_offset = offset
    await act(client)
    assert len(cloud.emulator.journal) == 2
    assert len(cloud.executed) == 1
    first, second = (entry.parameters for entry in cloud.emulator.journal)
    assert first["Nonce"] != second["Nonce"]
    assert first["RequestId"] != second["RequestId"]
    assert abs(client.clock.offset - offset) <= 2
    assert not client.clock.is_wrong
    for _ in range(2):
        await act(client)
    assert client.clock.is_wrong
    assert len(cloud.emulator.journal) == 4


@pytest.mark.parametrize("naming", Naming)
@pytest.mark.parametrize("parameter", ["AppKey", "Signature", "Timestamp"])
async def test_refusal_by_any_name(
    cloud: Cloud, client: TencentIotClient, naming: Naming, parameter: str
) -> None:
    """A cloud that calls a late request forged is believed only by a right clock."""
    cloud.expect_wrong("Timestamp", naming)
    refusal = cloud.expect_wrong(parameter, naming)
    cloud.emulator.faults.append(Fault(code=refusal.code, message=refusal.message))
    with pytest.raises((CredentialsError, TimestampError)):
        await act(client)
    assert len(cloud.emulator.journal) == 1
    cloud.emulator.clock_offset = HOUR
    await act(client)
    assert len(cloud.emulator.journal) == 3
    assert len(cloud.executed) == 1


async def test_forged_for_the_clock(cloud: Cloud, client: TencentIotClient) -> None:
    """A signature that is refused by a cloud with another time is made once more."""
    cloud.expect(FORGED)
    cloud.emulator.clock_offset = 200
    cloud.emulator.faults.append(Fault(code=FORGED))
    await act(client)
    assert len(cloud.emulator.journal) == 2
    assert abs(client.clock.offset - 200) <= 2


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 12:00:00 GMT"])
async def test_no_date(cloud: Cloud, client: TencentIotClient, date: str) -> None:
    """Without a date that makes sense the refusal is believed."""
    cloud.expect(LATE)
    cloud.emulator.clock_offset = HOUR
    cloud.emulator.date = date
    with pytest.raises(TimestampError):
        await act(client)
    assert len(cloud.emulator.journal) == 1
    assert cloud.executed == []


async def test_refused_twice(cloud: Cloud, client: TencentIotClient) -> None:
    """What is refused with the cloud's own time is refused for good."""
    cloud.expect(LATE)
    cloud.emulator.date = "Mon, 23 Nov 2020 12:00:00 GMT"
    cloud.emulator.clock_offset = HOUR
    with pytest.raises(TimestampError):
        await act(client)
    assert len(cloud.emulator.journal) == 2


async def test_small_difference(cloud: Cloud, client: TencentIotClient) -> None:
    """A difference of less than a minute explains no refusal."""
    cloud.expect(LATE)
    cloud.emulator.clock_offset = 30
    cloud.emulator.faults.append(Fault(**LATE_FAULT))
    with pytest.raises(TimestampError):
        await act(client)
    assert len(cloud.emulator.journal) == 1


async def test_clock_is_put_right(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When this machine's clock jumps right, no second refusal is needed."""
    cloud.expect(LATE)
    real = time.time
    wrong = HOUR

    def now() -> float:
        """Return what this machine believes."""
        return real() - wrong

    monkeypatch.setattr(clock_module.time, "time", now)
    cloud.emulator.clock_offset = HOUR
    await act(client)
    assert len(cloud.emulator.journal) == 2
    wrong = 0
    cloud.emulator.clock_offset = 0
    for _ in range(3):
        await act(client)
    assert len(cloud.emulator.journal) == 5
    assert client.clock.offset == 0
    assert not client.clock.is_wrong


async def test_date_that_is_left_out_now_and_then(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """A correction in use outlives replies without a time."""
    cloud.expect(LATE)
    cloud.emulator.clock_offset = HOUR
    await act(client)
    for date in ("", "yesterday"):
        cloud.emulator.date = date
        await act(client)
    cloud.emulator.date = None
    await act(client)
    assert len(cloud.emulator.journal) == 5


async def test_correction_that_comes_late(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action whose refusal took too long is not sent once more."""
    cloud.expect(LATE)
    # So little that the emulator leaves the refusal to the fault.
    cloud.emulator.clock_offset = 200
    cloud.emulator.faults.append(Fault(**LATE_FAULT))
    passed = 0

    def take_long(entry: JournalEntry) -> None:
        """Let the cloud take longer for its refusal than an action may wait."""
        nonlocal passed
        passed = HOUR

    cloud.emulator.on_request = take_long
    monkeypatch.setattr(
        span, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + passed)
    )
    with pytest.raises(TooLateError) as raised:
        await act(client)
    assert raised.value.code == LATE
    assert len(cloud.emulator.journal) == 1
    assert cloud.executed == []
    passed = 0
    cloud.emulator.on_request = None
    await act(client)
    assert len(cloud.executed) == 1


@pytest.mark.parametrize("naming", Naming)
async def test_repeated_nonce(
    cloud: Cloud, client: TencentIotClient, naming: Naming
) -> None:
    """A Nonce that the cloud knows is another one for a read, and no try for an action."""
    refusal = naming.refusal("Nonce")
    cloud.expect(refusal.code)
    fault = Fault(code=refusal.code, message=refusal.message)
    cloud.emulator.faults.append(fault)
    if naming is Naming.VAGUE:
        with pytest.raises(InvalidSignatureError):
            await act(client)
        return
    with pytest.raises(RepeatedRequestError):
        await act(client)
    assert len(cloud.emulator.journal) == 1
    cloud.emulator.faults.append(fault)
    await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    first, second = (item.parameters["Nonce"] for item in cloud.emulator.journal[1:])
    assert first != second


def test_dates_without_a_zone() -> None:
    """A date that says nothing of its zone, written as -0000, is in universal time."""
    date = "Wed, 25 Nov 2026 13:24:00"
    assert parse_date(f"{date} -0000") == parse_date(f"{date} GMT") == 1795613040
