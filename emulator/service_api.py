"""The emulated service API: all of a request in its body, signed with HMAC-SHA1."""

import base64
from collections.abc import Mapping
import hashlib
import hmac
from typing import Any

from .bodies import deviations, is_uuid, read_body
from .checks import check_limits, check_types, flaw
from .envelopes import Envelope
from .faults import Refusal
from .journal import JournalEntry
from .refusals import Naming
from .state import State

APP_KEY = "DemoAppKey"
APP_SECRET = "DemoAppSecret"
CLOCK_TOLERANCE = 300
LONGEST_REQUEST_ID = 128
COMMON = {
    "Action": str,
    "AppKey": str,
    "Signature": str,
    "Timestamp": int,
    "Nonce": int,
    "RequestId": str,
}
_PREFIX = "Service"
_DEVICE = {"ProductId": str, "DeviceName": str}
_ACTION = _DEVICE | {"ActionId": str, "InputParams": str}
CALLS: Mapping[str, Mapping[str, type]] = {
    "DescribeModelDefinition": {"ProductId": str},
    "GetDeviceList": {"ProductId": str, "Offset": int, "Limit": int},
    "DescribeDevice": _DEVICE,
    "CallDeviceActionSync": _ACTION,
    "CallDeviceActionAsync": _ACTION,
    "DescribeDeviceData": _DEVICE,
    "ControlDeviceData": _DEVICE | {"Data": str},
    "ListEventHistory": _DEVICE
    | {"Type": str, "StartTime": int, "EndTime": int, "Size": int, "Context": str},
}
# The first page of a search has none, and no parameter is sent empty.
_OPTIONAL = {"Context"}
_ACTIONS = {f"{_PREFIX}{call}": COMMON | own for call, own in CALLS.items()}


class ServiceApi:
    """The interface that applications use."""

    path = "/api/exploreropen/serviceapi"
    content_type = "application/json; charset=utf-8"

    def __init__(self, state: State) -> None:
        """Begin with one application."""
        self._state = state
        self.applications = {APP_KEY: APP_SECRET}
        self.envelope = Envelope.DOCUMENTED
        self.naming = Naming.DOCUMENTED
        self._seen: set[tuple[int, int]] = set()

    def read(self, entry: JournalEntry) -> None:
        """Write into a journal's entry what its body asks for."""
        content_type = entry.headers.get("Content-Type", "")
        parameters = entry.parameters = read_body(
            content_type, entry.body, "InvalidParameterValue.InvalidJSON"
        )
        entry.deviations = deviations(content_type, parameters)
        request_id = parameters.get("RequestId")
        if not is_uuid(request_id):
            entry.deviations.append("RequestId is no UUID")
        entry.action = str(parameters.get("Action"))
        entry.call = entry.action.removeprefix(_PREFIX)
        entry.request_id = str(request_id or "")
        entry.credentials = tuple(
            str(parameters.get(name)) for name in ("AppKey", "Signature")
        )

    def check(self, entry: JournalEntry, now: float) -> None:
        """Refuse a request that is malformed, forged, late or repeated."""
        parameters = entry.parameters
        _check_parameters(parameters)
        check_limits(entry.call, parameters)
        secret = self.applications.get(parameters["AppKey"])
        if secret is None:
            raise self.naming.refusal("AppKey")
        entry.string_to_sign = string_to_sign(parameters)
        if parameters["Signature"] != signature(entry.string_to_sign, secret):
            raise self.naming.refusal("Signature")
        if abs(now - parameters["Timestamp"]) > CLOCK_TOLERANCE:
            raise self.naming.refusal("Timestamp")
        once = (parameters["Timestamp"], parameters["Nonce"])
        if once in self._seen:
            raise self.naming.refusal("Nonce", flaw=True)
        self._seen.add(once)

    async def serve(self, entry: JournalEntry) -> dict[str, Any]:
        """Do what is asked, unless the product is not published or not linked."""
        product = self._state.product(entry.parameters["ProductId"])
        if not (product.linked and product.dev_status == "released"):
            raise Refusal(
                "UnauthorizedOperation.APPNoPermissionToStudioProduct",
                "APP对产品没有权限",
            )
        return await self._state.serve(
            product, entry.call, entry.parameters, entry.request_id
        )

    def wrap(
        self, entry: JournalEntry, payload: dict[str, Any], *, is_refusal: bool
    ) -> dict[str, Any]:
        """Return a payload in its envelope, with the RequestId of the request."""
        payload = {"RequestId": entry.request_id} | payload
        return self.envelope.wrap(entry.call, payload, -1000 if is_refusal else 0)


def _check_parameters(parameters: dict[str, Any]) -> None:
    """Refuse missing, unknown, empty and ill-typed parameters."""
    name = parameters.get("Action")
    if not isinstance(name, str) or name not in _ACTIONS:
        raise flaw("InvalidAction", f"Action {name!r}")
    expected = _ACTIONS[name]
    if missing := expected.keys() - parameters.keys() - _OPTIONAL:
        raise flaw("ErrorRequiredParamNotFound", f"missing: {', '.join(missing)}")
    check_types(parameters, expected)
    if unknown := parameters.keys() - expected.keys():
        raise flaw("InvalidParameterValue", f"unknown: {', '.join(sorted(unknown))}")
    if not 1 <= parameters["Nonce"] < 2**31:
        raise flaw("InvalidParameterValue", "Nonce 无效")
    if len(parameters["RequestId"]) > LONGEST_REQUEST_ID:
        raise flaw("InvalidParameterValue", "RequestId is too long")


def string_to_sign(parameters: dict[str, Any]) -> str:
    """Return the text that the signature must cover."""
    names = sorted(
        parameters.keys() - {"Signature"}, key=lambda n: n.encode("utf-16-be")
    )
    return "&".join(f"{name.replace('_', '.')}={parameters[name]}" for name in names)


def signature(text: str, app_secret: str) -> str:
    """Return the signature of a text."""
    mac = hmac.new(app_secret.encode("utf-8"), text.encode("utf-8"), hashlib.sha1)
    return base64.standard_b64encode(mac.digest()).decode()
