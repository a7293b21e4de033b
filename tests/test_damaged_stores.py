"""A start from any file that a person, a disk or another release can leave behind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import errno
import json
import os
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, storage
from homeassistant.setup import async_setup_component
from homeassistant.util.file import WriteError

from .entities import add_product, change_template, press
from .helpers import FEEDER, FIXED_SERVICES, Cloud, make_entry, product, refresh, set_up
from custom_components.tencent_iot_explorer.account.request_counts import (
    RequestCounts,
    request_counts,
)
from custom_components.tencent_iot_explorer.api import EventType
from custom_components.tencent_iot_explorer.api.models import ModelDefinition
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.product.event_store import (
    EVENT_STORE,
    EventStore,
)
from custom_components.tencent_iot_explorer.product.store import (
    TEMPLATE_STORE,
    TemplateStore,
)
from custom_components.tencent_iot_explorer.product.stored_templates import parse_parts
from emulator import Emulator
from emulator.products import action

P = "FEEDER2026"
FEED = f"{P}/feed"
TODAY = "2026-11-25"
HASH = re.compile(r"[0-9a-f]{6}$")
# A name that this release would give to nobody, so that a lost one is noticed.
GIVEN = "feeder2026_give_food"
NAMES = {
    FEED: GIVEN,
    f"{P}/cleanBowl": "feeder2026_clean_bowl",
    f"{P}/setMeal": "feeder2026_set_meal",
}
MISSING = object()
DEEP = json.loads("[" * 300 + "]" * 300)

# What tests otherwise have in memory.
REAL = {
    name: getattr(storage.Store, name)
    for name in ("_async_load", "_async_write_data", "async_remove")
}

type Data = dict[str, Any]


@pytest.fixture(autouse=True)
def _files_are_real(hass: HomeAssistant) -> Iterator[None]:
    """Let Home Assistant read and write its storage on disk."""
    with pytest.MonkeyPatch.context() as patch:
        for name, method in REAL.items():
            patch.setattr(storage.Store, name, method)
        yield


@dataclass(frozen=True, kw_only=True)
class Row:
    """A file, whether its names of services are in it, and how often we say a word.

    Of a file that is no JSON Home Assistant itself says that it is put aside.
    """

    content: bytes | Callable[[Path], None]
    keeps: bool = True
    said: int = 1


def without_missing(value: Data) -> Data:
    """Return an object without what is missing."""
    return {key: item for key, item in value.items() if item is not MISSING}


def document(data: object, **changes: Any) -> bytes:
    """Return a file as Home Assistant keeps it, but for the changes."""
    outer = {"version": 1, "minor_version": 1, "key": DOMAIN, "data": data} | changes
    return json.dumps(without_missing(outer)).encode()


def template(**changes: Any) -> Data:
    """Return a stored data template, but for the changes."""
    model_define = Emulator().products[P].model_define
    stored = {"model_define": model_define, "update_time": 1599468019, "total": 2}
    return without_missing(stored | changes)


def healthy(**changes: Any) -> Data:
    """Return what a healthy file holds, but for the changes."""
    return without_missing(
        {"templates": {P: template()}, "service_names": NAMES} | changes
    )


def outer(said: int = 1, **changes: Any) -> Row:
    """Return a row for a file whose form is another one."""
    return Row(content=document(healthy(), **changes), said=said)


def inner(said: int = 1, **changes: Any) -> Row:
    """Return a row for a file one part of which is another one."""
    return Row(content=document(healthy(**changes)), said=said)


def stored(said: int = 1, **changes: Any) -> Row:
    """Return a row for a file whose stored data template is another one."""
    return inner(said, templates={P: template(**changes)})


def lost(content: bytes | Callable[[Path], None], said: int = 1) -> Row:
    """Return a row for a file in which nothing can be found."""
    return Row(content=content, keeps=False, said=said)


def make_folder(path: Path) -> None:
    """Put a folder in the file's place."""
    path.mkdir()
    (path / "something").write_text("inside")


def link_to_itself(path: Path) -> None:
    """Put a link in the file's place that leads nowhere."""
    path.symlink_to(path.name)


def link_to(target: str) -> Callable[[Path], None]:
    """Return how a link to something else is put in the file's place."""
    return lambda path: path.symlink_to(target)


def make_pipe(path: Path) -> None:
    """Put a pipe in the file's place, which nobody writes to."""
    os.mkfifo(path)


