"""What the data template's words for an event become."""

from ..api import TemplateEvent
from ..presentation.names import input_name
from ..runtime import Product

_DOORBELL = {"doorbell", "门铃", "門鈴"}


def event_name(product: Product, event: TemplateEvent) -> str:
    """Return the name of an event, with its id where something else has that name.

    That is an action, an input, what a property became, or an event declared before.
    """
    actions, found = product.actions.values(), product.descriptions
    taken = {action.name for action in actions}
    taken |= {
        input_name(action, parameter)
        for action in actions
        for parameter in action.inputs
    }
    taken |= {
        item.name for item in (*found.properties, found.light, found.cover) if item
    }
    for other in product.events.values():
        if other.id == event.id:
            break
        taken.add(other.name)
    return f"{event.name} ({event.id})" if event.name in taken else event.name


def is_doorbell(event: TemplateEvent) -> bool:
    """Return whether the id or the name of an event is that of a doorbell."""
    return any(
        "".join(filter(str.isalpha, text)).casefold() in _DOORBELL
        for text in (event.id, event.name)
    )
