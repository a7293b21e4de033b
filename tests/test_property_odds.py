"""Whatever a data template declares, each description is one that Home Assistant accepts."""

from typing import Any

from hypothesis import given, strategies as st
from hypothesis.strategies import SearchStrategy

from .api.strategies import TEMPLATE_TEXTS
from .properties import described, require_accepted
from custom_components.tencent_iot_explorer.api.data_template import parse_data_template
from custom_components.tencent_iot_explorer.api.errors import InvalidDataTemplateError
from custom_components.tencent_iot_explorer.properties import units, words
from custom_components.tencent_iot_explorer.properties.describe import describe
from custom_components.tencent_iot_explorer.properties.evidence import Words

KNOWN = [value for value in vars(words).values() if isinstance(value, Words)]
CHINESE = sorted({word for known in KNOWN for word in known.chinese})
LATIN = sorted({"_".join(word) for known in KNOWN for word in known.latin})
UNITS = sorted(
    {word for spellings in units.SPELLINGS.values() for word in spellings.split()}
)
WORDS = st.sampled_from(CHINESE) | st.sampled_from(LATIN) | st.text(max_size=4)
NAMES = st.lists(WORDS, max_size=3).map("".join)
IDENTIFIERS = st.lists(st.sampled_from(LATIN), min_size=1, max_size=3).map("_".join)
LIMITS = st.sampled_from(
    ("0", "1", "-1", "100", "255", "1000", "6500", "0.1", "1e-12", "s", "undefined")
) | st.floats(width=32).map(str)
LABELS = st.one_of(
    st.sampled_from(
        ("关", "开", "打开", "关闭", "停止", "正常", "报警", "有人", "无人")
    ),
    NAMES,
)
NUMBERS = st.fixed_dictionaries(
    {"type": st.sampled_from(("int", "float"))},
    optional={
        "min": LIMITS,
        "max": LIMITS,
        "step": LIMITS,
        "unit": st.sampled_from(("度", "")) | st.sampled_from(UNITS) | NAMES,
    },
)
CHOICES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(("bool", "enum", "stringenum")),
        "mapping": st.lists(LABELS, max_size=4).map(
            lambda labels: {str(key): label for key, label in enumerate(labels)}
        ),
    }
)
TEXTS = st.fixed_dictionaries(
    {"type": st.just("string")}, optional={"min": LIMITS, "max": LIMITS}
)
OTHERS = st.sampled_from(({"type": "timestamp"}, {"type": "array"}, {"type": "novel"}))
PLAIN = st.one_of(NUMBERS, CHOICES, TEXTS, OTHERS)


def items(key: str, define: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """Return what is declared with an id and a name."""
    mode = st.sampled_from(("r", "rw"))
    return st.fixed_dictionaries(
        {"id": IDENTIFIERS, "name": NAMES, "mode": mode, key: define}
    )


STRUCTS = st.fixed_dictionaries(
    {
        "type": st.just("struct"),
        "specs": st.lists(items("dataType", PLAIN), max_size=4),
    }
)


@given(st.lists(items("define", PLAIN | STRUCTS), max_size=8))
def test_home_assistant_accepts(properties: list[dict[str, Any]]) -> None:
    """Right words in any order, with any unit and any limits, make nothing impossible."""
    require_accepted(described(*properties).properties)


@given(TEMPLATE_TEXTS)
def test_hostile_templates(text: str) -> None:
    """Whatever can be read of a data template can be described."""
    try:
        template = parse_data_template(text)
    except InvalidDataTemplateError:
        return
    require_accepted(describe(template).properties)
