"""Rules: which entities the properties of a data template become."""

from ..api import DataTemplate
from .description import Descriptions


def describe(template: DataTemplate) -> Descriptions:
    """Return what all properties of a data template become."""
    return Descriptions()
