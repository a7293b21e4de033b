"""Run the emulator by itself: python -m emulator --port N."""

import argparse
import asyncio
import contextlib

from .accounts import SECRET_ID, SECRET_KEY
from .forwarding import Forwarded
from .journal import JournalEntry
from .projects import REGION
from .server import Emulator
from .service_api import APP_KEY, APP_SECRET


def show(entry: JournalEntry) -> None:
    """Print one request and its answer."""
    print(f"→ {entry.action} {entry.parameters}", flush=True)
    print(f"← {entry.reply}", flush=True)


def show_message(forwarded: Forwarded) -> None:
    """Print a try to forward a message, without where to."""
    print(f"⇢ {forwarded.rule.name} {forwarded.message}", flush=True)
    print(f"⇠ {forwarded.statuses[-1] or 'not reached'}", flush=True)


async def main(port: int) -> None:
    """Serve until interrupted."""
    async with Emulator(port=port) as emulator:
        emulator.on_request = show
        emulator.forwarder.on_try = show_message
        print(f"endpoint   {emulator.endpoint}")
        print(f"AppKey     {APP_KEY}")
        print(f"AppSecret  {APP_SECRET}")
        print(f"endpoint   {emulator.cloud_endpoint}")
        print(f"SecretId   {SECRET_ID}")
        print(f"SecretKey  {SECRET_KEY}")
        print(f"region     {REGION}")
        for product in emulator.products.values():
            print(f"ProductId  {product.product_id}: {', '.join(product.devices)}")
        print("Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m emulator")
    parser.add_argument("--port", type=int, default=8124)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(parser.parse_args().port))
