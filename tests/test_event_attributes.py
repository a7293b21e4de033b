"""What the entity of an event shows of the parameters that come along."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant

from .entities import state_of
from .events import START, add_doors, pass_seconds
from .helpers import Cloud, product, set_up
from emulator.products import event, parameter

OF_ALL = {
    "device_class",
    "event_type",
    "event_types",
    "friendly_name",
    "occurred_at",
}


async def attributes(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    declared: list[dict[str, Any]],
    sent: dict[str, Any],
) -> dict[str, Any]:
    """Return what is shown of parameters that a device sends, beside what all have."""
    freezer.move_to(START)
    (door,) = add_doors(cloud, event("opened", "Opened", "info", declared))
    await set_up(hass, cloud, product("DOOR", ["device-1"], use_properties=True))
    door.raise_event("opened", "info", sent)
    await pass_seconds(hass, freezer)
    state = state_of(hass, "event", "DOOR/device-1/event:opened")
    assert state.attributes["event_type"] == "info"
    assert state.attributes["event_types"] == ["info"]
    assert state.attributes["friendly_name"] == "device-1 Opened"
    assert state.attributes["occurred_at"] == "2026-11-25T20:00:00.000+00:00"
    return {key: value for key, value in state.attributes.items() if key not in OF_ALL}


ENUM = {"type": "enum", "mapping": {"0": "Fire", "2": "Gas"}}
STRUCT = {
    "type": "struct",
    "specs": [
        {"id": "x", "name": "X", "dataType": {"type": "int"}},
        {"id": "y", "name": "Y", "dataType": {"type": "string", "max": "9"}},
    ],
}


@pytest.mark.parametrize(
    ("define", "sent", "shown"),
    [
        (ENUM, 2, {"p": 2, "p_label": "Gas"}),
        (ENUM, "0", {"p": 0, "p_label": "Fire"}),
        (ENUM, 7, {"p": 7}),
        (
            {"type": "stringenum", "mapping": {"a": "Low", "b": "b"}},
            "a",
            {"p": "a", "p_label": "Low"},
        ),
        ({"type": "stringenum", "mapping": {"a": "Low", "b": "b"}}, "b", {"p": "b"}),
        (
            {"type": "bool", "mapping": {"0": "关", "1": "开"}},
            1,
            {"p": True, "p_label": "开"},
        ),
        ({"type": "bool"}, "0", {"p": False}),
        ({"type": "int"}, "12", {"p": 12}),
        ({"type": "int"}, None, {"p": None}),
        ({"type": "float"}, 3.487172, {"p": 3.487172}),
        ({"type": "timestamp"}, 1795636800, {"p": 1795636800}),
        ({"type": "string"}, "门", {"p": "门"}),
        ({"type": "string"}, "x" * 300, {"p": "x" * 254 + "…"}),
        ({"type": "string"}, 5, {"p": 5}),
        (STRUCT, {"x": 1, "y": "a", "z": 2}, {"p": {"x": 1, "y": "a"}}),
        ({"type": "array", "arrayInfo": {"type": "int"}}, [1, 2], {"p": [1, 2]}),
        (
            {"type": "array", "arrayInfo": STRUCT},
            [{"x": 1, "z": 2}],
            {"p": [{"x": 1}]},
        ),
        ({"type": "array"}, [0] * 2000, {"p": "[" + "0," * 126 + "0…"}),
        ({"type": "strange"}, {"a": {"password": "x", "b": 1}}, {"p": {"a": {"b": 1}}}),
    ],
)
async def test_types(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    define: dict[str, Any],
    sent: object,
    shown: dict[str, Any],
) -> None:
    """A value is of its type, and a choice shows its label as well."""
    declared = [parameter("p", "P", **define)]
    assert await attributes(hass, cloud, freezer, declared, {"p": sent}) == shown


@pytest.mark.parametrize(
    "identifier",
    [
        "event_type",
        "event_types",
        "device_class",
        "friendly_name",
        "icon",
        "entity_picture",
        "entity_id",
        "unit_of_measurement",
        "occurred_at",
    ],
)
async def test_names_with_another_meaning(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory, identifier: str
) -> None:
    """What means something to Home Assistant is called otherwise, whatever else is."""
    declared = [
        parameter(identifier, "P", **ENUM),
        parameter(f"param_{identifier}", "Q", type="int"),
    ]
    sent = {identifier: 2, f"param_{identifier}": 3}
    assert await attributes(hass, cloud, freezer, declared, sent) == {
        f"param_param_{identifier}": 2,
        f"param_param_{identifier}_label": "Gas",
        f"param_{identifier}": 3,
    }


async def test_label_that_is_declared(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A parameter keeps its name, whatever else might be called so."""
    declared = [
        parameter("kind", "P", **ENUM),
        parameter("kind_label", "Q", type="string"),
    ]
    for sent in ({"kind": 2, "kind_label": "mine"}, {"kind": 2}):
        cloud.emulator.products.pop("DOOR", None)
        shown = await attributes(hass, cloud, freezer, declared, sent)
        assert shown == sent
        for entry in hass.config_entries.async_entries():
            await hass.config_entries.async_remove(entry.entry_id)


@pytest.mark.parametrize(
    ("identifier", "name", "define"),
    [
        ("password", "Password", {"type": "string"}),
        ("p1", "临时密码", {"type": "string"}),
        ("wifi_token", "Token", {"type": "string"}),
        (
            "user",
            "User",
            {
                "type": "struct",
                "specs": [{"id": "pin", "name": "PIN", "dataType": {"type": "string"}}],
            },
        ),
        (
            "users",
            "Users",
            {
                "type": "array",
                "arrayInfo": {
                    "type": "struct",
                    "specs": [
                        {"id": "pin", "name": "PIN", "dataType": {"type": "string"}}
                    ],
                },
            },
        ),
    ],
)
async def test_secrets(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    identifier: str,
    name: str,
    define: dict[str, Any],
) -> None:
    """What is secret by its words is not shown."""
    declared = [
        parameter(identifier, name, **define),
        parameter("id", "密码id", type="string"),
    ]
    values = {"string": "s", "struct": {"pin": "s"}, "array": [{"pin": "s"}]}
    sent = {identifier: values[define["type"]], "id": "7", "undeclared": "s"}
    assert await attributes(hass, cloud, freezer, declared, sent) == {"id": "7"}


async def test_room(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No more is shown than can be recorded."""
    declared = [parameter(f"p{number}", "P", type="string") for number in range(90)]
    sent = {f"p{number}": "门" * 300 for number in range(90)}
    shown = await attributes(hass, cloud, freezer, declared, sent)
    assert list(shown) == [f"p{number}" for number in range(15)]


async def test_nothing_comes_along(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """An event may have no parameters, or not send them."""
    declared = [parameter("p", "P", type="int")]
    assert await attributes(hass, cloud, freezer, declared, {}) == {}
