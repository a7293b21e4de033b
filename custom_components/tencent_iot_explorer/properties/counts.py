"""How many entities the properties and events of a data template become."""

from dataclasses import dataclass

from homeassistant.const import Platform

from ..api import DataTemplate
from .describe import describe

# What Home Assistant exposes to Assist by itself.
_EXPOSED = (Platform.SWITCH, Platform.LIGHT, Platform.COVER)


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityNumbers:
    """How many entities each device gets, and how many are disabled or exposed at first."""

    of_properties: int
    of_events: int
    disabled: int
    exposed: int

    @property
    def total(self) -> int:
        """Return how many there are of both."""
        return self.of_properties + self.of_events


def count_entities(template: DataTemplate) -> EntityNumbers:
    """Count what a device gets; the secrets of the template are marked."""
    described = describe(template)
    composites = [item for item in (described.light, described.cover) if item]
    return EntityNumbers(
        of_properties=len(described.properties) + len(composites),
        of_events=len(template.events),
        disabled=sum(not item.is_enabled for item in described.properties),
        exposed=len(composites)
        + sum(
            item.is_enabled and item.category is None and item.platform in _EXPOSED
            for item in described.properties
        ),
    )
