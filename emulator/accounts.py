"""Who may use the emulated Tencent Cloud API: sub-accounts with a key and rights."""

from dataclasses import dataclass, field
from enum import StrEnum

from .projects import UIN

# Invented: they open nothing but this emulator.
SECRET_ID = "AKIDEXAMPLEEXAMPLEEXAMPLEEXAMPLEDEMO"
SECRET_KEY = "ExampleSecretKeyNotRealOfTheDemo"


class Denial(StrEnum):
    """What it is called that a policy does not allow an operation.

    The first is documented, the others were seen in logs that people published.
    """

    DOCUMENTED = "AuthFailure.UnauthorizedOperation"
    SHORT = "UnauthorizedOperation"
    CAM = "UnauthorizedOperation.CamNoAuth"


@dataclass(kw_only=True)
class Account:
    """A sub-account of the main account `uin`, with its key and its policy.

    An operation is permitted if it is allowed, which all are unless `allowed` names some,
    and not denied.
    """

    secret_key: str = SECRET_KEY
    uin: str = UIN
    allowed: set[str] | None = None
    denied: set[str] = field(default_factory=set)
    denial: Denial = Denial.DOCUMENTED

    def permits(self, call: str) -> bool:
        """Return whether the policy allows an operation."""
        allowed = self.allowed is None or call in self.allowed
        return allowed and call not in self.denied
