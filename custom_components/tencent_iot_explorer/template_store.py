"""Data templates and service names on disk, so that a start needs no cloud."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
import logging
from typing import TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .api.data_template import DataTemplate, parse_data_template
from .api.errors import InvalidDataTemplateError
from .api.models import ModelDefinition
from .const import DOMAIN, SERVICE_CALL_ACTION
from .service_names import service_name

_LOGGER = logging.getLogger(__name__)
_VERSION = 1


class StoredTemplate(TypedDict):
    """A data template as the cloud sent it."""

    model_define: str
    update_time: int


class StoredData(TypedDict):
    """What the file holds: templates by ProductId, names by `<ProductId>/<ActionId>`."""

    templates: dict[str, StoredTemplate]
    service_names: dict[str, str]


class TemplateStore:
    """The data templates of all configured products."""

    def __init__(
        self, hass: HomeAssistant, on_change: Callable[[], Awaitable[None]]
    ) -> None:
        """Begin empty; `on_change` is done whenever a template is another one."""
        self._store: Store[StoredData] = Store(
            hass, _VERSION, DOMAIN, atomic_writes=True
        )
        self._stored: dict[str, StoredTemplate] = {}
        self._service_names: dict[str, str] = {}
        self._on_change = on_change
        self.templates: dict[str, DataTemplate] = {}

    async def async_load(self) -> None:
        """Read the file; a stored template that cannot be parsed is read again later."""
        if (data := await self._store.async_load()) is None:
            return
        self._service_names = dict(data["service_names"])
        for product_id, stored in data["templates"].items():
            with suppress(InvalidDataTemplateError):
                self._take_over(product_id, stored)
        self._name_services()

    async def async_update(self, product_id: str, model: ModelDefinition) -> bool:
        """Take over a product's data template and return whether it is another one.

        Raises InvalidDataTemplateError, after which the one before is still there.
        """
        stored = StoredTemplate(
            model_define=model.model_define, update_time=model.update_time
        )
        if self._stored.get(product_id) == stored:
            return False
        self._take_over(product_id, stored)
        self._name_services()
        await self._store.async_save(self._data())
        await self._on_change()
        return True

    async def async_keep_only(self, product_ids: Iterable[str]) -> None:
        """Forget the products that nobody has configured any more."""
        gone = self._stored.keys() - set(product_ids)
        if not gone:
            return
        for product_id in gone:
            del self._stored[product_id], self.templates[product_id]
        await self._store.async_save(self._data())

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    def service_name(self, product_id: str, action_id: str) -> str:
        """Return the name that a device action's service was given for good."""
        return self._service_names[f"{product_id}/{action_id}"]

    def _take_over(self, product_id: str, stored: StoredTemplate) -> None:
        """Parse a template and tell of each action in it that cannot be used."""
        template = parse_data_template(stored["model_define"])
        self._stored[product_id] = stored
        self.templates[product_id] = template
        for action_id, reason in template.unusable.items():
            _LOGGER.warning(
                "Product %s: device action %s is left out, because %s",
                product_id,
                action_id,
                reason,
            )

    def _name_services(self) -> None:
        """Give a name to each device action that has none yet, in the order of ids."""
        taken = {SERVICE_CALL_ACTION, *self._service_names.values()}
        for product_id in sorted(self.templates):
            for action_id in sorted(self.templates[product_id].actions):
                key = f"{product_id}/{action_id}"
                if key not in self._service_names:
                    name = service_name(product_id, action_id, taken)
                    self._service_names[key] = name
                    taken.add(name)

    def _data(self) -> StoredData:
        """Return what the file is to hold."""
        return StoredData(templates=self._stored, service_names=self._service_names)


TEMPLATE_STORE: HassKey[TemplateStore] = HassKey(f"{DOMAIN}.template_store")
