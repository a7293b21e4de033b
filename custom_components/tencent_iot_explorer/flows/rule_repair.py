"""What a person can do about a rule of the cloud that somebody else has a say in."""

from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..product.entry_rules import RuleState, RuleStatus
from ..push.rule_issues import failure_in_words
from ..push.rules import async_overwrite_rule
from .product_repair import ProductRepairFlow

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult


class RuleFlow(ProductRepairFlow):
    """Writes a rule anew, or leaves it as it is for ever."""

    def __init__(self, issue: ir.IssueEntry | None, question: RuleState) -> None:
        """Keep what is asked."""
        super().__init__(issue)
        self._question = question

    @override
    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask what to do with it."""
        return self.async_ask("write", "leave")

    async def async_step_write(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Write the rule for this Home Assistant, if it still is as it was asked about."""
        if reason := self.obstacle():
            return self.async_end(reason)
        status = await async_overwrite_rule(self.product, self._question)
        return self.async_end(self._reason(status))

    async def async_step_leave(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Leave it, and ask no more as long as it stays like that."""
        ir.async_ignore_issue(self.hass, DOMAIN, self.issue_id, True)
        return self.async_end("left")

    @callback
    def _reason(self, status: RuleStatus) -> str | None:
        """Return why the rule was not written, if it was not."""
        if status.state is RuleState.RIGHT:
            return None
        if status.failure is None:
            return "no_address" if status.state is RuleState.WAITING else "changed"
        self.placeholders |= failure_in_words(status.failure)
        return "not_written"
