"""Data templates and service names on disk, so that a start needs no cloud."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
import json
import logging

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..api import (
    DataTemplate,
    InvalidDataTemplateError,
    ModelDefinition,
    decode_json,
    parse_data_template,
)
from ..const import DOMAIN
from ..identifiers import action_key
from ..storage import PartsStore
from .known_actions import registered_actions
from .service_names import RESERVED_NAMES, name_again, service_name
from .stored_templates import TEMPLATES, StoredParts, StoredTemplate, parse_parts

_LOGGER = logging.getLogger(__name__)
_SAVE_DELAY = 60
_MOST_NAMED = 5
NO_TEMPLATE = DataTemplate(actions={}, unusable={})
# What a data template declares, by the names of its lists.
_KINDS: Mapping[str, Callable[[DataTemplate], Mapping[str, object]]] = {
    "actions": lambda template: template.actions,
    "properties": lambda template: template.properties,
    "events": lambda template: template.events,
}


class TemplateStore:
    """The data templates of all configured products.

    What a template loses stays among what is gone until a person confirms that.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin empty."""
        self._hass = hass
        self._store = PartsStore(hass, DOMAIN)
        self._parts = StoredParts()
        self.templates: dict[str, DataTemplate] = {}
        self._gone: dict[str, DataTemplate] = {}

    async def async_load(self) -> None:
        """Read the file; templates that cannot be used are read from the cloud again."""
        data, damage = await self._store.async_read()
        self._parts = parse_parts(data)
        for product_id, stored in self._parts.templates.items():
            try:
                if stored["model_define"]:
                    self._take_over(product_id, stored)
            except InvalidDataTemplateError:
                stored["model_define"] = ""
                damage.append(f"{TEMPLATES}/{product_id}/model_define")
        damage += self._parts.damage
        self._name_lost_services()
        self._name_services()
        if damage and await self._store.async_put_aside(damage):
            await self._store.async_save(self._parts.data())

    def gone(self, product_id: str) -> DataTemplate:
        """Return what a product's template lost and nobody has confirmed."""
        return self._gone.get(product_id, NO_TEMPLATE)

    async def async_update(self, product_id: str, model: ModelDefinition) -> None:
        """Take over a product's data template if it is another one.

        Raises InvalidDataTemplateError, after which the one before is still there.
        """
        before = self._parts.templates.get(product_id)
        if before and (before["model_define"], before["update_time"]) == (
            model.model_define,
            model.update_time,
        ):
            return
        stored = (
            before.copy() if before else StoredTemplate(model_define="", update_time=0)
        )
        stored["model_define"] = model.model_define
        stored["update_time"] = model.update_time
        stored.pop("gone", None)
        if gone := _gone_since(before, model.model_define):
            stored["gone"] = gone
        self._take_over(product_id, stored)
        self._name_services()
        await self._store.async_save(self._parts.data())

    async def async_forget_gone(self, product_id: str) -> None:
        """Let go of what a product's template lost."""
        stored = self._parts.templates.get(product_id)
        if stored is None or stored.pop("gone", None) is None:
            return
        self._gone.pop(product_id, None)
        await self._store.async_save(self._parts.data())

    def total(self, product_id: str) -> int | None:
        """Return how many devices a product had at last, if anybody knows."""
        stored = self._parts.templates.get(product_id)
        return stored.get("total") if stored else None

    @callback
    def keep_total(self, product_id: str, total: int | None) -> None:
        """Keep how many devices a product has; the file can wait for that."""
        stored = self._parts.templates.get(product_id)
        if stored is None or total is None or stored.get("total") == total:
            return
        stored["total"] = total
        self._store.async_delay_save(self._parts.data, _SAVE_DELAY)

    async def async_keep_only(self, product_ids: Iterable[str]) -> None:
        """Forget the products that nobody has configured any more."""
        gone = self._parts.templates.keys() - set(product_ids)
        if not gone:
            return
        for product_id in gone:
            del self._parts.templates[product_id]
            self.templates.pop(product_id, None)
            self._gone.pop(product_id, None)
        await self._store.async_save(self._parts.data())

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    def service_name(self, product_id: str, action_id: str) -> str:
        """Return the name that a device action's service was given for good."""
        return self._parts.service_names[action_key(product_id, action_id)]

    def _take_over(self, product_id: str, stored: StoredTemplate) -> None:
        """Parse a template, and log in one line which of its actions cannot be used."""
        template = parse_data_template(stored["model_define"])
        self._parts.templates[product_id] = stored
        self.templates[product_id] = template
        self._gone.pop(product_id, None)
        if "gone" in stored:
            self._gone[product_id] = parse_data_template(stored["gone"])
        if template.unusable:
            _LOGGER.warning(
                "Product %s: %s of its device actions are left out: %s",
                product_id,
                len(template.unusable),
                _in_one_line(template.unusable),
            )

    def _name_lost_services(self) -> None:
        """Give names to actions that had one which is not known any more.

        They come before any action that never had a name. An action that has had a button
        has had a name, and each one has if there is nothing left to read.
        """
        names = self._parts.service_names
        lost = self._parts.lost_names | registered_actions(self._hass)
        if not self._parts.has_names:
            lost |= self._known_actions().keys()
        lost -= names.keys()
        for name in name_again(lost, names):
            _LOGGER.warning(
                "Nobody knows any more which device action the service %s.%s was made for. "
                "It is gone, and all that it may have been made for have other names; "
                "%s.get_action_reference lists them",
                DOMAIN,
                name,
                DOMAIN,
            )

    def _name_services(self) -> None:
        """Give a name to each device action that has none yet, in the order of ids."""
        names = self._parts.service_names
        taken = {*RESERVED_NAMES, *names.values()}
        for key, (product_id, action_id) in self._known_actions().items():
            if key not in names:
                names[key] = service_name(product_id, action_id, taken)
                taken.add(names[key])

    def _known_actions(self) -> dict[str, tuple[str, str]]:
        """Return ProductId and ActionId of all actions, in the order of ids."""
        return {
            action_key(product_id, action_id): (product_id, action_id)
            for product_id in sorted(self.templates)
            for action_id in sorted(
                self.templates[product_id].actions.keys()
                | self.gone(product_id).actions.keys()
            )
        }


