"""The words of the READMEs: alike in both languages, and those that the screen shows."""

from collections.abc import Iterator
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from .emulator.checks import CALLS, COMMON
from .readme import READMES, ROOT, Readme, anchor, codes, rows, section

HEADINGS = [
    "What it is",
    "Try it without an account",
    "Supported devices",
    "Installation",
    "Configuration",
    "What a device has",
    "Services",
    "Events",
    "Voice",
    "Blueprints",
    "Use cases",
    "How data is updated",
    "Cost of polling",
    "Known limitations",
    "Troubleshooting",
    "Privacy",
    "Who may press what",
    "Removal",
    "For developers",
    "Licence",
]
PICTURES = ("device", "dialog", "action", "dashboard")
# Each dialog that has a table, by where its words stand.
DIALOGS = (
    ("config", "step", "user"),
    ("config_subentries", "product", "step", "user"),
    ("config", "step", "devices"),
    ("config_subentries", "product", "step", "reconfigure"),
    ("config", "step", "reconfigure"),
)
REPOSITORY = "tencent-iot-explorer/home-assistant-tencent-iot-explorer"
OTHER_PAGES = ("CONTRIBUTING.md", "CHANGELOG.md", "docs/performance.md")

each_readme = pytest.mark.parametrize(
    "readme", READMES, ids=[readme.language for readme in READMES]
)


def words(readme: Readme, *path: str) -> Any:
    """Return the words of the integration in the language of a README."""
    folder = ROOT / "custom_components" / "tencent_iot_explorer" / "translations"
    found = json.loads((folder / f"{readme.language}.json").read_text())
    for key in path:
        found = found[key]
    return found


def subsections(readme: Readme, english: str) -> list[tuple[str, str]]:
    """Return the headings right below one, with their texts."""
    first = next(
        number
        for number, (_, title) in enumerate(READMES[0].headings)
        if title == english
    )
    level = readme.headings[first][0]
    found = []
    for number in range(first + 1, len(readme.headings)):
        below, title = readme.headings[number]
        if below <= level:
            break
        if below == level + 1:
            found.append((title, readme.section(number)))
    return found


def test_headings() -> None:
    """The headings that others link to are there, and both languages have as many."""
    english, chinese = (readme.headings for readme in READMES)
    assert [title for level, title in english if level == 2] == HEADINGS
    assert [level for level, _ in english] == [level for level, _ in chinese]
    for readme in READMES:
        anchors = [anchor(title) for _, title in readme.headings]
        assert len(set(anchors)) == len(anchors)


def test_languages() -> None:
    """The headings of each language are in that language."""
    english, chinese = (readme.headings for readme in READMES)
    assert all(title.isascii() for _, title in english)
    assert not any(title.isascii() for _, title in chinese)


@each_readme
def test_other_language(readme: Readme) -> None:
    """The first link leads to the other language."""
    (other,) = [found for found in READMES if found is not readme]
    assert readme.links[0].address == other.path.name


@pytest.mark.parametrize("page", [*(item.path.name for item in READMES), *OTHER_PAGES])
def test_links(page: str) -> None:
    """Each link within the repository leads to a file and to a heading that exist."""
    path = ROOT / page
    found = 0
    for link in Readme("", path).links:
        address = urlsplit(link.address)
        if address.scheme or link.is_picture:
            continue
        found += 1
        target = (path.parent / address.path) if address.path else path
        assert target.exists(), link.address
        if address.fragment:
            anchors = {anchor(title) for _, title in Readme("", target).headings}
            assert address.fragment in anchors, link.address
    assert found or page in OTHER_PAGES


@each_readme
def test_pictures(readme: Readme) -> None:
    """Each picture is shown once, in the language of the page, and is told in words."""
    pictures = [link for link in readme.links if link.is_picture]
    assert sorted(link.address for link in pictures) == sorted(
        f"docs/images/{name}.{readme.language}.png" for name in PICTURES
    )
    for link in pictures:
        assert len(link.text) >= 15
        assert 0 < (ROOT / link.address).stat().st_size <= 200 * 1024, link.address


