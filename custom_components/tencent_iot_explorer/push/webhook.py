"""The webhook that the cloud pushes to.

Its id is all that protects it, so no line of any log has the id, the address, headers or
what is in a body. Home Assistant logs the id for what a webhook refuses or raises.
"""

import asyncio
from http import HTTPStatus
import logging
import time
import traceback

from aiohttp.hdrs import METH_POST
from aiohttp.http import HttpProcessingError
from aiohttp.web import Request, RequestPayloadError, Response

from homeassistant.components.webhook import (
    SUPPORTED_METHODS,
    async_register,
    async_unregister,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..account.client import has_account_key
from ..api import MOST_PUSH_BYTES, handshake_answer, is_signed, parse_push
from ..const import CONF_PUSH, DOMAIN
from ..runtime import TencentIotConfigEntry
from .handshakes import async_note_handshake
from .receiver import Receiver
from .traffic import MessageOutcome, async_traffic

_LOGGER = logging.getLogger(__name__)
# The cloud is many times faster.
_MOST_SECONDS = 10
_BROKEN = (OSError, HttpProcessingError, RequestPayloadError, TimeoutError)
# By the id of their entry.
_WEBHOOKS: HassKey[dict[str, Webhook]] = HassKey(f"{DOMAIN}.webhooks")


class Webhook:
    """Takes what the cloud sends for an entry.

    It stays while the entry is unloaded, and lets the cloud send again then. Messages are
    signed if there is a `token`.
    """

    token: str | None = None

    def __init__(
        self, hass: HomeAssistant, entry: TencentIotConfigEntry, webhook_id: str
    ) -> None:
        """Begin with no message that came before."""
        self.webhook_id = webhook_id
        self._entry = entry
        self._traffic = async_traffic(hass, entry.entry_id)
        self._receiver = Receiver(hass, entry)

    async def async_handle(
        self, hass: HomeAssistant, webhook_id: str, request: Request
    ) -> Response:
        """Answer a request of whoever knows the address; raises nothing."""
        if self.token and not is_signed(request.headers, self.token, self._now):
            self._traffic.async_note(MessageOutcome.REFUSED)
            return Response(status=HTTPStatus.FORBIDDEN)
        if request.method != METH_POST:
            return self._answer_handshake(hass, request)
        body = await _async_read(request)
        if body is None:
            self._traffic.async_note(MessageOutcome.REFUSED)
            return Response(status=HTTPStatus.BAD_REQUEST)
        if self._entry.state is not ConfigEntryState.LOADED:
            return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return await self._async_take(hass, body)

    @property
    def _now(self) -> float:
        """Return the cloud's time in seconds since 1970, as far as it is known."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return time.time()
        return self._entry.runtime_data.client.clock.cloud_now()

    def _answer_handshake(self, hass: HomeAssistant, request: Request) -> Response:
        """Send back what the cloud tells by that it reached us, if it wants that."""
        answer = handshake_answer(request.headers)
        if answer is None:
            return Response()
        async_note_handshake(hass, answer)
        self._traffic.reached.set()
        return Response(text=answer)

    async def _async_take(self, hass: HomeAssistant, body: bytes) -> Response:
        """Take a message; a failure of ours is logged without anything of it."""
        task = self._entry.async_create_task(
            hass, self._async_receive(body), "pushed message"
        )
        await asyncio.wait((task,))
        if task.cancelled():
            return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if err := task.exception():
            _LOGGER.error(
                "A pushed message led to %s:\n%s",
                type(err).__name__,
                "".join(traceback.format_tb(err.__traceback__)),
            )
        else:
            self._traffic.async_note(task.result())
        return Response()

    async def _async_receive(self, body: bytes) -> MessageOutcome:
        """Let what a message says be shown, if it is one."""
        message = parse_push(body, int(self._now * 1000))
        if message is None:
            return MessageOutcome.IGNORED
        return await self._receiver.async_take(message)


@callback
def async_register_webhook(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    webhook_id: str,
    token: str | None = None,
) -> None:
    """Let what comes to a webhook, and to no other, be for an entry."""
    webhooks = hass.data.setdefault(_WEBHOOKS, {})
    webhook = webhooks.get(entry.entry_id)
    if webhook is None or webhook.webhook_id != webhook_id:
        if webhook:
            async_unregister(hass, webhook.webhook_id)
        webhook = webhooks[entry.entry_id] = Webhook(hass, entry, webhook_id)
        async_register(
            hass,
            DOMAIN,
            entry.title,
            webhook_id,
            webhook.async_handle,
            allowed_methods=SUPPORTED_METHODS,
        )
    webhook.token = token


@callback
def async_unregister_webhook(
    hass: HomeAssistant, entry_id: str, webhook_id: str
) -> None:
    """Let nothing more come to a webhook, unless the entry has another one by now."""
    webhooks = hass.data.get(_WEBHOOKS, {})
    if entry_id in webhooks and webhooks[entry_id].webhook_id == webhook_id:
        del webhooks[entry_id]
        async_unregister(hass, webhook_id)


@callback
def async_register_stored(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Register the webhook of an entry that has pushes.

    One that a dialog has registered for another stays: nothing is stored of it yet.
    """
    if entry.options.get(CONF_PUSH):
        # The rules that we write for an account have no token.
        has_token = not has_account_key(entry.data)
        token = entry.options.get(CONF_TOKEN) if has_token else None
        async_register_webhook(hass, entry, entry.options[CONF_WEBHOOK_ID], token)


async def _async_read(request: Request) -> bytes | None:
    """Return a body, none if it is too long, broken or does not come.

    A request by way of Home Assistant Cloud has another `content` each time.
    """
    content, body = request.content, bytearray()
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            while len(body) <= MOST_PUSH_BYTES:
                part = await content.read(MOST_PUSH_BYTES + 1 - len(body))
                if not part:
                    return bytes(body)
                body += part
    except _BROKEN:
        pass
    return None
