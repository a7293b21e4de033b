"""What Home Assistant's own sentences are made of, and which names are not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
import re
from typing import Self, cast
import unicodedata

from ..presentation.chinese_scripts import simplify
from .numerals import NUMBER_WORDS
from .spoken import CHINESE

_WORD = re.compile(rf"[{CHINESE}]+|[^\W\d_{CHINESE}]+")
# What is said, in the files of a language; the rest is answered.
_SAID = ("intents", "expansion_rules", "lists", "skip_words")


@dataclass(frozen=True)
class Words:
    """Pieces of sentences and of the names in them, each a word or Chinese characters."""

    pieces: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Return the words of texts, of which some may be templates."""
        return cls(frozenset(word for text in texts for word in _words(text)))

    @classmethod
    def of_language(cls, intents: Mapping[str, object]) -> Self:
        """Return the words of all sentences of a language, and its numbers."""
        said = [intents.get(key) for key in _SAID]
        return cls(cls.of(_texts(said)).pieces | NUMBER_WORDS)

    def __or__(self, other: Self) -> Self:
        """Return the words of both."""
        return type(self)(self.pieces | other.pieces)

    def may_hold(self, name: str) -> bool:
        """Return whether a name could be a part of a sentence that is made of them.

        A Chinese word may begin before the name, and may go on after it.
        """
        return all(
            self._spells(word, self._ends, self._begins)
            if _is_chinese(word)
            else self._spells(word, self.pieces, self.pieces)
            for word in _words(name)
        )

    def _spells(self, word: str, first: frozenset[str], last: frozenset[str]) -> bool:
        """Return whether a word can be put together from pieces."""
        if word in first or word in last or word in self._chinese:
            return True
        reached = {0}
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - self._longest), end):
                if start in reached and (
                    (part := word[start:end]) in self.pieces
                    or (start == 0 and part in first)
                    or (end == len(word) and part in last)
                ):
                    reached.add(end)
                    break
        return len(word) in reached

    @cached_property
    def _chinese(self) -> str:
        """Return all Chinese pieces, as a text in which the middle of each is found."""
        return "\n".join(filter(_is_chinese, self.pieces))

    @cached_property
    def _longest(self) -> int:
        """Return how long the longest piece is."""
        return max(map(len, self.pieces), default=0)

    @cached_property
    def _begins(self) -> frozenset[str]:
        """Return what Chinese pieces begin with."""
        return frozenset(
            piece[:end]
            for piece in self.pieces
            if _is_chinese(piece)
            for end in range(1, len(piece) + 1)
        )

    @cached_property
    def _ends(self) -> frozenset[str]:
        """Return what Chinese pieces end with."""
        return frozenset(
            piece[start:]
            for piece in self.pieces
            if _is_chinese(piece)
            for start in range(len(piece))
        )


def squeeze(text: str) -> str:
    """Return a text in one form, without spaces."""
    return "".join(_fold(text).split())


def _words(text: str) -> list[str]:
    """Return the words of a text in one form, without digits."""
    return _WORD.findall(_fold(text))


def _fold(text: str) -> str:
    """Return a text in one form of case, width and script."""
    return simplify(unicodedata.normalize("NFKC", text).casefold())


def _is_chinese(word: str) -> bool:
    """Return whether a word is one of Chinese characters."""
    return re.match(f"[{CHINESE}]", word) is not None


def _texts(value: object) -> Iterator[str]:
    """Yield all texts of decoded JSON."""
    match value:
        case str():
            yield value
        case dict():
            for item in cast(dict[str, object], value).values():
                yield from _texts(item)
        case list():
            for item in cast(list[object], value):
                yield from _texts(item)
