"""The sentences for all that is exposed."""

from collections import Counter
from collections.abc import Iterable, Set as AbstractSet

from .exposed import ExposedAction
from .forms import Sentence, sentences
from .matcher import prepare_names
from .spoken import plain

type NameInArea = tuple[str, str]


def wanted_sentences(
    exposed: Iterable[ExposedAction], unclear: AbstractSet[NameInArea]
) -> dict[Sentence, ExposedAction]:
    """Return the sentences for exposed actions, and prepare to read what is said."""
    prepare_names(exposed)
    wanted: dict[Sentence, ExposedAction] = {}
    for item in exposed:
        areas = () if _names_in_areas(item) & unclear else item.area_names
        for sentence in sentences(item.action, item.names, (item.device_name, *areas)):
            wanted[sentence] = item
    return wanted


def unclear_names(exposed: Iterable[ExposedAction]) -> AbstractSet[NameInArea]:
    """Return where several actions are called alike."""
    count = Counter(pair for item in exposed for pair in _names_in_areas(item))
    return {pair for pair, actions in count.items() if actions > 1}


def _names_in_areas(exposed: ExposedAction) -> set[NameInArea]:
    """Return an action as it can be called by its area."""
    return {
        (plain(area), plain(name))
        for area in exposed.area_names
        for name in exposed.names
    }
