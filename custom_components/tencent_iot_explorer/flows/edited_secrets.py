"""The values of a product's secret inputs as a person sets and clears them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, Never

from homeassistant.const import CONF_DEVICES

from ..api import LARGEST_INPUTS, DataTemplate
from ..const import CONF_ALL_DEVICES, CONF_DEVICE_SECRET_VALUES, CONF_SECRET_VALUES
from ..presentation.distinct_names import distinct_names
from ..presentation.names import labelled
from ..product.secret_choices import SecretChoices, TextInput, text_inputs
from ..product.secret_values import ALL_DEVICES, all_secret_values
from .form import ProductSettings
from .form_error import FormError
from .typed import check_length

_STORED = (CONF_SECRET_VALUES, CONF_DEVICE_SECRET_VALUES)


class Secret(NamedTuple):
    """An input by what it is called, and the DeviceName that it is set for, or for all."""

    device: str
    name: str


class EditedSecrets:
    """The values that are set for all devices of a product, or for one of them."""

    def __init__(
        self, template: DataTemplate, data: Mapping[str, Any], language: str
    ) -> None:
        """Begin with the values that are stored for what still is secret."""
        choices = SecretChoices(data)
        self._data = data
        texts = list(filter(choices.is_secret, text_inputs(template.actions.values())))
        names = distinct_names(
            texts, lambda text: secret_name(text, language), lambda text: text.path
        )
        self._texts = dict(zip(names, texts, strict=True))
        self._values: dict[Secret, str] = {
            Secret(device, name): values[text.action.id][text.parameter.id]
            for device, values in all_secret_values(data).items()
            for name, text in self._texts.items()
            if text.parameter.id in values.get(text.action.id, {})
        }

    @property
    def names(self) -> list[str]:
        """Return what the secret inputs are called."""
        return list(self._texts)

    @property
    def are_set(self) -> list[Secret]:
        """Return what is set, for all devices first, and not for those left out."""
        used = filter(self._is_used, self._values)
        return sorted(used, key=lambda secret: secret.device != ALL_DEVICES)

    @property
    def settings(self) -> dict[str, Any]:
        """Return what to store of the values."""
        by_device: dict[str, dict[str, dict[str, str]]] = {}
        for secret, value in self._values.items():
            text = self._texts[secret.name]
            of_device = by_device.setdefault(secret.device, {})
            of_device.setdefault(text.action.id, {})[text.parameter.id] = value
        of_all = by_device.pop(ALL_DEVICES, {})
        stored = zip(_STORED, (of_all, by_device), strict=True)
        return {key: values for key, values in stored if values}

    def check(self, name: str, value: str) -> None:
        """Raise FormError for a value that the data template does not allow."""
        check_length(name, value, LARGEST_INPUTS)
        if not self.allows(name, value):
            self.refuse(name, name)

    def allows(self, name: str, value: str) -> bool:
        """Return whether the data template allows a value of an input."""
        text_type = self._texts[name].parameter.type
        return len(value) <= LARGEST_INPUTS and text_type.fits(value)

    def refuse(self, name: str, called: str) -> Never:
        """Raise that the value of an input, which is called so, is not allowed."""
        text_type = self._texts[name].parameter.type
        raise FormError(
            f"secret_not_allowed{text_type.length_form}",
            name,
            input=called,
            **text_type.length_limits,
        )

    def change(self, cleared: Iterable[Secret], new: Mapping[Secret, str]) -> None:
        """Clear some values, then set others."""
        for secret in cleared:
            del self._values[secret]
        self._values.update(new)

    @property
    def wrong(self) -> Secret | None:
        """Return the first of what is set that the data template does not allow."""
        return next(
            (
                secret
                for secret in self.are_set
                if not self.allows(secret.name, self._values[secret])
            ),
            None,
        )

    def put_into(self, settings: ProductSettings) -> ProductSettings:
        """Return the settings of the product with the values as they are now."""
        others = {
            key: value for key, value in settings.data.items() if key not in _STORED
        }
        return replace(settings, data={**others, **self.settings})

    def path(self, name: str) -> str:
        """Return `<ActionId>/<input id>` of an input."""
        return self._texts[name].path

    def _is_used(self, secret: Secret) -> bool:
        """Return whether something is for a device that is chosen, or for all."""
        return (
            secret.device == ALL_DEVICES
            or self._data[CONF_ALL_DEVICES]
            or secret.device in self._data[CONF_DEVICES]
        )


def secret_name(text: TextInput, language: str) -> str:
    """Return the name of an input with that of its action."""
    return labelled(text.action.label, text.parameter.label, language)
