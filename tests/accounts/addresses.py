"""Every address of the project with its view, read from the URL resolver."""

from __future__ import annotations

import re

from django.urls import URLPattern, URLResolver, get_resolver

NOTHING = "987654321"
"""Stands for every part of an address: no object has it as its key."""


def walk(patterns, prefix=""):
    """(address, view) of each pattern below."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield "/" + fill(route), pattern.callback


def fill(route: str) -> str:
    """The route with something in each of its places."""
    uuid = "00000000-0000-4000-8000-000000000000"
    route = re.sub(r"<uuid:\w+>", uuid, route)
    return re.sub(r"<[^>]+>", NOTHING, route)


PAGES_OF_THE_PROJECT = dict(walk(get_resolver().url_patterns))
