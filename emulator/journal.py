"""What the emulator remembers of requests, of actions that ran and of what was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .interface import Interface


@dataclass(kw_only=True)
class JournalEntry:
    """One request: its headers, body and parameters as sent, and how it was answered.

    `action` is what its interface calls it, `call` what all interfaces do. `credentials`
    are what it says of the keys and was signed with. A flaw is something that no correct
    client sends; a deviation is something that other clients were seen to send, and that
    this integration does not.
    """

    interface: Interface
    headers: Mapping[str, str]
    body: bytes = b""
    action: str = ""
    call: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    request_id: str = ""
    credentials: tuple[str, ...] = ()
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


@dataclass(frozen=True, kw_only=True)
class WrittenData:
    """Properties that were written to a device, and that reached it."""

    product_id: str
    device_name: str
    values: dict[str, Any]
    request_id: str
