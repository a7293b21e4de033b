"""What a service is called with, as people and templates write it."""

from collections.abc import Mapping
from typing import cast

from ..api import decode_json, readable
from ..errors import refusal


def read_object(data: object, key: str) -> dict[str, object]:
    """Return an object of a call, which a template may have rendered to a JSON text.

    The key is that of the words for what is none.
    """
    if isinstance(data, str):
        try:
            data = decode_json(data)
        except ValueError as err:
            raise refusal(key) from err
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise refusal(key)
    items = cast(Mapping[object, object], data).items()
    return {read_id(identifier): value for identifier, value in items}


def read_id(identifier: object) -> str:
    """Return an id as a text, which YAML may have made something else of."""
    return identifier if isinstance(identifier, str) else readable(identifier)
