"""The rules of an entry: what is in the cloud follows what is configured here."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import nullcontext, suppress
from datetime import datetime

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_ADDRESS, CONF_WEBHOOK_ID
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later

from ..account.client import client_for, has_account_key
from ..api import (
    CannotConnectError,
    RateLimitError,
    RefusedError,
    TencentIotClient,
    TencentIotError,
)
from ..const import CONF_PRODUCT_ID, CONF_PUSH
from ..product.entry_rules import RuleState, RuleStatus
from ..product.subentries import product_subentries
from ..runtime import Product, TencentIotConfigEntry, TencentIotData
from .address import async_find_address
from .product_rule import WAITING, ProductRule
from .rule_issues import (
    async_forget_questions,
    async_report_failures,
    async_report_left_rule,
    async_report_rule,
    async_report_typed_address,
)
from .rule_names import async_rule_name
from .silence import async_expect_pushes
from .stored_rules import StoredRules

# What passes by itself is tried again soon, what needs a person seldom.
_SOON = 300
_SELDOM = 3600
# A person waits for rules to be deleted.
_DELETION_LIMIT = 15


@callback
def async_request_reconcile(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Compare the rules with what they should be, until that is so, in the background.

    Those of an entry that is not loaded are compared when it is set up.
    """
    if entry.state in (ConfigEntryState.LOADED, ConfigEntryState.SETUP_IN_PROGRESS):
        entry.async_create_background_task(
            hass, async_reconcile(hass, entry), f"{entry.title} - rules"
        )


