"""The data templates on disk."""

from pathlib import Path
from typing import Any

import pytest

from homeassistant.core import HomeAssistant

from .helpers import FEEDER, LOCK, Cloud, button, product, set_up
from custom_components.tencent_iot_explorer.api.models import ModelDefinition
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.product.store import TemplateStore
from emulator.service_api import APP_KEY, APP_SECRET

FEED = '{"actions":[{"id":"feed"}]}'


def contents(**data: Any) -> dict[str, Any]:
    """Return a file as Home Assistant keeps it."""
    return {"version": 1, "minor_version": 1, "key": DOMAIN, "data": data}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"templates": [], "service_names": {}},
        {
            "templates": {"P": {"model_define": 5, "update_time": 1}},
            "service_names": {},
        },
        {"templates": {"P": {"model_define": FEED}}, "service_names": {}},
        {"templates": {}, "service_names": {"P/feed": None}},
    ],
)
async def test_file_that_makes_no_sense(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    data: dict[str, Any],
) -> None:
    """A file that cannot be used is put aside with one warning and fetched anew."""
    hass_storage[DOMAIN] = contents(**data)
    path = Path(hass.config.path(".storage", DOMAIN))
    path.parent.mkdir(exist_ok=True)
    path.write_text("whatever it is that hass_storage stands for")
    await set_up(hass, cloud, FEEDER)
    assert caplog.text.count("put aside") == 1
    assert not path.exists()
    (aside,) = path.parent.glob(f"{DOMAIN}.unreadable.*")
    aside.unlink()
    assert button(hass, "FEEDER2026/kitchen-feeder/feed")
    assert "FEEDER2026" in hass_storage[DOMAIN]["data"]["templates"]


@pytest.mark.parametrize("actions", ["5", "true", '"feed"', "null", "[7]"])
async def test_stored_template_without_a_list(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any], actions: str
) -> None:
    """A data template that once came without a list of actions is no hindrance later."""
    template = {"model_define": f'{{"actions": {actions}}}', "update_time": 1}
    hass_storage[DOMAIN] = contents(
        templates={"FEEDER2026": template}, service_names={}
    )
    await set_up(hass, cloud, FEEDER)
    assert button(hass, "FEEDER2026/kitchen-feeder/feed")


async def test_file_holds_no_secret(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """Neither the key pair nor a device's secrets are in the file."""
    await set_up(hass, cloud, FEEDER, product("LAMP202611", all_devices=True), LOCK)
    text = str(hass_storage[DOMAIN])
    assert "feed" in text
    for secret in (APP_KEY, APP_SECRET, "psk-of", "cert-of", "lora-", "desk-lamp"):
        assert secret not in text


async def test_written_only_when_changed(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """The same template again writes nothing."""
    store = TemplateStore(hass)
    await store.async_load()
    model = ModelDefinition(model_define=FEED, update_time=1)
    await store.async_update("P", model)
    assert DOMAIN in hass_storage
    hass_storage.clear()
    await store.async_update("P", model)
    await store.async_keep_only(["P"])
    await store.async_forget_gone("P")
    assert DOMAIN not in hass_storage


async def test_gone_actions_survive_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """What a template lost is remembered until it comes back or is let go."""

    def model(*ids: str) -> ModelDefinition:
        """Return a data template."""
        actions = ",".join(f'{{"id":"{item}","name":"{item}!"}}' for item in ids)
        return ModelDefinition(
            model_define=f'{{"actions":[{actions}]}}', update_time=len(ids)
        )

    store = TemplateStore(hass)
    await store.async_load()
    await store.async_update("P", model("a", "b", "c"))
    await store.async_update("P", model("a"))
    again = TemplateStore(hass)
    await again.async_load()
    assert list(again.gone("P").actions) == ["b", "c"]
    assert again.gone("P").actions["b"].name == "b!"
    assert again.service_name("P", "b") == "p_b"
    await again.async_update("P", model("a", "c"))
    assert list(again.gone("P").actions) == ["b"]
    await again.async_forget_gone("P")
    assert again.gone("P").actions == {}
    await again.async_update("P", model())
    assert list(again.gone("P").actions) == ["a", "c"]
    await again.async_keep_only([])
    assert again.gone("P").actions == {}
    assert hass_storage[DOMAIN]["data"]["templates"] == {}
