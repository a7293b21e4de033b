"""What all entities of a device share."""

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONSOLE_URL, DOMAIN, MANUFACTURER
from .coordinator import ProductCoordinator


def device_identifier(product_id: str, device_name: str) -> str:
    """Return what a device is known by in the device registry and in `device_id`."""
    return f"{product_id}/{device_name}"


def action_unique_id(product_id: str, device_name: str, action_id: str) -> str:
    """Return the unique id of the button of a device action."""
    return f"{device_identifier(product_id, device_name)}/{action_id}"


class TencentIotEntity(CoordinatorEntity[ProductCoordinator]):
    """An entity of one device of a product."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: ProductCoordinator, device_name: str) -> None:
        """Tell which device the entity belongs to."""
        super().__init__(coordinator)
        self.device_name = device_name
        self._attr_device_info = DeviceInfo(
            identifiers={
                (DOMAIN, device_identifier(coordinator.product_id, device_name))
            },
            name=device_name,
            manufacturer=MANUFACTURER,
            model=coordinator.title,
            model_id=coordinator.product_id,
            serial_number=device_name,
            configuration_url=CONSOLE_URL,
        )
