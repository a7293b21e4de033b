"""Whatever goes wrong, on whatever path: how often it is sent and run, and what is shown."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
import gzip
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest

from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations

from .entities import add_product, press, record_events
from .helpers import Cloud, product, set_up, with_both_keys
from custom_components.tencent_iot_explorer import errors
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from emulator import Emulator, Fault, JournalEntry
from emulator.products import action

HOUR = 3600
LARGEST = 1024 * 1024
SUCCESS = '{"Response":{"ClientToken":"token","Status":"succ","RequestId":"id"}}'
RECEIPT = {"ClientToken": "token", "Status": "succ"}
BOMB = gzip.compress(b" " * 40 * LARGEST)

type Arrange = Callable[[Cloud, pytest.MonkeyPatch], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A fault of the first device's calls, and what must come of each call.

    `key` is that of the error, none for a success. `sync_key` is that of a call which
    waits for the reply, where it is another one. With `arrange` all devices are hit.
    """

    key: str | None
    event: str
    requests: int = 1
    executed: int = 0
    fault: Fault | None = None
    arrange: Arrange | None = None
    sync_key: str | None = ""
    keep_alive: bool = True
    codes: tuple[str, ...] = field(default=())


async def nobody_listens(cloud: Cloud, limits: SimpleNamespace) -> None:
    """Take the cloud away."""
    await cloud.emulator.stop()


async def time_is_over(cloud: Cloud, limits: SimpleNamespace) -> None:
    """Let no action come in time."""
    limits.turn = -1


async def too_slow(cloud: Cloud, limits: SimpleNamespace) -> None:
    """Let the cloud take longer than anybody waits, and do its work all the same."""
    limits.hand_over = limits.reply = 0.2
    cloud.emulator.choose_fault = lambda _: Fault(execute=True, delay=0.5)


def other_clock(seconds: int) -> Arrange:
    """Return what gives the cloud another time."""

    async def arrange(cloud: Cloud, limits: SimpleNamespace) -> None:
        """Set the cloud's clock."""
        cloud.emulator.clock_offset = seconds

    return arrange


def unknown(key: str, **fault: Any) -> Row:
    """Return a row for a fault after which nobody knows whether the action ran."""
    executed = int(fault.get("execute", False))
    return Row(
        key=key, event="unconfirmed", executed=executed, fault=Fault(times=9, **fault)
    )


def unclear(key: str, code: str, message: str = "text") -> Row:
    """Return a row for an error after which nobody knows whether the action ran."""
    return Row(
        key=key,
        event="unconfirmed",
        executed=1,
        fault=Fault(code=code, message=message, times=9, execute=True),
        codes=(code,),
    )


def refused(
    key: str, code: str, requests: int = 1, message: str = "text", **fault: Any
) -> Row:
    """Return a row for a refusal by a code, which does nothing."""
    return Row(
        key=key,
        event="failed",
        requests=requests,
        fault=Fault(code=code, message=message, times=9, **fault),
        codes=(code,),
    )


def odd(key: str, document: dict[str, Any]) -> Row:
    """Return a row for an odd document, which says nothing for sure."""

    def reshape(text: str) -> bytes:
        """Return the document, with the RequestId of the true reply."""
        request_id = json.loads(text)["Response"]["RequestId"]
        return json.dumps(document | {"RequestId": request_id}).encode()

    return unknown(key, reshape=reshape, execute=True)


def invalid(key: str, word: str) -> Row:
    """Return a row for a refusal by the one code for all, with a word in its text."""
    return refused(key, "InvalidParameterValue", message=f"{word} 无效")


def status(http_status: int, key: str, requests: int = 1, **fault: Any) -> Row:
    """Return a row for a refusal by an HTTP status, which does nothing."""
    if "payload" not in fault:
        fault["body"] = ""
    return Row(
        key=key,
        event="failed",
        requests=requests,
        fault=Fault(status=http_status, times=9, **fault),
    )


