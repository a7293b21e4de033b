"""What all tests share: the emulated cloud, and Home Assistant with this integration."""

from collections.abc import AsyncIterator

import pytest

from .emulator import Emulator
from .helpers import Cloud


@pytest.fixture(autouse=True)
def _integration_is_found(enable_custom_integrations: None) -> None:
    """Let Home Assistant load this integration."""


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncIterator[Cloud]:
    """Run the emulated cloud, and at the end insist on flawless requests."""
    async with Emulator() as emulator:
        cloud = Cloud(emulator)
        yield cloud
        cloud.assert_flawless()
