"""One call at a time: the integration's ways beside the limit and beside `rest_command`."""

import json
import sys

from homeassistant.components.button import DATA_COMPONENT as BUTTON_COMPONENT
from homeassistant.components.event import DATA_COMPONENT
from homeassistant.core import HomeAssistant, ServiceCall

from .fleet import LARGE, SMALL, device_names
from .home import (
    DOMAIN,
    account_data,
    add_account,
    add_application,
    application_data,
    entity_id,
    lift_pace,
    product,
    run,
)
from .report import Row, rows_to_text
from .turns import Way, medians, service, take_turns
from .yardsticks import (
    OF_ACCOUNT,
    RAW,
    YardstickButton,
    YardstickEvent,
    cloud_api,
    nothing,
    raw_post,
    send,
    service_api,
    signed_request,
)
from custom_components.tencent_iot_explorer.account.client import client_for
from custom_components.tencent_iot_explorer.account.request_counts import Origin
from custom_components.tencent_iot_explorer.account.session import cloud_session

REPEATS = 500
REST = "rest_command with a ready body"
# What ours are compared with, of the same parts, and what they measure with some room.
TO_RAW, TO_PRESS, TO_CALL = (
    "raw",
    "raw + input_button.press + one state write",
    "raw + an empty service + one state write",
)
TARGETS = {
    "our client": (TO_RAW, 2.1),
    "button.press": (TO_PRESS, 2.1),
    "product service": (TO_CALL, 2.7),
    "generic service": (TO_CALL, 2.5),
    f"our client{OF_ACCOUNT}": (TO_RAW, 2.9),
    f"button.press{OF_ACCOUNT}": (TO_PRESS, 2.5),
    f"product service{OF_ACCOUNT}": (TO_CALL, 3.3),
}
BARE = {
    "a bare client: sign, post, decode": TO_RAW,
    "a bare service: sign, post, decode, report": TO_CALL,
    "a bare button: sign, post, decode, report": TO_PRESS,
    REST: TO_RAW,
}
MOST_OF_REST = 2.5


def ways_of_ours(
    hass: HomeAssistant, data: dict[str, str], product_id: str
) -> dict[str, Way]:
    """Return what is measured with either key."""
    client = client_for(hass, data)
    device = f"{product_id}/device-0001"
    button = entity_id(hass, "button", f"{device}/feed")
    return {
        "our client": lambda: client.call_device_action_async(
            product_id, "device-0001", "feed", {"portions": 3}, origin=Origin.SERVICE
        ),
        "button.press": service(hass, "button", "press", entity_id=button),
        "product service": service(
            hass, DOMAIN, f"{product_id.lower()}_feed", device_id=device, portions=3
        ),
    }


async def async_ways(
    hass: HomeAssistant, cloud: str, event: YardstickEvent
) -> dict[str, Way]:
    """Return everything that is timed, by its name."""
    session = cloud_session(hass)
    backend = service_api(f"{cloud}/0/api")
    of_account = cloud_api(f"{cloud}/0/")

    async def bare() -> None:
        """Sign a request, post it and decode the reply, and nothing else."""
        json.loads(await send(session, signed_request(backend)))

    async def bare_and_report(call: ServiceCall | None = None) -> None:
        """Do that, and report its outcome."""
        await bare()
        event.report()

    async def write() -> None:
        """Trigger an event, as one does with what a call returned."""
        event.report()

    hass.services.async_register("bench", "bare", bare_and_report)
    bare_button = YardstickButton(bare_and_report)
    await hass.data[BUTTON_COMPONENT].async_add_entities([bare_button])
    return {
        RAW: raw_post(session, backend),
        f"{RAW}{OF_ACCOUNT}": raw_post(session, of_account),
        "a bare client: sign, post, decode": bare,
        **ways_of_ours(hass, application_data(backend.url), LARGE),
        "generic service": service(
            hass,
            DOMAIN,
            "call_action",
            device_id=f"{LARGE}/device-0001",
            action_id="feed",
            inputs={"portions": 3},
        ),
        **{
            f"{name}{OF_ACCOUNT}": way
            for name, way in ways_of_ours(
                hass, account_data(of_account.url), SMALL[0]
            ).items()
        },
        "a bare service: sign, post, decode, report": service(hass, "bench", "bare"),
        "a bare button: sign, post, decode, report": service(
            hass, "button", "press", entity_id=bare_button.entity_id
        ),
        REST: service(hass, "rest_command", "post"),
        "input_button.press": service(
            hass, "input_button", "press", entity_id="input_button.bench"
        ),
        "an empty service": service(hass, "bench", "nothing"),
        "one state write": write,
    }


def rows_of_calls(seconds: dict[str, float]) -> list[Row]:
    """Return the rows for single calls."""
    write = seconds["one state write"]
    beside = {
        TO_RAW: 0,
        TO_PRESS: seconds["input_button.press"] + write,
        TO_CALL: seconds["an empty service"] + write,
    }

    def row(name: str) -> Row:
        """Return the row of a way."""
        against, target = TARGETS.get(name, (BARE.get(name, ""), None))
        raw = seconds[f"{RAW}{OF_ACCOUNT}" if name.endswith(OF_ACCOUNT) else RAW]
        return Row(
            group="one call",
            name=name,
            value=seconds[name] * 1e6,
            unit="µs",
            ratio=seconds[name] / (raw + beside[against]) if against else None,
            against=against,
            target=target,
            is_yardstick=name not in TARGETS,
        )

    of_rest = Row(
        group="one call",
        name="product service",
        value=seconds["product service"] * 1e6,
        unit="µs",
        ratio=seconds["product service"] / seconds[REST],
        against=REST,
        target=MOST_OF_REST,
    )
    return [*(row(name) for name in seconds), of_rest]


async def measure(hass: HomeAssistant, cloud: str) -> list[Row]:
    """Return all rows of single calls."""
    lift_pace()
    hass.services.async_register("bench", "nothing", nothing)
    await add_application(hass, f"{cloud}/0/api", product(LARGE, device_names(1)))
    await add_account(hass, f"{cloud}/0/", product(SMALL[0], device_names(1)))
    event = YardstickEvent()
    await hass.data[DATA_COMPONENT].async_add_entities([event])
    ways = await async_ways(hass, cloud, event)
    return rows_of_calls(medians(await take_turns(ways, REPEATS)))


def main(cloud: str) -> None:
    """Print the rows."""
    endpoint = f"{cloud}/0/api"
    body = signed_request(service_api(endpoint)).body.decode()
    more = f"""
input_button:
  bench:
rest_command:
  post:
    url: {endpoint}
    method: post
    content_type: application/json
    payload: '{body}'
"""
    print(rows_to_text(run(lambda hass: measure(hass, cloud), more)))


if __name__ == "__main__":
    main(sys.argv[1])
