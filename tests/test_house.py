"""The shape of the house: rooms stand on the ones below them."""

import ast
from pathlib import Path

import pytest

import custom_components.tencent_iot_explorer as integration

HOUSE = Path(integration.__file__).parent
FLOORS = [
    {
        "const",
        "schema",
        "assist_agent",
        "chinese_scripts",
        "distinct_names",
        "secret_words",
        "storage",
    }
    | {"stoppable_coordinator"},
    {"spoken"},
    {"numerals"},
    {"subentries", "endpoint", "service_names", "errors", "inputs", "fields"}
    | {"secret_choices", "home_assistant_words", "rights"},
    {"call_counts", "stored_templates"},
    {"cloud"},
    {"device_reader", "device_watch", "action_use", "known_devices", "known_actions"}
    | {"input_values"},
    {"template_store", "outcome", "reachability"},
    {"product_issue"},
    {"coordinator", "migration"},
    {"entity"},
    {"action_call", "targets", "input_entity", "gone_devices", "gone_actions"}
    | {"entity_budget", "stale_inputs"},
    {"left_out_issue"},
    {"number", "select", "text", "datetime", "binary_sensor", "button", "event"},
    {"action_run", "exposed_actions", "entity_sync", "product_repair"},
    {"product_setup", "left_out_repair"},
    {"sentence_parts", "said_values", "voice_words"},
    {"sentence_forms", "llm_parameters", "home_assistant_names"},
    {"services", "sentence_matcher", "action_reference", "taken_sentences"},
    {"wanted_sentences"},
    {"voice_answer"},
    {"action_services"},
    {"forms"},
    {"secret_inputs"},
    {"product_dialog"},
    {"application_check", "product_flow"},
    {"config_flow", "diagnostics", "repairs", "system_health"},
    {"llm", "sentences", "__init__"},
]


def imports(path: Path) -> list[tuple[int, str]]:
    """Return the modules that a file imports, those of this integration with a level."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
    return found


@pytest.mark.parametrize(
    "path", sorted((HOUSE / "api").glob("*.py")), ids=lambda p: p.name
)
def test_api_knows_no_home_assistant(path: Path) -> None:
    """The cloud's package knows nothing of Home Assistant and looks up to nothing."""
    for level, module in imports(path):
        assert level <= 1
        assert not module.startswith(
            ("homeassistant", "voluptuous", "custom_components")
        )


def test_nothing_looks_up() -> None:
    """Each file imports from floors below its own only."""
    floor = {name: level for level, names in enumerate(FLOORS) for name in names}
    files = sorted(HOUSE.glob("*.py"))
    assert {path.stem for path in files} == floor.keys()
    for path in files:
        for level, module in imports(path):
            if level == 1 and module.partition(".")[0] != "api":
                assert floor[module] < floor[path.stem], f"{path.name} -> {module}"


def test_files_are_small() -> None:
    """No file has more than one job, which 300 lines suffice for."""
    for path in HOUSE.rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 300, path.name
