"""A real Home Assistant core in this process, in a folder of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
import os
from pathlib import Path
import sys
import tempfile
from types import MappingProxyType

from homeassistant import bootstrap
from homeassistant.components.http.config import async_get_and_load_store
from homeassistant.config_entries import ConfigEntry, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.runner import RuntimeConfig, create_event_loop

from custom_components.tencent_iot_explorer.account.client import unique_id_of
from custom_components.tencent_iot_explorer.api import key_use
from custom_components.tencent_iot_explorer.const import ENTRY_VERSION
from demo.home_assistant import free_port, link_integration, write_stand_ins
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.projects import REGION
from emulator.service_api import APP_KEY, APP_SECRET

DOMAIN = "tencent_iot_explorer"
_CONFIGURATION = """
homeassistant:
  time_zone: Asia/Shanghai
http:
  server_host: 127.0.0.1
  server_port: {port}
logger:
  default: warning
"""


def product(
    product_id: str,
    devices: Iterable[str] = (),
    *,
    all_devices: bool = False,
    use_properties: bool = False,
) -> ConfigSubentryData:
    """Return a configured product."""
    return ConfigSubentryData(
        subentry_type="product",
        title=product_id,
        unique_id=product_id,
        data={
            "product_id": product_id,
            "all_devices": all_devices,
            "devices": list(devices),
            "timestamp_unit": "milliseconds",
            "use_properties": use_properties,
        },
    )


async def add_application(
    hass: HomeAssistant,
    endpoint: str,
    *products: ConfigSubentryData,
    **options: str | bool,
) -> ConfigEntry:
    """Add an application and return it as soon as it is set up."""
    return await _add(hass, application_data(endpoint), products, options)


async def add_account(
    hass: HomeAssistant, endpoint: str, *products: ConfigSubentryData
) -> ConfigEntry:
    """Add the key of an account and return it as soon as it is set up."""
    return await _add(hass, account_data(endpoint), products, {})


def entity_id(hass: HomeAssistant, domain: str, unique_id: str) -> str:
    """Return the id of an entity of the integration."""
    found = er.async_get(hass).async_get_entity_id(domain, DOMAIN, unique_id)
    assert found
    return found


def lift_pace() -> None:
    """Let calls follow each other at once: what keeps them apart is not measured."""
    key_use.MOST_PER_SECOND = {}


def application_data(endpoint: str) -> dict[str, str]:
    """Return what an entry has of an application."""
    return {
        "access": "application",
        "app_key": APP_KEY,
        "app_secret": APP_SECRET,
        "endpoint": endpoint,
    }


def account_data(endpoint: str) -> dict[str, str]:
    """Return what an entry has of the key of an account."""
    return {
        "access": "account",
        "secret_id": SECRET_ID,
        "secret_key": SECRET_KEY,
        "region": REGION,
        "endpoint": endpoint,
    }


async def _add(
    hass: HomeAssistant,
    data: dict[str, str],
    products: Iterable[ConfigSubentryData],
    options: Mapping[str, str | bool],
) -> ConfigEntry:
    """Add an entry and return it as soon as it is set up."""
    entry = ConfigEntry(
        data=data,
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options=options,
        source="user",
        subentries_data=products,
        title="Bench",
        unique_id=unique_id_of(data),
        version=ENTRY_VERSION,
    )
    await hass.config_entries.async_add(entry)
    await hass.async_block_till_done()
    return entry


def prepare(folder: Path, more: str = "") -> None:
    """Write a configuration, and put what Home Assistant needs into its folder."""
    link_integration(folder)
    write_stand_ins(folder)
    configuration = _CONFIGURATION.format(port=free_port()) + more
    (folder / "configuration.yaml").write_text(configuration)


def run[ResultT](
    work: Callable[[HomeAssistant], Awaitable[ResultT]],
    more: str = "",
    loop_factory: Callable[[], asyncio.AbstractEventLoop] = create_event_loop,
) -> ResultT:
    """Return what a measurement returns for a Home Assistant with some more configuration.

    A process can hold one Home Assistant in its life.
    """
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), more)
        return run_in(Path(name), work, loop_factory)


def run_in[ResultT](
    folder: Path,
    work: Callable[[HomeAssistant], Awaitable[ResultT]],
    loop_factory: Callable[[], asyncio.AbstractEventLoop] = create_event_loop,
) -> ResultT:
    """Return what a measurement returns for a Home Assistant in a prepared folder."""
    stand_ins = folder / "stand_ins"
    sys.path.insert(0, str(stand_ins))
    os.environ["PATH"] = f"{stand_ins}:{os.environ['PATH']}"
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(_with_home(folder, work))


async def _with_home[ResultT](
    folder: Path, work: Callable[[HomeAssistant], Awaitable[ResultT]]
) -> ResultT:
    """Return what a measurement returns for a Home Assistant in a folder."""
    hass = await bootstrap.async_setup_hass(
        RuntimeConfig(config_dir=str(folder), skip_pip=True)
    )
    assert hass
    await hass.async_start()
    await hass.async_block_till_done()
    # Else it would be taken back, and Home Assistant restarted, after five minutes.
    with suppress(HomeAssistantError):
        await (await async_get_and_load_store(hass)).async_promote_pending()
    result = await work(hass)
    await hass.async_stop()
    return result
