"""What tests of pushes share: a Home Assistant that the emulated cloud can reach."""

from collections.abc import Mapping
import json
from typing import Any

from aiohttp import ClientConnectionError, ClientResponse, ClientSession
from aiohttp.typedefs import StrOrURL
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .helpers import Cloud, make_entry
from emulator import EmulatedRule

HOME = "https://home.example.org"
WEBHOOK_ID = "4e5f" * 16
TOKEN = "token-5772156649"
SQL = "SELECT * FROM '$thing/up/+/{}/#'"


async def open_home(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> str:
    """Let Home Assistant listen on this machine, and return its external address.

    Its own webhooks are reached there. More views can be added later.
    """
    assert await async_setup_component(hass, "webhook", {})
    # As Home Assistant does when it begins to listen.
    hass.http.app._router.freeze = lambda: None
    client = await hass_client_no_auth()
    address = str(client.make_url("")).rstrip("/")
    await hass.config.async_update(external_url=address)
    return address


async def move_home(hass: HomeAssistant, cloud: Cloud, address: str = HOME) -> None:
    """Give an open Home Assistant another external address, which leads there as well."""
    routes = cloud.emulator.outbound.routes
    here = hass.config.external_url
    assert here
    routes[address] = routes.get(here, here)
    await hass.config.async_update(external_url=address)


def go_by_routes(cloud: Cloud, patch: pytest.MonkeyPatch) -> None:
    """Let Home Assistant's own requests go where those of the emulated cloud go."""
    send = ClientSession._request

    async def route(
        session: ClientSession, method: str, url: StrOrURL, **options: Any
    ) -> ClientResponse:
        """Send a request there."""
        target = cloud.emulator.outbound.target(URL(url))
        if target is None:
            raise ClientConnectionError("not in tests")
        return await send(session, method, target, **options)

    patch.setattr(ClientSession, "_request", route)


def console_rule(
    cloud: Cloud, address: str, product_id: str = "LAMP202611", **changes: Any
) -> EmulatedRule:
    """Return an enabled rule that a person has made in the console for a product."""
    rule = {
        "name": f"rule_{product_id}",
        "sql": SQL.format(product_id),
        "actions": [{"forward": {"api": address}}],
        **changes,
    }
    return cloud.emulator.rules.add(EmulatedRule(**rule))


def make_pushed(
    hass: HomeAssistant,
    cloud: Cloud,
    *products: ConfigSubentryData,
    token: str | None = None,
) -> MockConfigEntry:
    """Return an entry with pushes by rules that a person has made, not set up yet."""
    entry = make_entry(cloud, *products)
    entry.add_to_hass(hass)
    options = {
        "push": True,
        "webhook_id": WEBHOOK_ID,
        "address": f"{hass.config.external_url}/api/webhook/{WEBHOOK_ID}",
    }
    hass.config_entries.async_update_entry(
        entry, options=options | ({"token": token} if token else {})
    )
    return entry


async def set_up_pushed(
    hass: HomeAssistant,
    cloud: Cloud,
    *products: ConfigSubentryData,
    token: str | None = None,
) -> MockConfigEntry:
    """Return an entry that was set up with pushes by rules that a person has made."""
    entry = make_pushed(hass, cloud, *products, token=token)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def call_webhook(
    hass: HomeAssistant,
    method: str = "POST",
    *,
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
) -> tuple[int, str, str]:
    """Return how the webhook answers: status, body and type of content."""
    response: ClientResponse
    address = f"{hass.config.external_url}/api/webhook/{WEBHOOK_ID}"
    async with (
        ClientSession(auto_decompress=False) as session,
        session.request(method, address, headers=headers, data=data) as response,
    ):
        return response.status, await response.text(), response.content_type


def message(
    payload: Mapping[str, Any],
    *,
    product_id: str = "LAMP202611",
    device: str = "desk-lamp",
    kind: str = "property",
    **changes: Any,
) -> bytes:
    """Return a message as it is forwarded."""
    content = {
        "payload": payload,
        "seq": 1,
        "timestamp": 1795435200,
        "topic": f"$thing/up/{kind}/{product_id}/{device}",
        "devicename": device,
        "productid": product_id,
    }
    return json.dumps(content | changes).encode()
