"""The cloud's pace: lists, Retry-After, and what all clients of one key share."""

import asyncio
from collections import defaultdict
from email.utils import formatdate
from functools import partial
import time
from types import SimpleNamespace

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api import pace
from custom_components.tencent_iot_explorer.api.backend import Backend
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    RateLimitError,
    RetryLaterError,
    ServerFaultError,
)
from custom_components.tencent_iot_explorer.api.headers import parse_retry_after
from custom_components.tencent_iot_explorer.api.key_use import KeyUse
from custom_components.tencent_iot_explorer.api.pace import Pace
from custom_components.tencent_iot_explorer.api.transport import TimeLimits
from emulator import Fault
from emulator.projects import EmulatedProject
from tests.api.interfaces import by_cloud_api, cloud_api
from tests.helpers import Cloud


class Sleeps:
    """A clock that sleeping alone moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand in for the clock and the sleep of a module."""
        self.now = 1000.0
        self.slept: list[float] = []
        self.may_pass = asyncio.Event()
        self.may_pass.set()
        self._sleep = asyncio.sleep
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once, unless it is held."""
        self.slept.append(seconds)
        if seconds > 0:
            await self.may_pass.wait()
        self.now += max(seconds, 0)
        await self._sleep(0)


async def blink(client: TencentIotClient) -> None:
    """Let the lamp blink."""
    await client.call_device_action_async(
        "LAMP202611", "desk-lamp", "blink", {}, origin="service"
    )


async def test_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five go at once, and the next ones as soon as a second is over for the first."""
    sleeps = Sleeps(monkeypatch)
    lists = Pace(5)
    went: list[float] = []

    async def go() -> None:
        """Note when one may go."""
        await lists.wait()
        went.append(sleeps.now - 1000)

    await asyncio.gather(*(go() for _ in range(12)))
    assert went == [0] * 5 + [1] * 5 + [2] * 2
    sleeps.now += 0.25
    await go()
    assert went[-1] == 2.25


async def test_pace_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be done often is spread, so that nobody waits for the end of a second."""
    sleeps = Sleeps(monkeypatch)
    writes = Pace(170)
    went: list[float] = []
    for _ in range(340):
        await writes.wait()
        went.append(sleeps.now - 1000)
    assert went == pytest.approx([part / 10 for part in range(20) for _ in range(17)])


@by_cloud_api
@pytest.mark.parametrize(
    ("call", "per_second"),
    [
        ("ControlDeviceData", 170),
        ("CallDeviceActionAsync", 500),
        ("CallDeviceActionSync", 100),
    ],
)
async def test_many_devices_keep_the_pace(
    cloud: Cloud,
    client: TencentIotClient,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    per_second: int,
) -> None:
    """A cloud that answers at once is not asked more often than half of what it allows.

    A tap after many others waits for a tenth of a second at most, none after a few.
    """
    sleeps = Sleeps(monkeypatch)
    device = ("LAMP202611", "desk-lamp")
    act = {
        "ControlDeviceData": partial(
            client.control_device_data, *device, {"power_switch": 1}
        ),
        "CallDeviceActionAsync": partial(
            client.call_device_action_async, *device, "blink", {}
        ),
        "CallDeviceActionSync": partial(
            client.call_device_action_sync, *device, "blink", {}
        ),
    }[call]
    for _ in range(10):
        await act(origin="service")
    assert sleeps.now == 1000
    for _ in range(per_second):
        before = sleeps.now
        await act(origin="service")
        assert sleeps.now - before <= 0.101
    assert sleeps.now >= 1000.999
    assert len(cloud.emulator.requests(call)) == per_second + 10


async def test_lists_keep_the_pace(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All lists of one key wait for each other, other reads for none of them."""
    waits: list[Pace] = []

    async def wait(self: Pace) -> None:
        """Note what waits its turn."""
        waits.append(self)

    monkeypatch.setattr(pace.Pace, "wait", wait)
    await client.get_device_list("LAMP202611", origin="poll")
    await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    await client.describe_model_definition("LAMP202611", origin="poll")
    assert len({id(item) for item in waits}) == len(waits) == 3
    cloud.emulator.faults.append(Fault(drop=True, times=2))
    await client.get_device_list_page("LAMP202611", origin="poll")
    assert waits[3:] == [waits[0]] * 3


