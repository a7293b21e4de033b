"""Texts and values of the cloud, made fit to be stored and shown."""

from typing import cast

_LARGEST_INTEGER = 2**63


def clean_text(value: object) -> str:
    """Return a text without what UTF-8 cannot hold; an empty one for anything else."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode()


def storable(value: object) -> object:
    """Return a JSON value whose texts and numbers Home Assistant can write as JSON.

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
