"""Text inputs that nobody has set, and such as are empty because somebody chose that."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    async_mock_restore_state_shutdown_restart,
)
import yaml

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .entities import (
    action_reference,
    press,
    restore,
    set_up_input,
    set_value,
    state_of,
)
from .helpers import Cloud
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.errors import async_error_text

DO = "ODD/device-1/do"
X = f"{DO}/x"
SENT = [("device-1", "do", {"x": ""})]
MAY_BE_EMPTY: list[dict[str, Any]] = [
    {},
    {"max": "9"},
    {"min": "0"},
    {"min": "0", "max": "2048"},
    {"min": "-3", "max": "undefined"},
]
may_be_empty = pytest.mark.parametrize("limits", MAY_BE_EMPTY, ids=repr)
each_length = pytest.mark.parametrize(
    "limits", [*MAY_BE_EMPTY, {"min": "1"}, {"min": "6", "max": "6"}], ids=repr
)


async def assert_unset(hass: HomeAssistant, cloud: Cloud) -> None:
    """Insist that nothing is shown, and that a press is refused with the input's name."""
    assert state_of(hass, "text", X).state == ""
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, DO)
    assert raised.value.translation_key == "inputs_needed"
    assert "X (x)" in await async_error_text(hass, raised.value)
    assert cloud.executed == []


async def restart(hass: HomeAssistant) -> None:
    """Stop and start as far as stored states are concerned."""
    await async_mock_restore_state_shutdown_restart(hass)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@each_length
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_unset(
    hass: HomeAssistant, cloud: Cloud, limits: dict[str, str], language: str
) -> None:
    """A text shows nothing while it is unset, also after a restart, and is not sent."""
    await hass.config.async_update(language=language)
    await set_up_input(hass, cloud, type="string", **limits)
    await assert_unset(hass, cloud)
    await restart(hass)
    await assert_unset(hass, cloud)


@may_be_empty
async def test_confirmed(
    hass: HomeAssistant, cloud: Cloud, limits: dict[str, str]
) -> None:
    """An empty text that a person sets, while it is shown already, is sent from then on."""
    await set_up_input(hass, cloud, type="string", **limits)
    await set_value(hass, "text", X, "")
    assert state_of(hass, "text", X).state == ""
    await press(hass, DO)
    await restart(hass)
    assert state_of(hass, "text", X).state == ""
    await press(hass, DO)
    assert cloud.executed == SENT * 2


async def test_emptied(hass: HomeAssistant, cloud: Cloud) -> None:
    """A text that was written and then deleted is empty by choice."""
    await set_up_input(hass, cloud, type="string")
    await set_value(hass, "text", X, "a")
    await set_value(hass, "text", X, "")
    await press(hass, DO)
    assert cloud.executed == SENT


@pytest.mark.parametrize("before", ["", "abcdef"])
@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"min": "1"}, "must not be empty."),
        ({"min": "6", "max": "6"}, "must have exactly 6 characters."),
    ],
    ids=repr,
)
async def test_must_not_be_empty(
    hass: HomeAssistant, cloud: Cloud, limits: dict[str, str], words: str, before: str
) -> None:
    """An empty text is refused by name where the template has a minimum."""
    await set_up_input(hass, cloud, type="string", **limits)
    if before:
        await set_value(hass, "text", X, before)
    with pytest.raises(ServiceValidationError) as raised:
        await set_value(hass, "text", X, "")
    text = await async_error_text(hass, raised.value)
    assert text.startswith("X (x) of Do (do) on device-1 ")
    assert text.endswith(words)
    if before:
        assert state_of(hass, "text", X).state == before
    else:
        await assert_unset(hass, cloud)


@pytest.mark.parametrize(
    "extra", [{"value": None, "is_chosen": False}, {"value": None}], ids=repr
)
async def test_unset_before_the_upgrade(
    hass: HomeAssistant, cloud: Cloud, extra: dict[str, Any]
) -> None:
    """What an earlier release showed as unknown is unset."""
    restore(hass, "text", X, "unknown", extra)
    await set_up_input(hass, cloud, type="string", min="0")
    await assert_unset(hass, cloud)


@may_be_empty
@pytest.mark.parametrize(
    ("service", "inputs"), [("odd_do", False), ("call_action", True)]
)
async def test_services(
    hass: HomeAssistant,
    cloud: Cloud,
    limits: dict[str, str],
    service: str,
    inputs: bool,
) -> None:
    """A service sends the empty text that it is called with, and none by itself."""
    await set_up_input(hass, cloud, type="string", **limits)
    data = {"device_id": "ODD/device-1"} | ({"action_id": "do"} if inputs else {})
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(DOMAIN, service, data, blocking=True)
    assert cloud.executed == []
    data |= {"inputs": {"x": ""}} if inputs else {"x": ""}
    await hass.services.async_call(DOMAIN, service, data, blocking=True)
    assert cloud.executed == SENT
    assert state_of(hass, "text", X).state == ""
    with pytest.raises(ServiceValidationError):
        await press(hass, DO)


@each_length
async def test_example(
    hass: HomeAssistant, cloud: Cloud, limits: dict[str, str]
) -> None:
    """What the reference of actions shows to be copied is never an empty text."""
    await set_up_input(hass, cloud, type="string", **limits)
    reference = await action_reference(hass)
    example = yaml.safe_load(reference["ODD"]["actions"]["do"]["yaml"])
    await hass.services.async_call(
        DOMAIN, "odd_do", example["data"], blocking=True, target=example["target"]
    )
    ((_, _, inputs),) = cloud.executed
    assert set(inputs["x"]) == {"…"}
