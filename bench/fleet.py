"""The products that measurements are made with."""

from typing import Any

from emulator.devices import EmulatedDevice
from emulator.products import EmulatedProduct, action, parameter, template

LARGE = "FLEET2026"
PLAIN = "PLAIN2026"
LARGE_DEVICES = 1000
SMALL = tuple(f"SMALL{number:02}" for number in range(20))
SMALL_DEVICES = 5
SPOKEN = {"English": "SPOKEN-EN", "Chinese": "SPOKEN-ZH"}
SPOKEN_DEVICES = 200
SPOKEN_ACTIONS = {
    "English": ("Feed", "Water", "Clean bowl", "Locate", "Calibrate"),
    "Chinese": ("喂食", "加水", "清洗食盆", "查找", "校准"),
}
_INPUTS = (1, 3, 0, 0, 0)


def device_names(count: int) -> list[str]:
    """Return the names of so many devices."""
    return [f"device-{number:04}" for number in range(1, count + 1)]


def products() -> list[EmulatedProduct]:
    """Return all products: a large one, the same without inputs, and small ones."""
    return [
        _product(LARGE, LARGE_DEVICES, with_inputs=True),
        _product(PLAIN, LARGE_DEVICES, with_inputs=False),
        *(_product(name, SMALL_DEVICES, with_inputs=True) for name in SMALL),
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


def _product(product_id: str, count: int, *, with_inputs: bool) -> EmulatedProduct:
    """Return a product with five actions, two of which may have an input."""
    return EmulatedProduct(
        product_id=product_id,
        template=template(
            product_id,
            action("feed", "Feed", [_number("portions")] if with_inputs else []),
            action("water", "Water", [_number("amount")] if with_inputs else []),
            action("clean", "Clean"),
            action("locate", "Locate"),
            action("calibrate", "Calibrate"),
        ),
        devices={name: EmulatedDevice(name=name) for name in device_names(count)},
    )


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