def _in_one_line(unusable: Mapping[str, str]) -> str:
    """Return why actions cannot be used, of many only the first few."""
    few = [
        f"{action_id}, because {reason}"
        for action_id, reason in islice(unusable.items(), _MOST_NAMED)
    ]
    if len(unusable) > _MOST_NAMED:
        few.append(f"and {len(unusable) - _MOST_NAMED} more, which diagnostics list")
    return "; ".join(few)


def _gone_since(before: StoredTemplate | None, model_define: str) -> str | None:
    """Return a data template of all that was usable and that a newer one has no more."""
    if before is None:
        return None
    now = parse_data_template(model_define)
    texts = [text for text in (before["model_define"], before.get("gone")) if text]
    lost = {
        kind: [
            raw
            for text in texts
            for usable in [declared(parse_data_template(text))]
            for raw in _declared_items(text, kind)
            for alone in [declared(parse_data_template(json.dumps({kind: [raw]})))]
            if (alone.keys() & usable.keys()) - declared(now).keys()
        ]
        for kind, declared in _KINDS.items()
    }
    lost = {kind: items for kind, items in lost.items() if items}
    return json.dumps(lost) if lost else None


def _declared_items(model_define: str, kind: str) -> list[object]:
    """Return what a stored data template declares of one kind, usable or not."""
    document = decode_json(model_define)
    declared = document.get(kind) if isinstance(document, dict) else None
    return declared if isinstance(declared, list) else []


TEMPLATE_STORE: HassKey[TemplateStore] = HassKey(f"{DOMAIN}.template_store")
