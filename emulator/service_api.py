"""The emulated service API: all of a request in its body, signed with HMAC-SHA1."""

import base64
from email.message import EmailMessage
import hashlib
import hmac
import json
import re
from typing import Any

from .checks import CALLS, check_limits, check_types, flaw, is_compact
from .envelopes import Envelope
from .faults import Refusal
from .journal import JournalEntry
from .products import EmulatedProduct
from .refusals import Naming

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
_ACTIONS = {f"{_PREFIX}{call}": COMMON | own for call, own in CALLS.items()}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ServiceApi:
    """The interface that applications use."""

    path = "/api/exploreropen/serviceapi"
    content_type = "application/json; charset=utf-8"

    def __init__(self) -> None:
        """Begin with one application."""
        self.applications = {APP_KEY: APP_SECRET}
        self.envelope = Envelope.DOCUMENTED
        self.naming = Naming.DOCUMENTED
        self._seen: set[tuple[int, int]] = set()

    def read(self, entry: JournalEntry) -> None:
        """Write into a journal's entry what its body asks for."""
        content_type = entry.headers.get("Content-Type", "")
        parameters = entry.parameters = _read_body(content_type, entry.body)
        entry.deviations = _deviations(content_type, parameters)
        entry.action = str(parameters.get("Action"))
        entry.call = entry.action.removeprefix(_PREFIX)
        entry.request_id = str(parameters.get("RequestId", ""))
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

    def permit(self, product: EmulatedProduct) -> None:
        """Refuse a product that is not published, or not linked to the application."""
        if not (product.linked and product.published):
            raise Refusal(
                "UnauthorizedOperation.APPNoPermissionToStudioProduct",
                "APP对产品没有权限",
            )

    def wrap(
        self, entry: JournalEntry, payload: dict[str, Any], *, is_refusal: bool
    ) -> dict[str, Any]:
        """Return a payload in its envelope, with the RequestId of the request."""
        payload = {"RequestId": entry.request_id} | payload
        return self.envelope.wrap(entry.call, payload, -1000 if is_refusal else 0)


def _read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the parameters of a request."""
    header = EmailMessage()
    header["Content-Type"] = content_type
    if header.get_content_type() != "application/json" or (
        header.get_content_charset("utf-8") != "utf-8"
    ):
        raise flaw("InvalidParameterValue.InvalidJSON", f"content type {content_type}")
    try:
        parameters = json.loads(body)
        json.dumps(parameters, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as err:
        raise flaw("InvalidParameterValue.InvalidJSON", "no JSON") from err
    if not isinstance(parameters, dict):
        raise flaw("InvalidParameterValue.InvalidJSON", "no JSON object")
    return parameters


def _check_parameters(parameters: dict[str, Any]) -> None:
    """Refuse missing, unknown, empty and ill-typed parameters."""
    name = parameters.get("Action")
    if not isinstance(name, str) or name not in _ACTIONS:
        raise flaw("InvalidAction", f"Action {name!r}")
    expected = _ACTIONS[name]
    if missing := expected.keys() - parameters.keys():
        raise flaw("ErrorRequiredParamNotFound", f"missing: {', '.join(missing)}")
    check_types(parameters, expected)
    if unknown := parameters.keys() - expected.keys():
        raise flaw("InvalidParameterValue", f"unknown: {', '.join(sorted(unknown))}")
    if not 1 <= parameters["Nonce"] < 2**31:
        raise flaw("InvalidParameterValue", "Nonce 无效")
    if len(parameters["RequestId"]) > LONGEST_REQUEST_ID:
        raise flaw("InvalidParameterValue", "RequestId is too long")


def _deviations(content_type: str, parameters: dict[str, Any]) -> list[str]:
    """Return what is accepted, as other clients send it, but not what ours is to send.

    A charset in the content type, ids made by shortid and raw UTF-8 in InputParams were
    seen in clients of the sister interfaces and of cloud API 2019-04-23.
    """
    found = []
    if content_type != "application/json":
        found.append(f"content type {content_type}")
    if not _UUID.fullmatch(str(parameters.get("RequestId"))):
        found.append("RequestId is no UUID")
    if "InputParams" in parameters and not is_compact(parameters["InputParams"]):
        found.append("InputParams is no compact JSON in ASCII")
    return found


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
