"""Names as parts of the sentences that Assist compares with what is said."""

from functools import lru_cache
from itertools import takewhile
import re
from string import digits, punctuation
import unicodedata

from ..presentation.chinese_scripts import both_scripts
from .numerals import joins_numbers, number_spellings
from .spoken import (
    MOST_NAMES,
    hear,
    is_chinese,
    is_part_of_number,
    is_sentence_mark,
    is_spoken,
)

_SYNTAX = re.compile(r"([\\()\[\]{}<>|;])")
_APOSTROPHES = ("'", "\u2019")
_TO_FULL_WIDTH = {ord(mark): ord(mark) + 0xFEE0 for mark in digits + punctuation}


@lru_cache(maxsize=MOST_NAMES)
def sentence_part(name: str, *, strictly: bool = False) -> str:
    """Return a name as a part of a sentence template, empty if it cannot be said.

    It fits the name as it is written and without its marks, in both Chinese scripts, with
    its numbers in digits and in words. Spaces are optional beside a Chinese character.
    Those marks stay `strictly` without which two numbers would be one: 1 & 2 is not 12.
    """
    if not hear(name).text:
        return ""
    return _merged([_parts(spelling, strictly) for spelling in number_spellings(name)])


def _merged(spellings: list[list[str]]) -> str:
    """Return several spellings as one part, what they have in common only once."""
    before = _common(spellings)
    others = [parts[len(before) :][::-1] for parts in spellings]
    after = _common(others)[::-1]
    between = [parts[len(after) :][::-1] for parts in others]
    if not all(between):
        return either(*("".join(parts) for parts in spellings))
    return "".join((*before, either(*map("".join, between)), *after))


def _common(spellings: list[list[str]]) -> list[str]:
    """Return what several spellings begin with."""
    return [
        parts[0]
        for parts in takewhile(
            lambda parts: len(set(parts)) == 1, zip(*spellings, strict=False)
        )
    ]


def _parts(name: str, strictly: bool) -> list[str]:
    """Return one spelling of a name, each character with what may be before it."""
    name = unicodedata.normalize("NFC", name)
    if not any(map(is_spoken, name)):
        return [_marks(name)]
    parts, between, last = [], "", ""
    for index, character in enumerate(name):
        before, after = name[:index][-1:], name[index + 1 :][:1]
        if is_spoken(character):
            written = _character(character)
        elif is_part_of_number(before, character, after):
            # Assist itself drops the point of .5 as a mark of the sentence.
            is_kept = before.isdecimal()
            written = either(*_widths(character)) if is_kept else _mark(character)
        else:
            between += character
            continue
        gap, marks = _gap(last, between, character), _marks(between)
        head = name[: index - len(between)]
        if strictly and marks and joins_numbers(head, name[index:]):
            gap = f"[ ]{marks}[ ]"
        parts.append(gap + written)
        between, last = "", character
    return [*parts, _gap(last, between, "")]


def _character(character: str) -> str:
    """Return a character of a word in all ways that it may be written."""
    folded = unicodedata.normalize("NFKC", character)
    if folded != character:
        return either(character, _escape(folded))
    return either(*both_scripts(character), character.translate(_TO_FULL_WIDTH))


def _gap(before: str, between: str, after: str) -> str:
    """Return what may be said for the characters between those of words."""
    beside_chinese = is_chinese(before) or is_chinese(after)
    has_space = any(map(str.isspace, between))
    marks = _marks(between)
    if before and after and not beside_chinese:
        if between in _APOSTROPHES:
            return f"[{marks}]"
        if not marks:
            return " " * has_space
        # A hyphen and what ends a sentence are as good as a space; a/c may be ac.
        is_space = hear(f"a{between}a").text == "a a"
        between = f"([ ]{marks}[ ]| )"
        return between if is_space else f"[{between}]"
    space = "[ ]" * bool(before and after)
    if not marks:
        return space
    return f"{'[ ]' * bool(before)}[{marks}]{'[ ]' * bool(after)}"


def _marks(between: str) -> str:
    """Return the visible marks of a name as they are written, spaces left open."""
    parts = (
        "".join(mark for mark in part if unicodedata.category(mark) != "Cc")
        for part in between.split()
    )
    return "[ ]".join("".join(map(_mark, part)) for part in parts if part)


def _mark(mark: str) -> str:
    """Return a mark in its widths.

    Some of a sentence's are dropped by Assist itself, and others are never seen.
    """
    ways = either(*_widths(mark))
    is_unseen = unicodedata.category(mark)[0] in "CM"
    return f"[{ways}]" if is_unseen or is_sentence_mark(mark) else ways


def _widths(mark: str) -> tuple[str, ...]:
    """Return a mark as it is written and as it may be written too."""
    usual = unicodedata.normalize("NFKC", mark)
    return _escape(mark), _escape(usual), usual.translate(_TO_FULL_WIDTH)


def either(*ways: str) -> str:
    """Return a part of a template for any of several ways to write something."""
    different = list(dict.fromkeys(ways))
    return different[0] if len(different) == 1 else f"({'|'.join(different)})"


def _escape(text: str) -> str:
    """Return a text without a meaning in the template language of Assist."""
    return _SYNTAX.sub(r"\\\1", text)
