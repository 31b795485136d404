"""Before a certificate signs, one look at its address finds what verifiers would find."""

from __future__ import annotations

import pytest

from compliance.models import Certificate
from compliance.stir.published import why_not_published

from .web_server import WebServer, answer

pytestmark = pytest.mark.integration


@pytest.fixture
def look(provider, tmp_path):
    """What is said where the address answers so."""
    servers = []

    def look(body: bytes, status: str = "200 OK") -> str:
        servers.append(WebServer(lambda request: [answer(body, status)], tmp_path))
        return why_not_published(Certificate.objects.get(), servers[-1].road)

    yield look
    for server in servers:
        server.close()


def test_a_chain_that_lies_there_is_found(provider, look):
    assert look(provider.chain) == ""


def test_what_verifiers_would_stumble_over_is_said(provider, look):
    other = provider.authority.chain(provider.authority.leaf())
    assert "cannot be fetched. It answered with HTTP 404" in look(b"", "404 Not Found")
    assert "no chain" in look(b"<html>")
    assert "Another certificate" in look(other)
    assert "Another certificate" in look(provider.authority.intermediate.pem + provider.leaf.pem)
    assert "not whole" in look(provider.leaf.pem)


def test_an_address_in_our_own_network_is_not_asked(provider):
    Certificate.objects.update(x5u="https://127.0.0.1:8443/shaken.pem")
    assert "not public" in why_not_published(Certificate.objects.get())
