"""The one way to run an action of a device."""

from collections.abc import Iterable, Mapping
import time

from homeassistant.core import Context, callback

from ..account.request_counts import Origin
from ..api import ActionReceipt, DeviceAction, PushedReply, TencentIotError, WireValue
from ..const import APART, CONF_PUSH
from ..errors import error_placeholders, failure, treatment
from ..runtime import Product
from .outcome import Outcome
from .outcome_entity import async_show_outcome


async def async_run_on_device(
    product: Product,
    device_name: str,
    action: DeviceAction,
    inputs: Mapping[str, WireValue],
    *,
    wait_for_reply: bool,
    origin: Origin,
    context: Context,
    waited: float = 0,
) -> ActionReceipt:
    """Run an action of a device; every path to the cloud's actions leads here.

    The context is that of whoever called it, and so becomes that of the outcome; what has
    the same shares places. `waited` is for how many seconds the call has waited already.
    """
    client = product.client
    call = (
        client.call_device_action_sync
        if wait_for_reply
        else client.call_device_action_async
    )
    secrets = [
        str(inputs[parameter.id]) for parameter in action.inputs if parameter.is_secret
    ]
    outcome: Outcome | None = None
    try:
        receipt = await call(
            product.product_id,
            device_name,
            action.id,
            inputs,
            origin=origin,
            secrets=secrets,
            waited=waited,
            caller=context.id,
        )
        outcome = Outcome.of_receipt(action, receipt)
        product.reader.async_follow_up(product, device_name, needs_report=True)
    except TencentIotError as err:
        outcome = Outcome.of_error(action, err)
        if treatment(err).reauth:
            product.entry.async_start_reauth(product.hass)
        raise failure(
            treatment(err).text,
            device=product.device_label(device_name),
            action=action.label,
            **error_placeholders(err),
        ) from err
    finally:
        # Also for a call that is cancelled on its way.
        async_show_outcome(
            product, device_name, outcome or Outcome.unknown(action), context
        )
    if not wait_for_reply and product.entry.options.get(CONF_PUSH):
        _async_expect_reply(product, device_name, action, receipt, secrets, context)
    return receipt


@callback
def _async_expect_reply(
    product: Product,
    device_name: str,
    action: DeviceAction,
    receipt: ActionReceipt,
    secrets: Iterable[str],
    context: Context,
) -> None:
    """Show what the device answers to a run that the cloud took over, if it is pushed."""
    hass = product.hass

    async def async_show(outcome: Outcome) -> None:
        """Show a reply, not in the moment of what was shown before."""
        await hass.async_add_executor_job(time.sleep, APART)
        async_show_outcome(product, device_name, outcome, context)

    @callback
    def show(reply: PushedReply) -> None:
        """Take a reply, without what was secret of the run."""
        outcome = Outcome.of_pushed(action, receipt, reply, secrets)
        hass.async_create_task(async_show(outcome), f"{product.product_id} - reply")

    product.replies.async_expect(
        product.product_id, device_name, receipt.client_token, show
    )
