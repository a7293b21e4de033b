"""Tools for language models: one for each action of a product that is exposed to Assist.

Only imported by the component `llm`, which Home Assistant has since 2026.8.
"""

from collections.abc import Mapping, Sequence
from typing import cast, override

from homeassistant.components.llm import LLMTools
from homeassistant.const import MATCH_ALL
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import llm
from homeassistant.util.json import JsonObjectType

from .account.request_counts import Origin
from .actions.inputs import missing_inputs
from .actions.rights import async_rights
from .actions.run import async_run_on_devices
from .api import ActionReceipt, ActionReply, Text, from_wire, is_of
from .assist.exposed import ASSISTANT, ExposedAction, async_exposed_actions
from .assist.tools import (
    DEVICE,
    chosen_device,
    input_values,
    product_names,
    tool_description,
    tool_name,
    tool_schema,
)
from .assist.words import answer_language, async_words
from .const import DOMAIN
from .errors import async_error_text, inputs_needed
from .product.store import TEMPLATE_STORE

type ActionKey = tuple[str, str]

_NOTE = "Tencent Cloud took the action over. Nobody knows yet whether the device executed it."


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: llm.LLMContext, api_id: str
) -> LLMTools | None:
    """Return a tool for each action that is exposed at this moment."""
    if api_id != llm.LLM_API_ASSIST or llm_context.assistant != ASSISTANT:
        return None
    groups = _by_action(hass)
    if not groups:
        return None
    products, titles = product_names(list(groups.values()))
    tools: list[llm.Tool] = [
        DeviceActionTool(hass, key, exposed, product=product, title=title)
        for (key, exposed), product, title in zip(
            groups.items(), products, titles, strict=True
        )
    ]
    return LLMTools(tools=sorted(tools, key=lambda tool: tool.name))


@callback
def _by_action(hass: HomeAssistant) -> dict[ActionKey, list[ExposedAction]]:
    """Return what is exposed by product and action."""
    groups: dict[ActionKey, list[ExposedAction]] = {}
    for exposed in async_exposed_actions(hass):
        key = (exposed.target.product.product_id, exposed.action.id)
        groups.setdefault(key, []).append(exposed)
    return groups


class DeviceActionTool(llm.Tool):
    """An action that a language model may run on the devices it is exposed for."""

    integration = DOMAIN

    def __init__(
        self,
        hass: HomeAssistant,
        key: ActionKey,
        exposed: Sequence[ExposedAction],
        *,
        product: str,
        title: str,
    ) -> None:
        """Describe the action as it is exposed at this moment."""
        action = exposed[0].action
        self._key = key
        self._action_label = action.label
        self.name = tool_name(hass.data[TEMPLATE_STORE].service_name(*key))
        self.title = title
        self.description = tool_description(exposed, product)
        self.parameters = tool_schema(exposed)
        if hasattr(llm, "ToolAnnotations"):
            # A data template does not say what an action does to the world.
            self.annotations = llm.ToolAnnotations(
                read_only=False, destructive=True, idempotent=False, open_world=True
            )

    @override
    async def async_call(
        self,
        hass: HomeAssistant,
        tool_input: llm.ToolInput,
        llm_context: llm.LLMContext,
    ) -> llm.ToolResult | JsonObjectType:
        """Run the action if it still is exposed, and return how it ended."""
        language = answer_language(_language(hass, llm_context))
        said = str(tool_input.tool_args.get(DEVICE, "–"))
        names = {"action": self._action_label, "device": said}
        exposed = _by_action(hass).get(self._key)
        if not exposed:
            return _failed(
                await async_words(hass, language, "voice_not_exposed", **names)
            )
        try:
            rights = await async_rights(hass, llm_context.context or Context())
            chosen = chosen_device(exposed, tool_input.tool_args, rights)
            names["device"] = chosen.target.label
            return await _async_run(hass, chosen, tool_input.tool_args, llm_context)
        except Unauthorized:
            return _failed(
                await async_words(hass, language, "voice_not_allowed", **names)
            )
        except HomeAssistantError as err:
            return _failed(await async_error_text(hass, err, language))


async def _async_run(
    hass: HomeAssistant,
    exposed: ExposedAction,
    arguments: Mapping[str, object],
    llm_context: llm.LLMContext,
) -> llm.ToolResult | JsonObjectType:
    """Run an action with the arguments, and with what is set for the other inputs.

    A model writes an empty text for what it does not know, so only one that a person has
    set is sent.
    """
    target, action = exposed.target, exposed.action
    chosen = target.product.values_for(target.device_name, action)
    values = {**chosen, **input_values(exposed, arguments)}
    missing = missing_inputs(action, values)
    needed = [
        item
        for item in action.inputs
        if (item.is_secret and item in missing)
        or (
            is_of(item, Text)
            and values.get(item.id) == ""
            and chosen.get(item.id) != ""
        )
    ]
    if needed:
        raise inputs_needed(needed, device=exposed.target.label, action=action)
    ((_, receipt),) = await async_run_on_devices(
        hass,
        [target],
        action.id,
        values,
        context=llm_context.context or Context(),
        origin=Origin.VOICE,
        wait_for_reply=bool(action.outputs),
    )
    return _succeeded(exposed, receipt)


def _succeeded(
    exposed: ExposedAction, receipt: ActionReceipt
) -> llm.ToolResult | JsonObjectType:
    """Return what the device answered, or that it has not."""
    data: dict[str, object] = {"success": True, "status": receipt.status}
    if isinstance(receipt, ActionReply):
        data["outputs"] = from_wire(exposed.action, receipt.outputs)
    else:
        data["note"] = _NOTE
    return _result(data, is_error=False)


def _failed(reason: str) -> llm.ToolResult | JsonObjectType:
    """Return why an action was not executed, or may have been."""
    return _result({"success": False, "error": reason}, is_error=True)


def _result(
    data: Mapping[str, object], *, is_error: bool
) -> llm.ToolResult | JsonObjectType:
    """Return a result in the form that this release of Home Assistant wants."""
    json_data = cast(JsonObjectType, data)
    if hasattr(llm, "ToolResult"):
        return llm.ToolResult(data=json_data, error=is_error)
    return json_data


def _language(hass: HomeAssistant, llm_context: llm.LLMContext) -> str:
    """Return the language of a request, Home Assistant's own if it may be any."""
    language = llm_context.language
    return hass.config.language if language in (None, MATCH_ALL) else language
