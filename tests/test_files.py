"""The files that Home Assistant, its Marketplace and their validation read."""

import json
import os
from pathlib import Path
import re
import subprocess
import tomllib
from typing import Any

from PIL import Image
import pytest
import yaml

from .documents import REPOSITORY
import custom_components.tencent_iot_explorer as integration
from custom_components.tencent_iot_explorer.const import DOMAIN

INTEGRATION = Path(integration.__file__).parent
ROOT = INTEGRATION.parents[1]


def load(path: Path) -> Any:
    """Return what a JSON file holds."""
    return json.loads(path.read_text())


def test_manifest() -> None:
    """The manifest has the keys that are asked for, in the order that is asked for."""
    manifest = load(INTEGRATION / "manifest.json")
    assert manifest["domain"] == DOMAIN == INTEGRATION.name
    assert list(manifest)[:2] == ["domain", "name"]
    assert list(manifest)[2:] == sorted(list(manifest)[2:])
    assert {
        "codeowners",
        "config_flow",
        "documentation",
        "integration_type",
        "iot_class",
        "issue_tracker",
        "version",
    } <= manifest.keys()
    assert manifest["requirements"] == []
    # The one name in both languages, by which people find it.
    assert manifest["name"] == load(ROOT / "hacs.json")["name"]


def release_notes(tag: str) -> subprocess.CompletedProcess[str]:
    """Ask for the notes of a release, as the workflow does."""
    command = [ROOT / "scripts" / "release-notes", tag]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_release_notes() -> None:
    """The version stands in the manifest alone, and the changelog has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "version" not in project
    version = load(INTEGRATION / "manifest.json")["version"]
    notes = release_notes(f"v{version}")
    assert notes.returncode == 0
    assert notes.stdout in (ROOT / "CHANGELOG.md").read_text()
    assert len(notes.stdout) > 100


def test_wrong_tag() -> None:
    """A tag that is not the version makes no release."""
    refused = release_notes("v999.0.0")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "v999.0.0" in refused.stderr


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda p: p.stem
)
def test_workflows(path: Path) -> None:
    """Workflows run scripts that exist, may only read, and do not run for ever."""
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        if "uses" in job:
            assert (ROOT / job["uses"]).is_file()
            continue
        assert job["timeout-minutes"] <= 30
        for step in job["steps"]:
            command = step.get("run", "").split()
            if command and command[0] != "gh":
                assert os.access(ROOT / command[0], os.X_OK), command
            assert command or "@" in step["uses"]


def test_release_waits() -> None:
    """A release is made when the tests and the validation of others have passed."""
    workflows = ROOT / ".github" / "workflows"
    jobs = yaml.safe_load((workflows / "release.yml").read_text())["jobs"]
    (release,) = (name for name in jobs if "uses" not in jobs[name])
    assert set(jobs[release]["needs"]) == jobs.keys() - {release}
    called = {Path(job["uses"]).name for job in jobs.values() if "uses" in job}
    assert called == {path.name for path in workflows.glob("*.yml")} - {"release.yml"}
    for name in called:
        # YAML 1.1 takes the key `on` for true.
        assert "workflow_call" in yaml.safe_load((workflows / name).read_text())[True]


def test_address() -> None:
    """The address of the repository stands in the files that CONTRIBUTING names alone."""
    owner, _, name = REPOSITORY.partition("/")
    address = re.compile(rf"{owner}(?:/|%2F|&repository=){name}\b")
    found = {
        path.relative_to(ROOT).as_posix()
        for suffix in ("json", "md", "py", "toml", "yaml", "yml")
        for path in ROOT.rglob(f"*.{suffix}")
        if path.relative_to(ROOT).parts[0][0] != "." or ".github" in path.parts
        if address.search(path.read_text())
    }
    (line,) = re.findall(
        r"^When the repository moves, .*$",
        (ROOT / "CONTRIBUTING.md").read_text(),
        re.MULTILINE,
    )
    named = re.findall("`([^`]+)`", line)
    assert found == {
        path.relative_to(ROOT).as_posix() for item in named for path in ROOT.glob(item)
    }
    manifest = load(INTEGRATION / "manifest.json")
    assert manifest["issue_tracker"] == f"{manifest['documentation']}/issues"
    assert manifest["codeowners"] == [f"@{owner}"]


def test_workflows_run_all() -> None:
    """What must be green before a change lands is run for the public, too."""
    wanted = re.findall(
        r"^scripts/.*", (ROOT / ".ci" / "run").read_text(), re.MULTILINE
    )
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert wanted == [step["run"] for step in steps if "run" in step]


def test_oldest_release() -> None:
    """The oldest release that is promised is the one that is tested."""
    promised = load(ROOT / "hacs.json")["homeassistant"]
    requirements = (ROOT / "requirements" / "oldest.in").read_text()
    assert promised == "2026.3.0"
    assert "homeassistant==2026.3." in requirements


def test_services_are_described() -> None:
    """The fixed service has words and an icon for all that it offers."""
    services = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    words = load(INTEGRATION / "translations" / "en.json")["services"]
    icons = load(INTEGRATION / "icons.json")["services"]
    assert services.keys() == words.keys() == icons.keys()
    for name, service in services.items():
        assert service["fields"].keys() == words[name]["fields"].keys()


@pytest.mark.parametrize(
    ("name", "size"), [("icon.png", (256, 256)), ("icon@2x.png", (512, 512))]
)
def test_icon(name: str, size: tuple[int, int]) -> None:
    """The icon has the size that Home Assistant shows."""
    with Image.open(INTEGRATION / "brand" / name) as image:
        assert image.size == size


@pytest.mark.parametrize("name", ["logo.png", "dark_logo.png"])
def test_logo(name: str) -> None:
    """The logo is landscape and of the height that Home Assistant shows."""
    with Image.open(INTEGRATION / "brand" / name) as image:
        assert image.width > image.height
        assert 128 <= image.height <= 256
