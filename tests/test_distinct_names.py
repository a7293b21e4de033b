"""What has one name is distinguished where a person or a model must choose."""

from hypothesis import given, strategies as st
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers.service import async_get_all_descriptions

from .entities import add_product, change_template
from .helpers import FIXED_SERVICES, Cloud, product, refresh, set_up
from .voice import (
    ON,
    add_aliases,
    expose,
    name_device,
    ran,
    set_up_assist,
    set_up_lamps,
    set_up_speaker,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.presentation.distinct_names import (
    distinct_names,
)
from emulator.products import action

NOT_CLEAR = "未发送，因为有几个都符合：{}。请说得更具体一些。"


async def service_names(hass: HomeAssistant) -> set[str]:
    """Return what the services made from data templates are called."""
    services = (await async_get_all_descriptions(hass))[DOMAIN]
    return {
        description["name"]
        for name, description in services.items()
        if name not in FIXED_SERVICES
    }


async def test_two_actions(hass: HomeAssistant, cloud: Cloud) -> None:
    """Two actions of one name on one device are distinguished by their ActionId."""
    await set_up_speaker(hass, cloud, action("a1", "播放"), action("a2", "播放"), ON)
    assert await ran(hass, cloud, "让音箱播放") == NOT_CLEAR.format(
        "音箱 播放 (a1), 音箱 播放 (a2)"
    )
    assert await ran(hass, cloud, "让音箱打开") == ("on", {})
    assert await service_names(hass) == {
        "SPEAKER: 播放 (a1)",
        "SPEAKER: 播放 (a2)",
        "SPEAKER: 打开",
    }
    await add_aliases(hass, "SPEAKER/device-1/a1", "打开")
    assert await ran(hass, cloud, "让音箱打开") == NOT_CLEAR.format(
        "音箱 打开, 音箱 播放"
    )
    change_template(cloud, "SPEAKER", action("a1", "播放"), action("a2", "停止"), ON)
    await refresh(hass)
    assert await service_names(hass) == {
        "SPEAKER: 播放",
        "SPEAKER: 停止",
        "SPEAKER: 打开",
    }


@pytest.mark.parametrize(
    ("titles", "entries", "listed", "services"),
    [
        (
            ("书房灯", "卧室灯"),
            ("Home",),
            "台灯 打开 (书房灯), 台灯 打开 (卧室灯)",
            {"书房灯: 打开", "书房灯: 关闭", "卧室灯: 打开", "卧室灯: 关闭"},
        ),
        (
            ("灯", "灯"),
            ("Home",),
            "台灯 打开 (P1), 台灯 打开 (P2)",
            {"灯: 打开 (P1)", "灯: 关闭 (P1)", "灯: 打开 (P2)", "灯: 关闭 (P2)"},
        ),
        (
            ("灯", "灯"),
            ("家", "办公室"),
            "台灯 打开 (家), 台灯 打开 (办公室)",
            {
                "灯: 打开 (家)",
                "灯: 关闭 (家)",
                "灯: 打开 (办公室)",
                "灯: 关闭 (办公室)",
            },
        ),
        (
            ("灯", "灯"),
            ("家", "家"),
            "台灯 打开 (P1), 台灯 打开 (P2)",
            {"灯: 打开 (P1)", "灯: 关闭 (P1)", "灯: 打开 (P2)", "灯: 关闭 (P2)"},
        ),
    ],
)
async def test_set_up_lamps(
    hass: HomeAssistant,
    cloud: Cloud,
    titles: tuple[str, str],
    entries: tuple[str, ...],
    listed: str,
    services: set[str],
) -> None:
    """Two devices of one name are distinguished by what is different about them."""
    await set_up_lamps(hass, cloud, titles=titles, entries=entries)
    assert await ran(hass, cloud, "让台灯打开") == NOT_CLEAR.format(listed)
    assert await service_names(hass) == services
    expose(hass, "P2/device-1/on", shown=False)
    await hass.async_block_till_done()
    assert await ran(hass, cloud, "让台灯打开") == ("on", {})


async def test_two_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """Two devices of one product are distinguished by their DeviceName."""
    await set_up_assist(hass)
    add_product(cloud, "P1", ON, devices=2)
    await set_up(hass, cloud, product("P1", ["device-1", "device-2"]))
    for number in (1, 2):
        await name_device(hass, f"P1/device-{number}/on", name_by_user="台灯")
        expose(hass, f"P1/device-{number}/on")
    await hass.async_block_till_done()
    assert await ran(hass, cloud, "让台灯打开") == NOT_CLEAR.format(
        "台灯 打开 (device-1), 台灯 打开 (device-2)"
    )


async def test_name_with_an_id(hass: HomeAssistant, cloud: Cloud) -> None:
    """A name that equals another one with its details is distinguished from it, too."""
    await set_up_speaker(
        hass,
        cloud,
        action("a1", "播放"),
        action("a2", "播放"),
        action("a3", "播放 (a1)"),
    )
    assert await service_names(hass) == {
        "SPEAKER: 播放 (a1, a1)",
        "SPEAKER: 播放 (a2)",
        "SPEAKER: 播放 (a1) (a3)",
    }


@given(st.lists(st.tuples(*[st.sampled_from("ab")] * 4), unique=True, max_size=9))
def test_any_names(items: list[tuple[str, ...]]) -> None:
    """Whatever is different, equal names end up different, others as they were."""
    names = distinct_names(
        items, lambda item: item[0], *(lambda item, i=i: item[i] for i in (1, 2, 3))
    )
    assert len(set(names)) == len(items)
    for item, name in zip(items, names, strict=True):
        if [other[0] for other in items].count(item[0]) == 1:
            assert name == item[0]
