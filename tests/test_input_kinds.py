"""Which inputs have an entity, and which of these are disabled at first."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .entities import add_product, find, press, registered, set_value
from .helpers import LOCK, Cloud, product, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, parameter

PLATFORMS = ("number", "select", "text", "datetime")


def platforms_of(hass: HomeAssistant, unique_id: str) -> list[str]:
    """Return the kinds of the entities that an input has."""
    return [platform for platform in PLATFORMS if find(hass, platform, unique_id)]


async def test_no_known_type(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action with an input of no known type has its service and nothing else."""
    entry = await set_up(hass, cloud, LOCK)
    assert find(hass, "button", "DOORLOCK01/front-door/setSchedule") is None
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert not [item for item in entities if "setSchedule" in item.unique_id]
    await hass.services.async_call(
        DOMAIN,
        "doorlock01_set_schedule",
        {"device_id": "DOORLOCK01/front-door", "schedule": {"day": 1}},
        blocking=True,
    )
    assert cloud.executed == [
        ("front-door", "setSchedule", {"schedule": {"day": 1}}),
    ]


@pytest.mark.parametrize(
    "define", [{"type": "array"}, {"type": "struct"}, {"type": "string", "min": "256"}]
)
async def test_one_that_no_entity_can_hold(
    hass: HomeAssistant, cloud: Cloud, define: dict[str, Any]
) -> None:
    """Beside such an input the others have no entity either, as nothing would send them."""
    inputs = [parameter("easy", "Easy", type="int"), parameter("x", "X", **define)]
    add_product(cloud, "ODD", action("do", "Do", inputs), action("be", "Be"))
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    assert find(hass, "button", "ODD/device-1/be")
    assert find(hass, "button", "ODD/device-1/do") is None
    assert platforms_of(hass, "ODD/device-1/do/easy") == []
    assert platforms_of(hass, "ODD/device-1/do/x") == []
    assert hass.services.has_service(DOMAIN, "odd_do")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("userPassword", "User"),
        ("wifi_pwd", "WLAN"),
        ("passcode", "Door"),
        ("pin", "Door"),
        ("PIN", "Door"),
        ("simPINCode", "Door"),
        ("pin2", "Door"),
        ("clientSecret", "Client"),
        ("APIToken", "API"),
        ("x", "The door's PIN"),
        ("x", "密码"),
        ("x", "开门密码"),
        ("x", "口令"),
        ("x", "短信验证码"),
        ("UserSig", "User"),
        ("PrivateMapKey", "Room"),
        ("check_code", "校验码"),
        ("check_code", "Door"),
        ("x", "WiFi密码"),
        ("x", "新密码（6位数字）"),
        ("x", "Password (8 to 16 characters)"),
        ("x", "PIN码"),
        ("x", "ＰＩＮ"),
        ("x", "密碼"),
        ("wifipassword", "WLAN"),
        ("wifiPassWord", "WLAN"),
        ("pincode", "Door"),
        ("checkcode", "Door"),
        ("verifycode", "Door"),
        ("usersig", "User"),
        ("apikey", "API"),
        ("x", "秘钥"),
        ("x", "私钥"),
        ("token", "Token"),
    ],
)
async def test_secret(hass: HomeAssistant, cloud: Cloud, key: str, name: str) -> None:
    """A secret stands in no state, so that the button asks for the service."""
    inputs = [
        parameter("level", "Level", type="int", start="2"),
        parameter(key, name, type="string", min="0"),
    ]
    add_product(cloud, "SAFE", action("open", "Open", inputs))
    await set_up(hass, cloud, product("SAFE", ["device-1"]))
    assert platforms_of(hass, f"SAFE/device-1/open/{key}") == []
    assert platforms_of(hass, "SAFE/device-1/open/level") == ["number"]
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, "SAFE/device-1/open")
    assert raised.value.translation_key == "inputs_needed_secret"
    placeholders = raised.value.translation_placeholders
    assert placeholders
    assert placeholders["inputs"] == f"{name} ({key})"
    assert cloud.executed == []
    await hass.services.async_call(
        DOMAIN, "safe_open", {"device_id": "SAFE/device-1", key: "8"}, blocking=True
    )
    assert cloud.executed == [("device-1", "open", {"level": 2, key: "8"})]


