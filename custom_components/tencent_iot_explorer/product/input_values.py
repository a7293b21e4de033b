"""What the inputs of a product's actions are set to."""

from collections.abc import Mapping

from ..api import DeviceAction

type InputKey = tuple[str, str, str]


class InputValues(dict[InputKey, object]):
    """The values that input entities show, by DeviceName, ActionId and input id."""

    def of_action(
        self,
        device_name: str,
        action: DeviceAction,
        secrets: Mapping[str, str],
    ) -> dict[str, object]:
        """Return the values of an action's inputs, those that are secret as stored."""
        values: dict[str, object] = {}
        for parameter in action.inputs:
            key = (device_name, action.id, parameter.id)
            if parameter.is_secret:
                if parameter.id in secrets:
                    values[parameter.id] = secrets[parameter.id]
            elif key in self:
                values[parameter.id] = self[key]
        return values
