"""How often something may be done in a second."""

import asyncio
from collections import deque
from collections.abc import Mapping
import time
from types import MappingProxyType

# How often we make which calls in a second at most, and all products of a key together.
# That is half of what Tencent documents of each call of Tencent Cloud API 3.0, or less of
# what is read again and again, so that half is left for whatever else uses the account.
# Nothing is documented of the service API.
MOST_PER_SECOND: Mapping[str, int] = MappingProxyType(
    {
        "CallDeviceActionAsync": 500,
        "CallDeviceActionSync": 100,
        "ControlDeviceData": 170,
        "DescribeDevice": 5,
        "DescribeDeviceData": 5,
        "DescribeModelDefinition": 10,
        "GetDeviceList": 5,
        "GetProjectList": 10,
        "GetStudioProductList": 10,
        "ListEventHistory": 2,
        "CreateTopicRule": 10,
        "DeleteTopicRule": 10,
        "DescribeTopicRule": 10,
        "EnableTopicRule": 10,
        "ModifyTopicRule": 10,
    }
)
# So many are spread over a second: who comes right after them need not wait for its end.
_MANY = 100
_PARTS = 10


class Pace:
    """Lets what waits go on in order, and no more than so many a second.

    Few may be done at once, and then none for the rest of a second. Of many, which fill a
    second only if a person wants much, a tenth may be done in each tenth of it.
    """

    def __init__(self, per_second: int) -> None:
        """Begin with nothing that was done lately."""
        parts = _PARTS if per_second >= _MANY else 1
        self._seconds = 1 / parts
        self._lately: deque[float] = deque(maxlen=per_second // parts)
        self._order = asyncio.Lock()

    async def wait(self) -> None:
        """Return when the next may be done."""
        async with self._order:
            if len(self._lately) == self._lately.maxlen:
                pause = self._lately[0] + self._seconds - time.monotonic()
                if pause > 0:
                    await asyncio.sleep(pause)
            self._lately.append(time.monotonic())
