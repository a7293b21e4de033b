"""Measurements in processes of their own, so that none is in another one's way."""

import subprocess
import sys


def output_of(module: str, *arguments: str) -> str:
    """Return the last line that a module of measurements prints; ends all if it fails."""
    result = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        sys.exit(f"{module} could not be measured:\n{result.stderr}")
    return result.stdout.splitlines()[-1]
