"""A signer whose certificate is valid now, for tests with programs that know no other clock than the real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Organisation
from compliance.models import Signer
from compliance.stir.authorities import trusted_roots
from compliance.stir.certificates import current_key
from compliance.stir.chains import read_chain
from compliance.stir.fetching import ChainStore
from compliance.stir.verifier import Incoming, Verifier

from .authority import Authority, Issued, new_authority
from .makers import certify, local_signer, trust
from .web_server import HOST, PORT, WebServer, answer

CALLER, CALLED = "+12025550100", "+12125550123"
SERVED = f"https://{HOST}:{PORT}/shaken/1234.pem"
"""The address at which the chain can be fetched on loopback."""


@dataclass(frozen=True)
class Provider:
    """An organisation with a local signer, and the authority that vouches for it."""

    organisation: Organisation
    authority: Authority
    signer: Signer
    chain: bytes
    leaf: Issued
    """Its certificate, with the key that rests sealed in the database."""


@pytest.fixture
def provider(organisation: Organisation) -> Provider:
    now = datetime.now(UTC)
    authority = new_authority(now - timedelta(days=10), now + timedelta(days=1000))
    trust(organisation, authority, now)
    signer = local_signer(organisation)
    times = {"now": now, "starts": now - timedelta(days=1), "ends": now + timedelta(days=90)}
    chain = certify(signer, authority, x5u=SERVED, **times).chain.encode()
    own = current_key(signer.pk)
    assert own is not None
    return Provider(organisation, authority, signer, chain, Issued(read_chain(chain)[0], own.key))


@pytest.fixture
def verify_here(provider: Provider, tmp_path: Path) -> Callable[..., object]:
    """Verifies a call as one that comes in: the chain is fetched over https, checked to the root, then the token."""
    server = WebServer(lambda request: [answer(provider.chain)], tmp_path)
    verifier = Verifier(trusted_roots(provider.organisation.pk), ChainStore(server.road))

    def verify(identity: str, caller: str = CALLER, called: str = CALLED, later_s: float = 0.0):
        call = Incoming(identities=(identity,), from_number=caller, to_number=called)
        return verifier.verify(call, datetime.now(UTC).timestamp() + later_s)

    yield verify
    server.close()
