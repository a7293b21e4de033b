"""What a device reported last, and what its properties shall be set to."""

import asyncio
import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from homeassistant.helpers.json import json_bytes

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    DeviceUnreachableError,
    FateUnknownError,
    InvalidInputError,
    NoDataTemplateError,
    QuotaError,
    RateLimitError,
    TencentIotError,
    TooLateError,
    UnknownCodeError,
    UnknownDeviceError,
)
from custom_components.tencent_iot_explorer.api.models import Report
from emulator import (
    EmulatedDevice,
    Envelope,
    ExecutedAction,
    Fault,
    JournalEntry,
    WrittenData,
)
from tests.api.interfaces import by_both, own_id
from tests.helpers import Cloud

LAMP = ("LAMP202611", "desk-lamp")
OFFLINE = ("LAMP202611", "hall-lamp")
SIGNED = {"Action", "AppKey", "Nonce", "RequestId", "Signature", "Timestamp"}


def answer(cloud: Cloud, **payload: Any) -> None:
    """Let the cloud answer the next request so."""
    cloud.emulator.faults.append(Fault(payload=payload))


def lamp(cloud: Cloud) -> EmulatedDevice:
    """Return the lamp of the emulated cloud, which has reported nothing yet."""
    device = cloud.emulator.products["LAMP202611"].devices["desk-lamp"]
    device.reported.clear()
    return device


def own_parameters(cloud: Cloud) -> dict[str, Any]:
    """Return what the only request sent beside what all requests send."""
    (entry,) = cloud.emulator.journal
    assert not entry.flaws
    return {key: item for key, item in entry.parameters.items() if key not in SIGNED}


async def read(client: TencentIotClient) -> dict[str, Report]:
    """Return what the lamp reported."""
    return dict((await client.describe_device_data(*LAMP, origin="poll")).reports)


async def write(client: TencentIotClient, *device: str, **values: Any) -> bool:
    """Write to a device, the lamp if it is none, and return whether that was sent."""
    receipt = await client.control_device_data(
        *(device or LAMP), values or {"brightness": 5}, origin="service"
    )
    return receipt.is_sent


@by_both
@pytest.mark.parametrize("envelope", Envelope)
async def test_reports(
    cloud: Cloud, client: TencentIotClient, envelope: Envelope
) -> None:
    """What a device reported last is there with its time, declared or not."""
    cloud.emulator.service_api.envelope = envelope
    lamp(cloud).report(1552904784552, power_switch=1, _sys_cs_days="灯")
    assert await read(client) == {
        "power_switch": Report(value=1, reported_at=1552904784552),
        "_sys_cs_days": Report(value="灯", reported_at=1552904784552),
    }
    assert own_parameters(cloud) == {
        "ProductId": "LAMP202611",
        "DeviceName": "desk-lamp",
    }


@by_both
async def test_offline(cloud: Cloud, client: TencentIotClient) -> None:
    """What a device reported before it went is there, too."""
    lamp(cloud).report(power_switch=1)
    lamp(cloud).status = 0
    lamp(cloud).report(power_switch=1)
    assert (await read(client))["power_switch"].value == 1


@by_both
@pytest.mark.parametrize("is_refused", [False, True])
async def test_never_reported(
    cloud: Cloud, client: TencentIotClient, is_refused: bool
) -> None:
    """Of a device that never reported anything nothing is known, which is no error."""
    cloud.expect("ResourceNotFound.DeviceShadowNotExist")
    cloud.emulator.absent_data_is_refused = is_refused
    lamp(cloud)
    assert await read(client) == {}
    assert len(cloud.emulator.journal) == 1


