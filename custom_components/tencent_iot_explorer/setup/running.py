"""Whether an entry goes on while something is done for it bit by bit."""

from homeassistant.config_entries import ConfigEntryState

from ..runtime import TencentIotConfigEntry, TencentIotData


def is_running(entry: TencentIotConfigEntry, data: TencentIotData) -> bool:
    """Return whether an entry has not been unloaded since."""
    return (
        entry.state in (ConfigEntryState.LOADED, ConfigEntryState.SETUP_IN_PROGRESS)
        and getattr(entry, "runtime_data", None) is data
    )
