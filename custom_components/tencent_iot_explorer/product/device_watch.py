"""Which devices of a product are used here, and which the cloud does not have any more."""

from collections.abc import Collection, Iterable

# Once can be a passing fault of the cloud.
_POLLS_UNTIL_GONE = 2
_MANY = 5
_LARGE_PART = 4


class DeviceWatch:
    """The devices of one product, compared with what each complete reading shows.

    Devices that go missing one after the other are judged together, until a reading
    misses none, against those that were known before the first of them. So neither
    newcomers nor those that come back make a large loss look small.
    """

    def __init__(self, names: Iterable[str], *, follows_all: bool) -> None:
        """Begin with the devices that are known."""
        self._follows_all = follows_all
        self._missed: dict[str, int] = dict.fromkeys(names, 0)
        self._known_before: set[str] = set()
        self._went_missing: set[str] = set()

    @property
    def names(self) -> Collection[str]:
        """Return the DeviceNames that are used here at any moment."""
        return self._missed.keys()

    @property
    def gone(self) -> tuple[str, ...]:
        """Return the devices that the cloud did not have at two readings in a row."""
        return tuple(
            name for name, missed in self._missed.items() if missed >= _POLLS_UNTIL_GONE
        )

    @property
    def gone_in_numbers(self) -> bool:
        """Return whether so many are gone that a person should say whether that is so."""
        return bool(self.gone) and self.is_doubtful

    @property
    def gone_singly(self) -> tuple[str, ...]:
        """Return the devices that are surely gone, when no others seem to follow them."""
        others_follow = any(
            0 < missed < _POLLS_UNTIL_GONE for missed in self._missed.values()
        )
        return () if others_follow or self.is_doubtful else self.gone

    @property
    def is_doubtful(self) -> bool:
        """Return whether so many went missing that it may be a fault of the cloud."""
        known, missing = len(self._known_before), len(self._went_missing)
        return bool(missing) and (
            self._known_before <= self._went_missing
            or (missing > _MANY and missing * _LARGE_PART > known)
        )

    def is_missing(self, name: str) -> bool:
        """Return whether a device is not known, or not in the last complete reading."""
        return self._missed.get(name) != 0

    def compare(self, listed: Collection[str], *, is_complete: bool) -> bool:
        """Take in a reading; return whether devices came, went or came back.

        In one that is not complete a missing device means nothing.
        """
        before = self._state()
        if is_complete:
            self._judge({name for name in self.names if name not in listed})
        for name, missed in self._missed.items():
            self._missed[name] = 0 if name in listed else missed + is_complete
        if self._follows_all:
            self._missed |= {name: 0 for name in listed if name not in self._missed}
        return before != self._state()

    def doubt(self) -> None:
        """Go on doubting, as before a restart, until a reading misses no device."""
        self._known_before = set(self.names)
        self._went_missing = set(self.names)

    def forget(self, names: Iterable[str]) -> None:
        """Let go of devices."""
        for name in names:
            self._missed.pop(name, None)

    def _judge(self, missing: set[str]) -> None:
        """Add to those that went missing, or begin anew if none is."""
        if not missing:
            self._went_missing = set()
            return
        if not self._went_missing:
            self._known_before = set(self.names)
        self._went_missing |= missing

    def _state(self) -> tuple[object, ...]:
        """Return what others follow."""
        return tuple(self.names), self.gone, self.gone_singly, self.is_doubtful
