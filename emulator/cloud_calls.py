"""The calls of Tencent Cloud API 3.0 and their parameters.

Those that no client of this emulator needs are as unknown to it as invented ones.
"""

from collections.abc import Mapping
import re
from typing import Any, NamedTuple

from .checks import check_limits, check_types, flaw

COUNTS = ("ProductCount", "DeviceCount", "ApplicationCount")
DEV_STATUSES = ("dev", "audit", "released")
# The console lets nobody call a rule otherwise.
_RULE_NAME = re.compile(r"[A-Za-z0-9_]{1,32}")


class Call(NamedTuple):
    """The parameters that a call must have, and those that it may have."""

    required: Mapping[str, type] = {}
    optional: Mapping[str, type] = {}


_PRODUCT = {"ProductId": str}
_DEVICE = _PRODUCT | {"DeviceName": str}
_PAGE = {"Offset": int, "Limit": int}
_ACTION = Call(_DEVICE | {"ActionId": str}, {"InputParams": str})
_RULE = Call({"RuleName": str})
_WHOLE_RULE = Call({"RuleName": str, "TopicRulePayload": dict})
_PRODUCTS = _PAGE | {"ProjectId": str, "DevStatus": str}
CALLS: Mapping[str, Call] = {
    "DescribeModelDefinition": Call(_PRODUCT),
    "GetDeviceList": Call(_PRODUCT, _PAGE | {"DeviceName": str}),
    "DescribeDevice": Call(_DEVICE),
    "CallDeviceActionSync": _ACTION,
    "CallDeviceActionAsync": _ACTION,
    "DescribeDeviceData": Call(_DEVICE),
    "ControlDeviceData": Call(_DEVICE | {"Data": str}, {"Method": str}),
    "ListEventHistory": Call(
        _DEVICE,
        dict.fromkeys(("Type", "Context", "EventId"), str)
        | dict.fromkeys(("StartTime", "EndTime", "Size"), int),
    ),
    "DescribeStudioProduct": Call(_PRODUCT),
    "GetStudioProductList": Call({}, _PRODUCTS),
    "SearchStudioProduct": Call({}, _PRODUCTS | {"ProductId": str, "ProductName": str}),
    "GetProjectList": Call(
        {},
        _PAGE
        | dict.fromkeys(("InstanceId", "ProjectId", "ProductId", "ProjectName"), str)
        | {"Includes": list},
    ),
    "CreateTopicRule": _WHOLE_RULE,
    "ModifyTopicRule": _WHOLE_RULE,
    "EnableTopicRule": _RULE,
    "DeleteTopicRule": _RULE,
    "DescribeTopicRule": _RULE,
}
RULE_CALLS = frozenset(call for call in CALLS if call.endswith("TopicRule"))


def check_parameters(call: str, parameters: Mapping[str, Any]) -> None:
    """Refuse missing, unknown, empty and ill-typed parameters, and impossible pages."""
    required, optional = CALLS[call]
    if unknown := parameters.keys() - required.keys() - optional.keys():
        raise flaw("UnknownParameter", f"unknown: {', '.join(sorted(unknown))}")
    if missing := required.keys() - parameters.keys():
        raise flaw("MissingParameter", f"missing: {', '.join(sorted(missing))}")
    check_types(parameters, {**required, **optional})
    check_limits(call, parameters)
    # No limit is documented here, but pages of nothing never end.
    if parameters.get("Offset", 0) < 0 or parameters.get("Limit", 1) < 1:
        raise flaw("InvalidParameterValue", "Offset or Limit is out of range")
    if parameters.get("DevStatus", "all") not in ("all", *DEV_STATUSES):
        raise flaw("InvalidParameterValue.ProductParmsError", "DevStatus")
    # The other way lets the cloud believe that a device has reported what is written.
    if parameters.get("Method", "desired") != "desired":
        raise flaw("InvalidParameterValue", "Method")
    if not all(item in COUNTS for item in parameters.get("Includes", ())):
        raise flaw("InvalidParameterValue", "Includes")
    if not _RULE_NAME.fullmatch(parameters.get("RuleName", "any")):
        raise flaw("InvalidParameterValue", "RuleName")
