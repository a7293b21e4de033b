"""A real Home Assistant core in this process, in a folder of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
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
from homeassistant.runner import RuntimeConfig, create_event_loop

from demo.home_assistant import free_port, link_integration, write_stand_ins
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
    hass: HomeAssistant, endpoint: str, *products: ConfigSubentryData
) -> ConfigEntry:
    """Add an application and return it as soon as it is set up."""
    entry = ConfigEntry(
        data={"app_key": APP_KEY, "app_secret": APP_SECRET, "endpoint": endpoint},
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={},
        source="user",
        subentries_data=products,
        title="Bench",
        unique_id=APP_KEY,
        version=1,
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
