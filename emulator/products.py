"""The emulated products, and what data templates are made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
import json
from typing import Any

from .devices import EmulatedDevice
from .projects import DEMO_PROJECT, EmulatedProject

type Outputs = Callable[[dict[str, Any]], dict[str, Any] | str]
type Effect = Callable[[EmulatedDevice, dict[str, Any]], dict[str, Any]]


@dataclass(kw_only=True)
class EmulatedProduct:
    """A product: its data template, its devices and what its devices do and answer.

    One without a data template uses a protocol of its own. `effects` are what actions do
    to a device, with the outputs that come of it; `outputs` are answered in their place.
    `linked` says whether the application may use it.
    """

    product_id: str
    template: dict[str, Any] | str | None
    devices: dict[str, EmulatedDevice]
    name: str = ""
    project: EmulatedProject = DEMO_PROJECT
    dev_status: str = "released"
    update_time: int = 1599468019
    effects: dict[str, Effect] = field(default_factory=dict)
    outputs: dict[str, Outputs] = field(default_factory=dict)
    linked: bool = True

    @property
    def model_define(self) -> str | None:
        """Return the data template as the cloud sends it."""
        if not isinstance(self.template, dict):
            return self.template
        return json.dumps(self.template, ensure_ascii=False)

    def action(self, action_id: str) -> dict[str, Any] | None:
        """Return the declaration of an action."""
        return self._declared("actions", action_id)

    def property_(self, property_id: str) -> dict[str, Any] | None:
        """Return the declaration of a property."""
        return self._declared("properties", property_id)

    def _declared(self, kind: str, identifier: str) -> dict[str, Any] | None:
        """Return the first declaration that has an id."""
        template = self.template if isinstance(self.template, dict) else {}
        items = template.get(kind, [])
        return next((item for item in items if item["id"] == identifier), None)


def parameter(identifier: str, name: str, **define: Any) -> dict[str, Any]:
    """Return the declaration of an input, an output or a parameter of an event."""
    return {"id": identifier, "name": name, "define": define}


def action(
    identifier: str,
    name: str,
    inputs: list[dict[str, Any]] | None = None,
    outputs: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the declaration of an action."""
    return {
        "id": identifier,
        "name": name,
        "desc": "",
        "input": inputs or [],
        "output": outputs or [],
        "required": False,
    }


def property_(
    identifier: str, name: str, mode: str = "rw", **define: Any
) -> dict[str, Any]:
    """Return the declaration of a property."""
    declared = parameter(identifier, name, **define)
    return declared | {"desc": "", "mode": mode, "required": False}


def event(
    identifier: str,
    name: str,
    kind: str = "info",
    parameters: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return the declaration of an event: info, alert or fault."""
    return {
        "id": identifier,
        "name": name,
        "desc": "",
        "type": kind,
        "params": list(parameters),
        "required": False,
    }


def template(
    product_id: str,
    *actions: dict[str, Any],
    properties: Iterable[dict[str, Any]] = (),
    events: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return a data template with the given actions, properties and events."""
    return {
        "version": "1.0",
        "profile": {"ProductId": product_id, "CategoryId": "1"},
        "properties": list(properties),
        "events": list(events),
        "actions": list(actions),
    }


def devices(*names: str, **statuses: int) -> dict[str, EmulatedDevice]:
    """Return devices by name, online unless said otherwise."""
    made = {name: EmulatedDevice(name=name) for name in names}
    made |= {
        name: EmulatedDevice(name=name, status=status)
        for name, status in statuses.items()
    }
    return made


def many_products(
    count: int, project: EmulatedProject = DEMO_PROJECT
) -> list[EmulatedProduct]:
    """Return products that have one action and one device each."""
    return [
        EmulatedProduct(
            product_id=product_id,
            name=f"产品 {number}",
            template=template(product_id, action("start", "开始")),
            devices=devices("device-1"),
            project=project,
        )
        for number in range(1, count + 1)
        for product_id in [f"MANY{number:06}"]
    ]