def mended(requests: int, **fault: Any) -> Row:
    """Return a row for a fault that the next try mends, and the action runs once."""
    return Row(
        key=None,
        event="accepted",
        requests=requests,
        executed=1,
        fault=Fault(times=requests - 1, **fault),
        codes=(fault.get("code", ""),),
    )


OFFLINE = "FailedOperation.ActionUnreachable|动作消息不可达"
ROWS = {
    "nobody-listens": Row(
        key="cannot_connect",
        event="failed",
        requests=0,
        arrange=nobody_listens,
        # A connection that is kept but dead is one that may have carried the request.
        keep_alive=False,
    ),
    "too-late": Row(key="too_late", event="failed", requests=0, arrange=time_is_over),
    "too-slow": Row(
        key="fate_unknown", event="unconfirmed", executed=1, arrange=too_slow
    ),
    "dropped": unknown("fate_unknown", drop=True),
    "dropped-after": unknown("fate_unknown", drop=True, execute=True),
    "cut-off": unknown("fate_unknown", truncate=True, execute=True),
    "307": unknown("broken_reply", status=307, body=""),
    "302": unknown("broken_reply", status=302, body=""),
    "404": unknown("broken_reply", status=404, body="not found"),
    "403-json": unknown("broken_reply", status=403, body=SUCCESS),
    "page": unknown("broken_reply", body="<html>", execute=True),
    "empty": unknown("broken_reply", body="", execute=True),
    "half": unknown("broken_reply", body=SUCCESS[:-9], execute=True),
    "no-receipt": unknown("broken_reply", payload={}, execute=True),
    "endless": unknown("broken_reply", body=SUCCESS + " " * LARGEST, execute=True),
    "bomb": unknown(
        "broken_reply", body=BOMB, headers={"Content-Encoding": "gzip"}, execute=True
    ),
    "not-packed": unknown(
        "broken_reply", headers={"Content-Encoding": "gzip"}, body="plain", execute=True
    ),
    "500": unknown("server_fault", status=500, body=""),
    "502-after": unknown("server_fault", status=502, body="<html>", execute=True),
    "503-json": unknown("server_fault", status=503, body=SUCCESS, execute=True),
    "fault": unclear("server_fault", "InternalError"),
    "fault-inside": unclear("server_fault", "InternalError.InternalRPCError"),
    "unavailable": unclear("server_fault", "ServiceUnavailable"),
    "resource": unclear("server_fault", "ResourceUnavailable"),
    "too-long-an-answer": unclear("server_fault", "ResponseSizeLimitExceeded"),
    "nonce": unclear("repeated_request", "InvalidParameterValue", "Nonce 无效"),
    "nonce-by-code": unclear("repeated_request", "InvalidParameterValue.InvalidNonce"),
    "silent": unclear("device_silent", "FailedOperation.Timeout"),
    "rate": refused("rate_limited", "RequestLimitExceeded", requests=3),
    "rate-by-kind": refused("rate_limited", "RequestLimitExceeded.IP", requests=3),
    "429": status(429, "rate_limited", requests=3),
    "429-json": status(
        429, "rate_limited", requests=3, payload={"ClientToken": "token"}
    ),
    "429-of-another": unknown("fate_unknown", status=429, body=SUCCESS),
    "429-later": status(429, "retry_later", headers={"Retry-After": "60"}),
    "rate-later": refused(
        "retry_later", "RequestLimitExceeded", headers={"Retry-After": "60"}
    ),
    "rate-mended": mended(3, code="RequestLimitExceeded"),
    "429-mended": mended(2, status=429, body="", headers={"Retry-After": "0"}),
    "quota": refused("quota_exceeded", "UnsupportedOperation.InstanceIsolated"),
    "unpaid": refused("quota_exceeded", "UnsupportedOperation.UnpaidOrder"),
    "region": refused("unsupported_region", "UnsupportedRegion"),
    "address": refused("address_refused", "IpInBlacklist"),
    "address-unlisted": refused("address_refused", "IpNotInWhitelist"),
    "not-verified": refused("not_verified", "UnauthorizedOperation.NoVerified"),
    "second-factor": refused("second_factor", "AuthFailure.MFAFailure"),
    "invalid-signature": invalid("invalid_signature", "Signature"),
    "invalid-app-key": invalid("unknown_application", "AppKey"),
    "invalid-time": invalid("wrong_clock", "Timestamp"),
    "invalid-other": invalid("invalid_input", "Timestamp2"),
    "signature": refused("invalid_signature", "AuthFailure.SignatureFailure"),
    "app-key": refused("unknown_application", "InvalidParameterValue.InvalidAppKey"),
    "key-pair": refused("invalid_credentials", "AuthFailure.InvalidAuthorization"),
    "secret-id": refused("invalid_credentials", "AuthFailure.SecretIdNotFound"),
    "denied": refused("no_permission", "AuthFailure.UnauthorizedOperation"),
    "time": refused("wrong_clock", "AuthFailure.SignatureExpire"),
    "clock-mended": Row(
        key=None,
        event="accepted",
        requests=2,
        executed=1,
        fault=None,
        arrange=other_clock(HOUR),
        codes=("InvalidParameterValue",),
    ),
    "not-linked": refused(
        "no_permission", "UnauthorizedOperation.APPNoPermissionToStudioProduct"
    ),
    "not-published": refused("no_permission", "FailedOperation.ProductNotReleased"),
    "product": refused("unknown_product", "ResourceNotFound.StudioProductNotExist"),
    "no-template": refused("no_data_template", "InvalidParameterValue.ModelDefineNil"),
    "device": refused("unknown_device", "ResourceNotFound.DeviceNotExist"),
    "action": refused("unknown_action", "InvalidParameterValue.ActionNilOrNotExist"),
    "input": refused("invalid_input", "InvalidParameter.ActionInputParamsInvalid"),
    "disabled": refused("refused", "UnauthorizedOperation.DeviceIsNotEnabled"),
    "unknown-code": unclear("unknown_code", "Some.Thing"),
    "busy": unclear("unknown_code", "SystemBusy"),
    "failed": unclear("unknown_code", "FailedOperation"),
    "failed-inside": unclear("unknown_code", "FailedOperation.InternalError"),
    "unsupported": unclear("unknown_code", "UnsupportedOperation"),
    "longer-code": unclear("unknown_code", "RequestLimitExceededFoo"),
    "other-case": unclear("unknown_code", "requestlimitexceeded"),
    "number": odd("unknown_code", {"code": 504, "msg": "Gateway Timeout"}),
    "number-and-text": odd("unknown_code", {"code": -1000, "msg": "请求超时"}),
    "number-and-code-in-text": odd(
        "unknown_code", {"code": -1000, "msg": "InvalidParameterValue|Signature 无效"}
    ),
    "number-and-receipt": odd("unknown_code", {"code": 7, "msg": "", "data": RECEIPT}),
    "null-code": odd("unknown_code", {"Response": {"Error": {"Code": None}}}),
    "error-is-a-text": odd("unknown_code", {"Response": {"Error": "text"}}),
    "error-is-empty": odd("broken_reply", {"Response": {"Error": {}}}),
    "null": odd("broken_reply", {"Response": None}),
    "nothing": odd("broken_reply", {}),
    "nulls": odd(
        "broken_reply",
        {"Response": {"ClientToken": None, "Status": None, "OutputParams": None}},
    ),
    "receipt-in-a-list": odd("broken_reply", {"Response": [RECEIPT]}),
    "failed-status": odd(
        "unknown_code", {"Response": RECEIPT | {"Status": "FailedOperation.Other"}}
    ),
    "hidden-code": Row(
        key="invalid_input",
        event="failed",
        fault=Fault(
            code="InternalError", message="InvalidParameterValue.Bad|不对", times=9
        ),
        codes=("InternalError",),
    ),
    "offline": Row(
        key="device_unreachable",
        event="failed",
        fault=Fault(payload={"ClientToken": "", "Status": OFFLINE}, times=9),
    ),
    "fail": Row(
        key="device_unreachable",
        event="failed",
        fault=Fault(payload={"ClientToken": "token", "Status": "Fail"}, times=9),
        sync_key=None,
    ),
    "no-token": unknown("broken_reply", payload={"ClientToken": "", "Status": "succ"}),
}
# Tencent Cloud API 3.0 has codes in place of words in a text, no numbers and one envelope.
# Its RequestIds are its own, so that the second of two equal ones is the first that is odd.
ROWS_OF_ACCOUNT = ROWS | {
    "secret-id": refused("unknown_secret_id", "AuthFailure.SecretIdNotFound"),
    "denied": refused("operation_denied", "AuthFailure.UnauthorizedOperation"),
    "429-of-another": replace(ROWS["429-of-another"], requests=2),
    "nonce": invalid("invalid_input", "Nonce"),
    "invalid-signature": invalid("invalid_input", "Signature"),
    "invalid-app-key": invalid("invalid_input", "AppKey"),
    "invalid-time": invalid("invalid_input", "Timestamp"),
    "clock-mended": replace(
        ROWS["clock-mended"], codes=("AuthFailure.SignatureExpire",)
    ),
    "number": odd("broken_reply", {"code": 504, "msg": "Gateway Timeout"}),
    "number-and-text": odd("broken_reply", {"code": -1000, "msg": "请求超时"}),
    "number-and-code-in-text": odd(
        "broken_reply", {"code": -1000, "msg": "InvalidParameterValue|Signature 无效"}
    ),
    "number-and-receipt": odd("broken_reply", {"code": 7, "msg": "", "data": RECEIPT}),
}
TABLES = {Access.APPLICATION: ROWS, Access.ACCOUNT: ROWS_OF_ACCOUNT}
DEVICE = "device-1"
OTHER = "device-2"


