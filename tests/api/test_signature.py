"""The signature of requests, against the documented example and the documented rules."""

import pytest

from custom_components.tencent_iot_explorer.api.service_api import string_to_sign
from tests.api.helpers import sign

PARAMETERS: dict[str, str | int] = {
    "Timestamp": 1546315200,
    "Nonce": 71087795,
    "RequestId": "476c990a-f5b7-1575-987c-4ef70e474932",
    "ProductId": "ProductA",
    "DeviceName": "Device001",
    "AppKey": "ServiceAppKey",
    "Action": "ServiceDescribeDeviceData",
}
TEXT = (
    "Action=ServiceDescribeDeviceData&AppKey=ServiceAppKey&DeviceName=Device001"
    "&Nonce=71087795&ProductId=ProductA"
    "&RequestId=476c990a-f5b7-1575-987c-4ef70e474932&Timestamp=1546315200"
)
SIGNATURE = "P206d+JzP37FLKBDkD689wqnl4k="


def test_documented_example() -> None:
    """The example of the documentation gives the documented signature."""
    assert string_to_sign(PARAMETERS) == TEXT
    assert sign(PARAMETERS, "ServiceAppSecret") == SIGNATURE


def test_order_of_parameters_does_not_matter() -> None:
    """Whatever the order of the parameters is, the same text is signed."""
    backwards = dict(reversed(PARAMETERS.items()))
    assert string_to_sign(backwards) == TEXT


def test_signature_is_left_out() -> None:
    """A signature does not sign itself, and only the exact name is left out."""
    assert sign(PARAMETERS | {"Signature": "any"}, "ServiceAppSecret") == SIGNATURE
    assert string_to_sign({"Signature": "a", "signature": "b"}) == "signature=b"


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param(
            {"a": 1, "B": 2, "b": 3, "A": 4}, "A=4&B=2&a=1&b=3", id="upper-case-first"
        ),
        pytest.param(
            {"Nonce10": 1, "Nonce9": 2, "Nonce": 3},
            "Nonce=3&Nonce10=1&Nonce9=2",
            id="no-natural-order",
        ),
        pytest.param({"Offset": 0, "Limit": 10}, "Limit=10&Offset=0", id="zero-stays"),
        pytest.param(
            {"Placement_Zone": "ap_south_1"},
            "Placement.Zone=ap_south_1",
            id="underscore-in-name-only",
        ),
        pytest.param({"a_b_c": 1}, "a.b.c=1", id="every-underscore-of-a-name"),
        pytest.param(
            {"InputParams": '{"a_b":"x=1&y=2 +%"}'},
            'InputParams={"a_b":"x=1&y=2 +%"}',
            id="values-are-raw",
        ),
    ],
)
def test_string_to_sign(parameters: dict[str, str | int], text: str) -> None:
    """Names are in code-unit order and lose their underscores; values are untouched."""
    assert string_to_sign(parameters) == text


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"Nonce": 71087796}, id="value"),
        pytest.param({"Extra": ""}, id="empty-parameter"),
        pytest.param({"DeviceName": "Device_001"}, id="underscore-in-value"),
    ],
)
def test_every_parameter_counts(changes: dict[str, str | int]) -> None:
    """Any change of a parameter changes the signature."""
    assert sign(PARAMETERS | changes, "ServiceAppSecret") != SIGNATURE


def test_secret_counts() -> None:
    """Another secret gives another signature."""
    assert sign(PARAMETERS, "serviceappsecret") != SIGNATURE


def test_text_is_signed_as_utf_8() -> None:
    """Text outside ASCII, in a value or in the secret, is signed in UTF-8.

    The expected value was computed with OpenSSL: `printf 'DeviceName=灯' |
    openssl dgst -sha1 -hmac '密钥' -binary | base64`.
    """
    assert sign({"DeviceName": "灯"}, "密钥") == "EPXvYQibZVMrpD+J2K7YtvE6SdQ="
