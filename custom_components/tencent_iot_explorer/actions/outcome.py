"""The outcome of running an action, as the entities of a device show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from ..api import (
    ActionReceipt,
    ActionReply,
    DeviceAction,
    PushedReply,
    Sanitizer,
    TencentIotError,
)
from ..errors import treatment

# What is shown of an outcome beside its type, as far as it is known.
OUTCOME_ATTRIBUTES: Final = (
    "action_id",
    "request_id",
    "client_token",
    "status",
    "code",
)


class OutcomeType(StrEnum):
    """How running an action can end."""

    ACCEPTED = "accepted"
    REPLIED = "replied"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The outcome of one run; neither inputs nor outputs are in it.

    `action_name` is what the data template called the action at the time, `code` is the
    device's own, which only a push has.
    """

    type: OutcomeType
    action_id: str
    action_name: str
    request_id: str = ""
    client_token: str = ""
    status: str = ""
    code: int | None = None

    @property
    def attributes(self) -> dict[str, object]:
        """Return what entities show of it beside its type."""
        values = {key: getattr(self, key) for key in OUTCOME_ATTRIBUTES}
        return {key: value for key, value in values.items() if value is not None}

    @classmethod
    def unknown(cls, action: DeviceAction) -> Self:
        """Return the outcome of a run that was cancelled on its way."""
        return cls(
            type=OutcomeType.UNCONFIRMED,
            action_id=action.id,
            action_name=action.name,
        )

    @classmethod
    def of_receipt(cls, action: DeviceAction, receipt: ActionReceipt) -> Self:
        """Return the outcome of a run that cloud or device confirmed."""
        replied = isinstance(receipt, ActionReply)
        return cls(
            type=OutcomeType.REPLIED if replied else OutcomeType.ACCEPTED,
            action_id=action.id,
            action_name=action.name,
            request_id=receipt.request_id,
            client_token=receipt.client_token,
            status=receipt.status,
        )

    @classmethod
    def of_pushed(
        cls,
        action: DeviceAction,
        receipt: ActionReceipt,
        reply: PushedReply,
        secrets: Iterable[str],
    ) -> Self:
        """Return the outcome of a run that the cloud took over and the device answered."""
        sanitizer = Sanitizer(secrets)
        code = str(reply.code)
        return cls(
            type=OutcomeType.FAILED if reply.code else OutcomeType.REPLIED,
            action_id=action.id,
            action_name=action.name,
            request_id=receipt.request_id,
            client_token=receipt.client_token,
            status=sanitizer.text(reply.status),
            code=reply.code if sanitizer.text(code) == code else None,
        )

    @classmethod
    def of_error(cls, action: DeviceAction, err: TencentIotError) -> Self:
        """Return the outcome of a run that failed, or whose result is unknown."""
        return cls(
            type=OutcomeType(treatment(err).event),
            action_id=action.id,
            action_name=action.name,
            request_id=err.request_id,
            status=err.code,
        )
