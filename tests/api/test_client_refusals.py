"""What the cloud refuses: each refusal with its class, its code and its RequestId."""

from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    InvalidSignatureError,
    NoPermissionError,
    RefusedError,
    TencentIotError,
    TimestampError,
    UnknownActionError,
    UnknownApplicationError,
    UnknownDeviceError,
    UnknownProductError,
)
from emulator import Envelope, Naming
from emulator.faults import Refusal
from emulator.service_api import APP_KEY, APP_SECRET
from tests.helpers import Cloud


@pytest.fixture(params=Envelope)
def envelope(request: pytest.FixtureRequest, cloud: Cloud) -> Envelope:
    """Let the cloud answer in each shape."""
    cloud.emulator.service_api.envelope = request.param
    return cloud.emulator.service_api.envelope


def unlink(cloud: Cloud) -> None:
    """Take the product from the application."""
    cloud.emulator.products["LAMP202611"].linked = False


def unpublish(cloud: Cloud) -> None:
    """Let the product be a draft."""
    cloud.emulator.products["LAMP202611"].dev_status = "dev"


def turn_clock(cloud: Cloud) -> None:
    """Let the cloud's clock be far from this machine's, and not sent with replies."""
    cloud.emulator.clock_offset = 3600
    cloud.emulator.date = ""


def turn_clock_back(cloud: Cloud) -> None:
    """Let the cloud's clock be far behind, and not sent with replies."""
    cloud.emulator.clock_offset = -3600
    cloud.emulator.date = ""


def change_secret(cloud: Cloud) -> None:
    """Let the cloud have another secret."""
    cloud.emulator.service_api.applications[APP_KEY] = "another"


def delete_application(cloud: Cloud) -> None:
    """Let the cloud know no such application."""
    cloud.emulator.service_api.applications = {"another": APP_SECRET}


def delete_product(cloud: Cloud) -> None:
    """Let the cloud know no such product."""
    del cloud.emulator.products["LAMP202611"]


def delete_device(cloud: Cloud) -> None:
    """Let the cloud know no such device."""
    del cloud.emulator.products["LAMP202611"].devices["desk-lamp"]


def delete_action(cloud: Cloud) -> None:
    """Let the product have no actions."""
    template = cloud.emulator.products["LAMP202611"].template
    assert isinstance(template, dict)
    template["actions"] = []


@pytest.mark.usefixtures("envelope")
@pytest.mark.parametrize("call", ["async", "sync"])
@pytest.mark.parametrize("naming", [Naming.DOCUMENTED, Naming.CODES])
@pytest.mark.parametrize(
    ("spoil", "kind", "parameter"),
    [
        pytest.param(
            change_secret, InvalidSignatureError, "Signature", id="wrong-secret"
        ),
        pytest.param(
            delete_application, UnknownApplicationError, "AppKey", id="unknown-app-key"
        ),
        pytest.param(turn_clock, TimestampError, "Timestamp", id="clock-behind"),
        pytest.param(turn_clock_back, TimestampError, "Timestamp", id="clock-ahead"),
    ],
)
async def test_wrong_parameter(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    naming: Naming,
    spoil: Any,
    kind: type[TencentIotError],
    parameter: str,
) -> None:
    """What is wrong with a request as such is understood by both ways to name it."""
    refusal = cloud.expect_wrong(parameter, naming)
    await assert_refused(cloud, client, call, spoil, kind, refusal)


NO_PERMISSION = "UnauthorizedOperation.APPNoPermissionToStudioProduct"


@pytest.mark.usefixtures("envelope")
@pytest.mark.parametrize("call", ["async", "sync"])
@pytest.mark.parametrize(
    ("spoil", "kind", "code", "message"),
    [
        pytest.param(
            unlink, NoPermissionError, NO_PERMISSION, "APP对产品没有权限", id="unlinked"
        ),
        pytest.param(
            unpublish, NoPermissionError, NO_PERMISSION, "APP对产品没有权限", id="draft"
        ),
        pytest.param(
            delete_product,
            UnknownProductError,
            "ResourceNotFound.StudioProductNotExist",
            "产品不存在",
            id="unknown-product",
        ),
        pytest.param(
            delete_device,
            UnknownDeviceError,
            "ResourceNotFound.DeviceNotExist",
            "设备未创建或是已删除",
            id="unknown-device",
        ),
        pytest.param(
            delete_action,
            UnknownActionError,
            "InvalidParameterValue.ActionNilOrNotExist",
            "blink",
            id="unknown-action",
        ),
    ],
)
async def test_refusal(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    spoil: Any,
    kind: type[TencentIotError],
    code: str,
    message: str,
) -> None:
    """A refusal has its class and carries code, text and RequestId; nothing ran."""
    cloud.expect(code)
    await assert_refused(cloud, client, call, spoil, kind, Refusal(code, message))


async def assert_refused(
    cloud: Cloud,
    client: TencentIotClient,
    call: str,
    spoil: Any,
    kind: type[TencentIotError],
    refusal: Refusal,
) -> None:
    """Insist on a refusal after which nothing ran."""
    spoil(cloud)
    with pytest.raises(RefusedError) as raised:
        await getattr(client, f"call_device_action_{call}")(
            "LAMP202611", "desk-lamp", "blink", {}, origin="service"
        )
    (entry,) = cloud.emulator.journal
    assert type(raised.value) is kind
    assert raised.value.code == refusal.code
    assert raised.value.message == refusal.message
    assert raised.value.request_id == entry.parameters["RequestId"]
    assert cloud.executed == []
