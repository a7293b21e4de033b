"""The rule of one product: made, mended, deleted, or left to whoever it belongs to."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..account.request_counts import Origin
from ..api import (
    CannotConnectError,
    RefusedError,
    TencentIotClient,
    TencentIotError,
    TooLateError,
    TopicRule,
    UnknownRuleError,
)
from ..product.entry_rules import RuleState, RuleStatus, failed
from .handshakes import async_is_another_instance
from .rule_names import async_rule_name, rule_sql
from .rule_verdict import Verdict, judge
from .stored_rules import StoredRules

_RIGHT = RuleStatus(state=RuleState.RIGHT)
WAITING = RuleStatus(state=RuleState.WAITING)
_FOREIGN = RuleStatus(state=RuleState.FOREIGN)
_EDITED = RuleStatus(state=RuleState.EDITED)
# Whatever failed by one of these was surely not done.
_NOT_DONE = (RefusedError, CannotConnectError, TooLateError)


class ProductRule:
    """The rule of a product, which is to forward to an address, if there is one."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: TencentIotClient,
        product_id: str,
        address: str | None,
    ) -> None:
        """Ask the cloud for nothing yet."""
        self._hass = hass
        self._client = client
        self._product_id = product_id
        self._address = address
        self._sql = rule_sql(product_id)
        self._stored = StoredRules(hass, entry)

    async def async_reconcile(self, decision: RuleState | None = None) -> RuleStatus:
        """Make or mend the rule, and return how it is then; see `async_write`."""
        try:
            return await self.async_write(decision)
        except TencentIotError as err:
            return failed(err)

    async def async_write(self, decision: RuleState | None = None) -> RuleStatus:
        """Make or mend the rule, unless somebody else has a say in it.

        With a `decision` a person has decided about one that is edited, or foreign.
        """
        address = self._address
        if address is None:
            return WAITING
        rule = await self._async_describe()
        verdict = await self._async_judge(rule)
        if not self._stored.is_kept:
            # What is made now nobody would delete.
            return WAITING
        if verdict is Verdict.FOREIGN and decision is not RuleState.FOREIGN:
            return _FOREIGN
        if verdict is Verdict.EDITED and decision is not RuleState.EDITED:
            return _EDITED
        if verdict is Verdict.MISSING:
            await self._async_make(address)
        elif verdict is Verdict.UNFINISHED:
            await self._async_enable(address)
        elif verdict is not Verdict.RIGHT:
            await self._async_modify(address)
        # Also what was enabled by a request that brought no answer.
        self._stored.async_finish(self._product_id, address)
        return _RIGHT

    async def async_delete(self) -> RuleStatus | None:
        """Delete the rule if it is ours, else return why it is left."""
        try:
            rule = await self._async_describe()
            verdict = await self._async_judge(rule, changes_right=True)
            if verdict is Verdict.EDITED:
                return _EDITED
            if verdict is Verdict.FOREIGN:
                return _FOREIGN
            if verdict is not Verdict.MISSING:
                await self._client.delete_topic_rule(
                    await self._async_name(),
                    product_id=self._product_id,
                    origin=Origin.PUSH,
                )
        except TencentIotError as err:
            return failed(err)
        self._stored.async_forget(self._product_id)
        return None

    async def _async_judge(
        self, rule: TopicRule | None, *, changes_right: bool = False
    ) -> Verdict:
        """Return what is to be done about the rule.

        Before one is changed that has an address of ours, it is made sure that no other
        Home Assistant has that address, too. One that is right may be changed as well.
        """
        verdict = judge(
            rule,
            self._sql,
            self._address,
            self._stored.addresses.get(self._product_id),
            is_unfinished=self._stored.is_unfinished(self._product_id),
        )
        if rule is None or rule.address is None or verdict is Verdict.FOREIGN:
            return verdict
        if verdict is Verdict.RIGHT and not changes_right:
            return verdict
        is_of_others = await async_is_another_instance(self._hass, rule.address)
        return Verdict.FOREIGN if is_of_others else verdict

    async def _async_name(self) -> str:
        """Return what the rule is called."""
        return await async_rule_name(self._hass, self._product_id)

    async def _async_describe(self) -> TopicRule | None:
        """Return the rule as it is in the cloud, none if it is not there."""
        try:
            return await self._client.describe_topic_rule(
                await self._async_name(),
                product_id=self._product_id,
                origin=Origin.PUSH,
            )
        except UnknownRuleError:
            return None

    async def _async_make(self, address: str) -> None:
        """Make the rule, and enable it, by which the cloud checks the address."""
        is_new = self._product_id not in self._stored.addresses
        self._stored.async_begin(self._product_id, address)
        try:
            await self._client.create_topic_rule(
                await self._async_name(),
                self._sql,
                address,
                product_id=self._product_id,
                origin=Origin.PUSH,
            )
        except _NOT_DONE:
            if is_new:
                self._stored.async_forget(self._product_id)
            raise
        await self._async_enable(address)

    async def _async_enable(self, address: str) -> None:
        """Enable the rule."""
        await self._client.enable_topic_rule(
            await self._async_name(),
            address,
            product_id=self._product_id,
            origin=Origin.PUSH,
        )

    async def _async_modify(self, address: str) -> None:
        """Write all of the rule, enabled, by which the cloud checks the address, too."""
        await self._client.modify_topic_rule(
            await self._async_name(),
            self._sql,
            address,
            is_disabled=False,
            product_id=self._product_id,
            origin=Origin.PUSH,
        )