@each_readme
def test_commands(readme: Readme) -> None:
    """Nothing but the demonstration is to be typed, in the language of the page."""
    language = "" if readme.language == "en" else f" --language {readme.language}"
    assert readme.blocks("bash") == [f"scripts/demo{language}\n"]
    assert {kind for kind in ("sh", "shell", "console", "") if readme.blocks(kind)} == (
        set()
    )


@each_readme
def test_dialogs(readme: Readme) -> None:
    """Each dialog has a table of its fields, by the very words of the dialog."""
    tables = subsections(readme, "The dialogs")
    assert len(tables) == len(DIALOGS)
    for (title, text), path in zip(tables, DIALOGS, strict=True):
        step = words(readme, *path)
        assert title == step["title"]
        sections = step.get("sections", {}).values()
        fields = [*step["data"].values()]
        for part in sections:
            fields += part.get("data", {}).values()
            assert f"*{part['name']}*" in section(readme, "The dialogs")
        assert [cells[0] for cells in rows(text)] == fields


def test_same_dialogs() -> None:
    """A dialog that is shown at two places has the same fields at both."""
    for readme in READMES:
        config = words(readme, "config", "step")
        product = words(readme, "config_subentries", "product", "step")
        for one, other in (
            (config["reauth_confirm"], config["reconfigure"]),
            (config["devices"], product["devices"]),
        ):
            assert one["title"] == other["title"]
            assert one["data"] == other["data"]


@each_readme
def test_events(readme: Readme) -> None:
    """The types of the event are told by the words that the screen shows."""
    event = words(readme, "entity", "event", "device_action")
    shown = event["state_attributes"]["event_type"]["state"]
    told = {codes(cells[0])[0]: cells[1] for cells in rows(section(readme, "Events"))}
    assert told == shown
    assert f"*{event['name']}*" in section(readme, "Events")


@each_readme
def test_blueprints(readme: Readme) -> None:
    """Each blueprint is linked by its own name, and the link is one for its file."""
    number = ("en", "zh-Hans").index(readme.language)
    links = [link for link in readme.links if "blueprint_import" in link.address]
    files = {}
    for path in ROOT.glob("blueprints/**/*.yaml"):
        lines = path.read_text().splitlines()
        (name,) = [line for line in lines if line.startswith("  name: ")]
        file = path.relative_to(ROOT).as_posix()
        files[f"https://github.com/{REPOSITORY}/blob/main/{file}"] = name.removeprefix(
            "  name: "
        ).split(" · ")[number]
    found = {
        parse_qs(urlsplit(link.address).query)["blueprint_url"][0]: link.text
        for link in links
    }
    assert found == files


@each_readme
def test_requests(readme: Readme) -> None:
    """The table of requests names each request and each of its parameters."""
    table = rows(section(readme, "Privacy"))
    assert {*codes(table[0][2])} | {"Action"} == COMMON.keys()
    assert "ProductId" in table[0][2]
    told = {
        codes(cells[0])[0]: {*codes(cells[2])} for cells in table if codes(cells[0])
    }
    asynchronous, synchronous = (
        f"ServiceCallDeviceAction{way}" for way in ("Async", "Sync")
    )
    assert not told[synchronous]
    told[synchronous] = told[asynchronous]
    assert {name: fields | {"ProductId"} for name, fields in told.items()} == {
        name: set(fields) for name, fields in CALLS.items()
    }


