"""Whether the cloud pushes what the devices of a product report."""

from homeassistant.core import CALLBACK_TYPE, callback


class PushState:
    """What is known of the pushes of a product.

    While they are `active` its devices are read seldom, because nothing is to be found.
    They are once a message came, or with `by_rule` once they are expected: the rule is
    right then, and the cloud has tried it. Something `is_missed` if a read found it since
    the last of so many `messages`; that nothing comes is for others to judge.

    Each of the `listeners` is called when `is_active`, `is_expected` or `is_silent` is set.
    """

    def __init__(self, *, by_rule: bool) -> None:
        """Begin without pushes."""
        self.listeners: list[CALLBACK_TYPE] = []
        self.is_active = False
        self.is_expected = False
        self.is_silent = False
        self.is_missed = False
        self.messages = 0
        self._by_rule = by_rule

    @property
    def in_short(self) -> str:
        """Return it in a word, as diagnostics show it."""
        if self.is_silent:
            return "silent"
        if self.is_active:
            return "active"
        return "waiting" if self.is_expected else "off"

    @callback
    def async_set_expected(self, is_expected: bool) -> None:
        """Take in whether messages should come."""
        if is_expected is not self.is_expected:
            self.is_expected = is_expected
            self._async_change(is_active=is_expected and self._by_rule)

    @callback
    def async_note_message(self) -> None:
        """Take in that a message came that is of use."""
        self.messages += 1
        self.is_missed = False
        if not self.is_active:
            self._async_change(is_active=True)

    @callback
    def async_note_missed(self) -> None:
        """Take in that a read found what should have been pushed, and may be yet."""
        self.is_missed = self.is_active or self.is_expected

    @callback
    def async_note_silence(self) -> None:
        """Take in that devices report and nothing is pushed, until a message comes."""
        self._async_change(is_active=False, is_silent=True)

    @callback
    def _async_change(self, *, is_active: bool, is_silent: bool = False) -> None:
        """Let others follow a change."""
        self.is_active, self.is_silent, self.is_missed = is_active, is_silent, False
        for listener in self.listeners:
            listener()
