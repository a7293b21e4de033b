"""The form for the values of secret inputs: for all devices, or for one after the other."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.const import CONF_DEVICE, CONF_DEVICES
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..const import CONF_ALL_DEVICES
from ..errors import literally
from ..product.secret_values import ALL_DEVICES
from ..schema import vol
from .device_choice import DeviceChoice
from .edited_secrets import EditedSecrets, Secret
from .form import PASSWORD, ProductForm, ProductSettings
from .form_error import FormError
from .typed import clean_name

_CLEAR = "clear"
_FURTHER = "further_device"
_MOST_LISTED = 10


class SecretsForm:
    """Asks for values, and keeps what was typed while something else is wrong.

    Whom they are for is asked where there is a choice. No value is ever shown.
    """

    def __init__(
        self,
        values: EditedSecrets,
        devices: DeviceChoice,
        settings: ProductSettings,
        texts: Mapping[str, str],
    ) -> None:
        """Begin with the values of a product, which has these settings otherwise."""
        self._values = values
        self._devices = devices
        self._settings = settings
        self._texts = texts
        self._typed: dict[str, str] = {}
        self._suggested: dict[str, Any] = {}
        self._is_further = False
        is_of_all = settings.data[CONF_ALL_DEVICES]
        self._can_be_typed = is_of_all and not devices.is_complete
        names = dict.fromkeys(
            devices.known if is_of_all else settings.data[CONF_DEVICES]
        )
        own = {secret.device for secret in values.are_set} - {ALL_DEVICES}
        self._names = list(names | dict.fromkeys(sorted(own)))
        # Asked to the end, also once the last value of a single device is cleared: after
        # that the form may be for nobody yet.
        self._asks_for_device = bool(len(self._names) > 1 or self._can_be_typed or own)

    async def async_answer(self, user_input: Mapping[str, Any] | None) -> ProductForm:
        """Return the form to show, or the settings once all values are typed."""
        wrong: FormError | None = None
        is_done = not self._values.names
        if user_input is not None:
            try:
                is_done = await self._async_take_over(user_input)
            except FormError as err:
                wrong = err
        form = ProductForm(
            schema=self._schema,
            placeholders={
                "product": literally(self._settings.title),
                "state": self._state,
            },
            suggested=self._suggested,
        )
        if wrong:
            form.refuse(wrong)
        elif is_done:
            form.settings = self._values.put_into(self._settings)
        return form

    async def _async_take_over(self, user_input: Mapping[str, Any]) -> bool:
        """Set and clear what a person wants; return whether that was all.

        An empty field says nothing. Raises FormError; what is right of what was typed
        need not be typed again then.
        """
        chosen = {name: user_input.get(name, "") for name in self._values.names}
        cleaned = {name: clean_name(value) for name, value in chosen.items()}
        typed = self._typed | {name: value for name, value in cleaned.items() if value}
        self._typed = {
            name: value
            for name, value in typed.items()
            if self._values.allows(name, value)
        }
        self._suggested = {
            key: value for key, value in user_input.items() if key not in chosen
        }
        for name, value in typed.items():
            self._values.check(name, value)
        device = await self._async_device(user_input)
        cleared = set(user_input.get(_CLEAR, ()))
        self._values.change(
            [secret for secret, key in self._set if key in cleared],
            {Secret(device, name): value for name, value in typed.items()},
        )
        self._typed, self._suggested = {}, {}
        self._is_further = user_input.get(_FURTHER, False)
        if wrong := self._values.wrong:
            self._suggested = {CONF_DEVICE: wrong.device, _FURTHER: self._is_further}
            self._values.refuse(wrong.name, self._called(wrong))
        return not self._is_further

    async def _async_device(self, user_input: Mapping[str, Any]) -> str:
        """Return whom the values are for; raises FormError if that is nobody."""
        device: str = user_input.get(
            CONF_DEVICE, "" if self._is_further else ALL_DEVICES
        )
        if device in (ALL_DEVICES, *self._names):
            return device
        if not device:
            if self._typed:
                raise FormError("no_device_chosen", CONF_DEVICE)
            return device
        (device,) = await self._devices.async_names([device], CONF_DEVICE)
        return device

    @property
    def _schema(self) -> vol.Schema:
        """Return the fields: whom it is for, the values, what to clear, how to go on."""
        fields: dict[vol.Marker, object] = {}
        if self._asks_for_device:
            device: vol.Marker = vol.Optional(CONF_DEVICE)
            if not self._is_further:
                device = vol.Required(CONF_DEVICE, default=ALL_DEVICES)
            fields[device] = self._device_selector
        fields |= {vol.Optional(name): PASSWORD for name in self._values.names}
        if self._set:
            options = [
                SelectOptionDict(value=key, label=self._called(secret))
                for secret, key in self._set
            ]
            fields[vol.Optional(_CLEAR, default=list)] = SelectSelector(
                SelectSelectorConfig(options=options, multiple=True)
            )
        if self._asks_for_device:
            fields[vol.Optional(_FURTHER, default=False)] = BooleanSelector()
        return vol.Schema(fields)

    @property
    def _device_selector(self) -> SelectSelector:
        """Return the field that asks whom the values are for."""
        return SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(
                        value=ALL_DEVICES, label=self._texts["all_devices"]
                    ),
                    *(
                        SelectOptionDict(
                            value=name, label=self._devices.option_label(name)
                        )
                        for name in self._names
                    ),
                ],
                custom_value=self._can_be_typed,
                mode=SelectSelectorMode.DROPDOWN,
            )
        )

    @property
    def _set(self) -> list[tuple[Secret, str]]:
        """Return what is set, each with what it is chosen by."""
        return [
            (secret, f"{secret.device}/{self._values.path(secret.name)}")
            for secret in self._values.are_set
        ]

    @property
    def _state(self) -> str:
        """Return what is set and what is kept, in words and without any value."""
        return "\n\n".join(self._state_lines())

    def _state_lines(self) -> Iterator[str]:
        """Yield the paragraphs of what is set and what is kept."""
        called = [literally(self._called(secret)) for secret in self._values.are_set]
        if len(called) > _MOST_LISTED:
            called[_MOST_LISTED:] = ["…"]
        lines = "\n".join(f"- {item}" for item in called)
        yield (
            f"{self._texts['secrets_set']}\n\n{lines}"
            if called
            else self._texts["secrets_not_set"]
        )
        if self._typed:
            names = "\n".join(f"- {literally(name)}" for name in self._typed)
            yield f"{self._texts['secrets_kept']}\n\n{names}"

    def _called(self, secret: Secret) -> str:
        """Return what a value is called, with whom it is for if there is a choice."""
        if not self._asks_for_device:
            return secret.name
        whom = self._texts["all_devices"]
        if secret.device != ALL_DEVICES:
            whom = self._devices.device_label(secret.device)
        return f"{secret.name} · {whom}"
