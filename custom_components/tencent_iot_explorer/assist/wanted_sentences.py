"""The sentences for all that is exposed."""

from collections import Counter
from collections.abc import Iterable, Set as AbstractSet

from .exposed import ExposedAction
from .forms import Sentence, sentences
from .matcher import prepare_names
from .spoken import plain

type Place = tuple[str, str]


def wanted_sentences(
    exposed: Iterable[ExposedAction], unclear: AbstractSet[Place]
) -> dict[Sentence, ExposedAction]:
    """Return the sentences for exposed actions, and prepare to read what is said."""
    prepare_names(exposed)
    wanted: dict[Sentence, ExposedAction] = {}
    for item in exposed:
        areas = () if _places(item) & unclear else item.area_names
        for sentence in sentences(item.action, item.names, (item.device_name, *areas)):
            wanted[sentence] = item
    return wanted


def unclear_places(exposed: Iterable[ExposedAction]) -> AbstractSet[Place]:
    """Return where several actions are called alike."""
    count = Counter(place for item in exposed for place in _places(item))
    return {place for place, actions in count.items() if actions > 1}


def _places(exposed: ExposedAction) -> set[Place]:
    """Return an action as it can be called by its area."""
    return {
        (plain(area), plain(name))
        for area in exposed.area_names
        for name in exposed.names
    }
