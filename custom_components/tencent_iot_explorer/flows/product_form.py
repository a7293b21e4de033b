"""What the dialogs that set up a product share."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from ..account.client import client_for
from ..account.request_counts import Origin
from ..api import (
    DataTemplate,
    TencentIotError,
    Timestamp,
    TimestampUnit,
    is_of,
    parse_data_template,
)
from ..const import (
    CONF_ALL_DEVICES,
    CONF_PRODUCT_ID,
    CONF_PRODUCT_NAME,
    CONF_SECRET_INPUTS,
    CONF_TIMESTAMP_UNIT,
)
from ..errors import literally
from ..product.secret_choices import SecretChoices
from ..schema import vol
from .device_choice import DeviceChoice
from .form import FormError, ProductForm, ProductSettings, check_length, clean_name
from .secret_inputs import SecretsForm, secret_choice_field, secret_choice_settings

_MOST_LISTED_ACTIONS = 30


class ProductDialog:
    """A product that the cloud has shown, and the forms that ask for its settings."""

    def __init__(
        self,
        product_id: str,
        name: str,
        template: DataTemplate,
        devices: DeviceChoice,
    ) -> None:
        """Keep what the forms show."""
        self.product_id = product_id
        self._name = name
        self._template = template
        self._devices = devices
        self._secrets = SecretsForm(template, {})

    @classmethod
    async def async_open(
        cls,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        product_id: str,
        name: str | None = None,
    ) -> Self:
        """Read a product with the key of an entry, stored or about to be.

        Raises FormError if the product cannot be used.
        """
        try:
            model = await client_for(hass, data).describe_model_definition(
                product_id, origin=Origin.DIALOG
            )
            template = parse_data_template(model.model_define)
            devices = await DeviceChoice.async_read(hass, data, product_id)
        except TencentIotError as err:
            raise FormError.of(err, data) from err
        if not template.actions:
            raise FormError("no_actions")
        return cls(product_id, name or product_id, template, devices)

    async def async_form(
        self, user_input: Mapping[str, Any] | None, stored: Mapping[str, Any]
    ) -> ProductForm:
        """Return the form to show, or the settings if what a person chose is right.

        `stored` is the data of a product that is configured, empty for a new one.
        """
        form = ProductForm(
            schema=self._schema(stored), placeholders=self._placeholders()
        )
        if self._devices.problem:
            form.refuse(self._devices.problem)
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
        return self._devices.lacks(name)

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
            "device_count": str(len(self._devices.devices)),
        }

    def _schema(self, stored: Mapping[str, Any]) -> vol.Schema:
        """Return the fields of the form."""
        return vol.Schema(
            {
                vol.Required(CONF_PRODUCT_NAME, default=self._name): TextSelector(),
                vol.Required(CONF_ALL_DEVICES, default=False): BooleanSelector(),
                vol.Optional(CONF_DEVICES, default=list): self._devices.selector,
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
        names: list[str] = []
        if not user_input[CONF_ALL_DEVICES]:
            names = await self._devices.async_names(user_input[CONF_DEVICES])
        title = clean_name(user_input[CONF_PRODUCT_NAME]) or self.product_id
        check_length(CONF_PRODUCT_NAME, title)
        return ProductSettings(
            title=title,
            data={
                CONF_PRODUCT_ID: self.product_id,
                CONF_ALL_DEVICES: user_input[CONF_ALL_DEVICES],
                CONF_DEVICES: names,
                CONF_TIMESTAMP_UNIT: user_input.get(
                    CONF_TIMESTAMP_UNIT, _timestamp_unit(stored)
                ),
                **secret_choice_settings(
                    self._template, stored, user_input.get(CONF_SECRET_INPUTS, ())
                ),
            },
        )


def _timestamp_unit(stored: Mapping[str, Any]) -> str:
    """Return the unit of a configured product, or what most devices count in."""
    unit: str = stored.get(CONF_TIMESTAMP_UNIT, TimestampUnit.SECONDS.value)
    return unit
