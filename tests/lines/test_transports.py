"""Calls over TCP and TLS, and what is not trusted."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from dialer.bus import schemas

from .bench import Bench
from .far_end import FarCall

pytestmark = pytest.mark.media


def self_signed(directory: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that nobody vouches for."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = directory / "far.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def answer(call: FarCall) -> None:
    call.ringing()
    await call.answer()


async def hang_up(bench: Bench, call: str, far: FarCall) -> None:
    await bench.send(schemas.Hangup(call=call))
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.code, ended.ended_by) == (200, "us")
    await asyncio.wait_for(far.ended.wait(), 3)


async def test_a_call_over_tcp(bench: Bench, far_end) -> None:
    far = await far_end(answer, tls=None)
    await bench.trunk(far.port, transport="tcp")
    call = await bench.originate(engine_silence=9)
    await bench.event(schemas.CallAnswered, call)
    await hang_up(bench, call, far.call())


async def test_a_call_over_tls_to_a_trunk_whose_certificate_is_not_verified(
    bench: Bench, far_end, tmp_path: Path
) -> None:
    far = await far_end(answer, tls=self_signed(tmp_path))
    await bench.trunk(far.port, transport="tls", verify_tls=False, srtp="optional")
    call = await bench.originate(engine_silence=9)
    await bench.event(schemas.CallAnswered, call)
    assert far.call().invite.get("via").startswith("SIP/2.0/TLS")
    assert "a=crypto:" in far.call().invite.body
    await hang_up(bench, call, far.call())


async def test_a_certificate_that_nobody_vouches_for_is_not_called(
    bench: Bench, far_end, tmp_path: Path
) -> None:
    far = await far_end(answer, tls=self_signed(tmp_path))
    await bench.trunk(far.port, transport="tls")
    call = await bench.originate(engine_silence=9)
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.code, ended.answered) == (0, False)
    assert not far.calls
