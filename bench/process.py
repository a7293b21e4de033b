"""Measurements in processes of their own, so that none is in another one's way."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
import subprocess
import sys


def output_of(module: str, *arguments: str, **environment: str) -> str:
    """Return the last line that a module of measurements prints; ends all if it fails."""
    result = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )
    if result.returncode:
        sys.exit(f"{module} could not be measured:\n{result.stderr}")
    return result.stdout.splitlines()[-1]


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that serves as long as its input is open, and yield what it prints."""
    with subprocess.Popen(
        [sys.executable, "-m", f"bench.{module}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()
