"""The sentences that run an action, as templates for Assist."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched
import re

from ..api import DeviceAction, Parameter
from ..presentation.chinese_scripts import simplify, traditionalize
from .parts import either, sentence_part
from .spoken import hear

_SHORTEST_BARE = 4
_LONGEST_NAME = 100
# More in one template would be compared one by one, and all of it read again for a new one.
_MOST_AT_ONCE = 20
_MOST_ACTIONS = 2048


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Form:
    """A way to say it, in the template language of Assist; each is made once.

    `languages` are those that it is said in. In `frame`, `{verb}`, `{device}`, `{name}`
    and `{input}` stand for what is filled in; the last of them for `value`, in which
    `{value}` is what a person says.
    """

    languages: tuple[str, ...]
    frame: str
    verbs: tuple[str, ...] = ("",)
    value: str = ""

    @property
    def template(self) -> str:
        """Return the form with its input."""
        return self.frame.replace("{input}", self.value)

    @property
    def has_value(self) -> bool:
        """Return whether an input is said along."""
        return bool(self.value)

    @property
    def has_device(self) -> bool:
        """Return whether the device or its area is said along."""
        return "{device}" in self.frame

    @property
    def is_bare(self) -> bool:
        """Return whether nothing but names is said."""
        return not self.has_value and self.verbs == ("",)


_ENGLISH = ("en",)
_SIMPLIFIED = ("zh-CN",)
_TRADITIONAL = ("zh-HK", "zh-TW")
_ALL = (*_ENGLISH, *_SIMPLIFIED, *_TRADITIONAL)
_PRESS = ("press [the] ", "run [the] ", "start [the] ", "trigger [the] ")
# Forms of the same frame are one sentence for Assist, in which a name is read once.
_NAME = "{verb}{name}"
_NAME_ON_DEVICE = "{verb}{name}{input} (on|in) [the] {device}"
_DEVICE_NAME = "{verb}{device}[，][ ][的][ ]{name}{input}"
_VALUE_BEHIND = "[ ]{value}"

FORMS = (
    Form(languages=_ENGLISH, verbs=_PRESS, frame=_NAME),
    Form(languages=_ENGLISH, verbs=_PRESS, frame=_NAME_ON_DEVICE),
    Form(languages=_ENGLISH, frame=_NAME_ON_DEVICE, value=" [to] {value}"),
    *(
        Form(languages=languages, verbs=verbs, frame=frame, value=value)
        for languages, let, do in (
            (_SIMPLIFIED, ("让[ ]", "叫[ ]"), ("执行[ ]", "按下[ ]", "启动[ ]")),
            (_TRADITIONAL, ("讓[ ]", "叫[ ]"), ("執行[ ]", "按下[ ]", "啟動[ ]")),
        )
        for verbs, frame, value in (
            (do, _NAME, ""),
            (let, _DEVICE_NAME, ""),
            (let, _DEVICE_NAME, _VALUE_BEHIND),
            (do, _DEVICE_NAME, ""),
        )
    ),
    # Without a verb they are of no language, or of any.
    Form(languages=_ALL, frame=_DEVICE_NAME, value=_VALUE_BEHIND),
    Form(languages=_ALL, frame=_DEVICE_NAME),
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

    One has all verbs and inputs that a name is said with, all names that are said alike
    with a device, and all devices with which they are: Assist reads each part once.
    """
    values: dict[tuple[str, str, str], dict[str, dict[str, None]]] = {}
    for item in said:
        key = (item.form.frame, sentence_part(item.name), sentence_part(item.device))
        values.setdefault(key, {}).setdefault(item.verb, {})[item.form.value] = None
    names: dict[tuple[str, str], dict[str, None]] = {}
    for (frame, name, device), verbs in values.items():
        for filled in _filled(frame, verbs):
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


def _filled(frame: str, verbs: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield a frame with its verbs and values, those together that go with each other."""
    together: dict[tuple[str, ...], list[str]] = {}
    for verb, values in verbs.items():
        together.setdefault(tuple(sorted(values)), []).append(verb)
    for values, its_verbs in together.items():
        filled = frame.replace("{verb}", any_of(its_verbs))
        yield filled.replace("{input}", any_of(values))


def any_of(ways: Sequence[str]) -> str:
    """Return a part of a template for any of several ways, of which one may be nothing."""
    found = list(filter(None, ways))
    part = either(*found) if found else ""
    return f"[{part}]" if found and "" in ways else part


def _can_be_said(name: str) -> bool:
    """Return whether anything of a name is left to be said, and not too much of it."""
    return bool(sentence_part(name)) and len(name) <= _LONGEST_NAME


def is_long_enough(*names: str) -> bool:
    """Return whether names alone are long enough not to be said by chance."""
    return len(hear("".join(names)).squeezed) >= _SHORTEST_BARE
