"""What the emulator remembers of requests and of actions that ran."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class JournalEntry:
    """One request: its body and its parameters as sent, and how it was answered.

    A flaw is something that no correct client sends; a deviation is something that other
    clients were seen to send, and that this integration does not.
    """

    action: str
    parameters: dict[str, Any]
    body: bytes = b""
    string_to_sign: str = ""
    flaws: list[str] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)
    error_code: str = ""
    http_status: int = 200
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class ExecutedAction:
    """One action that reached a device."""

    product_id: str
    device_name: str
    action_id: str
    inputs: dict[str, Any]
    request_id: str
