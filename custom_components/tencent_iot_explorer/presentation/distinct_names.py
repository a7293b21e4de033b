"""Equal names, made distinct by what is different about their owners."""

from collections.abc import Callable, Sequence


def distinct_names[T](
    items: Sequence[T], name: Callable[[T], str], *details: Callable[[T], str]
) -> list[str]:
    """Return the name of each item, with those details that make equal ones distinct.

    Details come in their order, and only where they make a difference. They come again
    where a name has been equal to another one with its details.
    """
    shown: list[tuple[str, ...]] = [(name(item),) for item in items]
    for detail in (*details, *details):
        different: dict[str, set[str]] = {}
        for key, item in zip(shown, items, strict=True):
            different.setdefault(_text(key), set()).add(detail(item))
        shown = [
            (*key, detail(item)) if len(different[_text(key)]) > 1 else key
            for key, item in zip(shown, items, strict=True)
        ]
    return list(map(_text, shown))


def _text(parts: tuple[str, ...]) -> str:
    """Return a name with its details."""
    name, *details = parts
    return f"{name} ({', '.join(details)})" if details else name
