"""What the tests of the client share: a client of the emulated cloud."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from emulator.server import APP_KEY, APP_SECRET
from tests.helpers import Cloud


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session of its own."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(cloud: Cloud, session: aiohttp.ClientSession) -> TencentIotClient:
    """Return a client that the emulated cloud knows."""
    return TencentIotClient(session, APP_KEY, APP_SECRET, cloud.emulator.endpoint)
