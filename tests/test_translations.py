"""Every word that a person reads: complete, and with the same placeholders everywhere."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
import string
from typing import Any

import pytest

from .api.helpers import all_error_classes
from .chinese import half_width, services
from custom_components.tencent_iot_explorer import errors
from custom_components.tencent_iot_explorer.api.data_template import (
    LengthForm,
    Problem,
    Text,
)
from custom_components.tencent_iot_explorer.api.errors import (
    CannotConnectError,
    FateUnknownError,
    OperationDeniedError,
    TencentIotError,
    TooLateError,
    UnknownCodeError,
)
from custom_components.tencent_iot_explorer.flows import form_error

INTEGRATION = Path(errors.__file__).parent
# The cloud's package raises errors of its own, which are translated above it.
SOURCES = [
    path
    for path in sorted(INTEGRATION.rglob("*.py"))
    if path.relative_to(INTEGRATION).parts[0] != "api"
]
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def load(language: str) -> dict[str, Any]:
    """Return the words of a language."""
    text = (INTEGRATION / "translations" / f"{language}.json").read_text()
    return dict(json.loads(text))


def flatten(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text with its key."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield from flatten(item, f"{path}{key}.")
        else:
            yield f"{path}{key}", item


def placeholders(text: str) -> set[str]:
    """Return the placeholders of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_same_keys_and_placeholders(language: str) -> None:
    """A language has the texts of English, with the same placeholders."""
    english, other = dict(flatten(load("en"))), dict(flatten(load(language)))
    assert other.keys() == english.keys()
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_form(language: str) -> None:
    """Texts have no mark-up of other kinds, no stray space and no quoted placeholder."""
    for key, text in flatten(load(language)):
        assert text == text.strip(), key
        assert text, key
        assert not re.search(r"<[a-zA-Z/]", text), key
        assert not re.search(r"'\{\w+\}'", text), key
        assert "http" not in re.sub(
            "https address|http only|https (地址|位址)|用 http", "", text
        ), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_bold_ends(language: str) -> None:
    """What is bold ends where it should: beside a letter, not behind a full stop.

    Source: CommonMark 0.31, rules for right-flanking delimiters.
    """
    for key, text in flatten(load(language)):
        for bold, after in re.findall(r"\*\*([^*]+)\*\*(.?)", text):
            assert bold[-1].isalnum() or not after.isalnum(), key


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_chinese_punctuation(language: str) -> None:
    """Punctuation between Chinese words is Chinese, and quotation marks are of the place."""
    foreign = "「」『』" if language == "zh-Hans" else "“”‘’"
    for key, text in flatten(load(language)):
        assert half_width(text) == [], key
        assert not set(foreign) & set(text), key


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_actions_of_home_assistant(language: str) -> None:
    """What Home Assistant calls 动作, in traditional Chinese 操作, is called so."""
    for key, text in flatten(load(language)):
        assert services(text) == [], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles(language: str) -> None:
    """Names are plain in a title, which is no Markdown, and escaped in all other texts."""
    words = load(language)
    replace = words["config_subentries"]["product"]["step"]["replace"]
    texts = dict(flatten({"issues": words["issues"], "replace": replace}))
    plain = {"plain_device", "plain_product", "plain_entry"}
    named = 0
    for key, text in texts.items():
        if key.endswith("title"):
            assert not placeholders(text) & {"device", "product", "entry"}, key
            named += bool(placeholders(text) & plain)
        else:
            assert not placeholders(text) & plain, key
    assert named > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_repairs_link_the_console(language: str) -> None:
    """Each text of a repair that says where something is mended in the console links it."""
    found = 0
    for key, text in flatten(load(language)["issues"]):
        rest = re.sub(r"\[(console|控制台|主控台)\]\(\{console_url\}\)", "", text)
        assert not re.search(r"\bconsole\b|控制台|主控台", rest), key
        found += rest != text
    assert found > 10


def test_any_number_reads_right() -> None:
    """No text puts a number that may be one before a plural."""
    numbers = (
        r"\{(?:\w*count|number|total|failed|enabled|disabled|exposed|room|most|refused|"
        r"minimum|maximum|seconds|minutes|requests|devices|properties|events)\} \w+s\b"
    )
    # There are always several, or there is another text for one.
    never_one = {
        "{total} devices",
        "{requests} requests",
        "{most} characters",
        "{minimum} characters",
        "{maximum} characters",
    }
    for key, text in flatten(load("en")):
        assert set(re.findall(numbers, text)) <= never_one, key


