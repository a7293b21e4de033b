"""The emulated devices: what they report, what happens to them, and what they are sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
import time
from typing import Any
import uuid

type Values = dict[str, Any]
type Listener = Callable[[EmulatedDevice, str, Values], None]

# Each cloud that runs hears all that devices send, with its kind, and leaves out what is
# not of its own devices. So it does not matter when which product gets which device.
listeners: list[Listener] = []


@dataclass(frozen=True, kw_only=True)
class EmulatedEvent:
    """Something that a device has reported, with when it happened in milliseconds."""

    event_id: str
    kind: str
    parameters: Values
    time_stamp: int


@dataclass(kw_only=True)
class EmulatedDevice:
    """A device: its state, and the secrets that the cloud sends along with it.

    `reported` has the last value of each property, and when it was reported. What a device
    reports of what is written to it is what `react` makes of that: at once, or with
    `holds_writes` when `apply_writes` is called. With `repeats_old_values` it reports
    before what it reported last. What was written to it while it was offline is in
    `missed`; with `takes_missed_writes` it is applied when the device comes back.

    What it sends has the time only `with_timestamps`; of an event that is not the one that
    the cloud notes, which is `event_delay` milliseconds later. It answers actions by
    `reply_code` and `reply_status`, after the cloud has answered the call or with
    `replies_first` before that; with `holds_replies` when `send_replies()` is called, and
    never while it is `silent`.
    """

    name: str
    status: int = 1
    silent: bool = False
    version: str = "1.0.3"
    is_lora: bool = False
    login_time: int = 1546315200
    reported: dict[str, tuple[Any, int]] = field(default_factory=dict)
    events: list[EmulatedEvent] = field(default_factory=list)
    react: Callable[[Values], Values] = dict
    holds_writes: bool = False
    repeats_old_values: bool = False
    takes_missed_writes: bool = False
    held: list[Values] = field(default_factory=list)
    missed: list[Values] = field(default_factory=list)
    with_timestamps: bool = True
    event_delay: int = 400
    reply_code: int = 0
    reply_status: str = ""
    replies_first: bool = False
    holds_replies: bool = False
    held_replies: list[Values] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        """Return the device as ServiceDescribeDevice prints it."""
        return {
            "DeviceName": self.name,
            "Status": self.status,
            "DevicePsk": f"psk-of-{self.name}",
            "FirstOnlineTime": 1546315200,
            "LoginTime": self.login_time,
            "CreateTime": 1546315200,
            "Version": self.version,
            "DeviceCert": f"cert-of-{self.name}",
            "LogLevel": 0,
            "DevEUI": "",
            "AppKey": f"lora-app-key-of-{self.name}",
            "AppSKey": f"lora-app-session-key-of-{self.name}",
            "NwkSKey": f"lora-network-session-key-of-{self.name}",
        }

    def report(self, at: int | None = None, /, **values: Any) -> None:
        """Report properties, also undeclared ones, now or at a time in milliseconds.

        No device reports one property twice in a millisecond, not even where a test has
        stopped the clock.
        """
        now = _milliseconds()
        for identifier, value in values.items():
            _, before = self.reported.get(identifier, (None, 0))
            moment = max(now, before + 1) if at is None else at
            self.reported[identifier] = (value, moment)
        if values:
            moments = [self.reported[identifier][1] for identifier in values]
            self._send(
                "property",
                method="report",
                clientToken=uuid.uuid4().hex,
                **self._stamp(max(moments)),
                params=values,
            )

    def raise_event(
        self,
        event_id: str,
        kind: str,
        parameters: Values | None = None,
        *,
        at: int | None = None,
    ) -> None:
        """Report an event of a type (info, alert, fault), of now or of a time before."""
        event = EmulatedEvent(
            event_id=event_id,
            kind=kind,
            parameters=parameters or {},
            time_stamp=_milliseconds() if at is None else at,
        )
        self.events.append(event)
        self._send(
            "event",
            method="event_post",
            clientToken=uuid.uuid4().hex,
            version="1.0",
            eventId=event_id,
            type=kind,
            **self._stamp(event.time_stamp - self.event_delay),
            params=event.parameters,
        )

    def reply(self, client_token: str, outputs: Values | str) -> None:
        """Answer an action, unless the answer is held back or never comes."""
        if self.silent:
            return
        self.held_replies.append(
            {
                "method": "action_reply",
                "clientToken": client_token,
                "code": self.reply_code,
                "status": self.reply_status,
                "response": outputs,
            }
        )
        if not self.holds_replies:
            self.send_replies()

    def send_replies(self) -> None:
        """Answer all actions whose answers were held back, in order."""
        held, self.held_replies = self.held_replies, []
        for message in held:
            self._send("action", **message)

    def write(self, values: Values) -> bool:
        """Take what is written, and return whether it arrived."""
        if self.status != 1:
            self.missed.append(values)
            return False
        self._receive(values)
        return True

    def apply_writes(self) -> None:
        """Report what was held back, in order."""
        held, self.held = self.held, []
        for values in held:
            self.report(**self.react(values))

    def connect(self) -> None:
        """Come back, which is a new login."""
        self.status = 1
        self.login_time = int(time.time())
        self._send("status", Event="Online", Reason="")
        if self.takes_missed_writes:
            missed, self.missed = self.missed, []
            for values in missed:
                self._receive(values)

    def disconnect(self) -> None:
        """Go offline."""
        self.status = 0
        self._send("status", Event="Offline", Reason="REASON_DEVICE_DISCONNECT")

    def _send(self, topic_kind: str, /, **message: Any) -> None:
        """Send a message to the clouds."""
        for listener in listeners:
            listener(self, topic_kind, message)

    def _stamp(self, moment: int) -> Values:
        """Return the time of a message, if it has one."""
        return {"timestamp": moment} if self.with_timestamps else {}

    def _receive(self, values: Values) -> None:
        """Take what has arrived, and report it unless that is held back."""
        self._send(
            "property",
            method="control_reply",
            clientToken=uuid.uuid4().hex,
            code=0,
            status="",
        )
        if self.repeats_old_values:
            known = self.reported.keys() & values.keys()
            self.report(**{key: self.reported[key][0] for key in known})
        self.held.append(values)
        if not self.holds_writes:
            self.apply_writes()


def _milliseconds() -> int:
    """Return the time as devices write it."""
    return int(time.time() * 1000)