@by_both
async def test_read_of_unknown_device(cloud: Cloud, client: TencentIotClient) -> None:
    """That there is no such device is an error; what can be none is not asked for."""
    cloud.expect("ResourceNotFound.DeviceNotExist")
    for name in ("no-lamp", "no lamp", ""):
        with pytest.raises(UnknownDeviceError):
            await client.describe_device_data("LAMP202611", name, origin="poll")
        with pytest.raises(UnknownDeviceError):
            await client.control_device_data(
                "LAMP202611", name, {"brightness": 5}, origin="service"
            )
        assert len(cloud.emulator.journal) == 2


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"Value": 0, "LastUpdate": 5}, Report(value=0, reported_at=5)),
        ({"Value": None, "LastUpdate": 5}, Report(value=None, reported_at=5)),
        ({"Value": [{"a": 1.5}]}, Report(value=[{"a": 1.5}], reported_at=0)),
        ({"Value": 1, "LastUpdate": "5"}, Report(value=1, reported_at=5)),
        ({"Value": 1, "LastUpdate": 5.0}, Report(value=1, reported_at=5)),
        ({"Value": 1, "LastUpdate": -5}, Report(value=1, reported_at=0)),
        ({"Value": 1, "LastUpdate": None}, Report(value=1, reported_at=0)),
        ({"Value": 1, "LastUpdate": [5]}, Report(value=1, reported_at=0)),
        ({"Value": 1, "LastUpdate": 10**20}, Report(value=1, reported_at=0)),
        ({"Value": 10**30}, Report(value=str(10**30), reported_at=0)),
        ({"Value": float("nan")}, Report(value="nan", reported_at=0)),
        ({"Value": "\ud800"}, Report(value="?", reported_at=0)),
        ({"LastUpdate": 5}, None),
        ({"value": 1}, None),
        ({}, None),
        (1, None),
        (None, None),
        ([1, 5], None),
        ('{"Value":1}', None),
        ({"Value": json.loads("[" * 40 + "]" * 40)}, None),
    ],
    ids=repr,
)
async def test_odd_report(
    cloud: Cloud, client: TencentIotClient, raw: object, expected: Report | None
) -> None:
    """What is no report is left out, and takes nothing else away."""
    good = {"Value": 1, "LastUpdate": 1552904784552}
    answer(cloud, Data=json.dumps({"odd": raw, "a b": good, "": good, "good": good}))
    reports = await read(client)
    assert reports.pop("good") == Report(value=1, reported_at=1552904784552)
    assert reports == ({} if expected is None else {"odd": expected})
    assert json_bytes([report.value for report in reports.values()])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{"a":{"Value":1}}', ["a"]),
        ({"a": {"Value": 1}}, ["a"]),
        ("{}", []),
        ({}, []),
        ("", []),
        (" \n", []),
        ("null", []),
        (None, []),
    ],
    ids=repr,
)
async def test_data(
    cloud: Cloud, client: TencentIotClient, data: object, expected: list[str]
) -> None:
    """Data is an object, or the text of one; nothing at all means that nothing is known."""
    answer(cloud, Data=data)
    assert list(await read(client)) == expected


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Devices": [], "Total": 0},
        {"Data": "[]"},
        {"Data": "5"},
        {"Data": '{"a":'},
        {"Data": "[" * 100_000},
        {"Data": [{"a": {"Value": 1}}]},
        {"Data": 5},
        {"Data": False},
    ],
    ids=lambda payload: repr(payload)[:40],
)
async def test_no_data(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """A reply to something else says nothing, least of all that nothing was reported."""
    answer(cloud, **payload)
    with pytest.raises(BrokenReplyError) as raised:
        await read(client)
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id == entry.parameters["RequestId"]


async def test_most_reports(cloud: Cloud, client: TencentIotClient) -> None:
    """Of a device that reports very much the first properties are known."""
    answer(cloud, Data={str(number): {"Value": number} for number in range(1200)})
    assert [*await read(client)] == [str(number) for number in range(1000)]


@by_both
async def test_write(cloud: Cloud, client: TencentIotClient) -> None:
    """All that is written goes in one request, and nothing that pretends a report."""
    values = {"power_switch": 1, "brightness": 5, "color_temp": 3000}
    receipt = await client.control_device_data(*LAMP, values, origin="service")
    assert receipt.is_sent
    assert own_parameters(cloud) == {
        "ProductId": "LAMP202611",
        "DeviceName": "desk-lamp",
        "Data": '{"power_switch":1,"brightness":5,"color_temp":3000}',
    }
    (written,) = cloud.emulator.written
    assert (written.device_name, written.values) == ("desk-lamp", values)
    (entry,) = cloud.emulator.journal
    assert receipt.request_id == entry.request_id


async def test_form(cloud: Cloud, client: TencentIotClient) -> None:
    """What is written is ASCII, and has no exponent, which devices misread."""
    answer(cloud, Result='{"Sent":1,"pushResult":0}')
    values = {"a": 0.00005, "b": "灯", "c": [1e21, {"d": True}]}
    assert await write(client, **values)
    assert own_parameters(cloud)["Data"] == (
        '{"a":0.00005,"b":"\\u706f","c":[1000000000000000000000.0,{"d":true}]}'
    )


@by_both
async def test_write_to_offline_device(cloud: Cloud, client: TencentIotClient) -> None:
    """A device that is not reached is no error here: it may take the values later."""
    assert not await write(client, *OFFLINE)
    device = cloud.emulator.products["LAMP202611"].devices["hall-lamp"]
    assert device.missed == [{"brightness": 5}]
    assert cloud.emulator.written == []


@pytest.mark.parametrize(
    ("result", "is_sent"),
    [
        ('{"Sent":1,"pushResult":0}', True),
        ({"Sent": 1, "pushResult": 0}, True),
        ({"Sent": "1", "pushResult": "0"}, True),
        ({"Sent": 1}, True),
        ({"Sent": 1, "pushResult": None}, True),
        ({"Sent": 1, "pushResult": 0, "more": [1]}, True),
        ('{"Sent":0,"pushResult":23101}', False),
        ({"Sent": 0, "pushResult": 0}, False),
        ({"Sent": 0}, False),
        ({"Sent": "0"}, False),
        ({"Sent": 1, "pushResult": 23101}, False),
        ({"Sent": 1, "pushResult": -1}, False),
    ],
    ids=repr,
)
async def test_result(
    cloud: Cloud, client: TencentIotClient, result: object, is_sent: bool
) -> None:
    """Only what was sent and pushed has reached the device."""
    answer(cloud, Data="", Result=result)
    assert await write(client) is is_sent


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Data": '{"brightness":5}'},
        {"Result": None},
        {"Result": ""},
        {"Result": "{}"},
        {"Result": "ok"},
        {"Result": "[1]"},
        {"Result": 1},
        {"Result": [{"Sent": 1}]},
        {"Result": {"sent": 1, "pushResult": 0}},
        {"Result": {"pushResult": 0}},
        {"Result": {"Sent": None, "pushResult": 0}},
        {"Result": {"Sent": 2, "pushResult": 0}},
        {"Result": {"Sent": True, "pushResult": 0}},
        {"Result": {"Sent": 1, "pushResult": "no"}},
        {"Result": {"Sent": 1, "pushResult": [0]}},
        {"Result": '{"Sent":1'},
        {"Result": "[" * 100_000},
    ],
    ids=lambda payload: repr(payload)[:50],
)
@by_both
async def test_unreadable_result(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """Where it is not said whether the device was reached, it may have been; once."""
    answer(cloud, **payload)
    with pytest.raises(BrokenReplyError) as raised:
        await write(client)
    (entry,) = cloud.emulator.journal
    assert raised.value.request_id in (own_id(entry), entry.request_id)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidParameterValue", InvalidInputError),
        ("InvalidParameterValue.ModelDefineEventPropNameError", InvalidInputError),
        ("InvalidParameterValue.ModelDefineNil", NoDataTemplateError),
        ("InvalidParameterValue.ModelDefineInvalid", NoDataTemplateError),
        ("UnsupportedOperation.LoRaNotActivate", DeviceUnreachableError),
        ("UnsupportedOperation.LoRaNoUpLink", DeviceUnreachableError),
        ("UnsupportedOperation.InstanceIsolated", QuotaError),
        ("ResourceInsufficient", QuotaError),
        ("ResourceNotFound.DeviceNotExist", UnknownDeviceError),
        ("FailedOperation", UnknownCodeError),
        ("InternalError.X", FateUnknownError),
    ],
)
@by_both
async def test_refused_write(
    cloud: Cloud, client: TencentIotClient, code: str, kind: type[TencentIotError]
) -> None:
    """What the cloud refuses before it does anything is known as such, and not repeated."""
    cloud.expect(code)
    cloud.emulator.faults.append(Fault(code=code, message="text"))
    with pytest.raises(kind) as raised:
        await write(client)
    assert raised.value.code == code
    assert len(cloud.emulator.journal) == 1


