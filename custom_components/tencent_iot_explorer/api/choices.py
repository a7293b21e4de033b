"""Choices: which key is meant by what people, YAML and templates write."""

from .data_template import DataType, Parameter
from .numbers import as_text

# YAML reads all of these as true and false unless they are quoted.
_WORDS = {True: {"true", "on", "yes"}, False: {"false", "off", "no"}}


def spellings(value: object) -> list[str]:
    """Return the texts that a value may stand for: a template makes 1.0 of "1"."""
    text = as_text(value)
    if text is None:
        return []
    return [text, text.removesuffix(".0")] if isinstance(value, float) else [text]


def find_key(parameter: Parameter, value: object) -> str | None:
    """Return the key of a choice given by its key, by a label of its own or as a truth."""
    choices = parameter.choices
    for text in spellings(value):
        if text in choices:
            return text
        keys = [key for key, label in choices.items() if label == text]
        if keys:
            return keys[0] if len(keys) == 1 else None
    return _key_of_truth(parameter, value)


def _key_of_truth(parameter: Parameter, value: object) -> str | None:
    """Return the key for true and false, on and off.

    A text is that of a label first, in any case: some devices call 0 "On". A choice that
    is no bool must have one that is called so. With more than two a text must be exact,
    but who writes `off` without quotation marks passes false.
    """
    truth = _truth(value)
    if truth is None:
        return None
    if parameter.type is DataType.BOOL:
        word = value.strip().casefold() if isinstance(value, str) else None
        keys = [
            key for key, label in parameter.choices.items() if label.casefold() == word
        ]
        return keys[0] if len(keys) == 1 else str(int(truth))
    if isinstance(value, str) and len(parameter.choices) != 2:
        return None
    keys = [
        key
        for key, label in parameter.choices.items()
        if _WORDS[truth] & {key.casefold(), label.casefold()}
    ]
    return keys[0] if len(keys) == 1 else None


def _truth(value: object) -> bool | None:
    """Return whether a value says true or false, none if it says neither."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    word = value.strip().casefold()
    return next((truth for truth, words in _WORDS.items() if word in words), None)
