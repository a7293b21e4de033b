"""What a name, an id or a label says, by the words that are in it."""

from dataclasses import dataclass
from functools import lru_cache
import re
from typing import Self
import unicodedata

from ..api import Parameter
from ..presentation.chinese_scripts import simplify

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text as its words are looked for: see `words.py` for how they count."""

    text: str
    parts: tuple[str, ...]

    def has(self, words: Words) -> bool:
        """Return whether a word is in it, and none that denies the word's meaning."""
        return self._has_any(words) and not self.denies(words)

    def denies(self, words: Words) -> bool:
        """Return whether it has what the words do not mean."""
        return words.but_not is not None and self._has_any(words.but_not)

    def is_one_of(self, words: Words) -> bool:
        """Return whether it is nothing but one of the words."""
        return self.text in words.chinese or (
            self.text.isascii() and self.parts in words.latin
        )

    def begins_with(self, words: Words) -> bool:
        """Return whether it begins with one of the words."""
        return self.text.startswith(words.chinese) or any(
            self.parts[: len(word)] == word for word in words.latin
        )

    def _has_any(self, words: Words) -> bool:
        """Return whether a word is in it."""
        return any(word in self.text for word in words.chinese) or any(
            self.parts[start : start + len(word)] == word
            for word in words.latin
            for start in range(len(self.parts))
        )


@dataclass(frozen=True, slots=True)
class Words:
    """Words that mean the same, unless one of `but_not` is in a name, too."""

    chinese: tuple[str, ...]
    latin: tuple[tuple[str, ...], ...]
    but_not: Words | None = None

    @classmethod
    def of(cls, words: str, *, but_not: str = "") -> Self:
        """Return the words that a text has between its spaces."""
        each = words.split()
        return cls(
            chinese=tuple(word for word in each if not word.isascii()),
            latin=tuple(read_phrase(word).parts for word in each if word.isascii()),
            but_not=cls.of(but_not) if but_not else None,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The name and the id of a property, or of a member of a structure."""

    name: Phrase
    id: Phrase

    @classmethod
    def of(cls, parameter: Parameter) -> Self:
        """Return what a parameter is called."""
        return cls(read_phrase(parameter.name), read_phrase(parameter.id))

    def has(self, words: Words) -> bool:
        """Return whether name or id has a word whose meaning the name does not deny."""
        return self.name.has(words) or (
            self.id.has(words) and not self.name.denies(words)
        )


@lru_cache(maxsize=4096)
def read_phrase(text: str) -> Phrase:
    """Return a text in simplified characters and small letters, and its Latin parts.

    These are cut at signs, at digits and before capital letters: `PM2_5` is pm, 2, 5.
    """
    text = simplify(unicodedata.normalize("NFKC", text))
    return Phrase(
        text=text.strip().lower(),
        parts=tuple(part.lower() for part in _PARTS.findall(text)),
    )