async def async_reconcile(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Make, mend and delete rules until they are what is configured; reports by repairs."""
    if (loaded := _loaded(entry)) is None:
        return
    rules = loaded.rules
    rules.requested += 1
    request = rules.requested
    async with rules.changes:
        if rules.done >= request or _loaded(entry) is not loaded:
            return
        rules.done = rules.requested
        await _async_compare_typed_address(hass, entry)
        await _async_reconcile(hass, entry)


async def async_write_rules(
    hass: HomeAssistant, entry: TencentIotConfigEntry, address: str
) -> None:
    """Make the rules of all products, of which a person waits for the end.

    Raises the error of the first that fails, after deleting those that were made. What is
    left to others is reported when the rules are compared next.
    """
    client, stored = entry.runtime_data.client, StoredRules(hass, entry)
    async with entry.runtime_data.rules.changes:
        before = set(stored.addresses)
        try:
            for subentry in product_subentries(entry):
                rule = ProductRule(
                    hass, entry, client, subentry.data[CONF_PRODUCT_ID], address
                )
                await rule.async_write()
        except TencentIotError:
            made = stored.addresses.keys() - before
            await _async_delete(hass, entry, client, made, address)
            raise


async def async_delete_rules(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> Collection[str]:
    """Delete all rules of ours, also of an entry that is removed.

    Returns the products whose rules are left, each of which a repair names.
    """
    stored = StoredRules(hass, entry)
    if not stored.addresses:
        return ()
    loaded = _loaded(entry)
    client = loaded.client if loaded else client_for(hass, entry.data)
    async with loaded.rules.changes if loaded else nullcontext():
        address, _ = await _async_find_address(hass, entry)
        return await _async_delete(hass, entry, client, stored.addresses, address)


async def async_overwrite_rule(product: Product, decision: RuleState) -> RuleStatus:
    """Write a rule as a person decided, and report what became of it."""
    hass, entry = product.hass, product.entry
    loaded = entry.runtime_data
    rules = loaded.rules
    async with rules.changes:
        address, needs_address = await _async_find_address(hass, entry)
        rule = ProductRule(hass, entry, product.client, product.product_id, address)
        status = await rule.async_reconcile(decision)
        if product.is_stopped:
            async_request_reconcile(hass, entry)
        else:
            statuses = {**rules.statuses, product.product_id: status}
            await _async_report(hass, entry, statuses, {}, needs_address=needs_address)
    return status


def async_rule_states(entry: TencentIotConfigEntry) -> dict[str, str]:
    """Return the state of each rule in a word, for diagnostics."""
    return {
        product_id: status.in_short
        for product_id, status in entry.runtime_data.rules.statuses.items()
    }


async def _async_compare_typed_address(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Report whether the address that a person typed into rules still leads here."""
    typed = None if has_account_key(entry.data) else entry.options.get(CONF_ADDRESS)
    if typed is None:
        async_report_typed_address(hass, entry, is_current=True)
        return
    address, _ = await _async_find_address(hass, entry)
    # Without any, nobody knows: it may have one again as it was.
    if address is not None:
        async_report_typed_address(hass, entry, is_current=address == typed)


async def _async_reconcile(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Compare each rule with what it should be."""
    stored, client = StoredRules(hass, entry), entry.runtime_data.client
    wanted = [
        subentry.data[CONF_PRODUCT_ID]
        for subentry in product_subentries(entry)
        if entry.options.get(CONF_PUSH) and has_account_key(entry.data)
    ]
    surplus = stored.addresses.keys() - wanted
    address, needs_address = None, False
    if wanted or surplus:
        address, needs_address = await _async_find_address(hass, entry)
    left = await _async_delete(hass, entry, client, surplus, address)
    statuses = {}
    is_away = False
    for product_id in wanted:
        rule = ProductRule(hass, entry, client, product_id, address)
        statuses[product_id] = WAITING if is_away else await rule.async_reconcile()
        is_away |= isinstance(statuses[product_id].failure, CannotConnectError)
    needs_address = bool(wanted) and needs_address
    await _async_report(hass, entry, statuses, left, needs_address=needs_address)


async def _async_delete(
    hass: HomeAssistant,
    entry: ConfigEntry,
    client: TencentIotClient,
    product_ids: Collection[str],
    address: str | None,
) -> Mapping[str, RuleStatus]:
    """Delete rules, and return and report why some are left."""
    can_delete = has_account_key(entry.data)

    async def async_delete(product_id: str) -> RuleStatus | None:
        """Delete a rule, or return why it is left."""
        status: RuleStatus | None = WAITING
        if can_delete:
            rule = ProductRule(hass, entry, client, product_id, address)
            with suppress(TimeoutError):
                async with asyncio.timeout(_DELETION_LIMIT):
                    status = await rule.async_delete()
        name = await async_rule_name(hass, product_id)
        async_report_left_rule(hass, product_id, name, status)
        return status

    statuses = await asyncio.gather(*map(async_delete, product_ids))
    return {
        product_id: status
        for product_id, status in zip(product_ids, statuses, strict=True)
        if status is not None
    }


async def _async_report(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    statuses: Mapping[str, RuleStatus],
    left: Mapping[str, RuleStatus],
    *,
    needs_address: bool,
) -> None:
    """Keep how the rules are, report it, and try again later what is not right.

    Those that are `left` although nobody needs them are reported already.
    """
    rules = entry.runtime_data.rules
    rules.statuses = {**left, **statuses}
    async_expect_pushes(entry)
    for subentry in product_subentries(entry):
        product_id = subentry.data[CONF_PRODUCT_ID]
        if product_id in statuses:
            name = await async_rule_name(hass, product_id)
            async_report_rule(hass, entry, subentry, name, statuses[product_id])
        else:
            async_forget_questions(hass, product_id)
    async_report_failures(hass, entry, statuses, needs_address=needs_address)
    rules.async_cancel_retry()
    if any(status.state is not RuleState.RIGHT for status in rules.statuses.values()):

        @callback
        def async_retry(now: datetime) -> None:
            """Try again."""
            rules.retry = None
            async_request_reconcile(hass, entry)

        passes = any(map(_passes, rules.statuses.values()))
        rules.retry = async_call_later(
            hass,
            _SOON if passes else _SELDOM,
            HassJob(async_retry, cancel_on_shutdown=True),
        )


def _loaded(entry: TencentIotConfigEntry) -> TencentIotData | None:
    """Return what an entry works with, none before it is set up and once it is unloaded."""
    return getattr(entry, "runtime_data", None)


def _passes(status: RuleStatus) -> bool:
    """Return whether a rule failed by what passes by itself."""
    err = status.failure
    return isinstance(err, RateLimitError) or not isinstance(err, RefusedError | None)


async def _async_find_address(
    hass: HomeAssistant, entry: ConfigEntry
) -> tuple[str | None, bool]:
    """Return the address of this Home Assistant, and whether a person must see to it."""
    if CONF_WEBHOOK_ID not in entry.options:
        return None, False
    try:
        return await async_find_address(hass, entry.options[CONF_WEBHOOK_ID]), False
    except HomeAssistantError as err:
        # Home Assistant Cloud connects by itself, which is followed.
        return None, err.translation_key != "push_cloud_away"
