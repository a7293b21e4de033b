"""Lights and covers: several properties that are one thing, written by one request."""

from typing import Any

import pytest

from homeassistant.components.light import ColorMode
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .entities import find
from .helpers import Cloud, with_both_keys
from .property_entities import (
    DEVICE,
    ON_OFF,
    call,
    device,
    report,
    set_up_with,
    shown,
    written,
)
from custom_components.tencent_iot_explorer.api.data_template.numbers import (
    Integer,
    Number,
)
from custom_components.tencent_iot_explorer.reports.brightness import (
    from_brightness,
    to_brightness,
)
from emulator.products import property_


def number(minimum: int, maximum: int, unit: str = "") -> dict[str, Any]:
    """Return the type of a whole number."""
    limits = {"min": str(minimum), "max": str(maximum), "step": "1"}
    return {"type": "int", **limits, "unit": unit}


def colors(*names: str) -> list[dict[str, Any]]:
    """Return the members of a colour."""
    return [{"id": name, "name": name, "dataType": number(0, 255)} for name in names]


POWER = property_("power_switch", "电灯开关", **ON_OFF)
BRIGHTNESS = property_("brightness", "亮度", **number(1, 100, "%"))
KELVIN = property_("kelvin", "色温", **number(2700, 6500, "K"))
MODES = {"type": "enum", "mapping": {"0": "白光", "1": "彩光"}}
MODE = property_("mode", "模式", **MODES)
COLOR = property_("color", "颜色", type="struct", specs=colors("red", "green", "blue"))
LIGHTS = {
    "plain": (POWER, BRIGHTNESS),
    "white": (POWER, BRIGHTNESS, KELVIN),
    "color": (POWER, BRIGHTNESS, MODE, COLOR),
    "all": (POWER, BRIGHTNESS, KELVIN, MODE, COLOR),
}
RED = {"red": 255, "green": 0, "blue": 0}
CONTROL = property_(
    "control",
    "窗帘控制",
    type="enum",
    mapping={"0": "打开", "1": "关闭", "2": "暂停"},
)
POSITION = property_("position", "窗帘打开位置", **number(0, 100, "%"))


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("plain", {}, {"power_switch": 1}),
        ("plain", {"brightness_pct": 100}, {"power_switch": 1, "brightness": 100}),
        ("plain", {"brightness": 1}, {"power_switch": 1, "brightness": 1}),
        ("plain", {"brightness": 128}, {"power_switch": 1, "brightness": 50}),
        ("white", {"color_temp_kelvin": 4000}, {"power_switch": 1, "kelvin": 4000}),
        ("white", {"color_temp_kelvin": 9000}, {"power_switch": 1, "kelvin": 6500}),
        ("white", {"color_temp_kelvin": 1000}, {"power_switch": 1, "kelvin": 2700}),
        (
            "color",
            {"rgb_color": [255, 0, 0], "brightness": 255},
            {"power_switch": 1, "brightness": 100, "color": RED, "mode": 1},
        ),
        (
            "color",
            {"hs_color": [0, 100]},
            {"power_switch": 1, "color": RED, "mode": 1},
        ),
        ("color", {"white": 255}, {"power_switch": 1, "brightness": 100, "mode": 0}),
        (
            "all",
            {"color_temp_kelvin": 3000, "brightness": 255},
            {"power_switch": 1, "brightness": 100, "kelvin": 3000, "mode": 0},
        ),
        (
            "all",
            {"rgb_color": [255, 0, 0]},
            {"power_switch": 1, "color": RED, "mode": 1},
        ),
    ],
)
async def test_turn_on(
    hass: HomeAssistant,
    cloud: Cloud,
    kind: str,
    data: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    """All that one call asks for is in one request, with the mode that it needs."""
    await set_up_with(hass, cloud, *LIGHTS[kind])
    await call(hass, "light.turn_on", "light", **data)
    assert written(cloud) == [expected]
    assert shown(hass, "light", "light").state == "on"
    await call(hass, "light.turn_off", "light")
    assert written(cloud)[1:] == [{"power_switch": 0}]
    assert shown(hass, "light", "light").state == "off"


@pytest.mark.parametrize(
    ("kind", "modes"),
    [
        ("plain", {ColorMode.BRIGHTNESS}),
        ("white", {ColorMode.COLOR_TEMP}),
        ("color", {ColorMode.RGB, ColorMode.WHITE}),
        ("all", {ColorMode.RGB, ColorMode.COLOR_TEMP}),
    ],
)
async def test_what_a_light_shows(
    hass: HomeAssistant, cloud: Cloud, kind: str, modes: set[ColorMode]
) -> None:
    """A light says how it is, whatever part of it was never reported."""
    await set_up_with(hass, cloud, *LIGHTS[kind])
    (white,) = modes - {ColorMode.RGB}
    state = shown(hass, "light", "light")
    assert state.state == "unknown"
    assert set(state.attributes["supported_color_modes"]) == modes
    assert "assumed_state" not in state.attributes
    await report(hass, cloud, power_switch=1)
    state = shown(hass, "light", "light")
    assert (state.state, state.attributes["color_mode"]) == ("on", white)
    assert state.attributes["brightness"] is None
    await report(hass, cloud, brightness=50, kelvin=3000, mode=0, color=RED)
    state = shown(hass, "light", "light")
    assert state.attributes["brightness"] == 128
    assert state.attributes["color_mode"] == white
    if ColorMode.COLOR_TEMP in modes:
        assert state.attributes["color_temp_kelvin"] == 3000
        limits = ("min_color_temp_kelvin", "max_color_temp_kelvin")
        assert [state.attributes[key] for key in limits] == [2700, 6500]
    if ColorMode.RGB in modes:
        await report(hass, cloud, mode=1)
        state = shown(hass, "light", "light")
        assert state.attributes["color_mode"] == ColorMode.RGB
        assert state.attributes["rgb_color"] == (255, 0, 0)
        await report(hass, cloud, color={"red": 1})
        assert shown(hass, "light", "light").attributes["rgb_color"] is None
        await report(hass, cloud, mode=7)
        state = shown(hass, "light", "light")
        assert state.attributes["color_mode"] == white
    await report(hass, cloud, power_switch=3)
    assert shown(hass, "light", "light").state == "unknown"


async def test_mode_with_more_keys(hass: HomeAssistant, cloud: Cloud) -> None:
    """A mode that says more than the light shows keeps a select of its own."""
    more = property_(
        "mode",
        "模式",
        type="enum",
        mapping={"0": "白光", "1": "彩光", "2": "音乐"},
    )
    await set_up_with(hass, cloud, POWER, BRIGHTNESS, more, COLOR)
    assert find(hass, "select", f"{DEVICE}/property:mode")
    await report(hass, cloud, power_switch=1, mode=2)
    state = shown(hass, "light", "light")
    assert state.attributes["color_mode"] == ColorMode.WHITE
    assert shown(hass, "select", "property:mode").state == "音乐"


async def test_parts_have_no_entity(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a light is made of has no other entity."""
    await set_up_with(hass, cloud, *LIGHTS["all"])
    for platform, path in (
        ("switch", "power_switch"),
        ("number", "brightness"),
        ("number", "kelvin"),
        ("select", "mode"),
    ):
        assert find(hass, platform, f"{DEVICE}/property:{path}") is None
    assert shown(hass, "light", "light").name == "device-1 电灯开关"


@pytest.mark.parametrize(
    ("kind", "limits", "values"),
    [
        (Integer, (1, 100, 1), {1: 3, 50: 128, 100: 255}),
        (Integer, (0, 100, 1), {1: 3, 50: 128, 100: 255}),
        (Integer, (0, 255, 1), {1: 1, 128: 128, 255: 255}),
        (Integer, (10, 1000, 10), {10: 1, 1000: 255}),
        (Integer, (0, 65535, 1), {65535: 255, 32768: 128}),
        (Integer, (0, 1, 1), {1: 255}),
        (Number, (0, 1, 0.01), {0.01: 3, 0.5: 128, 1: 255}),
        (Number, (0, 1, None), {0.5: 128, 1: 255}),
        (Number, (0, 100, None), {1: 3, 50: 128, 100: 255}),
    ],
)
def test_brightness(
    kind: type[Number], limits: tuple[float, ...], values: dict[float, int]
) -> None:
    """A brightness has the same place in the limits of any template; none of it is off."""
    minimum, maximum, step = limits
    declared = kind(minimum=minimum, maximum=maximum, step=step)
    for value, brightness in values.items():
        assert abs(to_brightness(declared, value) - brightness) <= 1, value
    sent = [from_brightness(declared, brightness) for brightness in range(1, 256)]
    assert sent == sorted(sent)
    assert sent[-1] == pytest.approx(maximum)
    assert all(max(minimum, 0) <= value <= maximum + 1e-9 for value in sent)
    assert min(sent) > 0
    if step == 0.01:
        assert all(round(value, 2) == pytest.approx(value) for value in sent)
    for brightness, value in zip(range(1, 256), sent, strict=True):
        again = from_brightness(declared, to_brightness(declared, value))
        assert again == pytest.approx(value), brightness


@with_both_keys
@pytest.mark.parametrize("has_position", [True, False])
async def test_cover(hass: HomeAssistant, cloud: Cloud, has_position: bool) -> None:
    """A cover is opened, closed and stopped; whether it is closed its position says."""
    parts = (CONTROL, POSITION) if has_position else (CONTROL,)
    await set_up_with(hass, cloud, *parts)
    state = shown(hass, "cover", "cover")
    assert (state.state, state.attributes["assumed_state"]) == ("unknown", True)
    for service in ("open_cover", "close_cover", "stop_cover"):
        await call(hass, f"cover.{service}", "cover")
    assert written(cloud) == [{"control": 0}, {"control": 1}, {"control": 2}]
    if not has_position:
        state = shown(hass, "cover", "cover")
        assert (state.state, state.attributes["assumed_state"]) == ("unknown", True)
        assert state.attributes["supported_features"] == 11
        return
    assert state.attributes["supported_features"] == 15
    await call(hass, "cover.set_cover_position", "cover", position=30)
    assert written(cloud)[3:] == [{"position": 30}]
    found = []
    for value in (30, 0, 100, 130, -1, "x"):
        await report(hass, cloud, position=value)
        state = shown(hass, "cover", "cover")
        found.append((state.state, state.attributes.get("current_position")))
        assert "assumed_state" not in state.attributes
    assert found == [
        ("open", 30),
        ("closed", 0),
        ("open", 100),
        ("open", 100),
        ("closed", 0),
        ("unknown", None),
    ]


async def test_light_of_a_device_that_is_offline(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A light that is offline can be asked, and says why nothing came of it."""
    await set_up_with(hass, cloud, *LIGHTS["all"], reported={"power_switch": 1})
    assert shown(hass, "light", "light").state == "on"
    device(cloud).status = 0
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "light.turn_on", "light", brightness=255)
    assert raised.value.translation_key == "write_offline"
    assert len(written(cloud)) == 0
