"""What the labels of a choice prove: labels are the best evidence there is."""

from dataclasses import dataclass

from ..api import Bool, Choice
from . import words
from .evidence import Evidence, Phrase, read_phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """Which of two keys means on, and what that is.

    `is_fact` says that no person decides it; `is_plain` that the labels only say on and off.
    """

    on: str
    off: str
    device_class: str | None = None
    is_fact: bool = False
    is_plain: bool = False


def meaning(choice: Choice, evidence: Evidence) -> Meaning | None:
    """Return what the labels of two keys prove, none if that is nothing."""
    if len(choice.choices) != 2:
        return None
    first, second = ((key, read_phrase(label)) for key, label in choice.choices.items())
    for (on, label), (off, other) in ((second, first), (first, second)):
        if label.is_one_of(words.ON) and other.is_one_of(words.OFF):
            return Meaning(
                on=on, off=off, device_class=_contact(evidence), is_plain=True
            )
        if device_class := _of_fact(label, other, evidence.name):
            return Meaning(on=on, off=off, device_class=device_class, is_fact=True)
        if _is_lock(label, other) and not evidence.has(words.CHILD_LOCK):
            is_fact = evidence.name.has(words.STATE)
            return Meaning(on=on, off=off, device_class="lock", is_fact=is_fact)
    if isinstance(choice, Bool):
        return Meaning(on="1", off="0")
    return None


def _contact(evidence: Evidence) -> str | None:
    """Return the class of what is only on and off: known by its name, or not at all."""
    if evidence.name.has(words.CONTROL):
        return None
    return next(
        (name for name, known in words.CONTACTS if evidence.name.has(known)), None
    )


def _of_fact(label: Phrase, other: Phrase, name: Phrase) -> str | None:
    """Return what it is that one label says and the other one denies."""
    if _is_good(label):
        return None
    is_denied = _is_good(other)
    if label.has(words.OCCUPIED) and not label.has(words.UNOCCUPIED):
        if is_denied or other.has(words.UNOCCUPIED):
            return "occupancy"
    if not is_denied:
        return None
    if label.has(words.CHARGING):
        return "battery_charging"
    if not label.has(words.BAD):
        return None
    if label.has(words.BROKEN):
        return "problem"
    return next(
        (
            device_class
            for device_class, known in words.ALARMS
            if name.has(known) or label.has(known)
        ),
        "problem",
    )


def _is_good(label: Phrase) -> bool:
    """Return whether a label says that nothing is the matter."""
    return label.has(words.GOOD) or label.begins_with(words.NOT)


def _is_lock(label: Phrase, other: Phrase) -> bool:
    """Return whether the first label says unlocked, and the other one locked."""
    return (
        label.has(words.LOCK)
        and label.begins_with(words.UNLOCKED)
        and other.has(words.LOCK)
        and not other.begins_with(words.UNLOCKED)
    )
