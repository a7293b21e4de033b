"""The devices of a product, to choose some of them or to type others."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.translation import async_get_translations

from ..account.client import client_for
from ..account.request_counts import Origin
from ..api import (
    Device,
    DeviceList,
    DeviceStatus,
    InvalidInputError,
    OperationDeniedError,
    TencentIotError,
    UnknownDeviceError,
    readable,
    shorten,
)
from ..const import DOMAIN
from ..errors import error_placeholders
from ..product.device_names import device_label, full_device_label
from ..product.known_devices import registered_devices
from ..product.reader import async_describe
from ..product.subentries import owner_of_product
from .form_error import FormError
from .typed import clean_key

_MOST_LISTED = 500
_LONGEST_LIST = 1024


class DeviceChoice:
    """The devices that the cloud lists of a product, and those that are typed.

    A key that may not list devices may still be one that runs their actions: then names
    are taken as they are typed.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        product_id: str,
        listed: DeviceList | OperationDeniedError,
        status_texts: Mapping[DeviceStatus, str],
    ) -> None:
        """Keep what was listed, or that the key may list nothing."""
        self._hass = hass
        self._data = data
        self._product_id = product_id
        self._listed = listed
        self._status_texts = status_texts

    @classmethod
    async def async_read(
        cls, hass: HomeAssistant, data: Mapping[str, Any], product_id: str
    ) -> Self:
        """Read the list with the key of an entry; raises a TencentIotError."""
        listed: DeviceList | OperationDeniedError
        try:
            listed = await client_for(hass, data).get_device_list(
                product_id, _MOST_LISTED, origin=Origin.DIALOG
            )
        except OperationDeniedError as err:
            listed = err
        texts = await async_get_translations(
            hass, hass.config.language, "selector", {DOMAIN}
        )
        prefix = f"component.{DOMAIN}.selector.device_status.options"
        status_texts = {
            status: texts[f"{prefix}.{status.name.lower()}"] for status in DeviceStatus
        }
        return cls(hass, data, product_id, listed, status_texts)

    @property
    def total(self) -> int:
        """Return how many devices the product has, as far as the key may know."""
        return self._listed.total if isinstance(self._listed, DeviceList) else 0

    @property
    def devices(self) -> Mapping[str, Device]:
        """Return the devices that are listed."""
        return self._listed.devices if isinstance(self._listed, DeviceList) else {}

    @property
    def is_complete(self) -> bool:
        """Return whether a device that is not listed surely does not exist."""
        return isinstance(self._listed, DeviceList) and self._listed.is_complete

    @property
    def known(self) -> list[str]:
        """Return the names of the devices that are listed or registered."""
        owner = owner_of_product(self._hass, self._product_id)
        registered = (
            registered_devices(self._hass, owner, self._product_id) if owner else ()
        )
        return list(dict.fromkeys([*self.devices, *registered]))

    @property
    def problem(self) -> FormError | None:
        """Return why no devices are listed, if the key may not."""
        if isinstance(self._listed, DeviceList):
            return None
        words = error_placeholders(self._listed)
        return FormError("devices_denied", CONF_DEVICES, **words)

    @property
    def selector(self) -> SelectSelector:
        """Return the field that asks for devices."""
        options = [
            SelectOptionDict(
                value=device.name,
                label=self._with_state(
                    full_device_label(self._hass, self._product_id, device.name), device
                ),
            )
            for device in self.devices.values()
        ]
        return SelectSelector(
            SelectSelectorConfig(
                options=options,
                multiple=True,
                custom_value=True,
                mode=SelectSelectorMode.DROPDOWN,
            )
        )

    def lacks(self, name: str) -> bool:
        """Return whether the product surely has no such device."""
        return self.is_complete and name not in self.devices

    def option_label(self, name: str) -> str:
        """Return what a person calls a device, with its state in words."""
        return self._with_state(self.device_label(name), self.devices.get(name))

    def device_label(self, name: str) -> str:
        """Return what a person calls a device."""
        return device_label(self._hass, self._product_id, name)

    async def async_names(
        self, chosen: Iterable[str], field: str = CONF_DEVICES
    ) -> list[str]:
        """Return the names that were chosen or typed; raises FormError for unknown ones."""
        names = dict.fromkeys(
            name if name in self.devices else clean_key(name) for name in chosen
        )
        names.pop("", None)
        if not names:
            raise FormError("no_devices_chosen", field)
        typed = [name for name in names if name not in self.devices]
        await self._async_check(typed, field)
        return list(names)

    async def _async_check(self, typed: list[str], field: str) -> None:
        """Ask the cloud for each device that was typed, as far as the key may."""
        client = client_for(self._hass, self._data)
        results = await async_describe(client, self._product_id, typed, Origin.DIALOG)
        unknown: list[str] = []
        for name, result in results.items():
            if isinstance(result, UnknownDeviceError | InvalidInputError):
                unknown.append(name)
            elif isinstance(result, TencentIotError) and not isinstance(
                result, OperationDeniedError
            ):
                raise FormError.of(result, self._data) from result
        if unknown:
            devices = shorten(", ".join(map(readable, unknown)), _LONGEST_LIST)
            raise FormError("devices_not_found", field, devices=devices)

    def _with_state(self, label: str, device: Device | None) -> str:
        """Return what a device is called with its state in words, if that is known."""
        if device is None or device.status is None:
            return label
        return f"{label} · {self._status_texts[device.status]}"
