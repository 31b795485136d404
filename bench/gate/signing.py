"""Identity headers signed and verified in one thread, beside OpenSSL's own limit and beside others who make them.

Rounds of all in turn on one core, by processor time as ``openssl speed`` counts, and the best of each: what else runs
on the machine empties caches and so can only lower a rate, of Python more than of a loop in C.
The HTTP server of ``secsipidx`` works beside its client, over one connection that stays open: by the clock on the wall.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROUNDS, SMALL_ROUNDS = 6, 3
ROUND_S = 1
BATCH = 100
ORIGID = str(uuid.UUID(int=1 << 100))
X5U = "https://certs.example.com/shaken.pem"
ORIG, DEST = "12025550123", "13125550199"
SPEED = re.compile(r"256 bits ecdsa \(nistp256\)\s+\S+s\s+\S+s\s+([\d.]+)\s+([\d.]+)")
START_S = 5.0


def measure(small: bool) -> dict[str, Any]:
    """Headers a second; ``secsipidx_sign_per_s`` is null, with the reason beside it, where it is not installed."""
    key = ec.generate_private_key(ec.SECP256R1())
    signs, verifies, pyjwt = _ours(key), _verifying(key), _pyjwt(key)
    rates: dict[str, list[float]] = {}
    with _one_core():
        for _ in range(SMALL_ROUNDS if small else ROUNDS):
            limit_sign, limit_verify = _openssl()
            for name, rate in (
                ("sign_per_s", _rate(signs)),
                ("openssl_sign_per_s", limit_sign),
                ("verify_per_s", _rate(verifies)),
                ("openssl_verify_per_s", limit_verify),
                ("pyjwt_sign_per_s", _rate(pyjwt)),
            ):
                rates.setdefault(name, []).append(rate)
    return {name: round(max(found)) for name, found in rates.items()} | _secsipidx(key)


def _ours(key: ec.EllipticCurvePrivateKey) -> Callable[[], None]:
    """A batch as the gate has it signed: asked, numbers checked, signed, answered."""
    from compliance.stir.certificates import LocalKey
    from compliance.stir.local import LocalSigner
    from compliance.stir.values import Asked, Signed, SignerRecord

    now = datetime.now(UTC)
    day = timedelta(days=1)
    record = SignerRecord(1, 1, "Bench", "local", "", "", ORIGID, True, "A", False)
    signer = LocalSigner(record, LocalKey(key, X5U, "0" * 64, now - day, now + day, "1234"))

    def sign() -> None:
        at = time.time()
        answers = signer.sign([Asked(1, 1, "A", f"+{ORIG}", f"+{DEST}", at) for _ in range(BATCH)])
        assert isinstance(answers[0], Signed)

    return sign


def _verifying(key: ec.EllipticCurvePrivateKey) -> Callable[[], None]:
    """Each header parsed in full and its signature checked; the key's certificate is known."""
    from compliance.stir.identity_header import IdentityWriter, parse_identity
    from compliance.stir.passport import Called, Caller, Shaken, verify

    writer, public = IdentityWriter(key, X5U), key.public_key()
    values = [
        writer.write(Shaken("A", Called((DEST,)), 1_800_000_000 + n, Caller(ORIG), ORIGID))
        for n in range(BATCH)
    ]

    def check() -> None:
        for value in values:
            verify(parse_identity(value).passport, public)

    return check


def _pyjwt(key: ec.EllipticCurvePrivateKey) -> Callable[[], None]:
    import jwt

    header = {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": X5U}

    def sign() -> None:
        for _ in range(BATCH):
            claims = {
                "attest": "A", "dest": {"tn": [DEST]}, "iat": int(time.time()), "orig": {"tn": ORIG}, "origid": ORIGID
            }  # fmt: skip
            token = jwt.encode(claims, key, algorithm="ES256", headers=header, sort_headers=True)
            f"{token};info=<{X5U}>;alg=ES256;ppt=shaken"

    return sign


def _rate(work: Callable[[], None], clock: Callable[[], float] = time.thread_time) -> float:
    """Headers a second over ``ROUND_S`` of the clock."""
    work()
    done, started = 0, clock()
    while (taken_s := clock() - started) < ROUND_S:
        work()
        done += BATCH
    return done / taken_s


def _openssl() -> tuple[float, float]:
    """What ``openssl speed`` signs and verifies on this core."""
    told = subprocess.run(
        ["openssl", "speed", "-seconds", str(ROUND_S), "ecdsap256"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = SPEED.search(told.stdout)
    assert found, told.stdout
    return float(found[1]), float(found[2])


@contextlib.contextmanager
def _one_core() -> Iterator[None]:
    """This process, and what it starts, on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _secsipidx(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    program = shutil.which("secsipidx")
    if program is None:
        return {"secsipidx_sign_per_s": None, "secsipidx_why": "secsipidx is not installed"}
    from dialer.drill.scratch import free_port

    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "key.pem")
        path.write_bytes(pem)
        port = free_port()
        server = subprocess.Popen(
            [program, "-http-srv", f"127.0.0.1:{port}", "-fprvkey", str(path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return {"secsipidx_sign_per_s": round(_rate(_asking(_connected(port)), time.perf_counter))}
        finally:
            server.terminate()
            server.wait()


def _connected(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + START_S
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.connect()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return connection


def _asking(connection: http.client.HTTPConnection) -> Callable[[], None]:
    body = f"{ORIG},{DEST},A,{ORIGID},{X5U}"

    def sign() -> None:
        for _ in range(BATCH):
            connection.request("POST", "/v1/sign-csv", body)
            answer = connection.getresponse()
            assert answer.status == http.client.OK
            assert b";ppt=shaken" in answer.read()

    return sign
