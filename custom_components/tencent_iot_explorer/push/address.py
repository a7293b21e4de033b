"""The address at which the cloud reaches this Home Assistant, which is a secret."""

from contextlib import suppress
from enum import Enum
from types import ModuleType

from hass_nabucasa import NabuCasaBaseError

from homeassistant.components.webhook import async_generate_url
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.network import NoURLAvailableError

from ..account.endpoint import is_endpoint
from ..errors import failure

# What the calls of `cloud` and of its library raise.
_FAILURES = (HomeAssistantError, NabuCasaBaseError, TimeoutError, ValueError)


async def async_find_address(hass: HomeAssistant, webhook_id: str) -> str:
    """Return where a webhook is reached from outside; raises in words what to do."""
    cloud = await _async_cloud(hass)
    if cloud and cloud.async_active_subscription(hass):
        try:
            url: str = await cloud.async_get_or_create_cloudhook(hass, webhook_id)
        except _FAILURES:
            # What they say may have the address in it.
            raise failure("push_cloud_away") from None
        return url
    try:
        address = async_generate_url(
            hass, webhook_id, allow_internal=False, prefer_external=True
        )
    except NoURLAvailableError:
        raise failure("push_no_address") from None
    if not is_endpoint(address):
        raise failure("push_address_not_secure")
    return address


async def async_forget_address(hass: HomeAssistant, webhook_id: str) -> None:
    """Take back what Home Assistant Cloud has for a webhook, if anything."""
    if cloud := await _async_cloud(hass):
        with suppress(*_FAILURES):
            await cloud.async_delete_cloudhook(hass, webhook_id)


async def async_follow_address(
    hass: HomeAssistant, entry: ConfigEntry, listener: CALLBACK_TYPE
) -> None:
    """Call a listener whenever there may be another address, or one at last.

    It ends when the entry is unloaded.
    """

    @callback
    def async_config_changed(event: Event) -> None:
        """Follow the external address."""
        if "external_url" in event.data:
            listener()

    entry.async_on_unload(
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, async_config_changed)
    )
    if (cloud := await _async_cloud(hass)) is None:
        return
    connected = cloud.CloudConnectionState.CLOUD_CONNECTED

    @callback
    def async_connection_changed(state: Enum) -> None:
        """Follow the connection of Home Assistant Cloud, and that nobody has it now."""
        if state is connected or not cloud.async_active_subscription(hass):
            listener()

    entry.async_on_unload(
        cloud.async_listen_connection_change(hass, async_connection_changed)
    )


async def _async_cloud(hass: HomeAssistant) -> ModuleType | None:
    """Return the component of Home Assistant Cloud where it is loaded.

    It is imported nowhere else, because it needs the libraries of many others.
    """
    if "cloud" not in hass.config.components:
        return None
    return await async_import_module(hass, "homeassistant.components.cloud")
