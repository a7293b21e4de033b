"""Values of outputs, typed as the data template declares them."""

from collections.abc import Mapping

from .data_template import DataType, DeviceAction
from .numbers import parse_number


def from_wire(
    action: DeviceAction, outputs: Mapping[str, object] | str
) -> Mapping[str, object] | str:
    """Return the outputs that a device sent, typed as the data template declares them.

    A bool becomes true or false; int, float, enum and timestamp become numbers where a
    device sent digits. What does not fit its type, or is not declared, stays as sent.
    """
    if isinstance(outputs, str):
        return outputs
    types = {parameter.id: parameter.type for parameter in action.outputs}
    return {
        identifier: _typed(types.get(identifier, DataType.RAW), value)
        for identifier, value in outputs.items()
    }


def _typed(data_type: DataType, value: object) -> object:
    """Return one output as its type."""
    match data_type:
        case DataType.BOOL if value in (0, 1, "0", "1"):
            return str(value) in ("1", "1.0", "True")
        case DataType.INT | DataType.FLOAT | DataType.ENUM | DataType.TIMESTAMP:
            number = parse_number(value)
            return value if number is None else number
        case _:
            return value
