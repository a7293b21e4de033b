"""The runs of actions whose devices may answer by a push."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..api import PushedReply
from ..const import DOMAIN

# In seconds. A reply that nobody expects is kept while the call's own answer may come.
_EXPECTED_FOR = 600
_KEPT_FOR = 60
_MOST_EXPECTED = 2000
_MOST_KEPT = 200

# ProductId, DeviceName and ClientToken.
type _Run = tuple[str, str, str]
type ShowReply = Callable[[PushedReply], None]


class PendingReplies:
    """Who is to hear of the reply with some ClientToken, which may come before that."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with no run."""
        self._hass = hass
        self._expected: dict[_Run, tuple[float, ShowReply]] = {}
        self._early: dict[_Run, tuple[float, PushedReply]] = {}

    @callback
    def async_expect(
        self, product_id: str, device_name: str, client_token: str, show: ShowReply
    ) -> None:
        """Let somebody hear of the reply to an action that the cloud took over."""
        now = self._hass.loop.time()
        run = (product_id, device_name, client_token)
        _make_room(self._early, now, _MOST_KEPT)
        _make_room(self._expected, now, _MOST_EXPECTED)
        if early := self._early.pop(run, None):
            show(early[1])
        else:
            self._expected[run] = now + _EXPECTED_FOR, show

    @callback
    def async_take(self, product_id: str, device_name: str, reply: PushedReply) -> None:
        """Show a reply to whom it is for; keep it a while if nobody expects it yet.

        Each run gets one. Those to runs that wait for their reply themselves, or that were
        started elsewhere, are for nobody.
        """
        now = self._hass.loop.time()
        run = (product_id, device_name, reply.client_token)
        _make_room(self._expected, now, _MOST_EXPECTED)
        _make_room(self._early, now, _MOST_KEPT)
        if expected := self._expected.pop(run, None):
            expected[1](reply)
        else:
            self._early.setdefault(run, (now + _KEPT_FOR, reply))


def _make_room[T](runs: dict[_Run, tuple[float, T]], now: float, most: int) -> None:
    """Forget what has been kept too long, and the oldest of too many."""
    while runs and (len(runs) > most or next(iter(runs.values()))[0] <= now):
        del runs[next(iter(runs))]


@callback
def pending_replies(hass: HomeAssistant, entry_id: str) -> PendingReplies:
    """Return those of an entry, which outlive its reloads."""
    entries = hass.data.setdefault(_PENDING_REPLIES, {})
    if entry_id not in entries:
        entries[entry_id] = PendingReplies(hass)
    return entries[entry_id]


@callback
def async_forget_replies(hass: HomeAssistant, entry_id: str) -> None:
    """Expect no reply any more, because the entry is removed."""
    hass.data.get(_PENDING_REPLIES, {}).pop(entry_id, None)


_PENDING_REPLIES: HassKey[dict[str, PendingReplies]] = HassKey(f"{DOMAIN}.replies")
