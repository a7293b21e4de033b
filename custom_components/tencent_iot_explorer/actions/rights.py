"""What a person may see and control of devices."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import override

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..errors import refusal
from ..identifiers import entity_unique_id, parse_pair


class Use(ABC):
    """What is used of a device: whoever may use its entities may use it by any way."""

    @abstractmethod
    def entity_ids(self, registry: er.EntityRegistry, device: str) -> Sequence[str]:
        """Return the entities that a person must have the right on."""

    def is_allowed(
        self, registry: er.EntityRegistry, device: str, may: Callable[[str], bool]
    ) -> bool:
        """Return whether there are entities, and all of them may be used."""
        entity_ids = self.entity_ids(registry, device)
        return bool(entity_ids) and all(map(may, entity_ids))


@dataclass(frozen=True, slots=True)
class ActionUse(Use):
    """An action, by its button, or by the outcomes of the device if it has none."""

    action_id: str

    @override
    def entity_ids(self, registry: er.EntityRegistry, device: str) -> Sequence[str]:
        """Return the entity of the action."""
        unique_id = entity_unique_id(*parse_pair(device), self.action_id)
        entity_id = registry.async_get_entity_id(
            Platform.BUTTON, DOMAIN, unique_id
        ) or registry.async_get_entity_id(Platform.EVENT, DOMAIN, device)
        return [entity_id] if entity_id else []


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """The rights of whoever makes a call: a person, or nobody in particular.

    What a person may not use is refused in the same way as what does not exist, so that
    the refusal reveals nothing. `policy` is what a use needs: to control, or to read.
    """

    registry: er.EntityRegistry
    context: Context
    user: User | None
    policy: str = POLICY_CONTROL

    @property
    def is_limited(self) -> bool:
        """Return whether there is anything that must not be used."""
        return not self._has_all(self.policy)

    @property
    def sees_all(self) -> bool:
        """Return whether there is nothing that must not be shown."""
        return self._has_all(POLICY_READ)

    def may_use(self, device: str, use: Use) -> bool:
        """Return whether something of a device may be used."""
        return not self.is_limited or self._check(device, use, self.policy)

    def may_see(self, device: str, use: Use) -> bool:
        """Return whether something of a device may be shown.

        What is known of it can be read from its entities, or is needed to use it.
        """
        return (
            self.sees_all
            or self._check(device, use, POLICY_READ)
            or self.may_use(device, use)
        )

    def may_see_entity(self, entity_id: str) -> bool:
        """Return whether an entity that exists may be shown, as what else may be seen."""
        return (
            self.sees_all
            or not self.is_limited
            or any(
                self._may(entity_id, policy) for policy in (POLICY_READ, self.policy)
            )
        )

    def require(self, device: str, use: Use) -> None:
        """Refuse what must not be used of a device, or does not exist."""
        if not self.may_use(device, use):
            entity_ids = use.entity_ids(self.registry, device)
            raise Unauthorized(
                context=self.context,
                entity_id=entity_ids[0] if entity_ids else None,
                permission=self.policy,
            )

    def require_entity(self, entity_id: str) -> None:
        """Refuse an entity that must not be used, or does not exist."""
        if self.is_limited and not self._may(entity_id, self.policy):
            raise Unauthorized(
                context=self.context, entity_id=entity_id, permission=self.policy
            )

    def refusal(self, key: str, **placeholders: str) -> HomeAssistantError:
        """Return the error for what does not exist, or is not what was asked for.

        Who must not learn that is refused without a word of it.
        """
        if self.is_limited:
            return Unauthorized(context=self.context, permission=self.policy)
        return refusal(key, **placeholders)

    def _has_all(self, policy: str) -> bool:
        """Return whether a policy allows everything."""
        return self.user is None or self.user.permissions.access_all_entities(policy)

    def _check(self, device: str, use: Use, policy: str) -> bool:
        """Return whether something is there and may be used by a policy."""
        return use.is_allowed(
            self.registry, device, lambda entity_id: self._may(entity_id, policy)
        )

    def _may(self, entity_id: str, policy: str) -> bool:
        """Return whether an entity may be used by a policy that does not allow all."""
        user = self.user
        return user is not None and user.permissions.check_entity(entity_id, policy)


async def async_rights(
    hass: HomeAssistant, context: Context, policy: str = POLICY_CONTROL
) -> Rights:
    """Return the rights of whoever makes a call; an unknown person is refused."""
    user = None
    if context.user_id is not None:
        user = await hass.auth.async_get_user(context.user_id)
        if user is None:
            raise UnknownUser(context=context)
    return Rights(
        registry=er.async_get(hass), context=context, user=user, policy=policy
    )
