"""The questions of repair issues: what a person can do about them."""

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast, override

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig

from .account.request_counts import Origin
from .api import PAGE_SIZE, TencentIotError, UnknownDeviceError
from .const import DOMAIN
from .errors import literally
from .flows.left_out_repair import LeftOutFlow
from .flows.product_repair import ConfirmedRepairFlow
from .flows.properties_repair import PropertiesFlow
from .flows.rule_repair import RuleFlow
from .identifiers import declared_keys
from .push.rule_issues import QUESTIONS
from .runtime import Product
from .schema import vol
from .setup.left_out import ISSUE as LEFT_OUT_ISSUE
from .setup.properties_question import ISSUE as PROPERTIES_ISSUE
from .stale.declarations import (
    async_remove_gone_declarations,
    async_report_gone_declarations,
)
from .stale.devices import async_remove_devices, async_replace_device
from .stale.gone_in_words import gone_device_in_words, gone_devices_in_words

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult

_NEW_DEVICE = "new_device"
_MOST_LISTED = 500


class GoneDeclarationsFlow(ConfirmedRepairFlow):
    """Removes the services and entities of what a data template lost."""

    _shown: frozenset[str] = frozenset()

    @override
    def obstacle(self) -> str | None:
        """Return the reason if nothing is gone any more."""
        if reason := super().obstacle():
            return reason
        return None if declared_keys(self.product.gone) else "declarations_back"

    @override
    async def async_name_subject(self) -> str | None:
        """Keep what is gone, and who uses it by now."""
        product = self.product
        await async_report_gone_declarations(product)
        if reason := self.obstacle():
            return reason
        self._shown = frozenset(declared_keys(product.gone))
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        self.placeholders |= (issue and issue.translation_placeholders) or {}
        return None

    @override
    async def async_confirmed(self) -> RepairsFlowResult:
        """Remove them, unless the data template has changed again."""
        template = self.product.template
        await template.async_refresh()
        if template.failure:
            return self.async_end("template_not_readable")
        if reason := self.obstacle():
            return self.async_end(reason)
        if not declared_keys(self.product.gone) <= self._shown:
            return await self.async_step_confirm()
        if not await async_remove_gone_declarations(self.product):
            return await self.async_step_confirm()
        return self.async_end()


class GoneDevicesFlow(ConfirmedRepairFlow):
    """Removes many devices at once."""

    _shown: tuple[str, ...] = ()

    @override
    async def async_name_subject(self) -> str | None:
        """Keep the devices that are gone."""
        self._shown = self.product.devices.watch.gone
        self.placeholders |= gone_devices_in_words(self.product, self._shown)
        return None if self._shown else "devices_back"

    @override
    async def async_confirmed(self) -> RepairsFlowResult:
        """Remove those that are still gone, and ask about others that went since."""
        product = self.product
        try:
            listed = await product.client.get_device_list(
                product.product_id, origin=Origin.POLL
            )
        except TencentIotError:
            return self.async_end("not_readable")
        reason = None if listed.is_complete else "not_readable"
        if reason := self.obstacle() or reason:
            return self.async_end(reason)
        product = self.product
        product.devices.watch.compare(listed.devices, is_complete=False)
        gone = tuple(
            name
            for name in self._shown
            if name in product.devices.names and name not in listed.devices
        )
        if not gone:
            product.async_structure_changed()
            return self.async_end("devices_back")
        await async_remove_devices(product, gone)
        if product.is_stopped or product.devices.watch.gone:
            return await self.async_step_confirm()
        return self.async_end()


class GoneDeviceFlow(ConfirmedRepairFlow):
    """Removes a device, or puts another in its place."""

    def __init__(self, issue: ir.IssueEntry | None, device: str) -> None:
        """Keep which device is asked about."""
        super().__init__(issue)
        self._device = device

    @override
    def obstacle(self) -> str | None:
        """Return the reason if the device is not used here, or was seen again."""
        if reason := super().obstacle():
            return reason
        if self._device not in self.product.devices.names:
            return "device_not_used"
        return "device_back" if self._device in self.product.devices.data else None

    @override
    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask whether the device is gone or replaced."""
        if self.obstacle() is None:
            self.placeholders |= gone_device_in_words(
                self.hass, self.product.product_id, self._device
            )
        return self.async_ask("confirm", "replace")

    @override
    async def async_confirmed(self) -> RepairsFlowResult:
        """Remove the device."""
        existing = await _async_existing(self.product, self._device)
        reason = self._async_why_not(existing)
        if reason is None:
            await async_remove_devices(self.product, (self._device,))
        return self.async_end(reason)

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask which device took its place."""
        if reason := self.obstacle():
            return self.async_end(reason)
        if user_input is not None:
            return self.async_end(await self._async_replace(user_input[_NEW_DEVICE]))
        try:
            listed = await self.product.client.get_device_list(
                self.product.product_id, _MOST_LISTED, origin=Origin.POLL
            )
        except TencentIotError:
            return self.async_end("not_readable")
        if reason := self._async_why_not(listed.devices):
            return self.async_end(reason)
        used = self.product.devices.names
        names = [name for name in listed.devices if name not in used]
        if self.product.devices.all_devices or not names:
            return self.async_end("no_other_device")
        selector = SelectSelector(SelectSelectorConfig(options=names))
        return self.async_show_form(
            step_id="replace",
            data_schema=vol.Schema({vol.Required(_NEW_DEVICE): selector}),
            description_placeholders=self.placeholders,
        )

    async def _async_replace(self, new: str) -> str | None:
        """Put another device in the place of the one that is gone, or return why not."""
        self.placeholders["new_device"] = literally(new)
        existing = await _async_existing(self.product, self._device, new)
        if reason := self._async_why_not(existing):
            return reason
        if new not in (existing or ()):
            return "new_device_gone"
        is_free = async_replace_device(self.product, self._device, new)
        return None if is_free else "new_device_used"

    @callback
    def _async_why_not(self, existing: Collection[str] | None) -> str | None:
        """Return the reason unless the device is gone; if it is back, say so to all."""
        if reason := self.obstacle():
            return reason
        if existing is None:
            return "not_readable"
        if self._device not in existing:
            return None
        self.product.devices.watch.compare((self._device,), is_complete=False)
        self.product.async_structure_changed()
        return "device_back"


async def _async_existing(product: Product, *names: str) -> Collection[str] | None:
    """Return which of some devices the cloud has, by one request if that is enough."""
    client, product_id = product.client, product.product_id
    try:
        listed = await client.get_device_list(product_id, PAGE_SIZE, origin=Origin.POLL)
        existing = {name for name in names if name in listed.devices}
        if not listed.is_complete:
            for name in set(names) - existing:
                with suppress(UnknownDeviceError):
                    await client.describe_device(product_id, name, origin=Origin.POLL)
                    existing.add(name)
    except TencentIotError:
        return None
    return existing


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the question that belongs to a repair issue."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    if issue_id.startswith(LEFT_OUT_ISSUE):
        return LeftOutFlow()
    if issue_id.startswith("declarations_gone_"):
        return GoneDeclarationsFlow(issue)
    if issue_id.startswith(PROPERTIES_ISSUE):
        return PropertiesFlow(issue)
    if issue_id.startswith("devices_gone_"):
        return GoneDevicesFlow(issue)
    for question, key in QUESTIONS.items():
        if issue_id.startswith(key):
            return RuleFlow(issue, question)
    return GoneDeviceFlow(issue, cast(dict[str, str], data)["device"])
