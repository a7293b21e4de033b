"""Properties where Home Assistant cannot hold all entities: which come first, what is said."""

import pytest

from homeassistant.core import HomeAssistant

from .entities import registered
from .helpers import Cloud, refresh
from .property_entities import ON_OFF, declare, set_up_with
from .test_entity_budget import issue, limit, words
from .test_gone_actions import answer, fix
from .test_property_lights import BRIGHTNESS, POWER
from emulator.products import action, parameter, property_

NUMBER = {"type": "int", "min": "0", "max": "100", "step": "1"}
METER = property_("meter", "功率", "r", **NUMBER | {"unit": "W"})
LEVEL = property_("level", "水质", "r", **NUMBER)
STATE = property_(
    "state", "状态", "r", type="enum", mapping={"0": "a", "1": "b", "2": "c"}
)
SWITCH = property_("plug", "插座", **ON_OFF)
PARTS = (LEVEL, STATE, METER, SWITCH, POWER, BRIGHTNESS)
# An action whose id is what ends the unique id of the light.
LIGHT_UP = action("light", "Light up", [parameter("much", "Much", **NUMBER)])
ORDER = [
    ("binary_sensor", ""),
    ("button", "/light"),
    ("number", "/light/much"),
    ("event", ""),
    ("light", "/light"),
    ("switch", "/property:plug"),
    ("sensor", "/property:meter"),
    ("sensor", "/last_action"),
    ("sensor", "/property:level"),
    ("sensor", "/property:state"),
]
NAMES = ("device-1", "device-2")


def enabled(hass: HomeAssistant, name: str) -> list[tuple[str, str]]:
    """Return what is enabled of a device, all of which is registered."""
    return [
        (platform, path)
        for platform, path in ORDER
        if not registered(hass, platform, f"ODD/{name}{path}").disabled
    ]


@pytest.mark.parametrize("most", [20, 16, 14, 12, 10, 8, 6, 2])
async def test_what_comes_first(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Each device has what matters most before any has more; all is enabled later."""
    limit(monkeypatch, most)
    entry = await set_up_with(
        hass, cloud, *PARTS, actions=[LIGHT_UP], names=NAMES, reported={"meter": 1}
    )
    expected = ORDER[: most // 2]
    assert [enabled(hass, name) for name in NAMES] == [expected, expected]
    if most == 20:
        return
    assert words(hass, entry)["count"] == str(20 - most)
    limit(monkeypatch, 20)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    flow = await fix(hass, f"entities_left_out_{entry.entry_id}")
    assert (await answer(hass, flow, {}))["type"] == "create_entry"
    assert [enabled(hass, name) for name in NAMES] == [ORDER, ORDER]


async def test_new_light_beside_a_button_of_its_id(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A light is no input of the button whose id ends its unique id."""
    limit(monkeypatch, 4)
    up = action("light", "Light up")
    entry = await set_up_with(hass, cloud, actions=[up])
    declare(cloud, POWER, BRIGHTNESS, actions=[up])
    await refresh(hass)
    assert registered(hass, "light", "ODD/device-1/light").disabled
    assert words(hass, entry)["count"] == "1"


async def test_left_out_of_what_is_gone(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was left out of a property that is gone nobody can enable, so nobody misses it."""
    limit(monkeypatch, 6)
    entry = await set_up_with(hass, cloud, METER, LEVEL, names=NAMES)
    assert words(hass, entry)["count"] == "2"
    declare(cloud, METER)
    await refresh(hass)
    assert issue(hass, entry) is None
    declare(cloud, METER, LEVEL)
    await refresh(hass)
    assert words(hass, entry)["count"] == "2"
    declare(cloud, METER, property_("level", "水质", **NUMBER))
    await refresh(hass)
    assert registered(hass, "number", "ODD/device-1/property:level").disabled
    assert words(hass, entry)["count"] == "2"
