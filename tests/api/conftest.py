"""What the tests of the client share: a client of the emulated cloud."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api.backend import Backend
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.transport import TimeLimits
from tests.api.interfaces import service_api
from tests.helpers import Cloud


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session of its own."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture(autouse=True)
def pace() -> None:
    """Let reads wait for each other as long as in use."""


@pytest.fixture
def backend(request: pytest.FixtureRequest, cloud: Cloud) -> Backend:
    """Return an interface of the emulated cloud, with keys that it knows.

    It is the service API, unless a test runs for each interface.
    """
    return getattr(request, "param", service_api)(cloud.emulator)


@pytest.fixture
def client(
    session: aiohttp.ClientSession, backend: Backend, time_limits: TimeLimits
) -> TencentIotClient:
    """Return a client that the emulated cloud knows."""
    return TencentIotClient(session, backend, limits=time_limits)
