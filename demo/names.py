"""What people call devices, and what they say to Assist."""

import asyncio
from collections.abc import Mapping

from .chinese import word
from .home_assistant import INTEGRATION, HomeAssistant


async def name_entries(home: HomeAssistant, names: Mapping[str, str]) -> None:
    """Give entries the titles that people have for them, as far as there are any."""
    for entry in await home.command("config_entries/get", domain=INTEGRATION.name):
        if title := names.get(entry["title"]):
            await home.command(
                "config_entries/update", entry_id=entry["entry_id"], title=title
            )


async def name_devices(home: HomeAssistant, names: Mapping[str, str]) -> None:
    """Give devices the names that people have for them, as far as there are any."""
    for device in await home.command("config/device_registry/list"):
        if name := names.get(device["name"] or ""):
            await home.command(
                "config/device_registry/update",
                device_id=device["id"],
                name_by_user=name,
            )


async def make_speakable(home: HomeAssistant, button: str) -> None:
    """Expose a button to Assist, and give it and its device names that people say."""
    area = await home.command(
        "config/area_registry/create", name=word("Pantry", home.language)
    )
    entity = await home.command("config/entity_registry/get", entity_id=button)
    await home.command(
        "config/device_registry/update",
        device_id=entity["device_id"],
        name_by_user="喂食器",
        area_id=area["area_id"],
    )
    # The empty one stands for the button's own name, which stays in use.
    await home.command(
        "config/entity_registry/update",
        entity_id=button,
        aliases=[None, word("Feed", home.language)],
    )
    await home.command(
        "homeassistant/expose_entity",
        assistants=["conversation"],
        entity_ids=[button],
        should_expose=True,
    )


async def say(home: HomeAssistant, language: str, text: str) -> str:
    """Return what Assist answers, as soon as it knows the sentence."""
    async with asyncio.timeout(30):
        while True:
            reply = await home.post(
                "/api/conversation/process", {"text": text, "language": language}
            )
            response = reply["response"]
            if response["response_type"] != "error":
                break
            await asyncio.sleep(0.2)
    answer = str(response["speech"]["plain"]["speech"])
    print(f"  {text}  ->  {answer}")
    return answer
