"""A stand-in for the cloud of Tencent Cloud IoT Explorer, for tests and the demo.

It shares no code with the integration: what it accepts was written from the documentation.
"""

from .envelopes import Envelope
from .faults import Fault, When
from .journal import ExecutedAction, JournalEntry
from .products import EmulatedDevice, EmulatedProduct, demo_products
from .refusals import Naming
from .server import Emulator

__all__ = [
    "EmulatedDevice",
    "EmulatedProduct",
    "Emulator",
    "Envelope",
    "ExecutedAction",
    "Fault",
    "JournalEntry",
    "Naming",
    "When",
    "demo_products",
]
