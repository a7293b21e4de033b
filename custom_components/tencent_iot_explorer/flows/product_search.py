"""The products that the key of an account shows, to choose one of them."""

from collections.abc import Mapping
from typing import Any, Self

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations

from ..account.client import client_for
from ..account.request_counts import Origin
from ..api import (
    NoPermissionError,
    Product,
    TencentIotError,
    concerns_list,
    discover_products,
)
from ..const import CONF_PRODUCT_ID, CONF_REGION, CONSOLE_URL, DOCUMENTATION_URL, DOMAIN
from ..errors import error_placeholders, literally
from ..product.subentries import owner_of_product
from ..schema import vol
from .form import Form
from .form_error import FormError


class ProductSearch:
    """The products that a key shows, and the form that asks for one of them."""

    def __init__(
        self,
        data: Mapping[str, Any],
        products: Mapping[str, Product],
        problem: FormError | None = None,
        device_count: str = "",
    ) -> None:
        """Keep what was found, or why nothing was."""
        self._region: str = data[CONF_REGION]
        self._products = products
        self._problem = problem
        self._device_count = device_count

    @classmethod
    async def async_find(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> Self:
        """Ask for the products; raises FormError if the key cannot be used as it is.

        A key that may list none may be one for all that else is needed.
        """
        try:
            found = await discover_products(
                client_for(hass, data), origin=Origin.DIALOG
            )
        except NoPermissionError as err:
            return cls(data, {}, FormError("listing_denied", **error_placeholders(err)))
        except TencentIotError as err:
            if concerns_list(err):
                problem = FormError("listing_refused", **error_placeholders(err))
                return cls(data, {}, problem)
            raise FormError.of(err, data) from err
        texts = await async_get_translations(
            hass, hass.config.language, "common", {DOMAIN}
        )
        return cls(
            data,
            {product.id: product for product in sorted(found, key=_by_name)},
            None if found else FormError("no_products"),
            texts[f"component.{DOMAIN}.common.device_count"],
        )

    @classmethod
    async def async_try(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> Self:
        """Ask for the products of a key that is in use; an id can be typed in any case."""
        try:
            return await cls.async_find(hass, data)
        except FormError as err:
            return cls(data, {}, err)

    @property
    def is_empty(self) -> bool:
        """Return whether the key may list products, but there is none to be seen."""
        return self._problem is not None and self._problem.key == "no_products"

    def name_of(self, product_id: str) -> str:
        """Return the name of a product, its id where that is not known."""
        product = self._products.get(product_id)
        return product.name if product else product_id

    @callback
    def form(self, hass: HomeAssistant) -> Form:
        """Return the form that asks for a product which is not configured."""
        options = [
            SelectOptionDict(value=product.id, label=self._label(product))
            for product in self._products.values()
            if not owner_of_product(hass, product.id)
        ]
        config = SelectSelectorConfig(
            options=options, custom_value=True, mode=SelectSelectorMode.DROPDOWN
        )
        selector = SelectSelector(config) if options else TextSelector()
        form = Form(
            schema=vol.Schema({vol.Required(CONF_PRODUCT_ID): selector}),
            placeholders={
                "console_url": CONSOLE_URL,
                "documentation_url": DOCUMENTATION_URL,
                "region": literally(self._region),
                "product_count": str(len(options)),
            },
        )
        if self._problem:
            form.refuse(self._problem)
        elif not options:
            form.refuse(FormError("no_further_products"))
        return form

    def _label(self, product: Product) -> str:
        """Return what distinguishes a product from others of the same name."""
        named = product.name != product.id
        parts = [f"{product.name} ({product.id})" if named else product.id]
        if product.device_count is not None:
            parts.append(self._device_count.format(count=product.device_count))
        if product.project_name:
            parts.append(product.project_name)
        return " · ".join(parts)


def _by_name(product: Product) -> tuple[str, str, str]:
    """Return what products are sorted by."""
    return product.name.casefold(), product.project_name.casefold(), product.id
