"""Texts, times and JSON: what is accepted, what is sent for it, and what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from custom_components.tencent_iot_explorer.api.values import Problem, TimeSettings
from tests.api.helpers import MILLISECONDS, SECONDS, declare, refuse, send


@pytest.mark.parametrize(
    ("limits", "accepted", "refused"),
    [
        pytest.param({}, ["a", " ", "unknown", "好" * 5000], [""], id="no-limits"),
        pytest.param({"minimum": 0}, ["", "a"], [], id="empty-is-allowed"),
        pytest.param({"minimum": 1}, ["a"], [""], id="minimum-1"),
        pytest.param(
            {"minimum": 2, "maximum": 3}, ["ab", "abc"], ["a", "abcd"], id="both"
        ),
        pytest.param({"maximum": 2}, ["好的"], ["好的吧", ""], id="maximum"),
        pytest.param({"minimum": 1.5}, ["ab"], ["a"], id="fraction"),
        pytest.param({"maximum": 2}, ["🐈"], ["🐈a"], id="utf-16-units"),
    ],
)
def test_text(
    limits: dict[str, float], accepted: list[str], refused: list[str]
) -> None:
    """A text is sent untouched; an empty one only where the template says so."""
    parameter = declare("string", **limits)
    for value in accepted:
        assert send(parameter, value) == value
    for value in refused:
        assert refuse(parameter, value).problem is Problem.WRONG_LENGTH


@pytest.mark.parametrize("value", [5, 5.0, True, [], {}, b"text", "\ud800"], ids=repr)
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
