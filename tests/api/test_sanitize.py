"""Secrets are found in whatever form they stand, and nothing else is hidden."""

from collections.abc import Callable, Iterable
import json
from typing import Any

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.tencent_iot_explorer.api.errors import RetryLaterError
from custom_components.tencent_iot_explorer.api.sanitize import Sanitizer
from emulator.echoes import FORMS

FORM = st.sampled_from(list(FORMS.values()))
# Backslashes at the end are those of what follows, if that is escaped.
SECRETS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\\"/%&+ '),
    min_size=3,
    max_size=40,
).filter(
    lambda text: text.strip("\\….") == text and text.upper().lower() == text.lower()
)


def hidden(text: str, *secrets: str, most: int = 512) -> str:
    """Return a text without secrets."""
    return Sanitizer(secrets).text(text, most)


@given(SECRETS, FORM, st.text("ab =:\n", max_size=5))
def test_forms(secret: str, form: Callable[[str], str], around: str) -> None:
    """Nothing is left of a secret in any form."""
    assume("…" not in secret)
    if "upper" in form.__code__.co_names or "lower" in form.__code__.co_names:
        assume(secret.isascii())
    said = hidden(f"{around} {form(secret)} {around}", secret, most=10_000)
    assert form(secret) not in said
    assert secret not in said


@given(st.lists(SECRETS, max_size=4), st.text(max_size=300))
def test_raw(secrets: list[str], text: str) -> None:
    """Whatever stands around secrets and between them, none of them is left as it is."""
    said = hidden("".join((text, *secrets, text)), *secrets, most=10_000)
    for secret in secrets:
        assert secret not in said


@given(st.text(), st.text(min_size=12))
def test_nothing_else(text: str, secret: str) -> None:
    """A text that has nothing to do with a secret stays as it is."""
    letters = "".join(chr(0xE000 + ord(item) % 0x1000) for item in secret)
    assert hidden(text, letters, most=10_000) == text


@pytest.mark.parametrize(
    ("text", "secrets", "expected"),
    [
        ("HTTP 404: code 1, id a1b1-c1", ["1"], "HTTP 404: code …, id a1b1-c1"),
        ("pin=12, 123", ["12"], "pin=…, 123"),
        ("x", [""], "x"),
        ("the pin 0471 is wrong", ["0471"], "the pin … is wrong"),
        ("PIN0471X", ["0471"], "PIN…X"),
        ("abab", ["ab", "abab", "b"], "…"),
        ("key=app-key-27…", ["app-key-271828"], "key=……"),
        ("key=app-key-27", ["app-key-271828"], "key=…"),
        ("wrong app", ["app-key-271828"], "wrong app"),
        (r"HOME\tom-271828", ["tom-271828"], r"HOME\…"),
        ("50%25 of", ["50%25"], "… of"),
        ("\u00ddes \u0130 PASSWORD", ["password"], "\u00ddes \u0130 …"),
    ],
)
def test_text(text: str, secrets: Iterable[str], expected: str) -> None:
    """Short secrets are hidden where they stand alone, others inside of words, too."""
    assert hidden(text, *secrets) == expected


@pytest.mark.parametrize("before", [0, 300, 500, 505, 511, 8170, 8185, 8191])
def test_hidden_before_cut(before: int) -> None:
    """No part of a secret is left where a text is cut."""
    secret = "app-key-2718281828"
    said = hidden("x" * before + secret * 500, secret)
    assert len(said) <= 512
    assert set(said) == set("x" * min(before, 1) + "…")
    said = hidden(secret * 500 + "x" * before, secret)
    assert set(said) <= set("x…")


def test_error() -> None:
    """An error keeps what it means, and loses what it hangs on."""
    err = RetryLaterError("a secret", code="Secret.Code", request_id="my-secret")
    err.retry_after = 7
    err.__cause__ = ValueError("secret")
    cleaned = Sanitizer(["secret"]).error(err, "own")
    assert type(cleaned) is RetryLaterError
    assert str(cleaned) == "….Code: a …"
    assert (cleaned.request_id, cleaned.retry_after) == ("own", 7)
    assert (cleaned.__cause__, cleaned.__context__) == (None, None)


def test_inputs() -> None:
    """The inputs of an action are hidden as a whole, unless there are none."""
    inputs = json.dumps({"times": 3, "text": 'a"b'})
    parts: dict[str, Any] = {"secrets": ["4711"]}
    sanitizer = Sanitizer.of_request("key", values=inputs, **parts)
    assert sanitizer.text(json.dumps({"InputParams": inputs})) == '{"InputParams": "…"}'
    assert Sanitizer.of_request("key", values="{}", **parts).text("{}") == "{}"
