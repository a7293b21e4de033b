"""Texts: `string`, and the form of words in which their length is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import json
import math
from typing import Self, override

from ..numbers import as_text
from ..texts import clean_text
from .base import DataType, Problem, RefusedValueError, TimeSettings
from .numbers import parse_limits

_LONGEST_EXAMPLE = 1000


class LengthForm(StrEnum):
    """How a length is said; the value is the end of the keys of its words."""

    BETWEEN = ""
    EXACTLY = "_exactly"
    ONE = "_one"
    AT_LEAST = "_at_least"
    AT_MOST = "_at_most"
    NOT_EMPTY = "_not_empty"
    FREE = "_free"


_ENGLISH = {
    LengthForm.BETWEEN: "{minimum} to {maximum} characters",
    LengthForm.EXACTLY: "exactly {minimum} characters",
    LengthForm.ONE: "exactly 1 character",
    LengthForm.AT_LEAST: "at least {minimum} characters",
    LengthForm.AT_MOST: "maximum length {maximum}",
    LengthForm.NOT_EMPTY: "at least 1 character",
    LengthForm.FREE: "any length",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Text(DataType):
    """A text; `minimum` and `maximum` bound its length as Java counts, in UTF-16 units."""

    name: str = field(init=False, default="string")
    minimum: float | None = None
    maximum: float | None = None

    @classmethod
    @override
    def parse(cls, define: Mapping[str, object]) -> Self:
        """Return a text with those of its limits that make sense."""
        minimum, maximum = parse_limits(define)
        if maximum is not None and maximum < 1:
            minimum = maximum = None
        if minimum is not None and minimum < 0:
            minimum = None
        return cls(minimum=minimum, maximum=maximum)

    @property
    def shortest(self) -> int:
        """Return the least length of a text."""
        return 0 if self.minimum is None else math.ceil(self.minimum)

    @property
    def longest(self) -> int | None:
        """Return the largest length of a text, none if there is no limit."""
        return None if self.maximum is None else math.floor(self.maximum)

    @property
    def length_form(self) -> LengthForm:
        """Return how the allowed length is said."""
        if self.longest is None:
            forms = {0: LengthForm.FREE, 1: LengthForm.NOT_EMPTY}
            return forms.get(self.shortest, LengthForm.AT_LEAST)
        if self.shortest == self.longest:
            return LengthForm.ONE if self.shortest == 1 else LengthForm.EXACTLY
        return LengthForm.BETWEEN if self.shortest else LengthForm.AT_MOST

    @property
    def length_limits(self) -> dict[str, str]:
        """Return the figures that the words for a length may need."""
        return {
            "minimum": str(self.shortest),
            "maximum": "–" if self.longest is None else str(self.longest),
        }

    @property
    @override
    def allowed(self) -> str:
        """Return the allowed length in English."""
        return _ENGLISH[self.length_form].format(**self.length_limits)

    @property
    @override
    def example(self) -> str:
        """Return as many dots as there must be characters, at most 1000, and never none.

        Devices with Tencent's SDK for C drop an action that has an empty text.
        """
        return "…" * min(max(1, self.shortest), _LONGEST_EXAMPLE)

    def fits(self, value: str) -> bool:
        """Return whether a text keeps its limits."""
        length = len(value.encode("utf-16-le", "surrogatepass")) // 2
        return length >= self.shortest and (
            self.longest is None or length <= self.longest
        )

    @override
    def to_wire(self, value: object, times: TimeSettings) -> str:
        """Return a text within its limits; a template makes a number of one like 1234."""
        text = as_text(value)
        if text is None or clean_text(text) != text:
            raise RefusedValueError(Problem.NOT_A_TEXT)
        if not self.fits(text):
            raise RefusedValueError(Problem.WRONG_LENGTH)
        return text

    @override
    def from_report(self, value: object) -> str | None:
        """Return a text, of JSON where a device reported something else."""
        if isinstance(value, str) or value is None:
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
