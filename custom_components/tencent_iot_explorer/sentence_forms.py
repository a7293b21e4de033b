"""The sentences that run an action, as templates for Assist and as our own patterns."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched
import re

from .api.data_template import DeviceAction, Parameter
from .chinese_scripts import simplify, traditionalize
from .sentence_parts import either, sentence_part
from .spoken import hear

_SHORTEST_BARE = 4
_LONGEST_NAME = 100
# More in one template would be compared one by one, and all of it read again for a new one.
_MOST_AT_ONCE = 20
_MOST_ACTIONS = 2048


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Form:
    """A way to say it, in the template language of Assist; each is made once.

    `languages` are those that it is said in. `{verb}`, `{device}` and `{name}` stand for
    words that are filled in, `{value}` for what a person says in its place.
    """

    languages: tuple[str, ...]
    template: str
    verbs: tuple[str, ...] = ("",)

    @property
    def has_value(self) -> bool:
        """Return whether an input is said along."""
        return "{value}" in self.template

    @property
    def has_device(self) -> bool:
        """Return whether the device or its area is said along."""
        return "{device}" in self.template

    @property
    def is_bare(self) -> bool:
        """Return whether nothing but names is said."""
        return not self.has_value and self.verbs == ("",)


_ENGLISH = ("en",)
_SIMPLIFIED = ("zh-CN",)
_TRADITIONAL = ("zh-HK", "zh-TW")
_CHINESE = (*_SIMPLIFIED, *_TRADITIONAL)
_PRESS = ("press", "run", "start", "trigger")

FORMS = (
    Form(languages=_ENGLISH, verbs=_PRESS, template="{verb} [the] {name}"),
    Form(
        languages=_ENGLISH,
        verbs=_PRESS,
        template="{verb} [the] {name} (on|in) [the] {device}",
    ),
    Form(
        languages=_ENGLISH,
        template="{name} [to] {value} (on|in) [the] {device}",
    ),
    *(
        Form(languages=languages, verbs=verbs, template=template)
        for languages, let, do in (
            (_SIMPLIFIED, ("让", "叫"), ("执行", "按下", "启动")),
            (_TRADITIONAL, ("讓", "叫"), ("執行", "按下", "啟動")),
        )
        for verbs, template in (
            (do, "{verb}[ ]{name}"),
            (let, "{verb}[ ]{device}[ ]{name}"),
            (let, "{verb}[ ]{device}[ ]{name}[ ]{value}"),
            (do, "{verb}[ ]{device}[ ][的][ ]{name}"),
        )
    ),
    Form(languages=_CHINESE, template="{device}[，][ ]{name}[ ]{value}"),
    Form(languages=_CHINESE, template="{device}[，][ ]{name}"),
    Form(languages=_ENGLISH, template="{device} {name}"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One way to say one action, by one of its names and of its device's or area's."""

    form: Form
    verb: str
    name: str
    device: str

    @property
    def shape(self) -> str:
        """Return the sentence without the names that a person gave."""
        return self.form.template.replace("{verb}", self.verb)

    def examples(self, language: str) -> set[str]:
        """Return the shortest words of the sentence, as written and in its script."""
        text = self._example
        if language in _TRADITIONAL:
            return {text, traditionalize(text)}
        return {text, simplify(text)} if language in _SIMPLIFIED else {text}

    @property
    def _example(self) -> str:
        """Return the shortest words of the sentence."""
        text = re.sub(r"\[[^]]*\]", "", self.shape)
        text = re.sub(r"\((\w+)[^)]*\)", r"\1", text)
        text = text.replace("{name}", self.name).replace("{device}", self.device)
        return " ".join(text.replace("{value}", "1").split())


def value_input(action: DeviceAction) -> Parameter | None:
    """Return the input that can be said along: the only one that is not secret."""
    inputs = [parameter for parameter in action.inputs if not parameter.is_secret]
    return inputs[0] if len(inputs) == 1 else None


def sentences(
    action: DeviceAction, names: Iterable[str], devices: Iterable[str]
) -> tuple[Sentence, ...]:
    """Return the sentences for an action by its names and those of its device or area."""
    has_value = value_input(action) is not None
    return _sentences(tuple(names), tuple(devices), has_value)


@lru_cache(maxsize=_MOST_ACTIONS)
def _sentences(
    names: tuple[str, ...], devices: tuple[str, ...], has_value: bool
) -> tuple[Sentence, ...]:
    """Return the sentences for an action, with or without those that have a value."""
    spoken_devices = list(filter(_can_be_said, devices))
    return tuple(
        Sentence(form=form, verb=verb, name=name, device=device)
        for name in filter(_can_be_said, names)
        for form in FORMS
        if has_value or not form.has_value
        for device in (spoken_devices if form.has_device else [""])
        if not form.is_bare or is_long_enough(device, name)
        for verb in form.verbs
    )


def templates(said: Iterable[Sentence]) -> list[str]:
    """Return sentences in the template language of Assist, as few as may be.

    One has all verbs and names that are said alike with a device, and all devices
    with which they are: Assist reads and compares each part once.
    """
    verbs: dict[tuple[str, str, str], dict[str, None]] = {}
    for item in said:
        key = (item.form.template, sentence_part(item.name), sentence_part(item.device))
        verbs.setdefault(key, {})[item.verb] = None
    names: dict[tuple[str, str], dict[str, None]] = {}
    for (template, name, device), choices in verbs.items():
        filled = template.replace("{verb}", f"({'|'.join(choices)})")
        names.setdefault((filled, device), {})[name] = None
    devices: dict[str, list[str]] = {}
    for (filled, device), parts in names.items():
        for some in batched(parts, _MOST_AT_ONCE, strict=False):
            with_names = filled.replace("{name}", either(*some))
            devices.setdefault(with_names, []).append(device)
    return [
        with_names.replace("{device}", either(*some))
        for with_names, parts in devices.items()
        for some in batched(parts, _MOST_AT_ONCE, strict=False)
    ]


def _can_be_said(name: str) -> bool:
    """Return whether anything of a name is left to be said, and not too much of it."""
    return bool(sentence_part(name)) and len(name) <= _LONGEST_NAME


def is_long_enough(*names: str) -> bool:
    """Return whether names alone are long enough not to be said by chance."""
    return len(hear("".join(names)).squeezed) >= _SHORTEST_BARE
