"""What a data template is once it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeIs, overload

from .base import DataType


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter[T: DataType = DataType]:
    """An input or output of a device action, a property, or a part of either.

    `is_secret` says that a value must not be shown, which no template says.
    """

    id: str
    name: str
    type: T
    is_secret: bool = False

    @property
    def label(self) -> str:
        """Return the name together with the id."""
        return _label(self.name, self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Property[T: DataType = DataType](Parameter[T]):
    """Something that each device of the product reports, and takes if it can be written.

    Templates declare many facts as writable: `is_writable` is what they say.
    """

    is_writable: bool = False


class EventType(StrEnum):
    """What kind of event a template declares; it is no measure of how grave one is."""

    INFO = "info"
    ALERT = "alert"
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateEvent:
    """Something that devices of the product report when it happens."""

    id: str
    name: str
    type: EventType
    parameters: tuple[Parameter, ...]

    @property
    def label(self) -> str:
        """Return the name together with the id."""
        return _label(self.name, self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceAction:
    """Something that each device of the product can do."""

    id: str
    name: str
    description: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]

    @property
    def label(self) -> str:
        """Return the name together with the id."""
        return _label(self.name, self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class DataTemplate:
    """The actions, properties and events of a product by their ids.

    `unusable` are actions with the reason why they cannot be used, and so on. Of several
    that have one id the first counts, also if it is unusable.
    """

    actions: Mapping[str, DeviceAction]
    unusable: Mapping[str, str]
    properties: Mapping[str, Property] = field(default_factory=dict)
    events: Mapping[str, TemplateEvent] = field(default_factory=dict)
    unusable_properties: Mapping[str, str] = field(default_factory=dict)
    unusable_events: Mapping[str, str] = field(default_factory=dict)


@overload
def is_of[T: DataType](parameter: Property, kind: type[T]) -> TypeIs[Property[T]]: ...
@overload
def is_of[T: DataType](parameter: Parameter, kind: type[T]) -> TypeIs[Parameter[T]]: ...
def is_of(parameter: Parameter, kind: type[DataType]) -> bool:
    """Return whether the values of a parameter are of one type."""
    return isinstance(parameter.type, kind)


def _label(name: str, identifier: str) -> str:
    """Return a name together with an id that is not the same."""
    return name if name == identifier else f"{name} ({identifier})"
