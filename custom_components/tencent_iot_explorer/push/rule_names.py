"""What our rules of the rule engine are called, and which messages they take."""

from hashlib import sha256
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers import instance_id

_LONGEST = 32
# All that the cloud takes in a RuleName.
_NAME = re.compile(r"\w+", re.ASCII)

# All messages of all devices of a product.
_SQL = "SELECT * FROM '$thing/up/+/{}/#'"


async def async_rule_name(hass: HomeAssistant, product_id: str) -> str:
    """Return the RuleName of a product, other than on any other Home Assistant.

    A ProductId that is of no use in it, which none was seen to be, gives way to its hash.
    """
    instance = sha256((await instance_id.async_get(hass)).encode()).hexdigest()[:8]
    name = f"ha_{instance}_{product_id}"
    if len(name) <= _LONGEST and _NAME.fullmatch(name):
        return name
    return f"ha_{instance}_{sha256(product_id.encode()).hexdigest()}"[:_LONGEST]


def rule_sql(product_id: str) -> str:
    """Return what takes all messages of a product's devices."""
    return _SQL.format(product_id)
