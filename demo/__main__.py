"""Show the whole way from a key to a pressed button, for an account and an application."""

import argparse
import asyncio
import contextlib
import json
from pathlib import Path
import signal
import sys
from typing import Any

from .home_assistant import (
    PASSWORD,
    USERNAME,
    HomeAssistant,
    HomeAssistantError,
    free_port,
)
from emulator import Emulator, ExecutedAction, JournalEntry
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.projects import REGION
from emulator.service_api import APP_KEY, APP_SECRET

DOMAIN = "tencent_iot_explorer"
FOLDER = Path(__file__).parents[1] / ".demo"


def show(entry: JournalEntry) -> None:
    """Print a request and its answer as the cloud saw them."""
    request = json.dumps(entry.parameters, ensure_ascii=False, indent=2)
    print(f"  the cloud received: {entry.action} {request}")
    if authorization := entry.headers.get("Authorization"):
        print(f"  Authorization:      {authorization}")
    print(f"  string to sign:     {entry.string_to_sign!r}")
    print(f"  the cloud answered: {entry.reply}", flush=True)


def show_action(entry: JournalEntry) -> None:
    """Print a request if it runs an action."""
    if entry.call.startswith("CallDeviceAction"):
        show(entry)


def executed(emulator: Emulator) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the actions that reached devices."""

    def brief(item: ExecutedAction) -> tuple[str, str, dict[str, Any]]:
        """Return what matters of one action."""
        return item.device_name, item.action_id, item.inputs

    return [brief(item) for item in emulator.executed]


async def demonstrate(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Set the integration up, use it, and return what was not as expected."""
    print(
        "\nThe key of an account: SecretId, SecretKey, region; then a product that was"
    )
    print("found, and two of its devices")
    entry = await home.flow(
        {"handler": DOMAIN},
        {"next_step_id": "account"},
        {
            "secret_id": SECRET_ID,
            "secret_key": SECRET_KEY,
            "region": REGION,
            "advanced": {"endpoint": emulator.cloud_endpoint},
        },
        {"product_id": "FEEDER2026"},
        {
            "product_name": "宠物喂食器",
            "all_devices": False,
            "devices": ["kitchen-feeder", "balcony-feeder"],
        },
    )
    entry_id = entry["result"]["entry_id"]
    print("Add product: the lamp, all devices")
    await home.flow(
        {"handler": [entry_id, "product"]},
        {"product_id": "LAMP202611"},
        {"product_name": "Lamp", "all_devices": True},
        subentry=True,
    )
    print("The key of an application, as a second entry: AppKey, AppSecret, ProductId")
    await home.flow(
        {"handler": DOMAIN},
        {"next_step_id": "application"},
        {
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "product_id": "DOORLOCK01",
            "advanced": {"endpoint": emulator.endpoint},
        },
        {"product_name": "门锁", "all_devices": False, "devices": ["front-door"]},
    )
    portions = await entity_id(
        home, "number", "FEEDER2026/kitchen-feeder/feed/portions"
    )
    feed = await entity_id(home, "button", "FEEDER2026/kitchen-feeder/feed")
    # What is known of a lamp came from the cloud's list, which is read beside all else.
    for device in (
        "DOORLOCK01/front-door",
        "LAMP202611/desk-lamp",
        "LAMP202611/hall-lamp",
    ):
        await entity_id(home, "event", device)

    print("\n份数 (portions) is set to 3 and a button is pressed: 喂食 (feed)")
    await home.call("number", "set_value", {"entity_id": portions, "value": 3})
    await home.call("button", "press", {"entity_id": feed})
    for request in emulator.requests("CallDeviceActionAsync"):
        show(request)

    print(
        "\nA service is called with inputs and waits for the reply: echo of desk-lamp"
    )
    seen = len(emulator.journal)
    inputs = {
        "power": "1",
        "brightness": 80,
        "warmth": 0.7,
        "text": "Good evening, 晚上好",
        "colour": "Blue",
        "effect": "calm",
        "moment": "2026-11-23 20:00:00",
    }
    reply = await home.call(
        DOMAIN,
        "lamp202611_echo",
        {"device_id": "LAMP202611/desk-lamp", "wait_for_reply": True, **inputs},
        response=True,
    )
    for request in emulator.journal[seen:]:
        show(request)
    response = json.dumps(reply["service_response"], ensure_ascii=False, indent=2)
    print(f"  the service returned: {response}")

    print("\nAnd one that fails: blink of hall-lamp, which is offline")
    refusal = ""
    try:
        await home.call(
            DOMAIN, "lamp202611_blink", {"device_id": "LAMP202611/hall-lamp"}
        )
    except HomeAssistantError as err:
        refusal = str(err)
    print(f"  {refusal}")

    print("\nThe lock of the application rings, by its button and by a service")
    seen = len(emulator.journal)
    ring = await entity_id(home, "button", "DOORLOCK01/front-door/ring")
    await home.call("button", "press", {"entity_id": ring})
    await home.call(DOMAIN, "doorlock01_ring", {"device_id": "DOORLOCK01/front-door"})
    for request in emulator.journal[seen:]:
        show_action(request)

    print("\nThe button is exposed to Assist, and two people speak to it")
    await make_speakable(home, feed)
    answers = [
        await say(home, "en", "Feed two portions in the pantry."),
        await say(home, "zh-CN", "喂食器喂食四份"),
    ]

    print("\nHome Assistant is restarted")
    await home.restart()
    await entity_id(home, "number", "FEEDER2026/kitchen-feeder/feed/portions")
    kept = (await home.get(f"/api/states/{portions}"))["state"]
    event = await entity_id(home, "event", "FEEDER2026/kitchen-feeder")
    outcome = (await home.get(f"/api/states/{event}"))["attributes"]["event_type"]
    print(f"  份数 still shows {kept}, and the last outcome is: {outcome}")

    wanted = [
        ("kitchen-feeder", "feed", {"portions": 3}),
        (
            "desk-lamp",
            "echo",
            inputs | {"power": 1, "colour": 2, "effect": "calm", "moment": 1795435200},
        ),
        ("front-door", "ring", {}),
        ("front-door", "ring", {}),
        ("kitchen-feeder", "feed", {"portions": 2}),
        ("kitchen-feeder", "feed", {"portions": 4}),
    ]
    problems = [
        problem
        for entry in emulator.journal
        for problem in (*entry.flaws, *entry.deviations)
    ]
    if executed(emulator) != wanted:
        problems.append(f"executed was {executed(emulator)}, wanted {wanted}")
    if "hall-lamp" not in refusal:
        problems.append("the offline device brought no error that names it")
    if answers != ["Sent: 喂食 on 喂食器.", "已发送：喂食器 的 喂食。"]:
        problems.append(f"Assist answered {answers}")
    if (kept, outcome) != ("3", "accepted"):
        problems.append(f"after the restart: {kept} portions, {outcome}")
    own = f"[custom_components.{DOMAIN}"
    problems += [
        f"in the log: {line}"
        for line in home.log.splitlines()
        if own in line and (" WARNING " in line or " ERROR " in line)
    ]
    return problems


