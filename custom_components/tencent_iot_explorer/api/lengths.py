"""How long a text may be, and the form of words in which that is said."""

from enum import StrEnum
import math

from .data_template import Parameter


class LengthForm(StrEnum):
    """How a length is said; the value is the end of the keys of its words."""

    BETWEEN = ""
    EXACTLY = "_exactly"
    ONE = "_one"
    AT_LEAST = "_at_least"
    NOT_EMPTY = "_not_empty"
    FREE = "_free"


_ENGLISH = {
    LengthForm.BETWEEN: "{minimum} to {maximum} characters",
    LengthForm.EXACTLY: "exactly {minimum} characters",
    LengthForm.ONE: "exactly 1 character",
    LengthForm.AT_LEAST: "at least {minimum} characters",
    LengthForm.NOT_EMPTY: "at least 1 character",
    LengthForm.FREE: "any length",
}


def shortest_text(parameter: Parameter) -> int:
    """Return the least length of a text; an empty one is allowed only by `min` 0."""
    return 1 if parameter.minimum is None else math.ceil(parameter.minimum)


def longest_text(parameter: Parameter) -> int | None:
    """Return the largest length of a text, none if there is no limit."""
    return None if parameter.maximum is None else math.floor(parameter.maximum)


def is_allowed_text(parameter: Parameter, value: str) -> bool:
    """Return whether a text keeps its limits, counted as Java counts: in UTF-16 units."""
    length = len(value.encode("utf-16-le", "surrogatepass")) // 2
    longest = longest_text(parameter)
    return length >= shortest_text(parameter) and (longest is None or length <= longest)


def length_form(parameter: Parameter) -> LengthForm:
    """Return how the allowed length of a text is said."""
    shortest, longest = shortest_text(parameter), longest_text(parameter)
    if longest is None:
        forms = {0: LengthForm.FREE, 1: LengthForm.NOT_EMPTY}
        return forms.get(shortest, LengthForm.AT_LEAST)
    if shortest == longest:
        return LengthForm.ONE if shortest == 1 else LengthForm.EXACTLY
    return LengthForm.BETWEEN


def length_limits(parameter: Parameter) -> dict[str, str]:
    """Return the figures that the words for a length may need."""
    longest = longest_text(parameter)
    return {
        "minimum": str(shortest_text(parameter)),
        "maximum": "–" if longest is None else str(longest),
    }


def allowed_length(parameter: Parameter) -> str:
    """Return the allowed length of a text in English."""
    words = _ENGLISH[length_form(parameter)]
    return words.format(**length_limits(parameter))
