"""A file of Home Assistant's storage, used as far as it can be, whatever it holds."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
import logging
from pathlib import Path
import sys
from typing import override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.json import load_json

from .api import shorten

_LOGGER = logging.getLogger(__name__)
_VERSION = 1
_LONGEST_REASON = 500
_ASIDE = ".unreadable."
_MOST_ASIDE = 5

type _Migrate = Callable[[int, int, object], Awaitable[object]]


class PartsStore(Store[Mapping[str, object]]):
    """A store of which each part is judged alone by whoever reads it.

    Home Assistant stops the set-up for a file that it cannot read. Nothing that is kept
    here is worth that.
    """

    def __init__(self, hass: HomeAssistant, key: str) -> None:
        """Read files of any version, and write those of our own."""
        super().__init__(
            hass,
            _VERSION,
            key,
            atomic_writes=True,
            max_readable_version=sys.maxsize,
        )
        self._of_other_version: object = None

    async def async_read(self) -> tuple[object, list[str]]:
        """Return what the file holds, None for nothing, and what is wrong with it."""
        if await self.hass.async_add_executor_job(_is_no_file, Path(self.path)):
            return None, ["not a file"]
        try:
            return await self.async_load(), []
        except NotImplementedError:  # Because Store has no other error for that.
            return self._of_other_version, ["of another version"]
        except KeyError, TypeError, UnsupportedStorageVersionError:
            data = await self.hass.async_add_executor_job(_read_as_it_is, self.path)
            return data, ["not in the form of Home Assistant's storage"]
        except (HomeAssistantError, OSError) as err:
            return None, [str(err)]

    async def async_put_aside(self, reasons: Iterable[str]) -> bool:
        """Rename the file, say why, and return whether another one can take its place.

        One that cannot be renamed is left as it is until the next start: what would be
        lost with it may be worth more than what happens until then.
        """
        path = Path(self.path)
        aside = path.with_name(f"{path.name}{_ASIDE}{dt_util.utcnow():%Y%m%d%H%M%S}")
        reason = shorten(", ".join(reasons), _LONGEST_REASON)
        try:
            await self.hass.async_add_executor_job(_rename, path, aside)
        except OSError as err:
            _LOGGER.warning(
                "The file %s cannot be used in full (%s), and not be put aside (%s), so "
                "nothing is written to it until the next start",
                path,
                reason,
                err,
            )
            self.make_read_only()
            return False
        _LOGGER.warning(
            "The file %s cannot be used in full (%s); it was put aside as %s",
            path,
            reason,
            aside.name,
        )
        return True

    @override
    async def async_remove(self) -> None:
        """Delete the file if that is possible."""
        try:
            await super().async_remove()
        except OSError as err:
            _LOGGER.warning("The file %s cannot be deleted: %s", self.path, err)

    @override
    async def _async_write_data(self, data: dict[str, object]) -> None:
        """Write the file, or go on without, also where Home Assistant would stop."""
        try:
            await super()._async_write_data(data)
        except OSError as err:
            _LOGGER.warning("The file %s cannot be written: %s", self.path, err)

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: object
    ) -> object:
        """Keep what a file of another version holds.

        Home Assistant takes that of another minor version as it is. Were it given that of
        another major one, it would overwrite the file before it could be put aside.
        """
        self._of_other_version = old_data
        migrate: _Migrate = super()._async_migrate_func
        return await migrate(old_major_version, old_minor_version, old_data)


def _is_no_file(path: Path) -> bool:
    """Return whether something else is in a file's place, which might never be read up."""
    return path.exists() and not path.is_file()


def _read_as_it_is(path: str) -> object:
    """Return what a file holds that is not in the form of Home Assistant's storage."""
    document: object = None
    with suppress(HomeAssistantError):
        document = load_json(path)
    return document.get("data", document) if isinstance(document, dict) else document


def _rename(path: Path, aside: Path) -> None:
    """Rename a file that exists, and delete the oldest of those that were before."""
    with suppress(FileNotFoundError):
        path.rename(aside)
    before = sorted(path.parent.glob(f"{path.name}{_ASIDE}*"))
    for oldest in before[:-_MOST_ASIDE]:
        with suppress(OSError):
            oldest.unlink()
