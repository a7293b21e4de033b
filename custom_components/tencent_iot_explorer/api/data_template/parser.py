"""Data templates are read here, and never trusted."""

from collections.abc import Callable, Mapping

from ..errors import InvalidDataTemplateError
from ..identifiers import is_identifier
from ..texts import DEEPEST, clean_text, decode_json, is_too_deep, readable
from .base import UnusableError
from .model import (
    DataTemplate,
    DeviceAction,
    EventType,
    Parameter,
    Property,
    TemplateEvent,
)
from .reading import read_identifier, read_list, read_name, read_text, require_mapping
from .types import parse_parameter, parse_usable

_MOST_OF_A_KIND = 1000
_MOST_PARAMETERS = 100
_LONGEST_DESCRIPTION = 1024


def parse_data_template(model_define: str) -> DataTemplate:
    """Return the actions, properties and events that a ModelDefine, JSON text, declares.

    A limit that makes no sense is no limit; what makes none is left out, and stands in
    `unusable` with the reason. Raises InvalidDataTemplateError if nothing can be read.
    Source: Tencent Cloud document 1081/44921 and the templates of its device SDKs.
    """
    try:
        document = decode_json(model_define)
    except ValueError as err:
        raise InvalidDataTemplateError("the data template is not JSON") from err
    if not isinstance(document, dict):
        raise InvalidDataTemplateError("the data template is not a JSON object")
    actions, unusable = _parse_all(document.get("actions"), "action", _parse_action)
    properties, unusable_properties = _parse_all(
        document.get("properties"), "property", _parse_property
    )
    events, unusable_events = _parse_all(document.get("events"), "event", _parse_event)
    return DataTemplate(
        actions=actions,
        unusable=unusable,
        properties=properties,
        unusable_properties=unusable_properties,
        events=events,
        unusable_events=unusable_events,
    )


def _parse_all[ItemT](
    raw_items: object, kind: str, parse: Callable[[Mapping[str, object]], ItemT]
) -> tuple[dict[str, ItemT], dict[str, str]]:
    """Return what of one kind can be used, and what cannot with the reason."""
    items: dict[str, ItemT] = {}
    unusable: dict[str, str] = {}
    for position, raw in enumerate(read_list(raw_items), start=1):
        if position > _MOST_OF_A_KIND:
            unusable[f"number {position} and all after it"] = (
                f"a product may have {_MOST_OF_A_KIND} at most"
            )
            break
        name = _name_for_log(raw, position)
        if name in items or name in unusable:
            unusable.setdefault(name, f"another {kind} has the same id")
            continue
        try:
            items[name] = parse(_require_usable(raw))
        except UnusableError as err:
            unusable[name] = str(err)
    return items, unusable


def _require_usable(raw: object) -> Mapping[str, object]:
    """Return a JSON object; raises UnusableError for another thing, or one too deep."""
    mapping = require_mapping(raw, "it is not an object")
    if is_too_deep(mapping):
        raise UnusableError(f"it is nested more than {DEEPEST} levels deep")
    return mapping


def _name_for_log(raw: object, position: int) -> str:
    """Return what an unusable action is called: its id, or its position."""
    identifier = raw.get("id") if isinstance(raw, dict) else None
    if is_identifier(identifier):
        return identifier
    if isinstance(identifier, str) and identifier:
        return f"number {position} ({readable(identifier)})"
    return f"number {position}"


def _parse_action(raw: Mapping[str, object]) -> DeviceAction:
    """Return one action."""
    identifier = read_identifier(raw)
    return DeviceAction(
        id=identifier,
        name=read_name(raw, identifier),
        description=read_text(raw.get("desc"), _LONGEST_DESCRIPTION),
        inputs=_parse_parameters(raw.get("input")),
        outputs=_parse_parameters(raw.get("output")),
    )


def _parse_property(raw: Mapping[str, object]) -> Property:
    """Return one property, which is read-only unless its `mode` has a `w`."""
    parameter = parse_parameter(raw)
    mode = raw.get("mode")
    return Property(
        id=parameter.id,
        name=parameter.name,
        type=parameter.type,
        is_writable=isinstance(mode, str) and "w" in mode.lower(),
    )


def _parse_event(raw: Mapping[str, object]) -> TemplateEvent:
    """Return one event; parameters that cannot be used are left out."""
    identifier = read_identifier(raw)
    kind = clean_text(raw.get("type")).lower()
    if kind not in EventType:
        raise UnusableError("its type is none of info, alert and fault")
    return TemplateEvent(
        id=identifier,
        name=read_name(raw, identifier),
        type=EventType(kind),
        parameters=parse_usable(raw.get("params")),
    )


def _parse_parameters(raw: object) -> tuple[Parameter, ...]:
    """Return the inputs or outputs of an action, in the template's order."""
    parameters: dict[str, Parameter] = {}
    items = read_list(raw)
    if len(items) > _MOST_PARAMETERS:
        raise UnusableError(f"it has more than {_MOST_PARAMETERS} inputs or outputs")
    for item in items:
        parameter = parse_parameter(
            require_mapping(item, "an input or output is no object")
        )
        if parameter.id in parameters:
            raise UnusableError(f"'{parameter.id}' is declared twice")
        parameters[parameter.id] = parameter
    return tuple(parameters.values())
