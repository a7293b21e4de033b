"""What the tests of the client share: a client of the emulated cloud."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from custom_components.tencent_iot_explorer.api.transport import TimeLimits
from emulator.service_api import APP_KEY, APP_SECRET
from tests.helpers import Cloud


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session of its own."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def service_api(cloud: Cloud) -> ServiceApi:
    """Return the interface of the emulated cloud, with keys that it knows."""
    return ServiceApi(APP_KEY, APP_SECRET, cloud.emulator.endpoint)


@pytest.fixture
def client(
    session: aiohttp.ClientSession, service_api: ServiceApi, time_limits: TimeLimits
) -> TencentIotClient:
    """Return a client that the emulated cloud knows."""
    return TencentIotClient(session, service_api, limits=time_limits)
