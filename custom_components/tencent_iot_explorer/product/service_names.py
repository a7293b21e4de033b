"""Names of the services made from data templates: stable, unique and valid."""

from collections import Counter
from collections.abc import Collection, Container
import hashlib
import re
from typing import TypeIs

from ..const import DOMAIN, SERVICE_CALL_ACTION, SERVICE_GET_ACTION_REFERENCE
from ..identifiers import action_key, parse_pair, slug

RESERVED_NAMES = frozenset(
    {
        SERVICE_CALL_ACTION,
        SERVICE_GET_ACTION_REFERENCE,
        # Kept free for services that are to come: a name that is given cannot be taken.
        "get_properties",
        "set_properties",
    }
)
_LONGEST_SLUG = 40
# Several providers of language models limit a tool's name to 64 characters.
_LONGEST_NAME = 64 - len(f"{DOMAIN}.")
_NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_SHORTEST_SUFFIX = 6


def service_name(product_id: str, action_id: str, taken: Container[str]) -> str:
    """Return the name of a device action's service, which is in nobody's use yet."""
    slugs = f"{_part(product_id)}_{_part(action_id)}"
    name = slugs[:_LONGEST_NAME].rstrip("_")
    if name not in taken:
        return name
    digest = hashlib.sha256(action_key(product_id, action_id).encode()).hexdigest()
    names = (
        f"{name[: _LONGEST_NAME - length - 1].rstrip('_')}_{digest[:length]}"
        for length in range(_SHORTEST_SUFFIX, _LONGEST_NAME - 1)
    )
    return next(name for name in names if name not in taken)


def _part(identifier: str) -> str:
    """Return what a name has of an id."""
    return slug(identifier)[:_LONGEST_SLUG].rstrip("_") or "action"


def name_again(lost: Collection[str], names: dict[str, str]) -> list[str]:
    """Name actions whose names nobody knows any more; return what is none's from then on.

    All are given by `<ProductId>/<ActionId>`. A name that several of them may have had
    stands by `/<name>`, so that no action gets it.
    """
    taken = {*RESERVED_NAMES, *names.values()}
    likely = Counter(service_name(*parse_pair(key), ()) for key in lost)
    unsure = [name for name, count in likely.items() if count > 1 and name not in taken]
    names.update((f"/{name}", name) for name in unsure)
    taken.update(unsure)
    for key in sorted(lost):
        names[key] = service_name(*parse_pair(key), taken)
        taken.add(names[key])
    return unsure


def is_made_for(key: str, name: str) -> bool:
    """Return whether a name is one that this integration gives to an action."""
    plain = service_name(*parse_pair(key), ())
    return name in (plain, service_name(*parse_pair(key), (plain,)))


def is_service_name(name: object) -> TypeIs[str]:
    """Return whether something can be the name of a device action's service."""
    return (
        isinstance(name, str)
        and len(name) <= _LONGEST_NAME
        and name not in RESERVED_NAMES
        and _NAME.fullmatch(name) is not None
    )
