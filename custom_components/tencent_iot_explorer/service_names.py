"""Names of the services made from data templates: stable, unique and valid."""

from collections.abc import Container
import hashlib
import re
from typing import TypeIs

from homeassistant.util import slugify

from .const import DOMAIN, SERVICE_CALL_ACTION, SERVICE_GET_ACTION_REFERENCE

RESERVED_NAMES = frozenset({SERVICE_CALL_ACTION, SERVICE_GET_ACTION_REFERENCE})
_LONGEST_SLUG = 40
# Several providers of language models limit a tool's name to 64 characters.
_LONGEST_NAME = 64 - len(f"{DOMAIN}.")
_NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_SHORTEST_SUFFIX = 6
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def slug(identifier: str) -> str:
    """Return the slug of an id of the cloud, such as `open_door` for `openDoor`."""
    text = slugify(_INNER_CAPITAL.sub("_", identifier))
    if not text or (text == "unknown" and "unknown" not in identifier.lower()):
        return "action"
    return text[:_LONGEST_SLUG].rstrip("_")


def service_name(product_id: str, action_id: str, taken: Container[str]) -> str:
    """Return the name of a device action's service, which is in nobody's use yet."""
    name = f"{slug(product_id)}_{slug(action_id)}"[:_LONGEST_NAME].rstrip("_")
    if name not in taken:
        return name
    digest = hashlib.sha256(f"{product_id}/{action_id}".encode()).hexdigest()
    names = (
        f"{name[: _LONGEST_NAME - length - 1].rstrip('_')}_{digest[:length]}"
        for length in range(_SHORTEST_SUFFIX, _LONGEST_NAME - 1)
    )
    return next(name for name in names if name not in taken)


def is_service_name(name: object) -> TypeIs[str]:
    """Return whether something can be the name of a device action's service."""
    return (
        isinstance(name, str)
        and len(name) <= _LONGEST_NAME
        and name not in RESERVED_NAMES
        and _NAME.fullmatch(name) is not None
    )
