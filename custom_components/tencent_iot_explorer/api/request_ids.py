"""RequestIds, by which a reply is known that answers another request."""

from .errors import FateUnknownError

_MOST_IDS = 4096
_MISSES = 3

type Kind = tuple[str, str, str]


class RequestIds:
    """The RequestIds that were sent and received over connections that are kept.

    A second reply to one request may come while its connection is used for the next one,
    which would take it for its own. What bears the RequestId of another request or reply
    is never believed.
    No documentation says that a reply bears the RequestId of its request, or one at all.
    So that is learnt from the replies of an endpoint. A kind of reply that does not keep
    to it three times in a row, on connections that are new, is an exception, until it
    does: on a new connection nothing can come but the reply.
    Where the cloud makes the RequestIds, each reply is known to have one of its own.
    """

    def __init__(self) -> None:
        """Begin with no id."""
        # The oldest first, and not without an end: each second adds to it.
        self._known: dict[str, None] = {}
        self._echoing: set[str] = set()
        self._naming: set[str] = set()
        self._misses: dict[Kind, int] = {}

    def note(self, request_id: str) -> None:
        """Keep the RequestId of a request or a reply."""
        self._known[request_id] = None
        if len(self._known) > _MOST_IDS:
            del self._known[next(iter(self._known))]

    def doubt(
        self, kind: Kind, sent: str, received: str, *, is_first: bool, is_made: bool
    ) -> FateUnknownError | None:
        """Return why a reply does not answer the request with the id sent, if so.

        A kind is an endpoint, a call and its result. `is_first` means the first
        reply on a connection, `is_made` that the cloud makes the ids.
        """
        endpoint = kind[0]
        if received == sent:
            self._echoing.add(endpoint)
            self._naming.add(endpoint)
            self._misses.pop(kind, None)
            return None
        if received in self._known:
            return FateUnknownError("the reply that came belongs to another request")
        if received:
            self.note(received)
        if received and is_made:
            self._misses.pop(kind, None)
            return None
        expecting = self._echoing if received else self._naming
        misses = self._misses.get(kind, 0)
        if is_first and misses < _MISSES:
            misses += 1
            self._misses[kind] = misses
        if (is_made or endpoint in expecting) and misses < _MISSES:
            return FateUnknownError("the reply has not the RequestId of the request")
        if received:
            self._naming.add(endpoint)
        return None
