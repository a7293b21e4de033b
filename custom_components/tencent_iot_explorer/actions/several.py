"""One call that is for several devices."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.async_ import create_eager_task

from ..errors import async_several_failed
from ..time_slices import async_in_slices


async def async_side_by_side[ResultT](
    hass: HomeAssistant, shares: Sequence[Callable[[], Awaitable[ResultT]]]
) -> list[ResultT]:
    """Carry out all shares of a call, and return what each brings.

    If some fail, the others have still been carried out, and one error names all that
    failed.
    """
    if len(shares) == 1:
        return [await shares[0]()]

    async def async_carry_out(
        share: Callable[[], Awaitable[ResultT]],
    ) -> ResultT | HomeAssistantError:
        """Carry out one share and return how it ended."""
        try:
            return await share()
        except HomeAssistantError as err:
            return err

    tasks: list[asyncio.Task[ResultT | HomeAssistantError]] = []
    try:
        async for share in async_in_slices(hass, shares):
            task = create_eager_task(async_carry_out(share), loop=hass.loop)
            tasks.append(task)
        results = await asyncio.gather(*tasks)
    except asyncio.CancelledError:
        # Some may have begun before there was anything that cancels all.
        for task in tasks:
            task.cancel()
        raise
    failures = [result for result in results if isinstance(result, HomeAssistantError)]
    if failures:
        raise await async_several_failed(hass, failures, len(shares))
    return cast(list[ResultT], results)
