"""What a data template is once it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeIs

from .base import DataType


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter[T: DataType = DataType]:
    """An input or output of a device action, or a member of a structure.

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
    """The actions of a product by their id, and the unusable ones with the reason.

    Of several that have one id the first counts, also if it is unusable.
    """

    actions: Mapping[str, DeviceAction]
    unusable: Mapping[str, str]


def is_of[T: DataType](parameter: Parameter, kind: type[T]) -> TypeIs[Parameter[T]]:
    """Return whether the values of a parameter are of one type."""
    return isinstance(parameter.type, kind)


def _label(name: str, identifier: str) -> str:
    """Return a name together with an id that is not the same."""
    return name if name == identifier else f"{name} ({identifier})"