def shown_errors(readme: Readme) -> Iterator[tuple[str, str, str]]:
    """Yield each error text by which of the tables it belongs to, and its key."""
    for key, item in words(readme, "exceptions").items():
        yield "When an action is used", f"exceptions.{key}", item["message"]
    for name, part in (
        ("config", words(readme, "config")),
        ("product", words(readme, "config_subentries", "product")),
    ):
        for key, text in part["error"].items():
            yield "In a dialog", f"{name}.error.{key}", text
        text = part["abort"]["already_configured"]
        yield "In a dialog", f"{name}.abort.already_configured", text
    for key, item in words(readme, "issues").items():
        yield "Repairs", f"issues.{key}", item["title"]


def fits(quoted: str, text: str) -> bool:
    """Return whether what is quoted stands in a text, with anything for each …."""
    parts = [re.escape(part) for part in re.split(r"\s*…\s*", quoted.rstrip("."))]
    return re.search(r"[\s\S]*?".join(parts), text) is not None


@each_readme
def test_errors(readme: Readme) -> None:
    """Each error is in the table it belongs to, and each text there is one of ours."""
    tables = [title for title, _ in subsections(READMES[0], "Troubleshooting")]
    assert tables == ["When an action is used", "In a dialog", "Repairs"]
    least = {"en": 7, "zh-Hans": 4}[readme.language]
    for title in tables:
        errors = {key: text for at, key, text in shown_errors(readme) if at == title}
        quoted = [
            text for cells in rows(section(readme, title)) for text in codes(cells[0])
        ]
        assert len(set(quoted)) == len(quoted)
        for text in quoted:
            assert len(text.replace("…", "").strip()) >= least, text
            assert any(fits(text, error) for error in errors.values()), text
        assert [
            key
            for key, error in errors.items()
            if not any(fits(text, error) for text in quoted)
        ] == []


def test_changelog() -> None:
    """The newest release of the change log is the version of the integration."""
    manifest = ROOT / "custom_components" / "tencent_iot_explorer" / "manifest.json"
    releases = re.findall(
        r"^## \[?(\d+\.\d+\.\d+)\]? - (\d{4}-\d\d-\d\d)$",
        (ROOT / "CHANGELOG.md").read_text(),
        re.MULTILINE,
    )
    assert releases[0][0] == json.loads(manifest.read_text())["version"]


def test_contributing() -> None:
    """Each file and each command that is named for those who change the code exists."""
    house = ROOT / "custom_components" / "tencent_iot_explorer"
    named = {
        found.split()[0]
        for found in codes((ROOT / "CONTRIBUTING.md").read_text())
        if re.fullmatch(r"[\w.-]+/[\w./-]*( .*)?|\w+\.(py|json|yaml)", found)
    }
    assert len(named) > 40
    assert [
        name
        for name in sorted(named)
        if not ((ROOT / name).exists() or (house / name).exists())
    ] == []


@pytest.mark.parametrize("form", ["bug_report", "feature_request"])
def test_issue_forms(form: str) -> None:
    """A form asks in both languages, and for what a report needs."""
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml"
    data = yaml.safe_load(path.read_text())
    assert data.keys() == {"name", "description", "labels", "body"}
    fields = [item for item in data["body"] if item["type"] != "markdown"]
    ids = [item["id"] for item in fields]
    assert len(set(ids)) == len(ids)
    for item in fields:
        english, chinese = item["attributes"]["label"].split(" · ")
        assert english.isascii()
        assert not chinese.isascii()
    if form == "bug_report":
        assert {"version", "home_assistant", "diagnostics", "error"} <= set(ids)
    assert "AppSecret" in path.read_text()


def test_no_blank_issues() -> None:
    """Who wants to tell something is shown the forms and the page of help."""
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"
    data = yaml.safe_load(path.read_text())
    assert data["blank_issues_enabled"] is False
    anchors = {anchor(title) for readme in READMES for _, title in readme.headings}
    for link in data["contact_links"]:
        assert link.keys() == {"name", "url", "about"}
        assert link["url"].startswith(f"https://github.com/{REPOSITORY}/blob/main/")
        assert urlsplit(link["url"]).fragment in anchors
