"""Nothing leaks from a cloud that repeats all it was sent, wherever Home Assistant shows it."""

from collections.abc import Callable
import json
import logging
import traceback
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component

from .entities import add_product
from .helpers import Cloud, button, poll, refresh, set_up, with_both_keys
from .test_product_flow import answer, start
from .test_secrets import (
    KEY,
    OPEN,
    PASSWORD,
    SECRET,
    everything_written,
    safe,
    signed_with,
    use_key,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault, JournalEntry
from emulator.echoes import FORMS, POSITIONS, Position, quotes, traces
from emulator.products import template

READS: tuple[Position, ...] = (
    *(POSITIONS[name] for name in ("device list", "firmware", "size of a chunk")),
    POSITIONS["text of a number"],
    lambda echo: Fault(
        payload={
            "Model": {
                "ModelDefine": json.dumps(
                    template("SAFE", OPEN | {"name": f"Open {echo}", "desc": echo})
                ),
            }
        }
    ),
    lambda echo: Fault(payload={"Error": {"Code": f"AuthFailure.{echo}"}}),
    lambda echo: Fault(payload={"Error": {"Code": "AuthFailure", "Message": echo}}),
    lambda echo: Fault(payload={"Error": {"Code": "Mystery", "Message": echo}}),
)
# One for each way in which what the cloud says of an action is kept.
ACTIONS = (
    *("end of a code", "message", "RequestId of an error", "RequestId", "ClientToken"),
    *("Status", "text of a failed Status", "outputs", "status line"),
    *("reply that breaks off", "too many requests"),
)


def echoes(position: Position) -> Callable[[JournalEntry], Fault]:
    """Return what answers each request by all its secrets in all forms, at one position."""

    def echo(entry: JournalEntry) -> Fault:
        """Repeat a request, as far as the forms of it fit into a header."""
        known = quotes(entry, [SECRET, *of_action(entry)])
        short = [text for text in known if len(text) < 40]
        return position(
            " ".join(form(text) for form in FORMS.values() for text in short)
        )

    return echo


def of_action(entry: JournalEntry) -> list[str]:
    """Return the secret input of a request, if it is one for an action."""
    return [PASSWORD] if "InputParams" in entry.parameters else []


async def press_from_a_page(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, unique_id: str
) -> str:
    """Press a button as the frontend does, and return what that is shown."""
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "call_service",
            "domain": "button",
            "service": "press",
            "service_data": {"entity_id": button(hass, unique_id)},
        }
    )
    return json.dumps(await client.receive_json(), ensure_ascii=False)


async def answer_of(hass: HomeAssistant, *, reply: bool) -> str:
    """Return what a call of the service brings, an error with all that led to it."""
    data = {"device_id": ["SAFE/device-1"], "password": PASSWORD, "times": 2}
    if not reply:
        data["device_id"] = ["SAFE/device-1", "SAFE/device-2"]
    try:
        response = await hass.services.async_call(
            *(DOMAIN, "safe_open", data | {"wait_for_reply": reply}),
            blocking=True,
            return_response=True,
        )
    except HomeAssistantError as err:
        return "".join((*traceback.format_exception(err), repr(vars(err))))
    return json_dumps(response)


async def forms(hass: HomeAssistant, entry: MockConfigEntry) -> list[str]:
    """Return what the dialogs for a product show of what the cloud said."""
    (subentry_id,) = entry.subentries
    changed = await start(hass, entry, subentry_id)
    added = await answer(hass, await start(hass, entry), {"product_id": "OTHER"})
    return [
        repr(
            [
                form.get("errors"),
                form.get("description_placeholders"),
                form.get("reason"),
            ]
        )
        for form in (changed, added)
    ]


@pytest.fixture
async def entry(hass: HomeAssistant, cloud: Cloud) -> MockConfigEntry:
    """Return an application whose product has a secret input with a value."""
    assert await async_setup_component(hass, "system_health", {})
    assert await async_setup_component(hass, "websocket_api", {})
    add_product(cloud, "SAFE", OPEN, devices=2)
    return await set_up(hass, cloud, safe(), **use_key(cloud))


@pytest.fixture
def events(hass: HomeAssistant) -> list[str]:
    """Return a list that everything said on the bus is added to, but calls themselves."""
    said: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        """Note an event."""
        if event.event_type != "call_service":
            said.append(json_dumps(event.as_dict()))

    hass.bus.async_listen(MATCH_ALL, note)
    return said


@with_both_keys
async def test_echoes(
    hass: HomeAssistant,
    cloud: Cloud,
    entry: MockConfigEntry,
    events: list[str],
    hass_ws_client: WebSocketGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Calls and reads with an echo at each position leave no secret anywhere."""
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    # What asks to be left alone ends all reads, and so comes last.
    for read in READS:
        cloud.emulator.choose_fault = echoes(read)
        await poll(hass)
        await refresh(hass)
        shown += await forms(hass, entry)
    for name in ACTIONS:
        cloud.emulator.choose_fault = echoes(POSITIONS[name])
        shown.append(
            await press_from_a_page(hass, hass_ws_client, "SAFE/device-1/open")
        )
        shown += [await answer_of(hass, reply=reply) for reply in (True, False)]
    written = await everything_written(hass, entry, hass_storage, caplog)
    written |= {"shown": "\n".join(shown), "events": "\n".join(events)}
    # What Home Assistant itself notes of a call is what the person typed.
    written["log"] = "\n".join(
        f"{record.getMessage()} {record.exc_text}"
        for record in caplog.records
        if record.name != "homeassistant.core"
    )
    signatures = signed_with(cloud)
    for position, text in written.items():
        for secret in (KEY, SECRET, PASSWORD):
            found = [trace for trace in traces(secret) if trace in text]
            assert found == [], position
        for signature in signatures:
            assert signature not in text, position
    # All that was there to be hidden.
    assert "… …" in written["shown"]
    assert "… …" in written["events"]
    assert "\\u2026 \\u2026" in written["stores"]
    assert "… …" in written["issues"]
    assert "websocket_api.http.connection" in str(
        [record.name for record in caplog.records if record.exc_info]
    )
