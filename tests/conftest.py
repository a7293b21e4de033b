"""What all tests share: the emulated cloud, and Home Assistant with this integration."""

from asyncio import constants
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, replace
from functools import cache
import os
from pathlib import Path
import tempfile
import traceback
from types import SimpleNamespace

from hassil import Sentence, intents
from hypothesis import configuration, settings
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components import cover, light
from homeassistant.core import HomeAssistant
from homeassistant.helpers import service
from homeassistant.helpers.entity import Entity

from .cloudhooks import Cloudhooks
from .gates import Gate
from .helpers import Cloud, ItemClock
from .pushes import go_by_routes, open_home
from custom_components.tencent_iot_explorer import time_slices
from custom_components.tencent_iot_explorer.account import client
from custom_components.tencent_iot_explorer.api import TimeLimits, key_use
from custom_components.tencent_iot_explorer.const import Access
from emulator import Emulator

# The browser has an environment and a configuration of its own.
collect_ignore = ["e2e"]
# What it keeps to be faster does not belong among the files of this repository.
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")
settings.register_profile(
    "tests",
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "300")),
    deadline=None,
    derandomize=False,
    database=None,
)
settings.load_profile("tests")
# The loops of all tests check who calls them. Noting the whole stack for each future, and ten
# frames for each callback, took a third of the time of the tests; one frame will do.
constants.DEBUG_STACK_DEPTH = 1
traceback.extract_stack.__defaults__ = (None, constants.DEBUG_STACK_DEPTH)
# To describe the services of lights and covers, Home Assistant would import all components
# of voice and video, too, whose libraries have no wheels for Python 3.14.
service._base_components = lambda: {"cover": cover, "light": light}


@pytest.fixture(autouse=True)
def _integration_is_found(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load this integration, where a test has a Home Assistant."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True, scope="session")
def _sentences_are_parsed_once() -> Iterator[None]:
    """Parse Home Assistant's own sentences for the first test that speaks, not for each.

    What a sentence says is never changed; what is noted on it depends on its language.
    """
    parse = cache(intents.parse_sentence)

    def parse_once(text: str, keep_text: bool = False) -> Sentence:
        """Return a sentence of its own, of what was parsed before."""
        return replace(parse(text, keep_text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intents, "parse_sentence", parse_once)
        yield


@pytest.fixture(autouse=True)
def time_limits(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return how long is waited for what, to be changed at any time.

    The pauses between the tries of a request are left out.
    """
    limits = SimpleNamespace(**asdict(TimeLimits(back_offs=(0, 0))))
    monkeypatch.setattr(client, "TIME_LIMITS", limits)
    return limits


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reads follow each other at once, but for the tests of `api`, which have pace."""
    monkeypatch.setattr(key_use, "MOST_PER_SECOND", {})


@pytest.fixture(autouse=True)
def item_clock(monkeypatch: pytest.MonkeyPatch) -> ItemClock:
    """Return what says how many items fill a slice of time, to be changed at any time."""
    clock = ItemClock(50)
    monkeypatch.setattr(time_slices, "monotonic", clock)
    return clock


@pytest.fixture
def all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all entities be enabled at first."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.fixture
def access(request: pytest.FixtureRequest) -> Access:
    """Return whose key entries have, an application's unless a test runs for both."""
    return Access(getattr(request, "param", Access.APPLICATION))


@pytest.fixture
async def cloud(socket_enabled: None, access: Access) -> AsyncIterator[Cloud]:
    """Run the emulated cloud, and at the end insist on flawless requests."""
    async with Emulator() as emulator:
        cloud = Cloud(emulator, access)
        yield cloud
        cloud.assert_flawless()


@pytest.fixture
async def gate(cloud: Cloud) -> AsyncIterator[Gate]:
    """Keep what is done to lamps waiting."""
    gate = Gate(cloud)
    yield gate
    gate.open()


@pytest.fixture
async def home_address(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> str:
    """Let Home Assistant listen, and return the external address that it has by that."""
    return await open_home(hass, hass_client_no_auth)


@pytest.fixture
async def cloudhooks(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Cloudhooks]:
    """Let Home Assistant have a Home Assistant Cloud, which is connected."""
    go_by_routes(cloud, monkeypatch)
    cloudhooks = Cloudhooks(hass)
    await cloudhooks.start(cloud, monkeypatch)
    yield cloudhooks
    await cloudhooks.stop()


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each test a folder of its own, which tests in parallel must not share."""
    return hass_tmp_config_dir
