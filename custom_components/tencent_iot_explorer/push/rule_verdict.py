"""What a rule of the cloud is to us: right, ours to be mended, or not ours to change."""

from enum import Enum, auto

from ..api import TopicRule


class Verdict(Enum):
    """What is to be done about a rule."""

    MISSING = auto()
    RIGHT = auto()
    # Made by us, and never enabled.
    UNFINISHED = auto()
    # Ours, with the address that was right before.
    MOVED = auto()
    EDITED = auto()
    FOREIGN = auto()


def judge(
    rule: TopicRule | None,
    sql: str,
    present: str | None,
    written: str | None,
    *,
    is_unfinished: bool,
) -> Verdict:
    """Return what is to be done about a rule with one of our names.

    Only one with an address that we wrote is ours. `present` is our address now, `written`
    the one last written; `is_unfinished` says that we never came as far as to enable it.
    """
    if rule is None:
        return Verdict.MISSING
    if rule.address is None:
        return Verdict.EDITED
    if rule.address not in (present, written):
        return Verdict.FOREIGN
    is_same = " ".join(rule.sql.split()) == sql
    if not is_same or (rule.is_disabled and not is_unfinished):
        return Verdict.EDITED
    if rule.address != present:
        return Verdict.MOVED
    return Verdict.UNFINISHED if rule.is_disabled else Verdict.RIGHT