COUNTED = {TODAY: {P: {"Call": {"poll": 7}}}}
# What no file of Home Assistant's storage looks like, whoever keeps what in it.
NO_STORAGE = {
    "list": lost(b"[]"),
    "null": lost(b"null"),
    "number": lost(b"5"),
    "text": lost(b'"text"'),
    "true": lost(b"true"),
    "nothing-inside": lost(b"{}", said=0),
    "version-alone": lost(b'{"version": 1}'),
    "data-null": lost(document(None), said=0),
    "data-list": lost(document([])),
    "data-text": lost(document("x")),
    "data-number": lost(document(0)),
    "empty-file": lost(b"", said=0),
    "half": lost(document(healthy())[:-40], said=0),
    "no-utf-8": lost(b'{"version": 1, "data": "\xff"}', said=0),
    "no-number": lost(b'{"version": 1, "data": NaN}', said=0),
    "deep": lost(b"[" * 5000 + b"]" * 5000, said=0),
    "nothing-but-zeros": lost(bytes(4096), said=0),
    "zeros-at-the-end": lost(document(healthy()) + bytes(512), said=0),
    "byte-order-mark": lost(b"\xef\xbb\xbf" + document(healthy()), said=0),
    "no-unicode": lost(rb'{"version": 1, "data": "\ud800"}', said=0),
    "text-of-a-web-page": lost(b"<html>", said=0),
    "deep-inside": lost(b'{"version": 1, "data": ' + b"[" * 5000, said=0),
    "folder": lost(make_folder),
    "empty-folder": lost(Path.mkdir),
    "pipe": lost(make_pipe),
    "endless": lost(link_to("/dev/zero")),
    "cannot-be-read": lost(link_to("/proc/self/mem")),
    "link-to-nothing": lost(link_to("nothing"), said=0),
    "link-to-itself": lost(link_to_itself),
}
VERSIONS: dict[str, tuple[int, Data]] = {
    "newer-minor": (0, {"minor_version": 7}),
    "older-minor": (0, {"minor_version": 0}),
    "minor-missing": (0, {"minor_version": MISSING}),
    "minor-text": (0, {"minor_version": "x"}),
    "minor-null": (0, {"minor_version": None}),
    "newer": (1, {"version": 2}),
    "much-newer": (1, {"version": 99, "minor_version": 5}),
    "version-endless": (1, {"version": 2**64 - 1}),
    "version-beyond-64-bits": (1, {"version": 10**300}),
    "newer-in-both": (1, {"version": 2, "minor_version": "x"}),
    "version-0": (1, {"version": 0}),
    "version-negative": (1, {"version": -1}),
    "version-fraction": (1, {"version": 1.5}),
    "version-text": (1, {"version": "1"}),
    "version-null": (1, {"version": None}),
    "version-list": (1, {"version": [1]}),
    "version-missing": (1, {"version": MISSING}),
    "key-missing": (0, {"key": MISSING}),
    "key-of-another": (0, {"key": "core.config_entries"}),
    "key-null": (0, {"key": None}),
    "more-around": (0, {"more": [1]}),
}
TEMPLATES = {
    "healthy": inner(said=0),
    "without-data": Row(content=json.dumps({"version": 1, **healthy()}).encode()),
    "data-alone": Row(content=json.dumps(healthy()).encode()),
    "data-empty": lost(document({})),
    "templates-missing": inner(templates=MISSING),
    "templates-null": inner(templates=None),
    "templates-list": inner(templates=[]),
    "template-null": inner(templates={P: None}),
    "template-list": inner(templates={P: []}),
    "template-empty": inner(templates={P: {}}),
    "text-number": stored(model_define=5),
    "text-missing": stored(model_define=MISSING),
    "text-broken": stored(model_define='{"actions":'),
    "text-list": stored(model_define="[]"),
    "time-fraction": stored(update_time=1.5),
    "time-text": stored(update_time="1"),
    "time-true": stored(update_time=True),
    "time-null": stored(update_time=None),
    "time-list": stored(update_time=[1]),
    "time-negative": stored(said=0, update_time=-1),
    "time-huge": stored(said=0, update_time=2**64 - 1),
    "time-beyond-64-bits": stored(update_time=10**300),
    "time-missing": stored(update_time=MISSING),
    "total-text": stored(total="x"),
    "total-null": stored(total=None),
    "total-negative": stored(total=-1),
    "total-true": stored(total=True),
    "gone-number": stored(gone=5),
    "gone-broken": stored(gone="[[["),
    "gone-list": stored(gone=[]),
    "more-in-a-template": stored(said=0, more={"a": [1]}),
    "more": inner(said=0, more={"a": [1]}),
    "more-too-deep": inner(more=DEEP),
    "more-too-deep-in-a-template": stored(more=DEEP),
    "removed-product": inner(said=0, templates={P: template(), "OTHER": template()}),
    "names-missing": lost(document(healthy(service_names=MISSING))),
    "names-null": lost(document(healthy(service_names=None))),
    "names-list": lost(document(healthy(service_names=[]))),
    "more-in-the-names": inner(said=0, service_names={**NAMES, "more": [1], "x": None}),
    "more-too-deep-in-the-names": inner(service_names={**NAMES, "more": DEEP}),
    "key-without-product": inner(service_names={**NAMES, "feed": "feeder2026_feed"}),
    **{
        f"name-{number}": inner(service_names={**NAMES, f"{P}/setMeal": name})
        for number, name in enumerate(
            (
                *(None, 5, "", [], {}, "call_action", "get_action_reference"),
                *("get_properties", "set_properties"),
                *("reload/", "../x", "a.b", "a-b", "a b", " a", "a\n", "\0", True, 1.5),
                *(
                    "Feeder2026_set_meal",
                    "ＡＢＣ",
                    "é",
                    "_",
                    "x" * 44,
                    ["a"],
                    {"a": "b"},
                ),
                *("a b/../c", "Capital", "_outer", "dou__ble", "喂食", "x" * 99),
            )
        )
    },
}


