"""The rule engine: rules that forward what devices send to an address."""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
import json
import re
import secrets
from typing import Any

from yarl import URL

from .checks import check_types, flaw
from .faults import Refusal
from .outbound import LOOPBACK, Answer, Outbound
from .projects import REGION, UIN, EmulatedProject

_SQL = re.compile(
    r"SELECT\s+[A-Za-z0-9*,.()_ ]{1,300}\s+FROM\s+'(?P<filter>[^'\s]+)'(\s+WHERE\s+\S.*)?",
    re.IGNORECASE,
)
_REQUIRED = {"Sql": str}
_OPTIONAL = {"Actions": str, "Description": str, "RuleDisabled": bool}
_OTHER_ACTIONS = {"republish", "ckafka", "cmqqueue", "mysql"}
_UNREACHABLE = "InvalidParameterValue.CheckForwardURLFail"
_REDIRECTS = "InvalidParameterValue.ForwardRedirectDenied"


@dataclass(kw_only=True)
class EmulatedRule:
    """A rule of an account in a region, which is made in the console or by a call.

    With a `token`, which only the console can set, what it sends is signed. `sequence` is
    the number of its last message. What is forwarded is the whole message, whatever is
    selected.
    """

    name: str
    sql: str
    actions: list[dict[str, Any]]
    description: str = ""
    is_disabled: bool = False
    uin: str = UIN
    region: str = REGION
    token: str = ""
    sequence: int = 0
    # Messages are sent one after another.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    @property
    def addresses(self) -> list[str]:
        """Return where it forwards to."""
        return [item["forward"]["api"] for item in self.actions if "forward" in item]

    def takes(self, topic: str) -> bool:
        """Return whether a topic fits its filter."""
        match = _SQL.fullmatch(self.sql)
        return match is not None and _fits(match["filter"].split("/"), topic.split("/"))

    def describe(self, *, in_base64: bool) -> dict[str, Any]:
        """Return the rule as DescribeTopicRule prints it."""
        sql = base64.b64encode(self.sql.encode()).decode() if in_base64 else self.sql
        return {
            "RuleName": self.name,
            "Sql": sql,
            "Description": self.description,
            "Actions": json.dumps(self.actions),
            "RuleDisabled": self.is_disabled,
        }


class Rules:
    """All rules, by their names, of which no two accounts have the same here.

    An account has at most `most` in a region. In which form `Sql` is described is not
    clear: the sample has it plain, the text says Base64.
    """

    def __init__(self, outbound: Outbound) -> None:
        """Begin with none."""
        self.by_name: dict[str, EmulatedRule] = {}
        self.most = 100
        self.describes_base64 = False
        self._outbound = outbound

    def add(self, rule: EmulatedRule) -> EmulatedRule:
        """Take over a rule that is made in the console, and return it."""
        self.by_name[rule.name] = rule
        return rule

    def matching(self, topic: str, project: EmulatedProject) -> list[EmulatedRule]:
        """Return the enabled rules that take a topic of a product of a project."""
        return [
            rule
            for rule in self.by_name.values()
            if self.is_active(rule)
            and (rule.uin, rule.region) == (project.uin, project.region)
            and rule.takes(topic)
        ]

    def is_active(self, rule: EmulatedRule) -> bool:
        """Return whether a rule is still there, and enabled."""
        return self.by_name.get(rule.name) is rule and not rule.is_disabled

    async def serve(
        self, call: str, parameters: Mapping[str, Any], uin: str, region: str
    ) -> dict[str, Any]:
        """Do what an account asks in a region, and return the payload of the reply."""
        name = parameters["RuleName"]
        if call == "CreateTopicRule":
            await self._create(_read(parameters), uin, region)
            return {}
        rule = self.by_name.get(name)
        if rule is None or (rule.uin, rule.region) != (uin, region):
            raise Refusal("ResourceNotFound.TopicRuleNotExist", "规则不存在")
        match call:
            case "ModifyTopicRule":
                await self._modify(rule, _read(parameters))
            case "EnableTopicRule":
                await self._enable(rule)
            case "DeleteTopicRule":
                self.by_name.pop(name, None)
            case "DescribeTopicRule":
                described = rule.describe(in_base64=self.describes_base64)
                return {"Rule": described, "CamTag": []}
        return {}

    async def _create(self, rule: EmulatedRule, uin: str, region: str) -> None:
        """Keep a new rule, once its addresses were tried."""
        rule.uin, rule.region = uin, region
        self._require_room(rule)
        for address in rule.addresses:
            try:
                await self._try(rule, address)
            except Refusal as refusal:
                # A redirect has no code of its own here.
                raise Refusal(_UNREACHABLE, refusal.message) from refusal
        # Somebody else may have been faster.
        self._require_room(rule)
        self.by_name[rule.name] = rule

    def _require_room(self, rule: EmulatedRule) -> None:
        """Refuse a rule whose name is taken, or that is one too many."""
        if rule.name in self.by_name:
            raise Refusal("InvalidParameterValue.TopicRuleAlreadyExist", "规则已存在")
        own = [
            item
            for item in self.by_name.values()
            if (item.uin, item.region) == (rule.uin, rule.region)
        ]
        if len(own) >= self.most:
            raise Refusal("InvalidParameterValue.RuleNumberBeyondLimit", "规则数量超限")

    async def _modify(self, rule: EmulatedRule, wanted: EmulatedRule) -> None:
        """Replace all of a rule but its token, once the new addresses were tried."""
        wanted.token = rule.token
        for address in wanted.addresses:
            await self._try(wanted, address)
        rule.sql, rule.actions = wanted.sql, wanted.actions
        rule.description = wanted.description
        rule.is_disabled = wanted.is_disabled

    async def _enable(self, rule: EmulatedRule) -> None:
        """Enable a rule, once its addresses have answered."""
        if not rule.is_disabled:
            raise Refusal("FailedOperation.RuleAlreadyEnabled", "规则已启用")
        for address in rule.addresses:
            await self._shake_hands(rule, address)
        rule.is_disabled = False

    async def _try(self, rule: EmulatedRule, address: str) -> None:
        """Insist that an address can be reached, and of an enabled rule that it answers."""
        if rule.is_disabled:
            await self._ask("HEAD", address, {})
        else:
            await self._shake_hands(rule, address)

    async def _shake_hands(self, rule: EmulatedRule, address: str) -> None:
        """Insist that an address gives a random text back."""
        echo = secrets.token_hex(8)
        headers = {**self._outbound.sign(rule.token), "Echostr": echo}
        answer = await self._ask("GET", address, headers)
        given = (answer.status, answer.content_type, answer.body)
        if given != (200, "text/plain", echo.encode()):
            raise Refusal(_UNREACHABLE, "转发地址校验失败")

    async def _ask(
        self, method: str, address: str, headers: Mapping[str, str]
    ) -> Answer:
        """Return what an address answers, which must not be that it is elsewhere."""
        answer = await self._outbound.send(method, address, headers=headers)
        if answer is None:
            raise Refusal(_UNREACHABLE, "转发地址不可达")
        if answer.is_redirect:
            raise Refusal(_REDIRECTS, "转发地址禁止重定向")
        return answer


