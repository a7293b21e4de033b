"""Reads what devices report, for all products of an entry."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
import math
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..account.request_counts import Origin
from ..api import DeviceData, DeviceStatus, RateLimitError, RetryLaterError, TencentIotError
from ..const import CONF_SLEEPS
from ..errors import treatment
from ..runtime import Product
from .follow_ups import FollowUps
from .schedule import Schedule, Wanted
