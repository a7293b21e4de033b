"""What the entities of properties share."""

from collections.abc import Iterable
from contextlib import suppress
from typing import override

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from ..api import TencentIotError
from ..entity import TencentIotEntity
from ..runtime import Product


class PropertyEntity(TencentIotEntity):
    """An entity that shows values of some properties of a device.

    While it is enabled, the properties of its device are read.
    """

    def __init__(
        self,
        product: Product,
        device_name: str,
        *keys: str,
        property_ids: Iterable[str],
    ) -> None:
        """Set which properties are shown."""
        super().__init__(product, device_name, *keys)
        self._property_ids = tuple(property_ids)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what the device reports."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.product.values.async_listen(
                self.device_name, self._property_ids, self.async_show_values
            )
        )
        self.product.reader.async_look()

    @override
    async def async_update(self) -> None:
        """Read the device now, once for all of its entities; failures are quiet."""
        with suppress(TencentIotError, HomeAssistantError):
            await self.product.reader.async_read(self.product, self.device_name)

    @callback
    def async_show_values(self) -> None:
        """Show values that changed."""
        self.async_write_ha_state()
