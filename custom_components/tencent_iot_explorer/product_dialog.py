"""What the dialogs that set up a product share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any, Self

from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations

from .api.client import TencentIotClient
from .api.data_template import DataTemplate, parse_data_template
from .api.errors import InvalidInputError, TencentIotError, UnknownDeviceError
from .api.models import Device, DeviceStatus
from .api.values import TimestampUnit
from .const import (
    CONF_ALL_DEVICES,
    CONF_APP_KEY,
    CONF_APP_SECRET,
    CONF_PRODUCT_ID,
    CONF_PRODUCT_NAME,
    CONF_TIMESTAMP_UNIT,
    DOMAIN,
    SECTION_ADVANCED,
)
from .errors import error_placeholders, label, treatment
from .schema import vol
from .subentries import owner_of_product

_MOST_LISTED_DEVICES = 500
_MOST_LISTED_ACTIONS = 30
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")
_PASTED = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$")
_FIELDS = {
    "unknown_application": CONF_APP_KEY,
    "invalid_signature": CONF_APP_SECRET,
    "unknown_product": CONF_PRODUCT_ID,
    "no_permission": CONF_PRODUCT_ID,
    "no_data_template": CONF_PRODUCT_ID,
    "invalid_data_template": CONF_PRODUCT_ID,
    "no_actions": CONF_PRODUCT_ID,
    "product_configured": CONF_PRODUCT_ID,
}


class FormError(Exception):
    """Something that the person can mend, with the key of its words."""

    def __init__(self, key: str, field: str | None = None, **placeholders: str) -> None:
        """Keep the key, and the field where one key can belong to several."""
        super().__init__(key)
        self.key = key
        self.placeholders = placeholders
        self._field = field or _FIELDS.get(key)

    @classmethod
    def of(cls, err: TencentIotError) -> Self:
        """Return what an error of the cloud means in a dialog."""
        return cls(treatment(err).text, **error_placeholders(err))

    def errors(self, schema: vol.Schema) -> dict[str, str]:
        """Return the error at its field, or for the form where that has no such field."""
        fields = {str(key) for key in schema.schema}
        return {self._field if self._field in fields else "base": self.key}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductSettings:
    """What a person chose for a product: the title and data of its subentry."""

    title: str
    data: dict[str, Any]


@dataclass(kw_only=True, slots=True)
class ProductForm:
    """A form as it is to be shown, or the settings that came of it."""

    schema: vol.Schema
    placeholders: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    settings: ProductSettings | None = None


def clean(text: str) -> str:
    """Return a pasted text without white space and invisible characters around it."""
    return _PASTED.sub("", text)


def literally(text: str) -> str:
    """Return a text of the cloud that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def refuse_configured(hass: HomeAssistant, product_id: str) -> None:
    """Raise FormError for a product that belongs to an application already."""
    if owner := owner_of_product(hass, product_id):
        raise FormError("product_configured", entry=literally(owner.title))


def advanced_section(fields: Mapping[vol.Marker, object]) -> dict[vol.Marker, section]:
    """Return a collapsed section; left out, its fields take their defaults."""
    schema = vol.Schema(dict(fields))
    return {
        vol.Required(SECTION_ADVANCED, default=lambda: schema({})): section(
            schema, {"collapsed": True}
        )
    }


class ProductDialog:
    """A product that the cloud has shown, and the form that chooses its devices."""

    def __init__(
        self,
        client: TencentIotClient,
        product_id: str,
        template: DataTemplate,
        devices: Mapping[str, Device],
        online_texts: Mapping[DeviceStatus, str],
    ) -> None:
        """Keep what the form shows."""
        self.product_id = product_id
        self._client = client
        self._template = template
        self._devices = devices
        self._online_texts = online_texts

    @classmethod
    async def async_open(
        cls, hass: HomeAssistant, client: TencentIotClient, product_id: str
    ) -> Self:
        """Read a product from the cloud; raises FormError if it cannot be used."""
        try:
            model = await client.describe_model_definition(product_id)
            template = parse_data_template(model.model_define)
            listed = await client.get_device_list(product_id, _MOST_LISTED_DEVICES)
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
        return cls(client, product_id, template, listed.devices, online_texts)

    async def async_form(self, user_input: Mapping[str, Any] | None) -> ProductForm:
        """Return the form to show, or the settings if what a person chose is right."""
        form = ProductForm(schema=self._schema(), placeholders=self._placeholders())
        if user_input is not None:
            try:
                form.settings = await self._async_settings(user_input)
            except FormError as err:
                form.errors = err.errors(form.schema)
                form.placeholders |= err.placeholders
        return form

    def _placeholders(self) -> dict[str, str]:
        """Return what the form's text names: the product, its actions, its devices."""
        actions = [
            f"- {literally(label(action.id, action.name))}"
            for action in self._template.actions.values()
        ]
        if len(actions) > _MOST_LISTED_ACTIONS:
            actions[_MOST_LISTED_ACTIONS:] = ["- …"]
        return {
            "product_id": literally(self.product_id),
            "actions": "\n".join(actions),
            "device_count": str(len(self._devices)),
        }

    def _schema(self) -> vol.Schema:
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
        units = SelectSelectorConfig(
            options=list(TimestampUnit),
            translation_key=CONF_TIMESTAMP_UNIT,
            mode=SelectSelectorMode.DROPDOWN,
        )
        return vol.Schema(
            {
                vol.Required(
                    CONF_PRODUCT_NAME, default=self.product_id
                ): TextSelector(),
                vol.Required(CONF_ALL_DEVICES, default=False): BooleanSelector(),
                vol.Optional(CONF_DEVICES, default=list): SelectSelector(devices),
                **advanced_section(
                    {
                        vol.Optional(
                            CONF_TIMESTAMP_UNIT,
                            default=TimestampUnit.MILLISECONDS.value,
                        ): SelectSelector(units)
                    }
                ),
            }
        )

    async def _async_settings(self, user_input: Mapping[str, Any]) -> ProductSettings:
        """Return the settings that a person chose; raises FormError to ask again."""
        names = dict.fromkeys(clean(name) for name in user_input[CONF_DEVICES])
        names.pop("", None)
        if user_input[CONF_ALL_DEVICES]:
            names = {}
        elif not names:
            raise FormError("no_devices_chosen", CONF_DEVICES)
        await self._async_check_typed(
            [name for name in names if name not in self._devices]
        )
        return ProductSettings(
            title=clean(user_input[CONF_PRODUCT_NAME]) or self.product_id,
            data={
                CONF_PRODUCT_ID: self.product_id,
                CONF_ALL_DEVICES: user_input[CONF_ALL_DEVICES],
                CONF_DEVICES: list(names),
                CONF_TIMESTAMP_UNIT: user_input[SECTION_ADVANCED][CONF_TIMESTAMP_UNIT],
            },
        )

    async def _async_check_typed(self, names: list[str]) -> None:
        """Ask the cloud for each device that was typed."""
        unknown: list[str] = []
        for name in names:
            try:
                await self._client.describe_device(self.product_id, name)
            except UnknownDeviceError, InvalidInputError:
                unknown.append(name)
            except TencentIotError as err:
                raise FormError.of(err) from err
        if unknown:
            raise FormError(
                "devices_not_found", CONF_DEVICES, devices=", ".join(unknown)
            )

    def _device_label(self, device: Device) -> str:
        """Return a device's name with its state in words."""
        if device.status is None:
            return device.name
        return f"{device.name} · {self._online_texts[device.status]}"
