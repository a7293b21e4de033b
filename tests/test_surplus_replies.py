"""Second replies to one request, as the person who presses a button meets them."""

from collections.abc import Callable

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .api.interfaces import own_id
from .entities import add_product, press, record_events
from .helpers import ASYNC, Cloud, product, set_up
from .storm_faults import other_id
from custom_components.tencent_iot_explorer.const import Access
from emulator import Fault, When
from emulator.products import action


@pytest.mark.parametrize(
    ("access", "reshape"),
    [
        pytest.param(Access.APPLICATION, None, id="application"),
        pytest.param(Access.APPLICATION, other_id, id="application-other-ids"),
        # Where the cloud makes all ids, one more is as good as any.
        pytest.param(Access.ACCOUNT, None, id="account"),
    ],
    indirect=["access"],
)
@pytest.mark.parametrize("is_other", [False, True], ids=["same-key", "other-key"])
async def test_press(
    hass: HomeAssistant,
    cloud: Cloud,
    is_other: bool,
    reshape: Callable[[str], bytes] | None,
) -> None:
    """A reply to another press, of whatever key, says nothing of this one."""
    cloud.emulator.choose_fault = lambda _: Fault(execute=True, reshape=reshape)
    cloud.emulator.keep_alive = False
    for product_id in ("FIRST", "SECOND"):
        add_product(cloud, product_id, action("do", "Do it"))
    products = [product(name, ["device-1"]) for name in ("FIRST", "SECOND")]
    if is_other:
        await set_up(hass, cloud, products[0])
        await set_up(hass, cloud, products[1], **cloud.add_key())
    else:
        await set_up(hass, cloud, *products)
    # From here on there is one connection, which is kept.
    cloud.emulator.keep_alive = True
    cloud.emulator.faults.append(
        Fault(call=ASYNC, reshape=reshape, surplus=Fault(), surplus_when=When.NEXT)
    )
    await press(hass, "FIRST/device-1/do")
    events = record_events(hass)
    with pytest.raises(HomeAssistantError, match="may have been executed") as raised:
        await press(hass, "SECOND/device-1/do")
    await hass.async_block_till_done()
    assert raised.value.translation_placeholders
    request_id = own_id(cloud.emulator.journal[-1])
    assert raised.value.translation_placeholders["request_id"] == request_id
    (event,) = events
    assert event.attributes["event_type"] == "unconfirmed"
    assert event.attributes["request_id"] == request_id
    assert len(cloud.executed) == 2

    await press(hass, "SECOND/device-1/do")
    assert len(cloud.executed) == 3