# What is known of events, and one of them.
KNOWN: Data = {"since": 1795636800000, "seen": {"0a1b2c3d4e5f607182": 1795636800001}}


def known(**changes: Any) -> Data:
    """Return what is known of the events of a device, by type."""
    return {P: {"kitchen-feeder": {"info": KNOWN} | changes}}


def our_warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what this integration complains of."""
    return [
        record.getMessage()
        for record in caplog.records
        if DOMAIN in record.name and record.levelname in ("WARNING", "ERROR")
    ]


def put(
    hass: HomeAssistant, name: str, content: bytes | Callable[[Path], None]
) -> Path:
    """Put a file where Home Assistant keeps it."""
    path = Path(hass.config.path(".storage", name))
    path.parent.mkdir(exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
    return path


def names_of(hass: HomeAssistant, product_id: str, *action_ids: str) -> list[str]:
    """Return the names of the services of actions, which are all there are."""
    store = hass.data[TEMPLATE_STORE]
    names = [store.service_name(product_id, item) for item in action_ids]
    services = hass.services.async_services_for_domain(DOMAIN).keys()
    assert services == FIXED_SERVICES | {*names}
    assert len(set(names)) == len(names)
    return names


async def assert_works(hass: HomeAssistant, cloud: Cloud) -> str:
    """Insist that buttons and services do what they say, and return the name of one."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    await press(hass, f"{P}/kitchen-feeder/feed")
    feed, clean, _ = names_of(hass, P, "feed", "cleanBowl", "setMeal")
    for name in (feed, clean):
        call = {"device_id": f"{P}/kitchen-feeder"}
        await hass.services.async_call(DOMAIN, name, call, blocking=True)
    assert [item for _, item, _ in cloud.executed] == ["feed", "feed", "cleanBowl"]
    return feed


@pytest.mark.parametrize("row", TEMPLATES.values(), ids=TEMPLATES)
async def test_templates(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture, row: Row
) -> None:
    """Whatever the file of data templates holds, all works, and it is said once."""
    path = put(hass, DOMAIN, row.content)
    await set_up(hass, cloud, FEEDER)
    assert len(our_warnings(caplog)) == row.said
    assert len(list(path.parent.glob(f"{DOMAIN}.unreadable.*"))) == row.said
    name = await assert_works(hass, cloud)
    assert name == (GIVEN if row.keeps else "feeder2026_feed")
    if not row.said and row.keeps:
        return
    # What is written next is healthy again.
    written = json.loads(path.read_bytes())
    assert (written["version"], written["minor_version"]) == (1, 1)
    assert written["data"]["service_names"][FEED] == name
    assert not parse_parts(written["data"]).damage


