"""The shapes that replies of the service API were documented or seen in."""

from enum import StrEnum
from typing import Any

_BARE = ("GetDeviceList", "DescribeDevice", "ListEventHistory")


class Envelope(StrEnum):
    """A shape for all replies, or for each call the one that is documented."""

    DOCUMENTED = "documented"
    RESPONSE = "response"
    BARE = "bare"
    CODE_DATA = "code_data"
    CODE_DATA_RESPONSE = "code_data_response"

    def wrap(self, call: str, payload: dict[str, Any], code: int) -> dict[str, Any]:
        """Return a payload in its envelope; a code other than zero means an error."""
        if self is Envelope.DOCUMENTED:
            bare = call in _BARE and not code
            envelope = Envelope.BARE if bare else Envelope.RESPONSE
            return envelope.wrap(call, payload, code)
        document = payload
        if self in (Envelope.RESPONSE, Envelope.CODE_DATA_RESPONSE):
            document = {"Response": document}
        if self in (Envelope.CODE_DATA, Envelope.CODE_DATA_RESPONSE):
            document = {"code": code, "msg": "", "data": document}
        return document
