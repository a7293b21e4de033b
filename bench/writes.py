"""Properties that are written: how soon the cloud has the request, and how soon all is done."""

from statistics import median
import sys

from homeassistant.components.event import DATA_COMPONENT
from homeassistant.core import HomeAssistant

from .ask import ask
from .fleet import DOORS, METERS, device_names
from .home import (
    DOMAIN,
    add_account,
    add_application,
    entity_id,
    lift_pace,
    product,
    run,
)
from .report import Row, rows_to_text
from .turns import WARM_UP, Timed, Way, medians, service, take_turns
from .yardsticks import (
    OF_ACCOUNT,
    RAW,
    YardstickEvent,
    cloud_api,
    nothing,
    raw_post,
    service_api,
)
from custom_components.tencent_iot_explorer.account.session import cloud_session

REPEATS = 300
GROUP = "one write"
SWITCH, NUMBER, SERVICE = "switch.turn_on", "number.set_value", "set_properties"
TO_ENTITY = "raw + input_boolean.turn_on + one state write"
TO_SERVICE = "raw + an empty service + one state write"
TO_RAW = "raw, until the cloud has it"
# How much each may take at most until it returns, and until the cloud has the request.
TARGETS = {
    SWITCH: (TO_ENTITY, 1.6, 3.0),
    NUMBER: (TO_ENTITY, 1.6, 2.9),
    SERVICE: (TO_SERVICE, 1.9, 2.9),
    f"{SWITCH}{OF_ACCOUNT}": (TO_ENTITY, 2.15, 3.6),
}


def writes(hass: HomeAssistant, cloud: str) -> dict[str, Way]:
    """Return all that sends something to the cloud, by its name."""
    session = cloud_session(hass)
    return {
        RAW: raw_post(session, service_api(f"{cloud}/0/api")),
        f"{RAW}{OF_ACCOUNT}": raw_post(session, cloud_api(f"{cloud}/0/")),
        SWITCH: service(
            hass,
            "switch",
            "turn_on",
            entity_id=entity_id(
                hass, "switch", f"{METERS}/device-0001/property:power_switch"
            ),
        ),
        NUMBER: service(
            hass,
            "number",
            "set_value",
            entity_id=entity_id(hass, "number", f"{METERS}/device-0001/property:level"),
            value=7,
        ),
        SERVICE: service(
            hass,
            DOMAIN,
            "set_properties",
            device_id=f"{METERS}/device-0001",
            properties={"level": 7},
        ),
        f"{SWITCH}{OF_ACCOUNT}": service(
            hass,
            "switch",
            "turn_on",
            entity_id=entity_id(
                hass, "switch", f"{DOORS}/device-0001/property:power_switch"
            ),
        ),
    }


def until_arrival(
    timed: list[Timed], names: list[str], arrivals: list[float]
) -> dict[str, float]:
    """Return the median seconds until the cloud had the request, of all that sent one."""
    sent = [item for item in timed if item.way in names]
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for item, arrival in zip(sent, arrivals, strict=True):
        assert item.began < arrival < item.ended
        seconds[item.way].append(arrival - item.began)
    return {name: median(values[WARM_UP:]) for name, values in seconds.items()}


def rows_of_writes(
    seconds: dict[str, float], until_cloud: dict[str, float]
) -> list[Row]:
    """Return the rows of writes."""
    write = seconds["one state write"]
    beside = {
        TO_ENTITY: seconds["input_boolean.turn_on"] + write,
        TO_SERVICE: seconds["an empty service"] + write,
    }
    rows: list[Row] = []
    for name, arrival in until_cloud.items():
        raw = f"{RAW}{OF_ACCOUNT}" if name.endswith(OF_ACCOUNT) else RAW
        against, most, most_until_cloud = TARGETS.get(name, ("", None, None))
        until_return = Row(
            group=GROUP,
            name=f"{name}: until it returns",
            value=seconds[name] * 1e6,
            unit="µs",
            ratio=seconds[name] / (seconds[raw] + beside[against]) if against else None,
            against=against,
            target=most,
            is_yardstick=name not in TARGETS,
        )
        until_request = Row(
            group=GROUP,
            name=f"{name}: until the cloud has it",
            value=arrival * 1e6,
            unit="µs",
            ratio=arrival / until_cloud[raw] if against else None,
            against=TO_RAW if against else "",
            target=most_until_cloud,
            is_yardstick=name not in TARGETS,
        )
        rows += [until_return, until_request]
    return rows


async def measure(hass: HomeAssistant, cloud: str) -> list[Row]:
    """Return all rows of writes."""
    lift_pace()
    hass.services.async_register("bench", "nothing", nothing)
    devices = device_names(1)
    meter = product(METERS, devices, use_properties=True)
    door = product(DOORS, devices, use_properties=True)
    await add_application(hass, f"{cloud}/0/api", meter)
    await add_account(hass, f"{cloud}/0/", door)
    await hass.async_block_till_done(wait_background_tasks=True)
    event = YardstickEvent()
    await hass.data[DATA_COMPONENT].async_add_entities([event])

    async def write() -> None:
        """Write a state."""
        event.report()

    ways = writes(hass, cloud)
    beside = {
        "input_boolean.turn_on": service(
            hass, "input_boolean", "turn_on", entity_id="input_boolean.bench"
        ),
        "an empty service": service(hass, "bench", "nothing"),
        "one state write": write,
    }
    await ask(hass, cloud, "arrivals")
    timed = await take_turns(ways | beside, REPEATS)
    answer = await ask(hass, cloud, "arrivals")
    until_cloud = until_arrival(timed, list(ways), answer["arrivals"])
    return rows_of_writes(medians(timed), until_cloud)


def main(cloud: str) -> None:
    """Print the rows."""
    more = "input_boolean:\n  bench:\n"
    print(rows_to_text(run(lambda hass: measure(hass, cloud), more)))


if __name__ == "__main__":
    main(sys.argv[1])
