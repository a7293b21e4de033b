"""What the entities share that show how the runs of a device's actions ended."""

from abc import abstractmethod
from typing import override

from homeassistant.const import Platform
from homeassistant.core import Context, callback
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)

from ..entity import TencentIotEntity
from ..runtime import Product
from .outcome import Outcome

# The name of an action comes before how its run ended. Activity prints a name only where
# it is another than before, so whatever ended belongs to the last name that is printed.
_SHOWN_BY = (Platform.SENSOR, Platform.EVENT)


@callback
def async_show_outcome(
    product: Product, device_name: str, outcome: Outcome, context: Context
) -> None:
    """Show how a run ended, with the context of whoever started it."""
    for platform in _SHOWN_BY:
        signal = product.outcome_signal(platform, device_name)
        async_dispatcher_send(product.hass, signal, outcome, context)


def has_last_action(product: Product) -> bool:
    """Return whether devices show what ran last: some action is declared or was.

    What the data template has lost counts until a person confirms that.
    """
    return bool(product.actions or product.gone.actions)


class OutcomeEntity(TencentIotEntity):
    """Shows how runs of a device's actions ended; inputs and outputs are no part of it."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for outcomes."""
        await super().async_added_to_hass()
        signal = self.product.outcome_signal(self.platform.domain, self.device_name)
        self.async_on_remove(
            async_dispatcher_connect(self.hass, signal, self.async_take_outcome)
        )

    @callback
    def async_take_outcome(self, outcome: Outcome, context: Context) -> None:
        """Show one outcome, and who started the run."""
        # Only now: Home Assistant forgets a context after five seconds.
        self.async_set_context(context)
        self.take_over(outcome)
        self.async_write_ha_state()

    @abstractmethod
    def take_over(self, outcome: Outcome) -> None:
        """Take over what is shown of an outcome."""
