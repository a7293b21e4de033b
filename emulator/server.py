"""The emulated cloud: an HTTP server that listens on this machine only."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from email.utils import formatdate
from functools import partial
import json
import ssl
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .checks import flaw
from .cloud_api import CloudApi
from .demo import demo_products
from .faults import Fault, Refusal
from .interface import Interface
from .journal import JournalEntry
from .products import EmulatedProduct
from .service_api import ServiceApi
from .state import State
from .surplus import SurplusReplies


class Emulator(State):
    """The cloud: products, interfaces, a clock, and a journal of all that happened."""

    def __init__(
        self,
        products: Iterable[EmulatedProduct] | None = None,
        *,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Take over the products; the port is chosen by the system unless given."""
        super().__init__(demo_products() if products is None else products)
        self.service_api = ServiceApi(self)
        self.cloud_api = CloudApi(self)
        self.interfaces: list[Interface] = [self.service_api, self.cloud_api]
        self.faults: list[Fault] = []
        self.choose_fault: Callable[[JournalEntry], Fault | None] | None = None
        self.keep_alive = True
        self.date: str | None = None
        self.journal: list[JournalEntry] = []
        self.most_at_once = 0
        self.gate: Callable[[JournalEntry], Awaitable[None]] | None = None
        self.on_request: Callable[[JournalEntry], None] | None = None
        self.surplus = SurplusReplies()
        self._port = port
        self._ssl_context = ssl_context
        self.at_once = 0
        self._runner: web.AppRunner | None = None

    @property
    def endpoint(self) -> str:
        """Return the address that clients of the service API post to."""
        return f"{self.cloud_endpoint}{self.service_api.path}"

    @property
    def cloud_endpoint(self) -> str:
        """Return the address that clients of Tencent Cloud API 3.0 post to."""
        scheme = "https" if self._ssl_context else "http"
        return f"{scheme}://127.0.0.1:{self._port}"

    @property
    def transports(self) -> list[asyncio.Transport]:
        """Return the connections that clients have open."""
        assert self._runner and self._runner.server
        handlers = self._runner.server.connections
        return [handler.transport for handler in handlers if handler.transport]

    async def start(self) -> None:
        """Begin to listen; after `stop` the same port is used again."""
        app = web.Application()
        for interface in self.interfaces:
            app.router.add_post(interface.path, partial(self._handle, interface))
        app.on_response_prepare.append(self._set_date)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(
            self._runner, "127.0.0.1", self._port, ssl_context=self._ssl_context
        )
        await site.start()
        self._port = self._runner.addresses[0][1]
        await self.outbound.start()
        self.forwarder.start()

    async def stop(self) -> None:
        """Stop listening and forwarding."""
        await self.forwarder.stop()
        await self.outbound.stop()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    def requests(self, call: str | None = None) -> list[JournalEntry]:
        """Return the requests so far, of one call or of all."""
        return [entry for entry in self.journal if call in (None, entry.call)]

    async def _handle(
        self, interface: Interface, request: web.Request
    ) -> web.StreamResponse:
        """Answer one request and count how many are under way."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._respond(interface, request)
        finally:
            self.at_once -= 1

    async def _set_date(
        self, request: web.Request, response: web.StreamResponse
    ) -> None:
        """Return the time of the emulated clock, or what a test wants."""
        del response.headers["Date"]
        date = formatdate(self.now, usegmt=True)
        if shown := date if self.date is None else self.date:
            response.headers["Date"] = shown

    async def _respond(
        self, interface: Interface, request: web.Request
    ) -> web.StreamResponse:
        """Answer one request and write it into the journal."""
        entry = JournalEntry(interface=interface, headers=request.headers)
        self.journal.append(entry)
        self.surplus.send_next(request)
        try:
            entry.body = await request.read()
            interface.read(entry)
            if request.query_string:
                raise flaw("InvalidParameter", "no interface has a query")
            if self.gate:
                await self.gate(entry)
            if fault := self._next_fault(entry):
                response = await self._misbehave(request, entry, fault)
            else:
                response = await self._answer(entry)
        except Refusal as refusal:
            response = self._refuse(entry, refusal)
        if not self.keep_alive:
            response.force_close()
        if self.on_request:
            self.on_request(entry)
        return response

    def _next_fault(self, entry: JournalEntry) -> Fault | None:
        """Return what is to go wrong with this request."""
        for fault in self.faults:
            if fault.call in (None, entry.call):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return self.choose_fault(entry) if self.choose_fault else None

    async def _misbehave(
        self, request: web.Request, entry: JournalEntry, fault: Fault
    ) -> web.StreamResponse:
        """Answer one request as the fault says; it must be flawless all the same."""
        self._check(entry)
        response = await self._execute(entry) if fault.execute else None
        await asyncio.sleep(fault.delay)
        if fault.drop:
            assert request.transport
            request.transport.abort()
            return web.Response()
        if fault.raw is not None:
            assert request.transport
            request.transport.write(fault.raw)
            request.transport.close()
            return web.Response()
        response = self._reply(entry, fault) or response or await self._execute(entry)
        self._reshape(response, fault)
        if fault.surplus:
            second = self._reply(entry, fault.surplus) or web.Response(
                body=response.body
            )
            self._reshape(second, fault.surplus)
            await self.surplus.add(request, response, second, fault.surplus_when)
        return await self._truncate(request, response) if fault.truncate else response

    def _reply(self, entry: JournalEntry, fault: Fault) -> web.Response | None:
        """Return what a fault answers in place of the true reply, if anything."""
        if fault.code:
            response = self._refuse(entry, Refusal(fault.code, fault.message))
        elif fault.payload is not None:
            response = self._wrap(entry, fault.payload)
        elif fault.status is not None or fault.body is not None:
            body = fault.body or ""
            response = web.Response(
                body=body.encode() if isinstance(body, str) else body
            )
        else:
            return None
        response.set_status(fault.status or 200)
        entry.http_status = response.status
        return response

    @staticmethod
    def _reshape(response: web.Response, fault: Fault) -> None:
        """Give a reply the form that a fault wants."""
        response.headers.update(fault.headers or {})
        if fault.reshape:
            assert isinstance(response.body, bytes)
            response.body = fault.reshape(response.body.decode())
        if fault.chunked:
            response.enable_chunked_encoding()
        if fault.close:
            response.force_close()

    async def _truncate(
        self, request: web.Request, response: web.Response
    ) -> web.StreamResponse:
        """Send half a reply and hang up."""
        assert isinstance(response.body, bytes)
        half = web.StreamResponse(headers=response.headers)
        half.content_length = len(response.body)
        await half.prepare(request)
        await half.write(response.body[: len(response.body) // 2])
        assert request.transport
        request.transport.close()
        return half

    async def _answer(self, entry: JournalEntry) -> web.Response:
        """Check a request and do what it asks."""
        self._check(entry)
        return await self._execute(entry)

    def _check(self, entry: JournalEntry) -> None:
        """Refuse a request that is malformed, forged, late or repeated."""
        entry.interface.check(entry, self.now)

    async def _execute(self, entry: JournalEntry) -> web.Response:
        """Do what a checked request asks."""
        return self._wrap(entry, await entry.interface.serve(entry))

    def _refuse(self, entry: JournalEntry, refusal: Refusal) -> web.Response:
        """Answer with an error."""
        entry.error_code = refusal.code
        if refusal.flaw:
            entry.flaws.append(str(refusal))
        error = {"Code": refusal.code, "Message": refusal.message}
        return self._wrap(entry, {"Error": error}, is_refusal=True)

    def _wrap(
        self,
        entry: JournalEntry,
        payload: dict[str, Any],
        *,
        is_refusal: bool = False,
    ) -> web.Response:
        """Put a payload into its envelope."""
        interface = entry.interface
        document = interface.wrap(entry, payload, is_refusal=is_refusal)
        entry.reply = json.dumps(document, ensure_ascii=False)
        return web.Response(
            body=entry.reply.encode(), headers={"Content-Type": interface.content_type}
        )
