"""What holds the measurements together, none of which is made here."""

from importlib import import_module
from pathlib import Path
import pkgutil
import re

import pytest

import bench
from bench.__main__ import GROUPS
from bench.report import Row, rows_from_text, rows_to_text

MODULES = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
SCRIPT = Path(bench.__file__).parents[1] / "scripts" / "bench"


@pytest.mark.parametrize("name", MODULES)
def test_module(name: str) -> None:
    """Each module can be imported, so that none was forgotten when something changed."""
    pytest.importorskip(
        "homeassistant.components.http.config",
        reason="measurements need a newer Home Assistant",
    )
    import_module(f"bench.{name}")


def test_groups() -> None:
    """Each group is a module, and the script names them all in the same order."""
    assert set(GROUPS) <= set(MODULES)
    (line,) = re.findall(r"GROUP\.\.\.\s+only (.+)", SCRIPT.read_text())
    assert tuple(re.split(r", | or ", line)) == GROUPS


@pytest.mark.parametrize(
    ("ratio", "target", "is_yardstick", "verdict", "fails"),
    [
        (None, 5.0, False, "holds", False),
        (None, 4.9, False, "MISSED", True),
        (1.2, 1.2, False, "holds", False),
        (1.3, 1.2, False, "MISSED", True),
        (1.3, None, False, "NO TARGET", True),
        (None, None, False, "NO TARGET", True),
        (None, None, True, "", False),
        (1.3, None, True, "", False),
    ],
)
def test_row(
    ratio: float | None,
    target: float | None,
    is_yardstick: bool,
    verdict: str,
    fails: bool,
) -> None:
    """What is ours has a target, and no run is good in which it is missed or not there."""
    row = Row(
        group="group",
        name="name",
        value=5.0,
        unit="s",
        ratio=ratio,
        target=target,
        is_yardstick=is_yardstick,
    )
    assert (row.verdict, row.fails) == (verdict, fails)
    assert rows_from_text(rows_to_text([row])) == [row]
