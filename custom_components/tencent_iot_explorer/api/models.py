"""What the calls of the cloud return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from .moments import Moment


class DeviceStatus(IntEnum):
    """Whether the cloud can reach a device."""

    OFFLINE = 0
    ONLINE = 1
    FETCH_FAILED = 2
    NOT_ACTIVATED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A device of a product, without the secrets that the cloud sends along.

    No status means that the cloud sent none that is documented, no firmware none at all.
    Only the interface of an account says of a device that it is one by LoRa.
    `login_time` is when it came online last, in seconds since 1970, if that is known.
    """

    name: str
    status: DeviceStatus | None
    firmware: str | None = None
    is_lora: bool = False
    login_time: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DevicePage:
    """Some devices of a product and how many it has in all.

    `unusable` are the names of those whose name is no DeviceName.
    """

    devices: tuple[Device, ...]
    total: int
    unusable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceList:
    """Devices of a product by their name, and how many it has in all.

    `unusable` are the names of those whose name is no DeviceName.
    """

    devices: Mapping[str, Device]
    total: int
    unusable: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Return whether a device that is not listed surely does not exist."""
        return len(self.devices) + len(self.unusable) >= self.total


class ProductStatus(StrEnum):
    """How far the development of a product is."""

    IN_DEVELOPMENT = "dev"
    IN_REVIEW = "audit"
    RELEASED = "released"


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """A project of an account, which products are in."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """A product of an account that has a data template.

    No project and no name of it are empty texts; no number of devices and no status mean
    that the cloud gives none.
    """

    id: str
    name: str
    project_id: str = ""
    project_name: str = ""
    device_count: int | None = None
    status: ProductStatus | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page[ItemT: Product | Project]:
    """A part of a list of an account by the ids, and how long the whole list is.

    `others` are the ids of what is of no use.
    """

    items: Mapping[str, ItemT]
    total: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelDefinition:
    """A product's data template as the cloud sends it: JSON in a text.

    `update_time` is in seconds since 1970, 0 if the cloud gives none.
    """

    model_define: str
    update_time: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionReceipt:
    """The cloud took an action over; its outcome at the device is unknown."""

    client_token: str
    status: str
    request_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionReply(ActionReceipt):
    """The device answered; outputs by their id, or its text where it sent no object."""

    outputs: Mapping[str, object] | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a device reported last of one property, as it was sent.

    `reported_at` is in milliseconds since 1970, by the clock of the cloud or the device.
    It is exact to `resolution` milliseconds: rounded down, if that is not 1. Of two that
    were pushed in the same moment the one with the higher `sequence` is the later; what
    was read has none. `sent` is when the cloud pushed it, by its own clock.
    """

    value: object
    reported_at: int
    resolution: int = 1
    sequence: int | None = None
    sent: Moment | None = None

    @property
    def is_ahead(self) -> bool:
        """Return whether the clock that it was reported by is surely fast."""
        return self.sent is not None and self.reported_at >= self.sent.end

    @property
    def latest_at(self) -> int:
        """Return when it was reported at the latest, by the same clock."""
        return self.reported_at + self.resolution - 1

    def is_of_the_moment_of(self, other: Report) -> bool:
        """Return whether their times do not say which of two was the later."""
        return (
            self.reported_at <= other.latest_at and other.reported_at <= self.latest_at
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceData:
    """The last report of each property, by its id; what was never reported is not there."""

    reports: Mapping[str, Report]


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteReceipt:
    """The cloud took over what shall be written; only a report shows that it was.

    `is_sent` says whether the device was reached. If not, it may be told later.
    """

    is_sent: bool
    request_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRecord:
    """An event that a device reported, with its parameters by their id.

    `occurred_at` is in milliseconds since 1970, by the clock of the cloud or the device.
    `data` is the text that the parameters came in, by which one event is told from
    another. `sent_at` is when the cloud pushed it, by its own clock.
    """

    event_id: str
    type: str
    occurred_at: int
    data: str
    parameters: Mapping[str, object]
    sent_at: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventHistory:
    """The events of a device in a time, in order; `read_at` is the cloud's own, in ms."""

    events: tuple[EventRecord, ...]
    read_at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EventPage:
    """A part of the events of a device, and where the next part begins.

    `count` is how many came, with those that are of no use; `total` how many there are.
    """

    events: tuple[EventRecord, ...]
    count: int
    total: int | None
    context: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicRule:
    """A rule of the cloud's rule engine: which messages it takes, and what is done then.

    `address` is where they are forwarded to, none if it does anything else or more. Who
    knows it can send messages, too, so that it is not shown.
    """

    name: str
    sql: str
    address: str | None = field(repr=False)
    is_disabled: bool
