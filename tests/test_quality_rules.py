"""Rules of the Integration Quality Scale that can be read off the source."""

import ast
from collections.abc import Iterator
import importlib
import inspect
import json
from pathlib import Path
import re
import tomllib
from typing import Any

from homeassistant.const import Platform
from homeassistant.helpers.entity import Entity

import custom_components.tencent_iot_explorer as integration
from custom_components.tencent_iot_explorer.setup.entities import PLATFORMS

INTEGRATION = Path(integration.__file__).parent
ROOT = INTEGRATION.parents[1]
TREES = {
    path.relative_to(INTEGRATION).with_suffix("").as_posix(): ast.parse(
        path.read_text()
    )
    for path in sorted(INTEGRATION.rglob("*.py"))
}
assert len(TREES) > 80
ALL = tuple(TREES.values())
CLASSES = {
    node.name: node
    for tree in ALL
    for node in ast.walk(tree)
    if isinstance(node, ast.ClassDef)
}
# What Home Assistant always brings, so that nothing need depend on it.
FREE_COMPONENTS = {"automation", "conversation", "homeassistant", "script"}

type Function = ast.FunctionDef | ast.AsyncFunctionDef


def nodes[NodeT: ast.AST](kind: type[NodeT], *trees: ast.AST) -> Iterator[NodeT]:
    """Yield the nodes of a kind."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield node


def functions(*trees: ast.AST) -> dict[str, list[Function]]:
    """Return functions by their name."""
    found: dict[str, list[Function]] = {}
    for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
        for node in nodes(kind, *trees):
            found.setdefault(node.name, []).append(node)
    return found


def calls(*trees: ast.AST) -> set[str]:
    """Return what is called."""
    return {ast.unparse(node.func) for node in nodes(ast.Call, *trees)}


def lineage(cls: ast.ClassDef) -> list[ast.ClassDef]:
    """Return a class and those of this integration that it derives from."""
    names = [node.id for node in nodes(ast.Name, *cls.bases)]
    bases = [CLASSES[name] for name in names if name in CLASSES]
    return [cls, *(item for base in bases for item in lineage(base))]


def assigned(tree: ast.AST) -> dict[str, str]:
    """Return what is assigned, by what it is assigned to."""
    return {
        ast.unparse(target): ast.unparse(node.value)
        for node in nodes(ast.Assign, tree)
        for target in node.targets
    } | {
        ast.unparse(node.target): ast.unparse(node.value)
        for node in nodes(ast.AnnAssign, tree)
        if node.value
    }


def imported_names(*trees: ast.AST) -> set[str]:
    """Return the modules that are imported, but for those of this integration."""
    return {
        alias.name for node in nodes(ast.Import, *trees) for alias in node.names
    } | {
        node.module
        for node in nodes(ast.ImportFrom, *trees)
        if node.module and not node.level
    }


def load(name: str) -> dict[str, Any]:
    """Return what a JSON file of the integration holds."""
    return dict(json.loads((INTEGRATION / name).read_text()))


def test_fields_are_described() -> None:
    """Each field of each dialog has a text that says more than its name."""

    def forms(texts: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield all that has fields."""
        if "data" in texts:
            yield texts
        for value in texts.values():
            if isinstance(value, dict):
                yield from forms(value)

    words = load("translations/en.json")
    found = list(forms({key: words[key] for key in ("config", "config_subentries")}))
    assert len(found) > 5
    for form in [*found, *forms(words["issues"])]:
        assert form.get("data_description", {}).keys() == form["data"].keys()


def test_platforms() -> None:
    """Each platform that is there is set up, and says how much it does side by side."""
    assert len(PLATFORMS) == len(set(PLATFORMS))
    assert {file for file in TREES if file in list(Platform)} == set(PLATFORMS)
    for platform in PLATFORMS:
        assert "PARALLEL_UPDATES" in assigned(TREES[platform]), platform


def entity_class(platform: Platform, name: str) -> type[Entity]:
    """Return a class of a platform."""
    module = importlib.import_module(f"{integration.__name__}.{platform}")
    cls = getattr(module, name)
    assert issubclass(cls, Entity)
    return cls


def entity_classes() -> list[tuple[Platform, ast.ClassDef]]:
    """Return the entities with their platform, not what only others derive from."""
    return [
        (platform, node)
        for platform in PLATFORMS
        for node in nodes(ast.ClassDef, TREES[platform])
        if not inspect.isabstract(entity_class(platform, node.name))
    ]


