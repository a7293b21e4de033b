"""What is done once: importing the integration, and parsing a large data template.

All times are those of the processor, so that other processes are not in the way.
"""

import json
from statistics import median
import subprocess
import sys
import time

from .fleet import wide_template
from .report import Row, rows_to_text
from custom_components.tencent_iot_explorer.api import parse_data_template

ACTIONS = 100
INPUTS = 5
REPEATS = 20
IMPORTS = 5
_IMPORT = """
import time
from homeassistant.components import automation, binary_sensor, button, datetime, event
from homeassistant.components import number, script, select, text
start = time.process_time()
import {modules}
print(time.process_time() - start)
"""
OURS = "custom_components.tencent_iot_explorer"
THEIRS = "homeassistant.components.template"
PLATFORMS = ("binary_sensor", "button", "config_flow", "event", "number", "select")
MOST_OF_PARSING, MOST_OF_IMPORT = 20, 1.5


def parsing() -> Row:
    """Return how long a data template takes, beside decoding its JSON alone."""
    text = json.dumps(wide_template(ACTIONS, INPUTS))
    parsed: list[float] = []
    decoded: list[float] = []
    for _ in range(REPEATS):
        start = time.process_time()
        parse_data_template(text)
        middle = time.process_time()
        json.loads(text)
        parsed.append(middle - start)
        decoded.append(time.process_time() - middle)
    return Row(
        group="loading",
        name=f"a data template of {ACTIONS} actions × {INPUTS} inputs",
        value=median(parsed) * 1000,
        unit="ms",
        ratio=median(parsed) / median(decoded),
        against="decoding its JSON",
        target=MOST_OF_PARSING,
    )


def seconds_to_import(component: str) -> float:
    """Return how long a component takes to import in a process of its own.

    What it needs of Home Assistant is there before.
    """
    modules = ", ".join((component, *(f"{component}.{name}" for name in PLATFORMS)))
    result = subprocess.run(
        [sys.executable, "-c", _IMPORT.format(modules=modules)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(result.stdout)


def importing() -> Row:
    """Return how long the integration takes to import, beside one of Home Assistant's."""
    seconds: dict[str, list[float]] = {OURS: [], THEIRS: []}
    for _ in range(IMPORTS):
        for component, found in seconds.items():
            found.append(seconds_to_import(component))
    ours, theirs = (median(found) for found in seconds.values())
    return Row(
        group="loading",
        name=f"importing the integration and {len(PLATFORMS)} of its platforms",
        value=ours * 1000,
        unit="ms",
        ratio=ours / theirs,
        against="importing template and as many of its platforms",
        target=MOST_OF_IMPORT,
    )


if __name__ == "__main__":
    print(rows_to_text([parsing(), importing()]))
