"""The README in each language, taken apart."""

from dataclasses import dataclass
from pathlib import Path
import re
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# The bold words that a paragraph begins with, and the YAML right behind the paragraph.
_EXAMPLE = re.compile(
    r"^\*\*([^*]+)\*\*[^\n]*(?:\n[^\n]+)*\n\n```yaml\n(.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
# An id of the device registry in YAML, with the name of the device as a comment.
_DEVICE = re.compile(r"- ([0-9a-f]{32})  # ([\w-]+)$", re.MULTILINE)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_LINK = re.compile(r"(!?)\[([^\]]+)\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or a picture with the words for those who cannot see it."""

    is_picture: bool
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Readme:
    """A README of one language."""

    language: str
    path: Path

    @property
    def text(self) -> str:
        """Return all of it."""
        return self.path.read_text()

    @property
    def prose(self) -> str:
        """Return it without blocks of code."""
        return _FENCED.sub("", self.text)

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Return all headings with their level."""
        return [(len(marks), text) for marks, text in _HEADING.findall(self.prose)]

    @property
    def links(self) -> list[Link]:
        """Return all links and pictures."""
        return [
            Link(bool(mark), " ".join(text.split()), address)
            for mark, text, address in _LINK.findall(self.prose)
        ]

    def blocks(self, kind: str) -> list[str]:
        """Return the blocks of code of one kind."""
        return [text for found, text in _FENCED.findall(self.text) if found == kind]

    @property
    def examples(self) -> dict[str, Any]:
        """Return the YAML examples by the bold words that introduce them."""
        return {
            name: yaml.safe_load(text) for name, text in _EXAMPLE.findall(self.text)
        }

    @property
    def devices(self) -> set[tuple[str, str]]:
        """Return the ids of devices in the examples, each with the device's name."""
        return set(_DEVICE.findall(self.text))

    def section(self, number: int) -> str:
        """Return the text below one of the headings, up to the next of its level."""
        level, title = self.headings[number]
        rest = self.prose.partition(f"\n{'#' * level} {title}\n")[2]
        return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


READMES = (
    Readme("en", ROOT / "README.md"),
    Readme("zh-Hans", ROOT / "README.zh-Hans.md"),
)


def section(readme: Readme, english: str) -> str:
    """Return a section by its heading in English, which stands at the same place."""
    titles = [title for _, title in READMES[0].headings]
    return readme.section(titles.index(english))


def example(readme: Readme, english: str) -> Any:
    """Return a YAML example by its English words, as it stands in a language."""
    number = list(READMES[0].examples).index(english)
    return list(readme.examples.values())[number]


def rows(text: str) -> list[list[str]]:
    """Return the cells of all rows of tables, without heads and lines below them."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    lined = [number for number, cells in enumerate(lines) if set(cells[0]) <= set("-:")]
    left_out = {number - 1 for number in lined} | set(lined)
    return [cells for number, cells in enumerate(lines) if number not in left_out]


def codes(text: str) -> list[str]:
    """Return what is printed as code in a line of prose."""
    return _CODE.findall(text)


def anchor(heading: str) -> str:
    """Return the name that GitHub gives a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")
