"""One device by Tencent Cloud API 3.0: read by a list, never with its secrets."""

import json
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    UnknownDeviceError,
    UnknownProductError,
)
from custom_components.tencent_iot_explorer.api.models import Device, DeviceStatus
from emulator import EmulatedProduct, Fault
from emulator.cloud_lists import NameFilter
from emulator.products import devices, template
from tests.api.interfaces import by_cloud_api
from tests.helpers import Cloud

pytestmark = by_cloud_api


async def describe(client: TencentIotClient, name: str = "lamp-1") -> Device:
    """Return a device of the product that the tests here have."""
    return await client.describe_device("MANY", name, origin="poll")


@pytest.fixture(autouse=True)
def names(cloud: Cloud) -> list[str]:
    """Give the cloud a product and return the names of its devices."""
    names = ["other", "lamp-1", *(f"lamp-1{number:03}" for number in range(250))]
    cloud.emulator.products["MANY"] = EmulatedProduct(
        product_id="MANY", template=template("MANY"), devices=devices(*names)
    )
    return names


@pytest.mark.parametrize("name_filter", NameFilter)
@pytest.mark.parametrize("name", ["lamp-1", "lamp-1249", "other"])
async def test_device(
    cloud: Cloud, client: TencentIotClient, name_filter: NameFilter, name: str
) -> None:
    """A device is read by one request, and its secrets are not asked for."""
    cloud.emulator.cloud_api.variants.name_filter = name_filter
    device = await describe(client, name)
    assert device.name == name
    assert device.status is DeviceStatus.ONLINE
    (entry,) = cloud.emulator.journal
    assert entry.action == "GetDeviceList"
    assert entry.parameters == {
        "ProductId": "MANY",
        "DeviceName": name,
        "Offset": 0,
        "Limit": 100,
    }


async def test_device_behind_others(cloud: Cloud, client: TencentIotClient) -> None:
    """While a name is missing, page after page is read, and none behind it."""
    product = cloud.emulator.products["MANY"]
    product.devices["lamp-1"] = product.devices.pop("lamp-1")
    product.devices["lamp-1x"] = product.devices.pop("lamp-1000")
    cloud.emulator.cloud_api.variants.name_filter = NameFilter.PREFIX
    assert (await describe(client)).name == "lamp-1"
    offsets = [entry.parameters["Offset"] for entry in cloud.emulator.journal]
    assert offsets == [0, 100, 200]


@pytest.mark.parametrize("absent_is_refused", [False, True])
@pytest.mark.parametrize("name_filter", NameFilter)
async def test_absent(
    cloud: Cloud,
    client: TencentIotClient,
    name_filter: NameFilter,
    absent_is_refused: bool,
) -> None:
    """A list without the device and a refusal both say that there is none."""
    cloud.expect("ResourceNotFound.DeviceNotExist")
    variants = cloud.emulator.cloud_api.variants
    variants.name_filter, variants.absent_is_refused = name_filter, absent_is_refused
    for name in ("lamp", "lamp-1250", "Lamp-1"):
        with pytest.raises(UnknownDeviceError):
            await describe(client, name)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"Devices": [], "Total": 0}, id="none"),
        pytest.param({"Devices": None, "Total": 0}, id="null"),
        pytest.param({"Devices": [], "Total": 252}, id="total-of-all"),
        pytest.param({"Devices": [{"DeviceName": "x"}], "Total": 10**9}, id="endless"),
    ],
)
async def test_list_without_the_device(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """However its Total counts, a list that brings nothing new has an end."""
    cloud.emulator.faults.append(Fault(payload=payload, times=99))
    with pytest.raises(UnknownDeviceError):
        await describe(client)
    assert len(cloud.emulator.journal) <= 2


async def test_total_of_all(cloud: Cloud, client: TencentIotClient) -> None:
    """A device that is found needs no right Total."""
    payload = {"Devices": [{"DeviceName": "lamp-1"}], "Total": 5000}
    cloud.emulator.faults.append(Fault(payload=payload))
    assert (await describe(client)).name == "lamp-1"
    assert len(cloud.emulator.journal) == 1


async def test_broken_list(cloud: Cloud, client: TencentIotClient) -> None:
    """What is no list does not show of any device that it does not exist."""
    cloud.emulator.faults.append(Fault(payload={"Devices": []}))
    with pytest.raises(BrokenReplyError):
        await describe(client)


async def test_unknown_product(cloud: Cloud, client: TencentIotClient) -> None:
    """A product that does not exist is not a device that does not."""
    cloud.expect("ResourceNotFound.StudioProductNotExist")
    with pytest.raises(UnknownProductError):
        await client.describe_device("NONE", "lamp-1", origin="poll")


async def test_impossible_name(cloud: Cloud, client: TencentIotClient) -> None:
    """Nothing is asked for what can be no DeviceName: without one, a list is of all."""
    for name in ("", "a/b", "x" * 49):
        with pytest.raises(UnknownDeviceError):
            await describe(client, name)
    assert cloud.emulator.journal == []


async def test_secrets_are_dropped(cloud: Cloud, client: TencentIotClient) -> None:
    """Whatever keys a list has, they are not kept."""
    cloud.emulator.cloud_api.variants.lists_show_keys = True
    device = await describe(client)
    listed = await client.get_device_list("MANY", origin="poll")
    reply = json.loads(cloud.emulator.journal[0].reply)
    assert reply["Response"]["Devices"][0]["DevicePsk"] == "psk-of-lamp-1"
    assert "psk-of" not in repr((device, listed))
