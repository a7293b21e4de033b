"""What all data types have in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum

type WireValue = int | float | str | bool | list[object] | dict[str, object]

# Of all inputs together, in bytes of JSON. Source: the limits of MQTT messages in the
# documentation of IoT Explorer.
LARGEST_INPUTS = 65536


class TimestampUnit(StrEnum):
    """What the product's devices count a time stamp in."""

    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeSettings:
    """How a date and time becomes a time stamp."""

    unit: TimestampUnit
    time_zone: tzinfo


class Problem(StrEnum):
    """Why a value is not accepted."""

    MISSING = "missing"
    UNDECLARED = "undeclared"
    READ_ONLY = "read_only"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_TEXT = "not_a_text"
    WRONG_LENGTH = "wrong_length"
    NOT_A_TIME = "not_a_time"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    TOO_LARGE = "too_large"


class RefusedValueError(Exception):
    """A value that a data type does not allow."""

    def __init__(self, problem: Problem) -> None:
        """Keep what is wrong with it."""
        super().__init__(problem)
        self.problem = problem


class UnusableError(Exception):
    """A part of a data template cannot be used; the text says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataType(ABC):
    """What a value can be; `name` is what a data template calls it, such as `int`.

    Sources: Tencent Cloud document 1081/44921, the templates of the device SDKs, the
    device SDK for Java and the H5 panels.
    """

    name: str = field(init=False)

    @classmethod
    def parse(cls, define: Mapping[str, object]) -> DataType:
        """Return the type that a `define` declares.

        A limit that makes no sense is no limit. Raises UnusableError, whose text goes on
        behind the id of what is declared, if no value could ever be sent.
        """
        return cls()

    @property
    def start(self) -> float | None:
        """Return the value of an input that is not given, if the template states one."""
        return None

    @property
    def allowed(self) -> str:
        """Return what is accepted: `1 – 10 g`, `0 (off), 1 (on)`, `1 to 9 characters`.

        Only what is said of texts is English, the rest is the same in all languages. It
        is empty where the template limits nothing.
        """
        return ""

    @property
    @abstractmethod
    def example(self) -> object:
        """Return a value that is accepted."""

    @abstractmethod
    def to_wire(self, value: object, times: TimeSettings) -> WireValue:
        """Return a value as devices expect it; raises RefusedValueError."""

    def from_wire(self, value: object) -> object:
        """Return what a device sent as its type; what does not fit stays as sent."""
        return value

    def from_report(self, value: object) -> object:
        """Return the state that a device reported, none if it can be no state.

        A number beyond its limits is one: what is so shall not be hidden.
        """
        return value
