"""The layers of the integration: each package imports from layers below its own only."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import custom_components.tencent_iot_explorer as integration
from custom_components.tencent_iot_explorer import api

ROOT = Path(integration.__file__).parent
# From below. A package is one layer, whatever files it has; all other files of the top
# level, where Home Assistant looks for them, are the highest.
LAYERS = (
    {"api"},
    {"const", "errors", "identifiers", "schema", "storage", "time_slices"},
    {"account", "presentation"},
    {"properties"},
    {"product"},
    {"coordinator", "device_coordinator", "runtime", "entity"},
    {"actions"},
    {"reports"},
    {"push"},
    {"stale"},
    {"setup"},
    {"flows"},
    {"assist"},
)
FILES = {
    path.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the modules that a file imports, those of this integration with a level."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


def imported(name: str) -> set[str]:
    """Return the files of the integration that a file imports."""
    path = FILES[name]
    found: set[str] = set()
    for level, module in imports(path):
        if level:
            folder = path.parents[level - 1].relative_to(ROOT)
            found.add((folder / module.replace(".", "/")).as_posix())
    return found


def layer(name: str) -> int:
    """Return how high a file is."""
    unit = name.partition("/")[0]
    return next(
        (level for level, units in enumerate(LAYERS) if unit in units), len(LAYERS)
    )


def test_all_files_are_read() -> None:
    """The other tests read the whole integration, each package of it."""
    assert len(FILES) > 80
    packages = {name.partition("/")[0] for name in FILES if "/" in name}
    assert packages == {
        path.parent.relative_to(ROOT).parts[0] for path in ROOT.glob("*/__init__.py")
    }
    assert packages <= set().union(*LAYERS)


def test_layers() -> None:
    """Each file imports from its own layer and from those below."""
    known = 0
    for name in FILES:
        for other in imported(name):
            assert other in FILES, f"{name} -> {other}"
            assert layer(other) <= layer(name), f"{name} -> {other}"
            known += 1
    assert known > 200


def test_no_circles() -> None:
    """No file imports what imports it, however far around."""
    TopologicalSorter({name: imported(name) for name in FILES}).prepare()


def test_api_knows_no_home_assistant() -> None:
    """The cloud's package stands by itself and could be published as a library."""
    for name, path in FILES.items():
        if layer(name) > 0:
            continue
        for level, module in imports(path):
            assert level or not module.startswith(
                ("homeassistant", "voluptuous", "custom_components")
            ), name
        words = path.read_text().casefold()
        for word in ("home assistant", "homeassistant", "hass", "config entry"):
            assert word not in words, name


def test_api_has_a_face() -> None:
    """Others import from the cloud's package what it offers, and it offers no more."""
    used: set[str] = set()
    for name, path in FILES.items():
        if layer(name) == 0:
            continue
        inner = {other for other in imported(name) if other.startswith("api/")}
        assert inner == set(), name
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "api":
                used |= {alias.name for alias in node.names}
    assert used == set(api.__all__)


def test_files_are_small() -> None:
    """No file has more than one job, which 300 lines suffice for."""
    for name, path in FILES.items():
        assert len(path.read_text().splitlines()) <= 300, name
