"""What the emulated cloud sends of itself: to addresses on this machine, and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import hashlib
import secrets

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How an address answered; the body is read as far as it matters."""

    status: int
    content_type: str
    body: bytes

    @property
    def is_redirect(self) -> bool:
        """Return whether it sends elsewhere."""
        return 300 <= self.status < 400


class Outbound:
    """The requests of the rule engine, none of which leaves this machine.

    An address elsewhere is reached only if `routes` has for its origin, such as
    `https://home.example.org`, one on this machine. What is in `unreachable`, a host or a
    host with its port, is not reached at all. `unreachable` and `routes` are read for each
    request.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Sign by a clock."""
        self.routes: dict[str, str] = {}
        self.unreachable: set[str] = set()
        self.time_limit: float = 5
        self._clock = clock
        self._session: ClientSession | None = None

    async def start(self) -> None:
        """Begin."""
        self._session = ClientSession(
            headers={
                "Content-Type": "application/json",
                "User-Agent": "Go-http-client/1.1",
            },
            timeout=ClientTimeout(total=None),
        )

    async def stop(self) -> None:
        """Close all connections."""
        if self._session:
            await self._session.close()
            self._session = None

    def sign(self, token: str) -> Mapping[str, str]:
        """Return the headers that prove who sends; they do not cover the body."""
        timestamp, nonce = str(int(self._clock())), secrets.token_urlsafe(12)
        return {
            "Timestamp": timestamp,
            "Nonce": nonce,
            "Signature": signature(token, timestamp, nonce),
        }

    async def send(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer | None:
        """Return how an address answers, or nothing if it cannot be reached in time."""
        target = self.target(URL(address))
        if target is None or self._session is None:
            return None
        try:
            async with self._session.request(
                method,
                target,
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=ClientTimeout(total=self.time_limit),
            ) as response:
                return Answer(
                    status=response.status,
                    content_type=response.content_type,
                    body=await response.content.read(1024),
                )
        except ClientError, OSError:
            return None

    def target(self, url: URL) -> URL | None:
        """Return where an address is on this machine."""
        if self.unreachable & {url.host, f"{url.host}:{url.port}"}:
            return None
        if route := self.routes.get(str(url.origin())):
            here = URL(route)
            return (
                url.with_scheme(here.scheme)
                .with_host(here.host or "")
                .with_port(here.port)
            )
        return url if url.host in LOOPBACK else None


def signature(token: str, timestamp: str, nonce: str) -> str:
    """Return what the documentation prints: SHA-1 of the three in order."""
    text = "".join(sorted((token, timestamp, nonce)))
    return hashlib.sha1(text.encode()).hexdigest()
