"""The rows of measurements, as a table and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
import json
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One figure: `ratio` is to what `against` names, and `target` the most it may be.

    What has no ratio is held to its target itself. Only a yardstick needs none: it is
    there to be compared with, and is not ours.
    """

    group: str
    name: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""
    target: float | None = None
    is_yardstick: bool = False

    @property
    def verdict(self) -> str:
        """Return whether the target holds, nothing of a yardstick without one."""
        if self.target is None:
            return "" if self.is_yardstick else "NO TARGET"
        measured = self.value if self.ratio is None else self.ratio
        return "holds" if measured <= self.target else "MISSED"

    @property
    def fails(self) -> bool:
        """Return whether the row is not as it must be."""
        return self.verdict not in ("", "holds")


def write_json(path: Path, rows: Iterable[Row]) -> None:
    """Write all rows into a file."""
    data = [asdict(row) | {"verdict": row.verdict} for row in rows]
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def rows_to_text(rows: Iterable[Row]) -> str:
    """Return rows as one line of text, for another process."""
    return json.dumps([asdict(row) for row in rows])


def rows_from_text(text: str) -> list[Row]:
    """Return the rows that another process wrote."""
    return [Row(**row) for row in json.loads(text)]


def table(rows: Sequence[Row]) -> str:
    """Return rows as a table in Markdown."""
    lines = [
        "| group | measured | median | ratio | against | at most | |",
        "|---|---|--:|--:|---|--:|---|",
    ]
    lines += [
        f"| {row.group} | {row.name} | {_number(row.value)} {row.unit} |"
        f" {_number(row.ratio)} | {row.against} | {_number(row.target)} | {row.verdict} |"
        for row in rows
    ]
    return "\n".join(lines)


def _number(value: Any) -> str:
    """Return a number with three digits that matter, whole if it is large."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
