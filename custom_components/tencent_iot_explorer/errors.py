"""The one table from what went wrong to what the person reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import math
import re

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from .api import (
    AddressRefusedError,
    AddressUnreachableError,
    BrokenReplyError,
    CannotConnectError,
    CertificateDateError,
    CredentialsError,
    DeviceAction,
    DeviceSilentError,
    DeviceUnreachableError,
    FateUnknownError,
    InvalidDataTemplateError,
    InvalidInputError,
    InvalidSignatureError,
    InvalidValueError,
    NoDataTemplateError,
    NoPermissionError,
    NotVerifiedError,
    OperationDeniedError,
    Parameter,
    Problem,
    QuotaError,
    RateLimitError,
    RefusedError,
    RepeatedRequestError,
    RetryLaterError,
    RuleExistsError,
    RuleLimitError,
    SecondFactorError,
    ServerFaultError,
    TencentIotError,
    Text,
    TimestampError,
    TooLateError,
    UnknownActionError,
    UnknownApplicationError,
    UnknownCodeError,
    UnknownDeviceError,
    UnknownProductError,
    UnknownRuleError,
    UnknownSecretIdError,
    UnsupportedRegionError,
    is_of,
)
from .const import CONSOLE_URL, DOMAIN, VERIFICATION_URL

_MOST_NAMED_FAILURES = 5
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Treatment:
    """What an error of the cloud leads to.

    `text` is the key of its words in `exceptions` and in the dialogs, `event` the type of
    the event that a call of an action ends in, `reauth` says that the key pair must be
    replaced, `product` that the product needs a person, `is_slow` that asking again soon
    is of no use, `console_url` where in the console it is mended. What may be sent again
    stands with the errors themselves.
    """

    text: str
    event: str = "failed"
    reauth: bool = False
    product: bool = False
    is_slow: bool = False
    console_url: str = CONSOLE_URL


_TREATMENTS: dict[type[TencentIotError], Treatment] = {
    CannotConnectError: Treatment(text="cannot_connect"),
    CertificateDateError: Treatment(text="certificate_date"),
    TooLateError: Treatment(text="too_late"),
    FateUnknownError: Treatment(text="fate_unknown", event="unconfirmed"),
    BrokenReplyError: Treatment(text="broken_reply", event="unconfirmed"),
    DeviceSilentError: Treatment(text="device_silent", event="unconfirmed"),
    ServerFaultError: Treatment(text="server_fault", event="unconfirmed"),
    RepeatedRequestError: Treatment(text="repeated_request", event="unconfirmed"),
    UnknownCodeError: Treatment(text="unknown_code", event="unconfirmed", product=True),
    RefusedError: Treatment(text="refused", product=True),
    CredentialsError: Treatment(text="invalid_credentials", reauth=True),
    UnknownApplicationError: Treatment(text="unknown_application", reauth=True),
    UnknownSecretIdError: Treatment(text="unknown_secret_id", reauth=True),
    InvalidSignatureError: Treatment(text="invalid_signature", reauth=True),
    TimestampError: Treatment(text="wrong_clock"),
    NoPermissionError: Treatment(text="no_permission", product=True),
    OperationDeniedError: Treatment(
        text="operation_denied", product=True, is_slow=True
    ),
    NotVerifiedError: Treatment(
        text="not_verified", product=True, console_url=VERIFICATION_URL
    ),
    SecondFactorError: Treatment(text="second_factor", product=True),
    AddressRefusedError: Treatment(text="address_refused", product=True),
    UnsupportedRegionError: Treatment(text="unsupported_region", product=True),
    UnknownProductError: Treatment(text="unknown_product", product=True),
    NoDataTemplateError: Treatment(text="no_data_template", product=True),
    InvalidDataTemplateError: Treatment(text="invalid_data_template", product=True),
    UnknownDeviceError: Treatment(text="unknown_device"),
    UnknownActionError: Treatment(text="unknown_action"),
    InvalidInputError: Treatment(text="invalid_input", product=True),
    RateLimitError: Treatment(text="rate_limited"),
    RetryLaterError: Treatment(text="retry_later"),
    QuotaError: Treatment(text="quota_exceeded", product=True, is_slow=True),
    DeviceUnreachableError: Treatment(text="device_unreachable"),
    UnknownRuleError: Treatment(text="unknown_rule"),
    RuleExistsError: Treatment(text="rule_exists"),
    RuleLimitError: Treatment(text="rule_limit"),
    AddressUnreachableError: Treatment(text="address_unreachable"),
}


def treatment(err: TencentIotError) -> Treatment:
    """Return what an error leads to."""
    return _TREATMENTS[next(kind for kind in type(err).__mro__ if kind in _TREATMENTS)]


def error_placeholders(err: TencentIotError) -> dict[str, str]:
    """Return the cloud's own words, for those who look them up."""
    return {
        "code": err.code or "–",
        "message": err.message or "–",
        "request_id": err.request_id or "–",
        "seconds": "–" if err.retry_after is None else str(math.ceil(err.retry_after)),
    }


