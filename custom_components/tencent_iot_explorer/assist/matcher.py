"""What a spoken text asks for, read again for all actions that it may mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
import unicodedata

from hassil.expression import Expression
from hassil.intents import (
    Intents,
    SlotList,
    TextSlotList,
    TextSlotValue,
    WildcardSlotList,
)
from hassil.models import MatchEntity
from hassil.parse_expression import parse_sentence
from hassil.recognize import recognize_all

from ..api import Choice, Parameter, is_of
from .exposed import ExposedAction
from .forms import FORMS, Form, any_of, is_long_enough, value_input
from .numerals import number_spellings, splits_number
from .parts import sentence_part
from .spoken import MOST_NAMES, Heard, hear, is_of_word, is_spoken, plain

type Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """An action that is asked for, and what was said as its value, if anything."""

    exposed: ExposedAction
    value: str | None


def find_requests(text: str, exposed: Sequence[ExposedAction]) -> list[Request]:
    """Return what a text may ask for: nothing, one action, or several alike.

    The longest names decide, then those that were said as they are written; what fits as
    well as the best is in doubt with it.
    """
    heard = hear(text)
    words = _words(text)
    called: dict[tuple[str, str | None], list[ExposedAction]] = {}
    for item in exposed:
        devices = _said((item.device_name, *item.area_names), words)
        for name in _said(item.names, words):
            for device in (None, *devices):
                called.setdefault((name, device), []).append(item)
    lists: dict[str, SlotList] = {
        "name": _slot_list("name", (name for name, _ in called)),
        "device": _slot_list("device", (device for _, device in called if device)),
    }
    best: dict[tuple[str, str], Request] = {}
    highest = (0, 0)
    for result in recognize_all(heard.text, _intents(), slot_lists=lists):
        form = FORMS[int(result.intent.name)]
        spans = _spans(heard, form, result.entities_list)
        if spans is None:
            continue
        value = spans.pop("value", None)
        names = {slot: str(result.entities[slot].value) for slot in spans}
        rank = (
            sum(end - start for start, end in spans.values()),
            sum(_exactness(heard, spans[slot], names[slot]) for slot in spans),
        )
        for item in called.get((names["name"], names.get("device")), ()):
            sayable = value_input(item.action)
            if rank < highest or (value and sayable is None):
                continue
            if rank > highest:
                best, highest = {}, rank
            said = _written(heard, value, spans["name"], sayable)
            best.setdefault(
                (item.target.identifier, item.action.id),
                Request(exposed=item, value=said),
            )
    return list(best.values())


def prepare_names(exposed: Iterable[ExposedAction]) -> None:
    """Read all names, so that nobody who speaks waits for that."""
    for item in exposed:
        for name in (*item.names, item.device_name, *item.area_names):
            _parsed(name)
            _spellings(name)


def _said(names: Iterable[str], words: str) -> list[str]:
    """Return the names that may be said in words.

    To read hundreds of others along with them would hold up all of Home Assistant.
    """
    return [
        name
        for name in names
        if any(spelling in words for spelling in _spellings(name))
    ]


@lru_cache(maxsize=MOST_NAMES)
def _spellings(name: str) -> tuple[str, ...]:
    """Return the words of a name in all ways that it may be said."""
    return tuple(map(_words, number_spellings(hear(name).text)))


def _words(text: str) -> str:
    """Return all words of a text as one."""
    return "".join(filter(is_spoken, hear(text).text))


@cache
def _intents() -> Intents:
    """Return our forms, each an intent of its own, as they are in a text as it sounds.

    There no space is left beside Chinese.
    """
    intents: dict[str, object] = {}
    for number, form in enumerate(FORMS):
        template = form.template.replace("{verb}", any_of(form.verbs))
        sentence = template.replace("[ ]", " ").replace(" ", "[ ]")
        intents[str(number)] = {"data": [{"sentences": [sentence]}]}
    found = Intents.from_dict({"language": "", "intents": intents})
    found.slot_lists["value"] = WildcardSlotList("value")
    return found


def _slot_list(slot: str, names: Iterable[str]) -> TextSlotList:
    """Return what may be said for a part of a form."""
    values = [
        TextSlotValue(text_in=parsed, value_out=name)
        for name in dict.fromkeys(names)
        if (parsed := _parsed(name))
    ]
    return TextSlotList(slot, values=values)


@lru_cache(maxsize=MOST_NAMES)
def _parsed(name: str) -> Expression | None:
    """Return a name in the form that it has in a sentence."""
    part = sentence_part(hear(name).text, strictly=True)
    return parse_sentence(part).expression if part else None


def _spans(
    heard: Heard, form: Form, entities: Iterable[MatchEntity]
) -> dict[str, Span] | None:
    """Return where the parts of a form were said.

    None if a word or number was split between two of them.
    """
    text, position = heard.text, len(heard.text)
    spans: dict[str, Span] = {}
    # From the end, where each form has one of its parts: which positions the library has
    # differs between its releases.
    for entity in sorted(entities, key=lambda e: -form.template.index(f"{{{e.name}}}")):
        span = _span(text, entity.text.strip(), position)
        if span is None or _marks(text[span[1] : position]):
            return None
        if not spans and span[1] < position:
            return None
        if not entity.is_wildcard:
            # To the library a hyphen is as good as a space.
            name = hear(str(entity.value)).text
            if not _marks(text[slice(*span)]) <= _marks(name):
                return None
        spans[entity.name] = span
        position = span[0]
    parts = sorted(spans.values())
    value = spans.get("value")
    if any(
        splits_number(heard, one[1], other[0], strictly=value in (one, other))
        for one, other in pairwise(parts)
    ):
        return None
    if form.is_bare and not is_long_enough(*(text[slice(*part)] for part in parts)):
        return None
    return spans


def _span(text: str, said: str, end: int) -> Span | None:
    """Return where a part was said last as words of their own."""
    while said and (start := text.rfind(said, 0, end)) >= 0:
        span = (start, start + len(said))
        if not any(_is_inside_word(text, index) for index in span):
            return span
        end = span[1] - 1
    return None


def _is_inside_word(text: str, index: int) -> bool:
    """Return whether a word goes on at a position."""
    return is_of_word(text[:index][-1:]) and is_of_word(text[index:][:1])


def _marks(text: str) -> set[str]:
    """Return the marks of a text that are no words."""
    return {mark for mark in text if mark != " " and not is_spoken(mark)}


def _exactness(heard: Heard, span: Span, name: str) -> int:
    """Return how exactly a name was said."""
    if heard.written(*span) == unicodedata.normalize("NFC", name).strip():
        return 2
    return heard.text[slice(*span)].replace(" ", "") == hear(name).squeezed


def _written(
    heard: Heard, value: Span | None, name: Span, sayable: Parameter | None
) -> str | None:
    """Return a value as it was written, none if there is none.

    The mark of a sentence behind a name is a value only if labels are just such marks.
    """
    if value:
        return heard.between(*value).strip()
    if sayable is None or not is_of(sayable, Choice):
        return None
    end = name[1] + heard.text[name[1] :].startswith(" ")
    rest = heard.between(name[1], end).strip()
    labels = map(plain, sayable.type.choices.values())
    marks = "".join(label for label in labels if not hear(label).text)
    return rest if any(mark in marks for mark in plain(rest)) else None
