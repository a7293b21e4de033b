"""What entries of earlier releases become, and that nothing secret is shown by that."""

from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant

from .dialogs import shown
from .entities import add_product, find, press, set_value
from .helpers import Cloud, make_entry, product
from .test_product_flow import answer, start
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedProduct
from emulator.products import action, parameter, template

OPEN = "SAFE/device-1/open"
# By their ids: those that were secret before 1.2, and those that were not.
WERE_SECRET = {
    "pin": "PIN",
    "id": "密码id",
    "token": "请求标识",
    "passwordHint": "Hint",
    "check_code": "临时密码校验码",
}
WERE_PLAIN = {"UserSig": "User", "code": "校验码", "note": "Note"}
VALUES = {"open": {"pin": "271828", "id": "7"}}


def texts(names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the declarations of text inputs."""
    return [parameter(key, name, type="string") for key, name in names.items()]


@pytest.fixture(autouse=True)
def _safe(cloud: Cloud) -> None:
    """Put the safe into the emulated cloud."""
    add_product(cloud, "SAFE", action("open", "Open", texts(WERE_SECRET | WERE_PLAIN)))


def keep(storage: dict[str, Any], emulated: EmulatedProduct, **more: Any) -> None:
    """Let the data template of a product be stored."""
    data = {
        "templates": {
            emulated.product_id: {
                "model_define": emulated.model_define,
                "update_time": emulated.update_time,
                **more,
            }
        },
        "service_names": {},
    }
    storage[DOMAIN] = {"version": 1, "minor_version": 1, "key": DOMAIN, "data": data}


def entry_of(cloud: Cloud, version: tuple[int, int], **more: Any) -> Any:
    """Return an application with the safe as a release has stored it."""
    settings = product("SAFE", ["device-1"], use_properties=None)
    settings["data"] = {**settings["data"], **more}
    return make_entry(cloud, settings, version=version)


async def load(hass: HomeAssistant, entry: Any) -> dict[str, Any]:
    """Set an application up and return what its product has stored then."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    (subentry,) = entry.subentries.values()
    return dict(subentry.data)


def with_entity(hass: HomeAssistant) -> set[str]:
    """Return the inputs that have an entity."""
    return {
        key
        for key in WERE_SECRET | WERE_PLAIN
        if find(hass, "text", f"{OPEN}/{key}") is not None
    }


async def test_stored_template(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """What was secret stays so with its values, and no entity comes or goes."""
    keep(hass_storage, cloud.emulator.products["SAFE"])
    entry = entry_of(cloud, (1, 1), secret_inputs=VALUES)
    data = await load(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.version, entry.minor_version) == (2, 1)
    assert entry.title == "Home"
    assert entry.data == cloud.entry_data()
    assert data == {
        "product_id": "SAFE",
        "all_devices": False,
        "devices": ["device-1"],
        "timestamp_unit": "milliseconds",
        "secret": sorted(f"open/{key}" for key in WERE_SECRET),
        "plain": ["open/UserSig", "open/code"],
        "secret_inputs": VALUES,
    }
    assert with_entity(hass) == WERE_PLAIN.keys()
    values = {
        "open": {**VALUES["open"], "token": "t", "passwordHint": "h", "check_code": "c"}
    }
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**data, "secret_inputs": values}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    for key in WERE_PLAIN:
        await set_value(hass, "text", f"{OPEN}/{key}", "x")
    await press(hass, OPEN)
    plain = dict.fromkeys(WERE_PLAIN, "x")
    assert cloud.executed == [("device-1", "open", values["open"] | plain)]


async def test_renamed_later(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """What nobody has chosen becomes secret if it is called so from now on."""
    keep(hass_storage, cloud.emulator.products["SAFE"])
    cloud.emulator.products["SAFE"].template = template(
        "SAFE", action("open", "Open", texts({"note": "开门密码", "UserSig": "User"}))
    )
    await load(hass, entry_of(cloud, (1, 1)))
    assert with_entity(hass) == {"UserSig"}


async def test_actions_that_are_gone(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """An action that the template has lost may come back with its secrets."""
    gone = cloud.emulator.products["SAFE"].model_define
    add_product(cloud, "SAFE", action("close", "Close"))
    keep(hass_storage, cloud.emulator.products["SAFE"], gone=gone)
    data = await load(hass, entry_of(cloud, (1, 1)))
    assert data["secret"] == sorted(f"open/{key}" for key in WERE_SECRET)


async def test_no_stored_template(hass: HomeAssistant, cloud: Cloud) -> None:
    """What has a value is secret; the rest is judged by today's words."""
    data = await load(hass, entry_of(cloud, (1, 1), secret_inputs=VALUES))
    assert data["secret"] == ["open/id", "open/pin"]
    assert data["plain"] == []
    assert with_entity(hass) == {"token", "passwordHint", "note"}


async def test_chosen_before(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """What a person chose while the application was disabled is not judged again."""
    keep(hass_storage, cloud.emulator.products["SAFE"])
    entry = entry_of(cloud, (1, 1), secret_inputs=VALUES)
    entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    # A stored value is a secret, whatever the words say.
    assert {"open/pin", "open/id"} <= set(shown(flow)["secret_inputs"])
    flow = await answer(hass, flow, shown(flow) | {"secret_inputs": ["open/note"]})
    await answer(hass, flow, {})
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.version == 2
    (subentry,) = entry.subentries.values()
    assert subentry.data["secret"] == ["open/note"]
    assert "secret_inputs" not in subentry.data
    assert with_entity(hass) == (WERE_SECRET | WERE_PLAIN).keys() - {"note"}


@pytest.mark.parametrize("version", [(1, 2), (1, 3), (2, 1), (2, 2)])
async def test_products_stay(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_storage: dict[str, Any],
    version: tuple[int, int],
) -> None:
    """A product whose secrets were chosen, or that stores a little more, stays as it is."""
    keep(hass_storage, cloud.emulator.products["SAFE"])
    entry = entry_of(cloud, version, sleeps=True)
    data = await load(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.version, entry.minor_version) == max(version, (2, 1))
    assert entry.data == cloud.entry_data()
    assert data == {
        **product("SAFE", ["device-1"], use_properties=None)["data"],
        "sleeps": True,
    }


async def test_later_version(hass: HomeAssistant, cloud: Cloud) -> None:
    """An entry of a later release is not touched, and cannot be used."""
    entry = entry_of(cloud, (3, 1))
    await load(hass, entry)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR
    assert cloud.emulator.journal == []


async def test_dialogs_of_a_later_version(hass: HomeAssistant, cloud: Cloud) -> None:
    """No dialog changes an entry of a later release, which may store what is not known."""
    entry = entry_of(cloud, (3, 1))
    before = await load(hass, entry), dict(entry.data)
    (subentry_id,) = entry.subentries
    flows = (
        await entry.start_reconfigure_flow(hass),
        await start(hass, entry),
        await start(hass, entry, subentry_id),
    )
    for flow in flows:
        assert (flow["type"], flow["reason"]) == ("abort", "later_version")
    (subentry,) = entry.subentries.values()
    assert (subentry.data, entry.data) == before
    assert cloud.emulator.journal == []
