"""What a device reported, what it shall set, and which events it had."""

from typing import Any

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.data_template import EventType
from custom_components.tencent_iot_explorer.api.models import Report
from emulator import Fault
from tests.api.interfaces import by_both
from tests.helpers import Cloud

LAMP = ("LAMP202611", "desk-lamp")


def answer(cloud: Cloud, **payload: Any) -> None:
    """Let the cloud answer the next request so."""
    cloud.emulator.faults.append(Fault(payload=payload))


@by_both
async def test_reports(cloud: Cloud, client: TencentIotClient) -> None:
    """What a device reported last is known with the time of the report."""
    answer(cloud, Data='{"switch":{"Value":1,"LastUpdate":1552904784552}}')
    data = await client.describe_device_data(*LAMP, origin="poll")
    assert data.reports == {"switch": Report(value=1, reported_at=1552904784552)}


@by_both
async def test_write(cloud: Cloud, client: TencentIotClient) -> None:
    """A write says whether the device was reached."""
    answer(cloud, Data="", Result='{"Sent":1,"pushResult":0}')
    receipt = await client.control_device_data(*LAMP, {"level": 5}, origin="service")
    assert receipt.is_sent
    answer(cloud, Data="", Result='{"Sent":0,"pushResult":23101}')
    receipt = await client.control_device_data(*LAMP, {"level": 5}, origin="service")
    assert not receipt.is_sent


@by_both
async def test_events(cloud: Cloud, client: TencentIotClient) -> None:
    """Events come in order, whatever order the cloud has them in."""
    answer(
        cloud,
        Total=2,
        Listover=True,
        Context="more",
        EventHistory=[
            {"EventId": "b", "Type": "info", "TimeStamp": "2000", "Data": "{}"},
            {"EventId": "a", "Type": "info", "TimeStamp": 1000, "Data": '{"x":1}'},
        ],
    )
    history = await client.list_event_history(
        *LAMP, EventType.INFO, 1552904784, origin="events"
    )
    assert [event.event_id for event in history.events] == ["a", "b"]
    assert history.events[0].parameters == {"x": 1}
    assert history.read_at > 1_500_000_000_000
