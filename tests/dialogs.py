"""The dialogs as tests use them: from the first menu on, as a browser fills them."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section

from .helpers import Cloud
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.schema import vol
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.service_api import APP_KEY, APP_SECRET

# White space and characters without a form, of every kind that Unicode knows.
HIDDEN = "\u00a0\u00ad\u200b\u200e\u202a\u2028\u2029\u2060\u2066\u3000\ufeff\U000e0001\x00\t\n"


def key_pair(cloud: Cloud, **changes: Any) -> dict[str, Any]:
    """Return what a person types in the first step."""
    return {
        "app_key": APP_KEY,
        "app_secret": APP_SECRET,
        "product_id": "FEEDER2026",
        "advanced": {"endpoint": cloud.emulator.endpoint},
    } | changes


async def start(hass: HomeAssistant, kind: str = "application") -> str:
    """Open the dialog for a kind of key and return its id."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "user"
    assert result["menu_options"] == ["account", "application"]
    result = await answer(hass, result["flow_id"], {"next_step_id": kind})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == kind
    assert not result["errors"]
    return result["flow_id"]


async def answer(hass: HomeAssistant, flow_id: str, data: dict[str, Any]) -> Any:
    """Answer a step."""
    result = await hass.config_entries.flow.async_configure(flow_id, data)
    await hass.async_block_till_done()
    return result


def suggested(result: Any) -> dict[str, Any]:
    """Return what a form suggests."""
    return {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
        if key.description and "suggested_value" in key.description
    }


def shown(result: Any) -> dict[str, Any]:
    """Return what a browser fills a form with: what is suggested comes before defaults.

    Those of a section are looked for inside it, unless it has a default of its own.
    """

    def fill(schema: vol.Schema) -> dict[str, Any]:
        """Return the values of one level."""
        values: dict[str, Any] = {}
        for key, field in schema.schema.items():
            if key.description and "suggested_value" in key.description:
                values[str(key)] = key.description["suggested_value"]
            elif not isinstance(key.default, vol.Undefined):
                values[str(key)] = key.default()
            elif isinstance(field, section):
                values[str(key)] = fill(field.schema)
        return values

    return fill(result["data_schema"])


def options(result: Any, field: str) -> dict[str, str]:
    """Return what can be chosen in a field, with the words of each."""
    listed = result["data_schema"].schema[field].config["options"]
    return {option["value"]: option["label"] for option in listed}


def account_key(cloud: Cloud, **changes: Any) -> dict[str, Any]:
    """Return what a person types of the key of an account."""
    return {
        "secret_id": SECRET_ID,
        "secret_key": SECRET_KEY,
        "region": "ap-guangzhou",
        "advanced": {"endpoint": cloud.emulator.cloud_endpoint},
    } | changes


async def replace_flow(
    hass: HomeAssistant, entry: Any, source: str, kind: str = "application"
) -> Any:
    """Open the dialog that replaces the key of an entry by one of a kind."""
    if source == "reauth":
        result = await entry.start_reauth_flow(hass)
        assert result["step_id"] == "reauth_confirm"
    else:
        result = await entry.start_reconfigure_flow(hass)
        assert result["step_id"] == "reconfigure"
    assert result["type"] is FlowResultType.MENU
    step_id = f"replace_{kind}"
    assert step_id in result["menu_options"]
    result = await answer(hass, result["flow_id"], {"next_step_id": step_id})
    assert result["step_id"] == step_id
    return result


def new_pair(cloud: Cloud, **changes: Any) -> dict[str, Any]:
    """Return what a person types to replace a key pair."""
    typed = key_pair(cloud, app_key="Other", app_secret="OtherSecret") | changes
    del typed["product_id"]
    return typed
