"""What a person may see and control of the actions of devices."""

from dataclasses import dataclass

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..identifiers import entity_unique_id, parse_pair


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """The rights of whoever makes a call: a person, or nobody in particular.

    What a person may not control is refused in the same way as what does not exist, so
    that the refusal reveals nothing.
    """

    registry: er.EntityRegistry
    context: Context
    user: User | None

    @property
    def is_limited(self) -> bool:
        """Return whether there is anything that must not be controlled."""
        return self.user is not None and not self.user.permissions.access_all_entities(
            POLICY_CONTROL
        )

    @property
    def sees_all(self) -> bool:
        """Return whether there is nothing that must not be shown."""
        return self.user is None or self.user.permissions.access_all_entities(
            POLICY_READ
        )

    def may_control(self, device: str, action_id: str) -> bool:
        """Return whether an action of a device may be run."""
        return not self.is_limited or self._check(device, action_id, POLICY_CONTROL)

    def may_see(self, device: str, action_id: str) -> bool:
        """Return whether an action of a device may be shown.

        What is known of it can be read from its entities, or is needed to control it.
        """
        return (
            self.sees_all
            or self._check(device, action_id, POLICY_READ)
            or self.may_control(device, action_id)
        )

    def require_control(self, device: str, action_id: str) -> None:
        """Refuse an action of a device that must not be run, or does not exist."""
        if not self.may_control(device, action_id):
            raise Unauthorized(
                context=self.context,
                entity_id=action_entity(self.registry, device, action_id),
                permission=POLICY_CONTROL,
            )

    def require_all(self) -> None:
        """Refuse who must not learn what does not exist, or is not what was asked for."""
        if self.is_limited:
            raise Unauthorized(context=self.context, permission=POLICY_CONTROL)

    def _check(self, device: str, action_id: str, policy: str) -> bool:
        """Return whether the entity of an action is there and may be used."""
        entity_id = action_entity(self.registry, device, action_id)
        return (
            self.user is not None
            and entity_id is not None
            and self.user.permissions.check_entity(entity_id, policy)
        )


async def async_rights(hass: HomeAssistant, context: Context) -> Rights:
    """Return the rights of whoever makes a call; an unknown person is refused."""
    user = None
    if context.user_id is not None:
        user = await hass.auth.async_get_user(context.user_id)
        if user is None:
            raise UnknownUser(context=context)
    return Rights(registry=er.async_get(hass), context=context, user=user)


def action_entity(
    registry: er.EntityRegistry, device: str, action_id: str
) -> str | None:
    """Return the button of an action, or the outcomes of the device if it has none."""
    unique_id = entity_unique_id(*parse_pair(device), action_id)
    return registry.async_get_entity_id(
        Platform.BUTTON, DOMAIN, unique_id
    ) or registry.async_get_entity_id(Platform.EVENT, DOMAIN, device)
