"""Codes of errors, and which of them say for sure that nothing was executed."""

import re

from .errors import (
    AddressRefusedError,
    AddressUnreachableError,
    CredentialsError,
    DeviceSilentError,
    DeviceUnreachableError,
    InvalidInputError,
    InvalidSignatureError,
    NoDataTemplateError,
    NoPermissionError,
    NotVerifiedError,
    QuotaError,
    RateLimitError,
    RefusedError,
    RepeatedRequestError,
    RuleExistsError,
    RuleLimitError,
    SecondFactorError,
    ServerFaultError,
    TencentIotError,
    TimestampError,
    UnknownActionError,
    UnknownApplicationError,
    UnknownCodeError,
    UnknownDeviceError,
    UnknownProductError,
    UnknownRuleError,
    UnsupportedRegionError,
)

# What is said of the properties of a device that has never reported any.
NEVER_REPORTED = "ResourceNotFound.DeviceShadowNotExist"

# What is said to a rule that is to be enabled and is.
ALREADY_ENABLED = "FailedOperation.RuleAlreadyEnabled"

# What may stand behind the name of a family of codes.
_KIND = r"(\.\w+)?"
# The first that matches a code as a whole decides. A code that matches none may have been
# decided after the action was handed to the device, and so may one about a time that ran
# out or the inside of the cloud, of whatever family. Those that are refusals are decided while the request is checked.
# Sources: the common error codes of cloud API 3.0 and the list of codes of cloud API
# 2019-04-23; the five that the documents of the service API share.
_CODES: tuple[tuple[re.Pattern[str], type[TencentIotError]], ...] = tuple(
    (re.compile(pattern, re.ASCII), error)
    for pattern, error in (
        (
            r"(InternalError|(Service|Resource)Unavailable|ResponseSizeLimitExceeded)"
            + _KIND,
            ServerFaultError,
        ),
        (r"FailedOperation\.(RRPC)?Timeout", DeviceSilentError),
        (r"\w+\.\w*(?i:timed?_?out|deadline|internal)\w*", UnknownCodeError),
        (
            r"FailedOperation\.(ActionUnreachable\w*|DeviceOffline|DeviceNoSubscription)",
            DeviceUnreachableError,
        ),
        (r"UnsupportedOperation\.LoRa(NoUpLink|NotActivate)", DeviceUnreachableError),
        (r"FailedOperation\.ProductNotReleased", NoPermissionError),
        (r"RequestLimitExceeded" + _KIND, RateLimitError),
        (r"UnsupportedOperation\.(InstanceIsolated|UnpaidOrder)", QuotaError),
        (r"UnauthorizedOperation\.\w*ExceedLimit", QuotaError),
        (r"(LimitExceeded|ResourceInsufficient)" + _KIND, QuotaError),
        (r"UnsupportedRegion", UnsupportedRegionError),
        (r"IpInBlacklist|IpNotInWhitelist", AddressRefusedError),
        (r"UnauthorizedOperation\.NoVerified", NotVerifiedError),
        (r"AuthFailure\.MFAFailure", SecondFactorError),
        (r"(AuthFailure|InvalidParameterValue)\.\w*Nonce\w*", RepeatedRequestError),
        (
            r"(AuthFailure|InvalidParameterValue)\.\w*(SignatureExpire|Timestamp)\w*",
            TimestampError,
        ),
        (
            r"(AuthFailure|InvalidParameterValue)\.\w*Signature\w*",
            InvalidSignatureError,
        ),
        (
            r"(InvalidParameterValue|ResourceNotFound)\.(InvalidAppKey|AppNotExists)",
            UnknownApplicationError,
        ),
        (r"UnauthorizedOperation\.Device\w*", RefusedError),
        (r"(UnauthorizedOperation|OperationDenied)" + _KIND, NoPermissionError),
        (r"AuthFailure\.UnauthorizedOperation", NoPermissionError),
        (r"AuthFailure" + _KIND, CredentialsError),
        (
            r"InvalidParameterValue\.(CheckForwardURLFail|ForwardRedirectDenied)",
            AddressUnreachableError,
        ),
        (r"InvalidParameterValue\.RuleNumberBeyondLimit", RuleLimitError),
        (r"InvalidParameterValue\.TopicRuleAlreadyExist", RuleExistsError),
        (r"ResourceNotFound\.TopicRuleNotExist", UnknownRuleError),
        (r"FailedOperation\.RuleAlready(En|Dis)abled", RefusedError),
        (r"InvalidParameterValue\.(App)?NoPermission", NoPermissionError),
        (r"InvalidParameterValue\.ModelDefine(Nil|Invalid)", NoDataTemplateError),
        (
            r"InvalidParameterValue\.(ActionNilOrNotExist|ModelPropertyNotExist)",
            UnknownActionError,
        ),
        (
            r"ResourceNotFound\.(Studio)?Product(OrDevice)?NotExist",
            UnknownProductError,
        ),
        (
            r"(InvalidParameterValue|ResourceNotFound)\.DeviceNotExist",
            UnknownDeviceError,
        ),
        (
            r"(InvalidParameter(Value)?|MissingParameter)"
            + _KIND
            + r"|ErrorRequiredParamNotFound",
            InvalidInputError,
        ),
        (r"(ResourceNotFound|UnknownParameter)" + _KIND, RefusedError),
        (r"InvalidAction|ActionOffline|NoSuch(Version|Product)", RefusedError),
        (r"UnsupportedProtocol|RequestSizeLimitExceeded", RefusedError),
    )
)


def error_for_code(code: str) -> type[TencentIotError]:
    """Return the class of error that a code of the cloud belongs to."""
    return next(
        (error for pattern, error in _CODES if pattern.fullmatch(code)),
        UnknownCodeError,
    )
