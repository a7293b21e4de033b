"""What a spoken text asks for, read again by ourselves from its words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .api.data_template import DataType, Parameter
from .exposed_actions import ExposedAction
from .sentence_forms import FORMS, is_long_enough, pattern, value_input
from .spoken import normalize, split_number

# Units that nobody says as they are written.
_DEGREES = ("度", "degree")
_UNITS_SAID = {
    "°C": (*_DEGREES, "摄氏度", "攝氏度"),
    "℃": (*_DEGREES, "摄氏度", "攝氏度"),
    "°F": (*_DEGREES, "华氏度", "華氏度"),
    "℉": (*_DEGREES, "华氏度", "華氏度"),
    "%": ("percent",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """An action that is asked for, and what was said as its value, if anything."""

    exposed: ExposedAction
    value: str | None


def find_requests(
    text: str, exposed: Sequence[ExposedAction], said: str = ""
) -> list[Request]:
    """Return what a text may ask for: nothing, one action, or several alike.

    The longest names decide; what fits as well as the best is in doubt with it. `said`
    is what Assist took for the value: if it is ours, its capitals and points are kept.
    """
    spoken = normalize(text)
    best: dict[tuple[str, str], Request] = {}
    longest = 0
    for item in exposed:
        for parts in _matches(spoken, item):
            length = len(parts["name"]) + len(parts.get("device", ""))
            if length > longest:
                best, longest = {}, length
            if length == longest:
                value = parts.get("value")
                if value is not None and normalize(said) == value:
                    value = said
                key = (item.target.identifier, item.action.id)
                best.setdefault(key, Request(exposed=item, value=value))
    return list(best.values())


def _matches(spoken: str, exposed: ExposedAction) -> Iterator[dict[str, str]]:
    """Yield each way to read a normalized text as one action, part by part."""
    names = _in(spoken, exposed.names)
    devices = _in(spoken, (exposed.device_name, *exposed.area_names))
    for form in FORMS if names else ():
        if (form.has_device and not devices) or (
            form.has_value and value_input(exposed.action) is None
        ):
            continue
        found = pattern(form, names, devices).fullmatch(spoken)
        parts = (
            {key: said.strip() for key, said in found.groupdict().items()}
            if found
            else {}
        )
        if found and not (form.is_bare and not is_long_enough(**parts)):
            yield parts


def _in(spoken: str, names: Iterable[str]) -> list[str]:
    """Return the names that a normalized text has, normalized."""
    return [name for name in map(normalize, names) if name and name in spoken]


def said_value(parameter: Parameter, said: str) -> object:
    """Return what was said for an input, as its service takes it.

    What cannot be understood stays a text, which is then refused with what is allowed.
    """
    spoken = normalize(said)
    if parameter.choices:
        for key, label in parameter.choices.items():
            if spoken in (normalize(label), normalize(key)):
                return key
        return said
    if parameter.type in (DataType.INT, DataType.FLOAT):
        number, rest = split_number(spoken)
        if number is not None and rest.strip() in _units(parameter):
            return number
    return said


def _units(parameter: Parameter) -> set[str]:
    """Return what may be said behind a number: nothing, its unit, or what it counts."""
    said = _UNITS_SAID.get(parameter.unit, ())
    names = (parameter.unit, parameter.name, parameter.id, *said)
    words = {normalize(name) for name in names}
    return {"", *words, *(f"{word}s" for word in words)}
