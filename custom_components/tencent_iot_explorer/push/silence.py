"""Whether pushes that should come do come, tested by reading a device now and then."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ..account.client import has_account_key
from ..api import DeviceStatus, TencentIotError
from ..const import CONF_PUSH, CONSOLE_URL, DOMAIN
from ..errors import literally, names_in_words
from ..product.entry_rules import RuleState
from ..reports.alarm import Alarm
from ..runtime import Product, TencentIotConfigEntry

# Nothing is done for a message: it shows by their number, four times an hour.
_SECONDS = 900
_QUIET_TIMES = 4
# In milliseconds. What is reported together is not always stamped together.
_APART = 30_000
# Each would show something at its second test only.
_MOST_UNWANTED = 3


@callback
def async_expect_pushes(entry: TencentIotConfigEntry) -> None:
    """Follow of which products messages should come.

    While nobody can say whether a rule is right, that stays as it was.
    """
    data = entry.runtime_data
    is_on: bool = entry.options.get(CONF_PUSH, False)
    for product in data.products.values():
        is_expected = is_on
        if is_on and has_account_key(entry.data):
            status = data.rules.statuses.get(product.product_id)
            if status is None or status.state is RuleState.WAITING:
                continue
            is_expected = status.state is RuleState.RIGHT
        product.push.async_set_expected(is_expected)


class SilenceWatch:
    """Finds out that a product's devices report while no message comes for an hour.

    Then they are polled as ever, and a repair issue says so, until the next message.
    """

    def __init__(self, product: Product) -> None:
        """Follow the pushes of a product until it is stopped."""
        self._product = product
        self._messages = 0
        self._quiet_times = 0
        self._tested: dict[str, int] = {}
        self._last_tested: str | None = None
        self._test: asyncio.Task[None] | None = None
        self._alarm = Alarm(product.hass, "silence of pushes", self._async_come)
        product.push.listeners.append(self._async_follow)
        product.on_stop.append(self._async_stop)

    @callback
    def _async_follow(self) -> None:
        """Follow that pushes begin, end or are expected."""
        product, push = self._product, self._product.push
        product.reader.async_look()
        product.event_reader.async_look()
        if push.is_silent:
            self._async_report()
        else:
            ir.async_delete_issue(product.hass, DOMAIN, self._issue_id)
        self._async_begin()
        self._alarm.async_cancel()
        if self._is_of_use:
            self._alarm.async_set(self._alarm.now + _SECONDS)

    @property
    def _issue_id(self) -> str:
        """Return the id of the repair issue."""
        return f"push_silent_{self._product.product_id}"

    @property
    def _is_of_use(self) -> bool:
        """Return whether anything would follow from silence: what nobody polls is late."""
        push, product = self._product.push, self._product
        return (
            (push.is_active or push.is_expected)
            and not push.is_silent
            and product.uses_properties
            and not product.entry.pref_disable_polling
        )

    @callback
    def _async_begin(self) -> None:
        """Begin to wait for a message."""
        self._messages = self._product.push.messages
        self._quiet_times = 0
        self._tested.clear()

    @callback
    def _async_come(self) -> None:
        """Test what has been quiet for an hour."""
        if self._product.push.messages != self._messages:
            self._async_begin()
        else:
            self._quiet_times += 1
        if self._quiet_times == _QUIET_TIMES:
            self._quiet_times = 0
            self._test = self._product.entry.async_create_background_task(
                self._product.hass,
                self._async_test(),
                f"{self._product.product_id} - silence of pushes",
                eager_start=False,
            )
        self._alarm.async_set(self._alarm.now + _SECONDS)

    async def _async_test(self) -> None:
        """Find out whether anything should have been pushed."""
        push = self._product.push
        if not push.is_missed:
            # What cannot be read says nothing.
            with suppress(TencentIotError, HomeAssistantError):
                await self._async_read()
        if push.is_missed and self._is_of_use:
            push.async_note_silence()

    async def _async_read(self) -> None:
        """Read a device that is online; the reader notes what was missed of wanted ones."""
        product, push = self._product, self._product.push
        names = self._candidates
        if not names:
            return
        turn = names.index(self._last_tested) if self._last_tested in names else -1
        name = self._last_tested = names[(turn + 1) % len(names)]
        messages = push.messages
        data = await product.reader.async_read(product, name)
        if push.messages != messages:
            return
        newest = max((item.reported_at for item in data.reports.values()), default=0)
        if newest > self._tested.setdefault(name, newest) + _APART:
            push.async_note_missed()

    @property
    def _candidates(self) -> Sequence[str]:
        """Return the devices that may be read, only those that are wanted if any is."""
        devices, wanted = self._product.devices, self._product.values.wanted
        online = [
            name
            for name in devices.names
            if (device := devices.data.get(name))
            and device.status is DeviceStatus.ONLINE
        ]
        return [name for name in online if name in wanted] or online[:_MOST_UNWANTED]

    @callback
    def _async_report(self) -> None:
        """Say that nothing is pushed, and what to do."""
        product = self._product
        ir.async_create_issue(
            product.hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            learn_more_url=CONSOLE_URL,
            severity=ir.IssueSeverity.WARNING,
            translation_key="push_silent",
            translation_placeholders={
                "product_id": literally(product.product_id),
                "console_url": CONSOLE_URL,
                **names_in_words(product=product.title),
            },
        )

    @callback
    def _async_stop(self) -> None:
        """Watch no more."""
        self._product.push.listeners.clear()
        self._alarm.async_cancel()
        if self._test:
            self._test.cancel()
