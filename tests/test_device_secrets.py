"""Secret inputs of one device: set, cleared and sent in place of those of all devices."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr

from .dialogs import (
    answer as answer_application,
    key_pair,
    options,
    shown,
    start as start_application,
)
from .entities import add_product, change_template, press
from .helpers import FEEDER, Cloud, device_id, poll, product, refresh, set_up
from .test_gone_actions import answer as answer_repair, fix
from .test_gone_devices import device_issue
from .test_product_flow import answer, start
from emulator import EmulatedDevice, Fault
from emulator.products import action, parameter

PIN = "Open (open): PIN (pin)"
NOTE = "Open (open): Note (note)"
OPEN = action(
    "open", "Open", [parameter("pin", "PIN", type="string", min="4", max="8")]
)
FIRST, SECOND = "device-1", "device-2"
SET = "**These are set:**\n\n"
KEPT = "**These are kept as you typed them; leave their fields empty:**\n\n"


@pytest.fixture(autouse=True)
def _safe(cloud: Cloud) -> None:
    """Put two safes into the emulated cloud."""
    add_product(cloud, "SAFE", OPEN, devices=2)


async def set_up_safes(
    hass: HomeAssistant,
    cloud: Cloud,
    *,
    devices: tuple[str, ...] = (FIRST, SECOND),
    all_devices: bool = False,
    **values: dict[str, str],
) -> Any:
    """Set the safes up, with values by `all` and by DeviceName, and return the entry."""
    settings = product(
        "SAFE", () if all_devices else devices, all_devices=all_devices, title="Safe"
    )
    of_all = values.pop("all", None)
    data = {**settings["data"]}
    if of_all:
        data["secret_inputs"] = {"open": of_all}
    if values:
        data["device_secret_inputs"] = {
            name.replace("_", "-"): {"open": of_device}
            for name, of_device in values.items()
        }
    settings["data"] = data
    return await set_up(hass, cloud, settings)


async def open_secrets(hass: HomeAssistant, entry: Any, **chosen: Any) -> Any:
    """Open the dialog of the product, and go on to its secret inputs."""
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    flow = await answer(hass, flow, shown(flow) | chosen)
    assert flow["step_id"] == "secrets"
    return flow


def stored(entry: Any) -> tuple[Any, Any]:
    """Return the values that are stored for all devices, and for single ones."""
    (subentry,) = entry.subentries.values()
    data = subentry.data
    return data.get("secret_inputs"), data.get("device_secret_inputs")


def of(value: str) -> dict[str, dict[str, str]]:
    """Return how a value of the PIN is stored."""
    return {"open": {"pin": value}}


def fields(flow: Any) -> list[str]:
    """Return the fields of a form."""
    return [str(key) for key in flow["data_schema"].schema]


def state(flow: Any) -> str:
    """Return what the form says that is set and kept."""
    return str(flow["description_placeholders"]["state"])


async def opened_with(hass: HomeAssistant, cloud: Cloud, name: str) -> str:
    """Press the button of a device, and return the PIN that was sent."""
    await press(hass, f"SAFE/{name}/open")
    device, _, inputs = cloud.executed[-1]
    assert device == name
    return str(inputs["pin"])


async def test_two_codes(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each lock gets its own code in one dialog; the value of all is for the others."""
    entry = await set_up_safes(hass, cloud)
    lock = dr.async_get(hass).async_get(device_id(hass, entry, FIRST))
    assert lock
    dr.async_get(hass).async_update_device(lock.id, name_by_user="Front *door*")
    await hass.async_block_till_done(wait_background_tasks=True)
    flow = await open_secrets(hass, entry)
    assert fields(flow) == ["device", PIN, "further_device"]
    assert options(flow, "device") == {
        "*": "All devices",
        FIRST: "Front *door* · online",
        SECOND: "device-2 · online",
    }
    assert shown(flow) == {"device": "*", "further_device": False}
    assert state(flow) == "Nothing is set yet."
    flow = await answer(
        hass, flow, {"device": FIRST, PIN: "1111", "further_device": True}
    )
    assert flow["step_id"] == "secrets"
    assert not flow["errors"]
    assert shown(flow) == {"clear": [], "further_device": False}
    whom = "Front \\*door\\*"
    assert state(flow) == f"{SET}- Open \\(open\\): PIN \\(pin\\) · {whom}"
    assert stored(entry) == (None, None)
    flow = await answer(hass, flow, {PIN: "2222"})
    assert flow["errors"] == {"device": "no_device_chosen"}
    assert state(flow).endswith(f"{KEPT}- Open \\(open\\): PIN \\(pin\\)")
    assert "2222" not in str(flow) + str(shown(flow))
    flow = await answer(hass, flow, {"device": SECOND})
    assert flow["reason"] == "reconfigure_successful"
    assert stored(entry) == (None, {FIRST: of("1111"), SECOND: of("2222")})
    assert await opened_with(hass, cloud, FIRST) == "1111"
    assert await opened_with(hass, cloud, SECOND) == "2222"
    flow = await open_secrets(hass, entry)
    assert "1111" not in str(flow)
    assert options(flow, "clear") == {
        f"{FIRST}/open/pin": f"{PIN} · Front *door*",
        f"{SECOND}/open/pin": f"{PIN} · device-2",
    }
    # The simple way is that for all devices.
    result = await answer(hass, flow, {PIN: "3333", "clear": [f"{FIRST}/open/pin"]})
    assert result["reason"] == "reconfigure_successful"
    assert stored(entry) == (of("3333"), {SECOND: of("2222")})
    assert await opened_with(hass, cloud, FIRST) == "3333"
    assert await opened_with(hass, cloud, SECOND) == "2222"
    assert not [item for item in hass.states.async_all() if "2222" in str(item)]
    flow = await open_secrets(hass, entry)
    assert list(options(flow, "clear").values()) == [
        f"{PIN} · All devices",
        f"{PIN} · device-2",
    ]
    cleared = list(options(flow, "clear"))
    flow = await answer(hass, flow, {"clear": cleared[:1], "further_device": True})
    # Nothing is typed, so it is for nobody.
    assert list(options(flow, "clear")) == cleared[1:]
    await answer(hass, flow, {"clear": cleared[1:]})
    assert stored(entry) == (None, None)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, f"SAFE/{FIRST}/open")
    assert raised.value.translation_key == "inputs_needed_secret"


