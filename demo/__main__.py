"""Show the whole way from a key to a pressed button, for an account and an application."""

import argparse
import asyncio
import contextlib
import json
from pathlib import Path
import signal
import sys
from typing import Any

from . import chinese
from .dashboard import set_up_dashboard
from .home_assistant import (
    PASSWORD,
    USERNAME,
    HomeAssistant,
    HomeAssistantError,
    free_port,
)
from .names import make_speakable, name_devices, name_entries, say
from .properties import use_properties
from .pushes import refill, use_pushes
from .requests import show, show_change
from emulator import Emulator, ExecutedAction
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.projects import REGION
from emulator.service_api import APP_KEY, APP_SECRET

DOMAIN = "tencent_iot_explorer"
FOLDER = Path(__file__).parents[1] / ".demo"


def executed(emulator: Emulator) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the actions that reached devices."""

    def brief(item: ExecutedAction) -> tuple[str, str, dict[str, Any]]:
        """Return what matters of one action."""
        return item.device_name, item.action_id, item.inputs

    return [brief(item) for item in emulator.executed]


def pick_feeder(step: dict[str, Any]) -> dict[str, Any]:
    """Print the products that were found, and return the choice of one."""
    (field,) = step["data_schema"]
    labels = {
        item["value"]: item["label"] for item in field["selector"]["select"]["options"]
    }
    for label in labels.values():
        print(f"  found: {label}")
    assert "FEEDER2026" in labels
    return {field["name"]: "FEEDER2026"}


async def demonstrate(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Set the integration up, use it, and return what was not as expected."""
    is_chinese = home.language == "zh-Hans"
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
        pick_feeder,
        {"all_devices": False, "devices": ["kitchen-feeder", "balcony-feeder"]},
    )
    entry_id = entry["result"]["entry_id"]
    print("Add product: the lamp and a sensor without any action, all devices of both")
    for product_id in ("LAMP202611", "SENSOR2026"):
        await home.flow(
            {"handler": [entry_id, "product"]},
            {"product_id": product_id},
            {"all_devices": True},
            kind="subentries/flow",
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
    portions = await home.entity_id("number", "FEEDER2026/kitchen-feeder/feed/portions")
    feed = await home.entity_id("button", "FEEDER2026/kitchen-feeder/feed")
    # What is known of a lamp came from the cloud's list, which is read beside all else.
    for device in (
        "DOORLOCK01/front-door",
        "LAMP202611/desk-lamp",
        "LAMP202611/hall-lamp",
    ):
        await home.entity_id("event", device)

    print("\n份数 (portions) is set to 3 and a button is pressed: 喂食 (feed)")
    await home.call("number", "set_value", {"entity_id": portions, "value": 3})
    await home.call("button", "press", {"entity_id": feed})
    print("A service is called: 清洗食盆 (clean the bowl)")
    await home.call(
        DOMAIN, "feeder2026_clean_bowl", {"device_id": "FEEDER2026/kitchen-feeder"}
    )
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
        "text": chinese.word("Good evening", home.language),
        "colour": chinese.word("Blue", home.language),
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
    ring = await home.entity_id("button", "DOORLOCK01/front-door/ring")
    await home.call("button", "press", {"entity_id": ring})
    await home.call(DOMAIN, "doorlock01_ring", {"device_id": "DOORLOCK01/front-door"})
    for request in emulator.journal[seen:]:
        show_change(request)

    problems = await use_properties(home, emulator)
    problems += await use_pushes(home, emulator, entry_id)

    print("\nThe button is exposed to Assist, and two people speak to it")
    if is_chinese:
        await name_entries(home, chinese.NAMES)
        await name_devices(home, chinese.NAMES)
    await make_speakable(home, feed)
    request = chinese.word("Feed two portions in the pantry.", home.language)
    answers = [
        await say(home, "zh-CN" if is_chinese else "en", request),
        await say(home, "zh-CN", "喂食器喂食四份"),
    ]
    print("\nA dashboard is made of the cards that get_action_reference returns")
    await set_up_dashboard(home)

    await emulator.forwarder.done()
    print("\nHome Assistant is restarted")
    await home.restart()
    await home.entity_id("number", "FEEDER2026/kitchen-feeder/feed/portions")
    kept = (await home.get(f"/api/states/{portions}"))["state"]
    event = await home.entity_id("event", "FEEDER2026/kitchen-feeder")
    outcome = (await home.get(f"/api/states/{event}"))["attributes"]["event_type"]
    print(f"  份数 still shows {kept}, and the last outcome is: {outcome}")
    await refill(home, emulator)

    wanted = [
        ("kitchen-feeder", "feed", {"portions": 3}),
        ("kitchen-feeder", "cleanBowl", {}),
        (
            "desk-lamp",
            "echo",
            inputs | {"power": 1, "colour": 2, "effect": "calm", "moment": 1795435200},
        ),
        ("front-door", "ring", {}),
        ("front-door", "ring", {}),
        ("kitchen-feeder", "feed", {"portions": 10}),
        ("kitchen-feeder", "feed", {"portions": 4}),
        ("kitchen-feeder", "cleanBowl", {}),
        ("kitchen-feeder", "feed", {"portions": 2}),
        ("kitchen-feeder", "feed", {"portions": 4}),
    ]
    problems += [
        problem
        for entry in emulator.journal
        for problem in (*entry.flaws, *entry.deviations)
    ]
    if executed(emulator) != wanted:
        problems.append(f"executed was {executed(emulator)}, wanted {wanted}")
    if "hall-lamp" not in refusal:
        problems.append("the offline device brought no error that names it")
    sent = "已发送：喂食器 的 喂食。"
    if answers != [sent if is_chinese else "Sent: 喂食 on 喂食器.", sent]:
        problems.append(f"Assist answered {answers}")
    if (kept, outcome) != ("3", "replied"):
        problems.append(f"after the restart: {kept} portions, {outcome}")
    repairs = await home.command("repairs/list_issues")
    problems += [
        f"a repair asks for something: {repair['domain']}, {repair['issue_id']}"
        for repair in repairs["issues"]
    ]
    own = f"[custom_components.{DOMAIN}"
    problems += [
        f"in the log: {line}"
        for line in home.log.splitlines()
        if own in line and (" WARNING " in line or " ERROR " in line)
    ]
    return problems


async def main(arguments: argparse.Namespace) -> int:
    """Run the demonstration and return the exit code."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    home = HomeAssistant(FOLDER, arguments.port or free_port(), arguments.language)
    async with Emulator() as emulator:
        if arguments.language == "zh-Hans":
            chinese.translate(emulator.products.values())
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
                emulator.on_request = show_change
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
