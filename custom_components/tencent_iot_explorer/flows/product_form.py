"""What the dialogs that set up a product share."""

from collections.abc import Mapping
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
    Parameter,
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
    CONF_SLEEPS,
    CONF_TIMESTAMP_UNIT,
    CONF_USE_PROPERTIES,
)
from ..errors import literally
from ..product.secret_choices import SecretChoices
from ..properties.counts import EntityNumbers, count_entities
from ..schema import vol
from .declared import async_list_declared
from .device_choice import DeviceChoice
from .edited_secrets import EditedSecrets
from .form import ProductForm, ProductSettings, async_common_texts
from .form_error import FormError
from .property_settings import property_settings, sleeps_field, use_properties_field
from .secret_choice import secret_choice_field, secret_choice_settings
from .secrets_form import SecretsForm
from .slowed_reading import async_say_slowed
from .suggestions import async_suggest
from .typed import check_length, clean_name


class ProductDialog:
    """A product that the cloud has shown, and the forms that ask for its settings."""

    _secrets: SecretsForm

    def __init__(
        self,
        hass: HomeAssistant,
        product_id: str,
        name: str,
        template: DataTemplate,
        numbers: EntityNumbers,
        declared: str,
        devices: DeviceChoice,
        suggested: Mapping[str, Any],
    ) -> None:
        """Keep what the forms show."""
        self._hass = hass
        self.product_id = product_id
        self._name = name
        self._template = template
        self._numbers = numbers
        self._declared = declared
        self._devices = devices
        self._suggested = suggested

    @classmethod
    async def async_open(
        cls,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        product_id: str,
        name: str | None = None,
        *,
        stored: Mapping[str, Any],
    ) -> Self:
        """Read a product with the key of an entry, stored or about to be.

        `stored` is the data of a product that is configured, empty for a new one. Raises
        FormError if the product cannot be used.
        """
        client = client_for(hass, data)
        try:
            model = await client.describe_model_definition(
                product_id, origin=Origin.DIALOG
            )
            template = parse_data_template(model.model_define)
            devices = await DeviceChoice.async_read(hass, data, product_id)
        except TencentIotError as err:
            raise FormError.of(err, data) from err
        numbers = count_entities(SecretChoices(stored).mark(template))
        if not (template.actions or numbers.total):
            raise FormError("nothing_usable")
        suggested: dict[str, Any] = {CONF_TIMESTAMP_UNIT: TimestampUnit.SECONDS.value}
        if numbers.of_properties and CONF_SLEEPS not in stored:
            suggested |= await async_suggest(
                client, product_id, template, devices.devices
            )
        used = devices.total
        if stored and not stored[CONF_ALL_DEVICES]:
            used = len(stored[CONF_DEVICES])
        said = (
            await async_list_declared(hass, template),
            await async_say_slowed(hass, data, product_id, template, numbers, used),
        )
        return cls(
            hass,
            product_id,
            name or product_id,
            template,
            numbers,
            "\n\n".join(filter(None, said)),
            devices,
            suggested,
        )

    async def async_form(
        self, user_input: Mapping[str, Any] | None, stored: Mapping[str, Any]
    ) -> ProductForm:
        """Return the form to show, or the settings if what a person chose is right.

        `stored` is the data of a product that is configured, empty for a new one.
        """
        preset = {**self._suggested, **stored}
        if not stored:
            preset[CONF_USE_PROPERTIES] = True
        form = ProductForm(
            schema=self._schema(preset),
            placeholders={
                "product_id": literally(self.product_id),
                "declared": self._declared,
            },
        )
        if self._devices.problem:
            form.refuse(self._devices.problem)
        if user_input is not None:
            try:
                form.settings = await self._async_settings(user_input, preset)
            except FormError as err:
                form.refuse(err)
            else:
                self._secrets = SecretsForm(
                    EditedSecrets(
                        self._template, form.settings.data, self._hass.config.language
                    ),
                    self._devices,
                    form.settings,
                    await async_common_texts(self._hass),
                )
        return form

    async def async_secrets_form(
        self, user_input: Mapping[str, Any] | None
    ) -> ProductForm:
        """Return the form for the secret inputs, or the settings with their values.

        Where no input is secret there is nothing to ask.
        """
        return await self._secrets.async_answer(user_input)

    def lacks(self, name: str) -> bool:
        """Return whether the product surely has no such device."""
        return self._devices.lacks(name)

    def _schema(self, preset: Mapping[str, Any]) -> vol.Schema:
        """Return the fields of the form."""
        return vol.Schema(
            {
                vol.Required(CONF_PRODUCT_NAME, default=self._name): TextSelector(),
                vol.Required(CONF_ALL_DEVICES, default=False): BooleanSelector(),
                vol.Optional(CONF_DEVICES, default=list): self._devices.selector,
                **use_properties_field(self._numbers, preset),
                **self._timestamp_unit_field(preset),
                **secret_choice_field(
                    self._template, SecretChoices(preset), self._hass.config.language
                ),
                **sleeps_field(self._numbers, preset),
            }
        )

    def _timestamp_unit_field(
        self, preset: Mapping[str, Any]
    ) -> dict[vol.Marker, SelectSelector]:
        """Return the field for the unit of time stamps, if any is ever sent."""
        sent: list[Parameter] = [
            item for item in self._template.properties.values() if item.is_writable
        ]
        for action in self._template.actions.values():
            sent += action.inputs
        if not any(is_of(parameter, Timestamp) for parameter in sent):
            return {}
        units = SelectSelectorConfig(
            options=list(TimestampUnit),
            translation_key=CONF_TIMESTAMP_UNIT,
            mode=SelectSelectorMode.DROPDOWN,
        )
        return {
            vol.Required(
                CONF_TIMESTAMP_UNIT, default=preset[CONF_TIMESTAMP_UNIT]
            ): SelectSelector(units)
        }

    async def _async_settings(
        self, user_input: Mapping[str, Any], preset: Mapping[str, Any]
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
                    CONF_TIMESTAMP_UNIT, preset[CONF_TIMESTAMP_UNIT]
                ),
                **property_settings(user_input, preset),
                **secret_choice_settings(
                    self._template,
                    preset,
                    user_input.get(CONF_SECRET_INPUTS, ()),
                    self._hass.config.language,
                ),
            },
        )
