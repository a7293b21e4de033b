"""The signature of pushes and handshakes, and what a handshake gets back."""

import hashlib

from hypothesis import given, strategies as st
from multidict import CIMultiDict
import pytest

from custom_components.tencent_iot_explorer.api.push_signature import (
    handshake_answer,
    is_signed,
)

# Source: Tencent Cloud document 1081/139874.
TOKEN = "aaa"
NOW = 1_604_458_421
HEADERS = {
    "Signature": "c259ed29ec13ba7c649fe0893007401a36e70453",
    "Timestamp": str(NOW),
    "Nonce": "IkOaKMDalrAzUTxC",
}
TEXTS = st.text(max_size=30) | st.text("0123456789", max_size=400)


@pytest.mark.parametrize(
    "headers",
    [
        HEADERS,
        {name.lower(): value for name, value in HEADERS.items()},
        {name.upper(): value for name, value in HEADERS.items()},
        CIMultiDict(HEADERS),
        HEADERS | {"Signature": HEADERS["Signature"].upper()},
    ],
)
def test_documented_vector(headers: dict[str, str]) -> None:
    """The documented example is signed, however its headers are written."""
    assert is_signed(headers, TOKEN, NOW)


@pytest.mark.parametrize("age", [0, 300, -300, 299.9])
def test_age(age: float) -> None:
    """What is five minutes old, or so much ahead, is taken."""
    assert is_signed(HEADERS, TOKEN, NOW + age)


@pytest.mark.parametrize("age", [301, -301, 300.5, 86_400, NOW])
def test_too_old(age: float) -> None:
    """What is older or further ahead may have been recorded."""
    assert not is_signed(HEADERS, TOKEN, NOW + age)


@pytest.mark.parametrize("name", list(HEADERS))
@pytest.mark.parametrize(
    "value",
    [None, "", " ", "0", "é", "\ud800", "１６０４４５８４２１", "9" * 400, "-1"],
)
def test_odd_headers(name: str, value: str | None) -> None:
    """Without one of the headers, or with another value, nothing is signed."""
    headers = {key: item for key, item in HEADERS.items() if key != name}
    if value is not None:
        headers[name] = value
    assert not is_signed(headers, TOKEN, NOW)


def test_without_nonce() -> None:
    """A signature that leaves something out is none."""
    signature = hashlib.sha1(f"{NOW}{TOKEN}".encode(), usedforsecurity=False)
    headers = HEADERS | {"Nonce": "", "Signature": signature.hexdigest()}
    assert not is_signed(headers, TOKEN, NOW)


def test_other_token() -> None:
    """Another Token makes another signature."""
    assert not is_signed(HEADERS, "aab", NOW)


@given(
    st.dictionaries(
        st.sampled_from(("signature", "Timestamp", "NONCE", "timestamp")) | TEXTS,
        TEXTS | st.sampled_from(list(HEADERS.values())),
    ),
    TEXTS,
)
def test_any_headers(headers: dict[str, str], token: str) -> None:
    """Nobody signs by chance, and nothing raises."""
    assert not is_signed(headers, f"{token}unguessable", NOW)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Echostr": "abcXYZ019"}, "abcXYZ019"),
        ({"echostr": "a" * 128}, "a" * 128),
        ({"ECHOSTR": "a" * 129}, None),
        ({"Echostr": ""}, None),
        ({"Echostr": "<script>"}, None),
        ({"Echostr": "a b"}, None),
        ({"Echostr": "abc\n"}, None),
        ({"Echostr": "é"}, None),
        ({"Echostr": "１２"}, None),
        ({}, None),
    ],
)
def test_handshake(headers: dict[str, str], expected: str | None) -> None:
    """What is given back can be nothing but letters and digits."""
    assert handshake_answer(headers) == expected