async def by_button(hass: HomeAssistant) -> None:
    """Press the button."""
    await press(hass, f"ODD/{DEVICE}/do")


async def by_call_action(hass: HomeAssistant) -> None:
    """Call the service that is always there."""
    await call(hass, "call_action", DEVICE, action_id="do")


async def by_service(hass: HomeAssistant) -> None:
    """Call the action's own service."""
    await call(hass, "odd_do", DEVICE)


async def by_reply(hass: HomeAssistant) -> None:
    """Call the action's own service and wait for the reply."""
    await call(hass, "odd_do", DEVICE, wait_for_reply=True)


async def by_several(hass: HomeAssistant) -> None:
    """Call the action's own service for two devices, of which one has the fault."""
    await call(hass, "odd_do", DEVICE, OTHER)


async def call(hass: HomeAssistant, service: str, *names: str, **data: Any) -> None:
    """Call a service of this integration."""
    data["device_id"] = [f"ODD/{name}" for name in names]
    await hass.services.async_call(DOMAIN, service, data, blocking=True)


PATHS = [by_button, by_call_action, by_service, by_reply, by_several]


def hit_first_device(cloud: Cloud, fault: Fault) -> None:
    """Let a fault happen to the actions of the first device alone."""
    left = fault.times

    def choose(entry: JournalEntry) -> Fault | None:
        """Return the fault as often as it happens."""
        nonlocal left
        if entry.parameters.get("DeviceName") != DEVICE or not left:
            return None
        left -= 1
        return fault

    cloud.emulator.choose_fault = choose


