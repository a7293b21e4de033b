"""Parts of data templates, read whatever stands in their place."""

from collections.abc import Mapping
from typing import cast

from ..identifiers import is_identifier
from ..texts import clean_text, readable, shorten
from .base import UnusableError

_LONGEST_NAME = 255


def read_identifier(raw: Mapping[str, object]) -> str:
    """Return an id byte for byte; raises UnusableError if there is none."""
    identifier = raw.get("id")
    if is_identifier(identifier):
        return identifier
    if identifier in (None, ""):
        raise UnusableError("an id is missing")
    raise UnusableError(
        f"'{readable(identifier)}' is no id: it must be a text of at most 128 letters, "
        "digits, _ and -"
    )


def read_name(raw: Mapping[str, object], identifier: str) -> str:
    """Return a name; one that is cut has the id, which makes it distinct."""
    name = clean_text(raw.get("name")).strip() or identifier
    if len(name) <= _LONGEST_NAME:
        return name
    mark = f" ({identifier})"
    return f"{shorten(name, _LONGEST_NAME - len(mark))}{mark}"


def read_text(value: object, most: int) -> str:
    """Return a text of at most `most` characters, empty for anything else."""
    return shorten(clean_text(value).strip(), most)


def read_mapping(value: object) -> Mapping[str, object]:
    """Return a JSON object, an empty one for anything else."""
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}


def read_list(value: object) -> list[object]:
    """Return a list, an empty one for anything else."""
    return cast(list[object], value) if isinstance(value, list) else []


def require_mapping(value: object, problem: str) -> Mapping[str, object]:
    """Return a JSON object; raises UnusableError with the problem for anything else."""
    if not isinstance(value, dict):
        raise UnusableError(problem)
    return cast(Mapping[str, object], value)