@by_cloud_api
async def test_calls_keep_the_pace_of_their_limits(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of read of an account is made half as often as the cloud allows."""
    sleeps = Sleeps(monkeypatch)
    went: dict[str, list[float]] = defaultdict(list)
    cloud.emulator.on_request = lambda entry: went[entry.call].append(sleeps.now - 1000)
    for read in (
        partial(client.describe_device, "LAMP202611", "desk-lamp"),
        partial(client.describe_model_definition, "LAMP202611"),
        client.get_studio_product_list,
        client.get_project_list,
    ):
        sleeps.now = 1000
        for _ in range(11):
            await read(origin="poll")
    assert went == {
        "GetDeviceList": [0] * 5 + [1] * 5 + [2],
        "DescribeModelDefinition": [0] * 10 + [1],
        "GetStudioProductList": [0] * 10 + [1],
        "GetProjectList": [0] * 10 + [1],
    }


async def test_one_pace_for_all_regions(
    cloud: Cloud, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are those of the key, whatever regions it is used in; no action waits."""
    sleeps = Sleeps(monkeypatch)
    key_use = KeyUse()
    project = EmulatedProject(project_id="prj-1", name="1", region="eu-frankfurt")
    cloud.emulator.products["DOORLOCK01"].project = project
    guangzhou, frankfurt = (
        TencentIotClient(session, cloud_api(cloud.emulator, region), key_use=key_use)
        for region in ("ap-guangzhou", "eu-frankfurt")
    )
    for _ in range(2):
        await guangzhou.get_device_list_page("LAMP202611", origin="poll")
        await frankfurt.get_device_list_page("DOORLOCK01", origin="poll")
    await guangzhou.get_device_list_page("LAMP202611", origin="poll")
    assert sleeps.now == 1000
    sleeps.may_pass.clear()
    waiting = asyncio.create_task(
        frankfurt.get_device_list_page("DOORLOCK01", origin="poll")
    )
    for _ in range(30):
        await blink(guangzhou)
    assert len(cloud.executed) == 30
    assert not waiting.done()
    assert sleeps.now == 1000
    sleeps.may_pass.set()
    await waiting
    assert sleeps.now == 1001


@by_cloud_api
async def test_corrected_read_keeps_the_pace(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read that is signed once more for a wrong clock counts as another one."""
    cloud.expect("AuthFailure.SignatureExpire")
    waits: list[str] = []

    async def wait(self: Pace) -> None:
        """Note that a read waits its turn."""
        waits.append("turn")

    monkeypatch.setattr(pace.Pace, "wait", wait)
    cloud.emulator.clock_offset = 3600
    await client.get_device_list_page("LAMP202611", origin="poll")
    assert len(cloud.emulator.journal) == len(waits) == 2


async def test_read_waits_as_long_as_the_cloud_wants(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Retry-After that there is time for is kept to."""
    sleeps = Sleeps(monkeypatch)
    for status in (429, 503):
        cloud.emulator.faults.append(
            Fault(status=status, body="", headers={"Retry-After": "7"})
        )
        await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
        assert sleeps.slept[-1] == 7
    assert len(cloud.emulator.journal) == 4


async def test_read_comes_later(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the cloud wants to be left alone no read is sent; an action may be."""
    sleeps = Sleeps(monkeypatch)
    cloud.emulator.faults.append(
        Fault(status=429, body="", headers={"Retry-After": "600"})
    )
    with pytest.raises(RetryLaterError) as raised:
        await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    assert raised.value.retry_after == 600
    sleeps.now += 500
    with pytest.raises(RetryLaterError) as raised:
        await client.get_device_list("LAMP202611", origin="poll")
    assert raised.value.retry_after == 100
    assert len(cloud.emulator.journal) == 1
    await blink(client)
    assert len(cloud.executed) == 1
    sleeps.now += 90
    await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    assert sleeps.slept[-1] == 10
    assert len(cloud.emulator.journal) == 3


@by_cloud_api
async def test_reads_that_waited_together_keep_the_pace(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What all waited for the end of a Retry-After goes on no faster than is allowed."""
    sleeps = Sleeps(monkeypatch)
    cloud.emulator.faults.append(
        Fault(status=429, body="", headers={"Retry-After": "15"})
    )
    went: list[float] = []

    async def read() -> None:
        """Read a list of devices."""
        await client.get_device_list_page("LAMP202611", origin="poll")

    first = asyncio.create_task(read())
    while not cloud.emulator.journal:
        await asyncio.sleep(0)
    cloud.emulator.on_request = lambda entry: went.append(sleeps.now)
    await asyncio.gather(first, *(read() for _ in range(30)))
    assert all(
        len([other for other in went if moment <= other < moment + 1]) <= 10
        for moment in went
    )


async def test_read_that_the_fault_of_the_cloud_holds_up(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that says when to come again is reported as a fault."""
    Sleeps(monkeypatch)
    cloud.emulator.faults.append(
        Fault(status=503, body="", headers={"Retry-After": "600"})
    )
    with pytest.raises(ServerFaultError) as raised:
        await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    assert raised.value.retry_after == 600


async def test_action_waits_within_its_time(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action keeps to a Retry-After within its five seconds, else the error names it."""
    sleeps = Sleeps(monkeypatch)
    cloud.emulator.faults.append(
        Fault(status=429, body="", headers={"Retry-After": "3"})
    )
    await blink(client)
    assert 3 in sleeps.slept
    assert len(cloud.executed) == 1
    cloud.emulator.faults.append(
        Fault(status=429, body="", headers={"Retry-After": "6"})
    )
    with pytest.raises(RetryLaterError) as raised:
        await blink(client)
    assert raised.value.retry_after == 6
    assert raised.value.code == "HTTP 429"
    assert len(cloud.executed) == 1
    assert len(cloud.emulator.journal) == 3


async def test_clients_of_one_key(
    cloud: Cloud, session: aiohttp.ClientSession, backend: Backend
) -> None:
    """A client that is made anew keeps the order, and the clock, of the one before."""
    cloud.expect("InvalidParameterValue")
    cloud.emulator.clock_offset = 3600
    key_use = KeyUse()
    first, second = (
        TencentIotClient(session, backend, key_use=key_use) for _ in range(2)
    )
    await asyncio.gather(*(blink(client) for client in (first, second) * 4))
    assert cloud.emulator.most_at_once == 1
    assert len(cloud.executed) == 8
    assert len(cloud.emulator.journal) == 9
    assert second.clock.difference == first.clock.difference


async def test_jitter(
    cloud: Cloud,
    client: TencentIotClient,
    monkeypatch: pytest.MonkeyPatch,
    time_limits: SimpleNamespace,
) -> None:
    """Back-offs differ, so that clients that failed together do not come together."""
    cloud.expect("RequestLimitExceeded")
    time_limits.back_offs = TimeLimits().back_offs
    sleeps = Sleeps(monkeypatch)
    for _ in range(5):
        cloud.emulator.faults.append(Fault(code="RequestLimitExceeded", times=3))
        with pytest.raises(RateLimitError):
            await blink(client)
    assert len(cloud.emulator.journal) == 15
    # The emulated cloud sleeps for no time at all.
    pauses = [pause for pause in sleeps.slept if pause]
    assert len(pauses) == 10
    assert len(set(pauses)) > 5
    assert all(0.25 <= pause <= 0.75 for pause in pauses[::2])
    assert all(1 <= pause <= 3 for pause in pauses[1::2])


NOW = 1_795_435_200
DATE = formatdate(NOW, usegmt=True)


@pytest.mark.parametrize(
    ("text", "date", "seconds"),
    [
        (None, DATE, None),
        ("5", None, 5),
        (" 120 ", DATE, 120),
        ("0", DATE, 0),
        ("-1", DATE, None),
        ("1.5", DATE, None),
        ("soon", DATE, None),
        ("9" * 5000, DATE, 3600),
        ("٣", DATE, None),
        (formatdate(NOW + 30, usegmt=True), DATE, 30),
        (formatdate(NOW - 30, usegmt=True), DATE, 0),
        (formatdate(NOW + 86400, usegmt=True), DATE, 3600),
        (formatdate(NOW + 30, usegmt=True), None, None),
        (formatdate(NOW + 30, usegmt=True), "yesterday", None),
    ],
)
def test_retry_after(text: str | None, date: str | None, seconds: float | None) -> None:
    """Seconds or a moment, an hour at most, and nothing for nonsense."""
    assert parse_retry_after(text, date) == seconds
