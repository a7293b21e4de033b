"""The headers of Tencent Cloud API 3.0, where all stands that is not a call's own."""

from collections.abc import Mapping
import re

from .bodies import is_uuid
from .checks import flaw
from .cloud_calls import CALLS
from .faults import Refusal
from .projects import REGION

VERSION = "2019-04-23"
REGIONS = frozenset(
    {
        *("ap-bangkok", "ap-beijing", "ap-guangzhou", "ap-shanghai", "ap-shanghai-fsi"),
        *("eu-frankfurt", "na-ashburn"),
    }
)
# As the pages of the calls have it.
_NOT_IN = {"SearchStudioProduct": {"ap-beijing"}}
_WITHOUT_REGION = {"GetDeviceList"}
_LANGUAGES = ("zh-CN", "en-US")
_TIMESTAMP = re.compile(r"[0-9]{1,10}")
_REQUEST_CLIENT = re.compile(r"[0-9a-zA-Z_,;. -]{1,128}")


def region_of(headers: Mapping[str, str]) -> str:
    """Return the region that is asked, which some calls need not name."""
    return headers.get("X-TC-Region", REGION)


def check_form(headers: Mapping[str, str]) -> None:
    """Refuse headers that are missing or malformed."""
    for name in ("X-TC-Action", "X-TC-Version", "X-TC-Timestamp"):
        if name not in headers:
            raise flaw("MissingParameter", name)
    if not _TIMESTAMP.fullmatch(headers["X-TC-Timestamp"]):
        raise flaw("InvalidParameterValue", "X-TC-Timestamp")
    if not _REQUEST_CLIENT.fullmatch(headers.get("X-TC-RequestClient", "any")):
        raise flaw("InvalidParameterValue", "X-TC-RequestClient")
    if headers.get("X-TC-Language", "zh-CN") not in _LANGUAGES:
        raise flaw("InvalidParameterValue", "X-TC-Language")
    if "X-TC-Token" in headers:
        raise flaw("AuthFailure.TokenFailure", "no key here is a temporary one")


def check_call(headers: Mapping[str, str]) -> None:
    """Refuse calls that do not exist, or not there; a person may type any region."""
    call = headers["X-TC-Action"]
    if headers["X-TC-Version"] != VERSION:
        raise flaw("NoSuchVersion", headers["X-TC-Version"])
    if call not in CALLS:
        raise flaw("InvalidAction", call)
    if "X-TC-Region" not in headers and call not in _WITHOUT_REGION:
        raise flaw("MissingParameter", "X-TC-Region")
    region = region_of(headers)
    if region not in REGIONS - _NOT_IN.get(call, set()):
        raise Refusal("UnsupportedRegion", f"不支持的地域 {region}")


def deviations(headers: Mapping[str, str]) -> list[str]:
    """Return what may be left out, or written otherwise, but not by our client."""
    found = [
        f"no {name}"
        for name in ("X-TC-Region", "X-TC-RequestClient")
        if name not in headers
    ]
    if not is_uuid(headers.get("X-TC-TraceId")):
        found.append("X-TC-TraceId is no UUID")
    return found
