"""Texts, times and JSON: what is accepted, what is sent for it, and what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
import json

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    Problem,
    TimeSettings,
)
from tests.api.helpers import MILLISECONDS, SECONDS, declare, refuse, send
from tests.api.strategies import Huge


@pytest.mark.parametrize(
    ("limits", "accepted", "refused"),
    [
        pytest.param({}, ["", "a", " ", "unknown", "好" * 5000], [], id="no-limits"),
        pytest.param({"minimum": 0}, ["", "a"], [], id="empty-is-allowed"),
        pytest.param({"minimum": 1}, ["a"], [""], id="minimum-1"),
        pytest.param(
            {"minimum": 2, "maximum": 3}, ["ab", "abc"], ["a", "abcd"], id="both"
        ),
        pytest.param({"maximum": 2}, ["好的", ""], ["好的吧"], id="maximum"),
        pytest.param({"minimum": 1.5}, ["ab"], ["a"], id="fraction"),
        pytest.param({"maximum": 2}, ["🐈"], ["🐈a"], id="utf-16-units"),
    ],
)
def test_text(
    limits: dict[str, float], accepted: list[str], refused: list[str]
) -> None:
    """A text is sent untouched; an empty one unless the template has a minimum."""
    parameter = declare("string", **limits)
    for value in accepted:
        assert send(parameter, value) == value
    for value in refused:
        assert refuse(parameter, value).problem is Problem.WRONG_LENGTH


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (1234, "1234"),
        (0, "0"),
        (-5, "-5"),
        (12.5, "12.5"),
        (12.0, "12.0"),
        (0.1 * 3, "0.30000000000000004"),
        (0.00005, "0.00005"),
        (1e16, "10000000000000000.0"),
        (12345678901234567890, "12345678901234567890"),
        (10**100, str(10**100)),
    ],
    ids=repr,
)
def test_number_as_text(value: object, sent: str) -> None:
    """A text that a template made a number of is that text again, without exponent."""
    assert send(declare("string"), value) == sent
    exact = declare("string", minimum=len(sent), maximum=len(sent))
    assert send(exact, value) == sent
    longer = declare("string", minimum=len(sent) + 1)
    assert refuse(longer, value).problem is Problem.WRONG_LENGTH


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        float("nan"),
        float("-inf"),
        Huge(10**5000),
        Decimal(5),
        5j,
        [],
        {},
        [5],
        b"text",
        "\ud800",
    ],
    ids=repr,
)
def test_no_text(value: object) -> None:
    """Nothing is turned into a text that is none."""
    assert refuse(declare("string"), value).problem is Problem.NOT_A_TEXT


EIGHT_HOURS = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        pytest.param(
            datetime.fromisoformat("2019-01-01T12:00"), 1_546_315_200_000, id="naive"
        ),
        pytest.param(
            datetime(2019, 1, 1, 4, tzinfo=UTC), 1_546_315_200_000, id="aware"
        ),
        pytest.param(
            datetime(2019, 1, 1, 12, tzinfo=EIGHT_HOURS), 1_546_315_200_000, id="offset"
        ),
        pytest.param("2019-01-01 12:00:00", 1_546_315_200_000, id="text"),
        pytest.param(" 2019-01-01T12:00 ", 1_546_315_200_000, id="iso-text"),
        pytest.param("2019-01-01T04:00:00Z", 1_546_315_200_000, id="text-in-utc"),
        pytest.param("2019-01-01T12:00:00+08:00", 1_546_315_200_000, id="text-offset"),
        pytest.param("2019-01-01", 1_546_272_000_000, id="day"),
        pytest.param(
            datetime(2019, 1, 1, 4, 0, 0, 999_000, tzinfo=UTC),
            1_546_315_200_999,
            id="fraction",
        ),
        pytest.param("1970-01-01T08:00:00", 0, id="epoch"),
        pytest.param("2106-02-07T06:28:16Z", 2**32 * 1000, id="beyond-32-bits"),
        pytest.param("9999-12-31T23:59:59-14:00", 253_402_351_199_000, id="last"),
    ],
)
def test_time(value: object, milliseconds: int) -> None:
    """A date and time is sent in the product's unit; a naive one is local."""
    parameter = declare("timestamp")
    for times, sent in (
        (MILLISECONDS, milliseconds),
        (SECONDS, pytest.approx(milliseconds / 1000, abs=1)),
    ):
        found = send(parameter, value, times)
        assert found == sent
        assert type(found) is int


def test_seconds_are_whole() -> None:
    """A fraction of a second is dropped, so that the time never lies ahead."""
    moment = datetime(2019, 1, 1, 4, 0, 0, 999_999, tzinfo=UTC)
    assert send(declare("timestamp"), moment, SECONDS) == 1_546_315_200


