"""The calls of the client as they go over the wire, in every shape of reply."""

from dataclasses import replace
import json
import logging
import time
from typing import Any
import uuid

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.data_template import parse_data_template
from custom_components.tencent_iot_explorer.api.errors import UnknownDeviceError
from custom_components.tencent_iot_explorer.api.models import Device, DeviceStatus
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from emulator import Envelope, Fault
from emulator.service_api import APP_KEY, APP_SECRET
from tests.helpers import Cloud

INPUTS = {
    "power": 1,
    "brightness": 50,
    "warmth": 0.5,
    "text": '开 "é" \\ & = _ \n',
    "colour": 2,
    "effect": "fire",
    "moment": 1546315200000,
}

HALL_LAMP = Device(
    name="hall-lamp",
    status=DeviceStatus.OFFLINE,
    firmware="1.0.3",
    login_time=1546315200,
)
COMMON = {"Action", "AppKey", "Nonce", "RequestId", "Signature", "Timestamp"}


@pytest.fixture(params=Envelope)
def envelope(request: pytest.FixtureRequest, cloud: Cloud) -> Envelope:
    """Let the cloud answer in each shape."""
    cloud.emulator.service_api.envelope = request.param
    return cloud.emulator.service_api.envelope


def own_parameters(cloud: Cloud) -> dict[str, Any]:
    """Return what the only request sent beside the parameters of all requests."""
    (entry,) = cloud.emulator.journal
    assert entry.parameters.keys() >= COMMON
    assert entry.parameters["Action"] == entry.action
    assert entry.parameters["AppKey"] == APP_KEY
    return {
        name: value for name, value in entry.parameters.items() if name not in COMMON
    }


@pytest.mark.usefixtures("envelope")
async def test_describe_model_definition(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """A data template comes as it is stored."""
    definition = await client.describe_model_definition("FEEDER2026", origin="poll")
    product = cloud.emulator.products["FEEDER2026"]
    assert definition.model_define == product.model_define
    assert definition.update_time == 1599468019
    assert list(parse_data_template(definition.model_define).actions) == [
        "feed",
        "cleanBowl",
        "setMeal",
    ]
    assert own_parameters(cloud) == {"ProductId": "FEEDER2026"}


@pytest.mark.usefixtures("envelope")
async def test_get_device_list_page(cloud: Cloud, client: TencentIotClient) -> None:
    """A page holds devices and the number of all."""
    page = await client.get_device_list_page("LAMP202611", origin="poll")
    assert page.total == 2
    assert page.devices == (
        replace(HALL_LAMP, name="desk-lamp", status=DeviceStatus.ONLINE),
        HALL_LAMP,
    )
    assert own_parameters(cloud) == {
        "ProductId": "LAMP202611",
        "Offset": 0,
        "Limit": 100,
    }


@pytest.mark.usefixtures("envelope")
async def test_get_device_list(client: TencentIotClient) -> None:
    """All devices come by their name."""
    devices = (await client.get_device_list("LAMP202611", origin="poll")).devices
    assert list(devices) == ["desk-lamp", "hall-lamp"]
    assert devices["hall-lamp"].status is DeviceStatus.OFFLINE


@pytest.mark.usefixtures("envelope")
async def test_describe_device(cloud: Cloud, client: TencentIotClient) -> None:
    """A device comes with its state."""
    device = await client.describe_device("LAMP202611", "hall-lamp", origin="poll")
    assert device == HALL_LAMP
    assert own_parameters(cloud) == {
        "ProductId": "LAMP202611",
        "DeviceName": "hall-lamp",
    }


@pytest.mark.usefixtures("envelope")
async def test_call_device_action_async(cloud: Cloud, client: TencentIotClient) -> None:
    """An action is handed over, and the receipt says under which names."""
    receipt = await client.call_device_action_async(
        "FEEDER2026", "kitchen-feeder", "feed", {"portions": 3}, origin="service"
    )
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 3})]
    assert receipt.status == "succ"
    assert receipt.client_token.startswith("FEEDER2026::")
    assert receipt.request_id == cloud.emulator.executed[0].request_id
    assert own_parameters(cloud) == {
        "ProductId": "FEEDER2026",
        "DeviceName": "kitchen-feeder",
        "ActionId": "feed",
        "InputParams": '{"portions":3}',
    }
    assert cloud.emulator.journal[0].action == "ServiceCallDeviceActionAsync"


@pytest.mark.usefixtures("envelope")
async def test_call_device_action_sync(cloud: Cloud, client: TencentIotClient) -> None:
    """An action runs, and the reply brings what the device answered."""
    reply = await client.call_device_action_sync(
        "LAMP202611", "desk-lamp", "echo", INPUTS, origin="service"
    )
    assert cloud.executed == [("desk-lamp", "echo", INPUTS)]
    assert reply.status == "action execute success!"
    assert reply.client_token.startswith("LAMP202611::")
    assert reply.request_id == cloud.emulator.executed[0].request_id
    assert reply.outputs == INPUTS
    assert cloud.emulator.journal[0].action == "ServiceCallDeviceActionSync"


