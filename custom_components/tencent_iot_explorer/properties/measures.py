"""What a number is: its unit, and the classes that unit and words prove together."""

from dataclasses import dataclass
from functools import cache
import unicodedata

from ..api import Number
from ..presentation.chinese_scripts import simplify
from . import units, words
from .evidence import Evidence

# With a unit that does not suffice; the first whose words are in the name or the id counts.
_CLASSES = (
    ("%", words.HUMIDITY, "humidity"),
    ("ppm", words.CARBON_DIOXIDE, "carbon_dioxide"),
    ("ppm", words.VOLATILE_COMPOUNDS, "volatile_organic_compounds_parts"),
    ("ppb", words.VOLATILE_COMPOUNDS, "volatile_organic_compounds_parts"),
    ("ppm", words.CARBON_MONOXIDE, "carbon_monoxide"),
    ("μg/m³", words.PM25, "pm25"),
    ("μg/m³", words.PM10, "pm10"),
    ("μg/m³", words.PM1, "pm1"),
    ("L", words.STORED, "volume_storage"),
    ("m³", words.STORED, "volume_storage"),
    ("mL", words.STORED, "volume_storage"),
    ("kPa", words.AIR_PRESSURE, "pressure"),
    ("hPa", words.AIR_PRESSURE, "pressure"),
    ("Pa", words.AIR_PRESSURE, "pressure"),
    ("mmHg", words.AIR_PRESSURE, "pressure"),
    ("K", words.TEMPERATURE, "temperature"),
)
_MEANINGS_OF_AMBIGUOUS = (
    ("kWh", words.ELECTRICITY),
    ("°", words.ANGLE),
    ("°C", words.TEMPERATURE),
)
_COUNTERS = {"energy", "water"}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number is measured in, and of what class it is, as far as that is proven."""

    unit: str | None = None
    device_class: str | None = None
    state_class: str | None = None


def measure(number: Number, evidence: Evidence) -> Measure:
    """Return what a number is; it is never another number for that."""
    unit = _unit(number, evidence)
    if unit is None or _contradicts(unit, evidence):
        return Measure()
    device_class = _device_class(unit, evidence)
    return Measure(unit, device_class, _state_class(unit, device_class, evidence))


def _unit(number: Number, evidence: Evidence) -> str | None:
    """Return the unit as Home Assistant spells it, or one that only the words name."""
    unit = _read_unit(number.unit)
    if unit == units.AMBIGUOUS:
        meant = [
            meant for meant, known in _MEANINGS_OF_AMBIGUOUS if evidence.has(known)
        ]
        return meant[0] if len(meant) == 1 else unit
    if unit is None and _is_percentage(number):
        if evidence.has(words.HUMIDITY) or is_battery_level(evidence):
            return "%"
    return unit


def _read_unit(text: str) -> str | None:
    """Return a unit as Home Assistant spells it, an unknown one as it is."""
    spelling = "".join(unicodedata.normalize("NFKC", text).split())
    known = _spellings().get(simplify(spelling))
    if known is None and len(text) <= units.LONGEST:
        return text or None
    return known


@cache
def _spellings() -> dict[str, str]:
    """Return the unit for each spelling."""
    return {
        spelling: unit
        for unit, spellings in units.SPELLINGS.items()
        for spelling in spellings.split()
    }


def _is_percentage(number: Number) -> bool:
    """Return whether the limits are those of a percentage; -1 means that none is known."""
    return number.minimum is not None and number.minimum >= -1 and number.maximum == 100


def is_battery_level(evidence: Evidence) -> bool:
    """Return whether a percentage is that of a battery, and no limit for it."""
    return evidence.has(words.BATTERY) and not is_setting(evidence)


def is_setting(evidence: Evidence) -> bool:
    """Return whether a word says that a number is set, not measured."""
    return evidence.has(words.SETTING) or evidence.has(words.ALARM_LIMIT)


def _contradicts(unit: str, evidence: Evidence) -> bool:
    """Return whether a unit cannot be that of what the words name."""
    is_humidity = evidence.has(words.HUMIDITY)
    is_temperature = evidence.has(words.TEMPERATURE)
    if is_humidity == is_temperature:
        return False
    return (is_humidity and unit in units.TEMPERATURES) or (
        is_temperature and unit == "%"
    )


def _device_class(unit: str, evidence: Evidence) -> str | None:
    """Return the class that a unit proves, if need be together with a word."""
    if unit in units.TEMPERATURES and evidence.has(words.TEMPERATURE_DIFFERENCE):
        return None
    if unit == "%" and is_battery_level(evidence):
        return "battery"
    if device_class := units.CLASSES.get(unit):
        return device_class
    for known_unit, known_words, device_class in _CLASSES:
        if unit == known_unit and evidence.has(known_words):
            return device_class
    if (
        unit in ("L", "m³")
        and evidence.has(words.WATER)
        and evidence.has(words.COUNTED)
    ):
        return "water"
    return None


def _state_class(unit: str, device_class: str | None, evidence: Evidence) -> str | None:
    """Return how values are kept for the long term: what only grows needs a word."""
    if device_class in _COUNTERS:
        is_counted = evidence.has(words.COUNTED) and not evidence.has(words.NOT_COUNTED)
        return "total_increasing" if is_counted else None
    if unit in units.MEASUREMENTS or device_class == "volume_storage":
        return "measurement"
    return None
