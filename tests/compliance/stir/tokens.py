"""PASSporTs made by hand, apart from the code under test: right, or wrong in any one respect."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from .authority import NOW, X5U

IAT = int(NOW.timestamp())
ORIGID = "123e4567-e89b-12d3-a456-426655440000"
HEADER = {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": X5U}
CLAIMS = {
    "attest": "A",
    "dest": {"tn": ["13125550199"]},
    "iat": IAT,
    "orig": {"tn": "12025550123"},
    "origid": ORIGID,
}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def raw_signature(key: ec.EllipticCurvePrivateKey, signed: bytes) -> bytes:
    r, s = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token(key: ec.EllipticCurvePrivateKey, header: bytes, payload: bytes) -> str:
    """Signed as it stands, canonical or not."""
    signed = f"{b64(header)}.{b64(payload)}"
    return f"{signed}.{b64(raw_signature(key, signed.encode()))}"


def shaken(key: ec.EllipticCurvePrivateKey, header: dict | None = None, **claims: Any) -> str:
    return token(key, canonical({**HEADER, **(header or {})}), canonical({**CLAIMS, **claims}))


def identity(text: str, info: str = X5U, ppt: str = "shaken") -> str:
    return f"{text};info=<{info}>;alg=ES256;ppt={ppt}"


def div(key: ec.EllipticCurvePrivateKey, diverted_from: str, dest: str, **claims: Any) -> str:
    given = {
        "dest": {"tn": [dest]}, "div": {"tn": diverted_from}, "iat": IAT, "orig": CLAIMS["orig"], **claims
    }  # fmt: skip
    return identity(token(key, canonical({**HEADER, "ppt": "div"}), canonical(given)), ppt="div")


def rcd(key: ec.EllipticCurvePrivateKey, name: str, **claims: Any) -> str:
    given = {"dest": CLAIMS["dest"], "iat": IAT, "orig": CLAIMS["orig"], "rcd": {"nam": name}, **claims}
    return identity(token(key, canonical({**HEADER, "ppt": "rcd"}), canonical(given)), ppt="rcd")
