"""The pages of the documents: complete, alike in both languages, with links that lead on."""

from pathlib import Path
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from .chinese import half_width, services
from .documents import (
    CHINESE,
    ENGLISH,
    LANGUAGES,
    REPOSITORY,
    ROOT,
    Documents,
    Page,
    anchor,
    each_language,
    links,
    rows,
    section,
)
from custom_components.tencent_iot_explorer.const import DOMAIN

BENCHMARKS = Page(ROOT / "docs" / "benchmarks.md")
OTHERS = ("CONTRIBUTING.md", "CHANGELOG.md", "info.md", "docs/benchmarks.md")
ALL = [page for documents in LANGUAGES for page in documents.pages]
_ITEM = re.compile(r"^(?:-|\d+\.) ", re.MULTILINE)
_PICTURE = re.compile(r"^!\[[^\]\n]+\]\([^)\s]+\)$", re.MULTILINE)


def inner_links(page: Page) -> list[tuple[Path, str]]:
    """Return the files of this repository that a page links to, with the headings."""
    found = []
    for link in page.links:
        address = urlsplit(link.address)
        if not address.scheme:
            path = page.path.parent / address.path if address.path else page.path
            found.append((path.resolve(), address.fragment))
    return found


def in_english(path: Path) -> Path:
    """Return the English counterpart of a file."""
    return path.with_name(path.name.replace(".zh-Hans.", ".").replace(".en.", "."))


def link_targets(page: Page) -> list[tuple[Path, int | None]]:
    """Return where the links of a page lead: the file, and which of its headings."""
    found: list[tuple[Path, int | None]] = []
    for path, fragment in inner_links(page):
        number = None
        if fragment:
            titles = [anchor(title) for _, title in Page(path).headings]
            number = titles.index(fragment)
        found.append((in_english(path), number))
    return found


def outline(page: Page) -> list[tuple[int, int, int]]:
    """Return for each heading its level, and how many rows and items are below it."""
    return [
        (
            level,
            # The sentences of each language are its own.
            0 if page.name == "voice" else len(rows(page.section(number))),
            len(_ITEM.findall(page.section(number))),
        )
        for number, (level, _) in enumerate(page.headings)
    ]


@each_language
def test_pages(documents: Documents) -> None:
    """Each page is there, and the table of the README lists it by its title."""
    readme, *others = documents.pages
    assert readme.name == "README"
    assert len(others) > 5
    assert {f"docs/{page.path.name}": page.headings[0][1] for page in others} == {
        link.address: link.text
        for link in links(section(documents, "Where to read on"))
    }
    assert len(rows(section(documents, "Where to read on"))) == len(others)


def test_chinese_punctuation() -> None:
    """Punctuation between Chinese words is Chinese."""
    for page in CHINESE.pages:
        assert half_width(page.text) == [], page.name


def test_actions_of_home_assistant() -> None:
    """What Home Assistant calls 动作 is called so, and no other word for it is left."""
    for page in CHINESE.pages:
        text = page.text.replace("（旧版称为“服务”）", "")
        assert services(text) == [], page.name


@each_language
def test_readme(documents: Documents) -> None:
    """The README can be read in one sitting."""
    assert len(documents.pages[0].text.splitlines()) <= 250


@pytest.mark.parametrize("name", [page.name for page in ENGLISH.pages])
def test_alike(name: str) -> None:
    """A page has the same parts, tables, lists, links and pictures in each language."""
    pages = [documents.page(name) for documents in LANGUAGES]
    english, chinese = pages
    assert outline(english) == outline(chinese)
    assert len(outline(english)) >= 1
    assert link_targets(english) == link_targets(chinese)
    for page in pages:
        anchors = [anchor(title) for _, title in page.headings]
        assert len(set(anchors)) == len(anchors)
    assert all(title.isascii() for _, title in english.headings)
    assert not any(title.isascii() for _, title in chinese.headings)


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.path.name)
def test_first_links(page: Page) -> None:
    """A page begins with the way to the README and to the same page in the other language."""
    documents, other = LANGUAGES
    if page not in documents.pages:
        documents, other = other, documents
    first = [path for path, _ in inner_links(page)]
    if page.name != "README":
        assert first.pop(0) == documents.pages[0].path
    assert first[0] == other.page(page.name).path
    # From there on nobody is led into the other language.
    assert first.count(other.page(page.name).path) == 1 + (page.name == "voice")
    assert {other_page.path for other_page in other.pages} & {*first} == {first[0]}


@pytest.mark.parametrize(
    "page", [*ALL, *(Page(ROOT / name) for name in OTHERS)], ids=lambda p: p.path.name
)
def test_links(page: Page) -> None:
    """Each link within the repository leads to a file and to a heading that exist."""
    found = inner_links(page)
    assert found or page.path.name == "CHANGELOG.md"
    for path, fragment in found:
        assert path.is_file(), path
        if fragment:
            assert fragment in {anchor(title) for _, title in Page(path).headings}


@each_language
def test_pictures(documents: Documents) -> None:
    """Each picture is shown once, in the language of the page, and described in words."""
    pictures = [
        (page.path.parent / link.address, link.text)
        for page in documents.pages
        for link in page.links
        if link.is_picture
    ]
    there = sorted((ROOT / "docs" / "images").glob(f"*.{documents.language}.png"))
    assert sorted(path for path, _ in pictures) == there
    assert there
    for path, text in pictures:
        assert len(text) >= 15
        assert 0 < path.stat().st_size <= 200 * 1024, path
    assert sum(link.is_picture for link in documents.pages[0].links) == 1


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.path.name)
def test_pictures_on_one_line(page: Page) -> None:
    """A picture has a line of its own: the Marketplace does not resolve others."""
    assert len(_PICTURE.findall(page.prose)) == page.text.count("![")


@each_language
def test_commands(documents: Documents) -> None:
    """One command runs it, in the language of the page, and one tests it."""
    language = "" if documents is ENGLISH else f" --language {documents.language}"
    assert documents.blocks("bash") == [f"scripts/demo{language}\n", "scripts/test\n"]
    for kind in ("sh", "shell", "console", ""):
        assert documents.blocks(kind) == []


@each_language
def test_my_links(documents: Documents) -> None:
    """The README leads to the repository and to the set-up in one's own Home Assistant."""
    found: dict[str, dict[str, str]] = {}
    for link in documents.pages[0].links:
        address = urlsplit(link.address)
        if address.netloc == "my.home-assistant.io":
            found[address.path] = dict(parse_qsl(address.query, strict_parsing=True))
    owner, repository = REPOSITORY.split("/")
    assert found == {
        "/redirect/hacs_repository/": {
            "owner": owner,
            "repository": repository,
            # Without it an unknown repository is not offered to be added.
            "category": "integration",
        },
        "/redirect/config_flow_start/": {"domain": DOMAIN},
    }


def test_benchmarks() -> None:
    """The figures of the last run stand once, where developers are led to."""
    titles = [title for _, title in BENCHMARKS.headings]
    run = rows(BENCHMARKS.section(titles.index("The last run")))
    assert len(run) >= 30
    assert len({tuple(cells) for cells in run}) == len(run)
    assert BENCHMARKS.path in {
        path for path, _ in inner_links(Page(ROOT / "CONTRIBUTING.md"))
    }
    assert not any(cells in rows(page.text) for page in ALL for cells in run)
