"""What can go wrong with a call of the cloud."""

from enum import Enum, auto
from typing import ClassVar, override


class Repeat(Enum):
    """What may be sent again after an error without being done twice."""

    NOTHING = auto()
    READS = auto()
    EVERYTHING = auto()


class TencentIotError(Exception):
    """A call that brought no result; the base of all errors of this package.

    `retry_after` is in how many seconds the cloud wants to be asked again, if it says so.
    """

    repeat: ClassVar[Repeat] = Repeat.NOTHING

    def __init__(
        self, message: str = "", *, code: str = "", request_id: str = ""
    ) -> None:
        """Keep the cloud's code and text, and the RequestId to look it up by."""
        super().__init__()
        self.message = message
        self.code = code
        self.request_id = request_id
        self.retry_after: float | None = None

    @override
    def __str__(self) -> str:
        """Return code and text."""
        return ": ".join(part for part in (self.code, self.message) if part)


class CannotConnectError(TencentIotError):
    """The request was surely not sent: no connection could be made."""

    repeat = Repeat.EVERYTHING


class CertificateDateError(CannotConnectError):
    """The cloud's certificate is expired or not yet valid by this machine's clock."""

    repeat = Repeat.NOTHING


class TooLateError(TencentIotError):
    """It was not sent, because it would have come later than anybody expects."""


class InvalidDataTemplateError(TencentIotError):
    """The product's data template is not a document that actions can be read from."""


class FateUnknownError(TencentIotError):
    """The request may have been executed; no reply shows whether."""

    repeat = Repeat.READS


class BrokenReplyError(FateUnknownError):
    """Something answered, but not as the cloud does."""

    repeat = Repeat.NOTHING


class DeviceSilentError(FateUnknownError):
    """The device did not answer in the time that the cloud gives it."""


class ServerFaultError(FateUnknownError):
    """The cloud failed inside, at an unknown point of the work."""


class RepeatedRequestError(FateUnknownError):
    """The cloud takes the request for one that it received before, by its Nonce.

    A Nonce of ours is new each time, so something on the way sent a copy, and that one
    may have been executed.
    """


class UnknownCodeError(FateUnknownError):
    """The cloud reports an error that is not known to mean that nothing was executed."""

    repeat = Repeat.NOTHING


class RefusedError(TencentIotError):
    """The cloud refused while it checked the request: surely nothing was executed.

    The same goes for a device that could not be reached.
    """


class CredentialsError(RefusedError):
    """The key pair is not accepted."""


class UnknownApplicationError(CredentialsError):
    """The cloud knows no application with this AppKey."""


class UnknownSecretIdError(CredentialsError):
    """The account has no enabled key with this SecretId."""


class InvalidSignatureError(CredentialsError):
    """The signature is wrong, which a wrong AppSecret or SecretKey causes."""


class TimestampError(RefusedError):
    """The time stamp is too far from the cloud's clock."""


class NoPermissionError(RefusedError):
    """The key may not use the product; an application's must be linked to it."""


class OperationDeniedError(NoPermissionError):
    """No policy allows the user of the key this operation.

    Other operations may be allowed. The cloud's text names operation and resource.
    """


class NotVerifiedError(RefusedError):
    """The owner of the account has not proved to Tencent who he is."""


class SecondFactorError(RefusedError):
    """The account asks for a second factor, which no key pair can give."""


class AddressRefusedError(RefusedError):
    """The cloud does not serve the network that the request came from."""


class UnsupportedRegionError(RefusedError):
    """The cloud does not offer the service in the region of the request."""


class UnknownProductError(RefusedError):
    """The cloud knows no such product."""


class NoDataTemplateError(RefusedError):
    """The product has no data template."""


class UnknownDeviceError(RefusedError):
    """The product has no such device."""


class UnknownActionError(RefusedError):
    """The product's data template has no such action."""


class InvalidInputError(RefusedError):
    """The cloud does not accept a parameter."""


class RateLimitError(RefusedError):
    """Too many requests in a short time."""

    repeat = Repeat.EVERYTHING


class RetryLaterError(RateLimitError):
    """Too many requests; the cloud says in how many seconds it may be asked again."""


class QuotaError(RefusedError):
    """The cloud does nothing more until somebody pays or buys more."""


class DeviceUnreachableError(RefusedError):
    """The device is offline or does not listen for actions."""


class UnknownRuleError(RefusedError):
    """The account has no such rule."""


class RuleExistsError(RefusedError):
    """The account has a rule of that name already."""


class RuleLimitError(RefusedError):
    """The account has as many rules as it may have."""


class AddressUnreachableError(RefusedError):
    """The cloud tried the address that a rule forwards to, and it did not answer as it must."""
