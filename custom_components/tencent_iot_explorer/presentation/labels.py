"""The options of a choice: labels that people see, and the keys that devices are sent."""

from collections import Counter

from ..api import Choice, shorten, spellings

# As a state can hold.
_LONGEST_LABEL = 255
_LONGEST_MARK = 100


def choice_labels(choice: Choice) -> dict[str, str]:
    """Return the labels of a choice by key, cut where a state ends.

    Equal ones are made distinct by their key, or by their position if need be.
    """
    texts = {key: shorten(text, _LONGEST_LABEL) for key, text in choice.choices.items()}
    labels = Counter(texts.values())
    marked = {key: _with_key(text, key) for key, text in texts.items()}
    distinct = {
        key: text if labels[text] == 1 else marked[key] for key, text in texts.items()
    }
    numbered = {
        key: shorten(f"{number}. {text}", _LONGEST_LABEL)
        for number, (key, text) in enumerate(texts.items(), start=1)
    }
    return next(
        shown
        for shown in (distinct, marked, numbered)
        if len(set(shown.values())) == len(shown)
    )


def option_value(choice: Choice, key: str) -> str:
    """Return what a service is called with for a key of a choice.

    That is the key, unless it is the label of another one: then it is its own label.
    """
    if _keys_by_label(choice).get(key, key) == key:
        return key
    return choice_labels(choice)[key]


def key_of_label(choice: Choice, value: object) -> object:
    """Return the key of a label that a service was called with, anything else as it is.

    A label comes before the key that is written like it, because labels are what people
    see.
    """
    keys = _keys_by_label(choice)
    return next((keys[text] for text in spellings(value) if text in keys), value)


def _with_key(text: str, key: str) -> str:
    """Return a label with its key, both cut where that is too long for a state."""
    mark = f" ({shorten(key, _LONGEST_MARK)})"
    return f"{shorten(text, _LONGEST_LABEL - len(mark))}{mark}"


def _keys_by_label(choice: Choice) -> dict[str, str]:
    """Return the keys by the labels that are shown, and by those of the template."""
    keys = {label: key for key, label in choice_labels(choice).items()}
    count = Counter(choice.choices.values())
    for key, label in choice.choices.items():
        if count[label] == 1:
            keys.setdefault(label, key)
    return keys
