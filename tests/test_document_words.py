"""The words of the documents: alike in both languages, and those that the screen shows."""

from collections.abc import Iterator
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from .documents import (
    LANGUAGES,
    REPOSITORY,
    ROOT,
    Documents,
    codes,
    each_language,
    rows,
    section,
)
from emulator.cloud_calls import CALLS as CLOUD_CALLS
from emulator.service_api import CALLS, COMMON

SUBENTRY = ("config_subentries", "product")
# Each dialog that shows fields, by where its words are.
DIALOGS = (
    ("config", "step", "account"),
    ("config", "step", "region"),
    ("config", "step", "application"),
    (*SUBENTRY, "step", "user"),
    ("config", "step", "product"),
    ("config", "step", "devices"),
    (*SUBENTRY, "step", "reconfigure"),
    ("config", "step", "replace_account"),
    ("config", "step", "replace_application"),
    ("options", "step", "application"),
)
ERRORS = ("When an action is used", "In a dialog", "Repairs")


def words(documents: Documents, *path: str) -> Any:
    """Return the words of the integration in one language."""
    folder = ROOT / "custom_components" / "tencent_iot_explorer" / "translations"
    found = json.loads((folder / f"{documents.language}.json").read_text())
    for key in path:
        found = found[key]
    return found


def policies(documents: Documents) -> tuple[set[str], set[str]]:
    """Return what the smallest policy allows, and what that for pushes allows."""
    found = []
    blocks = (json.loads(text) for text in documents.blocks("json"))
    for block in (block for block in blocks if "statement" in block):
        (statement,) = block["statement"]
        assert statement["resource"] == ["*"]
        assert all(name.startswith("iotexplorer:") for name in statement["action"])
        found.append({name.partition(":")[2] for name in statement["action"]})
    smallest, pushes = found
    assert not smallest & pushes
    return smallest, pushes


@each_language
def test_dialogs(documents: Documents) -> None:
    """Each field of the dialogs is described once, by the very words of the dialogs."""
    text = section(documents, "The fields of the dialogs")
    fields: list[str] = []
    for path in DIALOGS:
        step = words(documents, *path)
        fields += step["data"].values()
        for part in step.get("sections", {}).values():
            fields += part.get("data", {}).values()
            assert f"*{part['name']}*" in text
    assert [cells[0] for cells in rows(text)] == list(dict.fromkeys(fields))
    page = documents.page("settings").prose
    assert f"**{words(documents, *SUBENTRY, 'initiate_flow', 'user')}**" in page
    for step in (
        (*SUBENTRY, "step", "secrets"),
        ("config", "step", "confirm_account"),
        ("config", "step", "confirm_application"),
    ):
        assert f"*{words(documents, *step, 'title')}*" in " ".join(page.split())


def test_same_dialogs() -> None:
    """A dialog that is shown at two positions has the same fields at both."""
    for documents in LANGUAGES:
        config = words(documents, "config", "step")
        product = words(documents, "config_subentries", "product", "step")
        for one, other in (
            (config["account"], config["replace_account"]),
            (config["product"], product["product"]),
            (config["devices"], product["devices"]),
        ):
            assert one["title"] == other["title"]
            assert one["data"] == other["data"]


@each_language
def test_events(documents: Documents) -> None:
    """The types of the event are described by the words that the screen shows."""
    event = words(documents, "entity", "event", "device_action")
    shown = event["state_attributes"]["event_type"]["state"]
    documented = {
        codes(cells[0])[0]: cells[1] for cells in rows(section(documents, "Events"))
    }
    assert documented == shown
    assert f"*{event['name']}*" in section(documents, "Events")


@each_language
def test_blueprints(documents: Documents) -> None:
    """Each blueprint is linked by its own name, and the link is one for its file."""
    number = ("en", "zh-Hans").index(documents.language)
    links = [link for link in documents.links if "blueprint_import" in link.address]
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


@each_language
def test_requests(documents: Documents) -> None:
    """The table of an application's requests names each, and each of its parameters."""
    table = rows(section(documents, "With the key of an application"))
    assert {*codes(table[0][2])} | {"Action"} == COMMON.keys()
    assert "ProductId" in table[0][2]
    documented = {
        codes(cells[0])[0]: {*codes(cells[2])} for cells in table if codes(cells[0])
    }
    asynchronous, synchronous = (
        f"ServiceCallDeviceAction{way}" for way in ("Async", "Sync")
    )
    assert not documented[synchronous]
    documented[synchronous] = documented[asynchronous]
    assert {name: fields | {"ProductId"} for name, fields in documented.items()} == {
        f"Service{name}": set(fields) for name, fields in CALLS.items()
    }


