"""Which missing devices may go by themselves, and which a person is asked about."""

from collections.abc import Iterable, Sequence

from hypothesis import given, strategies as st
import pytest

from custom_components.tencent_iot_explorer.product.device_watch import DeviceWatch


def watch(known: Iterable[str]) -> DeviceWatch:
    """Return the devices of a product that is followed as a whole."""
    return DeviceWatch(known, follows_all=True)


def read(watch: DeviceWatch, *readings: str) -> None:
    """Take in complete readings, each a text of the names, one letter each."""
    for listed in readings:
        watch.compare(listed, is_complete=True)


def verdict(watch: DeviceWatch) -> str:
    """Return what is to be done about the devices that are gone."""
    if watch.gone_in_numbers:
        return "ask"
    return f"remove {''.join(sorted(watch.gone_singly))}".strip()


@pytest.mark.parametrize(
    ("known", "readings", "expected"),
    [
        ("abcd", ["abcd", "bcd"], "remove"),
        ("abcd", ["abcd", "bcd", "bcd"], "remove a"),
        ("abcd", ["", ""], "ask"),
        ("a", ["", ""], "ask"),
        # Newcomers in the same list, between, and again and again.
        ("abcd", ["n", "n"], "ask"),
        ("abcd", ["", "n"], "ask"),
        ("abcd", ["nopqrstuvw", "nopqrstuvw"], "ask"),
        ("abcd", ["n", "no", "nop", "nopq"], "ask"),
        # One after the other, and all that are left at last.
        ("abcd", ["bcd", "cd"], "remove"),
        ("abcd", ["bcd", "cd", "d", "", ""], "ask"),
        ("abcd", ["bcd", "cd", "cd"], "remove ab"),
        ("abcd", ["bcd", "cdn", "dn", "n", "n"], "ask"),
        # Those that come back do not let the others go.
        ("abcd", ["", "", "a", "a", "a"], "ask"),
        ("abcd", ["", "a"], "ask"),
        ("abcd", ["", "", "abc", "abc"], "ask"),
        ("abcd", ["", "", "abcd", "abc", "abc"], "remove d"),
        # Now and then is not gone.
        ("abcd", ["bcd", "abcd", "bcd", "abcd"], "remove"),
        ("abcd", ["bcd", "acd", "bcd", "acd"], "remove"),
    ],
)
def test_verdict(known: str, readings: list[str], expected: str) -> None:
    """What is to be done after some readings."""
    devices = watch(known)
    read(devices, *readings)
    assert verdict(devices) == expected


@pytest.mark.parametrize(
    ("known", "gone", "expected"),
    [(20, 5, "remove"), (20, 6, "ask"), (24, 6, "remove"), (6, 5, "remove")],
)
@pytest.mark.parametrize("newcomers", [0, 100])
def test_numbers(known: int, gone: int, newcomers: int, expected: str) -> None:
    """More than five and more than a quarter of those known before are many."""
    names = [f"old-{index}" for index in range(known)]
    devices = watch(names)
    listed = names[gone:] + [f"new-{index}" for index in range(newcomers)]
    for _ in range(2):
        devices.compare(listed, is_complete=True)
    assert verdict(devices).startswith(expected)


def test_single_ones_add_up() -> None:
    """Those that went a moment ago count together with those that follow."""
    names = [f"lamp-{index}" for index in range(8)]
    devices = watch(names)
    asked_after = None
    for index in range(8):
        for _ in range(2):
            devices.compare(names[index + 1 :], is_complete=True)
        if verdict(devices) == "ask":
            asked_after = asked_after or index + 1
        devices.forget(devices.gone_singly)
    assert asked_after == 6


def test_incomplete_readings_prove_nothing() -> None:
    """In a list that is not complete, only those that are there mean something."""
    devices = watch("abcd")
    for _ in range(5):
        assert not devices.compare("", is_complete=False)
    assert devices.gone == ()
    read(devices, "", "")
    assert devices.compare("ab", is_complete=False)
    assert devices.gone == ("c", "d")
    assert verdict(devices) == "ask"


def test_first_reading() -> None:
    """Where none was known, none is missing, and later readings count from there."""
    devices = watch("")
    read(devices, "abcd", "n", "n")
    assert verdict(devices) == "ask"
    devices = watch("")
    read(devices, "", "", "abcd", "bcd", "bcd")
    assert verdict(devices) == "remove a"


def test_doubt_stays() -> None:
    """A doubt of before stays until a reading misses none."""
    devices = watch("abcdefghij")
    devices.doubt()
    read(devices, "bcdefghij", "bcdefghij")
    assert verdict(devices) == "ask"
    assert devices.compare("abcdefghij", is_complete=True)
    read(devices, "bcdefghij", "bcdefghij")
    assert verdict(devices) == "remove a"


def test_picked_ones_only() -> None:
    """Of a product whose devices are picked, others are none of them."""
    devices = DeviceWatch("ab", follows_all=False)
    read(devices, "abc", "c", "c")
    assert list(devices.names) == ["a", "b"]
    assert devices.gone == ("a", "b")


@given(
    known=st.sets(st.sampled_from("abcdefgh"), min_size=1),
    readings=st.lists(st.sets(st.sampled_from("abcdefghnopqr")), max_size=12),
)
def test_whatever_comes(known: set[str], readings: Sequence[set[str]]) -> None:
    """The last devices never go unasked, and what others follow is always reported."""
    devices = watch(sorted(known))
    missing_since: set[str] | None = None
    removed: set[str] = set()
    for listed in readings:
        before = (tuple(devices.names), devices.gone, verdict(devices))
        here = set(devices.names)
        is_reported = devices.compare(listed, is_complete=True)
        after = (tuple(devices.names), devices.gone, verdict(devices))
        assert is_reported or before == after
        if here <= listed:
            missing_since, removed = None, set()
        elif missing_since is None:
            missing_since = here
        going = set(devices.gone_singly)
        removed |= going
        assert missing_since is None or not missing_since <= removed
        devices.forget(going)