@pytest.mark.parametrize("kind", list(all_error_classes()))
def test_errors_of_the_cloud(kind: type[TencentIotError]) -> None:
    """Each error of the cloud has words of its own, in services and in all dialogs."""
    treatment = errors.treatment(kind("text", code="Code", request_id="1"))
    assert treatment is errors._TREATMENTS[kind]
    words = load("en")
    exception = words["exceptions"][treatment.text]["message"]
    assert placeholders(exception) <= {
        "device",
        "action",
        "code",
        "message",
        "request_id",
        "seconds",
    }
    assert {"device", "action"} <= placeholders(exception)
    of_write = placeholders(words["exceptions"][f"write_{treatment.text}"]["message"])
    assert of_write == placeholders(exception) - {"action"} | {"properties"}
    of_read = placeholders(words["exceptions"][f"read_{treatment.text}"]["message"])
    assert of_read == placeholders(exception) - {"action"}
    if not issubclass(kind, CannotConnectError | TooLateError):
        assert {"code", "request_id"} <= placeholders(exception)
    if kind is TooLateError:
        # Only actions wait for their turn, and dialogs run none.
        return
    for error in (
        words["config"]["error"][treatment.text],
        words["config_subentries"]["product"]["error"][treatment.text],
        words["options"]["error"][treatment.text],
    ):
        assert placeholders(error) <= {"code", "message", "request_id", "seconds"}
    if treatment.product:
        denied = {"entry", "operation", "products", "policies_url"}
        usual = {"product", "product_id", "console_url"}
        subject = denied if kind is OperationDeniedError else usual
        assert placeholders(words["issues"][treatment.text]["description"]) <= {
            *subject,
            "code",
            "message",
            "request_id",
        }


@pytest.mark.parametrize(
    "kind",
    [
        CannotConnectError,
        *all_error_classes(CannotConnectError),
        FateUnknownError,
        # To read a product, a code that nobody knows is a refusal of that product.
        *(
            kind
            for kind in all_error_classes(FateUnknownError)
            if kind is not UnknownCodeError
        ),
    ],
)
def test_not_ready(kind: type[TencentIotError]) -> None:
    """Each way in which the cloud can be away is shown when nothing can be set up."""
    text = load("en")["exceptions"][f"setup_{errors.treatment(kind()).text}"]["message"]
    assert placeholders(text) <= {"code", "message", "request_id"}


@pytest.mark.parametrize("problem", list(Problem))
def test_refused_values(problem: Problem) -> None:
    """Each reason to refuse a value has words that name the input, or the property."""
    words = load("en")["exceptions"]
    of_property = words[f"property_{problem}"]["message"]
    assert {"device", "property"} <= placeholders(of_property)
    if problem is not Problem.READ_ONLY:
        # Every input can be set.
        of_input = words[f"value_{problem}"]["message"]
        assert {"device", "action", "input"} <= placeholders(of_input)


@pytest.mark.parametrize(
    ("limits", "form"),
    [
        ({"minimum": 2, "maximum": 14}, LengthForm.BETWEEN),
        ({"minimum": 0, "maximum": 14}, LengthForm.AT_MOST),
        ({"maximum": 1}, LengthForm.AT_MOST),
        ({"minimum": 6, "maximum": 6}, LengthForm.EXACTLY),
        ({"minimum": 1, "maximum": 1}, LengthForm.ONE),
        ({"minimum": 3}, LengthForm.AT_LEAST),
        ({"minimum": 1}, LengthForm.NOT_EMPTY),
        ({"minimum": 0}, LengthForm.FREE),
    ],
)
def test_lengths_of_texts(limits: dict[str, float], form: LengthForm) -> None:
    """Each form of a length has words wherever one is said, English ones everywhere alike."""
    text = Text(**limits)
    assert text.length_form is form
    words = load("en")
    assert f"value_missing_text{form}" in words["exceptions"]
    assert f"property_missing_text{form}" in words["exceptions"]
    if form is not LengthForm.FREE:
        expected = words["common"][f"length{form}"].format(**text.length_limits)
        assert expected == text.allowed
        assert f"value_wrong_length{form}" in words["exceptions"]
        assert f"property_wrong_length{form}" in words["exceptions"]
        in_dialog = words["config_subentries"]["product"]["error"]
        assert f"secret_not_allowed{form}" in in_dialog


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Yield each call that the source makes, with its location and what is called."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield f"{path.name}:{node.lineno}", node, ast.unparse(node.func)


