"""The calls of the cloud that are about rules: which messages are forwarded, and where."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
import json
from typing import cast, override

from yarl import URL

from .backend import Parameters, Payload
from .call import Call
from .codes import ALREADY_ENABLED
from .device_client import DeviceClient
from .errors import BrokenReplyError, RefusedError, UnknownRuleError
from .models import TopicRule
from .payloads import text
from .sanitize import Result
from .texts import clean_text, decode_json, from_base64

_DESCRIPTION = "Made by tencent_iot_explorer, which changes and deletes it by itself."


@dataclass(kw_only=True, slots=True)
class _RuleCall[ResultT: Result](Call[ResultT]):
    """A call about a rule, of which no parameter names the product that it is for."""

    about: str

    @property
    @override
    def product_id(self) -> str:
        """Return whose messages the rule takes."""
        return self.about


class RuleClient(DeviceClient):
    """A key's access to the rules of its account, which the key of an application lacks.

    `product_id` is whose messages a rule takes, by which requests are counted.
    What writes has nothing of an address in its errors. Of those, UnknownRuleError,
    RuleExistsError, RuleLimitError and AddressUnreachableError are about rules alone.
    """

    async def describe_topic_rule(
        self, name: str, *, product_id: str, origin: str
    ) -> TopicRule:
        """Return a rule; raises UnknownRuleError if there is none.

        Source: Tencent Cloud documentation, DescribeTopicRule.
        """
        call = _RuleCall(
            name="DescribeTopicRule",
            parameters={"RuleName": name},
            parse=_parse_rule,
            origin=origin,
            about=product_id,
        )
        return await self._transport.read(call)

    async def create_topic_rule(
        self, name: str, sql: str, address: str, *, product_id: str, origin: str
    ) -> None:
        """Make a rule that forwards to an address, disabled.

        Raises RuleExistsError for a name that is taken. After a FateUnknownError the rule
        may be there, so that another try may raise that as well: describe it first.
        Source: Tencent Cloud documentation, CreateTopicRule.
        """
        await self._change(
            "CreateTopicRule",
            _write(name, sql, address, is_disabled=True),
            product_id,
            origin,
            address,
        )

    async def modify_topic_rule(
        self,
        name: str,
        sql: str,
        address: str,
        *,
        is_disabled: bool,
        product_id: str,
        origin: str,
    ) -> None:
        """Replace all of a rule; the address of an enabled one is checked by the cloud.

        Done again it changes nothing, so that it may be after a FateUnknownError.
        Source: Tencent Cloud documentation, ModifyTopicRule.
        """
        await self._change(
            "ModifyTopicRule",
            _write(name, sql, address, is_disabled=is_disabled),
            product_id,
            origin,
            address,
        )

    async def enable_topic_rule(
        self, name: str, address: str, *, product_id: str, origin: str
    ) -> None:
        """Enable a rule, which may be so already.

        Before it is, the cloud asks the address of the rule for an answer, and what it says
        of that may quote it. May be done again after a FateUnknownError.
        Source: Tencent Cloud documentation, EnableTopicRule.
        """
        try:
            await self._change(
                "EnableTopicRule", {"RuleName": name}, product_id, origin, address
            )
        except RefusedError as err:
            if err.code != ALREADY_ENABLED:
                raise

    async def delete_topic_rule(
        self, name: str, *, product_id: str, origin: str
    ) -> None:
        """Delete a rule, which may be gone already.

        May be done again after a FateUnknownError.
        Source: Tencent Cloud documentation, DeleteTopicRule.
        """
        try:
            await self._change(
                "DeleteTopicRule", {"RuleName": name}, product_id, origin
            )
        except UnknownRuleError:
            return

    async def _change(
        self,
        name: str,
        parameters: Parameters,
        product_id: str,
        origin: str,
        address: str = "",
    ) -> None:
        """Change something about a rule, one after another.

        The cloud waits for an address before it answers, so that it is given long.
        """
        call = _RuleCall(
            name=name,
            parameters=parameters,
            parse=_parse_nothing,
            origin=origin,
            secrets=_secrets_of(address),
            about=product_id,
        )
        rule = f"rule/{parameters['RuleName']}"
        await self._transport.act(call, rule, waits=True)


def _write(name: str, sql: str, address: str, *, is_disabled: bool) -> Parameters:
    """Return the parameters that write all of a rule."""
    actions = [{"forward": {"api": address}}]
    payload = {
        "Sql": base64.b64encode(sql.encode()).decode(),
        "Actions": json.dumps(actions),
        "Description": _DESCRIPTION,
        "RuleDisabled": is_disabled,
    }
    return {"RuleName": name, "TopicRulePayload": payload}


def _secrets_of(address: str) -> Collection[str]:
    """Return what nobody may read who is told that an address cannot be reached."""
    if not address:
        return ()
    url = URL(address)
    return tuple(filter(None, (address, str(url), url.name, url.host)))


def _parse_nothing(payload: Payload) -> None:
    """Return nothing: a reply without an error says that it was done."""


def _parse_rule(payload: Payload) -> TopicRule:
    """Return a rule; raises BrokenReplyError without one."""
    raw = payload.get("Rule")
    rule = cast(Payload, raw) if isinstance(raw, dict) else {}
    name = text(rule, "RuleName")
    if not name:
        raise BrokenReplyError("the reply holds no rule")
    return TopicRule(
        name=name,
        sql=_read_sql(text(rule, "Sql")),
        address=_read_address(rule.get("Actions")),
        is_disabled=rule.get("RuleDisabled") in (True, "true"),
    )


def _read_sql(sql: str) -> str:
    """Return what is selected: it is written in Base64 and documented to come back plain."""
    try:
        return from_base64(sql).decode()
    except ValueError:
        return sql


def _read_address(raw: object) -> str | None:
    """Return where a rule forwards to, none if it does anything else, or more."""
    if isinstance(raw, str):
        try:
            raw = decode_json(raw)
        except ValueError:
            return None
    match raw:
        case [{"forward": {"api": str(address), **of_forward}, **others}]:
            # What is empty may stand for what nobody has set.
            if any(of_forward.values()) or any(others.values()):
                return None
            return clean_text(address) or None
        case _:
            return None