@pytest.mark.parametrize(
    ("key", "name", "define", "platform"),
    [
        ("pinned", "Pinned", {"type": "string"}, "text"),
        ("spin", "Spin", {"type": "string"}, "text"),
        ("tokenizer", "Tokenizer", {"type": "string"}, "text"),
        ("shopping", "Secretary", {"type": "string"}, "text"),
        ("note", "备注", {"type": "string"}, "text"),
        ("id", "密码id", {"type": "string"}, "text"),
        ("token", "请求标识", {"type": "string"}, "text"),
        ("x", "Token（请求标识）", {"type": "string"}, "text"),
        ("password_length", "Length", {"type": "string"}, "text"),
        ("keyName", "Monkey", {"type": "string"}, "text"),
        ("hotkey", "Pass the word", {"type": "string"}, "text"),
        ("zipCode", "Zip code", {"type": "string"}, "text"),
        ("code", "1234", {"type": "string"}, "text"),
        ("pin", "密码", {"type": "int"}, "number"),
        ("password", "Password", {"type": "bool"}, "select"),
    ],
)
async def test_no_secret(
    hass: HomeAssistant,
    cloud: Cloud,
    key: str,
    name: str,
    define: dict[str, Any],
    platform: str,
) -> None:
    """A secret's word inside another one, before others, or at no text, is no secret."""
    add_product(cloud, "SAFE", action("do", "Do", [parameter(key, name, **define)]))
    await set_up(hass, cloud, product("SAFE", ["device-1"]))
    assert platforms_of(hass, f"SAFE/device-1/do/{key}") == [platform]


async def test_system_action(hass: HomeAssistant, cloud: Cloud) -> None:
    """Button and inputs of the cloud's own actions are there, but disabled."""
    inputs = [
        parameter("count", "Count", type="int", start="1"),
        parameter("text", "Text", type="string"),
        parameter("kind", "Kind", type="bool"),
        parameter("time", "Time", type="timestamp"),
    ]
    add_product(
        cloud, "SYS", action("_sys_next", "Next", inputs), action("sys_on", "On")
    )
    await set_up(hass, cloud, product("SYS", ["device-1"]))
    unique_id = "SYS/device-1/_sys_next"
    entities = [
        registered(hass, "button", unique_id),
        registered(hass, "number", f"{unique_id}/count"),
        registered(hass, "text", f"{unique_id}/text"),
        registered(hass, "select", f"{unique_id}/kind"),
        registered(hass, "datetime", f"{unique_id}/time"),
    ]
    by_integration = er.RegistryEntryDisabler.INTEGRATION
    assert [entity.disabled_by for entity in entities] == [by_integration] * 5
    assert registered(hass, "button", "SYS/device-1/sys_on").disabled_by is None
    assert hass.services.has_service(DOMAIN, "sys_sys_next")


@pytest.mark.parametrize("all_devices", [True, False])
@pytest.mark.parametrize(("count", "disabled"), [(50, False), (51, True)])
async def test_many_devices(
    hass: HomeAssistant, cloud: Cloud, count: int, disabled: bool, all_devices: bool
) -> None:
    """With many devices, numbers that need nobody are disabled, and begin at their start."""
    inputs = [
        parameter("level", "Level", type="int", start="2"),
        parameter("free", "Free", type="int"),
        parameter("text", "Text", type="string"),
    ]
    names = add_product(cloud, "BIG", action("do", "Do", inputs), devices=count)
    picked = [] if all_devices else names
    await set_up(hass, cloud, product("BIG", picked, all_devices=all_devices))
    unique_id = f"BIG/device-{count}/do"
    level = registered(hass, "number", f"{unique_id}/level")
    assert (level.disabled_by is er.RegistryEntryDisabler.INTEGRATION) is disabled
    assert registered(hass, "number", f"{unique_id}/free").disabled_by is None
    assert registered(hass, "text", f"{unique_id}/text").disabled_by is None
    assert registered(hass, "button", unique_id).disabled_by is None
    await set_value(hass, "number", f"{unique_id}/free", 4)
    await set_value(hass, "text", f"{unique_id}/text", "Hi")
    await press(hass, unique_id)
    assert cloud.executed == [
        (f"device-{count}", "do", {"level": 2, "free": 4, "text": "Hi"})
    ]