async def make_speakable(home: HomeAssistant, button: str) -> None:
    """Expose a button to Assist, and give it and its device names that people say."""
    area = await home.command("config/area_registry/create", name="Pantry")
    entity = await home.command("config/entity_registry/get", entity_id=button)
    await home.command(
        "config/device_registry/update",
        device_id=entity["device_id"],
        name_by_user="喂食器",
        area_id=area["area_id"],
    )
    # The empty one stands for the button's own name, which stays in use.
    await home.command(
        "config/entity_registry/update", entity_id=button, aliases=[None, "Feed"]
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


async def entity_id(home: HomeAssistant, domain: str, unique_id: str) -> str:
    """Return the id of an entity, as soon as it is there and has a state."""
    async with asyncio.timeout(30):
        while True:
            states = {state["entity_id"] for state in await home.get("/api/states")}
            for entity in await home.command("config/entity_registry/list"):
                if (
                    entity["platform"] == DOMAIN
                    and entity["unique_id"] == unique_id
                    and entity["entity_id"].startswith(f"{domain}.")
                    and entity["entity_id"] in states
                ):
                    return str(entity["entity_id"])
            await asyncio.sleep(0.2)


async def main(arguments: argparse.Namespace) -> int:
    """Run the demonstration and return the exit code."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    home = HomeAssistant(FOLDER, arguments.port or free_port(), arguments.language)
    async with Emulator() as emulator:
        try:
            print(
                f"Starting the emulated cloud at {emulator.endpoint} and Home Assistant"
            )
            await home.start()
            problems = await demonstrate(home, emulator)
            for problem in problems:
                print(f"NOT AS EXPECTED: {problem}", file=sys.stderr)
            if not arguments.once:
                print(f"\nHome Assistant: {home.url}")
                print(f"Login:          {USERNAME} / {PASSWORD}")
                print(f"SecretId:       {SECRET_ID}")
                print(f"SecretKey:      {SECRET_KEY}")
                print(f"Account endpoint: {emulator.cloud_endpoint}")
                print(f"AppKey:         {APP_KEY}")
                print(f"AppSecret:      {APP_SECRET}")
                print(f"Application endpoint: {emulator.endpoint}")
                print(f"ProductIds:     {', '.join(emulator.products)}")
                print("Ctrl-C ends all of it.", flush=True)
                emulator.on_request = show_action
                await ended.wait()
        finally:
            await home.stop()
    if not problems:
        print("\nEverything was as expected.")
    return 1 if problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop at the end")
    parser.add_argument("--port", type=int, help="the port of Home Assistant")
    parser.add_argument("--language", default="en", help="en or zh-Hans")
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(main(parser.parse_args())))
