"""What the dialogs that set up a product share."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
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

from .api.client import TencentIotClient
from .api.data_template import DataTemplate, parse_data_template
from .api.errors import InvalidInputError, TencentIotError, UnknownDeviceError
from .api.models import Device, DeviceList, DeviceStatus
from .api.values import TimestampUnit
from .const import (
    CONF_ALL_DEVICES,
    CONF_PRODUCT_ID,
    CONF_PRODUCT_NAME,
    CONF_TIMESTAMP_UNIT,
    DOMAIN,
)
from .errors import label, literally
from .forms import FormError, advanced_section, advanced_value, clean_key, clean_name
from .schema import vol
from .secret_inputs import (
    SecretInputs,
    allowed_secrets,
    secret_section,
    secret_settings,
    typed_secrets,
)

_MOST_LISTED_DEVICES = 500
_MOST_LISTED_ACTIONS = 30
_MOST_AT_ONCE = 5


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


class ProductDialog:
    """A product that the cloud has shown, and the form that chooses its devices."""

    def __init__(
        self,
        client: TencentIotClient,
        product_id: str,
        template: DataTemplate,
        listed: DeviceList,
        online_texts: Mapping[DeviceStatus, str],
    ) -> None:
        """Keep what the form shows."""
        self.product_id = product_id
        self._client = client
        self._template = template
        self._listed = listed
        self._devices = listed.devices
        self._typed_secrets: dict[str, str] = {}
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
        return cls(client, product_id, template, listed, online_texts)

    async def async_form(
        self,
        user_input: Mapping[str, Any] | None,
        secrets: SecretInputs | None = None,
    ) -> ProductForm:
        """Return the form to show, or the settings if what a person chose is right.

        With the secret inputs that are stored, the form asks for those as well.
        """
        schema = self._schema()
        if secrets is not None:
            schema = schema.extend(secret_section(self._template))
        form = ProductForm(schema=schema, placeholders=self._placeholders())
        if user_input is not None:
            try:
                typed = typed_secrets(user_input, self._typed_secrets)
                self._typed_secrets = allowed_secrets(self._template, typed)
                settings = await self._async_settings(user_input)
                if secrets is not None:
                    settings.data.update(
                        secret_settings(self._template, typed, secrets)
                    )
                form.settings = settings
            except FormError as err:
                form.errors = err.errors(form.schema)
                form.placeholders |= err.placeholders
        return form

    def lacks(self, name: str) -> bool:
        """Return whether the product surely has no such device."""
        return self._listed.is_complete and name not in self._devices

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
        return ProductSettings(
            title=clean_name(user_input[CONF_PRODUCT_NAME]) or self.product_id,
            data={
                CONF_PRODUCT_ID: self.product_id,
                CONF_ALL_DEVICES: user_input[CONF_ALL_DEVICES],
                CONF_DEVICES: list(names),
                CONF_TIMESTAMP_UNIT: advanced_value(
                    user_input, CONF_TIMESTAMP_UNIT, TimestampUnit.MILLISECONDS
                ),
            },
        )

    async def _async_check_typed(self, names: list[str]) -> None:
        """Ask the cloud for each device that was typed, some at once."""
        places = asyncio.Semaphore(_MOST_AT_ONCE)

        async def async_problem(name: str) -> TencentIotError | None:
            """Return why a device cannot be used, if there is a reason."""
            async with places:
                try:
                    await self._client.describe_device(self.product_id, name)
                except TencentIotError as err:
                    return err
            return None

        problems = await asyncio.gather(*(async_problem(name) for name in names))
        unknown: list[str] = []
        for name, problem in zip(names, problems, strict=True):
            if isinstance(problem, UnknownDeviceError | InvalidInputError):
                unknown.append(name)
            elif problem:
                raise FormError.of(problem) from problem
        if unknown:
            raise FormError(
                "devices_not_found", CONF_DEVICES, devices=", ".join(unknown)
            )

    def _device_label(self, device: Device) -> str:
        """Return a device's name with its state in words."""
        if device.status is None:
            return device.name
        return f"{device.name} · {self._online_texts[device.status]}"
