"""What a person has decided in the pages of a Home Assistant before it starts."""

import json
from pathlib import Path
from typing import Any

_MADE_AT = "2026-11-01T00:00:00+00:00"


def write_settings(folder: Path, port: int) -> None:
    """Write what Home Assistant keeps of these decisions into a configuration folder."""
    (folder / ".storage").mkdir()
    # The step that is left out here would set up integrations that call home.
    _write(folder, "onboarding", {"done": ["core_config", "analytics"]}, 4, 1)
    _write(folder, "http", _network(port), 3, 1)
    # Where its catalog cannot be reached, it would ask for another source.
    _write(folder, "core.config_entries", {"entries": [_disabled("marketplace")]}, 1, 5)


def _write(
    folder: Path, key: str, data: dict[str, Any], version: int, minor_version: int
) -> None:
    """Write one file, in the form of a version."""
    stored = {
        "version": version,
        "minor_version": minor_version,
        "key": key,
        "data": data,
    }
    (folder / ".storage" / key).write_text(json.dumps(stored))


def _network(port: int) -> dict[str, Any]:
    """Return the settings of the network: only this machine reaches Home Assistant."""
    stable = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": ["https://cast.home-assistant.io"],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": _MADE_AT,
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def _disabled(domain: str) -> dict[str, Any]:
    """Return the entry of an integration that a person has disabled."""
    return {
        "created_at": _MADE_AT,
        "data": {},
        "disabled_by": "user",
        "discovery_keys": {},
        "domain": domain,
        "entry_id": domain,
        "minor_version": 1,
        "modified_at": _MADE_AT,
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "system",
        "subentries": [],
        "title": "",
        "unique_id": None,
        "version": 1,
    }
