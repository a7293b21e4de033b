"""What the dialogs that set up a product share."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations

from ..account.request_counts import Origin
from ..api import (
    DataTemplate,
    Device,
    DeviceList,
    DeviceStatus,
    InvalidInputError,
    TencentIotClient,
    TencentIotError,
    Timestamp,
    TimestampUnit,
    UnknownDeviceError,
    is_of,
    parse_data_template,
    readable,
    shorten,
)
from ..const import (
    CONF_ALL_DEVICES,
    CONF_PRODUCT_ID,
    CONF_PRODUCT_NAME,
    CONF_SECRET_INPUTS,
    CONF_TIMESTAMP_UNIT,
    DOMAIN,
)
from ..errors import literally
from ..product.reader import async_describe
from ..product.secret_choices import SecretChoices
from ..schema import vol
from .form import (
    FormError,
    ProductForm,
    ProductSettings,
    check_length,
    clean_key,
    clean_name,
)
from .secret_inputs import SecretsForm, secret_choice_field, secret_choice_settings

_MOST_LISTED_DEVICES = 500
_MOST_LISTED_ACTIONS = 30
_LONGEST_LIST = 1024


class ProductDialog:
    """A product that the cloud has shown, and the forms that ask for its settings."""

    def __init__(
        self,
        client: TencentIotClient,
        product_id: str,
        template: DataTemplate,
        listed: DeviceList,
        online_texts: Mapping[DeviceStatus, str],
    ) -> None:
        """Keep what the forms show."""
        self.product_id = product_id
        self._client = client
        self._template = template
        self._listed = listed
        self._devices = listed.devices
        self._online_texts = online_texts
        self._secrets = SecretsForm(template, {})

    @classmethod
    async def async_open(
        cls, hass: HomeAssistant, client: TencentIotClient, product_id: str
    ) -> Self:
        """Read a product from the cloud; raises FormError if it cannot be used."""
        try:
            model = await client.describe_model_definition(
                product_id, origin=Origin.DIALOG
            )
            template = parse_data_template(model.model_define)
            listed = await client.get_device_list(
                product_id, _MOST_LISTED_DEVICES, origin=Origin.DIALOG
            )
        except TencentIotError as err:
            raise FormError.of(err) from err
        if not template.actions:
            raise FormError("no_actions")
        texts = await async_get_translations(
            hass, hass.config.language, "selector", {DOMAIN}
        )
        prefix = f"component.{DOMAIN}.selector.device_status.options"
        online_texts = {
            status: texts[f"{prefix}.{status.name.lower()}"] for status in DeviceStatus
        }
        return cls(client, product_id, template, listed, online_texts)

    async def async_form(
        self, user_input: Mapping[str, Any] | None, stored: Mapping[str, Any]
    ) -> ProductForm:
        """Return the form to show, or the settings if what a person chose is right.

        `stored` is the data of a product that is configured, empty for a new one.
        """
        form = ProductForm(
            schema=self._schema(stored), placeholders=self._placeholders()
        )
        if user_input is not None:
            try:
                form.settings = await self._async_settings(user_input, stored)
            except FormError as err:
                form.refuse(err)
            else:
                self._secrets = SecretsForm(self._template, form.settings.data)
        return form

    def secrets_form(
        self, settings: ProductSettings, user_input: Mapping[str, str] | None
    ) -> ProductForm:
        """Return the form for the secret inputs, or the settings with their values.

        Where no input is secret there is nothing to ask.
        """
        form = ProductForm(
            schema=self._secrets.schema,
            placeholders={"product": literally(settings.title)},
        )
        if not form.schema.schema:
            form.settings = settings
        elif user_input is not None:
            try:
                self._secrets.take_over(user_input)
            except FormError as err:
                form.refuse(err)
            else:
                form.settings = replace(
                    settings, data={**settings.data, **self._secrets.settings}
                )
        return form

    def lacks(self, name: str) -> bool:
        """Return whether the product surely has no such device."""
        return self._listed.is_complete and name not in self._devices

    def _placeholders(self) -> dict[str, str]:
        """Return what the form's text names: the product, its actions, its devices."""
        actions = [
            f"- {literally(action.label)}" for action in self._template.actions.values()
        ]
        if len(actions) > _MOST_LISTED_ACTIONS:
            actions[_MOST_LISTED_ACTIONS:] = ["- …"]
        return {
            "product_id": literally(self.product_id),
            "actions": "\n".join(actions),
            "device_count": str(len(self._devices)),
        }

    def _schema(self, stored: Mapping[str, Any]) -> vol.Schema:
        """Return the fields of the form."""
        devices = SelectSelectorConfig(
            options=[
                SelectOptionDict(value=device.name, label=self._device_label(device))
                for device in self._devices.values()
            ],
            multiple=True,
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
        return vol.Schema(
            {
                vol.Required(
                    CONF_PRODUCT_NAME, default=self.product_id
                ): TextSelector(),
                vol.Required(CONF_ALL_DEVICES, default=False): BooleanSelector(),
                vol.Optional(CONF_DEVICES, default=list): SelectSelector(devices),
                **self._timestamp_unit_field(stored),
                **secret_choice_field(self._template, SecretChoices(stored)),
            }
        )

    def _timestamp_unit_field(
        self, stored: Mapping[str, Any]
    ) -> dict[vol.Marker, SelectSelector]:
        """Return the field for the unit of time stamps, if any is ever sent."""
        if not any(
            is_of(parameter, Timestamp)
            for action in self._template.actions.values()
            for parameter in action.inputs
        ):
            return {}
        units = SelectSelectorConfig(
            options=list(TimestampUnit),
            translation_key=CONF_TIMESTAMP_UNIT,
            mode=SelectSelectorMode.DROPDOWN,
        )
        return {
            vol.Required(
                CONF_TIMESTAMP_UNIT, default=_timestamp_unit(stored)
            ): SelectSelector(units)
        }

    async def _async_settings(
        self, user_input: Mapping[str, Any], stored: Mapping[str, Any]
    ) -> ProductSettings:
        """Return the settings that a person chose; raises FormError to ask again."""
        names = dict.fromkeys(
            name if name in self._devices else clean_key(name)
            for name in user_input[CONF_DEVICES]
        )
        names.pop("", None)
        if user_input[CONF_ALL_DEVICES]:
            names = {}
        elif not names:
            raise FormError("no_devices_chosen", CONF_DEVICES)
        await self._async_check_typed(
            [name for name in names if name not in self._devices]
        )
        title = clean_name(user_input[CONF_PRODUCT_NAME]) or self.product_id
        check_length(CONF_PRODUCT_NAME, title)
        return ProductSettings(
            title=title,
            data={
                CONF_PRODUCT_ID: self.product_id,
                CONF_ALL_DEVICES: user_input[CONF_ALL_DEVICES],
                CONF_DEVICES: list(names),
                CONF_TIMESTAMP_UNIT: user_input.get(
                    CONF_TIMESTAMP_UNIT, _timestamp_unit(stored)
                ),
                **secret_choice_settings(
                    self._template, stored, user_input.get(CONF_SECRET_INPUTS, ())
                ),
            },
        )

    async def _async_check_typed(self, names: list[str]) -> None:
        """Ask the cloud for each device that was typed."""
        results = await async_describe(
            self._client, self.product_id, names, Origin.DIALOG
        )
        unknown: list[str] = []
        for name, result in results.items():
            if isinstance(result, UnknownDeviceError | InvalidInputError):
                unknown.append(name)
            elif isinstance(result, TencentIotError):
                raise FormError.of(result) from result
        if unknown:
            devices = shorten(", ".join(map(readable, unknown)), _LONGEST_LIST)
            raise FormError("devices_not_found", CONF_DEVICES, devices=devices)

    def _device_label(self, device: Device) -> str:
        """Return a device's name with its state in words."""
        if device.status is None:
            return device.name
        return f"{device.name} · {self._online_texts[device.status]}"


def _timestamp_unit(stored: Mapping[str, Any]) -> str:
    """Return the unit of a configured product, or what most devices count in."""
    unit: str = stored.get(CONF_TIMESTAMP_UNIT, TimestampUnit.SECONDS.value)
    return unit
