"""What is answered to a sentence is its outcome, and comes not before that."""

import asyncio

import pytest

from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.core import Context, HomeAssistant

from .entities import set_value
from .helpers import ASYNC, Cloud
from .voice import say, set_up_feeders
from custom_components.tencent_iot_explorer.account.request_counts import request_counts
from emulator import Fault
from emulator.journal import JournalEntry

ENGLISH = ("EN", "en", "feeder clean bowl")
SIMPLIFIED = ("HANS", "zh-CN", "喂食器清洗食盆")
HONG_KONG = ("HANT", "zh-HK", "餵食器清洗食盆")
TAIWAN = ("HANT", "zh-TW", "餵食器清洗食盆")


@pytest.mark.parametrize(
    ("said", "unreachable", "unknown"),
    [
        (
            ENGLISH,
            "Clean bowl on Feeder was not executed: the device cannot be reached.",
            "Clean bowl on Feeder may have been executed: no answer came ",
        ),
        (
            SIMPLIFIED,
            "喂食器 的 清洗食盆 未执行：无法连接设备，",
            "喂食器 的 清洗食盆 可能已执行：没有收到腾讯云的应答。",
        ),
        (
            HONG_KONG,
            "餵食器 的 清洗食盆 未執行：無法連線到裝置，",
            "餵食器 的 清洗食盆 可能已執行：沒有收到騰訊雲的回應。",
        ),
        (
            TAIWAN,
            "餵食器 的 清洗食盆 未執行：無法連線到裝置，",
            "餵食器 的 清洗食盆 可能已執行：沒有收到騰訊雲的回應。",
        ),
    ],
)
async def test_failures(
    hass: HomeAssistant,
    cloud: Cloud,
    said: tuple[str, str, str],
    unreachable: str,
    unknown: str,
) -> None:
    """An unreachable device and an unknown result differ, and nothing is repeated."""
    product_id, language, text = said
    await set_up_feeders(hass, cloud, product_id, exposed=["clean"])
    device = cloud.emulator.products[product_id].devices["device-1"]
    device.status = 0
    cloud.expect("FailedOperation.ActionUnreachable")
    cloud.emulator.journal.clear()
    assert (await say(hass, text, language)).startswith(unreachable)
    assert cloud.executed == []
    assert [entry.call for entry in cloud.emulator.journal] == [ASYNC]
    device.status = 1
    cloud.emulator.faults.append(Fault(call=ASYNC, drop=True, execute=True))
    assert (await say(hass, text, language)).startswith(unknown)
    assert cloud.executed == [("device-1", "clean", {})]
    assert [entry.call for entry in cloud.emulator.journal] == [ASYNC] * 2


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (ENGLISH, "Sent: Clean bowl on Feeder."),
        (SIMPLIFIED, "已发送：喂食器 的 清洗食盆。"),
        (TAIWAN, "已傳送：餵食器 的 清洗食盆。"),
    ],
)
async def test_slow_cloud(
    hass: HomeAssistant, cloud: Cloud, said: tuple[str, str, str], answer: str
) -> None:
    """However long the cloud takes, the answer waits for it; Assist itself says "done"."""
    product_id, language, text = said
    await set_up_feeders(hass, cloud, product_id, exposed=["clean"])
    arrived, answers = asyncio.Event(), asyncio.Event()

    async def wait(entry: JournalEntry) -> None:
        """Keep an action waiting."""
        if entry.call == ASYNC:
            arrived.set()
            await answers.wait()

    cloud.emulator.gate = wait
    talk = asyncio.create_task(say(hass, text, language))
    arrival = asyncio.create_task(arrived.wait())
    await asyncio.wait([talk, arrival], return_when=asyncio.FIRST_COMPLETED)
    assert not talk.done()
    answers.set()
    assert await talk == answer
    assert cloud.executed == [("device-1", "clean", {})]


async def test_three_seconds(hass: HomeAssistant, cloud: Cloud) -> None:
    """A cloud that takes three seconds is waited for, and asked once."""
    await set_up_feeders(hass, cloud, "EN", exposed=["clean"])
    cloud.emulator.faults.append(Fault(call=ASYNC, execute=True, delay=3))
    assert await say(hass, "feeder clean bowl") == "Sent: Clean bowl on Feeder."
    assert cloud.executed == [("device-1", "clean", {})]


async def test_who_may(hass: HomeAssistant, cloud: Cloud) -> None:
    """A person who may not control the button hears so, and nothing is sent."""
    await set_up_feeders(hass, cloud, "EN", "HANS", exposed=["clean"])
    await hass.auth.async_create_user("Owner")
    guest = await hass.auth.async_create_user("Guest", group_ids=[GROUP_ID_READ_ONLY])
    context = Context(user_id=guest.id)
    cloud.emulator.journal.clear()
    assert await say(hass, "feeder clean bowl", "en", context) == (
        "Clean bowl on Feeder was not sent: you may not control it."
    )
    assert await say(hass, "喂食器清洗食盆", "zh-CN", context) == (
        "喂食器 的 清洗食盆 未发送：您没有控制它的权限。"
    )
    assert cloud.emulator.journal == []
    await say(hass, "feeder clean bowl", "en", Context(user_id=None))
    assert len(cloud.executed) == 1


async def test_values_that_are_set(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is not said is what the input entities show; what is said goes before it."""
    await set_up_feeders(hass, cloud, "EN")
    await set_value(hass, "number", "EN/device-1/feed/portions", 4)
    await set_value(hass, "number", "EN/device-1/plan/portions", 2)
    assert await say(hass, "press feed on the feeder") == "Sent: Feed on Feeder."
    assert await say(hass, "feed 5 on the feeder") == "Sent: Feed on Feeder."
    assert "needs values for: Size (size)" in await say(hass, "feeder plan meal")
    await set_value(hass, "number", "EN/device-1/plan/size", 1)
    assert await say(hass, "feeder plan meal") == "Sent: Plan meal on Feeder."
    assert cloud.executed == [
        ("device-1", "feed", {"portions": 4}),
        ("device-1", "feed", {"portions": 5}),
        ("device-1", "plan", {"portions": 2, "size": 1}),
    ]


async def test_counted(hass: HomeAssistant, cloud: Cloud) -> None:
    """A request that was said counts as one of the voice."""
    await set_up_feeders(hass, cloud, "EN", exposed=["clean"])
    await say(hass, "feeder clean bowl")
    (today,) = request_counts(hass).of_product("EN").values()
    assert today[f"Service{ASYNC}"] == {"voice": 1}
