"""A question about one product, which may have changed since it was asked."""

from abc import abstractmethod
from typing import TYPE_CHECKING, cast, override

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir

from ..runtime import Product
from ..schema import vol

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult


class ProductRepairFlow(RepairsFlow):
    """A question about one product, which may have changed since the last step."""

    def __init__(self, issue: ir.IssueEntry | None) -> None:
        """Keep what the issue names, which may be settled before the last step."""
        self.placeholders = dict((issue and issue.translation_placeholders) or {})

    @property
    def product(self) -> Product:
        """Return the product that is asked about, as it is loaded now."""
        data = cast(dict[str, str], self.data)
        entry = self.hass.config_entries.async_get_known_entry(data["entry_id"])
        products: dict[str, Product] = entry.runtime_data.products
        return products[data["subentry_id"]]

    def obstacle(self) -> str | None:
        """Return the reason if nothing can be done now, as far as that is known here."""
        data = cast(dict[str, str], self.data)
        entry = self.hass.config_entries.async_get_entry(data["entry_id"])
        if entry is None or data["subentry_id"] not in entry.subentries:
            return "product_removed"
        if entry.state is not ConfigEntryState.LOADED:
            return "not_loaded"
        products = entry.runtime_data.products
        return None if data["subentry_id"] in products else "not_loaded"

    @callback
    def async_ask(self, *answers: str) -> RepairsFlowResult:
        """Ask what to do, if anything can be done."""
        if reason := self.obstacle():
            return self.async_end(reason)
        return self.async_show_menu(
            step_id="init",
            menu_options=list(answers),
            description_placeholders=self.placeholders,
        )

    @callback
    def async_end(self, reason: str | None = None) -> RepairsFlowResult:
        """End the question, settled or for a reason that is given."""
        if reason is None:
            return self.async_create_entry(data={})
        return self.async_abort(
            reason=reason, description_placeholders=self.placeholders
        )

    @abstractmethod
    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask the first question."""


class ConfirmedRepairFlow(ProductRepairFlow):
    """A question that is confirmed before anything is done."""

    @override
    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask the first question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask whether to go on, and do so."""
        if reason := self.obstacle():
            return self.async_end(reason)
        if user_input is not None:
            return await self.async_confirmed()
        if reason := await self.async_name_subject():
            return self.async_end(reason)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=self.placeholders,
        )

    async def async_name_subject(self) -> str | None:
        """Keep what the form is to show, which alone it confirms; if nothing, say why."""
        return None

    @abstractmethod
    async def async_confirmed(self) -> RepairsFlowResult:
        """Do what was confirmed, if the cloud still says the same."""
