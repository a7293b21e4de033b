"""The events of devices, as they are searched for page by page."""

from collections.abc import Mapping
import json
from typing import Any
import uuid

from .checks import flaw
from .devices import EmulatedDevice, EmulatedEvent
from .products import EmulatedProduct

_DAY = 86400
_USUAL_SIZE = 10


class EventHistory:
    """All searches so far; what the documentation leaves open can be chosen.

    `oldest_first` is the order of what is found, `surplus` how many Total counts that are
    not found. With `always_has_context` also a last page has one, behind which is nothing.
    """

    def __init__(self) -> None:
        """Begin without a search."""
        self.oldest_first = False
        self.surplus = 0
        self.always_has_context = False
        self._searches: dict[str, tuple[dict[str, Any], list[EmulatedEvent], int]] = {}

    def find(
        self,
        product: EmulatedProduct,
        device: EmulatedDevice,
        parameters: Mapping[str, Any],
        now: float,
    ) -> dict[str, Any]:
        """Return a page of events, as the documentation of the service API prints it."""
        search = {
            name: parameters.get(name)
            for name in ("Type", "EventId", "StartTime", "EndTime", "Size")
        } | {"ProductId": product.product_id, "DeviceName": device.name}
        if context := parameters.get("Context"):
            found, total = self._continue(context, search)
        else:
            found = self._search(device, parameters, now)
            total = len(found) + self.surplus
        size = parameters.get("Size", _USUAL_SIZE)
        page, rest = found[:size], found[size:]
        context = ""
        if rest or self.always_has_context:
            context = uuid.uuid4().hex
            self._searches[context] = (search, rest, total)
        return {
            "Context": context,
            "Total": total,
            # Here it says that there is more, in Tencent Cloud API 3.0 that there is not.
            "Listover": bool(rest),
            "EventHistory": [
                {
                    "TimeStamp": str(event.time_stamp),
                    "ProductId": product.product_id,
                    "DeviceName": device.name,
                    "EventId": event.event_id,
                    "Type": event.kind,
                    "Data": json.dumps(event.parameters, ensure_ascii=False),
                }
                for event in page
            ],
        }

    def _continue(
        self, context: str, search: dict[str, Any]
    ) -> tuple[list[EmulatedEvent], int]:
        """Return what is left of a search, which is the same from page to page."""
        known, rest, total = self._searches.get(context, ({}, [], 0))
        if known != search:
            raise flaw("InvalidParameterValue", "Context is none of this search")
        return rest, total

    def _search(
        self, device: EmulatedDevice, parameters: Mapping[str, Any], now: float
    ) -> list[EmulatedEvent]:
        """Return what happened in the time that is asked for."""
        start = parameters.get("StartTime") or now - _DAY
        end = parameters.get("EndTime") or now
        found = [
            event
            for event in device.events
            if start * 1000 <= event.time_stamp <= end * 1000
            and parameters.get("Type") in (None, event.kind)
            and parameters.get("EventId") in (None, event.event_id)
        ]
        found.sort(key=lambda event: event.time_stamp, reverse=not self.oldest_first)
        return found
