"""The repair issues about rules, each as long as it is true."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..api import (
    AddressUnreachableError,
    OperationDeniedError,
    RuleLimitError,
    TencentIotError,
)
from ..const import CONF_PRODUCT_ID, CONSOLE_URL, DOMAIN
from ..errors import error_placeholders, literally, names_in_words, treatment
from ..presentation.product_names import products_in_words
from ..product.entry_rules import RuleState, RuleStatus

# What a person is asked about, by the translations and the ids of the issues.
QUESTIONS = {RuleState.EDITED: "rule_edited", RuleState.FOREIGN: "rule_foreign"}
# Why a rule is left if no failure says it.
_LEFT = {
    RuleState.EDITED: "rule_left_edited",
    RuleState.FOREIGN: "rule_left_foreign",
    RuleState.WAITING: "rule_left_unanswered",
}
_NO_ADDRESS = "rules_no_address"
_TYPED_ADDRESS = "push_address_changed"
_FAILURES = ("rules_unreachable", "rules_limit", "rules_refused")


@callback
def async_report_rule(
    hass: HomeAssistant,
    entry: ConfigEntry,
    subentry: ConfigSubentry,
    name: str,
    status: RuleStatus,
) -> None:
    """Ask about the rule of a product that somebody else has a say in.

    While nothing is known of it, what was asked stays.
    """
    product_id = subentry.data[CONF_PRODUCT_ID]
    ir.async_delete_issue(hass, DOMAIN, f"rule_left_{product_id}")
    if status.state in (RuleState.WAITING, RuleState.FAILED):
        return
    async_forget_questions(hass, product_id, status.state)
    if status.state not in QUESTIONS:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{QUESTIONS[status.state]}_{product_id}",
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=QUESTIONS[status.state],
        translation_placeholders={
            "rule": name,
            "console_url": CONSOLE_URL,
            **names_in_words(product=subentry.title),
        },
        data={"entry_id": entry.entry_id, "subentry_id": subentry.subentry_id},
    )


@callback
def async_report_left_rule(
    hass: HomeAssistant, product_id: str, name: str, status: RuleStatus | None
) -> None:
    """Name a rule that nobody needs any more and that was not deleted, if it was not.

    The issue outlasts the entry, and a restart: nothing else knows of the rule then.
    """
    async_forget_questions(hass, product_id)
    issue_id = f"rule_left_{product_id}"
    if status is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        is_persistent=True,
        learn_more_url=CONSOLE_URL,
        severity=ir.IssueSeverity.WARNING,
        translation_key="rule_left" if status.failure else _LEFT[status.state],
        translation_placeholders={
            "product_id": product_id,
            "rule": name,
            "console_url": CONSOLE_URL,
            **failure_in_words(status.failure or TencentIotError()),
        },
    )


@callback
def async_forget_questions(
    hass: HomeAssistant, product_id: str, but: RuleState | None = None
) -> None:
    """Ask nothing any more about the rule of a product, but for one question."""
    for state, key in QUESTIONS.items():
        if state is not but:
            ir.async_delete_issue(hass, DOMAIN, f"{key}_{product_id}")


@callback
def async_pause_questions(hass: HomeAssistant, product_id: str) -> None:
    """Ask nothing while nobody could answer; that a person leaves a rule is kept."""
    for key in QUESTIONS.values():
        _async_pause(hass, f"{key}_{product_id}")


@callback
def async_report_failures(
    hass: HomeAssistant,
    entry: ConfigEntry,
    statuses: Mapping[str, RuleStatus],
    *,
    needs_address: bool,
) -> None:
    """Say what a person can do about rules that could not be made or mended."""
    failures: dict[str, dict[str, TencentIotError]] = {key: {} for key in _FAILURES}
    for product_id, status in statuses.items():
        if status.failure and (key := _issue_of(status.failure)):
            failures[key][product_id] = status.failure
    for key, failed in failures.items():
        _async_report(hass, entry, key, _summary(entry, failed) if failed else None)
    _async_report(hass, entry, _NO_ADDRESS, {} if needs_address else None)


@callback
def async_report_typed_address(
    hass: HomeAssistant, entry: ConfigEntry, *, is_current: bool
) -> None:
    """Say as long as it is so that a person has to type another address into rules."""
    _async_report(hass, entry, _TYPED_ADDRESS, None if is_current else {})


@callback
def async_stop_reporting(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Say nothing of failures while nothing is tried; what is ignored stays ignored."""
    for key in (*_FAILURES, _NO_ADDRESS):
        _async_pause(hass, f"{key}_{entry.entry_id}")


@callback
def _async_pause(hass: HomeAssistant, issue_id: str) -> None:
    """Let go of an issue that nobody has ignored."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    if issue and issue.dismissed_version is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)


def _issue_of(err: TencentIotError) -> str | None:
    """Return which issue tells of an error, if any helps.

    A denied operation has one of its own, and what passes by itself is tried again.
    """
    if isinstance(err, OperationDeniedError):
        return None
    if isinstance(err, AddressUnreachableError):
        return "rules_unreachable"
    if isinstance(err, RuleLimitError):
        return "rules_limit"
    return "rules_refused" if treatment(err).product else None


@callback
def _async_report(
    hass: HomeAssistant,
    entry: ConfigEntry,
    key: str,
    placeholders: Mapping[str, str] | None,
) -> None:
    """Keep an issue about all of an entry as long as there is anything to say in it."""
    issue_id = f"{key}_{entry.entry_id}"
    if placeholders is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders={
            "console_url": CONSOLE_URL,
            **names_in_words(entry=entry.title),
            **placeholders,
        },
    )


def _summary(
    entry: ConfigEntry, failures: Mapping[str, TencentIotError]
) -> Mapping[str, str]:
    """Return what an issue says of rules that fail alike, by ProductId."""
    words = failure_in_words(failures[min(failures)])
    return {"products": products_in_words(entry, failures), **words}


def failure_in_words(err: TencentIotError) -> dict[str, str]:
    """Return the placeholders of an issue that quote the cloud."""
    return {**error_placeholders(err), "message": literally(err.message) or "–"}
