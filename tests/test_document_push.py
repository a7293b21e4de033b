"""The page about pushes: its numbers follow from the paces that the code reads at."""

import re

import pytest

from .documents import Documents, each_language, rows, section
from .test_document_words import words
from custom_components.tencent_iot_explorer.reports import event_reader
from custom_components.tencent_iot_explorer.reports.schedule import Schedule, Wanted

HOUR = 3600
# One list of devices each minute has so many of them, as the page about devices says.
PAGE = 100


@each_language
def test_words(documents: Documents) -> None:
    """The dialogs are called as they call themselves."""
    text = " ".join(documents.page("push").prose.split())
    steps = words(documents, "options", "step")
    assert steps["account"]["title"] == steps["application"]["title"]
    assert f"*{steps['account']['title']}*" in text
    for shown in steps["init"]["menu_options"].values():
        assert f"*{shown}*" in text
    for shown in words(documents, "system_health", "info").values():
        assert ("push" in shown.lower() or "推送" in shown) is (f"*{shown}*" in text)


def readings(schedule: Schedule[int], devices: int, *, is_pushed: bool) -> int:
    """Return how often devices that report nothing are read in their third hour."""
    wanted = Wanted(is_online=True, is_pushed=is_pushed)
    schedule.update(dict.fromkeys(range(devices), wanted), 0)
    count = 0
    while (now := schedule.next_at) < 3 * HOUR:
        device = schedule.take(now)
        assert device is not None
        schedule.note_read(device, 1, now)
        count += now >= 2 * HOUR
    return count


def requests_per_hour(devices: int, *, is_pushed: bool) -> int:
    """Return what properties and events of one type cost, with lists and data template."""
    properties = Schedule[int]()
    events = Schedule[int](
        interval=event_reader.INTERVAL,
        per_second=event_reader.PER_SECOND,
        slows_down=False,
    )
    return (
        60 * -(-devices // PAGE)
        + 1
        + readings(properties, devices, is_pushed=is_pushed)
        + readings(events, devices, is_pushed=is_pushed)
    )


def number(cell: str) -> int:
    """Return the number in a cell."""
    return int(re.sub(r"\D", "", cell))


@each_language
@pytest.mark.parametrize("row", range(4))
def test_requests(documents: Documents, row: int) -> None:
    """Each row of the table counts what is read in an hour in which nothing happens."""
    table = rows(section(documents, "Requests with pushes"))
    assert [number(cells[0]) for cells in table] == [1, 10, 100, 1000]
    devices, polled, pushed = (number(cell) for cell in table[row])
    assert requests_per_hour(devices, is_pushed=False) == polled
    assert requests_per_hour(devices, is_pushed=True) == pushed
    assert 60 * -(-devices // PAGE) + 1 + 8 * devices == pushed


@each_language
def test_same_numbers(documents: Documents) -> None:
    """The numbers for a hundred devices are those of the table wherever they stand."""
    table = rows(section(documents, "Requests with pushes"))
    _, polled, pushed = next(cells for cells in table if cells[0] == "100")
    assert [polled, pushed] == rows(section(documents, "What pushes bring"))[-1][1:]
    text = section(documents, "Ask less")
    assert polled in text
    assert pushed in text
