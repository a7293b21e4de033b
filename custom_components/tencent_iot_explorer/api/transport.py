"""The way to the cloud: signed, counted, stamped by its clock, and repeated where safe."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
import logging
import math
import secrets
import time

import aiohttp

from .backend import Backend, Payload, SignedRequest, values_in
from .call import Call
from .envelope import unwrap
from .errors import (
    CannotConnectError,
    CredentialsError,
    FateUnknownError,
    RateLimitError,
    Repeat,
    RetryLaterError,
    TencentIotError,
    TimestampError,
    TooLateError,
)
from .key_use import KeyUse
from .payloads import text
from .post import Reply, post
from .sanitize import Result, Sanitizer
from .span import Span

_LOGGER = logging.getLogger(__name__)

type NoteRequest = Callable[[str, str, str, TencentIotError | None], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeLimits:
    """How many seconds are waited for what.

    What acts and cannot be sent within those of its `turn` is not sent. A cloud that
    takes longer than `hand_over`, `reply` or `read` is waited for no more; all tries of
    a read together end after `reads`. `back_offs` are the pauses before another try.
    """

    turn: float = 5
    # Less than a turn, by what an action needs before it.
    connect: float = 4.99
    hand_over: float = 10
    reply: float = 30
    read: float = 10
    reads: float = 30
    back_offs: Sequence[float] = (0.5, 2.0)


async def _notice_closed_connections() -> None:
    """Let the loop learn which connections the cloud has closed.

    While the loop was blocked it learnt nothing, and a request would be written on a
    connection that is closed: nobody would know what came of it. What has come is seen
    in the next turn of the loop, but after what is to run in it; so it takes two. Over
    TLS it takes no more, whether the cloud says that it closes or only does so.
    """
    await asyncio.sleep(0)
    await asyncio.sleep(0)


class Transport:
    """Sends the requests of one key by one interface."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        backend: Backend,
        key_use: KeyUse,
        limits: TimeLimits,
        note_request: NoteRequest | None,
    ) -> None:
        """Keep what each request needs."""
        self._session = session
        self._backend = backend
        self._key_use = key_use
        self._limits = limits
        self._note_request = note_request

    async def read[ResultT: Result](self, call: Call[ResultT]) -> ResultT:
        """Return what a read brings; what another try can mend is tried up to three times.

        Reading again does no harm, so this goes for an unknown result, too. All tries
        together are limited. While the cloud wants to be left alone for longer than that,
        nothing is sent; what waits for the same moment goes on one by one.
        """
        await self._key_use.keep_pace(call.name)
        start = time.monotonic()
        limits = self._limits
        span = Span(
            limits.read,
            limits.connect,
            deadline=math.inf,
            repeats_end=start + limits.reads - limits.read,
            end=start + limits.reads,
        )
        pause = self._key_use.reads_resume_at - start
        if start + pause > span.repeats_end:
            err = RetryLaterError()
            err.retry_after = pause
            raise err
        if pause > 0:
            await asyncio.sleep(pause)
            await self._key_use.keep_pace(call.name)
        return await self._send(call, span, (Repeat.READS, Repeat.EVERYTHING))

    async def act[ResultT: Result](
        self, call: Call[ResultT], device: str, *, waits: bool
    ) -> ResultT:
        """Return what an action or a write brings, repeated only if surely not executed.

        Raises TooLateError, having sent nothing, if it cannot be sent within the seconds
        of its turn, in which all waiting and repeating is included.
        """
        limits = self._limits
        async with self._key_use.actions.turn(
            call.caller, device, limits.turn - call.waited, waits=waits
        ) as deadline:
            each = limits.reply if waits else limits.hand_over
            span = Span(each, limits.connect, deadline, repeats_end=deadline)
            await self._key_use.keep_pace(call.name)
            return await self._send(call, span, (Repeat.EVERYTHING,))

    async def _send[ResultT: Result](
        self, call: Call[ResultT], span: Span, repeated: Collection[Repeat]
    ) -> ResultT:
        """Return what a call brings, after as many tries as it may have.

        A request that was refused for its time stamp or its signature did nothing; if a
        wrong clock was its fault, it is signed once more.
        """
        clock = self._key_use.clock
        back_offs = iter(self._limits.back_offs)
        corrected = False
        while True:
            timestamp = clock.now()
            try:
                return await self._send_once(call, span, timestamp)
            except (CredentialsError, TimestampError) as err:
                if corrected or not clock.explains(timestamp):
                    raise
                corrected = True
                if span.is_over:
                    raise TooLateError(
                        code=err.code, request_id=err.request_id
                    ) from err
            except TencentIotError as err:
                back_off = next(back_offs, math.inf)
                pause = back_off * (0.5 + secrets.randbelow(1000) / 1000)
                pause = max(pause, err.retry_after or 0)
                if (
                    err.repeat not in repeated
                    or time.monotonic() + pause > span.repeats_end
                ):
                    raise
                await asyncio.sleep(pause)
            await self._key_use.keep_pace(call.name)

    async def _send_once[ResultT: Result](
        self, call: Call[ResultT], span: Span, timestamp: int
    ) -> ResultT:
        """Sign and send one request and return what its reply holds."""
        request = self._backend.sign(call.name, call.parameters, timestamp)
        request_id = request.request_id
        sanitizer = Sanitizer.of_request(
            *request.secrets,
            values=values_in(call.parameters),
            secrets=call.secrets,
        )
        _LOGGER.debug("Request: %s", request)
        try:
            self._key_use.request_ids.note(request_id)
            payload = await self._exchange(call, request, span)
            request_id = sanitizer.request_id(text(payload, "RequestId"), request_id)
            result = call.parse({**payload, "RequestId": request_id})
            result = sanitizer.result(result)
        except TencentIotError as err:
            error = sanitizer.error(err, request_id)
            self._note(call, request, error)
        else:
            self._note(call, request, None)
            _LOGGER.debug("%s: answered", request_id)
            return result
        # Raised out here, nothing hangs on it that quotes a request or a reply.
        _LOGGER.debug("%s: %s: %s", error.request_id, type(error).__name__, error)
        raise error

    async def _exchange(
        self, call: Call[Result], request: SignedRequest, span: Span
    ) -> Payload:
        """Return the payload that comes back, and note all that came along."""
        if math.isfinite(span.deadline):
            # What acts. A read that nobody knows anything of is sent again.
            await _notice_closed_connections()
        reply = await post(
            self._session,
            self._backend.url,
            request,
            span,
            note_date=self._key_use.clock.note,
        )
        try:
            payload = unwrap(reply.body, reply.status, self._backend, call.parameters)
        except TencentIotError as err:
            self._refuse_foreign(request, reply, err.request_id, err)
            if reply.retry_after is None:
                raise
            self._key_use.leave_alone(reply.retry_after)
            err.retry_after = reply.retry_after
            if not isinstance(err, RateLimitError):
                raise
            later = RetryLaterError(
                err.message, code=err.code, request_id=err.request_id
            )
            later.retry_after = reply.retry_after
            raise later from err
        self._refuse_foreign(request, reply, text(payload, "RequestId"))
        return payload

    def _refuse_foreign(
        self,
        request: SignedRequest,
        reply: Reply,
        received: str,
        err: TencentIotError | None = None,
    ) -> None:
        """Raise FateUnknownError for a reply that answers another request, perhaps.

        What is refused by an HTTP status alone need not come from the cloud. It is
        believed, but its connection is not: the reply to this request may come yet.
        """
        is_unknown = isinstance(err, FateUnknownError)
        is_bare = err is not None and err.code.startswith("HTTP ")
        if not received and (is_unknown or is_bare):
            reply.close()
            return
        kind = (self._backend.url, request.action, type(err).__name__)
        if doubt := self._key_use.request_ids.doubt(
            kind,
            request.request_id,
            received,
            is_first=reply.is_first,
            is_made=self._backend.makes_request_ids,
        ):
            reply.close()
            if not is_unknown:
                raise doubt from err

    def _note(
        self, call: Call[Result], request: SignedRequest, err: TencentIotError | None
    ) -> None:
        """Note what came of a request, unless it surely was not sent."""
        if self._note_request is not None and not isinstance(
            err, CannotConnectError | TooLateError
        ):
            self._note_request(call.product_id, request.action, call.origin, err)
