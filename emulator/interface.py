"""One interface of the emulated cloud: all that is not the same for each of them."""

from typing import Any, Protocol

from .journal import JournalEntry


class Interface(Protocol):
    """How requests are read and checked, and how replies are written.

    `path` is where requests are posted to, `content_type` that of the replies.
    """

    path: str
    content_type: str

    def read(self, entry: JournalEntry) -> None:
        """Write into a journal's entry what its headers and its body ask for.

        Raises Refusal for what is no request.
        """

    def check(self, entry: JournalEntry, now: float) -> None:
        """Refuse a request that is malformed, forged, late or repeated."""

    async def serve(self, entry: JournalEntry) -> dict[str, Any]:
        """Do what a checked request asks, and return the payload of the reply.

        Raises Refusal for what these keys may not see, and for what is not there.
        """

    def wrap(
        self, entry: JournalEntry, payload: dict[str, Any], *, is_refusal: bool
    ) -> dict[str, Any]:
        """Return the document of a reply, with its RequestId and in its envelope."""
