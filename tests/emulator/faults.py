"""How the emulator can be told to misbehave."""

from dataclasses import dataclass
from typing import Any


class Refusal(Exception):
    """The request is answered with an error."""

    def __init__(self, code: str, message: str, *, flaw: bool = False) -> None:
        """Keep code and text; a flaw is one that no correct client can cause."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.flaw = flaw


@dataclass(kw_only=True)
class Fault:
    """Something that happens to the next requests of one call, or of any.

    With `code` the request is refused. With `status` or `body` that is answered in place
    of the true reply. `drop` closes the connection, `truncate` does so in the middle of
    the reply. `raw` is all that is sent, down to the status line, before the connection is
    closed. `execute` says whether the request does its work before. `headers` come along
    with whatever is answered.
    """

    action: str | None = None
    times: int = 1
    code: str = ""
    message: str = ""
    status: int | None = None
    body: str | bytes | None = None
    raw: bytes | None = None
    payload: dict[str, Any] | None = None
    headers: dict[str, str] | None = None
    drop: bool = False
    truncate: bool = False
    execute: bool = False
    delay: float = 0
