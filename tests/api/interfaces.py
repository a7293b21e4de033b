"""Both interfaces of the emulated cloud, for the tests that run for each of them."""

import pytest

from custom_components.tencent_iot_explorer.api.cloud_api import (
    DEFAULT_REGION,
    CloudApi,
)
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from emulator import Emulator, JournalEntry
from emulator.accounts import SECRET_ID, SECRET_KEY
from emulator.service_api import APP_KEY, APP_SECRET


def service_api(emulator: Emulator) -> ServiceApi:
    """Return the service API, with the key pair of an application."""
    return ServiceApi(APP_KEY, APP_SECRET, emulator.endpoint)


def cloud_api(emulator: Emulator, region: str = DEFAULT_REGION) -> CloudApi:
    """Return Tencent Cloud API 3.0, with the key pair of an account."""
    return CloudApi(SECRET_ID, SECRET_KEY, region, emulator.cloud_endpoint)


by_both = pytest.mark.parametrize("backend", [service_api, cloud_api], indirect=True)
by_cloud_api = pytest.mark.parametrize(
    "backend", [pytest.param(cloud_api, id="cloud_api")], indirect=True
)


def own_id(entry: JournalEntry) -> str:
    """Return the id of ours that a request has."""
    return entry.headers.get("X-TC-TraceId") or str(entry.parameters["RequestId"])