def test_entity_icons_and_names() -> None:
    """Each entity is named within its device; name and icon are translations.

    Or both are of its device class. A name of the data template cannot be translated, and
    only the template says what a property is: it has the icon of its class or platform.
    """
    icons = load("icons.json")["entity"]
    names = load("translations/en.json")["entity"]
    used: dict[str, set[str]] = {}
    for platform, node in entity_classes():
        own = {
            target: value
            for item in reversed(lineage(node))
            for target, value in assigned(item).items()
        }
        assert own["_attr_has_entity_name"] == "True", node.name
        if "_attr_device_class" in own:
            continue
        if "PropertyEntity" in [item.name for item in lineage(node)]:
            assert "self._attr_name" in own, node.name
            continue
        key = ast.literal_eval(own["_attr_translation_key"])
        used.setdefault(platform, set()).add(key)
        assert icons[platform][key]["default"].startswith("mdi:"), node.name
        assert "self._attr_name" in own or names[platform][key]["name"], node.name
    assert {platform: set(keys) for platform, keys in icons.items()} == used


def test_entities_listen_while_they_are_there() -> None:
    """What an entity listens to begins when it is added, and ends when it is removed."""
    listens = re.compile(r"(\w+_connect|async_listen\w*|async_track_\w+)$")
    found: list[str] = []
    for cls in CLASSES.values():
        if "TencentIotEntity" not in [item.name for item in lineage(cls)]:
            continue
        for name, methods in functions(cls).items():
            made = list(nodes(ast.Call, *methods))
            begun = [node for node in made if listens.search(ast.unparse(node.func))]
            ended = [
                argument
                for node in made
                if ast.unparse(node.func) == "self.async_on_remove"
                for argument in node.args
            ]
            assert not begun or name == "async_added_to_hass", cls.name
            assert all(node in ended for node in begun), cls.name
            found += [cls.name] * len(begun)
    assert found


def test_one_schema_library() -> None:
    """Only one file knows where the schema library comes from."""
    importing = {
        file
        for file, tree in TREES.items()
        if any(
            name.startswith(("voluptuous", "probatio")) for name in imported_names(tree)
        )
    }
    assert importing == {"schema"}


def test_no_blocking_client() -> None:
    """All goes by two sessions, the cloud's and Home Assistant's; nothing blocks the loop."""
    imported = imported_names(*ALL)
    assert "aiohttp" in imported
    # It makes the sockets of connections, which the loop connects and uses.
    assert {
        file for file, tree in TREES.items() if "socket" in imported_names(tree)
    } == {"api/connector"}
    assert not {
        name
        for name in imported
        if re.fullmatch(r"(requests|httpx|urllib\.request|http\.client)(\..*)?", name)
    }
    made = {
        file for file, tree in TREES.items() if "aiohttp.ClientSession" in calls(tree)
    }
    assert made == {"account/session"}
    assert "cloud_session" in calls(TREES["account/client"])
    assert "async_get_clientsession" in calls(TREES["push/handshakes"])
    assert not calls(*ALL) & {"async_create_clientsession", "time.sleep", "open"}


def test_dependencies() -> None:
    """Each component that is used is a platform, always there, or named in the manifest."""
    manifest = load("manifest.json")
    named = {*manifest.get("dependencies", ()), *manifest.get("after_dependencies", ())}
    prefix = "homeassistant.components"
    used: set[str] = set()
    for node in nodes(ast.ImportFrom, *ALL):
        if node.module == prefix:
            used |= {alias.name for alias in node.names}
        elif node.module and node.module.startswith(f"{prefix}."):
            used.add(node.module.split(".")[2])
    assert len(used) > len(PLATFORMS)
    assert used <= {*Platform, *TREES, *FREE_COMPONENTS, *named}


def test_exempt() -> None:
    """What the rules say that there is not is truly not there."""
    ways = {"bluetooth", "dhcp", "homekit", "mqtt", "ssdp", "usb", "zeroconf"}
    assert not ways & load("manifest.json").keys()
    steps = {
        f"async_step_{way}" for way in (*ways, "discovery", "integration_discovery")
    }
    assert not steps & functions(*ALL).keys()
    assert not {"trigger", "condition"} & TREES.keys()


def test_strict_typing() -> None:
    """Types are checked strictly, everywhere, and nothing is left out by a comment."""
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert mypy["strict"] is True
    assert mypy["files"] == ["custom_components"]
    (override,) = mypy["overrides"]
    assert override == {"module": "homeassistant.*", "implicit_reexport": True}
    assert "mypy" in (ROOT / "scripts" / "lint").read_text()
    for file in INTEGRATION.rglob("*.py"):
        assert not re.search(r"#.*(type: *ignore|noqa|mypy:)", file.read_text()), file
