"""Which sentences Home Assistant itself understands, asked once for each kind of them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import batched

from homeassistant.core import HomeAssistant

from .agent import async_is_understood, async_read_intents
from .forms import Form, Sentence
from .home_assistant_names import KnownName, async_names
from .home_assistant_words import Words, squeeze

_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """Sentences that are understood alike.

    A name that no sentence of Home Assistant could be made of only fits where any text
    does, so that one such name stands for all. `is_button` is whether the names together
    are those that Home Assistant has for a button.
    """

    language: str
    form: Form
    verb: str
    name: str | None
    device: str | None
    is_button: bool

    def may_hold(self, names: Iterable[str]) -> bool:
        """Return whether one of some names, squeezed, may be said in it."""
        name = self.name or ""
        spoken = squeeze(f"{self.verb}{name}{self.device or ''}{name}")
        return any(name in spoken for name in names)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """The words that Home Assistant understands, by language, and its names of our buttons."""

    words: dict[str, Words]
    buttons: frozenset[str]


class TakenSentences:
    """The sentences that are asked about, and what Home Assistant does with them."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing asked."""
        self._hass = hass
        self._answers: dict[Sentence, bool] = {}
        self._kinds: dict[_Kind, bool] = {}
        self._outdated: set[Sentence] = set()
        self._languages: dict[str, tuple[object, Words]] = {}
        self._names: frozenset[KnownName] = frozenset()

    def __contains__(self, sentence: Sentence) -> bool:
        """Return whether a sentence has been asked about."""
        return sentence in self._answers

    def __getitem__(self, sentence: Sentence) -> bool:
        """Return whether Home Assistant itself understands a sentence."""
        return self._answers[sentence]

    def keep_only(self, sentences: Iterable[Sentence]) -> None:
        """Forget all but some sentences."""
        self._answers = {item: self._answers[item] for item in sentences}
        self._outdated.clear()

    async def async_ask(
        self,
        sentences: Collection[Sentence],
        buttons: frozenset[str],
        is_over: Callable[[], bool],
    ) -> None:
        """Ask about sentences that are new or may be understood otherwise, until `is_over`.

        `buttons` are the names that our buttons have in Home Assistant, squeezed.
        """
        if not sentences:
            return
        known = await self._async_known(sentences, buttons)
        new = [
            item
            for item in sentences
            if item not in self._answers or item in self._outdated
        ]
        for some in batched(new, _AT_ONCE, strict=False):
            kinds = await self._hass.async_add_executor_job(_kinds, some, known)
            for sentence, its_kinds in zip(some, kinds, strict=True):
                for kind in its_kinds:
                    if is_over():
                        return
                    if kind not in self._kinds:
                        self._kinds[kind] = await self._async_is_taken(
                            sentence, kind.language
                        )
                self._answers[sentence] = any(self._kinds[kind] for kind in its_kinds)
                self._outdated.discard(sentence)

    async def _async_is_taken(self, sentence: Sentence, language: str) -> bool:
        """Return whether Home Assistant itself understands a sentence in a language."""
        for text in sentence.examples(language):
            if await async_is_understood(self._hass, language, text):
                return True
        return False

    async def _async_known(
        self, sentences: Iterable[Sentence], buttons: frozenset[str]
    ) -> _Known:
        """Return what Home Assistant's sentences are made of at this moment."""
        languages = dict.fromkeys(
            language for item in sentences for language in item.form.languages
        )
        words = {item: await self._async_words_of(item) for item in languages}
        known, found = await async_names(self._hass, buttons)
        if changed := {squeeze(name) for _, name in known ^ self._names}:
            self._names = known
            self._forget(lambda kind: kind.may_hold(changed))
        names = await self._hass.async_add_executor_job(
            Words.of, {name for _, name in known}
        )
        return _Known(
            words={language: item | names for language, item in words.items()},
            buttons=found,
        )

    async def _async_words_of(self, language: str) -> Words:
        """Return the words of a language, read again only where they are others."""
        intents = await async_read_intents(self._hass, language)
        known = self._languages.get(language)
        if known is None or known[0] is not intents:
            words = await self._hass.async_add_executor_job(Words.of_language, intents)
            known = self._languages[language] = (intents, words)
            self._forget(lambda kind: kind.language == language)
        return known[1]

    def _forget(self, is_concerned: Callable[[_Kind], bool]) -> None:
        """Forget some kinds; answers hold until there are others."""
        for kind in list(filter(is_concerned, self._kinds)):
            del self._kinds[kind]
        self._outdated.update(self._answers)


def _kinds(sentences: Iterable[Sentence], known: _Known) -> list[list[_Kind]]:
    """Return of which kind each sentence is in each of its languages."""

    @cache
    def part(language: str, name: str) -> str | None:
        """Return a name that Home Assistant may have sentences with."""
        return name if known.words[language].may_hold(name) else None

    return [
        [
            _Kind(
                language=language,
                form=item.form,
                verb=item.verb,
                name=part(language, item.name),
                device=part(language, item.device),
                is_button=squeeze(item.device + item.name) in known.buttons,
            )
            for language in item.form.languages
        ]
        for item in sentences
    ]