async def test_input_params(cloud: Cloud, client: TencentIotClient) -> None:
    """Inputs are sent as compact JSON in ASCII, in their order."""
    await client.call_device_action_async(
        "LAMP202611", "desk-lamp", "echo", INPUTS, origin="service"
    )
    assert own_parameters(cloud)["InputParams"] == (
        '{"power":1,"brightness":50,"warmth":0.5,'
        r'"text":"\u5f00 \"\u00e9\" \\ & = _ \n",'
        '"colour":2,"effect":"fire","moment":1546315200000}'
    )


@pytest.mark.parametrize("call", ["async", "sync"])
async def test_no_input_params(
    cloud: Cloud, client: TencentIotClient, call: str
) -> None:
    """An action without inputs is sent an empty object, never an empty text."""
    await getattr(client, f"call_device_action_{call}")(
        "LAMP202611", "desk-lamp", "blink", {}, origin="service"
    )
    assert own_parameters(cloud)["InputParams"] == "{}"
    assert cloud.executed == [("desk-lamp", "blink", {})]


async def test_nonce_request_id_and_timestamp(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """Each request has a new Nonce and RequestId, and the time of its sending."""
    earliest = int(time.time())
    for _ in range(30):
        await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    latest = int(time.time())
    sent = [entry.parameters for entry in cloud.emulator.journal]
    assert len(sent) == 30
    nonces = [parameters["Nonce"] for parameters in sent]
    assert all(type(nonce) is int and 1 <= nonce < 2**31 for nonce in nonces)
    assert len(set(nonces)) == 30
    request_ids = {parameters["RequestId"] for parameters in sent}
    assert len(request_ids) == 30
    assert {str(uuid.UUID(request_id)) for request_id in request_ids} == request_ids
    assert all(earliest <= item["Timestamp"] <= latest for item in sent)


@pytest.mark.parametrize(
    ("number", "nonce"),
    [(0, 1), (1, 1), (2**31 - 1, 2**31 - 1), (2**31, 1), (2**128 - 1, 2**31 - 1)],
)
async def test_range_of_nonce(
    cloud: Cloud,
    client: TencentIotClient,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    nonce: int,
) -> None:
    """The ends of the range of random numbers are accepted as well."""
    monkeypatch.setattr("uuid.uuid4", lambda: uuid.UUID(int=number))
    await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    assert cloud.emulator.journal[0].parameters["Nonce"] == nonce


async def test_request_id_of_the_reply(client: TencentIotClient, cloud: Cloud) -> None:
    """The RequestId is the one of the reply, or the sent one where it has none."""
    for body in (
        {"ClientToken": "token", "Status": "succ"},
        {"ClientToken": "token", "Status": "succ", "RequestId": "of-the-reply"},
    ):
        cloud.emulator.faults.append(Fault(body=json.dumps(body)))
    inputs = ("LAMP202611", "desk-lamp", "blink", {})
    first = await client.call_device_action_async(*inputs, origin="service")
    second = await client.call_device_action_async(*inputs, origin="service")
    assert first.request_id == cloud.emulator.journal[0].parameters["RequestId"]
    assert second.request_id == "of-the-reply"


async def test_nothing_leaks(
    cloud: Cloud, client: TencentIotClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Secrets stand neither in what a call returns nor in the log."""
    caplog.set_level(logging.DEBUG, "custom_components.tencent_iot_explorer")
    cloud.expect("ResourceNotFound.DeviceNotExist")
    results: list[object] = [
        await client.get_device_list_page("DOORLOCK01", origin="poll"),
        await client.get_device_list("DOORLOCK01", origin="poll"),
        await client.describe_device("DOORLOCK01", "front-door", origin="poll"),
        await client.call_device_action_sync(
            "DOORLOCK01",
            "front-door",
            "openDoor",
            {"mode": 0, "userid": "pin-314159"},
            origin="service",
        ),
    ]
    with pytest.raises(UnknownDeviceError) as raised:
        await client.describe_device("DOORLOCK01", "back-door", origin="poll")
    results += [raised.value, vars(raised.value)]
    sent = [entry.parameters for entry in cloud.emulator.journal]
    text = f"{results!r} {caplog.text}"
    assert "front-door" in text
    assert all(entry["RequestId"] in caplog.text for entry in sent)
    secrets = [APP_KEY, APP_SECRET, "pin-314159", "psk-of", "cert-of", "key-of"]
    secrets += [entry["Signature"] for entry in sent]
    assert [secret for secret in secrets if secret in text] == []


async def test_another_application(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    """The key pair is the client's own."""
    cloud.emulator.service_api.applications["another"] = "secret"
    client = TencentIotClient(
        session, ServiceApi("another", "secret", cloud.emulator.endpoint)
    )
    assert await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    assert cloud.emulator.journal[0].parameters["AppKey"] == "another"