@each_language
def test_requests_of_accounts(documents: Documents) -> None:
    """The table of an account's requests names parameters as the cloud knows them."""
    _, *table = rows(section(documents, "With the key of an account"))
    sent = {codes(cells[0])[0]: {*codes(cells[2])} for cells in table}
    assert not sent["CallDeviceActionSync"]
    sent["CallDeviceActionSync"] = sent["CallDeviceActionAsync"]
    for name, fields in sent.items():
        required, optional = CLOUD_CALLS[name]
        assert required.keys() <= fields <= {*required, *optional}
    allowed, _ = policies(documents)
    assert sent.keys() == allowed
    operations = [
        name
        for cells in rows(section(documents, "The smallest policy"))
        for name in codes(cells[0])
    ]
    assert operations and {*operations} == sent.keys()


@each_language
def test_requests_of_rules(documents: Documents) -> None:
    """The table of what pushes need is that of the policy for them, as the cloud knows it."""
    table = rows(section(documents, "For pushes, with the key of an account"))
    sent = {codes(cells[0])[0]: {*codes(cells[2])} for cells in table}
    assert not sent["ModifyTopicRule"]
    sent["ModifyTopicRule"] = sent["CreateTopicRule"]
    for name, fields in sent.items():
        required, optional = CLOUD_CALLS[name]
        assert required.keys() <= fields <= {*required, *optional}
    _, allowed = policies(documents)
    assert sent.keys() == allowed
    named = {*codes(section(documents, "More for pushes"))}
    assert named == allowed


def shown_errors(documents: Documents) -> Iterator[tuple[str, str, str]]:
    """Yield each error text by which of the tables it belongs to, and its key."""
    for key, item in words(documents, "exceptions").items():
        is_of_action = not key.startswith("push_")
        title = "When an action is used" if is_of_action else "In a dialog"
        yield title, f"exceptions.{key}", item["message"]
    for name, part in (
        ("config", words(documents, "config")),
        ("product", words(documents, "config_subentries", "product")),
    ):
        for key, text in part["error"].items():
            yield "In a dialog", f"{name}.error.{key}", text
        text = part["abort"]["already_configured"]
        yield "In a dialog", f"{name}.abort.already_configured", text
    for kind in ("error", "abort"):
        for key, text in words(documents, "options", kind).items():
            yield "In a dialog", f"options.{kind}.{key}", text
    for key, item in words(documents, "issues").items():
        yield "Repairs", f"issues.{key}", item["title"]


def fits(quoted: str, text: str) -> bool:
    """Return whether what is quoted stands in a text, with anything for each …."""
    parts = [re.escape(part) for part in re.split(r"\s*…\s*", quoted.rstrip("."))]
    return re.search(r"[\s\S]*?".join(parts), text) is not None


@each_language
def test_errors(documents: Documents) -> None:
    """Each error is in the table it belongs to, and each text there is one of ours."""
    least = {"en": 7, "zh-Hans": 4}[documents.language]
    for title in ERRORS:
        errors = {key: text for at, key, text in shown_errors(documents) if at == title}
        quoted = [
            text
            for cells in rows(section(documents, title))
            for text in codes(cells[0])
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
    folder = ROOT / "custom_components" / "tencent_iot_explorer"
    named = {
        found.split()[0]
        for found in codes((ROOT / "CONTRIBUTING.md").read_text())
        if re.fullmatch(r"[\w.-]+/[\w./-]*( .*)?|\w+\.(py|json|yaml)", found)
    }
    assert len(named) > 40
    assert [
        name
        for name in sorted(named)
        if not ((ROOT / name).exists() or (folder / name).exists())
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
    """Who wants to report something is shown the forms and the page of help."""
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"
    data = yaml.safe_load(path.read_text())
    assert data["blank_issues_enabled"] is False
    pages = [documents.page("troubleshooting").path for documents in LANGUAGES]
    assert [link["url"] for link in data["contact_links"]] == [
        f"https://github.com/{REPOSITORY}/blob/main/{path.relative_to(ROOT)}"
        for path in pages
    ]
    for link in data["contact_links"]:
        assert link.keys() == {"name", "url", "about"}
