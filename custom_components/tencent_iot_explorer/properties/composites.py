"""Lights and covers: several properties that are one thing, where all evidence is there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..api import Bool, Choice, DataType, Number, Parameter, Property, Struct, is_of
from . import words
from .description import CoverDescription, LightDescription
from .evidence import Evidence, Words, read_phrase
from .labels import meaning
from .measures import measure

# Kelvin that a lamp can have.
_LEAST_KELVIN, _MOST_KELVIN = 1000, 20000
_LARGEST_PART_OF_COLOR = 255


def find_light(
    properties: Iterable[Property], writable: Sequence[Property]
) -> LightDescription | None:
    """Return the lamp that a product is: a switch, a brightness, and a witness that it is.

    Whoever turns off all lights must not turn off a heater with a bright display.
    """
    power = _only(item for item in _of(Bool, writable) if _is_light_switch(item))
    brightness = _named(words.BRIGHTNESS, _of(Number, writable))
    if power is None or brightness is None or not _is_brightness(brightness):
        return None
    is_lamp = Evidence.of(power).has(words.LAMP)
    if not is_lamp and not any(_is_named(words.COLOR, item) for item in properties):
        return None
    on_off = meaning(power.type, Evidence.of(power))
    if on_off is None:
        return None
    temperature = _named(words.COLOR_TEMPERATURE, _of(Number, writable))
    if temperature is not None and not _is_color_temperature(temperature):
        temperature = None
    light = LightDescription(
        name=power.name,
        power=power,
        on=on_off.on,
        off=on_off.off,
        brightness=brightness,
        color_temperature=temperature,
    )
    return _add_color(light, writable)


def find_cover(
    properties: Iterable[Property], writable: Sequence[Property]
) -> CoverDescription | None:
    """Return the cover that a product is: what opens, closes and stops, and a witness.

    An oven or a vacuum cleaner may be opened, closed and paused by their labels, too.
    """
    controls = ((item, _cover_keys(item.type)) for item in _of(Choice, writable))
    control = _only((item, keys) for item, keys in controls if keys)
    if control is None or not any(map(_is_of_cover, properties)):
        return None
    declared, (open_key, close_key, stop_key) = control
    position = _named(words.OPEN_POSITION, _of(Number, writable))
    return CoverDescription(
        name=declared.name,
        control=declared,
        open=open_key,
        close=close_key,
        stop=stop_key,
        position=position if position and _is_position(position) else None,
    )


def _add_color(
    light: LightDescription, writable: Sequence[Property]
) -> LightDescription:
    """Return a light with its colour, if that is a structure and a mode says when it rules."""
    colors = ((item, _color_members(item.type)) for item in _of(Struct, writable))
    color = _only((item, members) for item, members in colors if members)
    modes = ((item, _color_keys(item.type)) for item in _of(Choice, writable))
    mode = _only((item, keys) for item, keys in modes if keys)
    if color is None or mode is None:
        return light
    declared, members = color
    chosen, (color_key, white_key) = mode
    return replace(
        light,
        color=declared,
        color_members=members,
        mode=chosen,
        color_key=color_key,
        white_key=white_key,
    )


def _is_light_switch(item: Property) -> bool:
    """Return whether id and name both say that something is switched."""
    evidence = Evidence.of(item)
    return evidence.id.has(words.LIGHT_SWITCH_ID) and evidence.name.has(
        words.LIGHT_SWITCH
    )


def _is_brightness(item: Property[Number]) -> bool:
    """Return whether a number has the limits of a brightness, whatever its scale."""
    number = item.type
    unit = measure(number, Evidence.of(item)).unit
    return (
        number.minimum is not None
        and number.maximum is not None
        and 0 <= number.minimum < number.maximum
        and unit in (None, "%")
    )


def _is_color_temperature(item: Property[Number]) -> bool:
    """Return whether a number is in kelvin, of a range that lamps have."""
    number = item.type
    return (
        measure(number, Evidence.of(item)).unit == "K"
        and number.minimum is not None
        and number.maximum is not None
        and _LEAST_KELVIN <= number.minimum < number.maximum <= _MOST_KELVIN
    )


def _is_position(item: Property[Number]) -> bool:
    """Return whether a number is a percentage from closed to open."""
    number = item.type
    return (
        measure(number, Evidence.of(item)).unit == "%"
        and number.minimum == 0
        and number.maximum == 100
    )


def _is_of_cover(item: Property) -> bool:
    """Return whether a name is that of a cover, or says how far something is."""
    return _is_named(words.COVER, item) or (
        is_of(item, Number) and _is_named(words.HOW_FAR, item) and _is_position(item)
    )


def _color_members(struct: Struct) -> tuple[str, ...]:
    """Return the ids of red, green and blue, nothing if a structure is anything else."""
    ids = _one_each(
        *(
            [item.id for item in struct.members if _is_part_of_color(item, known)]
            for known in (words.RED, words.GREEN, words.BLUE)
        )
    )
    return ids if len(struct.members) == len(ids) else ()


def _is_part_of_color(member: Parameter, known: Words) -> bool:
    """Return whether a member is one colour, from 0 to 255."""
    return (
        is_of(member, Number)
        and Evidence.of(member).has(known)
        and member.type.minimum == 0
        and member.type.maximum == _LARGEST_PART_OF_COLOR
    )


def _color_keys(choice: Choice) -> tuple[str, ...]:
    """Return the key of a colour and that of white, nothing if either is not the only one."""
    labels = {key: read_phrase(label) for key, label in choice.choices.items()}
    return _one_each(
        [key for key, label in labels.items() if label.has(words.COLOR_LABEL)],
        [key for key, label in labels.items() if label.has(words.WHITE_LABEL)],
    )


def _cover_keys(choice: Choice) -> tuple[str, ...]:
    """Return the keys that open, close and stop, nothing if there are others."""
    labels = {key: read_phrase(label) for key, label in choice.choices.items()}
    keys = _one_each(
        [key for key, label in labels.items() if label.is_one_of(words.COVER_OPEN)],
        [key for key, label in labels.items() if label.is_one_of(words.COVER_CLOSE)],
        [key for key, label in labels.items() if label.is_one_of(words.COVER_STOP)],
    )
    return keys if len(labels) == len(keys) else ()


def _one_each(*groups: list[str]) -> tuple[str, ...]:
    """Return what is the only one of each group, nothing if that is not so."""
    found = tuple(group[0] for group in groups if len(group) == 1)
    return found if len(set(found)) == len(groups) else ()


def _of[T: DataType](kind: type[T], items: Iterable[Property]) -> list[Property[T]]:
    """Return those items whose values are of one type."""
    return [item for item in items if is_of(item, kind)]


def _is_named(known: Words, item: Property) -> bool:
    """Return whether a name has one of some words."""
    return Evidence.of(item).name.has(known)


def _named[T: DataType](
    known: Words, items: Iterable[Property[T]]
) -> Property[T] | None:
    """Return the only item whose name has one of some words."""
    return _only(item for item in items if _is_named(known, item))


def _only[T](items: Iterable[T]) -> T | None:
    """Return the only item, none if there are more or none."""
    found = list(items)
    return found[0] if len(found) == 1 else None
