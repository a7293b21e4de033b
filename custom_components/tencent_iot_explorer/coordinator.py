"""What the two coordinators of a product share, and that of its data template."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .account.request_counts import Origin
from .api import DataTemplate, OperationDeniedError, TencentIotClient, TencentIotError
from .const import DOMAIN
from .errors import treatment
from .product.store import TEMPLATE_STORE
from .time_slices import async_in_slices

_LOGGER = logging.getLogger(__name__)
UPDATE_INTERVAL = timedelta(seconds=60)
SLOW_UPDATE_INTERVAL = timedelta(hours=1)


def structure_signal(product_id: str) -> str:
    """Return the signal that actions, inputs or devices of a product came or went."""
    return f"{DOMAIN}_{product_id}_structure"


class ProductCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """What both share: an end of their own while the entry goes on, and their failure.

    `report` is called after each update, whether anybody listens or not. `is_read` says
    whether the cloud has answered since the start.
    """

    config_entry: ConfigEntry
    interval: timedelta | None = None
    slow_interval: timedelta | None = None

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        product_id: str,
        report: CALLBACK_TYPE,
    ) -> None:
        """Begin without asking the cloud for anything."""
        super().__init__(
            hass,
            _LOGGER,
            # The entry would keep each coordinator that it is given until it is unloaded.
            config_entry=None,
            name=product_id,
            update_interval=self.interval,
        )
        self.config_entry = config_entry
        self.product_id = product_id
        # The entry has no client any more when it is unloaded, but calls may go on.
        self.client: TencentIotClient = config_entry.runtime_data.client
        self.store = hass.data[TEMPLATE_STORE]
        self.failure: TencentIotError | None = None
        self.is_read = False
        self._report = report

    @property
    def is_stopped(self) -> bool:
        """Return whether it has ended."""
        return self._shutdown_requested

    @property
    def is_denied(self) -> bool:
        """Return whether no policy allows the operation that reads this."""
        return isinstance(self.failure, OperationDeniedError)

    @abstractmethod
    async def _async_fetch(self) -> DataT:
        """Return what the cloud says now."""

    @override
    async def _async_update_data(self) -> DataT:
        """Return what the cloud says; after a failure all stays as it was.

        It is not raised, because Home Assistant would log it for each coordinator: the
        entry logs once for all, and the product has a repair issue if that helps.
        """
        failure: TencentIotError | None = None
        try:
            data = await self._async_fetch()
        except TencentIotError as err:
            data, failure = self.data, err
        if self.is_stopped:
            return self.data
        self.failure = failure
        if failure is None:
            self.update_interval = self.interval
        elif treatment(failure).is_slow:
            self.update_interval = self.slow_interval
        else:
            self.update_interval = UPDATE_INTERVAL
        return data

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        """Let the product report how the update ended."""
        if not self.is_stopped:
            self._report()

    async def async_in_slices[ItemT](
        self, items: Iterable[ItemT]
    ) -> AsyncIterator[ItemT]:
        """Yield items in slices of time until it is stopped."""
        async for item in async_in_slices(self.hass, items):
            if self.is_stopped:
                return
            yield item


class TemplateCoordinator(ProductCoordinator[DataTemplate | None]):
    """The data template of a product: the stored one until the cloud is read.

    A timer of the product refreshes it, also where polling is disabled; it does so itself
    only after a failure that may pass sooner.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        product_id: str,
        report: CALLBACK_TYPE,
    ) -> None:
        """Begin with the stored data template."""
        super().__init__(hass, config_entry, product_id, report)
        self.always_update = False
        self.data = self.store.templates.get(product_id)

    @override
    async def _async_fetch(self) -> DataTemplate | None:
        """Read the data template and store it."""
        model = await self.client.describe_model_definition(
            self.product_id, origin=Origin.TEMPLATE
        )
        if not self.is_stopped:
            await self.store.async_update(self.product_id, model)
            self.is_read = True
        return self.store.templates.get(self.product_id)