async def pattern_of(hass: HomeAssistant, key: str) -> re.Pattern[str]:
    """Return a pattern of the words of an error."""
    texts = await async_get_translations(hass, "en", "exceptions", {DOMAIN})
    # Home Assistant takes the full stop away from the text of an exception.
    text = texts[f"component.{DOMAIN}.exceptions.{key}.message"].removesuffix(".")
    text = re.escape(text)
    text = text.replace(r"\{device\}", DEVICE).replace(r"\{action\}", r"Do it \(do\)")
    return re.compile(re.sub(r"\\{\w+\\}", ".+", text))


def ends(events: list[State], name: str) -> list[str]:
    """Return the types of the events of a device."""
    return [
        str(event.attributes["event_type"])
        for event in events
        if event.entity_id == f"event.{name.replace('-', '_')}_device_action"
    ]


@with_both_keys
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ROWS)
async def test_fault(
    hass: HomeAssistant,
    cloud: Cloud,
    time_limits: SimpleNamespace,
    name: str,
    path: Callable[[HomeAssistant], Awaitable[None]],
) -> None:
    """Each fault on each path: so many requests, run so often, shown in these words."""
    row = TABLES[cloud.access][name]
    cloud.expect(*row.codes)
    add_product(cloud, "ODD", action("do", "Do it"), devices=2)
    cloud.emulator.keep_alive = row.keep_alive
    await set_up(hass, cloud, product("ODD", [DEVICE, OTHER]))
    cloud.emulator.journal.clear()
    events = record_events(hass)
    if row.fault:
        hit_first_device(cloud, row.fault)
    if row.arrange:
        await row.arrange(cloud, time_limits)
    is_sync = path is by_reply
    key = row.key if row.sync_key == "" or not is_sync else row.sync_key
    event = row.event if key == row.key else "accepted"

    if key is None:
        await path(hass)
    else:
        with pytest.raises(HomeAssistantError) as raised:
            await path(hass)
        assert raised.value.translation_domain == DOMAIN
        expected = await pattern_of(hass, key)
        if path is by_several:
            assert raised.value.translation_key == "several_failed"
            placeholders = raised.value.translation_placeholders
            assert placeholders
            assert placeholders["failed"] == ("2" if row.arrange else "1")
            assert expected.match(placeholders["reasons"].removeprefix("- "))
        else:
            assert raised.value.translation_key == key
            assert expected.fullmatch(str(raised.value))
    await hass.async_block_till_done()

    sent = [entry.parameters["DeviceName"] for entry in cloud.emulator.journal]
    ran = [device for device, _, _ in cloud.executed]
    if event == "accepted" and is_sync:
        event = "replied"
    assert ends(events, DEVICE) == [event]
    if path is by_several:
        harmed = row.arrange is not None
        if row.key is not None:
            assert sent.count(OTHER) == (row.requests if harmed else 1)
        assert ran.count(OTHER) == (row.executed if harmed else 1)
        assert ends(events, OTHER) == [event if harmed else "accepted"]
    if row.key is not None or path is not by_several:
        assert sent.count(DEVICE) == row.requests
    assert ran.count(DEVICE) == row.executed


