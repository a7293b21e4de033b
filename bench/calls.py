"""One call at a time: the integration's ways beside the limit and beside `rest_command`."""

from collections.abc import Awaitable, Callable
import json
from statistics import median
import sys
import time
from typing import override

from homeassistant.components.button import (
    DATA_COMPONENT as BUTTON_COMPONENT,
    ButtonEntity,
)
from homeassistant.components.event import DATA_COMPONENT, EventEntity
from homeassistant.const import CONTENT_TYPE_JSON
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .fleet import LARGE, device_names
from .home import DOMAIN, add_application, product, run
from .report import Row, rows_to_text
from custom_components.tencent_iot_explorer.account.client import client_for
from custom_components.tencent_iot_explorer.account.request_counts import Origin
from custom_components.tencent_iot_explorer.api import ServiceApi
from emulator.service_api import APP_KEY, APP_SECRET

WARM_UP = 50
REPEATS = 500
GROUP = "one call"

type Way = Callable[[], Awaitable[object]]


def signed_body() -> bytes:
    """Return the body of a signed request."""
    parameters = {
        "ProductId": LARGE,
        "DeviceName": "device-0001",
        "ActionId": "feed",
        "InputParams": '{"portions":3}',
    }
    backend = ServiceApi(APP_KEY, APP_SECRET)
    return backend.sign("CallDeviceActionAsync", parameters, int(time.time())).body


class YardstickEvent(EventEntity):
    """An event entity that does nothing but write its state."""

    _attr_event_types = ["accepted"]
    _attr_name = "Bench"

    @callback
    def report(self) -> None:
        """Trigger an event with as many attributes as ours have."""
        self._trigger_event(
            "accepted", {"action_id": "1", "request": "2", "token": "3", "status": "4"}
        )
        self.async_write_ha_state()


class YardstickButton(ButtonEntity):
    """A button that does nothing but what it is given."""

    _attr_name = "Bare"

    def __init__(self, way: Way) -> None:
        """Keep what a press does."""
        self._way = way

    @override
    async def async_press(self) -> None:
        """Do it."""
        await self._way()


async def async_ways(
    hass: HomeAssistant, endpoint: str, event: YardstickEvent
) -> dict[str, Way]:
    """Return everything that is timed, by its name."""
    session = async_get_clientsession(hass)
    body = signed_body()
    device = f"{LARGE}/device-0001"
    data = {"app_key": APP_KEY, "app_secret": APP_SECRET, "endpoint": endpoint}
    client = client_for(hass, data)
    button = er.async_get(hass).async_get_entity_id("button", DOMAIN, f"{device}/feed")
    assert button

    async def raw() -> None:
        """Post a ready body."""
        async with session.post(
            endpoint, data=body, headers={"Content-Type": CONTENT_TYPE_JSON}
        ) as response:
            await response.read()

    async def bare() -> None:
        """Sign a request, post it and decode the reply, and nothing else."""
        async with session.post(
            endpoint, data=signed_body(), headers={"Content-Type": CONTENT_TYPE_JSON}
        ) as response:
            json.loads(await response.read())

    async def bare_and_report(call: ServiceCall | None = None) -> None:
        """Do that, and report its outcome."""
        await bare()
        event.report()

    hass.services.async_register("bench", "bare", bare_and_report)
    bare_button = YardstickButton(bare_and_report)
    await hass.data[BUTTON_COMPONENT].async_add_entities([bare_button])

    def service(domain: str, name: str, **values: object) -> Way:
        """Return the call of a service."""
        return lambda: hass.services.async_call(domain, name, values, blocking=True)

    async def write() -> None:
        """Trigger an event, as one does with what a call returned."""
        event.report()

    return {
        "raw aiohttp POST of a ready body": raw,
        "a bare client: sign, post, decode": bare,
        "our client": lambda: client.call_device_action_async(
            LARGE, "device-0001", "feed", {"portions": 3}, origin=Origin.SERVICE
        ),
        "button.press": service("button", "press", entity_id=button),
        "product service": service(
            DOMAIN, f"{LARGE.lower()}_feed", device_id=device, portions=3
        ),
        "generic service": service(
            DOMAIN,
            "call_action",
            device_id=device,
            action_id="feed",
            inputs={"portions": 3},
        ),
        "a bare service: sign, post, decode, report": service("bench", "bare"),
        "a bare button: sign, post, decode, report": service(
            "button", "press", entity_id=bare_button.entity_id
        ),
        "rest_command with a ready body": service("rest_command", "post"),
        "input_button.press": service(
            "input_button", "press", entity_id="input_button.bench"
        ),
        "an empty service": service("bench", "nothing"),
        "one state write": write,
    }


async def time_in_turn(timed: dict[str, Way]) -> dict[str, float]:
    """Return the median seconds of each way; they take turns, so that noise hits all."""
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for repeat in range(WARM_UP + REPEATS):
        for name, way in timed.items():
            start = time.perf_counter()
            await way()
            if repeat >= WARM_UP:
                seconds[name].append(time.perf_counter() - start)
    return {name: median(values) for name, values in seconds.items()}


def rows_of_calls(medians: dict[str, float]) -> list[Row]:
    """Return the rows for single calls."""
    raw = medians["raw aiohttp POST of a ready body"]
    write = medians["one state write"]
    pressed = raw + medians["input_button.press"] + write
    called = raw + medians["an empty service"] + write
    rest = medians["rest_command with a ready body"]
    to_raw, to_press, to_call = (
        "raw",
        "raw + input_button.press + one state write",
        "raw + an empty service + one state write",
    )
    compared = {
        "a bare client: sign, post, decode": (raw, to_raw, None),
        "a bare service: sign, post, decode, report": (called, to_call, None),
        "a bare button: sign, post, decode, report": (pressed, to_press, None),
        "our client": (raw, to_raw, 1.25),
        "button.press": (pressed, to_press, 1.15),
        "product service": (called, to_call, 1.15),
        "generic service": (called, to_call, 1.15),
        "rest_command with a ready body": (raw, to_raw, None),
    }
    rows: list[Row] = []
    for name, value in medians.items():
        base, against, target = compared.get(name, (None, "", None))
        rows.append(
            Row(
                group=GROUP,
                name=name,
                value=value * 1e6,
                unit="µs",
                ratio=value / base if base else None,
                against=against,
                target=target,
            )
        )
    service = medians["product service"]
    rows.append(
        Row(
            group=GROUP,
            name="product service",
            value=service * 1e6,
            unit="µs",
            ratio=service / rest,
            against="rest_command with a ready body",
        )
    )
    return rows


async def nothing(call: ServiceCall) -> None:
    """Do nothing."""


async def measure(hass: HomeAssistant, endpoint: str) -> list[Row]:
    """Return all rows of single calls."""
    hass.services.async_register("bench", "nothing", nothing)
    await add_application(hass, endpoint, product(LARGE, device_names(1)))
    event = YardstickEvent()
    await hass.data[DATA_COMPONENT].async_add_entities([event])
    return rows_of_calls(await time_in_turn(await async_ways(hass, endpoint, event)))


def main(endpoint: str) -> None:
    """Print the rows."""
    more = f"""
input_button:
  bench:
rest_command:
  post:
    url: {endpoint}
    method: post
    content_type: application/json
    payload: '{signed_body().decode()}'
"""
    print(rows_to_text(run(lambda hass: measure(hass, endpoint), more)))


if __name__ == "__main__":
    main(f"{sys.argv[1]}/0/api")