def _fits(levels: list[str], topic: list[str]) -> bool:
    """Return whether the levels of a topic fit those of a filter."""
    for number, level in enumerate(levels):
        if level == "#":
            return True
        if number == len(topic) or level not in ("+", topic[number]):
            return False
    return len(levels) == len(topic)


def _read(parameters: Mapping[str, Any]) -> EmulatedRule:
    """Return the rule that is described, which must be right in all."""
    wanted = parameters["TopicRulePayload"]
    if unknown := wanted.keys() - _REQUIRED.keys() - _OPTIONAL.keys():
        raise flaw("UnknownParameter", f"unknown: {', '.join(sorted(unknown))}")
    if missing := _REQUIRED.keys() - wanted.keys():
        raise flaw("MissingParameter", f"missing: {', '.join(sorted(missing))}")
    check_types(wanted, _REQUIRED | _OPTIONAL)
    return EmulatedRule(
        name=parameters["RuleName"],
        sql=_read_sql(wanted["Sql"]),
        actions=_read_actions(wanted.get("Actions", "[]")),
        description=wanted.get("Description", ""),
        is_disabled=wanted.get("RuleDisabled", False),
    )


def _read_sql(text: str) -> str:
    """Return what is sent in Base64: whole levels, and nothing behind `#`."""
    try:
        sql = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as err:
        raise flaw("InvalidParameterValue.InvalidSQL", "no Base64") from err
    match = _SQL.fullmatch(sql)
    levels = match["filter"].split("/") if match else ["#", ""]
    if "#" in levels[:-1] or any(
        set(level) & {"+", "#"} and len(level) > 1 for level in levels
    ):
        raise flaw("InvalidParameterValue.InvalidSQL", sql)
    return sql


def _read_actions(text: str) -> list[dict[str, Any]]:
    """Return what is to be done with messages, each by one action."""
    try:
        actions = json.loads(text)
    except ValueError as err:
        raise flaw("InvalidParameterValue", "Actions is no JSON") from err
    if not isinstance(actions, list) or not actions:
        raise flaw("InvalidParameterValue.ActionNil", "Actions has none")
    for action in actions:
        match action:
            case {"forward": {"api": str(address), **more}, **others}:
                if more or others or not _is_allowed(address):
                    raise flaw("InvalidParameterValue.CheckForwardURLFail", "address")
            case dict() if len(action) == 1 and action.keys() <= _OTHER_ACTIONS:
                pass
            case _:
                raise flaw("InvalidParameterValue", "Actions has an unknown one")
    return actions


def _is_allowed(address: str) -> bool:
    """Return whether an address may be forwarded to: by https, or on this machine."""
    try:
        url = URL(address)
    except ValueError:
        return False
    if not url.host or url.user or url.fragment:
        return False
    return url.scheme == "https" or (url.scheme == "http" and url.host in LOOPBACK)
