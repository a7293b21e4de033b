"""What was said for an input, as its service takes it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
import re
import unicodedata

from ..api import (
    Choice,
    DeviceAction,
    InvalidValueError,
    Number,
    Parameter,
    Problem,
    is_of,
)
from ..errors import invalid_value
from .numerals import in_digits, split_number
from .spoken import (
    is_of_word,
    is_part_of_number,
    is_spoken,
    normalize,
    plain,
    strip_sentence,
)

# Units that nobody says as they are written.
_DEGREES = ("度", "degree")
_UNITS_SAID = {
    "°C": (*_DEGREES, "摄氏度"),
    "℃": (*_DEGREES, "摄氏度"),
    "°F": (*_DEGREES, "华氏度"),
    "℉": (*_DEGREES, "华氏度"),
    "%": ("percent",),
}
_BEFORE_NUMBERS = {"%": "百分之"}
_NUMBER = re.compile(r"(?<![+-])\d+(?:\.\d+)?")
_SPACE = re.compile(r"(?<!\d) | (?!\d)")
_ORDINAL = re.compile(r"第(?=\d)")
# Names of the action and the input, a unit, a number in words.
_LONGEST_AROUND = 1024

type _Alike = Callable[[str, str], bool]


def said_value(
    action: DeviceAction,
    parameter: Parameter,
    said: str,
    *,
    device: str,
    names: Iterable[str] = (),
) -> object:
    """Return what was said for an input, as its service takes it.

    What cannot be understood stays a text, which is then refused with what is allowed.
    What may mean several choices is refused here. `names` are those of the action, which
    may be said along with a label.
    """
    if is_of(parameter, Choice):
        key = chosen_key(action, parameter, said, device=device, names=names)
        if key is not None:
            return key
    elif is_of(parameter, Number):
        number = _said_number(parameter, said)
        if number is not None:
            return number
    return strip_sentence(said)


def chosen_key(
    action: DeviceAction,
    parameter: Parameter[Choice],
    said: str,
    *,
    device: str,
    names: Iterable[str] = (),
) -> str | None:
    """Return the key of the choice that was said, none if it is none of them."""
    keys = meant_keys(parameter, said, names)
    if len(keys) > 1:
        problem = InvalidValueError(
            Problem.NOT_A_CHOICE, parameter.id, parameter.type.allowed
        )
        raise invalid_value(problem, device=device, action=action)
    return keys[0] if keys else None


def meant_keys(
    parameter: Parameter[Choice], said: str, names: Iterable[str] = ()
) -> list[str]:
    """Return the keys of all choices that may be meant by what was said.

    All labels come before any key, and what is written alike before what sounds alike.
    """
    labels = parameter.type.choices
    if _is_too_long(said, (*labels, *labels.values())):
        return []
    around = {_sound(name) for name in (parameter.name, parameter.id, *names)} - {""}
    for is_alike in (*_ALIKE, _is_without_marks):
        if found := [key for key in labels if is_alike(said, labels[key])]:
            return found
    meant = _without(said, around)
    if found := [key for key in labels if meant & _without(labels[key], around)]:
        return found
    if found := _numbered(labels, meant):
        return found
    for is_alike in _ALIKE:
        if found := [key for key in labels if is_alike(said, key)]:
            # Perhaps another one is meant, such as 2 hours for 2.
            found += [key for key in labels if _has(labels[key], said)]
            return list(dict.fromkeys(found))
    return []


def _is_too_long(said: str, texts: Iterable[str] = ()) -> bool:
    """Return whether more was said than any of some texts, spelled out, can be.

    To listen to each character takes long, and longer for each text to compare with.
    """
    return len(said) > _LONGEST_AROUND + 2 * max(map(len, texts), default=0)


def _is_exact(said: str, text: str) -> bool:
    """Return whether something was said exactly as it is written."""
    return unicodedata.normalize("NFC", said.strip()) == unicodedata.normalize(
        "NFC", text.strip()
    )


def _is_written_alike(said: str, text: str) -> bool:
    """Return whether something was said as it is written, but for case and width."""
    return plain(said) == plain(text)


def _is_heard_alike(said: str, text: str) -> bool:
    """Return whether something sounds like a text, all of whose marks are said."""
    return _squeeze(normalize(said)) == _squeeze(normalize(text)) != ""


def _is_counted_alike(said: str, text: str) -> bool:
    """Return whether something sounds like a text, its numbers in digits or in words."""
    return _squeeze(_sound(said)) == _squeeze(_sound(text)) != ""


_ALIKE: tuple[_Alike, ...] = (
    _is_exact,
    _is_written_alike,
    _is_heard_alike,
    _is_counted_alike,
)


def _is_without_marks(said: str, label: str) -> bool:
    """Return whether something sounds like a label whose marks are left out.

    A plus, a minus and what is in a number or between two numbers are no such marks.
    """
    sound = _sound(label)
    kept = "".join(
        character
        if is_spoken(character)
        or character in "+-"
        or is_part_of_number(sound[:index][-1:], character, sound[index + 1 :][:1])
        else " "
        for index, character in enumerate(sound)
    )
    return _squeeze(_sound(said)) == _squeeze(kept) != ""


def _sound(text: str) -> str:
    """Return a text as it sounds, all its numbers in digits."""
    return _ORDINAL.sub("", in_digits(normalize(text)))


def _squeeze(text: str) -> str:
    """Return a text without spaces, but for one between two digits: 1 0 is not 10."""
    return _SPACE.sub("", " ".join(text.split()))


def _without(text: str, around: Iterable[str]) -> set[str]:
    """Return a text as it sounds, with and without a name before or behind it."""
    sound = _sound(text)
    found = {sound}
    for name in around:
        rest = sound.removeprefix(name)
        if rest != sound and not (is_of_word(name[-1]) and is_of_word(rest[:1])):
            found.add(rest)
        rest = sound.removesuffix(name)
        if rest != sound and not (is_of_word(rest[-1:]) and is_of_word(name[0])):
            found.add(rest)
    return {_squeeze(text) for text in found} - {""}


def _numbered(labels: Mapping[str, str], meant: Collection[str]) -> list[str]:
    """Return the keys of those labels that count something and have a number alone.

    Those are labels that differ by their number, such as `Level 1` and `Level 2`.
    """
    numbers = {text for text in meant if _NUMBER.fullmatch(text)}
    sounds = {key: _sound(label) for key, label in labels.items()}
    frames = {
        key: _NUMBER.sub("#", sound)
        for key, sound in sounds.items()
        if len(_NUMBER.findall(sound)) == 1
    }
    series = Counter(frames.values())
    return [
        key
        for key, frame in frames.items()
        if series[frame] > 1 and _NUMBER.findall(sounds[key])[0] in numbers
    ]


def _has(label: str, said: str) -> bool:
    """Return whether a label has what was said as a word or number of its own."""
    words = re.escape(_sound(said))
    return (
        re.search(rf"(?<![a-z\d.]){words}(?![a-z\d]|\.\d)", _sound(label)) is not None
    )


def _said_number(parameter: Parameter[Number], said: str) -> float | None:
    """Return a number that was said with or without what it counts."""
    if _is_too_long(said):
        return None
    names = _counted(parameter)
    text = normalize(said)
    for before in ("", "第", _BEFORE_NUMBERS.get(parameter.type.unit, ""), *names):
        number, rest = split_number(text.removeprefix(before).lstrip())
        if number is not None and rest.strip() in {"", *names}:
            return number
    return None


def _counted(parameter: Parameter[Number]) -> set[str]:
    """Return what may be said beside a number: its unit, or what it counts."""
    said = _UNITS_SAID.get(parameter.type.unit, ())
    names = (parameter.type.unit, parameter.name, parameter.id, *said)
    words = {normalize(name) for name in names} - {""}
    return {*words, *(f"{word}s" for word in words)}
