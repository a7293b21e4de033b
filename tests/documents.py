"""The README and the pages of docs/ in each language, taken apart."""

from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
MANIFEST = json.loads(
    (ROOT / "custom_components" / "tencent_iot_explorer" / "manifest.json").read_text()
)
REPOSITORY = MANIFEST["documentation"].removeprefix("https://github.com/")
# What only developers read, in English.
_OF_DEVELOPERS = ("benchmarks",)
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
class Page:
    """One page in one language."""

    path: Path

    @property
    def name(self) -> str:
        """Return the name that the page has in every language."""
        return self.path.name.partition(".")[0]

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
        return links(self.prose)

    def section(self, number: int) -> str:
        """Return the text below one of the headings, up to the next of its level."""
        level, title = self.headings[number]
        rest = f"\n{self.prose}".partition(f"\n{'#' * level} {title}\n")[2]
        return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


@dataclass(frozen=True, slots=True)
class Documents:
    """All pages of one language, the README first."""

    language: str
    pages: tuple[Page, ...]

    def page(self, name: str) -> Page:
        """Return one of the pages."""
        return next(page for page in self.pages if page.name == name)

    @property
    def text(self) -> str:
        """Return all pages."""
        return "\n".join(page.text for page in self.pages)

    @property
    def links(self) -> list[Link]:
        """Return all links and pictures."""
        return [link for page in self.pages for link in page.links]

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


def _documents(language: str, ending: str) -> Documents:
    """Return the pages whose names have the ending of a language."""
    paths = [ROOT / f"README{ending}", *sorted((ROOT / "docs").glob(f"*{ending}"))]
    return Documents(
        language,
        tuple(
            Page(path)
            for path in paths
            if f"{Page(path).name}{ending}" == path.name
            and Page(path).name not in _OF_DEVELOPERS
        ),
    )


ENGLISH = _documents("en", ".md")
CHINESE = _documents("zh-Hans", ".zh-Hans.md")
LANGUAGES = (ENGLISH, CHINESE)
each_language = pytest.mark.parametrize(
    "documents", LANGUAGES, ids=[documents.language for documents in LANGUAGES]
)


def section(documents: Documents, english: str) -> str:
    """Return a section by its heading in English, which is at the same position."""
    ((name, number),) = [
        (page.name, number)
        for page in ENGLISH.pages
        for number, (_, title) in enumerate(page.headings)
        if title == english
    ]
    return documents.page(name).section(number)


def example(documents: Documents, english: str) -> Any:
    """Return a YAML example by its English words, as it is in a language."""
    number = list(ENGLISH.examples).index(english)
    return list(documents.examples.values())[number]


def links(text: str) -> list[Link]:
    """Return all links and pictures of a text."""
    return [
        Link(bool(mark), " ".join(words.split()), address)
        for mark, words, address in _LINK.findall(text)
    ]


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
