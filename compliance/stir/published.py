"""Whether a certificate lies where its signatures say: what every verifier will do, done once before."""

from __future__ import annotations

from ..models import Certificate
from .chains import ChainInvalid, fingerprint, read_chain
from .fetching import ChainStore, FetchFailed
from .web import Road, public_road


def why_not_published(certificate: Certificate, road: Road | None = None) -> str:
    """What verifiers would stumble over at the certificate's address, empty where they find it. Fetches."""
    try:
        found = read_chain(ChainStore(road or public_road()).get(certificate.x5u))
    except FetchFailed as error:
        return f"The chain cannot be fetched. {error}"
    except ChainInvalid as error:
        return f"What lies at the address is no chain. {error.why}"
    if fingerprint(found[0]) != certificate.fingerprint:
        return "Another certificate lies at the address, or the chain does not begin with the signer's."
    if len(found) < len(read_chain(certificate.chain.encode())):
        return "The chain at the address is not whole: the authority's certificates are missing."
    return ""
