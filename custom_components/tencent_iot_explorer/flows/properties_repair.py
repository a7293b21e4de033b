"""The question whether a product of an earlier release gets properties and events."""

from typing import TYPE_CHECKING, override

from homeassistant.core import callback

from ..const import CONF_USE_PROPERTIES
from ..setup.properties_question import question_in_words
from .product_repair import ProductRepairFlow

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult


class PropertiesFlow(ProductRepairFlow):
    """Keeps with the product what a person decides; whoever follows the entry obeys."""

    @override
    def obstacle(self) -> str | None:
        """Return the reason if it is decided, or if there is nothing to decide."""
        if reason := super().obstacle():
            return reason
        return None if question_in_words(self.product) else "decided"

    @override
    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, naming what would come now."""
        if self.obstacle() is None:
            self.placeholders |= question_in_words(self.product) or {}
        return self.async_ask("use", "leave")

    async def async_step_use(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Let properties and events have entities."""
        return self._async_decide(is_used=True)

    async def async_step_leave(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Leave it at actions."""
        return self._async_decide(is_used=False)

    @callback
    def _async_decide(self, *, is_used: bool) -> RepairsFlowResult:
        """Store what was decided, unless it was decided elsewhere meanwhile."""
        if reason := self.obstacle():
            return self.async_end(reason)
        entry = self.product.entry
        subentry = entry.subentries[self.product.subentry_id]
        self.hass.config_entries.async_update_subentry(
            entry, subentry, data={**subentry.data, CONF_USE_PROPERTIES: is_used}
        )
        return self.async_end()
