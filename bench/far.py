"""A proxy that makes a server on this machine far away, in a process of its own.

It prints its port and ends with its standard input.
"""

import asyncio
import contextlib
import sys

from emulator.proxy import DelayingProxy


async def main(port: str, milliseconds: str) -> None:
    """Delay what passes to and from a port until the standard input ends."""
    async with DelayingProxy(int(port), int(milliseconds) / 1000) as own:
        print(own, flush=True)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:]))
