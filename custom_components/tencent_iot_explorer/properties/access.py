"""Which properties can be written: templates declare many facts as writable.

A fact that stays writable only misleads, a setting that does not is lost: in doubt it stays.
"""

from ..api import Choice, Number, Property
from . import units, words
from .evidence import Evidence
from .labels import meaning
from .measures import is_battery_level, is_setting, measure


def can_be_written(declared: Property) -> bool:
    """Return whether a property can be written, and nothing proves that it is a fact."""
    evidence = Evidence.of(declared)
    match declared.type:
        case Number() as number:
            is_fact = _is_measured(number, evidence)
        case Choice() as choice:
            is_fact = _is_state(choice, evidence)
        case _:
            is_fact = False
    return declared.is_writable and not is_fact


def _is_measured(number: Number, evidence: Evidence) -> bool:
    """Return whether a number is what a device measures."""
    if is_setting(evidence):
        return False
    unit = measure(number, evidence).unit
    if unit in units.MEASURED or evidence.has(words.MEASURED_VALUE):
        return True
    if unit == "%":
        return is_battery_level(evidence) or (
            evidence.has(words.HUMIDITY) and evidence.has(words.CURRENT)
        )
    return unit in units.SET_OR_MEASURED and evidence.has(words.CURRENT)


def _is_state(choice: Choice, evidence: Evidence) -> bool:
    """Return whether a choice is what a device finds, which two witnesses must say."""
    if evidence.has(words.SETTING) or evidence.has(words.CONTROL):
        return False
    proven = meaning(choice, evidence)
    if proven and proven.is_fact:
        return True
    if "battery" in evidence.id.parts and evidence.name.has(words.BATTERY_STATE):
        return True
    return evidence.name.has(words.SENSING) and any(
        part.endswith("sensor") for part in evidence.id.parts
    )
