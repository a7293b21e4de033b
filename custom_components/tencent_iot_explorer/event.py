"""The outcome of each run of a device's actions."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.outcome import Outcome, OutcomeType
from .entity import Rank, TencentIotEntity, async_offer_entities
from .runtime import Product, TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an event entity for each device."""

    def make(product: Product, device_name: str) -> list[DeviceActionEvent]:
        """Return the event entity of one device."""
        return [DeviceActionEvent(product, device_name)]

    async_offer_entities(entry, make)


class DeviceActionEvent(TencentIotEntity, EventEntity):
    """Shows how each run of a device's actions ended, whoever started it."""

    rank = Rank.OUTCOME
    _attr_translation_key = "device_action"
    _attr_event_types = list(OutcomeType)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for outcomes."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                self.product.outcome_signal(self.device_name),
                self.async_show_outcome,
            )
        )

    @callback
    def async_show_outcome(self, outcome: Outcome, context: Context) -> None:
        """Show one outcome, and who started the run; inputs and outputs are no part of it."""
        # Only now: Home Assistant forgets a context after five seconds.
        self.async_set_context(context)
        self._trigger_event(
            outcome.type,
            {
                "action_id": outcome.action_id,
                "request_id": outcome.request_id,
                "client_token": outcome.client_token,
                "status": outcome.status,
            },
        )
        self.async_write_ha_state()
