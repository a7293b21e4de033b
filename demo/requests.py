"""Requests to the emulated cloud, as the terminal shows them."""

import json

from emulator import JournalEntry

_CHANGES = ("CallDeviceAction", "ControlDeviceData")


def show(entry: JournalEntry) -> None:
    """Print a request and its answer as the cloud saw them."""
    request = json.dumps(entry.parameters, ensure_ascii=False, indent=2)
    print(f"  the cloud received: {entry.action} {request}")
    if authorization := entry.headers.get("Authorization"):
        print(f"  Authorization:      {authorization}")
    print(f"  string to sign:     {entry.string_to_sign!r}")
    print(f"  the cloud answered: {entry.reply}", flush=True)


def show_change(entry: JournalEntry) -> None:
    """Print a request if it runs an action or writes properties."""
    if entry.call.startswith(_CHANGES):
        show(entry)