@with_both_keys
@pytest.mark.parametrize("path", PATHS)
async def test_redirect_reaches_nobody(
    hass: HomeAssistant,
    cloud: Cloud,
    path: Callable[[HomeAssistant], Awaitable[None]],
) -> None:
    """A 307, which would post the action again, brings no request elsewhere."""
    add_product(cloud, "ODD", action("do", "Do it"), devices=2)
    await set_up(hass, cloud, product("ODD", [DEVICE, OTHER]))
    async with Emulator() as other:
        data = Cloud(other, cloud.access).entry_data()
        headers = {"Location": data["endpoint"]}
        hit_first_device(cloud, Fault(status=307, headers=headers))
        with pytest.raises(HomeAssistantError):
            await path(hass)
        await hass.async_block_till_done()
        assert other.journal == []


def test_every_error_is_in_a_table() -> None:
    """Each way in which an action can end in an error of the cloud has a row."""
    rows = [*ROWS.values(), *ROWS_OF_ACCOUNT.values()]
    keys = {treatment.text for treatment in errors._TREATMENTS.values()}
    # One needs a certificate, which has tests of its own; the others end no action.
    assert keys - {row.key for row in rows} == {
        "certificate_date",
        "invalid_data_template",
        "unknown_rule",
        "rule_exists",
        "rule_limit",
        "address_unreachable",
    }
