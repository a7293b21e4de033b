"""Who answers at an address: this Home Assistant, another one, or nobody.

A restored backup has the instance id, the options and often the address of the one
that it was taken of, so an address proves nothing by itself.
"""

from http import HTTPStatus
import secrets

import aiohttp

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey

from ..account.endpoint import is_endpoint
from ..const import DOMAIN

_TIME_LIMIT = aiohttp.ClientTimeout(total=10)
_LONGEST_ANSWER = 1024
# Those that we sent ourselves and wait for, and whether they came to our own webhook.
_SENT: HassKey[dict[str, bool]] = HassKey(f"{DOMAIN}.handshakes")


@callback
def async_note_handshake(hass: HomeAssistant, echostr: str) -> None:
    """Keep that a handshake came to a webhook of ours; only our own ones matter."""
    sent = hass.data.get(_SENT, {})
    if echostr in sent:
        sent[echostr] = True


async def async_is_another_instance(hass: HomeAssistant, address: str) -> bool:
    """Return whether another Home Assistant answers the cloud's handshake at an address."""
    if not is_endpoint(address):
        return False
    echostr = secrets.token_hex(16)
    sent = hass.data.setdefault(_SENT, {})
    sent[echostr] = False
    try:
        return await _async_answers(hass, address, echostr) and not sent[echostr]
    finally:
        del sent[echostr]


async def _async_answers(hass: HomeAssistant, address: str, echostr: str) -> bool:
    """Return whether an address answers a handshake as the cloud expects it."""
    try:
        async with async_get_clientsession(hass).get(
            address,
            headers={"Echostr": echostr, "Content-Type": "application/json"},
            allow_redirects=False,
            timeout=_TIME_LIMIT,
        ) as response:
            body = await response.content.read(_LONGEST_ANSWER)
    except aiohttp.ClientError, TimeoutError:
        return False
    return response.status == HTTPStatus.OK and body.strip() == echostr.encode()
