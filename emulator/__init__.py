"""A stand-in for the cloud of Tencent Cloud IoT Explorer, for tests and the demo.

It shares no code with the integration: what it accepts was written from the documentation.
"""

from .accounts import Account, Denial
from .cloud_lists import NameFilter, WithoutProject
from .demo import demo_products
from .devices import EmulatedDevice, EmulatedEvent
from .envelopes import Envelope
from .faults import Fault, When
from .forwarding import Forwarded
from .journal import ExecutedAction, JournalEntry, WrittenData
from .products import EmulatedProduct, many_products
from .projects import EmulatedProject
from .refusals import Naming
from .rules import EmulatedRule
from .server import Emulator
from .status_messages import StatusForm

__all__ = [
    "Account",
    "Denial",
    "EmulatedDevice",
    "EmulatedEvent",
    "EmulatedProduct",
    "EmulatedProject",
    "EmulatedRule",
    "Emulator",
    "Envelope",
    "ExecutedAction",
    "Fault",
    "Forwarded",
    "JournalEntry",
    "NameFilter",
    "Naming",
    "StatusForm",
    "When",
    "WithoutProject",
    "WrittenData",
    "demo_products",
    "many_products",
]
