"""Tencent Cloud API 3.0: for the key of an account, signed in the headers."""

from collections.abc import Mapping
from typing import Literal, cast
import uuid

import orjson
from yarl import URL

from .backend import Parameters, Payload, SignedRequest
from .codes import error_for_code
from .errors import (
    BrokenReplyError,
    OperationDeniedError,
    TencentIotError,
    UnknownSecretIdError,
)
from .tc3 import Tc3Signer

CLOUD_API_ENDPOINT = "https://iotexplorer.tencentcloudapi.com"
DEFAULT_REGION = "ap-guangzhou"
# Source: Tencent Cloud documents 1081/38940 and 1081/38941.
REGIONS = (
    DEFAULT_REGION,
    "ap-beijing",
    "ap-shanghai",
    "ap-shanghai-fsi",
    "ap-bangkok",
    "eu-frankfurt",
    "na-ashburn",
)

_SERVICE = "iotexplorer"
_VERSION = "2019-04-23"
_CLIENT = "tencent_iot_explorer"
_CONTENT_TYPE = "application/json"
# What only the key of an account can be told: what the access management answers to
# whatever its policies do not allow, and that there is no such SecretId.
_CODES: Mapping[str, type[TencentIotError]] = {
    "UnauthorizedOperation": OperationDeniedError,
    "UnauthorizedOperation.CamNoAuth": OperationDeniedError,
    "UnauthorizedOperation.PermissionDenied": OperationDeniedError,
    "AuthFailure.UnauthorizedOperation": OperationDeniedError,
    "AuthFailure.SecretIdNotFound": UnknownSecretIdError,
    "AuthFailure.InvalidSecretId": UnknownSecretIdError,
}


class CloudApi:
    """The interface for the SecretId and SecretKey of an account, in one region.

    `language` is that of the cloud's own messages.
    """

    filters_devices = True
    makes_request_ids = True

    def __init__(
        self,
        secret_id: str,
        secret_key: str,
        region: str = DEFAULT_REGION,
        endpoint: str = CLOUD_API_ENDPOINT,
        *,
        language: Literal["zh-CN", "en-US"] = "zh-CN",
    ) -> None:
        """Keep what each request needs."""
        self.url = endpoint
        address = URL(endpoint)
        # As aiohttp would send it, which is left nothing to choose of what is signed.
        self._host = address.host_port_subcomponent or ""
        self._path = address.raw_path
        self._region = _as_header(region)
        self._language = language
        self._keys = (secret_key, _as_header(secret_id))
        self._signer = Tc3Signer(_as_header(secret_id), secret_key, _SERVICE)

    def sign(self, call: str, parameters: Parameters, timestamp: int) -> SignedRequest:
        """Return a request with a TraceId of its own; the RequestId is the cloud's.

        Source: Tencent Cloud, request structure and common parameters of API 3.0.
        """
        trace_id = str(uuid.uuid4())
        body = orjson.dumps(parameters)
        authorization, secrets = self._signer.sign(
            body,
            timestamp,
            host=self._host,
            path=self._path,
            content_type=_CONTENT_TYPE,
        )
        common = {
            "X-TC-Action": call,
            "X-TC-Version": _VERSION,
            "X-TC-Timestamp": str(timestamp),
            "X-TC-Region": self._region,
            "X-TC-Language": self._language,
            "X-TC-RequestClient": _CLIENT,
            "X-TC-TraceId": trace_id,
        }
        return SignedRequest(
            action=call,
            request_id=trace_id,
            headers={
                "Host": self._host,
                "Content-Type": _CONTENT_TYPE,
                "Authorization": authorization,
                **common,
            },
            body=body,
            parameters={**common, **parameters},
            secrets=(*self._keys, *secrets),
        )

    def levels(self, document: Payload) -> list[Payload]:
        """Return the two envelopes of a reply: `{"Response": {…}}`, and nothing else.

        Source: Tencent Cloud, returned results of API 3.0.
        """
        response = document.get("Response")
        if not isinstance(response, dict):
            raise BrokenReplyError("the reply holds no Response")
        return [document, cast(Payload, response)]

    def error(
        self, code: str, message: str, parameters: Parameters
    ) -> type[TencentIotError]:
        """Return what a code means."""
        return _CODES.get(code) or error_for_code(code)


def _as_header(text: str) -> str:
    """Return what can stand in a header; what cannot, the cloud refuses as it is wrong."""
    return "".join(mark if "!" <= mark <= "~" else "?" for mark in text)
