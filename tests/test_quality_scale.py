"""What the integration says of the rules of the Integration Quality Scale is complete."""

from collections import Counter
from pathlib import Path
import re

import pytest
import yaml

from homeassistant import components

import custom_components.tencent_iot_explorer as integration

HOUSE = Path(integration.__file__).parent
ROOT = HOUSE.parents[1]
# Younger than the oldest supported release.
YOUNG = {"docs-conditions", "docs-triggers"}


def rules_of(folder: Path) -> dict[str, dict[str, str]]:
    """Return what an integration says of each rule."""
    text = (folder / "quality_scale.yaml").read_text()
    return dict(yaml.load(text, yaml.CSafeLoader)["rules"])


RULES = rules_of(HOUSE)


def anchors(path: Path) -> set[str]:
    """Return the headings of a Markdown file as GitHub links to them."""
    prose = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    seen: Counter[str] = Counter()
    found: set[str] = set()
    for heading in re.findall(r"^#+ +(.+?) *$", prose, re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


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
        path, _, anchor = reference.partition("#")
        assert (ROOT / path).is_file(), reference
        assert not anchor or anchor in anchors(ROOT / path), reference


def test_anchors(tmp_path: Path) -> None:
    """Headings are linked to as GitHub does it; comments in examples are none."""
    path = tmp_path / "page.md"
    path.write_text(
        "# One, two and Three\n```bash\n# none\n```\n## 语音 `a_b`\n## Same\n### Same\n"
    )
    assert anchors(path) == {"one-two-and-three", "语音-a_b", "same", "same-1"}