@pytest.mark.parametrize("name", [*NO_STORAGE, *VERSIONS])
async def test_all_files(
    hass: HomeAssistant,
    cloud: Cloud,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
    name: str,
) -> None:
    """Whatever form the files have, all works, and each is said once."""
    freezer.move_to(f"{TODAY} 20:00:00+00:00")
    said, changes = VERSIONS.get(name, (0, {}))
    row = NO_STORAGE.get(name) or outer(said, **changes)
    path = put(hass, DOMAIN, row.content)
    put(
        hass,
        f"{DOMAIN}.calls",
        NO_STORAGE[name].content
        if name in NO_STORAGE
        else document(COUNTED, **changes),
    )
    put(
        hass,
        f"{DOMAIN}.events",
        NO_STORAGE[name].content
        if name in NO_STORAGE
        else document({P: {"kitchen-feeder": {"info": KNOWN}}}, **changes),
    )
    await set_up(hass, cloud, FEEDER)
    assert len(our_warnings(caplog)) == 3 * row.said
    assert len(list(path.parent.glob("*.unreadable.*"))) == 3 * row.said
    memory = hass.data[EVENT_STORE].memory(P, "kitchen-feeder", EventType.INFO)
    assert (memory is not None) is row.keeps
    found = await assert_works(hass, cloud)
    assert found == (GIVEN if row.keeps else "feeder2026_feed")
    sent = len(cloud.emulator.journal)
    assert request_counts(hass).today == sent + (7 if row.keeps else 0)


COUNTS = {
    "data-empty": lost(document({}), said=0),
    "more": Row(content=document({**COUNTED, "more": [1]}), said=0),
    "more-too-deep": Row(content=document({**COUNTED, "more": DEEP})),
    "day-null": Row(content=document({**COUNTED, "2026-11-01": None})),
    "day-number": Row(content=document({**COUNTED, "2026-11-01": 5})),
    **{
        f"count-{number}": Row(
            content=document({TODAY: {P: {"Call": {"poll": 7, "button": count}}}})
        )
        for number, count in enumerate((None, "x", 1.5, True, -1, [], {}, 2**63))
    },
    "call-list": Row(
        content=document({TODAY: {P: {"Call": {"poll": 7}, "Other": []}}})
    ),
    "product-text": Row(
        content=document({TODAY: {P: {"Call": {"poll": 7}}, "X": "x"}})
    ),
}


@pytest.mark.parametrize("row", COUNTS.values(), ids=COUNTS)
async def test_counts(
    hass: HomeAssistant,
    cloud: Cloud,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
    row: Row,
) -> None:
    """Whatever the file of counts holds, all works, and what can be is counted on."""
    freezer.move_to(f"{TODAY} 20:00:00+00:00")
    path = put(hass, f"{DOMAIN}.calls", row.content)
    await set_up(hass, cloud, FEEDER)
    assert len(our_warnings(caplog)) == row.said
    assert len(list(path.parent.glob(f"{DOMAIN}.calls.unreadable.*"))) == row.said
    await assert_works(hass, cloud)
    sent = len(cloud.emulator.journal)
    assert request_counts(hass).today == sent + (7 if row.keeps else 0)


EVENTS = {
    "empty": Row(content=document({}), keeps=False, said=0),
    "healthy": Row(content=document(known()), said=0),
    "product-null": Row(content=document(known() | {"X": None})),
    "product-list": Row(content=document({P: []}), keeps=False),
    "device-text": Row(content=document({P: {**known()[P], "x": "x"}})),
    "type-list": Row(content=document(known(alert=[]))),
    "type-of-a-newer-release": Row(content=document(known(other=KNOWN)), said=0),
    "more": Row(content=document(known(info={**KNOWN, "more": [1]})), said=0),
    "nothing-known": Row(content=document(known(info={})), keeps=False),
    "since-missing": Row(content=document(known(info={"seen": {}})), keeps=False),
    "seen-missing": Row(content=document(known(info={"since": 1})), keeps=False),
    "seen-list": Row(content=document(known(info={**KNOWN, "seen": []})), keeps=False),
    **{
        f"time-{number}": Row(
            content=document(known(info={**KNOWN, **part})), keeps=False
        )
        for number, part in enumerate(
            part
            for value in (None, "1", 1.5, True, -1, [], 2**53, 10**300)
            for part in ({"since": value}, {"seen": {"0a": value}})
        )
    },
}


