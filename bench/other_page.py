"""Another page of the Home Assistant that is measured, which asks while others work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
import json
import sys

from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant

from .page import Answers


class Page:
    """The page, as seen by the process of Home Assistant."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take the process of the page."""
        assert process.stdin
        assert process.stdout
        self._input, self._output = process.stdin, process.stdout

    async def read(self) -> str:
        """Return the next line that the page prints."""
        return (await self._output.readline()).decode().strip()

    async def begin(self) -> None:
        """Let it ask from now on; returns with its first answer."""
        self._input.write(b"begin\n")
        await self.read()

    async def end(self) -> Answers:
        """Let it ask no more, and return how long its answers took."""
        self._input.write(b"end\n")
        return Answers(**json.loads(await self.read()))


@asynccontextmanager
async def other_page(hass: HomeAssistant) -> AsyncIterator[Page]:
    """Open another page, which is ready to ask."""
    user = await hass.auth.async_create_user("Bench", group_ids=[GROUP_ID_ADMIN])
    token = await hass.auth.async_create_refresh_token(
        user,
        client_name="Bench",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=timedelta(days=1),
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.page",
        f"http://127.0.0.1:{hass.http.server_port}/api/websocket",
        hass.auth.async_create_access_token(token),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    page = Page(process)
    await page.read()
    yield page
    await process.wait()
