"""The body of a request, which goes over no connection that brought something unasked."""

from typing import override
from weakref import WeakSet

from aiohttp import BytesPayload
from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import StreamWriter

from .span import Span

_USED: WeakSet[ResponseHandler] = WeakSet()


class WithheldError(Exception):
    """Something came over a connection before anything was asked over it, or it is late."""


class RequestBody(BytesPayload):
    """A body that remembers its connection, and is withheld if that is not quiet.

    aiohttp hands out a connection without checking what came over it while it was kept,
    and gives the next request that as its reply. It also may have got a connection in
    time, but not gone on with it, when the loop was blocked; what is late is withheld, too.
    It writes headers along with the body, so that nothing is sent of a request whose body
    is withheld or has not begun.
    `is_first` says whether nothing was sent over the connection before.
    """

    def __init__(self, value: bytes, span: Span) -> None:
        """Keep what is to be sent, and when."""
        super().__init__(value, content_type="application/json")
        self._span = span
        self.is_withheld = False
        self.is_first = False
        self.is_begun = False
        self._connection: ResponseHandler | None = None

    @override
    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write the body, unless a reply is there already, or its time is over."""
        if isinstance(writer, StreamWriter) and isinstance(
            writer.protocol, ResponseHandler
        ):
            self._connection = writer.protocol
            self.is_first = self._connection not in _USED
            _USED.add(self._connection)
            if self._connection.should_close or self._span.is_over:
                self.is_withheld = True
                raise WithheldError
        # Over a connection that is closed it is refused, and nothing written.
        self.is_begun = self._connection is None or self._connection.is_connected()
        await super().write_with_length(writer, content_length)

    def close_connection(self) -> None:
        """Let nothing more be sent and nothing more come over the connection."""
        if self._connection is not None:
            self._connection.close()
