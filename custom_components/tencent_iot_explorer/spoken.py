"""Spoken words: brought into one form, and read as numbers."""

import re
import unicodedata

_CHINESE = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_BESIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])")
_CHINESE_CHARACTER = re.compile(rf"[{_CHINESE}]")
_NOT_SPOKEN = re.compile(r"(?<!\d)\.|\.(?!\d)|(?<=[a-z0-9])-|-(?!\d)|[^\w\s.-]|_")
_ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_CHINESE_DIGITS = {
    character: number
    for number, characters in enumerate(
        ("零〇", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九")
    )
    for character in characters
}
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")
_WORDS = re.compile(rf"(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})(?!\w)")
_NUMERALS = re.compile(
    rf"[{''.join(_CHINESE_DIGITS)}]?十?[{''.join(_CHINESE_DIGITS)}]?"
)


def normalize(text: str) -> str:
    """Return a text as it sounds: without case, punctuation and spaces between Chinese.

    A point between digits and a minus before one stay.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"['\u2019]", "", text)
    text = _NOT_SPOKEN.sub(" ", text)
    return _BESIDE_CHINESE.sub("", " ".join(text.split()))


def sentence_part(name: str) -> str:
    """Return a name as a part of a sentence template, empty if nothing of it is left.

    Spaces are optional beside a Chinese character. Nothing that means something in a
    template is left of the name: it could break the sentences of the whole house.
    """
    part, between = "", ""
    for character in name:
        if not (character.isalnum() or unicodedata.category(character)[0] == "M"):
            between += character
            continue
        if part:
            beside_chinese = _CHINESE_CHARACTER.match(character) or (
                _CHINESE_CHARACTER.match(part[-1])
            )
            part += "[ ]" if beside_chinese else _gap(between)
        part, between = part + character, ""
    return part


def _gap(between: str) -> str:
    """Return what may be said for the characters between those of words."""
    if not between:
        return ""
    mark = between[0] if between[0] in "'\u2019-_." else ""
    if between in ("'", "\u2019"):
        return f"[{mark}]"
    if len(between) == 1:
        return f"({mark}| )" if mark else " "
    return f"[{mark}] " if mark else " "


def split_number(text: str) -> tuple[float | None, str]:
    """Return the number that a normalized text begins with, and what follows it.

    Digits, English words to twenty, Chinese numerals to 九十九.
    """
    if found := _DIGITS.match(text):
        number = float(found[0])
        return (int(number) if number.is_integer() else number), text[found.end() :]
    if found := _WORDS.match(text):
        return _ENGLISH.index(found[0]), text[found.end() :]
    if (found := _NUMERALS.match(text)) and found[0]:
        return _chinese_number(found[0]), text[found.end() :]
    return None, text


def _chinese_number(text: str) -> int | None:
    """Return the value of Chinese numerals, none where they are no number."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _CHINESE_DIGITS[text] if len(text) == 1 else None
    return 10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0)
