"""From a data template to what its properties become, by the rules of this package."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from homeassistant.const import EntityCategory, Platform

from ..api import (
    Bool,
    Choice,
    DataTemplate,
    DeviceAction,
    Number,
    Parameter,
    Property,
    Struct,
    Text,
    Timestamp,
    is_of,
)
from ..presentation.data_types import LONGEST_STATE, platform_of
from ..presentation.names import input_name
from . import words
from .access import can_be_written
from .composites import find_cover, find_light
from .description import (
    CoverDescription,
    Descriptions,
    LightDescription,
    PropertyDescription,
)
from .evidence import Evidence
from .labels import meaning
from .measures import measure

_OF_THE_CLOUD = "_sys_"
_MOST_DECIMALS = 15
_READ_ONLY = (Platform.SENSOR, Platform.BINARY_SENSOR)
# Classes that say how values are written, and not of what they are.
_FORMS = {"enum", "timestamp"}
_DIAGNOSTIC_CLASSES = {
    *("battery", "battery_charging", "problem", "tamper", "signal_strength"),
}
# Of a number that is set. What cannot be set has no other class either.
_NUMBER_CLASSES = {
    *("temperature", "humidity", "power", "current", "voltage"),
    *("duration", "volume_storage", "weight"),
}


@dataclass(frozen=True, slots=True)
class _Subject:
    """A property or a member of one, and whether it can be written."""

    declared: Property
    member: Parameter | None
    is_writable: bool

    @property
    def parameter(self) -> Parameter:
        """Return what is described."""
        return self.member or self.declared

    @property
    def evidence(self) -> Evidence:
        """Return what it is called."""
        return Evidence.of(self.parameter)


def describe(template: DataTemplate) -> Descriptions:
    """Return all entities that the properties of a data template become.

    A secret one becomes none, and neither does what a light or a cover is made of.
    """
    properties = [item for item in template.properties.values() if not item.is_secret]
    writable = [item for item in properties if can_be_written(item)]
    light = find_light(properties, writable)
    cover = find_cover(properties, writable)
    used = {*_used_by_light(light), *_used_by_cover(cover)}
    written = {item.id for item in writable}
    described = [
        description
        for item in properties
        if item.id not in used
        for description in _describe(item, is_writable=item.id in written)
    ]
    taken = {name for action in template.actions.values() for name in _names_of(action)}
    if light is not None:
        light = replace(light, name=_distinct(light.name, light.power.id, taken))
    if cover is not None:
        cover = replace(cover, name=_distinct(cover.name, cover.control.id, taken))
    return Descriptions(
        properties=tuple(
            replace(item, name=_distinct(item.name, _id_of(item), taken))
            for item in described
        ),
        light=light,
        cover=cover,
    )


def _describe(item: Property, *, is_writable: bool) -> Iterator[PropertyDescription]:
    """Yield the entity of a property, or those of its members, which are only read."""
    if not is_of(item, Struct):
        subjects = [_Subject(item, None, is_writable)]
    else:
        subjects = [
            _Subject(item, member, is_writable=False) for member in item.type.members
        ]
    for subject in subjects:
        description = _describe_subject(subject)
        if description is not None:
            yield _finish(description, subject.evidence)


def _describe_subject(subject: _Subject) -> PropertyDescription | None:
    """Return the entity for a type, none if no entity can show its values."""
    match subject.parameter.type:
        case Choice() as choice:
            return _describe_choice(subject, choice)
        case Number() as number:
            return _describe_number(subject, number)
        case Text() as text:
            return _describe_text(subject, text)
        case Timestamp() if subject.is_writable:
            return _new(subject, Platform.DATETIME)
        case Timestamp():
            return _new(subject, Platform.SENSOR, device_class="timestamp")
        case _:
            return None


def _describe_choice(subject: _Subject, choice: Choice) -> PropertyDescription:
    """Return the entity of a choice: a switch or what it shows, or one of several."""
    if len(choice.choices) == 1 and subject.is_writable:
        return replace(_new(subject, Platform.BUTTON), is_enabled=False)
    proven = meaning(choice, subject.evidence)
    if proven and not subject.is_writable:
        return replace(
            _new(subject, Platform.BINARY_SENSOR, device_class=proven.device_class),
            on=proven.on,
        )
    if proven and (proven.is_plain or is_of(subject.parameter, Bool)):
        on, off = (proven.on, proven.off) if proven.is_plain else ("1", "0")
        return replace(_new(subject, Platform.SWITCH), on=on, off=off)
    if subject.is_writable:
        return _new(subject, Platform.SELECT)
    return _new(subject, Platform.SENSOR, device_class="enum")


def _describe_number(subject: _Subject, number: Number) -> PropertyDescription:
    """Return the entity of a number, which is shown with as many decimals as it has."""
    measured = measure(number, subject.evidence)
    if subject.is_writable:
        device_class = measured.device_class
        return replace(
            _new(subject, Platform.NUMBER),
            unit=measured.unit,
            device_class=device_class if device_class in _NUMBER_CLASSES else None,
        )
    is_battery = measured.device_class == "battery"
    return replace(
        _new(subject, Platform.SENSOR, device_class=measured.device_class),
        unit=measured.unit,
        state_class=measured.state_class,
        precision=_precision(number),
        unknown_value=-1 if is_battery and number.minimum == -1 else None,
    )


def _describe_text(subject: _Subject, text: Text) -> PropertyDescription:
    """Return the entity of a text; one that no entity can set is only shown."""
    can_be_set = subject.is_writable and platform_of(text) is not None
    return replace(
        _new(subject, Platform.TEXT if can_be_set else Platform.SENSOR),
        is_enabled=text.longest is not None and text.longest <= LONGEST_STATE,
    )


def _new(
    subject: _Subject, platform: Platform, *, device_class: str | None = None
) -> PropertyDescription:
    """Return an entity of which no more is known yet."""
    name = subject.declared.name
    if subject.member is not None:
        name = f"{name} {subject.member.name}"
    return PropertyDescription(
        declared=subject.declared,
        member=subject.member,
        platform=platform,
        name=name,
        device_class=device_class,
    )


def _finish(
    description: PropertyDescription, evidence: Evidence
) -> PropertyDescription:
    """Return an entity with its category, disabled if few people need it."""
    device_class = description.device_class
    is_seldom_needed = (
        description.declared.id.startswith(_OF_THE_CLOUD)
        or description.unit == "dBm"
        or evidence.has(words.SELDOM_NEEDED)
        or (
            description.member is not None
            and (device_class is None or device_class in _FORMS)
        )
    )
    category = None
    if description.platform not in _READ_ONLY:
        category = EntityCategory.CONFIG if evidence.has(words.CONFIG) else None
    elif device_class in _DIAGNOSTIC_CLASSES or evidence.has(words.DIAGNOSTIC):
        category = EntityCategory.DIAGNOSTIC
    return replace(
        description,
        category=category,
        is_enabled=description.is_enabled and not is_seldom_needed,
    )


def _precision(number: Number) -> int | None:
    """Return how many decimals a number has by its step, none if nobody says."""
    if number.step is None:
        return None
    exponent = Decimal(repr(number.step)).as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return decimals if decimals <= _MOST_DECIMALS else None


def _names_of(action: DeviceAction) -> Iterator[str]:
    """Yield what the entities of a device action are called."""
    yield action.name
    for parameter in action.inputs:
        yield input_name(action, parameter)


def _id_of(description: PropertyDescription) -> str:
    """Return the id of what is described, of a member with that of its structure."""
    member = f".{description.member.id}" if description.member else ""
    return f"{description.declared.id}{member}"


def _distinct(name: str, identifier: str, taken: set[str]) -> str:
    """Return a name that nothing else has: the later of two equal ones gets its id."""
    if name in taken:
        name = f"{name} ({identifier})"
    taken.add(name)
    return name


def _used_by_light(light: LightDescription | None) -> Iterator[str]:
    """Yield the ids of what a light is made of; a mode may say more than it shows."""
    if light is None:
        return
    for item in (light.power, light.brightness, light.color_temperature, light.color):
        if item is not None:
            yield item.id
    if light.mode is not None and len(light.mode.type.choices) == 2:
        yield light.mode.id


def _used_by_cover(cover: CoverDescription | None) -> Iterator[str]:
    """Yield the ids of what a cover is made of."""
    if cover is not None:
        yield cover.control.id
        if cover.position is not None:
            yield cover.position.id
