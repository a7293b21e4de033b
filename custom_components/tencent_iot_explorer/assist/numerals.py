"""Numbers as they are said: in digits, in English, in Chinese; in one form of `spoken`."""

from collections.abc import Iterator
import re

from .spoken import Heard, is_chinese, is_of_word, normalize

_UNITS = [
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
]
_TENS = [
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1000000}
_ENGLISH = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
}
_DIGITS = {
    character: str(number)
    for number, characters in enumerate(
        (
            "零〇",
            "一壹幺",
            "二两贰",
            "三叁",
            "四肆",
            "五伍",
            "六陆",
            "七柒",
            "八捌",
            "九玖",
        )
    )
    for character in characters
}
_TO_DIGITS = str.maketrans(_DIGITS | {"拾": "十", "佰": "百", "仟": "千"})
_CHINESE_UNITS = "十拾百佰千仟万亿廿卅半"
_CHINESE_DIGIT = f"[{''.join(_DIGITS)}]"

# All words that numbers are made of, in one form.
NUMBER_WORDS = frozenset((*_ENGLISH, *_SCALES, *_DIGITS, *_CHINESE_UNITS, *"点负"))

_FIGURES = r"(?:(?<!\d)\.)?\d+(?:[^\w\s]\d+)*"
_WORD = rf"(?<![a-z])(?:{'|'.join([*_ENGLISH, *_SCALES])})(?![a-z])"
_ATOM = rf"{_FIGURES}|{_WORD}|{_CHINESE_DIGIT}|[{_CHINESE_UNITS}]"
_JOINT = r" ?(?:点|分之|(?<![a-z])point(?![a-z])|(?<![a-z])and(?![a-z]))? ?"
_RUN = re.compile(rf"(?:{_ATOM})(?:{_JOINT}(?:{_ATOM}))*")
_ATOMS = re.compile(_ATOM)
_SIGN = re.compile(r"[+-]|负|零下|(?:minus|negative) ")
_PLAIN = re.compile(r"\d*\.?\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_CHINESE_SCALES = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100}
_LARGE = re.compile(rf"(\d+(?:\.\d+)?)([{''.join(_CHINESE_SCALES)}])", re.ASCII)
_SECTION = re.compile(
    r"(?:(\d)千)?(0(?!$))?(?:(\d)百)?(0(?!$))?(?:(\d?)十)?(0(?!$))?(\d?)", re.ASCII
)
_SIGNS_BEHIND = "%‰°"
_SEPARATING = re.compile("[，、。；：！？,;:!?—–―…]")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_MOST_IN_WORDS = 99


def splits_number(heard: Heard, end: int, start: int, *, strictly: bool) -> bool:
    """Return whether a word or number goes on from before `end` to after `start`.

    Between a name and a value any two numerals are one number. Between two names they
    are only where they make one together: after 灯一, 一键开 begins anew, 十号 does not.
    """
    text = heard.text
    if end < 1 or start >= len(text) or text[end:start].strip():
        return False
    before, after = text[end - 1], text[start]
    if end == start and (
        (is_of_word(before) and is_of_word(after))
        or (before.isdecimal() and after in _SIGNS_BEHIND)
    ):
        return True
    if _SEPARATING.search(heard.between(end, start)):
        return before.isdecimal() and _THOUSANDS.match(text, start) is not None
    return any(
        run.start() < end
        and start < run.end()
        and (strictly or _is_one_number(text, run.start(), end, start))
        for run in _RUN.finditer(text)
    )


def joins_numbers(before: str, after: str) -> bool:
    """Return whether two parts would make one number with no mark between them."""
    end = len(before)
    return any(
        run.start() < end < run.end() - 1 for run in _RUN.finditer(f"{before} {after}")
    )


def _is_one_number(text: str, begin: int, end: int, start: int) -> bool:
    """Return whether the numerals before and after a position make one number."""
    before = [found[0] for found in _ATOMS.finditer(text, begin, end)]
    after = _ATOMS.match(text, start)
    if not before or after is None or not text[begin:end].endswith(before[-1]):
        return True
    one, other = before[-1], after[0]
    if one in _DIGITS and other in _DIGITS:
        return False
    if one[0].isdecimal() and (other in _DIGITS or other in _ENGLISH):
        return False
    if one in _DIGITS and other[0].isdecimal():
        return False
    return not (one in _ENGLISH and other in _ENGLISH) or (
        one in _TENS and other in _UNITS
    )


def split_number(text: str) -> tuple[float | None, str]:
    """Return the number that a text in one form begins with, and what follows it."""
    sign = _SIGN.match(text)
    begin = sign.end() if sign else 0
    found = _RUN.match(text, begin)
    if found is None:
        return None, text
    number = parse_number(found[0])
    if number is not None and sign and sign[0] != "+":
        number = -number
    return number, text[found.end() :]


def in_digits(text: str) -> str:
    """Return a text in one form with all numbers in digits that are said in words."""

    def replace(run: re.Match[str]) -> str:
        number = parse_number(run[0])
        return run[0] if number is None else str(number)

    return _RUN.sub(replace, text)


def parse_number(text: str) -> float | None:
    """Return the value of numerals alone, none where they are no number."""
    value: float | None
    if _PLAIN.fullmatch(text):
        value = float(text.replace(",", ""))
    elif found := _LARGE.fullmatch(text):
        value = float(found[1]) * _CHINESE_SCALES[found[2]]
    elif any(map(is_chinese, text)):
        value = _chinese(text.replace(" ", "").translate(_TO_DIGITS))
    else:
        value = _english(text.split())
    return int(value) if value is not None and value.is_integer() else value


def _english(words: list[str]) -> float | None:
    """Return the value of English words."""
    if "point" in words:
        position = words.index("point")
        whole = _english(words[:position])
        digits = [str(_ENGLISH.get(word, word)) for word in words[position + 1 :]]
        if whole is None or not all(len(digit) == 1 for digit in digits):
            return None
        return float(f"{whole:.0f}.{''.join(digits)}")
    total, part = 0.0, 0.0
    last = ""
    for word in words:
        if word in _SCALES:
            if not part:
                return None
            part *= _SCALES[word]
            if word != "hundred":
                total, part = total + part, 0
        elif word == "and":
            if last not in _SCALES:
                return None
        else:
            fits = last in ("", "and", *_SCALES) or (
                last in _TENS and word in _UNITS[1:10]
            )
            if not fits or not (word in _ENGLISH or _PLAIN.fullmatch(word)):
                return None
            part += _ENGLISH[word] if word in _ENGLISH else float(word)
        last = word
    return total + part


def _chinese(text: str) -> float | None:
    """Return the value of Chinese numerals whose single ones are digits already."""
    whole, point, digits = text.partition("点")
    if point:
        value = _chinese(whole)
        if value is None or not (digits.isascii() and digits.isdecimal()):
            return None
        return float(f"{value:.0f}.{digits}")
    for unit in "亿万":
        before, found, after = whole.partition(unit)
        if found:
            times, rest = _chinese(before), _chinese(after.lstrip("0") or "0")
            if times is None or rest is None:
                return None
            scale = _CHINESE_SCALES[unit]
            # 一万二 is twelve thousand.
            return times * scale + rest * (scale / 10 if len(after) == 1 else 1)
    return _section(whole)


def _section(text: str) -> float | None:
    """Return the value of Chinese numerals below ten thousand."""
    if _PLAIN.fullmatch(text):
        # 二三 is "two or three", 五零三 is said digit by digit.
        return None if len(text) == 2 else float(text)
    found = _SECTION.fullmatch(text)
    if found is None or not text:
        return None
    thousands, _, hundreds, _, tens, _, ones = found.groups()
    value = 1000 * int(thousands or 0) + 100 * int(hundreds or 0) + int(ones or 0)
    if tens is not None:
        value += 10 * int(tens or 1)
    elif len(text) > 1 and text[-2] in "百千":
        value += int(ones or 0) * (9 if text[-2] == "百" else 99)
    return value


def number_spellings(name: str) -> tuple[str, ...]:
    """Return a name as it is written, and with its numbers in digits or in words."""
    spoken = normalize(name)
    return tuple(dict.fromkeys((name, *_respelled(spoken)) if spoken else (name,)))


def _respelled(spoken: str) -> Iterator[str]:
    """Yield a name in one form with other spellings of its numbers."""
    runs = [
        (run, number)
        for run in _RUN.finditer(spoken)
        if (number := parse_number(run[0])) is not None
        # A sign cannot be left out, as it could be before a word.
        and spoken[: run.start()][-1:] not in ("+", "-")
    ]
    ways = [
        [str(number) for _, number in runs],
        *(
            [_words(spoken, number, say_two) or run[0] for run, number in runs]
            for say_two in "二两"
        ),
    ]
    for way in ways:
        text, end = "", 0
        for (run, _), words in zip(runs, way, strict=True):
            text += spoken[end : run.start()] + words
            end = run.end()
        text += spoken[end:]
        if text != spoken:
            yield text


def _words(spoken: str, number: float, say_two: str) -> str:
    """Return a number in the words of the language around it, if it is a short one."""
    if not isinstance(number, int) or not 0 <= number <= _MOST_IN_WORDS:
        return ""
    tens, ones = divmod(number, 10)
    if any(map(is_chinese, spoken)):
        if number == 2:
            return say_two
        digits = "零一二三四五六七八九"
        return (
            f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}"
            f"{digits[ones] if ones or not tens else ''}"
        )
    if number < len(_UNITS):
        return _UNITS[number]
    return f"{_TENS[tens - 2]} {_UNITS[ones]}" if ones else _TENS[tens - 2]
