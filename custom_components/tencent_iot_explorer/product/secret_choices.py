"""Which text inputs of a product are secret: as a person chose, else by their words."""

from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from ..api import (
    Array,
    Choice,
    DataTemplate,
    DeviceAction,
    Number,
    Parameter,
    Struct,
    Text,
    Timestamp,
    is_of,
)
from ..const import CONF_PLAIN, CONF_SECRET
from ..identifiers import input_path
from .secret_values import all_secret_values
from .secret_words import names_secret


@dataclass(frozen=True, kw_only=True, slots=True)
class TextInput:
    """An input that can be secret; its path is `<ActionId>/<input id>`."""

    action: DeviceAction
    parameter: Parameter[Text]

    @property
    def path(self) -> str:
        """Return what the input is stored by."""
        return input_path(self.action.id, self.parameter.id)


class SecretChoices:
    """The choice that is stored with a product, and what follows for its template.

    An input that was declared after the choice is secret if its words say so.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take over the data of a product's subentry."""
        self._plain: AbstractSet[str] = frozenset(data.get(CONF_PLAIN, ()))
        self._secret: AbstractSet[str] = frozenset(data.get(CONF_SECRET, ())) | (
            _paths_of_values(data) - self._plain
        )
        self._template: DataTemplate | None = None
        self._marked_template: DataTemplate | None = None

    def is_secret(self, text: TextInput) -> bool:
        """Return whether a text must not stand in a state."""
        if self.is_decided(text):
            return text.path in self._secret
        return names_secret(text.parameter.id, text.parameter.name)

    def is_decided(self, text: TextInput) -> bool:
        """Return whether more than words say what an input is."""
        return text.path in self._secret or text.path in self._plain

    def as_data(
        self, *, secret: AbstractSet[str], plain: AbstractSet[str]
    ) -> dict[str, list[str]]:
        """Return the choice to store once some inputs, by their paths, are decided."""
        return {
            CONF_SECRET: sorted((self._secret - plain) | secret),
            CONF_PLAIN: sorted((self._plain - secret) | plain),
        }

    def mark(self, template: DataTemplate) -> DataTemplate:
        """Return a template with its secret inputs, properties and parameters marked.

        Only inputs are a person's choice. It is the same object for the same template.
        """
        if template is self._template and self._marked_template:
            return self._marked_template
        self._template = template
        self._marked_template = replace(
            template,
            actions={
                action.id: self._marked(action) for action in template.actions.values()
            },
            properties={
                item.id: _marked_by_words(item) for item in template.properties.values()
            },
            events={
                event.id: replace(
                    event, parameters=tuple(map(_marked_by_words, event.parameters))
                )
                for event in template.events.values()
            },
        )
        return self._marked_template

    def _marked(self, action: DeviceAction) -> DeviceAction:
        """Return an action with its secret inputs marked as such."""
        secret = {
            text.parameter.id for text in text_inputs([action]) if self.is_secret(text)
        }
        if not secret:
            return action
        return replace(
            action,
            inputs=tuple(
                replace(parameter, is_secret=parameter.id in secret)
                for parameter in action.inputs
            ),
        )


def _marked_by_words[ParameterT: Parameter](parameter: ParameterT) -> ParameterT:
    """Return a property, or a parameter of an event, marked if its words say so.

    That goes for the members of a structure as well, of which one is enough.
    """
    if _holds_secret(parameter):
        return replace(parameter, is_secret=True)
    return parameter


def _holds_secret(parameter: Parameter, *, is_named_so: bool = False) -> bool:
    """Return whether a value, or a part of it, is secret by its words or those around it.

    The template says what a choice can be, so that is none.
    """
    data_type = parameter.type
    while isinstance(data_type, Array):
        data_type = data_type.item
    is_named_so = is_named_so or names_secret(
        parameter.id, parameter.name, is_number=isinstance(data_type, Number)
    )
    if isinstance(data_type, Struct):
        return any(
            _holds_secret(member, is_named_so=is_named_so)
            for member in data_type.members
        )
    return is_named_so and not isinstance(data_type, Choice | Timestamp)


def text_inputs(actions: Iterable[DeviceAction]) -> Iterator[TextInput]:
    """Yield the inputs of actions that can be secret."""
    for action in actions:
        for parameter in action.inputs:
            if is_of(parameter, Text):
                yield TextInput(action=action, parameter=parameter)


def _paths_of_values(data: Mapping[str, Any]) -> AbstractSet[str]:
    """Return the paths of the inputs that a value is stored for."""
    return {
        input_path(action_id, input_id)
        for values in all_secret_values(data).values()
        for action_id, of_action in values.items()
        for input_id in of_action
    }
