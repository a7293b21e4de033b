"""One interface of the emulated cloud: all that is not the same for each of them."""

from typing import Any, Protocol

from .journal import JournalEntry
from .products import EmulatedProduct


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

    def permit(self, product: EmulatedProduct) -> None:
        """Refuse what these keys may not do with a product."""

    def wrap(
        self, entry: JournalEntry, payload: dict[str, Any], *, is_refusal: bool
    ) -> dict[str, Any]:
        """Return the document of a reply, with its RequestId and in its envelope."""
