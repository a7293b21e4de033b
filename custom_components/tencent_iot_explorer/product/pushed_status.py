"""Whether devices are online by what was pushed, until the cloud's list says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..api import Device, DeviceStatus

_OFFLINE = (DeviceStatus.OFFLINE, DeviceStatus.NOT_ACTIVATED)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Push:
    """The last push of a device; `at` is in whole seconds, as exact as messages are."""

    is_online: bool
    at: int
    number: int


class PushedStatuses:
    """What was pushed last of each device; `count` is how many pushes there were.

    Of those that come out of order the one that was sent last counts.
    """

    count = 0

    def __init__(self) -> None:
        """Begin with nothing that was pushed."""
        self._last: dict[str, _Push] = {}

    def note_status(self, name: str, *, is_online: bool, at: int) -> bool:
        """Take in what a device became at some time in ms; return whether that counts."""
        last, second = self._last.get(name), at // 1000
        if last and second < last.at:
            return False
        self.count += 1
        self._last[name] = _Push(is_online=is_online, at=second, number=self.count)
        return True

    def note_report(self, name: str, *, at: int) -> bool:
        """Take in that a device reported, which was online then; return as for a status.

        It goes offline after what it reports in the same second.
        """
        last = self._last.get(name)
        if last and not last.is_online and at // 1000 <= last.at:
            return False
        return self.note_status(name, is_online=True, at=at)

    def applied_to(
        self, listed: Mapping[str, Device], since: int
    ) -> Mapping[str, Device]:
        """Return a list of devices, with what was pushed while it was read.

        When that began there had been as many pushes as `since` says.
        """
        self._last = {name: last for name, last in self._last.items() if name in listed}
        later = {
            name: pushed_device(listed[name], is_online=last.is_online)
            for name, last in self._last.items()
            if last.number > since
        }
        return {**listed, **later}


def pushed_device(device: Device, *, is_online: bool) -> Device:
    """Return a device as it is after a push, the same one if that says nothing new.

    The login that the next list shows is the one by which it came online.
    """
    if is_online and device.status is not DeviceStatus.ONLINE:
        return replace(device, status=DeviceStatus.ONLINE, login_time=None)
    if not is_online and device.status not in _OFFLINE:
        return replace(device, status=DeviceStatus.OFFLINE)
    return device
