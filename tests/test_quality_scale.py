"""What the integration says of the rules of the Integration Quality Scale is complete."""

from pathlib import Path
import re

import pytest
import yaml

from homeassistant import components

from .documents import ROOT, Page, anchor
import custom_components.tencent_iot_explorer as integration

INTEGRATION = Path(integration.__file__).parent
# Younger than the oldest supported release.
YOUNG = {"docs-conditions", "docs-triggers"}


def rules_of(folder: Path) -> dict[str, dict[str, str]]:
    """Return what an integration says of each rule."""
    text = (folder / "quality_scale.yaml").read_text()
    return dict(yaml.load(text, yaml.CSafeLoader)["rules"])


RULES = rules_of(INTEGRATION)


def test_rules_are_complete() -> None:
    """Each rule that Home Assistant's own integrations answer is answered, and no other."""
    known: set[str] = set()
    for path in Path(components.__file__).parent.glob("*/quality_scale.yaml"):
        known |= rules_of(path.parent).keys()
    assert len(known) >= 52
    assert RULES.keys() == known | YOUNG


@pytest.mark.parametrize("name", RULES)
def test_rule(name: str) -> None:
    """A rule is met or cannot apply; the files and headings that show it exist."""
    rule = RULES[name]
    assert rule.keys() == {"status", "comment"}
    assert rule["status"] in ("done", "exempt")
    references = re.findall(r"`([^`]*)`", rule["comment"])
    assert rule["comment"].strip()
    assert rule["status"] == "exempt" or references
    for reference in references:
        path, _, fragment = reference.partition("#")
        assert (ROOT / path).is_file(), reference
        if fragment:
            headings = [anchor(title) for _, title in Page(ROOT / path).headings]
            assert fragment in headings, reference