@pytest.mark.parametrize("times", [MILLISECONDS, SECONDS], ids=["ms", "s"])
@pytest.mark.parametrize(
    ("value", "sent"),
    [(1546315200, 1546315200), (1.0, 1), ("1546315200123", 1546315200123), (0, 0)],
    ids=repr,
)
def test_integer_as_time(times: TimeSettings, value: object, sent: int) -> None:
    """An integer is a time stamp already, whatever the unit is."""
    found = send(declare("timestamp"), value, times)
    assert found == sent
    assert type(found) is int


@pytest.mark.parametrize(
    "value",
    [
        True,
        -1,
        1.5,
        "-1",
        "1.5",
        2**63,
        float("nan"),
        "",
        "now",
        "unknown",
        "12:00",
        "2019-02-30",
        "1969-12-31T23:59:59Z",
        datetime(1969, 12, 31, tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
        "0001-01-01T00:00:00+14:00",
        date(2019, 1, 1),
        timedelta(seconds=5),
        [],
        {},
    ],
    ids=repr,
)
def test_no_time(value: object) -> None:
    """What is no time after 1969 is refused."""
    assert refuse(declare("timestamp"), value).problem is Problem.NOT_A_TIME


@pytest.mark.parametrize(
    "value",
    [
        {"day": 1, "hours": [1, 2.5, "三", None, True]},
        [],
        {},
        "",
        "text",
        0,
        2.5,
        False,
    ],
    ids=repr,
)
def test_raw(value: object) -> None:
    """Any JSON is sent as it is."""
    found = send(declare("raw"), value)
    assert found == value
    assert type(found) is type(value)


OBJECT = {"day": 1, "at": [7.5, None, True], "name": "三"}


@pytest.mark.parametrize("data_type", ["struct", "raw"])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_object_as_text(data_type: str, indent: int | None, ensure_ascii: bool) -> None:
    """The JSON text of an object is the object, whatever is in it."""
    text = json.dumps(OBJECT, indent=indent, ensure_ascii=ensure_ascii)
    assert send(declare(data_type), f" {text}\n") == OBJECT
    assert send(declare(data_type), OBJECT) == OBJECT


@pytest.mark.parametrize("data_type", ["array", "raw"])
@pytest.mark.parametrize("value", [[], [1, "a"], [OBJECT]])
def test_list_as_text(data_type: str, value: list[object]) -> None:
    """The JSON text of a list is the list."""
    assert send(declare(data_type), json.dumps(value)) == value
    assert send(declare(data_type), value) == value


@pytest.mark.parametrize("data_type", ["struct", "array", "raw"])
@pytest.mark.parametrize(
    "text",
    [
        '{"day": 1',
        "{'day': True}",
        "{day: 1}",
        '{"day": NaN}',
        "[1e999]",
        "[1, 2",
        "[" * 100_000,
        '{"a":' * 5000,
        '{"day": 1} {"day": 2}',
        '["\\ud800"]',
        "[" + "9" * 5000 + "]",
        "[" * 34 + "]" * 34,
    ],
    ids=lambda text: text[:20],
)
def test_broken_text_of_an_object(data_type: str, text: str) -> None:
    """What begins as an object or a list and is no JSON is refused, not sent as a text."""
    assert refuse(declare(data_type), text).problem is Problem.NOT_JSON


@pytest.mark.parametrize(
    "value", ["", "text", "5", '"{}"', "null", 5, 2.5, True, "[1]", [1]], ids=repr
)
def test_no_object(value: object) -> None:
    """A structure is an object and nothing else."""
    assert refuse(declare("struct"), value).problem is Problem.NOT_AN_OBJECT


@pytest.mark.parametrize("value", ["", "text", "5", 5, False, "{}", {}], ids=repr)
def test_no_list(value: object) -> None:
    """An array is a list and nothing else."""
    assert refuse(declare("array"), value).problem is Problem.NOT_A_LIST


@pytest.mark.parametrize(
    "value", [{"a": [0.1 * 3, 2.0, 1e16]}, '{"a": [3e-1, 2.0, 1e16]}']
)
def test_numbers_inside(value: object) -> None:
    """Numbers inside of a structure are those that were meant, too."""
    found = send(declare("struct"), value)
    assert found == {"a": [0.3, 2, 10**16]}
    assert str(found) == "{'a': [0.3, 2, 10000000000000000]}"


CIRCLE: list[object] = []

CIRCLE.append(CIRCLE)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({1, 2}, id="set"),
        pytest.param(b"bytes", id="bytes"),
        pytest.param(datetime(2019, 1, 1, tzinfo=UTC), id="time"),
        pytest.param({"a": float("nan")}, id="nan"),
        pytest.param([float("inf")], id="infinity"),
        pytest.param({(1, 2): 3}, id="key"),
        pytest.param(["\ud800"], id="half-a-character"),
        pytest.param(CIRCLE, id="circle"),
    ],
)
def test_no_json(value: object) -> None:
    """What is not JSON is refused."""
    assert refuse(declare("raw"), value).problem is Problem.NOT_JSON