def refusal(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for something that cannot be meant as it was asked for."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def failure(key: str, **placeholders: str) -> HomeAssistantError:
    """Return the error for something that was not done."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def invalid_value(
    err: InvalidValueError, *, device: str, action: DeviceAction
) -> ServiceValidationError:
    """Return the error for a value that the data template does not allow."""
    inputs = {parameter.id: parameter for parameter in action.inputs}
    parameter = inputs.get(err.parameter)
    return _refused_value(
        "value",
        err,
        parameter,
        device=device,
        action=action.label,
        input=parameter.label if parameter else err.parameter,
    )


def invalid_property_value(
    err: InvalidValueError, *, device: str, properties: Mapping[str, Parameter]
) -> ServiceValidationError:
    """Return the error for a value of a property that the data template does not allow."""
    declared = properties.get(err.parameter)
    return _refused_value(
        "property",
        err,
        declared,
        device=device,
        property=declared.label if declared else err.parameter,
    )


def _refused_value(
    prefix: str,
    err: InvalidValueError,
    parameter: Parameter | None,
    **placeholders: str,
) -> ServiceValidationError:
    """Return the error for a value, in those words that name what is allowed."""
    key = f"{prefix}_{err.problem}"
    placeholders["allowed"] = err.allowed or "–"
    if parameter and is_of(parameter, Text):
        placeholders |= parameter.type.length_limits
        if err.problem is Problem.MISSING:
            key += f"_text{parameter.type.length_form}"
        elif err.problem is Problem.WRONG_LENGTH:
            key += parameter.type.length_form
    elif err.problem is Problem.MISSING and not err.allowed:
        key += "_any"
    return refusal(key, **placeholders)


def inputs_needed(
    needed: Sequence[Parameter], *, device: str, action: DeviceAction
) -> ServiceValidationError:
    """Return the error for an action that needs values first."""
    has_secret = any(parameter.is_secret for parameter in needed)
    return refusal(
        "inputs_needed_secret" if has_secret else "inputs_needed",
        device=device,
        action=action.label,
        inputs=", ".join(parameter.label for parameter in needed),
    )


async def async_several_failed(
    hass: HomeAssistant, failures: Sequence[HomeAssistantError], total: int
) -> HomeAssistantError:
    """Return the error for a run on several devices that failed, the first named."""
    texts = [
        await async_error_text(hass, err) for err in failures[:_MOST_NAMED_FAILURES]
    ]
    return failure(
        "several_failed",
        failed=str(len(failures)),
        total=str(total),
        reasons="\n".join(f"- {text}" for text in texts),
    )


async def async_error_text(
    hass: HomeAssistant,
    err: HomeAssistantError,
    language: str | None = None,
    **placeholders: str,
) -> str:
    """Return an error's words in a language, Home Assistant's own unless another is given.

    The error's own words are always English. Placeholders that are given take the place
    of its own.
    """
    translations = await async_get_translations(
        hass, language or hass.config.language, "exceptions", {DOMAIN}
    )
    key = f"component.{DOMAIN}.exceptions.{err.translation_key}.message"
    own = err.translation_placeholders or {}
    return translations[key].format(**{**own, **placeholders})


async def async_error_in_words(
    hass: HomeAssistant, key: str, **placeholders: str
) -> HomeAssistantError:
    """Return an error whose own text is in Home Assistant's language, too.

    For where a person is shown that text alone, which otherwise is English.
    """
    err = failure(key, **placeholders)
    err.args = (await async_error_text(hass, err),)
    err.generate_message = False
    return err


def literally(text: str) -> str:
    """Return a text of the cloud, or of a person, that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def names_in_words(**names: str) -> dict[str, str]:
    """Return names as placeholders, and again plain for titles, which are no Markdown."""
    return {
        **{key: literally(name) for key, name in names.items()},
        **{f"plain_{key}": name for key, name in names.items()},
    }
