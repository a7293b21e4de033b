"""Right replies in odd forms, each of which is a receipt."""

import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from emulator import Fault
from tests.helpers import Cloud
from tests.storm_faults import RIGHT


@pytest.mark.parametrize("fault", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("call", ["async", "sync"])
async def test_receipt(
    cloud: Cloud, client: TencentIotClient, call: str, fault: Fault
) -> None:
    """However it is written, a reply that confirms the action is believed."""
    cloud.emulator.choose_fault = lambda _: fault
    method = getattr(client, f"call_device_action_{call}")
    for _ in range(2):
        receipt = await method("LAMP202611", "desk-lamp", "blink", {}, origin="service")
        request_id = cloud.emulator.journal[-1].parameters["RequestId"]
        assert receipt.request_id == request_id
        assert receipt.client_token
    assert len(cloud.executed) == len(cloud.emulator.journal) == 2
