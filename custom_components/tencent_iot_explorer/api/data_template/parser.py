"""Data templates are read here, and never trusted."""

from collections.abc import Mapping

from ..errors import InvalidDataTemplateError
from ..identifiers import is_identifier
from ..texts import DEEPEST, decode_json, is_too_deep, readable
from .base import UnusableError
from .model import DataTemplate, DeviceAction, Parameter
from .reading import read_identifier, read_list, read_name, read_text, require_mapping
from .types import parse_parameter

_MOST_ACTIONS = 1000
_MOST_PARAMETERS = 100
_LONGEST_DESCRIPTION = 1024


def parse_data_template(model_define: str) -> DataTemplate:
    """Return the actions that a ModelDefine, a text of JSON, declares.

    A limit that makes no sense is no limit, an action that makes none is left out and
    stands in `unusable`. Raises InvalidDataTemplateError if nothing can be read at all.
    Source: Tencent Cloud document 1081/44921 and the templates of its device SDKs.
    """
    try:
        document = decode_json(model_define)
    except ValueError as err:
        raise InvalidDataTemplateError("the data template is not JSON") from err
    if not isinstance(document, dict):
        raise InvalidDataTemplateError("the data template is not a JSON object")
    actions: dict[str, DeviceAction] = {}
    unusable: dict[str, str] = {}
    for position, raw in enumerate(read_list(document.get("actions")), start=1):
        if position > _MOST_ACTIONS:
            unusable[f"number {position} and all after it"] = (
                f"a product may have {_MOST_ACTIONS} at most"
            )
            break
        name = _name_for_log(raw, position)
        if name in actions or name in unusable:
            unusable.setdefault(name, "another action has the same id")
            continue
        try:
            actions[name] = _parse_action(require_mapping(raw, "it is not an object"))
        except UnusableError as err:
            unusable[name] = str(err)
    return DataTemplate(actions=actions, unusable=unusable)


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
    if is_too_deep(raw):
        raise UnusableError(f"it is nested more than {DEEPEST} levels deep")
    identifier = read_identifier(raw)
    return DeviceAction(
        id=identifier,
        name=read_name(raw, identifier),
        description=read_text(raw.get("desc"), _LONGEST_DESCRIPTION),
        inputs=_parse_parameters(raw.get("input")),
        outputs=_parse_parameters(raw.get("output")),
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
