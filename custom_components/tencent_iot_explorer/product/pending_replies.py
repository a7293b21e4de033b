"""The runs of actions whose devices may answer by a push."""

from collections.abc import Callable

from homeassistant.core import callback

from ..api import PushedReply

type ShowReply = Callable[[PushedReply], None]


class PendingReplies:
    """Who is to hear of the reply with some ClientToken, which may come before that."""

    @callback
    def async_expect(self, client_token: str, show: ShowReply) -> None:
        """Let somebody hear of the reply to an action that the cloud took over."""

    @callback
    def async_take(self, reply: PushedReply) -> None:
        """Show a reply to whom it is for; keep it a while if nobody expects it yet."""
