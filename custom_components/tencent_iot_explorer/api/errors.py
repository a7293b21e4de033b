"""What can go wrong between this integration and the cloud."""

from typing import override


class TencentIotError(Exception):
    """A call that brought no result; the base of all errors of this package."""

    def __init__(
        self, message: str = "", *, code: str = "", request_id: str = ""
    ) -> None:
        """Keep the cloud's code and text, and the RequestId to look it up by."""
        super().__init__()
        self.message = message
        self.code = code
        self.request_id = request_id

    @override
    def __str__(self) -> str:
        """Return code and text."""
        return ": ".join(part for part in (self.code, self.message) if part)

    def hide(self, *secrets: str) -> None:
        """Take secrets out of what the cloud or the network said, for good."""
        for secret in secrets:
            self.message = self.message.replace(secret, "…")
            self.code = self.code.replace(secret, "…")


class CannotConnectError(TencentIotError):
    """The request was surely not sent: no connection could be made."""


class CertificateDateError(CannotConnectError):
    """The cloud's certificate is expired or not yet valid by this machine's clock."""


class TooLateError(TencentIotError):
    """The action was not sent, because it would have come later than anybody expects."""


class InvalidDataTemplateError(TencentIotError):
    """The product's data template is not a document that actions can be read from."""


class FateUnknownError(TencentIotError):
    """The request may have been executed; nothing came back that could tell."""


class BrokenReplyError(FateUnknownError):
    """Something answered, but not as the service API does."""


class DeviceSilentError(FateUnknownError):
    """The device did not answer in the time that the cloud gives it."""


class ServerFaultError(FateUnknownError):
    """The cloud failed inside, at an unknown point of the work."""


class RefusedError(TencentIotError):
    """The cloud refused, or the device could not be reached: nothing was executed."""


class CredentialsError(RefusedError):
    """The key pair is not accepted."""


class UnknownApplicationError(CredentialsError):
    """The cloud knows no application with this AppKey."""


class InvalidSignatureError(CredentialsError):
    """The signature is wrong, which a wrong AppSecret causes."""


class TimestampError(RefusedError):
    """The time stamp is too far from the cloud's clock."""


class NoPermissionError(RefusedError):
    """The application is not linked to the product."""


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


class DeviceUnreachableError(RefusedError):
    """The device is offline or does not listen for actions."""
