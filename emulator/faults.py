"""How the emulator can be made to misbehave."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self


class Refusal(Exception):
    """The request is answered with an error."""

    def __init__(self, code: str, message: str, *, flaw: bool = False) -> None:
        """Keep code and text; a flaw is one that no correct client can cause."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.flaw = flaw


class When(Enum):
    """When a second reply to the same request is sent over its connection.

    `AT_ONCE` is right behind the first, `IDLE` when the test asks for it, which may be
    while the connection is not in use, `NEXT` in answer to the next request on it.
    """

    AT_ONCE = auto()
    IDLE = auto()
    NEXT = auto()


@dataclass(kw_only=True)
class Fault:
    """Something that happens to the next requests of one call, or of any.

    With `code` the request is refused. With `status` or `body` that is answered in place
    of the true reply; with `code` or `payload` the status is that of their reply. `drop`
    closes the connection, `truncate` does so in the middle of the reply, `close` after it.
    `raw` is all that is sent, down to the status line, before the connection is closed.
    `execute` says whether the request does its work before. `reshape` makes what is sent
    of the text of the reply, `chunked` says that it goes without its length, and `headers`
    come along with whatever is answered. A `surplus` is what a second reply says.
    """

    call: str | None = None
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
    reshape: Callable[[str], bytes] | None = None
    chunked: bool = False
    close: bool = False
    surplus: Self | None = None
    surplus_when: When = When.IDLE
