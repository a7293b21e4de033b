"""What a spoken text asks for, read again by ourselves from its words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
import re
import unicodedata

from ..api import Parameter
from .exposed import ExposedAction
from .forms import FORMS, Form, is_long_enough, value_input
from .numerals import joins_numbers, number_spellings, splits_number
from .spoken import (
    MOST_NAMES,
    Heard,
    hear,
    is_of_word,
    is_part_of_number,
    is_spoken,
    plain,
)

type Span = tuple[int, int]

_SLOT = re.compile(r"\{(name|device)\}")
_ENGLISH_WORD = re.compile(r"(?<!\{)\b[a-z]+\b(?!\})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """An action that is asked for, and what was said as its value, if anything."""

    exposed: ExposedAction
    value: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """A name that was said, where, and how exactly."""

    span: Span
    exactness: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """A way to read a text as one action; the better one has the higher `rank`."""

    rank: tuple[int, int]
    value: str | None


def find_requests(text: str, exposed: Sequence[ExposedAction]) -> list[Request]:
    """Return what a text may ask for: nothing, one action, or several alike.

    The longest names decide, then those that were said as they are written; what fits as
    well as the best is in doubt with it.
    """
    heard = hear(text)
    spans: dict[str, list[_Found]] = {}
    best: dict[tuple[str, str], Request] = {}
    highest = (0, 0)
    for item in exposed:
        for reading in _readings(heard, item, spans):
            if reading.rank > highest:
                best, highest = {}, reading.rank
            if reading.rank == highest:
                key = (item.target.identifier, item.action.id)
                best.setdefault(key, Request(exposed=item, value=reading.value))
    return list(best.values())


def prepare_names(exposed: Iterable[ExposedAction]) -> None:
    """Make the patterns of all names, so that nobody who speaks waits for them."""
    for item in exposed:
        for name in (*item.names, item.device_name, *item.area_names):
            _name_pattern(name)


def _readings(
    heard: Heard, exposed: ExposedAction, spans: dict[str, list[_Found]]
) -> Iterator[_Reading]:
    """Yield each way to read a text as one action; `spans` keeps what was found."""

    def find(*names: str) -> list[_Found]:
        """Return all places where names were said, each name searched for once."""
        for name in names:
            if name not in spans:
                spans[name] = list(_find(heard, name))
        return [found for name in names for found in spans[name]]

    names = find(*exposed.names)
    if not names:
        return
    devices = find(exposed.device_name, *exposed.area_names)
    sayable = value_input(exposed.action)
    for form in FORMS:
        if form.has_value and sayable is None:
            continue
        for name in names:
            for device in devices if form.has_device else [None]:
                value = _fit(heard, form, name.span, device.span if device else None)
                if value is None:
                    continue
                found = [name, device] if device else [name]
                yield _Reading(
                    rank=(
                        sum(
                            end - start for start, end in (item.span for item in found)
                        ),
                        sum(item.exactness for item in found),
                    ),
                    value=_written(heard, form, value, name.span, sayable),
                )


def _fit(heard: Heard, form: Form, name: Span, device: Span | None) -> Span | None:
    """Return where the value is if a text has a form, an empty span if it has none.

    No word and no number is ever split between two parts.
    """
    spans = {"name": name, "device": device or name}
    slots, patterns = _parts(form)
    text, position, value = heard.text, 0, (0, 0)
    parts: list[Span] = []
    for pattern, slot in zip(patterns, (*slots, None), strict=True):
        start, end = spans[slot] if slot else (len(text), len(text))
        found = pattern.fullmatch(text, position, start) if position <= start else None
        if found is None:
            return None
        if pattern.groups:
            value = _trim(text, found.span("value"))
            parts.append(value)
        if slot:
            parts.append((start, end))
        position = end
    if any(
        _is_split(heard, one, other, value) for one, other in pairwise(parts)
    ) or any(_is_inside_word(text, place) for part in parts for place in part):
        return None
    if form.is_bare and not is_long_enough(*(text[slice(*part)] for part in parts)):
        return None
    return value


def _is_split(heard: Heard, one: Span, other: Span, value: Span) -> bool:
    """Return whether a number goes on from one part to the next."""
    return splits_number(heard, one[1], other[0], strictly=value in (one, other))


def _is_inside_word(text: str, place: int) -> bool:
    """Return whether a word goes on at a place."""
    return (
        0 < place < len(text)
        and is_of_word(text[place - 1])
        and is_of_word(text[place])
    )


def _trim(text: str, span: Span) -> Span:
    """Return a part of a text without spaces around it."""
    start, end = span
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _written(
    heard: Heard, form: Form, value: Span, name: Span, sayable: Parameter | None
) -> str | None:
    """Return a value as it was written, none if there is none.

    The mark of a sentence behind a name is a value only if labels are just such marks.
    """
    if form.has_value:
        return heard.between(*value).strip()
    if sayable is None:
        return None
    end = name[1] + heard.text[name[1] :].startswith(" ")
    rest = heard.between(name[1], end).strip()
    labels = map(plain, sayable.choices.values())
    marks = "".join(label for label in labels if not hear(label).text)
    return rest if any(mark in marks for mark in plain(rest)) else None


@cache
def _parts(form: Form) -> tuple[tuple[str, ...], tuple[re.Pattern[str], ...]]:
    """Return the names that a form has in order, and what a text has around them."""
    text = form.template.replace("[，]", "")
    text = text.replace("{verb}", f"({'|'.join(form.verbs)})").replace("(", "(?:")
    text = text.replace("[", "(?:").replace("]", ")?").replace(" ", " ?")
    text = _ENGLISH_WORD.sub(r"(?<![a-z])\g<0>(?![a-z])", text)
    text = text.replace("{value}", "(?P<value>.+)")
    pieces = _SLOT.split(text)
    return tuple(pieces[1::2]), tuple(map(re.compile, pieces[::2]))


def _find(heard: Heard, name: str) -> Iterator[_Found]:
    """Yield each place where a name was said."""
    pattern, squeezed = _name_pattern(name)
    if pattern is None:
        return
    place = 0
    while found := pattern.search(heard.text, place):
        place = found.start() + 1
        span = _trim(heard.text, found.span())
        exactness = 0
        if heard.written(*span) == unicodedata.normalize("NFC", name).strip():
            exactness = 2
        elif heard.text[slice(*span)].replace(" ", "") == squeezed:
            exactness = 1
        yield _Found(span=span, exactness=exactness)


@lru_cache(maxsize=MOST_NAMES)
def _name_pattern(name: str) -> tuple[re.Pattern[str] | None, str]:
    """Return what a name looks like in a text as it sounds, and the name itself."""
    heard = hear(name)
    if not heard.text:
        return None, ""
    spellings = dict.fromkeys(_spelling(hear(text)) for text in number_spellings(name))
    longest_first = sorted(spellings, key=len, reverse=True)
    return re.compile("|".join(longest_first)), heard.squeezed


def _spelling(heard: Heard) -> str:
    """Return the pattern of one spelling, whose marks may be left out.

    Those between two numbers may not: 1 & 2 is not 12.
    """
    text = heard.squeezed
    if not any(map(is_spoken, text)):
        return " ?".join(map(re.escape, text))
    text, pattern = heard.text, ""
    for index, character in enumerate(text):
        before, after = text[:index][-1:], text[index + 1 :][:1]
        if is_spoken(character):
            pattern += re.escape(character)
        elif character == " ":
            pattern += " " if is_spoken(before) and is_spoken(after) else " ?"
        elif is_part_of_number(before, character, after) or _is_between_numbers(
            text, index
        ):
            pattern += f" ?{re.escape(character)}"
        else:
            pattern += f" ?(?:{re.escape(character)})? ?"
    return pattern


def _is_between_numbers(text: str, index: int) -> bool:
    """Return whether numbers on both sides of a mark would be one without it."""
    before, after = text[:index], text[index:]
    while before and not is_spoken(before[-1]):
        before = before[:-1]
    while after and not is_spoken(after[0]):
        after = after[1:]
    return joins_numbers(before, after)
