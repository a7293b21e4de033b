"""How the emulated service API names what is wrong with a request as such."""

from enum import StrEnum

from .faults import Refusal

_BARE = "InvalidParameterValue"
_CODES = {
    "AppKey": ("InvalidParameterValue.InvalidAppKey", "AppKey 不存在"),
    "Signature": ("AuthFailure.SignatureFailure", "签名错误"),
    "Timestamp": ("AuthFailure.SignatureExpire", "签名过期"),
    "Nonce": ("InvalidParameterValue.InvalidNonce", "Nonce 重复"),
}


class Naming(StrEnum):
    """What a wrong AppKey, signature, time stamp or Nonce is called.

    `DOCUMENTED` is one code for all with the parameter's name in the text, of which
    documents 1465/59079 and two more show the signature. `CODES` has names like those of
    cloud API 2019-04-23. `VAGUE` calls all of it a wrong signature.
    """

    DOCUMENTED = "documented"
    CODES = "codes"
    VAGUE = "vague"

    def refusal(self, parameter: str, *, flaw: bool = False) -> Refusal:
        """Return the refusal of a request for one of its parameters."""
        if self is Naming.CODES:
            code, text = _CODES[parameter]
        else:
            named = "Signature" if self is Naming.VAGUE else parameter
            code, text = _BARE, f"{named} 无效"
        return Refusal(code, text, flaw=flaw)
