"""What a person can do about entities that there was no room for."""

from typing import TYPE_CHECKING, cast

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import ConfigEntryState

from ..runtime import TencentIotConfigEntry
from ..schema import vol
from ..setup.budget import async_count_entities
from ..setup.entities import EntitySync
from ..setup.left_out import left_out_in_words
from ..setup.running import is_running

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult


class LeftOutFlow(RepairsFlow):
    """Enables what was left out, as far as there is room for it now."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask the only question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask whether to enable what fits, and do so."""
        # An end that is no abort would take the issue away.
        data = cast(dict[str, str], self.data)
        entry: TencentIotConfigEntry | None = self.hass.config_entries.async_get_entry(
            data["entry_id"]
        )
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        loaded = entry.runtime_data
        before = await async_count_entities(self.hass, entry, loaded.products)
        if not is_running(entry, loaded):
            return self.async_abort(reason="not_loaded")
        if not before.left_out:
            return self.async_abort(reason="nothing_left_out")
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders=left_out_in_words(self.hass, entry, before),
            )
        products = tuple(loaded.products.values())
        sync = EntitySync(self.hass, entry, loaded, products)
        enabled = await sync.async_enable_left_out()
        # Another dialog may have enabled them meanwhile.
        after = await async_count_entities(self.hass, entry, loaded.products)
        if not is_running(entry, loaded):
            return self.async_abort(reason="not_loaded")
        if not after.left_out:
            return self.async_create_entry(data={})
        return self.async_abort(
            reason="not_all" if enabled else "no_room",
            description_placeholders=left_out_in_words(self.hass, entry, after),
        )
