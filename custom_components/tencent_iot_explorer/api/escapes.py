"""Texts as they were before somebody wrote them as JSON, in an address, HTML or Base64."""

import base64
from collections.abc import Iterator, Sequence
import html
import re
from typing import NamedTuple

# However often a text was quoted, what is behind one escape is found in one step; more
# steps are for kinds of escapes inside each other.
_MOST_STEPS = 4
_ESCAPE = re.compile(
    r"(?P<utf16>\\+[uU][dD][89abAB][0-9a-fA-F]{2}\\+[uU][dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\+[uU][0-9a-fA-F]{4})"
    r"|(?P<utf8>(?:\\+x[0-9a-fA-F]{2})+|(?:%(?:25)*[0-9a-fA-F]{2})+)"
    r"|&(?:amp;)*(?P<html>(?:quot|apos|lt|gt|amp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)"
    r"|\\+(?P<control>[bfnrt]?)"
)
# Each escape begins with one of these, which most texts are without.
_MARKS = frozenset("\\%&")
_UNIT = re.compile(r"\\+[uU](....)")
_BYTE = re.compile(r"(?:\\+x|%(?:25)*)([0-9a-fA-F]{2})")
_CONTROLS = {"": "", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-\r\n]{4,}")
_HEX = re.compile(r"[0-9A-Fa-f]{6,}")
_STANDARD = str.maketrans("-_", "+/", "\r\n")


class View(NamedTuple):
    """A text, and where in the original each of its characters begins and ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def views(text: str) -> Iterator[View]:
    """Yield a text as it is, then without its escapes, as often as there are any."""
    view: View | None = View(
        text=text, starts=range(len(text)), ends=range(1, len(text) + 1)
    )
    for _ in range(_MOST_STEPS):
        if view is None:
            return
        yield view
        view = _unescaped(view)


def unescaped(text: str) -> str:
    """Return a text without any escapes."""
    if _MARKS.isdisjoint(text):
        return text
    *_, last = views(text)
    return last.text


def encoded_runs(text: str, least: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield where Base64 or hexadecimal digits may stand, and what they may say.

    `least` is of how many bytes something is looked for. It may begin anywhere in what
    was encoded, so that each alignment is tried.
    """
    for match in _BASE64.finditer(text):
        run = match[0].translate(_STANDARD)
        if len(run) >= least * 4 // 3:
            yield match.start(), match.end(), [_from_base64(run[i:]) for i in range(4)]
    for match in _HEX.finditer(text):
        if len(match[0]) >= least * 2:
            yield match.start(), match.end(), [_from_hex(match[0][i:]) for i in (0, 1)]


def _unescaped(view: View) -> View | None:
    """Return a view without its outermost escapes, none if there are none."""
    if _MARKS.isdisjoint(view.text):
        return None
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in _ESCAPE.finditer(view.text):
        start, end = match.span()
        meant = _meant(match)
        parts += (view.text[position:start], meant)
        starts += view.starts[position:start]
        starts += [view.starts[start]] * len(meant)
        ends += view.ends[position:start]
        ends += [view.ends[end - 1]] * len(meant)
        position = end
    if not position:
        return None
    parts.append(view.text[position:])
    starts += view.starts[position:]
    ends += view.ends[position:]
    return View(text="".join(parts), starts=starts, ends=ends)


def _meant(match: re.Match[str]) -> str:
    """Return what an escape stands for."""
    if units := match["utf16"]:
        raw = bytes.fromhex("".join(_UNIT.findall(units)))
        return raw.decode("utf-16-be", "replace")
    if octets := match["utf8"]:
        raw = bytes.fromhex("".join(_BYTE.findall(octets)))
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    if name := match["html"]:
        return html.unescape(f"&{name}")
    return _CONTROLS[match["control"]]


def _from_base64(run: str) -> str:
    """Return what a text in Base64 says, with or without padding."""
    whole = run[: len(run) - (len(run) % 4 == 1)]
    raw = base64.b64decode(whole + "=" * (-len(whole) % 4))
    return raw.decode("utf-8", "replace")


def _from_hex(run: str) -> str:
    """Return what a text of hexadecimal digits says."""
    return bytes.fromhex(run[: len(run) // 2 * 2]).decode("utf-8", "replace")
