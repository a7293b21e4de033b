"""The signature of cloud API 3.0, against Tencent's own client and documentation."""

from datetime import UTC, datetime
import json
from pathlib import Path
import random
from types import SimpleNamespace
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.cloud_api import CloudApi
from custom_components.tencent_iot_explorer.api.tc3 import Tc3Signer

# All but the last two were made by Tencent's Python client 3.1.195 with invented keys; the
# last is printed in the documentation of signature method v3.
VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("tc3_vectors.json").read_text()
)
BY_NAME = {vector["name"]: vector for vector in VECTORS}
MIDNIGHT = 1763942400


def sign(vector: dict[str, Any], signer: Tc3Signer | None = None) -> str:
    """Return the header that a vector's request is sent with."""
    keys = (vector["secret_id"], vector["secret_key"], vector["service"])
    authorization, secrets = (signer or Tc3Signer(*keys)).sign(
        vector["body"].encode(),
        vector["timestamp"],
        host=vector["host"],
        content_type=vector["content_type"],
    )
    assert authorization.endswith(f"Signature={secrets[0]}")
    return authorization


@pytest.mark.parametrize("vector", VECTORS, ids=BY_NAME)
def test_vectors(vector: dict[str, Any]) -> None:
    """Each known request is signed as it is known."""
    assert sign(vector) == vector["authorization"]


def test_key_of_another_day() -> None:
    """One signer signs the last second of a day and the first of the next, and back."""
    before, after = BY_NAME["action_async_chinese"], BY_NAME["action_sync_next_day"]
    signer = Tc3Signer(before["secret_id"], before["secret_key"], before["service"])
    for vector in (before, after, after, before):
        assert sign(vector, signer) == vector["authorization"]


def test_key_of_a_day_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all requests of a day only the first derives a key."""
    made: list[str] = []
    signer = Tc3Signer("id", "key", "iotexplorer")
    key_of = Tc3Signer._key_of

    def note(self: Tc3Signer, date: str) -> bytes:
        """Note for which days a key was made anew."""
        if date != self._date:
            made.append(date)
        return key_of(self, date)

    monkeypatch.setattr(Tc3Signer, "_key_of", note)
    for timestamp in (MIDNIGHT - 2, MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 86399):
        signer.sign(b"{}", timestamp, host="host", content_type="application/json")
    assert made == ["2025-11-23", "2025-11-24"]


@pytest.mark.parametrize("timestamp", [0, -1, 253402300800, 10**12])
def test_any_time(timestamp: int) -> None:
    """A cloud that sends an impossible time gets a request all the same."""
    signer = Tc3Signer("id", "key", "iotexplorer")
    authorization, _ = signer.sign(
        b"{}", timestamp, host="host", content_type="application/json"
    )
    assert "/iotexplorer/tc3_request" in authorization


def test_request_of_a_vector() -> None:
    """A whole request of ours is signed as Tencent's client would sign its bytes."""
    vector = BY_NAME["raw_utf8_body"]
    backend = CloudApi(vector["secret_id"], vector["secret_key"])
    request = backend.sign(
        "CallDeviceActionAsync", json.loads(vector["body"]), vector["timestamp"]
    )
    assert request.body == vector["body"].encode()
    assert request.headers["Authorization"] == vector["authorization"]


def random_text(chance: random.Random) -> str:
    """Return a text of any characters that can be sent."""
    alphabets = ("az09_-:", '"\\{}/ \n\t', "你好世界", "🐱é\u2028")
    letters = "".join(chance.choices(alphabets, k=2))
    return "".join(chance.choices(letters, k=chance.randrange(1, 60)))


@pytest.mark.parametrize("seed", range(200))
def test_equal_to_the_client_of_tencent(seed: int) -> None:
    """Whatever is sent, Tencent's own client would have signed those bytes alike."""
    abstract_client = pytest.importorskip("tencentcloud.common.abstract_client")
    credential = pytest.importorskip("tencentcloud.common.credential")
    chance = random.Random(seed)
    secret_key = "".join(chance.choices("abcXYZ0189", k=32))
    host = chance.choice(("iotexplorer.tencentcloudapi.com", "127.0.0.1:18734"))
    scheme = "http" if ":" in host else "https"
    timestamp = chance.randrange(1_500_000_000, 2_500_000_000)
    backend = CloudApi("AKIDEXAMPLE", secret_key, endpoint=f"{scheme}://{host}")
    request = backend.sign(
        "CallDeviceActionSync",
        {
            "ProductId": random_text(chance),
            "Offset": chance.randrange(2**53),
            "InputParams": json.dumps({"x": random_text(chance)}),
        },
        timestamp,
    )
    client = abstract_client.AbstractClient(
        credential.Credential("AKIDEXAMPLE", secret_key), "ap-guangzhou"
    )
    theirs = client._get_tc3_signature(
        None,
        SimpleNamespace(
            method="POST", uri="/", data=request.body, header=request.headers
        ),
        datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d"),
        "iotexplorer",
        secret_key,
    )
    assert request.headers["Authorization"].endswith(f"Signature={theirs}")
