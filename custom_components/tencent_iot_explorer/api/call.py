"""One call of the cloud, before it is signed and sent."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from .backend import Parameters, Payload
from .sanitize import Result


@dataclass(kw_only=True, slots=True)
class Call[ResultT: Result]:
    """One call of the cloud, and what is made of its reply.

    `origin` is a tag of the caller's, which the request is counted by. `secrets` are
    values among the parameters that must not be shown, whatever the cloud says of them.
    `waited` is for how many seconds what acts has waited already. What has the same
    `caller` shares places; what has none is by itself.
    """

    name: str
    parameters: Parameters
    parse: Callable[[Payload], ResultT]
    origin: str
    secrets: Collection[str] = ()
    waited: float = 0
    caller: str | None = None

    @property
    def product_id(self) -> str:
        """Return the product that it is about, empty if it is about none."""
        return str(self.parameters.get("ProductId", ""))