@pytest.mark.parametrize("row", EVENTS.values(), ids=EVENTS)
async def test_events(
    hass: HomeAssistant,
    cloud: Cloud,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
    row: Row,
) -> None:
    """Whatever the file of events holds, what is lost of it is read as if for the first time."""
    freezer.move_to(f"{TODAY} 20:00:00+00:00")
    path = put(hass, f"{DOMAIN}.events", row.content)
    await set_up(hass, cloud, FEEDER)
    assert len(our_warnings(caplog)) == row.said
    assert len(list(path.parent.glob(f"{DOMAIN}.events.unreadable.*"))) == row.said
    memory = hass.data[EVENT_STORE].memory(P, "kitchen-feeder", EventType.INFO)
    assert (memory is not None) is row.keeps
    if memory is not None:
        assert (memory.since, memory.seen) == (KNOWN["since"], KNOWN["seen"])
    if row.said:
        again = EventStore(hass)
        await again.async_load()
        assert len(our_warnings(caplog)) == row.said
    await assert_works(hass, cloud)


@pytest.mark.parametrize("name", [DOMAIN, f"{DOMAIN}.calls", f"{DOMAIN}.events"])
@pytest.mark.parametrize("content", [b"[]", b"{", make_folder, document([])])
async def test_disk_that_cannot_be_written(
    hass: HomeAssistant,
    cloud: Cloud,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes | Callable[[Path], None],
) -> None:
    """A file that cannot even be put aside is left, and said once."""

    def refuse(*args: object, **kwargs: object) -> None:
        """Change nothing."""
        raise OSError(errno.EROFS, "Read-only file system")

    def refuse_to_write(*args: object, **kwargs: object) -> None:
        """Change nothing, as Home Assistant says it."""
        raise WriteError(errno.EROFS, "Read-only file system")

    path = put(hass, name, content)
    for function in ("rename", "replace", "unlink", "remove"):
        monkeypatch.setattr(storage.os, function, refuse)
    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(storage, "write_utf8_file_atomic", refuse_to_write)
    entry = await set_up(hass, cloud, FEEDER)
    (warning,) = our_warnings(caplog)
    assert "not be put aside" in warning
    await assert_works(hass, cloud)
    change_template(cloud, P, action("feed", "Feed"), action("more", "More"))
    await refresh(hass)
    assert hass.services.has_service(DOMAIN, f"{P.lower()}_more")
    # Nor does Home Assistant complain each time that something is to be written.
    assert our_warnings(caplog) == [warning]
    assert f"Error writing config for {name}:" not in caplog.text
    await hass.config_entries.async_remove(entry.entry_id)
    assert "Error calling entry remove callback" not in caplog.text
    assert path.exists()


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("function", ["makedirs", "write_utf8_file_atomic"])
async def test_new_file_that_cannot_be_written(
    hass: HomeAssistant,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    number: int,
) -> None:
    """Whatever the disk refuses, and each time, all works until the next start."""

    def refuse(*args: object, **kwargs: object) -> None:
        """Write nothing."""
        raise OSError(number, os.strerror(number))

    # Home Assistant itself does not listen without a disk.
    assert await async_setup_component(hass, "webhook", {})
    owner = storage if function == "write_utf8_file_atomic" else storage.os
    monkeypatch.setattr(owner, function, refuse)
    await set_up(hass, cloud, FEEDER)
    assert await assert_works(hass, cloud) == "feeder2026_feed"
    change_template(cloud, P, action("feed", "Feed"), action("more", "More"))
    await refresh(hass)
    assert hass.services.has_service(DOMAIN, f"{P.lower()}_more")
    assert not Path(hass.config.path(".storage", DOMAIN)).exists()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(
            {"P/unlock_door": "p_unlock_door"},
            ["p_unlock_door", "p_unlock_door_HASH"],
            id="one-came-later",
        ),
        pytest.param(
            {"P/unlock_door": "p_open", "P/Unlock_Door": "p_unlock_door"},
            ["p_open", "p_unlock_door"],
            id="both-given",
        ),
        pytest.param(
            {"P/unlock_door": None},
            ["p_unlock_door", "p_unlock_door_HASH"],
            id="lost-before-new",
        ),
        pytest.param(
            {"P/unlock_door": "p_x", "P/Unlock_Door": "p_x"},
            ["p_unlock_door_HASH", "p_unlock_door_HASH"],
            id="a-name-of-two",
        ),
        pytest.param(
            {"P/unlock_door": "p_unlock_door", "P/Unlock_Door": "p_unlock_door"},
            ["p_unlock_door_HASH", "p_unlock_door_HASH"],
            id="made-for-both",
        ),
        pytest.param(
            {"P/unlock_door": None, "P/Unlock_Door": ""},
            ["p_unlock_door_HASH", "p_unlock_door_HASH"],
            id="both-lost",
        ),
        pytest.param(
            {"P/unlock_door": "", "P/Unlock_Door": "p_unlock_door_0f0f0f"},
            ["p_unlock_door", "p_unlock_door_HASH"],
            id="one-lost",
        ),
        pytest.param(
            {"P/unlock_door": 5, "P/gone/unlock-door": "call_action"},
            ["p_unlock_door", "p_unlock_door_HASH"],
            id="lost-beside-one-of-another-kind",
        ),
        pytest.param(
            {"P/unlock_door": 5, "P/unlock__door": "", "P/Unlock_Door": "p_x"},
            ["p_unlock_door_HASH", "p_x"],
            id="lost-beside-one-that-is-gone",
        ),
        pytest.param(
            [],
            ["p_unlock_door_HASH", "p_unlock_door_HASH"],
            id="no-names",
        ),
        pytest.param(
            {"P/unlock_door": "p_unlock_door", "P/other": "p_unlock_door"},
            ["p_unlock_door", "p_unlock_door_HASH"],
            id="made-for-one",
        ),
        pytest.param(
            {"/p_unlock_door": "p_unlock_door"},
            ["p_unlock_door_HASH", "p_unlock_door_HASH"],
            id="nobody-may-have-it",
        ),
    ],
)
@pytest.mark.parametrize("damage", [{"more": 1}, {"update_time": 1.5}])
async def test_names_never_pass(
    hass: HomeAssistant,
    cloud: Cloud,
    names: object,
    expected: list[str],
    damage: Data,
) -> None:
    """A name that an action has, or had, is never that of another one."""
    add_product(
        cloud, "P", action("unlock_door", "Lock"), action("Unlock_Door", "Door")
    )
    changes = {"model_define": cloud.emulator.products["P"].model_define} | damage
    data = {"templates": {"P": template(**changes)}, "service_names": names}
    put(hass, DOMAIN, document(data))
    entry = await set_up(hass, cloud, product("P", ["device-1"]))
    found = names_of(hass, "P", "unlock_door", "Unlock_Door")
    assert [HASH.sub("HASH", name) for name in found] == expected
    for name, action_id in zip(found, ("unlock_door", "Unlock_Door"), strict=True):
        call = {"device_id": "P/device-1"}
        await hass.services.async_call(DOMAIN, name, call, blocking=True)
        assert cloud.executed[-1][1] == action_id
    # And so it stays.
    await hass.data[TEMPLATE_STORE].async_keep_only([])
    again = TemplateStore(hass)
    await again.async_load()
    assert [
        again.service_name("P", item) for item in ("unlock_door", "Unlock_Door")
    ] == (found)
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("content", "removed"),
    [
        pytest.param(None, False, id="missing"),
        pytest.param(None, True, id="missing-and-buttons-removed"),
        pytest.param(b"{", False, id="half"),
        pytest.param(b"[]", False, id="list"),
        pytest.param(
            document({"templates": {}, "service_names": {}}), False, id="empty"
        ),
    ],
)
@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (["unlock_door"], ["p_unlock_door", "p_unlock_door_HASH"]),
        (["Unlock_Door"], ["p_unlock_door_HASH", "p_unlock_door"]),
        (["unlock_door", "Unlock_Door"], ["p_unlock_door_HASH"] * 2),
        # An action that the product has lost since.
        (["unlock-door", "Unlock_Door"], ["p_unlock_door_HASH"] * 2),
        (["reset"], ["p_unlock_door_HASH", "p_unlock_door"]),
    ],
)
async def test_names_never_pass_without_a_file(
    hass: HomeAssistant,
    cloud: Cloud,
    content: bytes | None,
    removed: bool,
    known: list[str],
    expected: list[str],
) -> None:
    """Where all names are lost, a name that several had in turn is nobody's."""
    add_product(
        cloud, "P", action("unlock_door", "Lock"), action("Unlock_Door", "Door")
    )
    entry = make_entry(cloud, product("P", ["device-1"]))
    entry.add_to_hass(hass)
    registry = er.async_get(hass)
    for action_id in known:
        entity = registry.async_get_or_create(
            "button", DOMAIN, f"P/device-1/{action_id}", config_entry=entry
        )
        if removed:
            registry.async_remove(entity.entity_id)
    if content is not None:
        put(hass, DOMAIN, content)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    found = names_of(hass, "P", "unlock_door", "Unlock_Door")
    assert [HASH.sub("HASH", name) for name in found] == expected
    for name, action_id in zip(found, ("unlock_door", "Unlock_Door"), strict=True):
        call = {"device_id": "P/device-1"}
        await hass.services.async_call(DOMAIN, name, call, blocking=True)
        assert cloud.executed[-1][1] == action_id