async def test_first_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """The dialog that adds a key asks the same, before anything is registered."""
    flow_id = await start_application(hass)
    await answer_application(hass, flow_id, key_pair(cloud, product_id="SAFE"))
    flow = await answer_application(
        hass, flow_id, {"product_name": "Safe", "devices": [FIRST, SECOND]}
    )
    assert list(options(flow, "device")) == ["*", FIRST, SECOND]
    result = await answer_application(hass, flow_id, {"device": SECOND, PIN: "2222"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert stored(result["result"]) == (None, {SECOND: of("2222")})


async def test_one_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where there is no choice nobody is asked for a device, and what is set is cleared."""
    entry = await set_up_safes(hass, cloud, devices=(FIRST,))
    flow = await open_secrets(hass, entry)
    assert fields(flow) == [PIN]
    await answer(hass, flow, {PIN: "1111"})
    assert stored(entry) == (of("1111"), None)
    flow = await open_secrets(hass, entry)
    assert fields(flow) == [PIN, "clear"]
    assert state(flow) == f"{SET}- Open \\(open\\): PIN \\(pin\\)"
    assert options(flow, "clear") == {"*/open/pin": PIN}
    await answer(hass, flow, {"clear": ["*/open/pin"]})
    assert stored(entry) == (None, None)


async def test_one_device_with_a_value_of_its_own(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """What is set for the only device can still be changed and cleared."""
    entry = await set_up_safes(hass, cloud, devices=(FIRST,), device_1={"pin": "1111"})
    flow = await open_secrets(hass, entry)
    assert fields(flow) == ["device", PIN, "clear", "further_device"]
    await answer(hass, flow, {"device": FIRST, PIN: "4444"})
    assert stored(entry) == (None, {FIRST: of("4444")})
    flow = await open_secrets(hass, entry)
    await answer(hass, flow, {"clear": [f"{FIRST}/open/pin"], PIN: "5555"})
    assert stored(entry) == (of("5555"), None)


async def test_last_own_value_cleared(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who clears the last value of a single device and goes on can still set one."""
    entry = await set_up_safes(hass, cloud, devices=(FIRST,), device_1={"pin": "1111"})
    flow = await open_secrets(hass, entry)
    flow = await answer(
        hass, flow, {"clear": [f"{FIRST}/open/pin"], "further_device": True}
    )
    flow = await answer(hass, flow, {PIN: "2222"})
    assert flow["errors"] == {"device": "no_device_chosen"}
    flow = await answer(hass, flow, {"device": FIRST})
    assert flow["reason"] == "reconfigure_successful"
    assert stored(entry) == (None, {FIRST: of("2222")})


async def test_all_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of a product that is followed as a whole, any device that is known can be chosen."""
    entry = await set_up_safes(hass, cloud, all_devices=True, device_2={"pin": "2222"})
    flow = await open_secrets(hass, entry)
    assert list(options(flow, "device")) == ["*", FIRST, SECOND]
    assert not flow["data_schema"].schema["device"].config["custom_value"]
    with pytest.raises(InvalidData):
        await answer(hass, flow, {"device": "device-3", PIN: "3333"})
    await answer(hass, flow, {"device": FIRST, PIN: "1111"})
    assert stored(entry) == (None, {FIRST: of("1111"), SECOND: of("2222")})
    assert await opened_with(hass, cloud, FIRST) == "1111"


async def test_device_that_the_list_has_not(hass: HomeAssistant, cloud: Cloud) -> None:
    """In a fleet that is too large to list a device is typed, and asked for."""
    cloud.expect("ResourceNotFound.DeviceNotExist", "InvalidParameterValue")
    devices = cloud.emulator.products["SAFE"].devices
    devices |= {
        f"safe-{index}": EmulatedDevice(name=f"safe-{index}") for index in range(600)
    }
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start(hass, entry)
    flow = await answer(hass, flow, {"product_id": "SAFE"})
    flow = await answer(hass, flow, {"product_name": "Safe", "all_devices": True})
    assert len(options(flow, "device")) == 501
    typed = {"device": "nobody", PIN: "1111", "further_device": True}
    flow = await answer(hass, flow, typed)
    assert flow["errors"] == {"device": "devices_not_found"}
    assert flow["description_placeholders"]["devices"] == "nobody"
    assert shown(flow) == {"device": "nobody", "further_device": True}
    flow = await answer(hass, flow, typed | {"device": "坏的", PIN: ""})
    assert flow["errors"] == {"device": "devices_not_found"}
    flow = await answer(hass, flow, {"device": " safe-599\u200b"})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    (safe,) = (item for item in entry.subentries.values() if item.title == "Safe")
    assert safe.data["device_secret_inputs"] == {"safe-599": of("1111")}


async def test_list_that_is_denied(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where the key may not list devices, names are taken; what is registered is offered."""
    cloud.access = "account"
    entry = await set_up_safes(hass, cloud, all_devices=True)
    (account,) = cloud.emulator.cloud_api.accounts.values()
    account.denied = {"GetDeviceList", "DescribeDevice"}
    cloud.expect(account.denial)
    flow = await open_secrets(hass, entry)
    assert options(flow, "device") == {
        "*": "All devices",
        FIRST: "device-1",
        SECOND: "device-2",
    }
    await answer(hass, flow, {"device": "device-3", PIN: "3333"})
    assert stored(entry) == (None, {"device-3": of("3333")})


async def test_value_that_is_not_allowed(hass: HomeAssistant, cloud: Cloud) -> None:
    """A wrong value is refused at its field; all else that was typed is kept."""
    change_template(
        cloud,
        "SAFE",
        action(
            "open", "Open", [*OPEN["input"], parameter("note", "Note", type="string")]
        ),
    )
    entry = await set_up_safes(hass, cloud)
    flow = await open_secrets(hass, entry, secret_inputs=["open/pin", "open/note"])
    typed = {"device": FIRST, PIN: "123", NOTE: "hidden note", "further_device": True}
    flow = await answer(hass, flow, typed)
    assert flow["errors"] == {PIN: "secret_not_allowed"}
    assert flow["description_placeholders"]["input"] == PIN
    assert shown(flow) == {"device": FIRST, "further_device": True}
    assert state(flow).endswith(f"{KEPT}- Open \\(open\\): Note \\(note\\)")
    flow = await answer(hass, flow, {"device": SECOND, PIN: "1" * 70000})
    assert flow["errors"] == {PIN: "too_long"}
    assert "hidden note" not in str(flow)
    result = await answer(hass, flow, {"device": SECOND, PIN: "2222"})
    assert result["reason"] == "reconfigure_successful"
    both = {"open": {"pin": "2222", "note": "hidden note"}}
    assert stored(entry) == (None, {SECOND: both})


async def test_value_that_is_not_allowed_any_more(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """What the data template forbids since is asked for, by device, and what fits stays."""
    entry = await set_up_safes(
        hass, cloud, all={"pin": "1234"}, device_2={"pin": "271828"}
    )
    shorter = parameter("pin", "PIN", type="string", min="1", max="4")
    change_template(cloud, "SAFE", action("open", "Open", [shorter]))
    await refresh(hass)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, f"SAFE/{SECOND}/open")
    assert "271828" not in str(raised.value.translation_placeholders)
    flow = await open_secrets(hass, entry)
    flow = await answer(hass, flow, {"device": FIRST, PIN: "1111"})
    assert flow["errors"] == {PIN: "secret_not_allowed"}
    assert flow["description_placeholders"]["input"] == f"{PIN} · device-2"
    assert shown(flow)["device"] == SECOND
    assert "271828" not in str(flow)
    await answer(hass, flow, shown(flow) | {PIN: "2222"})
    assert stored(entry) == (of("1234"), {FIRST: of("1111"), SECOND: of("2222")})


async def test_becomes_plain(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of an input that is no secret any more nothing is kept, for no device."""
    entry = await set_up_safes(hass, cloud, device_2={"pin": "2222"})
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    # A value was stored for it, so it is one whatever its words say.
    assert shown(flow)["secret_inputs"] == ["open/pin"]
    result = await answer(hass, flow, shown(flow) | {"secret_inputs": []})
    assert result["reason"] == "reconfigure_successful"
    assert stored(entry) == (None, None)


async def test_not_chosen_any_more(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that is not chosen loses its values, and they are not spoken of."""
    entry = await set_up_safes(
        hass, cloud, all_devices=True, device_1={"pin": "1111"}, device_2={"pin": "22"}
    )
    # What was stored for the other is none that the template allows.
    flow = await open_secrets(hass, entry, all_devices=False, devices=[FIRST])
    assert list(options(flow, "device")) == ["*", FIRST]
    assert list(options(flow, "clear")) == [f"{FIRST}/open/pin"]
    assert SECOND not in state(flow)
    result = await answer(hass, flow, {})
    assert result["reason"] == "reconfigure_successful"
    assert stored(entry) == (None, {FIRST: of("1111")})


@pytest.mark.parametrize("typed", ["", "3333"])
@pytest.mark.parametrize("replaces", [True, False])
async def test_replaced_in_the_dialog(
    hass: HomeAssistant, cloud: Cloud, typed: str, replaces: bool
) -> None:
    """A device that takes the place of another has its values, unless it got its own."""
    entry = await set_up_safes(hass, cloud, device_2={"pin": "2222"})
    devices = cloud.emulator.products["SAFE"].devices
    del devices[SECOND]
    devices["another"] = EmulatedDevice(name="another")
    flow = await open_secrets(hass, entry, devices=[FIRST, "another"])
    value = {"device": "another", PIN: typed}
    flow = await answer(hass, flow, value if typed else {})
    assert flow["step_id"] == "replace"
    result = await answer(hass, flow, {"new_device": "another"} if replaces else {})
    assert result["reason"] == "reconfigure_successful"
    expected = typed or ("2222" if replaces else "")
    assert stored(entry)[1] == ({"another": of(expected)} if expected else None)


async def test_replaced_by_one_that_had_a_value(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A value that the other device has is its own, also where it was stored before."""
    entry = await set_up_safes(
        hass, cloud, another={"pin": "1111"}, device_2={"pin": "2222"}
    )
    devices = cloud.emulator.products["SAFE"].devices
    del devices[SECOND]
    devices["another"] = EmulatedDevice(name="another")
    flow = await open_secrets(hass, entry, devices=[FIRST, "another"])
    flow = await answer(hass, flow, {})
    await answer(hass, flow, {"new_device": "another"})
    assert stored(entry) == (None, {"another": of("1111")})


async def let_go_of(hass: HomeAssistant, cloud: Cloud, name: str) -> None:
    """Take a device out of the cloud, and let that be noticed."""
    del cloud.emulator.products["SAFE"].devices[name]
    for _ in range(2):
        await poll(hass)


async def test_replaced_by_a_repair(hass: HomeAssistant, cloud: Cloud) -> None:
    """The device that takes the place of one that is gone opens with the same code."""
    entry = await set_up_safes(
        hass, cloud, device_1={"pin": "1111"}, device_2={"pin": "2222"}
    )
    cloud.emulator.products["SAFE"].devices["device-3"] = EmulatedDevice(
        name="device-3"
    )
    await let_go_of(hass, cloud, SECOND)
    flow = await fix(hass, device_issue(hass, SECOND))
    flow = await answer_repair(hass, flow, {"next_step_id": "replace"})
    await answer_repair(hass, flow, {"new_device": "device-3"})
    assert stored(entry) == (None, {FIRST: of("1111"), "device-3": of("2222")})
    assert await opened_with(hass, cloud, "device-3") == "2222"


@pytest.mark.parametrize("all_devices", [True, False])
async def test_gone_from_the_cloud(
    hass: HomeAssistant, cloud: Cloud, all_devices: bool
) -> None:
    """With a device that is removed go its values, and nobody else's."""
    entry = await set_up_safes(
        hass,
        cloud,
        all_devices=all_devices,
        all={"pin": "3333"},
        device_1={"pin": "1111"},
        device_2={"pin": "2222"},
    )
    await let_go_of(hass, cloud, SECOND)
    if not all_devices:
        flow = await fix(hass, device_issue(hass, SECOND))
        flow = await answer_repair(hass, flow, {"next_step_id": "confirm"})
        await answer_repair(hass, flow, {})
    assert stored(entry) == (of("3333"), {FIRST: of("1111")})


async def test_hidden_in_errors(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """What the cloud repeats of a device's own value is hidden."""
    cloud.expect("Mystery")
    await set_up_safes(hass, cloud, device_1={"pin": "271828"})
    cloud.emulator.faults.append(Fault(code="Mystery", message="pin 271828 refused"))
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, f"SAFE/{FIRST}/open")
    assert raised.value.translation_placeholders
    assert raised.value.translation_placeholders["message"] == "pin … refused"
    assert "271828" not in caplog.text


async def test_device_without_a_value(hass: HomeAssistant, cloud: Cloud) -> None:
    """The device that has no value of its own, where there is none for all, is named."""
    await set_up_safes(hass, cloud, device_1={"pin": "1111"})
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, f"SAFE/{SECOND}/open")
    assert raised.value.translation_key == "inputs_needed_secret"
    assert raised.value.translation_placeholders
    assert raised.value.translation_placeholders["device"] == SECOND
    assert "PIN" in raised.value.translation_placeholders["inputs"]
    assert cloud.executed == []


async def test_equal_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """Inputs that would be called the same are told apart, and each has its value."""
    change_template(
        cloud,
        "SAFE",
        action("foo", "foo", [parameter("q", "z (p): w", type="string")]),
        action("p", "foo: z", [parameter("q", "w", type="string")]),
    )
    entry = await set_up_safes(hass, cloud, devices=(FIRST,))
    flow = await open_secrets(hass, entry, secret_inputs=["foo/q", "p/q"])
    name = "foo: z (p): w (q)"
    assert fields(flow) == [f"{name} (foo/q)", f"{name} (p/q)"]
    await answer(hass, flow, {f"{name} (foo/q)": "1", f"{name} (p/q)": "2"})
    assert stored(entry) == ({"foo": {"q": "1"}, "p": {"q": "2"}}, None)


async def test_many_values(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of many values the text names some, and the field that clears them all."""
    names = add_product(cloud, "SAFE", OPEN, devices=12)
    values: Any = {name.replace("-", "_"): {"pin": "1111"} for name in names}
    entry = await set_up_safes(hass, cloud, devices=tuple(names), **values)
    flow = await open_secrets(hass, entry)
    lines = state(flow).splitlines()
    assert len(lines) == 13
    assert lines[-1] == "- …"
    assert len(options(flow, "clear")) == 12