@by_both
async def test_unknown_fate_is_not_repeated(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """A write that may have arrived is not sent again, one that surely has not is."""
    cloud.emulator.faults.append(Fault(drop=True, execute=True))
    with pytest.raises(FateUnknownError):
        await write(client)
    assert len(cloud.emulator.written) == 1
    cloud.expect("RequestLimitExceeded")
    cloud.emulator.faults.append(Fault(code="RequestLimitExceeded", times=2))
    assert await write(client)
    assert len(cloud.emulator.written) == 2
    cloud.emulator.faults.append(Fault(code="RequestLimitExceeded", times=9))
    with pytest.raises(RateLimitError):
        await write(client)
    assert len(cloud.emulator.written) == 2


@pytest.mark.parametrize("waited", [5, 6.5])
async def test_late_write(
    cloud: Cloud, client: TencentIotClient, waited: float
) -> None:
    """A write whose time is over is not sent."""
    with pytest.raises(TooLateError):
        await client.control_device_data(
            *LAMP, {"brightness": 5}, origin="service", waited=waited
        )
    assert cloud.emulator.journal == []


class Gate:
    """Keeps all requests waiting in the cloud until they are let through."""

    def __init__(self, cloud: Cloud) -> None:
        """Let nothing through yet."""
        self.arrived = asyncio.Event()
        self.open = asyncio.Event()
        cloud.emulator.gate = self._wait

    async def _wait(self, entry: JournalEntry) -> None:
        """Keep a request waiting."""
        self.arrived.set()
        await self.open.wait()


async def blink(client: TencentIotClient, call: str) -> None:
    """Let the lamp blink."""
    method = getattr(client, f"call_device_action_{call}")
    await method(*LAMP, "blink", {}, origin="service")


@by_both
async def test_order(cloud: Cloud, client: TencentIotClient) -> None:
    """Actions and writes of one device go one at a time, in order."""
    gate = Gate(cloud)
    calls = [
        asyncio.create_task(call)
        for call in (
            write(client, brightness=1),
            blink(client, "sync"),
            write(client, brightness=2),
            blink(client, "async"),
            write(client, brightness=3),
        )
    ]
    await gate.arrived.wait()
    gate.open.set()
    await asyncio.gather(*calls)
    assert cloud.emulator.most_at_once == 1
    assert [
        item.values["brightness"] if isinstance(item, WrittenData) else item.action_id
        for item in cloud.emulator.reached
    ] == [1, "blink", 2, "blink", 3]


@by_both
async def test_late_turn(
    cloud: Cloud, client: TencentIotClient, time_limits: SimpleNamespace
) -> None:
    """A write that others are before for too long is not sent."""
    gate = Gate(cloud)
    action = asyncio.create_task(blink(client, "sync"))
    await gate.arrived.wait()
    time_limits.turn = 0.01
    with pytest.raises(TooLateError):
        await write(client)
    gate.open.set()
    await action
    assert [type(item) for item in cloud.emulator.reached] == [ExecutedAction]


async def test_log(
    cloud: Cloud, client: TencentIotClient, caplog: pytest.LogCaptureFixture
) -> None:
    """No value stands in the log, be it secret or not."""
    caplog.set_level(logging.DEBUG)
    lamp(cloud).report(brightness=8642)
    assert await write(client, brightness=97)
    await read(client)
    assert "ServiceControlDeviceData" in caplog.text
    assert "8642" not in caplog.text
    assert "brightness" not in caplog.text
