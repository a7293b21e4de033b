"""The products that measurements are made with."""

from collections.abc import Iterable
from typing import Any

from emulator.devices import EmulatedDevice
from emulator.products import (
    EmulatedProduct,
    action,
    event,
    parameter,
    property_,
    template,
)

LARGE = "FLEET2026"
# Of both kinds: each device has as many actions as a large one, and ten properties, of which
# two or all are enabled as far as there is room for them.
FEW_ENABLED = "FEW2026"
ALL_ENABLED = "ALL2026"
LARGE_DEVICES = 1000
SMALL = tuple(f"SMALL{number:02}" for number in range(20))
SMALL_DEVICES = 5
ADDED = "ADDED2026"
METERS = "METER2026"
DOORS = "DOOR2026"
DOOR_DEVICES = 100
# For what a day costs: so many devices, polled or pushed, with each kind of key.
COSTS = tuple(
    (f"{key.upper()[:3]}-{way.upper()}-{count}", key, way, count)
    for key in ("application", "account")
    for way in ("polled", "pushed")
    for count in (1, 10, 100)
)
SPOKEN = {"English": "SPOKEN-EN", "Chinese": "SPOKEN-ZH"}
SPOKEN_DEVICES = 200
SPOKEN_ACTIONS = {
    "English": ("Feed", "Water", "Clean bowl", "Locate", "Calibrate"),
    "Chinese": ("喂食", "加水", "清洗食盆", "查找", "校准"),
}
_INPUTS = (1, 3, 0, 0, 0)
_PROPERTIES = (
    property_("power_switch", "Power", type="bool", mapping={"0": "Off", "1": "On"}),
    property_("level", "Level", type="int", min="0", max="100", step="1", unit="%"),
    property_("mode", "Mode", type="enum", mapping={"0": "Calm", "1": "Wild"}),
    property_("alarm", "Alarm", "r", type="bool", mapping={"0": "正常", "1": "报警"}),
    *(
        property_(f"value{number}", name, "r", type="float", step="0.1", unit=unit)
        for number, (name, unit) in enumerate(
            (
                ("Current temperature", "°C"),
                ("Power", "W"),
                ("Voltage", "V"),
                ("Current", "A"),
                ("Illuminance", "lx"),
                ("Count", ""),
            )
        )
    ),
)
PROPERTIES = len(_PROPERTIES)
# What is disabled at first.
_SELDOM_NEEDED = tuple(
    property_(f"_sys_value{number}", f"Value {number}", "r", type="float", step="0.1")
    for number in range(PROPERTIES - 2)
)


def device_names(count: int) -> list[str]:
    """Return the names of so many devices."""
    return [f"device-{number:04}" for number in range(1, count + 1)]


def products() -> list[EmulatedProduct]:
    """Return all products: of actions, of properties and events, and those spoken to."""
    return [
        _product(LARGE, LARGE_DEVICES),
        *(_product(name, SMALL_DEVICES) for name in (*SMALL, ADDED)),
        _product(FEW_ENABLED, LARGE_DEVICES, (*_PROPERTIES[4:6], *_SELDOM_NEEDED)),
        _product(ALL_ENABLED, LARGE_DEVICES, _PROPERTIES),
        _reporting(METERS, LARGE_DEVICES, with_event=False),
        _reporting(DOORS, DOOR_DEVICES, with_event=True),
        *(_reporting(name, count, with_event=True) for name, _, _, count in COSTS),
        *(_spoken(language) for language in SPOKEN),
    ]


def wide_template(actions: int, inputs: int) -> dict[str, Any]:
    """Return a data template with many actions of many inputs each."""
    return template(
        "WIDE2026",
        *(
            action(
                f"action{number}",
                f"Action {number}",
                [_number(f"input{item}") for item in range(inputs)],
            )
            for number in range(actions)
        ),
    )


def _product(
    product_id: str,
    count: int,
    properties: Iterable[dict[str, Any]] = (),
) -> EmulatedProduct:
    """Return a product with five actions, two of which have an input."""
    return EmulatedProduct(
        product_id=product_id,
        template=template(
            product_id,
            action("feed", "Feed", [_number("portions")]),
            action("water", "Water", [_number("amount")]),
            action("clean", "Clean"),
            action("locate", "Locate"),
            action("calibrate", "Calibrate"),
            properties=properties,
        ),
        devices={name: EmulatedDevice(name=name) for name in device_names(count)},
    )


def report_anew(device: EmulatedDevice) -> None:
    """Let a device report another value of each property."""
    # Of a device that has reported nothing yet, all is 0.
    (number, _) = device.reported.get("value5", (-1, 0))
    device.report(
        **{item["id"]: (number + 1) % 2 for item in _PROPERTIES[:-1]},
        value5=number + 1,
    )


def _reporting(product_id: str, count: int, *, with_event: bool) -> EmulatedProduct:
    """Return a product with ten properties, all reported, and one event or none."""
    made = EmulatedProduct(
        product_id=product_id,
        template=template(
            product_id,
            properties=_PROPERTIES,
            events=[event("opened", "Opened")] if with_event else [],
        ),
        devices={name: EmulatedDevice(name=name) for name in device_names(count)},
    )
    for device in made.devices.values():
        report_anew(device)
    return made


def _spoken(language: str) -> EmulatedProduct:
    """Return a product whose actions are named in a language, with one input or none or more."""
    return EmulatedProduct(
        product_id=SPOKEN[language],
        template=template(
            SPOKEN[language],
            *(
                action(
                    f"action{number}",
                    name,
                    [_number(f"input{item}") for item in range(inputs)],
                )
                for number, (name, inputs) in enumerate(
                    zip(SPOKEN_ACTIONS[language], _INPUTS, strict=True)
                )
            ),
        ),
        devices={
            name: EmulatedDevice(name=name) for name in device_names(SPOKEN_DEVICES)
        },
    )


def _number(identifier: str) -> dict[str, Any]:
    """Return an input that begins with a value."""
    return parameter(
        identifier,
        identifier.capitalize(),
        type="int",
        min="1",
        max="10",
        start="1",
        step="1",
        unit="",
    )
