"""What is done once: importing the integration, and parsing a large data template."""

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
start = time.perf_counter()
import {modules}
print(time.perf_counter() - start)
"""
OURS = "custom_components.tencent_iot_explorer"


def parsing() -> Row:
    """Return how long a data template takes, beside decoding its JSON alone."""
    text = json.dumps(wide_template(ACTIONS, INPUTS))
    parsed: list[float] = []
    decoded: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        parse_data_template(text)
        middle = time.perf_counter()
        json.loads(text)
        parsed.append(middle - start)
        decoded.append(time.perf_counter() - middle)
    return Row(
        group="loading",
        name=f"a data template of {ACTIONS} actions × {INPUTS} inputs",
        value=median(parsed) * 1000,
        unit="ms",
        ratio=median(parsed) / median(decoded),
        against="decoding its JSON",
    )


def importing() -> Row:
    """Return how long the integration takes to import; what it needs is there before."""
    platforms = ("binary_sensor", "button", "config_flow", "event", "number", "select")
    code = _IMPORT.format(
        modules=", ".join((OURS, *(f"{OURS}.{name}" for name in platforms)))
    )
    seconds = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(IMPORTS)
    ]
    return Row(
        group="loading",
        name="importing the integration",
        value=median(seconds) * 1000,
        unit="ms",
    )


if __name__ == "__main__":
    print(rows_to_text([parsing(), importing()]))
