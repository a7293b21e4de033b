"""Which sentences Home Assistant itself understands, asked once for each kind of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import batched

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
)

from .assist_agent import async_is_understood, async_read_intents
from .const import DOMAIN
from .exposed_actions import ASSISTANT
from .home_assistant_words import Words, squeeze
from .sentence_forms import Form, Sentence

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
        self._languages: dict[str, tuple[object, Words]] = {}

    def __contains__(self, sentence: Sentence) -> bool:
        """Return whether a sentence has been asked about."""
        return sentence in self._answers

    def __getitem__(self, sentence: Sentence) -> bool:
        """Return whether Home Assistant itself understands a sentence."""
        return self._answers[sentence]

    def keep_only(self, sentences: Iterable[Sentence]) -> None:
        """Forget all but some sentences."""
        self._answers = {item: self._answers[item] for item in sentences}

    async def async_ask(
        self,
        sentences: Iterable[Sentence],
        buttons: frozenset[str],
        is_over: Callable[[], bool],
    ) -> None:
        """Ask about sentences that are new, until `is_over`.

        `buttons` are the names that our buttons have in Home Assistant, squeezed.
        """
        new = [item for item in sentences if item not in self._answers]
        if not new:
            return
        known = await self._async_known(new, buttons)
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
        texts, found = self._async_names(buttons)
        names = await self._hass.async_add_executor_job(Words.of, texts)
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
        return known[1]

    @callback
    def _async_names(self, buttons: frozenset[str]) -> tuple[list[str], frozenset[str]]:
        """Return all names that Home Assistant knows, those of our buttons apart."""
        hass, registry = self._hass, er.async_get(self._hass)
        texts: list[str] = []
        found: set[str] = set()
        for area in ar.async_get(hass).async_list_areas():
            texts += (area.name, *area.aliases)
        for floor in fr.async_get(hass).async_list_floors():
            texts += (floor.name, *floor.aliases)
        for state in hass.states.async_all():
            if not async_should_expose(hass, ASSISTANT, state.entity_id):
                continue
            entity = registry.async_get(state.entity_id)
            if entity is not None:
                texts += [item for item in entity.aliases if isinstance(item, str)]
            if (
                entity is not None
                and (entity.platform, entity.domain) == (DOMAIN, Platform.BUTTON)
                and (name := squeeze(state.name)) in buttons
            ):
                found.add(name)
            else:
                texts.append(state.name)
        return texts, frozenset(found)


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
