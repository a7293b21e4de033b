"""What tests of rules share: an entry with pushes, and its rules in the emulated cloud."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .helpers import Cloud, make_entry
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.push.rule_names import async_rule_name
from emulator import EmulatedRule, JournalEntry

WEBHOOK = "5f" * 32
CREATE, DESCRIBE = "CreateTopicRule", "DescribeTopicRule"
ENABLE, MODIFY, DELETE = "EnableTopicRule", "ModifyTopicRule", "DeleteTopicRule"
SQL = "SELECT * FROM '$thing/up/+/{}/#'"


def address_at(origin: str) -> str:
    """Return the address of the webhook of a home."""
    return f"{origin}/api/webhook/{WEBHOOK}"


async def set_up_pushed(
    hass: HomeAssistant,
    cloud: Cloud,
    *products: ConfigSubentryData,
    push: bool = True,
    **options: Any,
) -> MockConfigEntry:
    """Return an entry whose pushes were turned on before the start."""
    entry = make_entry(cloud, *products)
    entry.add_to_hass(hass)
    if push:
        options |= {"push": True, "webhook_id": WEBHOOK}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Reload an entry."""
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def rule_of(
    hass: HomeAssistant, cloud: Cloud, product_id: str = "LAMP202611"
) -> EmulatedRule | None:
    """Return our rule of a product, as it is in the cloud."""
    name = await async_rule_name(hass, product_id)
    return cloud.emulator.rules.by_name.get(name)


async def put_rule(
    hass: HomeAssistant,
    cloud: Cloud,
    address: str,
    product_id: str = "LAMP202611",
    **changes: Any,
) -> EmulatedRule:
    """Put a rule with our name into the cloud, as somebody else would."""
    rule: dict[str, Any] = {
        "name": await async_rule_name(hass, product_id),
        "sql": SQL.format(product_id),
        "actions": forwards(address),
        **changes,
    }
    return cloud.emulator.rules.add(EmulatedRule(**rule))


def forwards(*addresses: str) -> list[dict[str, Any]]:
    """Return actions that forward to addresses."""
    return [{"forward": {"api": address}} for address in addresses]


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the repair issues that are shown."""
    return {
        issue.issue_id: issue
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active and issue.dismissed_version is None
    }


@contextmanager
def rule_requests(cloud: Cloud, **expected: int) -> Iterator[None]:
    """Insist on which requests about rules are made meanwhile."""
    before = len(cloud.emulator.journal)
    yield
    made = Counter(
        entry.call
        for entry in cloud.emulator.journal[before:]
        if entry.call.endswith("TopicRule")
    )
    assert made == expected


@contextmanager
def held(cloud: Cloud, call: str) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """Let one call come, and answer it later."""
    came, release = asyncio.Event(), asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Wait before the call is answered."""
        if request.call == call:
            came.set()
            await release.wait()

    cloud.emulator.gate = hold
    try:
        yield came, release
    finally:
        release.set()
        cloud.emulator.gate = None
