"""Which devices of a product are used here, and which the cloud does not have any more."""

from collections.abc import Collection, Iterable

# Once can be a passing fault of the cloud.
_POLLS_UNTIL_GONE = 2
_MANY = 5
_LARGE_PART = 4


class DeviceWatch:
    """The devices of one product, compared with what each complete reading shows."""

    def __init__(self, names: Iterable[str], *, follows_all: bool) -> None:
        """Begin with the devices that are known."""
        self._follows_all = follows_all
        self._missed: dict[str, int] = dict.fromkeys(names, 0)

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
        gone, known = len(self.gone), len(self._missed)
        return gone == known or (gone > _MANY and gone * _LARGE_PART > known)

    def compare(self, listed: Collection[str], *, is_complete: bool) -> bool:
        """Take in a reading; return whether devices came, went or came back.

        In one that is not complete a missing device means nothing.
        """
        before, gone = tuple(self.names), self.gone
        for name, missed in self._missed.items():
            self._missed[name] = 0 if name in listed else missed + is_complete
        if self._follows_all:
            self._missed |= {name: 0 for name in listed if name not in self._missed}
        return (before, gone) != (tuple(self.names), self.gone)

    def forget(self, names: Iterable[str]) -> None:
        """Let go of devices."""
        for name in names:
            self._missed.pop(name, None)