def test_no_untranslated_error() -> None:
    """Whatever is raised at a person is translated."""
    names = {"HomeAssistantError", "ServiceValidationError", "ConfigEntryNotReady"}
    found = [(location, node) for location, node, name in calls() if name in names]
    assert len(found) >= 3
    for location, node in found:
        keywords = {keyword.arg for keyword in node.keywords}
        assert {"translation_domain", "translation_key"} <= keywords, location
        assert not node.args, location


def test_keys_in_the_source_exist() -> None:
    """Each key that the source names literally is in the words."""
    words = load("en")
    in_dialogs = (
        words["config_subentries"]["product"]["error"] | words["config"]["error"]
    )
    known = {
        "refusal": words["exceptions"],
        "_refusal": words["exceptions"],
        "rights.refusal": words["exceptions"],
        "failure": words["exceptions"],
        "FormError": in_dialogs,
    }
    found = 0
    for location, node, name in calls():
        if name not in known:
            continue
        key = node.args[0]
        if isinstance(key, ast.JoinedStr):
            # The key of a length or of a value, see above.
            key = key.values[0]
        if isinstance(key, ast.Constant):
            assert key.value in known[name], location
            found += 1
    assert found > 20


def test_nothing_else_is_raised() -> None:
    """Each raise makes an error that is translated, or one of the person's rights."""
    makers = {
        node.name
        for node in ast.walk(ast.parse((INTEGRATION / "errors.py").read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns)
        in ("HomeAssistantError", "ServiceValidationError")
    }
    makers |= {"_refusal", "ConfigEntryNotReady", "Unauthorized", "UnknownUser"}
    makers |= {"FormError", "FormError.of"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and ast.unparse(node).startswith(
                "@override\ndef refusal("
            ):
                # An entity's own maker.
                assert isinstance(node.body[-1], ast.Return)
                assert isinstance(node.body[-1].value, ast.Call)
                assert ast.unparse(node.body[-1].value.func) in makers
                makers |= {"self.refusal"}
    # One of them or `Unauthorized`; and what Home Assistant's storage catches.
    makers |= {"rights.refusal", "WriteError"}
    found = 0
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Raise) or node.exc is None:
                continue
            made = node.exc.value if isinstance(node.exc, ast.Await) else node.exc
            if not isinstance(made, ast.Call):
                # An error that was caught before.
                assert ast.unparse(made) in ("result", "failures[0]"), path.name
                continue
            found += 1
            name = ast.unparse(made.func)
            assert name in makers, f"{path.name}: {name}"
    assert found > 20
    assert len(SOURCES) > 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_linked_pages(language: str) -> None:
    """Each page of the documentation that a dialog links exists, in that language."""
    linked = {
        page
        for _, text in flatten(load(language))
        for page in re.findall(r"\{documentation_url\}/([\w.-]+)", text)
    }
    assert linked
    documentation = INTEGRATION.parents[1] / "docs"
    for page in linked:
        assert (documentation / page).is_file(), page
        assert page.endswith(".zh-Hans.md") is language.startswith("zh"), page


def test_both_dialogs_speak_alike() -> None:
    """What both dialogs say is said in the same words."""
    for language in LANGUAGES:
        words = load(language)
        product = words["config_subentries"]["product"]
        for step in ("product", "devices", "secrets"):
            assert product["step"][step] == words["config"]["step"][step]
        shared = words["config"]["error"]
        assert all(
            shared.get(key, text) == text for key, text in product["error"].items()
        )
        assert product["error"].keys() <= shared.keys()


def test_words_of_accounts() -> None:
    """What is said otherwise of an account's key has words of both, in both dialogs."""
    words = load("en")
    for texts in (
        words["config"]["error"],
        words["config_subentries"]["product"]["error"],
    ):
        for key in form_error._SAID_OF_ACCOUNTS:
            of_application, of_account = texts[key], texts[f"{key}_of_account"]
            assert placeholders(of_application) == placeholders(of_account)
            assert not re.search("SecretId|SecretKey|account", of_application)
            assert not re.search("AppKey|AppSecret|application", of_account)
