"""One POST: a body goes out, a reply comes back, and what fails becomes our own error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import ssl

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError, DecompressSizeError

from .backend import SignedRequest
from .errors import (
    BrokenReplyError,
    CannotConnectError,
    CertificateDateError,
    FateUnknownError,
)
from .headers import parse_retry_after
from .request_body import RequestBody, WithheldError
from .span import Span

_MOST_SURPLUS = 10
_LARGEST_REPLY = 1024 * 1024
# OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
_CERTIFICATE_DATE_ERRORS = (9, 10)


@dataclass(kw_only=True, slots=True)
class Reply:
    """What came back; `retry_after` is in seconds.

    `is_first` says that nothing came before it over its connection, which `close` ends.
    """

    body: bytes
    status: int
    retry_after: float | None
    is_first: bool
    close: Callable[[], None]


async def post(
    session: aiohttp.ClientSession,
    url: str,
    request: SignedRequest,
    span: Span,
    *,
    note_date: Callable[[str | None], None],
) -> Reply:
    """Send a request once, over a connection on which nothing has come unasked.

    Raises TooLateError, having sent nothing, if there is none in time.
    """
    for _ in range(_MOST_SURPLUS):
        if session.closed:
            raise CannotConnectError("all connections have been closed")
        timeout = span.timeout()
        body = RequestBody(request.body, span)
        try:
            return await _post(session, url, request.headers, body, timeout, note_date)
        except WithheldError, CannotConnectError, FateUnknownError:
            if not body.is_withheld:
                body.close_connection()
                raise
    raise CannotConnectError("replies came that nobody asked for")


async def _post(
    session: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    body: RequestBody,
    timeout: aiohttp.ClientTimeout,
    note_date: Callable[[str | None], None],
) -> Reply:
    """Send a body once, following no redirect, and return what came back.

    `note_date` gets the `Date` of each reply, also of one that breaks off.
    Raises CannotConnectError if nothing was written, whatever failed: no address, no
    connection, no agreement on TLS, no time, or a session that was closed meanwhile. Of
    what began to be written anything may have arrived: that is a FateUnknownError.
    """
    try:
        async with session.post(
            url,
            headers=headers,
            data=body,
            allow_redirects=False,
            timeout=timeout,
        ) as response:
            if body.is_withheld:
                raise WithheldError
            date = response.headers.get("Date")
            note_date(date)
            return Reply(
                body=await _read(response),
                status=response.status,
                retry_after=parse_retry_after(
                    response.headers.get("Retry-After"), date
                ),
                is_first=body.is_first,
                close=body.close_connection,
            )
    except aiohttp.ClientConnectorCertificateError as err:
        cause = err.certificate_error
        if (
            isinstance(cause, ssl.SSLCertVerificationError)
            and cause.verify_code in _CERTIFICATE_DATE_ERRORS
        ):
            raise CertificateDateError(str(cause)) from err
        raise CannotConnectError(str(err)) from err
    except aiohttp.ClientPayloadError as err:
        # An answer that came whole but cannot be unpacked, apart from one that broke off.
        if isinstance(err.__cause__, ContentEncodingError | DecompressSizeError):
            raise BrokenReplyError(err.__cause__.message) from err
        raise FateUnknownError(str(err)) from err
    except (aiohttp.ClientError, TimeoutError) as err:
        message = str(err) or type(err).__name__
        if body.is_begun:
            raise FateUnknownError(message) from err
        raise CannotConnectError(message) from err


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return the body of a reply, which is bounded so that nothing fills the memory."""
    body = bytearray()
    while chunk := await response.content.readany():
        body += chunk
        if len(body) > _LARGEST_REPLY:
            raise BrokenReplyError(f"the reply is larger than {_LARGEST_REPLY} bytes")
    return bytes(body)
