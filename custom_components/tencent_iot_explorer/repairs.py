"""What a person can do about devices and actions that the cloud does not have any more."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, cast, override

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig

from .api.errors import TencentIotError
from .const import DOMAIN
from .coordinator import ProductCoordinator, TencentIotConfigEntry
from .gone_actions import async_remove_gone_actions
from .gone_devices import async_remove_devices, async_replace_device
from .schema import vol

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult

_NEW_DEVICE = "new_device"
_MOST_LISTED = 500


class ProductRepairFlow(RepairsFlow):
    """A question about one product."""

    @property
    def entry(self) -> TencentIotConfigEntry:
        """Return the application that is asked about."""
        data = cast(dict[str, str], self.data)
        return self.hass.config_entries.async_get_known_entry(data["entry_id"])

    @property
    def product(self) -> ProductCoordinator:
        """Return the product that is asked about, as it is loaded now."""
        data = cast(dict[str, str], self.data)
        return self.entry.runtime_data.products[data["subentry_id"]]

    @property
    def placeholders(self) -> dict[str, str]:
        """Return what the repair issue names."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return dict(issue.translation_placeholders or {}) if issue else {}

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask the first question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask whether to go on, and do so."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders=self.placeholders,
            )
        if self.entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        await self.async_confirmed()
        return self.async_create_entry(data={})

    @abstractmethod
    async def async_confirmed(self) -> None:
        """Do what was confirmed."""


class GoneActionsFlow(ProductRepairFlow):
    """Removes the services and entities of actions that are gone."""

    @override
    async def async_confirmed(self) -> None:
        """Remove them."""
        await async_remove_gone_actions(self.hass, self.entry, self.product)


class GoneDevicesFlow(ProductRepairFlow):
    """Removes many devices at once."""

    @override
    async def async_confirmed(self) -> None:
        """Remove those that are still gone."""
        async_remove_devices(
            self.hass, self.entry, self.product, self.product.watch.gone
        )


class GoneDeviceFlow(ProductRepairFlow):
    """Removes a device, or puts another in its place."""

    def __init__(self, device: str) -> None:
        """Keep which device is asked about."""
        self._device = device

    @override
    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask what became of the device."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["confirm", "replace"],
            description_placeholders=self.placeholders,
        )

    @override
    async def async_confirmed(self) -> None:
        """Remove the device."""
        async_remove_devices(self.hass, self.entry, self.product, (self._device,))

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask which device took its place."""
        if self.entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        if user_input is not None:
            async_replace_device(
                self.hass,
                self.entry,
                self.product,
                self._device,
                user_input[_NEW_DEVICE],
            )
            return self.async_create_entry(data={})
        try:
            listed = await self.entry.runtime_data.client.get_device_list(
                self.product.product_id, _MOST_LISTED
            )
        except TencentIotError:
            return self.async_abort(reason="not_readable")
        names = [
            name for name in listed.devices if name not in self.product.device_names
        ]
        if not names:
            return self.async_abort(reason="no_other_device")
        selector = SelectSelector(SelectSelectorConfig(options=names))
        return self.async_show_form(
            step_id="replace",
            data_schema=vol.Schema({vol.Required(_NEW_DEVICE): selector}),
            description_placeholders=self.placeholders,
        )


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the question that belongs to a repair issue."""
    if issue_id.startswith("actions_gone_"):
        return GoneActionsFlow()
    if issue_id.startswith("devices_gone_"):
        return GoneDevicesFlow()
    return GoneDeviceFlow(cast(dict[str, str], data)["device"])
