"""One call that is for several devices."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..errors import async_several_failed

# One call leaves slots of the key's limit to others.
_MOST_AT_ONCE = 8


async def async_side_by_side[ResultT](
    hass: HomeAssistant, shares: Sequence[Callable[[], Awaitable[ResultT]]]
) -> list[ResultT]:
    """Carry out all shares of a call, and return what each brings.

    If some fail, the others have still been carried out, and one error names all that
    failed.
    """
    if len(shares) == 1:
        return [await shares[0]()]
    slots = asyncio.Semaphore(_MOST_AT_ONCE)

    async def async_carry_out(
        share: Callable[[], Awaitable[ResultT]],
    ) -> ResultT | HomeAssistantError:
        """Carry out one share and return how it ended."""
        async with slots:
            try:
                return await share()
            except HomeAssistantError as err:
                return err

    results = await asyncio.gather(*map(async_carry_out, shares))
    failures = [result for result in results if isinstance(result, HomeAssistantError)]
    if failures:
        raise await async_several_failed(hass, failures, len(shares))
    return cast(list[ResultT], results)
