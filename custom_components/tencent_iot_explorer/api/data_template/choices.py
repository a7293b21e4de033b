"""Choices: `bool`, `enum` and `stringenum`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import ClassVar, override

from ..numbers import as_text
from .base import DataType, Problem, RefusedValueError, TimeSettings, UnusableError
from .numbers import number_in
from .reading import read_mapping, read_text

_MOST_CHOICES = 1000
_LONGEST_CHOICE = 1024
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)
# How a bool may spell its two keys.
_TRUTHS = {"0": "0", "1": "1", "false": "0", "true": "1"}
# YAML reads all of these as true and false unless they are quoted.
_WORDS = {True: {"true", "on", "yes"}, False: {"false", "off", "no"}}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice(DataType):
    """One of the keys of `choices`, whose values are the labels.

    Keys and labels have 1 to 1024 characters, and the template's order. A key is sent as
    a text, or as an integer if `is_integer`.
    """

    name: str = field(init=False, default="stringenum")
    is_integer: ClassVar[bool] = False
    choices: Mapping[str, str]

    @classmethod
    @override
    def parse(cls, define: Mapping[str, object]) -> DataType:
        """Return the labels by key, of those keys that can be sent."""
        choices = _parse_mapping(define)
        if cls.is_integer:
            keys = filter(_INTEGER.fullmatch, choices)
            choices = {key: choices[key] for key in keys}
        if not choices:
            raise UnusableError("has no choices")
        return cls(choices=choices)

    @property
    @override
    def allowed(self) -> str:
        """Return the keys with their labels."""
        return ", ".join(
            key if key == label else f"{key} ({label})"
            for key, label in self.choices.items()
        )

    @property
    @override
    def example(self) -> str:
        """Return the first key."""
        return next(iter(self.choices))

    @override
    def to_wire(self, value: object, times: TimeSettings) -> int | str:
        """Return the key of a choice, see `find_key`."""
        key = self.find_key(value)
        if key is None:
            raise RefusedValueError(Problem.NOT_A_CHOICE)
        return int(key) if self.is_integer else key

    @override
    def from_wire(self, value: object) -> object:
        """Return a key as it is sent; an integer may come in digits."""
        return number_in(value) if self.is_integer else value

    @override
    def from_report(self, value: object) -> object:
        """Return the key that a device reported, none if it is not declared."""
        texts = spellings(number_in(value) if self.is_integer else value)
        return next((text for text in texts if text in self.choices), None)

    def find_key(self, value: object) -> str | None:
        """Return the key of a choice given by its key, by a label of its own or a truth."""
        for text in spellings(value):
            if text in self.choices:
                return text
            keys = [key for key, label in self.choices.items() if label == text]
            if keys:
                return keys[0] if len(keys) == 1 else None
        truth = _truth(value)
        return None if truth is None else self._key_of_truth(value, truth=truth)

    def _key_of_truth(self, value: object, *, truth: bool) -> str | None:
        """Return the key that is called on or off, if one is and no other.

        With more than two a text must be exact, but who writes `off` without quotation
        marks passes false.
        """
        if isinstance(value, str) and len(self.choices) != 2:
            return None
        keys = [
            key
            for key, label in self.choices.items()
            if _WORDS[truth] & {key.casefold(), label.casefold()}
        ]
        return keys[0] if len(keys) == 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Enum(Choice):
    """One of several integers."""

    name: str = field(init=False, default="enum")
    is_integer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Bool(Choice):
    """Something that is or is not, sent as 1 or 0, which are its keys."""

    name: str = field(init=False, default="bool")
    is_integer: ClassVar[bool] = True

    @classmethod
    @override
    def parse(cls, define: Mapping[str, object]) -> DataType:
        """Return the labels of 0 and 1; a bool with other keys is a choice of texts."""
        choices = _parse_mapping(define)
        truths = {_TRUTHS.get(key.lower()): label for key, label in choices.items()}
        if None in truths:
            return Choice(choices=choices)
        return cls(choices={key: truths.get(key, key) for key in ("0", "1")})

    @override
    def from_wire(self, value: object) -> object:
        """Return true or false."""
        if value in (0, 1, "0", "1"):
            return str(value) in ("1", "1.0", "True")
        return value

    @override
    def from_report(self, value: object) -> object:
        """Return true or false, which some devices write as such."""
        if isinstance(value, bool):
            return value
        keys = (_TRUTHS.get(text.lower()) for text in spellings(value))
        return next((key == "1" for key in keys if key), None)

    @override
    def _key_of_truth(self, value: object, *, truth: bool) -> str:
        """Return the key for true and false, on and off.

        A text is that of a label first, in any case: some devices call 0 "On".
        """
        word = value.strip().casefold() if isinstance(value, str) else None
        keys = [key for key, label in self.choices.items() if label.casefold() == word]
        return keys[0] if len(keys) == 1 else str(int(truth))


def spellings(value: object) -> list[str]:
    """Return the texts that a value may stand for: a template makes 1.0 of "1"."""
    text = as_text(value)
    if text is None:
        return []
    return [text, text.removesuffix(".0")] if isinstance(value, float) else [text]


def _parse_mapping(define: Mapping[str, object]) -> dict[str, str]:
    """Return the labels by key, of those keys that can be sent and shown."""
    mapping = read_mapping(define.get("mapping"))
    if len(mapping) > _MOST_CHOICES:
        raise UnusableError(f"has more than {_MOST_CHOICES} choices")
    return {
        key: read_text(label, _LONGEST_CHOICE) or key
        for key, label in mapping.items()
        if 0 < len(key) <= _LONGEST_CHOICE and key.isprintable()
    }


def _truth(value: object) -> bool | None:
    """Return whether a value says true or false, none if it says neither."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    word = value.strip().casefold()
    return next((truth for truth, words in _WORDS.items() if word in words), None)
