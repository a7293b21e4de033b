"""That a device came online or went offline, in forms that the rule engine may use."""

from collections.abc import Mapping
from enum import Enum, auto
import json
import time
from typing import Any


class StatusForm(Enum):
    """The forms of a message of which only that for CKafka is documented.

    `RECORD` is that one in place of a payload, `TEXT` its text, `SMALL` it with small
    letters only. `ALONE` is that one and nothing around it.
    """

    RECORD = auto()
    TEXT = auto()
    SMALL = auto()
    ALONE = auto()

    def message(
        self,
        change: Mapping[str, Any],
        sequence: int,
        now: float,
        names: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return a message of a rule."""
        record = {
            "MsgType": "StatusChange",
            **change,
            "Topic": "",
            "ProductId": names["productid"],
            "DeviceName": names["devicename"],
            "Seq": sequence,
            "PayloadLen": 0,
            "Payload": None,
            # Of China, as all times of the cloud that are written out.
            "Time": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now + 8 * 3600)),
        }
        if self is StatusForm.ALONE:
            return record
        payload: Any = record
        if self is StatusForm.TEXT:
            payload = json.dumps(record)
        elif self is StatusForm.SMALL:
            payload = {
                name.lower(): value.lower() if name in ("MsgType", "Event") else value
                for name, value in record.items()
            }
        around = {"payload": payload, "seq": sequence, "timestamp": int(now)}
        return {**around, **names, "topic": ""}
