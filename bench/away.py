"""A start with stored data templates while the cloud is away."""

from pathlib import Path
import sys
import tempfile
import time
from typing import Any

from homeassistant.core import HomeAssistant, ServiceRegistry

from .fleet import LARGE, device_names
from .home import DOMAIN, add_application, prepare, product, run_in
from .process import output_of
from .report import Row, rows_to_text

DEVICES = 100
# Services are there before Home Assistant has started; how long before, its own imports decide.
MOST = 1.0
SERVICE = f"{LARGE.lower()}_feed"


def remember(folder: Path, cloud: str) -> None:
    """Set a product up, so that it is stored."""

    async def work(hass: HomeAssistant) -> None:
        """Add the product; Home Assistant stores all when it stops."""
        await add_application(
            hass, f"{cloud}/0/api", product(LARGE, device_names(DEVICES))
        )

    run_in(folder, work)


def start_without_cloud(folder: Path) -> Row:
    """Return how long it takes after a start until the services exist."""
    began = time.perf_counter()
    registered: list[float] = []
    register = ServiceRegistry.async_register

    def note(
        self: ServiceRegistry, domain: str, service: str, *more: Any, **named: Any
    ) -> None:
        """Note when the service is there."""
        register(self, domain, service, *more, **named)
        if (domain, service) == (DOMAIN, SERVICE):
            registered.append(time.perf_counter() - began)

    ServiceRegistry.async_register = note

    async def work(hass: HomeAssistant) -> float:
        """Return when Home Assistant has started."""
        return time.perf_counter() - began

    started = run_in(folder, work)
    return Row(
        group="start",
        name="stored templates, the cloud away: seconds until the services exist",
        value=registered[0],
        unit="s",
        ratio=registered[0] / started,
        against="seconds until Home Assistant has started",
        target=MOST,
    )


def main(cloud: str) -> None:
    """Print the row; both starts have a process of their own, the second has no cloud."""
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        for step in ("remember", "start"):
            printed = output_of("away", cloud, name, step)
            entries = Path(name) / ".storage" / "core.config_entries"
            # Nobody listens at the address that is left.
            entries.write_text(entries.read_text().replace(cloud, "http://127.0.0.1:9"))
    print(printed)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(sys.argv[1])
    elif sys.argv[3] == "remember":
        remember(Path(sys.argv[2]), sys.argv[1])
        print("remembered")
    else:
        print(rows_to_text([start_without_cloud(Path(sys.argv[2]))]))
