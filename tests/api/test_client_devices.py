"""Lists of devices over several pages, and replies that hold less than they should."""

import json
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import BrokenReplyError
from custom_components.tencent_iot_explorer.api.models import Device, DeviceStatus
from emulator import EmulatedProduct, Fault
from emulator.products import devices, template
from tests.helpers import Cloud

LIST = "GetDeviceList"


def add_product(cloud: Cloud, count: int) -> list[str]:
    """Give the cloud a product with many devices and return their names."""
    names = [f"device-{number:04}" for number in range(count)]
    cloud.emulator.products["MANY"] = EmulatedProduct(
        product_id="MANY", template=template("MANY"), devices=devices(*names)
    )
    return names


def offsets(cloud: Cloud) -> list[int]:
    """Return the pages that were asked for."""
    return [entry.parameters["Offset"] for entry in cloud.emulator.requests(LIST)]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, [0]),
        (1, [0]),
        (99, [0]),
        (100, [0]),
        (101, [0, 100]),
        (130, [0, 100]),
        (200, [0, 100]),
        (201, [0, 100, 200]),
    ],
)
async def test_pages(
    cloud: Cloud, client: TencentIotClient, count: int, expected: list[int]
) -> None:
    """All pages are read, and no page beyond the last."""
    names = add_product(cloud, count)
    assert list((await client.get_device_list("MANY", origin="poll")).devices) == names
    assert offsets(cloud) == expected


@pytest.mark.parametrize(
    ("most", "found", "expected"),
    [(100, 100, [0]), (200, 200, [0, 100]), (500, 230, [0, 100, 200])],
)
async def test_most(
    cloud: Cloud,
    client: TencentIotClient,
    most: int,
    found: int,
    expected: list[int],
) -> None:
    """No more pages are read than are wanted."""
    names = add_product(cloud, 230)
    assert (
        list((await client.get_device_list("MANY", most, origin="poll")).devices)
        == names[:found]
    )
    assert offsets(cloud) == expected


async def test_page_at_an_offset(cloud: Cloud, client: TencentIotClient) -> None:
    """A page begins where it is asked to; one beyond the end is empty."""
    names = add_product(cloud, 130)
    page = await client.get_device_list_page("MANY", 100, origin="poll")
    assert [device.name for device in page.devices] == names[100:]
    assert page.total == 130
    beyond = await client.get_device_list_page("MANY", 200, origin="poll")
    assert (beyond.devices, beyond.total) == ((), 130)


