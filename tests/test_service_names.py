"""Names of the services made from data templates, whatever the ids are."""

import re

from hypothesis import given, strategies as st
import pytest

from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.identifiers import slug
from custom_components.tencent_iot_explorer.product.service_names import service_name


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("openDoor", "open_door"),
        ("OpenDoor", "open_door"),
        ("FEEDER2026", "feeder2026"),
        ("_sys_pre_next", "sys_pre_next"),
        ("a__b-c d", "a_b_c_d"),
        ("开门", "kai_men"),
        ("unknown", "unknown"),
        ("…", ""),
        ("", ""),
    ],
)
def test_slug(identifier: str, expected: str) -> None:
    """Ids become readable slugs."""
    assert slug(identifier) == expected
    assert service_name("ODD", identifier, ()) == f"odd_{expected or 'action'}"


def test_long_ids() -> None:
    """Ids are cut, never behind a hyphen."""
    long_id = "x" * 39 + "-y"
    assert service_name("ODD", long_id, ()) == f"odd_{'x' * 39}"
    assert service_name(long_id, "do", ()) == f"{'x' * 39}_do"


@given(st.text(), st.text(), st.sets(st.text(), max_size=3))
def test_any_ids(product_id: str, action_id: str, others: set[str]) -> None:
    """Any ids give a name that Home Assistant accepts and nobody has."""
    first = service_name(product_id, action_id, others)
    second = service_name(product_id, action_id, others | {first})
    assert first not in others
    assert second not in others | {first}
    for name in (first, second):
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name)
        assert len(f"{DOMAIN}.{name}") <= 64
