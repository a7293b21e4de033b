"""What is called by the names of a data template, and how names are joined."""

from ..api import DeviceAction, Parameter


def input_name(action: DeviceAction, parameter: Parameter) -> str:
    """Return what the entity of an input is called."""
    return f"{action.name} {parameter.name}"


def labelled(label: str, text: str, language: str) -> str:
    """Return a text behind its label, with the colon of a language."""
    colon = "：" if language.startswith("zh") else ": "
    return f"{label}{colon}{text}"
