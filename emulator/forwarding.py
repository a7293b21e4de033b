"""What devices send, as the rule engine forwards it: at least once."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import json
from typing import TYPE_CHECKING, Any

from . import devices
from .devices import EmulatedDevice, Values
from .rules import EmulatedRule
from .status_messages import StatusForm

if TYPE_CHECKING:
    from .state import State


@dataclass(kw_only=True)
class Forwarded:
    """A message of a rule, and how each try was answered: by nothing, or a status.

    It is taken by 200; that happens twice if it is sent twice.
    """

    rule: EmulatedRule
    message: dict[str, Any]
    statuses: list[int | None] = field(default_factory=list)


class Forwarder:
    """Sends each message to the address of each enabled rule that takes it.

    The first try of each message of a rule is in order, and what is not taken is tried
    again after each of `retry_after` seconds, of which `pause` makes time, then dropped. On
    order each message is sent `twice`, has its payload `in_base64`, or is collected for
    `release` (`out_of_order`). Nothing documents whether rules of this kind get to know
    who is online: they do with `forwards_status`, in one of several forms.
    """

    def __init__(self, state: State) -> None:
        """Forward nothing before the start."""
        self.retry_after: tuple[float, ...] = (1, 3, 10)
        self.pause: Callable[[float], Awaitable[object]] = asyncio.sleep
        self.twice = False
        self.out_of_order = False
        self.in_base64 = False
        self.forwards_status = False
        self.status_form = StatusForm.RECORD
        self.sent: list[Forwarded] = []
        self.on_try: Callable[[Forwarded], None] | None = None
        self._state = state
        self._collected: list[Forwarded] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deliveries: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Listen to devices."""
        self._loop = asyncio.get_running_loop()
        devices.listeners.append(self._hear)

    async def stop(self) -> None:
        """Listen no more, and give up what is under way."""
        if self._hear in devices.listeners:
            devices.listeners.remove(self._hear)
        for delivery in self._deliveries:
            delivery.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)

    async def done(self) -> None:
        """Wait until all that is not collected was taken or dropped."""
        # What devices have sent comes first.
        await asyncio.sleep(0)
        while self._deliveries:
            await asyncio.wait(self._deliveries)

    async def release(
        self, rearrange: Callable[[list[Forwarded]], object] = list.reverse
    ) -> None:
        """Send what was collected, rearranged, and wait until that is done."""
        await asyncio.sleep(0)
        collected, self._collected = self._collected, []
        rearrange(collected)
        for forwarded in collected:
            self._begin(forwarded)
        await self.done()

    def _hear(self, device: EmulatedDevice, kind: str, payload: Values) -> None:
        """Take a message of any device, from whatever thread."""
        if self._loop and self._state.rules.by_name:
            # What it says does not change any more.
            content = json.loads(json.dumps(payload))
            self._loop.call_soon_threadsafe(self._forward, device, kind, content)

    def _forward(self, device: EmulatedDevice, kind: str, payload: Values) -> None:
        """Forward a message if the device is one of this cloud."""
        if kind == "status" and not self.forwards_status:
            return
        for product in self._state.products.values():
            if product.devices.get(device.name) is not device:
                continue
            names = {
                "topic": f"$thing/up/{kind}/{product.product_id}/{device.name}",
                "devicename": device.name,
                "productid": product.product_id,
            }
            for rule in self._state.rules.matching(names["topic"], product.project):
                rule.sequence += 1
                message = self._message(kind, payload, rule.sequence, names)
                forwarded = Forwarded(rule=rule, message=message)
                self.sent.append(forwarded)
                if self.out_of_order:
                    self._collected.append(forwarded)
                else:
                    self._begin(forwarded)

    def _message(
        self, kind: str, payload: Values, sequence: int, names: dict[str, str]
    ) -> dict[str, Any]:
        """Return what is sent for a message of a device."""
        now = self._state.now
        if kind == "status":
            return self.status_form.message(payload, sequence, now, names)
        around = {"seq": sequence, "timestamp": int(now), **names}
        return {"payload": self._encode(payload), **around}

    def _encode(self, payload: Values) -> Values | str:
        """Return a payload as it is, or as if it were binary."""
        if not self.in_base64:
            return payload
        return base64.b64encode(json.dumps(payload).encode()).decode()

    def _begin(self, forwarded: Forwarded) -> None:
        """Send a message in the background."""
        for _ in range(2 if self.twice else 1):
            delivery = asyncio.create_task(self._deliver(forwarded))
            self._deliveries.add(delivery)
            delivery.add_done_callback(self._deliveries.discard)

    async def _deliver(self, forwarded: Forwarded) -> None:
        """Send a message until it is taken, or dropped."""
        rule = forwarded.rule
        async with rule.turn:
            is_taken = await self._try(forwarded)
        for seconds in self.retry_after:
            if is_taken:
                return
            await self.pause(seconds)
            is_taken = await self._try(forwarded)

    async def _try(self, forwarded: Forwarded) -> bool:
        """Send a message once, and return whether it needs no other try."""
        rule = forwarded.rule
        if not self._state.rules.is_active(rule):
            return True
        is_taken = True
        text = json.dumps(forwarded.message, ensure_ascii=False)
        body = text.encode("utf-8", "surrogatepass")
        for address in rule.addresses:
            headers = self._state.outbound.sign(rule.token) if rule.token else {}
            answer = await self._state.outbound.send(
                "POST", address, headers=headers, body=body
            )
            forwarded.statuses.append(answer.status if answer else None)
            is_taken = is_taken and answer is not None and answer.status == 200
        if self.on_try:
            self.on_try(forwarded)
        return is_taken
