"""Texts and values of the cloud, made fit to be stored and shown."""

import base64
from collections.abc import Iterable
import json
import reprlib
from typing import cast

_LARGEST_INTEGER = 2**63
DEEPEST = 32
_LONGEST_WORD = 255
_STANDARD = str.maketrans("-_", "+/", "= \t\r\n")
_SHORT = reprlib.Repr(maxlevel=2)


def clean_text(value: object) -> str:
    """Return a text without what UTF-8 cannot hold; an empty one for anything else."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def readable(value: object) -> str:
    """Return what somebody gave, whatever it is, as a text that can be shown."""
    match value:
        case str():
            words = value
        case int() if abs(value) < _LARGEST_INTEGER:
            words = str(value)
        case _:
            # It may be endless.
            words = _SHORT.repr(value)
    words = shorten(clean_text(words), _LONGEST_WORD)
    return "".join(mark if mark.isprintable() else " " for mark in words)


def storable(value: object) -> object:
    """Return a JSON value whose texts and numbers orjson can write.

    An integer beyond 64 bits becomes a text, and so does a number that is none.
    """
    match value:
        case str():
            return clean_text(value)
        case dict():
            items = cast(dict[object, object], value).items()
            return {clean_text(key): storable(item) for key, item in items}
        case list():
            return [storable(item) for item in cast(list[object], value)]
        case bool() | None:
            return value
        case int() | float() if abs(value) < _LARGEST_INTEGER:
            return value
        case _:
            return str(value)


def decode_json(text: str | bytes) -> object:
    """Return the value of a JSON text; raises ValueError if it is none."""
    try:
        return cast(object, json.loads(text))
    except RecursionError as err:
        raise ValueError("it is nested too deep") from err


def from_base64(text: str) -> bytes:
    """Return what a text of either alphabet says, with or without the padding at its end.

    Raises ValueError if it is no Base64.
    """
    digits = text.translate(_STANDARD)
    return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)


def is_too_deep(value: object) -> bool:
    """Return whether a JSON value is nested more than 32 levels deep."""
    level: Iterable[object] = [value]
    for _ in range(DEEPEST + 1):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner += cast(dict[object, object], item).values()
            elif isinstance(item, list | tuple):
                inner += cast(Iterable[object], item)
        if not inner:
            return False
        # Once each: a list that holds another twice, and so on, would double for ever.
        level = {id(item): item for item in inner}.values()
    return True


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut if it has more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
