"""Which ids the cloud gives, and no others: `/` joins them in unique ids and services."""

import re
from typing import TypeIs

# What the console accepts, and 48 characters for a DeviceName. All ids of real data
# templates keep to it. Source: cloud API 2019-04-23, CreateDevice.
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_DEVICE_NAME = re.compile(r"[A-Za-z0-9_:-]{1,48}")


def is_identifier(value: object) -> TypeIs[str]:
    """Return whether something can be the id of a product, an action or an input."""
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None


def is_device_name(value: object) -> TypeIs[str]:
    """Return whether something can be a DeviceName."""
    return isinstance(value, str) and _DEVICE_NAME.fullmatch(value) is not None
