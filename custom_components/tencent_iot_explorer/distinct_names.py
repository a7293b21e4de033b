"""Equal names, told apart by what is different about their owners."""

from collections.abc import Callable, Sequence


def distinct_names[T](
    items: Sequence[T], name: Callable[[T], str], *details: Callable[[T], str]
) -> list[str]:
    """Return the name of each item, with those details that tell equal ones apart.

    Details come in their order, and only where they make a difference.
    """
    shown: list[tuple[str, ...]] = [(name(item),) for item in items]
    for detail in details:
        texts = [detail(item) for item in items]
        different: dict[tuple[str, ...], set[str]] = {}
        for key, text in zip(shown, texts, strict=True):
            different.setdefault(key, set()).add(text)
        shown = [
            (*key, text) if len(different[key]) > 1 else key
            for key, text in zip(shown, texts, strict=True)
        ]
    return [f"{text} ({', '.join(added)})" if added else text for text, *added in shown]
