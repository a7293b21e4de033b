"""What the data template's words for an event become."""

from ..api import DataTemplate, TemplateEvent

_DOORBELL = {"doorbell", "门铃", "門鈴"}


def event_name(template: DataTemplate, event: TemplateEvent) -> str:
    """Return the name of an event, with its id where something else has that name.

    That is an action, a property, or an event that is declared before.
    """
    names = {
        item.name
        for items in (template.actions, template.properties)
        for item in items.values()
    }
    for other in template.events.values():
        if other.id == event.id:
            break
        names.add(other.name)
    return event.label if event.name in names else event.name


def is_doorbell(event: TemplateEvent) -> bool:
    """Return whether the id or the name of an event is that of a doorbell."""
    return any(
        "".join(filter(str.isalpha, text)).casefold() in _DOORBELL
        for text in (event.id, event.name)
    )
