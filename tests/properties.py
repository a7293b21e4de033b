"""What properties become, and whether Home Assistant accepts it."""

from collections.abc import Iterable
import json
from typing import Any

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.number import NumberDeviceClass
from homeassistant.components.number.const import DEVICE_CLASS_UNITS as NUMBER_UNITS
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.components.sensor.const import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    NON_NUMERIC_DEVICE_CLASSES,
)
from homeassistant.const import EntityCategory, Platform

from custom_components.tencent_iot_explorer.api.data_template import (
    Choice,
    Number,
    Text,
    Timestamp,
    parse_data_template,
)
from custom_components.tencent_iot_explorer.product.secret_choices import SecretChoices
from custom_components.tencent_iot_explorer.properties.describe import describe
from custom_components.tencent_iot_explorer.properties.description import (
    Descriptions,
    PropertyDescription,
)

READ_ONLY = {Platform.SENSOR, Platform.BINARY_SENSOR}


def described(*properties: dict[str, Any]) -> Descriptions:
    """Return what properties of a data template become, those with secret words marked."""
    template = parse_data_template(json.dumps({"properties": properties}))
    return describe(SecretChoices({}).mark(template))


def declare(
    name: str,
    define: dict[str, Any],
    *,
    identifier: str = "x",
    mode: str = "r",
) -> dict[str, Any]:
    """Return a property as a data template has it."""
    return {"id": identifier, "name": name, "mode": mode, "define": define}


def number(unit: str = "", minimum: float = 0, maximum: float = 100) -> dict[str, Any]:
    """Return the type of a number."""
    limits = {"min": str(minimum), "max": str(maximum), "step": "1"}
    return {"type": "int", **limits, "unit": unit}


def choice(*labels: str, kind: str = "bool") -> dict[str, Any]:
    """Return a type whose keys count from 0."""
    return {
        "type": kind,
        "mapping": {str(key): text for key, text in enumerate(labels)},
    }


def shown(description: PropertyDescription) -> dict[str, object]:
    """Return all that an entity shows of a description, by the names of the examples."""
    number_type = description.parameter.type
    facts: dict[str, object] = {
        "platform": description.platform,
        "device_class": description.device_class,
        "state_class": description.state_class,
        "unit": description.unit,
        "entity_category": description.category,
        "enabled_default": description.is_enabled,
        "precision": description.precision,
        "on": description.on,
    }
    match number_type:
        case Number(minimum=minimum, maximum=maximum, step=step):
            facts |= {"min": minimum, "max": maximum, "step": step}
        case Choice(choices=choices):
            facts["options"] = list(choices)
    return facts


def composites(descriptions: Descriptions) -> dict[str, object]:
    """Return of what light and cover are made, as the examples have it."""
    light, cover = descriptions.light, descriptions.cover
    return {
        "light": light
        and {
            "power": light.power.id,
            "brightness": light.brightness.id,
            "color_temp": light.color_temperature and light.color_temperature.id,
            "rgb": light.color and light.color.id,
            "mode": light.mode and [light.mode.id, light.color_key, light.white_key],
        },
        "cover": cover
        and {
            "control": cover.control.id,
            "open": cover.open,
            "close": cover.close,
            "stop": cover.stop,
            "position": cover.position and cover.position.id,
        },
    }


def require_accepted(descriptions: Iterable[PropertyDescription]) -> None:
    """Require that Home Assistant's own tables know what is described."""
    for description in descriptions:
        is_read_only = description.platform in READ_ONLY
        assert description.name
        assert not (is_read_only and description.category is EntityCategory.CONFIG)
        assert description.state_class is None or is_read_only
        _require_platform(description)


def _require_platform(description: PropertyDescription) -> None:
    """Require what the platform requires."""
    data_type = description.parameter.type
    match description.platform:
        case Platform.SENSOR:
            _require_sensor(description)
        case Platform.BINARY_SENSOR:
            assert isinstance(data_type, Choice)
            assert description.on in data_type.choices
            assert description.device_class in (None, *BinarySensorDeviceClass)
        case Platform.SWITCH:
            assert isinstance(data_type, Choice)
            assert {description.on, description.off} == set(data_type.choices)
        case Platform.NUMBER:
            assert isinstance(data_type, Number)
            if description.device_class is not None:
                units = NUMBER_UNITS[NumberDeviceClass(description.device_class)]
                assert description.unit in units
        case Platform.SELECT:
            assert isinstance(data_type, Choice)
        case Platform.BUTTON:
            assert isinstance(data_type, Choice)
            assert len(data_type.choices) == 1
        case Platform.TEXT:
            assert isinstance(data_type, Text)
            assert data_type.shortest <= 255
        case platform:
            assert platform is Platform.DATETIME
            assert isinstance(data_type, Timestamp)


def _require_sensor(description: PropertyDescription) -> None:
    """Require what `SensorEntity` checks before it shows a state."""
    numeric = (description.unit, description.state_class, description.precision)
    if numeric != (None, None, None):
        assert isinstance(description.parameter.type, Number)
    if description.device_class is None:
        assert description.state_class in (None, *SensorStateClass)
        return
    device_class = SensorDeviceClass(description.device_class)
    if device_class in NON_NUMERIC_DEVICE_CLASSES:
        assert numeric == (None, None, None)
        return
    assert description.unit in DEVICE_CLASS_UNITS[device_class]
    if description.state_class is not None:
        allowed = DEVICE_CLASS_STATE_CLASSES[device_class]
        assert SensorStateClass(description.state_class) in allowed
