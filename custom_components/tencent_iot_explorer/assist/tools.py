"""What a tool asks a language model for, and what the model's arguments mean."""

from collections.abc import Iterable, Mapping, Sequence
import hashlib

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import ensure_unique_string, slugify

from ..actions.rights import ActionUse, Rights
from ..api import Choice, DeviceAction, Parameter, is_of, readable, shorten
from ..const import DOMAIN
from ..errors import refusal
from ..presentation.data_types import model_description, model_schema
from ..presentation.distinct_names import distinct_names
from ..presentation.labels import choice_labels
from ..schema import vol
from .exposed import ExposedAction
from .said_values import chosen_key
from .spoken import normalize

DEVICE = "device"
# Several providers of language models limit names and descriptions to these lengths.
_LONGEST_TOOL_NAME = 64
_LONGEST_PARAMETER_NAME = 40
_LONGEST_DESCRIPTION = 1024
_LONGEST_DEVICE = 1024


def tool_name(service_name: str) -> str:
    """Return the name of the tool for an action whose service has a name already."""
    name = f"{DOMAIN}__{service_name}"
    if len(name) <= _LONGEST_TOOL_NAME:
        return name
    suffix = f"_{hashlib.sha256(service_name.encode()).hexdigest()[:6]}"
    return f"{name[: _LONGEST_TOOL_NAME - len(suffix)].rstrip('_')}{suffix}"


def product_names(
    groups: Sequence[Sequence[ExposedAction]],
) -> tuple[list[str], list[str]]:
    """Return of each group the name of its product, and of its action with that.

    Both are made distinct from equal ones of other groups.
    """
    actions = [group[0].action for group in groups]
    products = distinct_names(
        [group[0].target.product for group in groups],
        lambda item: item.title,
        lambda item: item.entry.title,
        lambda item: item.product_id,
    )
    titles = distinct_names(
        list(zip(products, actions, strict=True)),
        lambda item: f"{item[0]}: {item[1].name}",
        lambda item: item[1].id,
    )
    return products, titles


def tool_description(exposed: Sequence[ExposedAction], product: str) -> str:
    """Return what a tool does, what else people call that, and what it returns."""
    action = exposed[0].action
    parts = [f"Device action {action.label} of {product}."]
    if action.description:
        parts.append(action.description)
    names = dict.fromkeys(name for item in exposed for name in item.names)
    names.pop(action.name, None)
    if names:
        parts.append(f"Also called: {', '.join(names)}.")
    if action.outputs:
        outputs = "; ".join(_described(output) for output in action.outputs)
        parts.append(f"Waits for the device and returns its outputs: {outputs}.")
    return shorten("\n".join(parts), _LONGEST_DESCRIPTION)


def device_choices(exposed: Sequence[ExposedAction]) -> dict[str, ExposedAction]:
    """Return each device by its name, equal ones with their DeviceName."""
    names = [item.device_name for item in exposed]
    by_name = {
        name if names.count(name) == 1 else _full_name(item): item
        for name, item in zip(names, exposed, strict=True)
    }
    if len(by_name) == len(exposed):
        return by_name
    return {_full_name(item): item for item in exposed}


def _full_name(exposed: ExposedAction) -> str:
    """Return the name of a device together with its DeviceName."""
    return f"{exposed.device_name} ({exposed.target.device_name})"


def parameter_names(action: DeviceAction) -> dict[str, Parameter]:
    """Return each input that is no secret by its parameter, a slug of its id."""
    names: dict[str, Parameter] = {}
    for parameter in action.inputs:
        if parameter.is_secret:
            continue
        slug = slugify(parameter.id)[:_LONGEST_PARAMETER_NAME].rstrip("_")
        names[ensure_unique_string(slug, (DEVICE, *names))] = parameter
    return names


def tool_schema(exposed: Sequence[ExposedAction]) -> vol.Schema:
    """Return what a tool asks for: the device, and the inputs of the action.

    An input may be left out if every device has a value for it, or its `start` does.
    """
    action = exposed[0].action
    known = {parameter.id for parameter in action.inputs}
    for item in exposed:
        target = item.target
        known &= target.product.values_for(target.device_name, action).keys()
    schema: dict[vol.Marker, object] = {
        vol.Required(DEVICE, description="The device to run it on."): vol.In(
            list(device_choices(exposed))
        )
    }
    for name, parameter in parameter_names(action).items():
        is_optional = parameter.type.start is not None or parameter.id in known
        marker = vol.Optional if is_optional else vol.Required
        description = shorten(_described(parameter), _LONGEST_DESCRIPTION)
        schema[marker(name, description=description)] = model_schema(parameter.type)
    return vol.Schema(schema)


def _described(parameter: Parameter) -> str:
    """Return an input or output by its name, with what it can be."""
    details = model_description(parameter.type)
    return f"{parameter.label}: {details}" if details else parameter.label


def chosen_device(
    exposed: Sequence[ExposedAction], arguments: Mapping[str, object], rights: Rights
) -> ExposedAction:
    """Return the device that is asked for.

    One that must not be controlled is refused as one that is not exposed, and where none
    may be controlled that is all there is to say.
    """
    action = exposed[0].action
    use = ActionUse(action.id)
    choices = {
        name: item
        for name, item in device_choices(exposed).items()
        if rights.may_use(item.target.identifier, use)
    }
    if not choices:
        rights.require(exposed[0].target.identifier, use)
    name = arguments.get(DEVICE)
    if name in (None, ""):
        raise _refusal("value_missing", "–", action, DEVICE, choices)
    alike: list[str] = []
    if isinstance(name, str) and len(name) <= _LONGEST_DEVICE:
        heard = normalize(name)
        alike = [choice for choice in choices if normalize(choice) == heard != ""]
    if isinstance(name, str) and name in choices:
        alike = [name]
    if len(alike) != 1:
        raise _refusal("value_not_a_choice", readable(name), action, DEVICE, choices)
    return choices[alike[0]]


def input_values(
    exposed: ExposedAction, arguments: Mapping[str, object]
) -> dict[str, object]:
    """Return the arguments by the ids of the inputs, labels as the keys they mean."""
    names = parameter_names(exposed.action)
    values: dict[str, object] = {}
    for name, value in arguments.items():
        if name == DEVICE:
            continue
        if name not in names:
            raise _refusal(
                "value_undeclared", exposed.target.label, exposed.action, name, names
            )
        values[names[name].id] = _key_of(exposed, names[name], value)
    return values


def _key_of(exposed: ExposedAction, parameter: Parameter, value: object) -> object:
    """Return the key that a label was offered for, anything else as it is."""
    if (
        not is_of(parameter, Choice)
        or isinstance(value, bool)
        or not isinstance(value, str | int)
    ):
        return value
    said = str(value)
    for key, text in choice_labels(parameter.type).items():
        if text == said:
            return key
    meant = chosen_key(exposed.action, parameter, said, device=exposed.target.label)
    return value if meant is None else meant


def _refusal(
    key: str, device: str, action: DeviceAction, name: str, allowed: Iterable[str]
) -> ServiceValidationError:
    """Return the error for an argument that the tool does not know."""
    return refusal(
        key,
        device=device,
        action=action.label,
        input=readable(name),
        allowed=", ".join(allowed) or "–",
    )
