"""Spoken words, brought into one form that still knows where each character stood."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
import re
import unicodedata

from ..presentation.chinese_scripts import simplify

# Names whose forms are kept: more than are exposed in a large home.
MOST_NAMES = 8192

CHINESE = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CHINESE_CHARACTER = re.compile(rf"[{CHINESE}]")
_BESIDE_CHINESE = re.compile(rf"(?<=[{CHINESE}]) | (?=[{CHINESE}])")
# Marks that a sentence has, rather than what is said in it.
_SENTENCE_MARKS = "。，,.?¿？؟!¡！;；:：…—–―"
_DASHES = "-\uff0d\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
# Marks of a number where digits are on both sides; some keyboards only have a 。 for it.
_INSIDE_NUMBERS = ".．。,:："
_APOSTROPHES = "'\u2019"
_KANA = re.compile(r"[\u3040-\u30ff]")
_UNSEEN = re.compile(r"[\ufe00-\ufe0f]")
_POINTS = (".", "．")
_RAISED = ("<super>", "<sub>", "<circle>")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A text as it sounds: `text` is in one form, and made of the characters of `raw`.

    Case, width, script and the marks of sentences are gone, and so are spaces beside
    Chinese. Other marks stay: they may be all that differs between two names.
    """

    raw: str
    text: str
    positions: tuple[int, ...]

    def written(self, start: int, end: int) -> str:
        """Return how a part of the text was written."""
        return self.raw[self.positions[start] : self.positions[end - 1] + 1]

    def between(self, start: int, end: int) -> str:
        """Return what was written between the characters around a part."""
        begin = self.positions[start - 1] + 1 if start else 0
        return self.raw[begin : self.positions[end] if end < len(self.text) else None]

    @cached_property
    def squeezed(self) -> str:
        """Return the text without any spaces."""
        return self.text.replace(" ", "")


def hear(text: str) -> Heard:
    """Return a text as it sounds.

    Of marks above and below a letter that come together only when what was between them
    is gone, the order and the letter are found in a second go, of what the first heard.
    """
    heard = _hear(text)
    if unicodedata.is_normalized("NFC", heard.text):
        return heard
    again = _hear(heard.text)
    return heard if again.text == heard.text else again


def _hear(text: str) -> Heard:
    """Return a text as it sounds, but for marks that come together only now."""
    raw = unicodedata.normalize("NFC", text)
    characters = list(_characters(raw))
    while characters and characters[-1][0] == " ":
        characters.pop()
    folded = "".join(character for character, _ in characters)
    kept = [
        index
        for index, character in enumerate(folded)
        if character != " " or not _BESIDE_CHINESE.match(folded, index)
    ]
    return Heard(
        raw=raw,
        text="".join(folded[index] for index in kept),
        positions=tuple(characters[index][1] for index in kept),
    )


def normalize(text: str) -> str:
    """Return a text as it sounds, without the positions."""
    return hear(text).text


def plain(text: str) -> str:
    """Return a text as it is written, but for case, width and amount of spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _characters(raw: str) -> Iterator[tuple[str, int]]:
    """Yield the characters of a text in one form, each with its position in the text."""
    seen = [
        (position, part)
        for position, character in enumerate(raw)
        for part in _narrow(raw[max(position - 1, 0) : position], character)
        if not _is_silent(part)
    ]
    text = "".join(mark for _, mark in seen)
    is_space = True
    for index, (position, character) in enumerate(seen):
        before, after = text[max(index - 1, 0) : index], text[index + 1 : index + 2]
        for folded in _fold(before, character, after):
            if folded != " " or not is_space:
                yield folded, position
            is_space = folded == " "


def _narrow(before: str, character: str) -> str:
    """Return a character in its usual width, a mark of a sentence as it is.

    A wide comma is none of a number, and a square behind a digit is no digit.
    """
    if character in _SENTENCE_MARKS or character in _INSIDE_NUMBERS:
        return character
    if before.isdecimal() and unicodedata.decomposition(character).startswith(_RAISED):
        return character
    return unicodedata.normalize("NFKC", character)


def _is_silent(character: str) -> bool:
    """Return whether a character is nothing that could be heard, not even a space."""
    return (
        character in _APOSTROPHES
        or bool(_UNSEEN.match(character))
        or (unicodedata.category(character) in ("Cc", "Cf") and not character.isspace())
    )


def _fold(before: str, character: str, after: str) -> str:
    """Return a character in one form: a space, or what stands for it."""
    if is_part_of_number(before, character, after):
        if character == "。":
            return "."
        return "-" if character in _DASHES else unicodedata.normalize("NFKC", character)
    if character == "_" or character in _SENTENCE_MARKS or character.isspace():
        return " "
    if character in _DASHES:
        return " " if is_of_word(before) and is_of_word(after) else "-"
    return simplify(character.casefold())


def is_part_of_number(before: str, mark: str, after: str) -> bool:
    """Return whether a mark is one of a number, as it cannot be left out of that.

    A point may begin one, as in .5, where it is neither behind a word nor behind dots.
    """
    if len(mark) != 1 or mark.isspace() or is_spoken(mark) or not after.isdecimal():
        return False
    if before.isdecimal():
        return mark in _INSIDE_NUMBERS or mark not in f"{_SENTENCE_MARKS}_"
    if mark in "+\uff0b":
        return True
    begins = not is_of_word(before) and (not before or before not in f".．…{_DASHES}")
    return begins and (mark in _POINTS or mark in _DASHES)


def is_of_word(character: str) -> bool:
    """Return whether a character is a letter or digit of words with spaces between."""
    return is_spoken(character) and not (
        is_chinese(character) or _KANA.match(character)
    )


def is_spoken(character: str) -> bool:
    """Return whether a character is of words rather than a mark or a space."""
    return character.isalnum() or (
        character != ""
        and unicodedata.category(character)[0] == "M"
        and not _UNSEEN.match(character)
    )


def is_chinese(character: str) -> bool:
    """Return whether a character is Chinese, which has no spaces between words."""
    return _CHINESE_CHARACTER.match(character) is not None


def is_sentence_mark(character: str) -> bool:
    """Return whether a character is a mark of a sentence, which is not said."""
    return character in _SENTENCE_MARKS


def strip_sentence(text: str) -> str:
    """Return a part of a sentence without the marks of the sentence at its ends.

    The point of .5 is none.
    """
    stripped = text.strip(f"{_SENTENCE_MARKS} \n\r\t")
    before = text[: text.index(stripped)]
    if is_part_of_number(before[-2:-1], before[-1:], stripped[:1]):
        return before[-1] + stripped
    return stripped or text.strip()
