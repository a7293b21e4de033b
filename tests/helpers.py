"""The emulated cloud as tests use it."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from homeassistant.config_entries import ConfigEntryDisabler, ConfigSubentryData
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.coordinator import (
    SLOW_UPDATE_INTERVAL,
    UPDATE_INTERVAL,
)
from custom_components.tencent_iot_explorer.time_slices import SLICE
from emulator import Emulator, JournalEntry, Naming
from emulator.accounts import SECRET_ID, SECRET_KEY, Account
from emulator.faults import Refusal
from emulator.service_api import APP_KEY, APP_SECRET

TEMPLATE = "DescribeModelDefinition"
LIST = "GetDeviceList"
DETAIL = "DescribeDevice"
ASYNC = "CallDeviceActionAsync"
SYNC = "CallDeviceActionSync"
# For tests that run once with the key of an application and once with that of an account.
with_both_keys = pytest.mark.parametrize("access", Access, indirect=True)
FIXED_SERVICES = {
    "call_action",
    "get_action_reference",
    "get_properties",
    "set_properties",
}


class ItemClock:
    """The clock of time slices, by which so many items fill one on any machine."""

    def __init__(self, items: int) -> None:
        """Begin with a number of items."""
        self.items = items
        self._now = 0.0

    def __call__(self) -> float:
        """Return a time, which is asked for once for each item."""
        self._now += SLICE / self.items
        return self._now


class Cloud:
    """The emulator, and the refusals that a test means to provoke."""

    def __init__(self, emulator: Emulator, access: Access = Access.APPLICATION) -> None:
        """Expect no refusal; entries have such a key."""
        self.emulator = emulator
        self.access = access
        self._expected: set[str] = set()

    def expect(self, *codes: str) -> None:
        """Allow that requests are refused with these codes."""
        self._expected.update(codes)

    def add_key(self) -> dict[str, str]:
        """Let the cloud know another key, and return what entries have of it."""
        if self.access == Access.ACCOUNT:
            self.emulator.cloud_api.accounts["AKIDOTHER"] = Account()
            return {"secret_id": "AKIDOTHER"}
        self.emulator.service_api.applications["OtherKey"] = APP_SECRET
        return {"app_key": "OtherKey"}

    def withdraw(self, product_id: str) -> None:
        """Take a product away from the key, and allow that requests are refused for that."""
        product = self.emulator.products[product_id]
        if self.access == Access.ACCOUNT:
            product.project = replace(product.project, uin="100000000002")
            self.expect("UnauthorizedOperation.NoPermissionToStudioProduct")
        else:
            product.linked = False
            self.expect("UnauthorizedOperation.APPNoPermissionToStudioProduct")

    def requests(self, **calls: int) -> dict[str, int]:
        """Return requests, of an account those by which it reads what others describe."""
        if self.access == Access.ACCOUNT and (described := calls.pop(DETAIL, 0)):
            calls[LIST] = calls.get(LIST, 0) + described
        return calls

    def expect_wrong(self, parameter: str, naming: Naming) -> Refusal:
        """Let wrong parameters be named so, and allow that requests are refused for one."""
        self.emulator.service_api.naming = naming
        refusal = naming.refusal(parameter)
        self.expect(refusal.code)
        return refusal

    def assert_flawless(self) -> None:
        """Insist that each request was right, but for refusals that are meant."""
        for entry in self.emulator.journal:
            assert (entry.flaws, entry.deviations) == ([], [])
        codes = {entry.error_code for entry in self.emulator.journal} - {""}
        assert codes <= self._expected, codes

    @property
    def executed(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return which device ran which action with which inputs, in order."""
        return [
            (item.device_name, item.action_id, item.inputs)
            for item in self.emulator.executed
        ]

    @property
    def written(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what was written to which device, in order."""
        return [(item.device_name, item.values) for item in self.emulator.written]

    def entry_data(self, **changes: str) -> dict[str, str]:
        """Return the data of a config entry."""
        if self.access == Access.ACCOUNT:
            return {
                "access": "account",
                "secret_id": SECRET_ID,
                "secret_key": SECRET_KEY,
                "region": "ap-guangzhou",
                "endpoint": self.emulator.cloud_endpoint,
            } | changes
        return {
            "access": "application",
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "endpoint": self.emulator.endpoint,
        } | changes


def product(
    product_id: str,
    devices: Iterable[str] = (),
    *,
    all_devices: bool = False,
    title: str | None = None,
    timestamp_unit: str = "milliseconds",
    use_properties: bool | None = False,
) -> ConfigSubentryData:
    """Return a configured product, which has no entities but those of actions.

    With no setting for properties it is one of an earlier release.
    """
    decided = {} if use_properties is None else {"use_properties": use_properties}
    return ConfigSubentryData(
        subentry_type="product",
        title=title or product_id,
        unique_id=product_id,
        data={
            "product_id": product_id,
            "all_devices": all_devices,
            "devices": list(devices),
            "timestamp_unit": timestamp_unit,
            **decided,
        },
    )


FEEDER = product("FEEDER2026", ["kitchen-feeder", "balcony-feeder"], title="宠物喂食器")
LAMP = product("LAMP202611", ["desk-lamp", "hall-lamp"], title="Lamp")
LOCK = product("DOORLOCK01", ["front-door"], title="门锁")


def make_entry(
    cloud: Cloud,
    *products: ConfigSubentryData,
    disabled_by: ConfigEntryDisabler | None = None,
    version: tuple[int, int] = (2, 1),
    **data: str,
) -> MockConfigEntry:
    """Return an entry as it is stored."""
    entry_data = cloud.entry_data(**data)
    if version < (2, 1):
        del entry_data["access"]
    return MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        unique_id=entry_data.get("app_key")
        or f"{entry_data['secret_id']}/{entry_data['region']}",
        data=entry_data,
        subentries_data=products,
        disabled_by=disabled_by,
        version=version[0],
        minor_version=version[1],
    )


async def set_up(
    hass: HomeAssistant, cloud: Cloud, *products: ConfigSubentryData, **data: str
) -> MockConfigEntry:
    """Return an application that Home Assistant has tried to set up."""
    entry = make_entry(cloud, *products, **data)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


@contextmanager
def held_reads(cloud: Cloud) -> Iterator[asyncio.Event]:
    """Let the cloud answer no read until that is allowed; actions run at once."""
    release = asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Wait, unless an action is to be run."""
        if request.call not in (ASYNC, SYNC):
            await release.wait()

    cloud.emulator.gate = hold
    try:
        yield release
    finally:
        release.set()
        cloud.emulator.gate = None


def device_id(hass: HomeAssistant, entry: MockConfigEntry, name: str) -> str:
    """Return the id of a device in the device registry."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return next(device.id for device in devices if device.name == name)


def button(hass: HomeAssistant, unique_id: str) -> str:
    """Return the entity id of a button."""
    entity_id = er.async_get(hass).async_get_entity_id("button", DOMAIN, unique_id)
    assert entity_id
    return entity_id


async def poll(hass: HomeAssistant) -> None:
    """Let the time come at which products are read again."""
    async_fire_time_changed(hass, dt_util.utcnow() + UPDATE_INTERVAL * 2)
    await hass.async_block_till_done(wait_background_tasks=True)


async def refresh(hass: HomeAssistant) -> None:
    """Let the time come at which data templates are read again."""
    async_fire_time_changed(hass, dt_util.utcnow() + SLOW_UPDATE_INTERVAL * 2)
    await hass.async_block_till_done(wait_background_tasks=True)


def services(hass: HomeAssistant) -> set[str]:
    """Return the names of the services that are made from data templates."""
    return set(hass.services.async_services_for_domain(DOMAIN)) - FIXED_SERVICES


def listen(hass: HomeAssistant) -> list[ServiceCall]:
    """Return a list that each notification shown in Home Assistant is added to."""
    return async_mock_service(hass, "persistent_notification", "create")
