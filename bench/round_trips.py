"""A press of a button when the cloud is far away, in round trips, warm and cold.

All of it is over TLS 1.3. The proxy counts TCP's own handshake as a round trip, and the
name of the cloud is not asked for: on the internet that may be one more.
"""

from datetime import timedelta
import json
from pathlib import Path
from statistics import median
import tempfile

from yarl import URL

from .process import output_of, serving
from .report import Row, rows_to_text
from .round_trips_once import Presses
from .yardsticks import OF_ACCOUNT
from emulator.certificates import write_certificate

ONE_WAY = 25
ROUND_TRIP = 2 * ONE_WAY / 1000
WARM, COLD = 1.2, 3.5
ACCESSES = {"application": "", "account": OF_ACCOUNT}


def measure(cloud: str, far: str, access: str, authority: Path) -> Presses:
    """Return the presses with one kind of key, in a process of its own."""
    output = output_of(
        "warp",
        "round_trips_once",
        cloud,
        far,
        access,
        REQUESTS_CA_BUNDLE=str(authority),
    )
    return Presses(**json.loads(output))


def rows(found: Presses, key: str) -> list[Row]:
    """Return the rows of one kind of key."""
    return [
        _row(f"a warm press{key}", found.warm, WARM),
        _row(f"a press 58 s after the last request{key}", found.after_a_minute, WARM),
        _row(f"a cold press: TCP, TLS, request{key}", found.cold, COLD),
        _row(f"a press while a poll has the connection{key}", found.beside_poll, COLD),
    ]


def yardsticks(found: Presses) -> list[Row]:
    """Return the rows of ready bodies."""
    return [
        _row("raw, warm", found.raw_warm),
        _row("raw, cold: TCP, TLS, request", found.raw_cold),
        _row(
            "raw by Home Assistant's own session, 58 s after its last request",
            found.shared_after_a_minute,
        ),
    ]


def _row(name: str, seconds: list[float], target: float | None = None) -> Row:
    """Return the row of something that took so long each time."""
    return Row(
        group="far cloud",
        name=name,
        value=median(seconds) / ROUND_TRIP,
        unit="round trips",
        target=target,
        is_yardstick=target is None,
    )


def main() -> None:
    """Print the rows of both kinds of key."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "cloud.pem"
        write_certificate(own, "127.0.0.1", -timedelta(days=1), timedelta(days=1))
        with (
            serving("cloud", str(own)) as cloud,
            serving("far", str(URL(cloud).port), str(ONE_WAY)) as port,
        ):
            far = str(URL(cloud).with_port(int(port)).origin())
            found = {access: measure(cloud, far, access, own) for access in ACCESSES}
    made = yardsticks(found["application"])
    for access, key in ACCESSES.items():
        made += rows(found[access], key)
    print(rows_to_text(made))


if __name__ == "__main__":
    main()
