"""What an entry remembers of its rules, so that a crash leaves none without a trace."""

from collections.abc import Mapping
from typing import cast

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_RULES, CONF_UNFINISHED


class StoredRules:
    """The addresses last written, by ProductId, in the options of an entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Use the options as they are at any moment."""
        self._hass = hass
        self._entry = entry

    @property
    def is_kept(self) -> bool:
        """Return whether there still is an entry that remembers."""
        entries = self._hass.config_entries
        return entries.async_get_entry(self._entry.entry_id) is not None

    @property
    def addresses(self) -> Mapping[str, str]:
        """Return which address was last written into the rule of which product."""
        return cast(Mapping[str, str], self._entry.options.get(CONF_RULES, {}))

    def is_unfinished(self, product_id: str) -> bool:
        """Return whether a rule was made, or was about to be, and never enabled."""
        return product_id in self._unfinished

    @property
    def _unfinished(self) -> list[str]:
        """Return the products whose rules are not enabled yet."""
        return cast(list[str], self._entry.options.get(CONF_UNFINISHED, []))

    @callback
    def async_begin(self, product_id: str, address: str) -> None:
        """Keep that a rule is about to be made."""
        self._async_store(product_id, address, is_unfinished=True)

    @callback
    def async_finish(self, product_id: str, address: str) -> None:
        """Keep that a rule is there and enabled."""
        self._async_store(product_id, address)

    @callback
    def async_forget(self, product_id: str) -> None:
        """Keep that there is no such rule of ours."""
        self._async_store(product_id, None)

    @callback
    def _async_store(
        self, product_id: str, address: str | None, *, is_unfinished: bool = False
    ) -> None:
        """Write what has changed; an entry that is removed keeps nothing."""
        if not self.is_kept:
            return
        addresses = {**self.addresses, product_id: address}
        unfinished = {*self._unfinished} - {product_id}
        if is_unfinished:
            unfinished.add(product_id)
        changed = {
            CONF_RULES: {key: value for key, value in addresses.items() if value},
            CONF_UNFINISHED: sorted(unfinished),
        }
        options = {**self._entry.options, **changed}
        self._hass.config_entries.async_update_entry(
            self._entry,
            options={
                key: value
                for key, value in options.items()
                if value or key not in changed
            },
        )
