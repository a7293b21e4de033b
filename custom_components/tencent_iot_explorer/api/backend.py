"""One interface of the cloud: all that is not the same for each of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol, override

from .errors import TencentIotError

type Payload = Mapping[str, object]
type Parameters = Mapping[str, str | int | Payload]

# What a request gives to a device, as a text of JSON.
_VALUES = ("InputParams", "Data")
# What else is shown to nobody: where a rule forwards to.
_HIDDEN = (*_VALUES, "TopicRulePayload")


def values_in(parameters: Parameters) -> str:
    """Return the text of what a request gives to a device, of an empty object if nothing."""
    return next((str(parameters[name]) for name in _VALUES if name in parameters), "{}")


@dataclass(kw_only=True, slots=True)
class SignedRequest:
    """A request that can be posted once, and what is known of it.

    `action` is the interface's own name of the call. `request_id` is an id of ours, by
    which the request is known as long as no reply brings a RequestId. `secrets` are what
    it was signed with and by; they stand in nothing that is kept, and neither they nor
    values for a device, nor what a rule does, are shown of `parameters`.
    """

    action: str
    request_id: str
    headers: Mapping[str, str]
    body: bytes
    parameters: Parameters
    secrets: Collection[str]

    @override
    def __str__(self) -> str:
        """Return what may be logged."""
        return str(
            {
                name: "…" if name in _HIDDEN or value in self.secrets else value
                for name, value in self.parameters.items()
            }
        )


class Backend(Protocol):
    """An interface of the cloud, with the keys that it is used with."""

    @property
    def url(self) -> str:
        """Return where requests are posted to."""

    @property
    def filters_devices(self) -> bool:
        """Return whether GetDeviceList takes a DeviceName.

        If so, one device is read by it, without the secrets of DescribeDevice.
        """

    @property
    def makes_request_ids(self) -> bool:
        """Return whether each reply has a RequestId that the cloud made.

        Otherwise it may be that of the request, or none.
        """

    def sign(self, call: str, parameters: Parameters, timestamp: int) -> SignedRequest:
        """Return a request for a call, stamped in seconds since 1970.

        Calls are named as in cloud API 2019-04-23: `GetDeviceList`.
        """

    def levels(self, document: Payload) -> list[Payload]:
        """Return the document of a reply and the envelopes inside it, the payload last.

        Raises BrokenReplyError for one that cannot come from this interface.
        """

    def error(
        self, code: str, message: str, parameters: Parameters
    ) -> type[TencentIotError]:
        """Return what a code and a text mean in the reply to a call with parameters."""
