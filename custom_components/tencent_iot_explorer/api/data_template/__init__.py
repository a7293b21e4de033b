"""Data templates: what the devices of a product can do, and which values they take."""

from .base import (
    LARGEST_INPUTS,
    DataType,
    Problem,
    RefusedValueError,
    TimeSettings,
    TimestampUnit,
    WireValue,
)
from .choices import Bool, Choice, Enum, spellings
from .model import (
    DataTemplate,
    DeviceAction,
    EventType,
    Parameter,
    Property,
    TemplateEvent,
    is_of,
)
from .numbers import Integer, Number, Timestamp, reported_unit
from .parser import parse_data_template
from .texts import LengthForm, Text
from .types import TYPES, Array, Json, Struct

__all__ = [
    "LARGEST_INPUTS",
    "TYPES",
    "Array",
    "Bool",
    "Choice",
    "DataTemplate",
    "DataType",
    "DeviceAction",
    "Enum",
    "EventType",
    "Integer",
    "Json",
    "LengthForm",
    "Number",
    "Parameter",
    "Problem",
    "Property",
    "RefusedValueError",
    "Struct",
    "TemplateEvent",
    "Text",
    "TimeSettings",
    "Timestamp",
    "TimestampUnit",
    "WireValue",
    "is_of",
    "parse_data_template",
    "reported_unit",
    "spellings",
]
