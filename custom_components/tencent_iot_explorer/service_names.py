"""Names of the services made from data templates: stable, unique and valid."""

from collections.abc import Container
import hashlib
import re

from homeassistant.util import slugify

from .const import DOMAIN

_LONGEST_SLUG = 40
# Several providers of language models limit a tool's name to 64 characters.
_LONGEST_NAME = 64 - len(f"{DOMAIN}.")
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
    key = f"{product_id}/{action_id}".encode()
    suffix = f"_{hashlib.sha256(key).hexdigest()[:6]}"
    return f"{name[: _LONGEST_NAME - len(suffix)].rstrip('_')}{suffix}"
