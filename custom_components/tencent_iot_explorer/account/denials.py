"""The operations that no policy allows an entry's key: each is a repair issue of its own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..api import (
    AddressUnreachableError,
    DeviceSilentError,
    DeviceUnreachableError,
    OperationDeniedError,
    RuleExistsError,
    RuleLimitError,
    TencentIotError,
    UnknownRuleError,
)
from ..const import DOMAIN, POLICIES_URL
from ..errors import error_placeholders, literally, names_in_words
from ..presentation.product_names import products_in_words

# Nobody comes as far as a device, or a rule, without being allowed to.
_ALLOWED = (
    DeviceSilentError,
    DeviceUnreachableError,
    AddressUnreachableError,
    RuleExistsError,
    RuleLimitError,
    UnknownRuleError,
)


class Denials:
    """What came of all requests of an entry, as far as they were denied.

    An operation may be denied for some products and allowed for others. Whatever calls
    the cloud, its denials are noted here, and nothing else of the entry changes by them.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing that was denied."""
        self._hass = hass
        self._entry = entry
        self._is_closed = False
        self._denied: defaultdict[str, dict[str, OperationDeniedError]] = defaultdict(
            dict
        )

    @property
    def products(self) -> Mapping[str, Sequence[str]]:
        """Return for which products each operation is denied."""
        return {
            operation: list(denied)
            for operation, denied in self._denied.items()
            if denied
        }

    @callback
    def note(
        self, product_id: str, operation: str, err: TencentIotError | None
    ) -> None:
        """Follow what came of a request; the same again changes nothing."""
        denied = self._denied[operation]
        if isinstance(err, OperationDeniedError):
            if product_id in denied or not self._is_used(product_id):
                return
            denied[product_id] = err
        elif product_id in denied and (err is None or isinstance(err, _ALLOWED)):
            del denied[product_id]
        else:
            return
        self._report(operation)

    @callback
    def forget(self, product_id: str) -> None:
        """Let go of a product that is not used any more."""
        for operation, denied in self._denied.items():
            if denied.pop(product_id, None):
                self._report(operation)

    @callback
    def close(self) -> None:
        """Let go of all; a request that is still under way changes nothing any more."""
        self._is_closed = True
        for operation, denied in self._denied.items():
            denied.clear()
            self._report(operation)

    def _is_used(self, product_id: str) -> bool:
        """Return whether a product is of the entry, and the entry loaded."""
        return not self._is_closed and any(
            subentry.unique_id == product_id
            for subentry in self._entry.subentries.values()
        )

    @callback
    def _report(self, operation: str) -> None:
        """Keep a repair issue as long as an operation is denied for any product."""
        issue_id = f"operation_denied_{self._entry.entry_id}_{operation}"
        denied = self._denied[operation]
        if not denied:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
            return
        err = denied[min(denied)]
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            learn_more_url=POLICIES_URL,
            severity=ir.IssueSeverity.WARNING,
            translation_key="operation_denied",
            translation_placeholders={
                "operation": operation,
                "products": products_in_words(self._entry, denied),
                "policies_url": POLICIES_URL,
                **names_in_words(entry=self._entry.title),
                **error_placeholders(err),
                "message": literally(err.message) or "–",
            },
        )