async def test_list_that_never_ends(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is capped, however long the cloud says that it is."""
    monkeypatch.setattr(
        "custom_components.tencent_iot_explorer.api.lists._MOST_PAGES", 3
    )
    names = add_product(cloud, 1000)
    assert (
        list((await client.get_device_list("MANY", origin="poll")).devices)
        == names[:300]
    )
    assert offsets(cloud) == [0, 100, 200]


async def test_list_that_repeats_itself(cloud: Cloud, client: TencentIotClient) -> None:
    """A page that brings nothing new is the last."""
    payload = {"Devices": [{"DeviceName": "same", "Status": 1}], "Total": 10**9}
    cloud.emulator.faults.append(Fault(payload=payload, times=100))
    assert list(
        (await client.get_device_list("LAMP202611", origin="poll")).devices
    ) == ["same"]
    assert offsets(cloud) == [0, 100]


async def test_list_that_shrinks(cloud: Cloud, client: TencentIotClient) -> None:
    """An empty page ends a list whose total says otherwise."""
    payload: dict[str, Any] = {"Devices": [], "Total": 130}
    cloud.emulator.faults.append(Fault(payload=payload, times=100))
    assert (await client.get_device_list("LAMP202611", origin="poll")).devices == {}
    assert offsets(cloud) == [0]


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"Devices": [], "Total": 0}, id="empty"),
        pytest.param({"Devices": None, "Total": 0}, id="null"),
        pytest.param({"Total": 0}, id="missing"),
    ],
)
async def test_no_devices(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """A product without devices has an empty list, however that is written."""
    cloud.emulator.faults.append(Fault(payload=payload))
    page = await client.get_device_list_page("LAMP202611", origin="poll")
    assert (page.devices, page.total) == ((), 0)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        pytest.param({"DeviceName": "a", "Status": 1}, ["a"], id="one-object"),
        pytest.param([{"DeviceName": "a"}, {"DeviceName": "b"}], ["a", "b"], id="list"),
        pytest.param(
            [None, 5, "a", [], {}, {"DeviceName": ""}, {"DeviceName": 5}],
            [],
            id="nothing-usable",
        ),
        pytest.param([{"Status": 1}, {"DeviceName": "b"}], ["b"], id="nameless"),
        pytest.param({}, [], id="empty-object"),
    ],
)
async def test_devices(
    cloud: Cloud, client: TencentIotClient, raw: object, found: list[str]
) -> None:
    """Devices that have a name are found, in an array or alone."""
    cloud.emulator.faults.append(Fault(payload={"Devices": raw, "Total": 2}))
    page = await client.get_device_list_page("LAMP202611", origin="poll")
    assert [device.name for device in page.devices] == found
    assert page.total == 2


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"Devices": []}, id="no-total"),
        pytest.param({"Devices": [], "Total": "2"}, id="total-is-a-text"),
        pytest.param({"Devices": [], "Total": None}, id="total-is-null"),
        pytest.param({"Total": 2}, id="no-devices"),
        pytest.param({"Devices": None, "Total": 2}, id="devices-are-null"),
        pytest.param({"Devices": "none", "Total": 2}, id="devices-are-a-text"),
        pytest.param({"Devices": 2, "Total": 2}, id="devices-are-a-number"),
    ],
)
async def test_no_device_list(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """What is no list of devices is never taken for an empty one."""
    cloud.emulator.faults.append(Fault(payload=payload))
    with pytest.raises(BrokenReplyError):
        await client.get_device_list("LAMP202611", origin="poll")


@pytest.mark.parametrize(
    ("raw", "status", "firmware"),
    [
        ({"Status": 0, "Version": "1.2"}, DeviceStatus.OFFLINE, "1.2"),
        ({"Status": 1, "Version": ""}, DeviceStatus.ONLINE, None),
        ({"Status": 2, "Version": None}, DeviceStatus.FETCH_FAILED, None),
        ({"Status": 3, "Version": 7}, DeviceStatus.NOT_ACTIVATED, None),
        ({"Status": 4}, None, None),
        ({"Status": -1}, None, None),
        ({"Status": "online"}, None, None),
        ({"Status": None}, None, None),
        ({"Status": [1]}, None, None),
        ({"Version": "\ud800"}, None, "?"),
        ({}, None, None),
    ],
    ids=repr,
)
async def test_device(
    cloud: Cloud,
    client: TencentIotClient,
    raw: dict[str, Any],
    status: DeviceStatus | None,
    firmware: str | None,
) -> None:
    """A device whose state cannot be read is a device of unknown state."""
    body = json.dumps({"Device": {"DeviceName": "a"} | raw})
    cloud.emulator.faults.append(Fault(body=body))
    device = await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    assert device == Device(name="a", status=status, firmware=firmware)


@pytest.mark.parametrize(
    "payload",
    [{}, {"Device": None}, {"Device": []}, {"Device": {}}, {"DeviceName": "a"}],
    ids=repr,
)
async def test_no_device(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """What is no device is a broken reply."""
    cloud.emulator.faults.append(Fault(payload=payload))
    with pytest.raises(BrokenReplyError):
        await client.describe_device("LAMP202611", "desk-lamp", origin="poll")


@pytest.mark.parametrize(
    "update_time", [None, "1599468019", 1599468019.5, []], ids=repr
)
async def test_update_time(
    cloud: Cloud, client: TencentIotClient, update_time: object
) -> None:
    """A data template is usable without the time of its last change."""
    model = {"ModelDefine": "{}", "UpdateTime": update_time}
    cloud.emulator.faults.append(Fault(payload={"Model": model}))
    definition = await client.describe_model_definition("LAMP202611", origin="poll")
    assert (definition.model_define, definition.update_time) == ("{}", 0)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Model": None},
        {"Model": "{}"},
        {"Model": {}},
        {"Model": {"ModelDefine": ""}},
        {"Model": {"ModelDefine": {"actions": []}}},
        {"ModelDefine": "{}"},
    ],
    ids=repr,
)
async def test_no_model_definition(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """What is no data template is a broken reply."""
    cloud.emulator.faults.append(Fault(payload=payload))
    with pytest.raises(BrokenReplyError):
        await client.describe_model_definition("LAMP202611", origin="poll")


@pytest.mark.parametrize(
    "call", ["describe_model_definition", "get_device_list_page", "describe_device"]
)
async def test_broken_payload_can_be_looked_up(
    cloud: Cloud, client: TencentIotClient, call: str
) -> None:
    """A payload without what was asked for is reported with its RequestId."""
    cloud.emulator.faults.append(Fault(payload={}))
    names = ["desk-lamp"] if call == "describe_device" else []
    with pytest.raises(BrokenReplyError) as raised:
        await getattr(client, call)("LAMP202611", *names, origin="poll")
    request = cloud.emulator.journal[-1].parameters["RequestId"]
    assert raised.value.request_id == request
