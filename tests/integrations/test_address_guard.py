"""Webhooks go to public addresses, and to the address that was checked."""

from __future__ import annotations

import pytest

from dialer.net.addresses import Lookup, system_lookup
from integrations.address_guard import AddressRefused, AddressUnknown, resolve_target

pytestmark = pytest.mark.unit

PUBLIC = "93.184.215.14"


def leads_to(*addresses: str) -> Lookup:
    return lambda host, port: list(addresses)


def resolve(url: str, lookup: Lookup | None = None, allow_loopback: bool = False):
    return resolve_target(url, allow_loopback, lookup or leads_to(PUBLIC))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::",
    ],
)
def test_no_webhook_goes_to_an_address_that_is_not_public(address):
    with pytest.raises(AddressRefused, match="not a public address"):
        resolve("https://example.com/hook", leads_to(address))


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"]
)
def test_public_addresses_pass(address):
    assert resolve("https://example.com/hook", leads_to(address)).addresses == (address,)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(AddressRefused):
        resolve("https://example.com/hook", leads_to(PUBLIC, "10.0.0.1"))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "[::1]", "localhost"]
)
def test_spellings_of_this_machine_are_seen_through(host):
    with pytest.raises(AddressRefused):
        resolve(f"https://{host}/hook", system_lookup)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.com/hook", "https only"),
        ("ftp://example.com/hook", "https only"),
        ("file:///etc/passwd", "https only"),
        ("gopher://example.com/", "https only"),
        ("//example.com/hook", "https only"),
        ("https:///hook", "no host"),
        ("https://someone:secret@example.com/hook", "name and password"),
        ("https://example.com/hook#part", "after #"),
        ("https://example.com:99999/hook", "port lies outside"),
        ("https://example.com:0/hook", "port lies outside"),
        ("https://example.com:https/hook", "no web address"),
        ("https://example.com/\r\nX-Injected: 1", "no web address"),
        ("https://example.com/" + "a" * 500, "longer than"),
    ],
)
def test_addresses_of_a_wrong_form_are_refused_with_the_reason(url, words):
    with pytest.raises(AddressRefused, match=words):
        resolve(url)


def test_a_name_that_leads_nowhere_is_told_apart():
    def fails(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(AddressUnknown, match="leads nowhere"):
        resolve("https://example.com/hook", fails)


def test_loopback_passes_over_http_where_the_setting_allows_it():
    target = resolve("http://receiver.test:8080/hook", leads_to("127.0.0.1"), allow_loopback=True)
    assert target.addresses == ("127.0.0.1",)


@pytest.mark.parametrize("address", [PUBLIC, "10.0.0.1"])
def test_the_setting_allows_loopback_and_nothing_else(address):
    with pytest.raises(AddressRefused):
        resolve("http://receiver.test/hook", leads_to(address), allow_loopback=True)


def test_the_connection_goes_to_the_checked_address_under_the_targets_name():
    target = resolve("https://example.com:8443/hook?a=1", leads_to("2606:2800::1"))
    assert str(target.pinned("2606:2800::1")) == "https://[2606:2800::1]:8443/hook?a=1"
    assert target.url.host == "example.com"