async def test_what_a_bad_template_stood_beside(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """What is known of a product beside its data template outlasts that."""
    gone = json.dumps({"actions": [action("oldFeed", "Old feed")]})
    bad = template(model_define="{", gone=gone, total=7, more=[1])
    names = {**NAMES, f"{P}/oldFeed": "feeder2026_old_feed"}
    path = put(hass, DOMAIN, document(healthy(templates={P: bad}, service_names=names)))
    store = TemplateStore(hass)
    await store.async_load()
    assert P not in store.templates
    assert store.total(P) == 7
    # The next start finds no damage any more, with or without the cloud.
    store = TemplateStore(hass)
    await store.async_load()
    await store.async_keep_only([P])
    assert store.total(P) == 7
    await store.async_update(P, ModelDefinition(model_define="{}", update_time=1))
    assert list(store.gone(P).actions) == ["oldFeed"]
    assert store.service_name(P, "oldFeed") == "feeder2026_old_feed"
    assert json.loads(path.read_bytes())["data"]["templates"][P]["more"] == [1]
    assert len(list(path.parent.glob(f"{DOMAIN}.unreadable.*"))) == 1
    put(hass, DOMAIN, document(healthy(templates={P: bad})))
    store = TemplateStore(hass)
    await store.async_load()
    await store.async_keep_only([])
    assert store.total(P) is None


async def test_one_product_of_two(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is wrong with one product's part does nothing to another's."""
    other = template(model_define=json.dumps({"actions": [action("on", "On")]}))
    for bad in ({}, [], None, 5, "x", template(model_define="{"), template(gone=5)):
        data = healthy(templates={"BAD": bad, "GOOD": other}, service_names={})
        put(hass, DOMAIN, document(data))
        store = TemplateStore(hass)
        await store.async_load()
        assert store.templates["GOOD"].actions.keys() == {"on"}
        assert store.service_name("GOOD", "on") == "good_on"


async def test_few_are_put_aside(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """However often a file is damaged, the newest few of those are kept."""
    for number in range(12):
        path = put(hass, DOMAIN, json.dumps([number]).encode())
        freezer.tick(1)
        await TemplateStore(hass).async_load()
    aside = sorted(path.parent.glob(f"{DOMAIN}.unreadable.*"))
    assert [item.read_text() for item in aside] == ["[7]", "[8]", "[9]", "[10]", "[11]"]


async def test_what_newer_releases_write(hass: HomeAssistant) -> None:
    """What is not understood is kept in both files, also when a template changes."""
    names = {**NAMES, "more": [3]}
    data = healthy(more=1, templates={P: template(more=2)}, service_names=names)
    path = put(hass, DOMAIN, document(data))
    store = TemplateStore(hass)
    await store.async_load()
    await store.async_update(P, ModelDefinition(model_define="{}", update_time=1))
    written = json.loads(path.read_bytes())["data"]
    assert written["more"] == 1
    assert written["service_names"]["more"] == [3]
    assert written["templates"][P]["more"] == 2
    assert written["templates"][P]["update_time"] == 1
    assert list(store.gone(P).actions) == ["feed", "cleanBowl", "setMeal"]

    path = put(hass, f"{DOMAIN}.calls", document({**COUNTED, "more": 1}, version=2))
    await RequestCounts(hass).async_load()
    assert json.loads(path.read_bytes())["data"] == {**COUNTED, "more": 1}
