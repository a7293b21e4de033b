"""Structures are written as a whole: what is not given of one stays as it is."""

from collections.abc import Mapping
from typing import cast

from ..api import Property, Struct, WireValue
from ..errors import refusal


def is_complete(declared: Property[Struct], value: WireValue) -> bool:
    """Return whether a value has all members that are declared."""
    given = cast(Mapping[str, object], value)
    return all(member.id in given for member in declared.type.members)


def completed(
    declared: Property[Struct],
    value: WireValue,
    known: object,
    *,
    device: str,
) -> WireValue:
    """Return a value with the members that are known and not given.

    Nobody knows what a device makes of a part, so without any of them it is refused.
    """
    before = cast(dict[str, object], known) if isinstance(known, dict) else {}
    members = [member.id for member in declared.type.members]
    whole = {key: before[key] for key in members if key in before}
    whole |= cast(Mapping[str, object], value)
    if missing := [key for key in members if key not in whole]:
        raise refusal(
            "property_incomplete",
            device=device,
            property=declared.label,
            members=", ".join(missing),
        )
    return whole
