"""What entities are called by the names of a data template."""

from ..api import DeviceAction, Parameter


def input_name(action: DeviceAction, parameter: Parameter) -> str:
    """Return what the entity of an input is called."""
    return f"{action.name} {parameter.name}"
