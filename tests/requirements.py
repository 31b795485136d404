"""Programs that some tests need and Python packages do not bring."""

from __future__ import annotations

import os
import shutil

import pytest

PACKAGES = {
    "sipp": "sip-tester",
    "kamailio": "kamailio kamailio-secsipid-modules",
    "pg_ctlcluster": "postgresql",
}
"""Program → Debian packages, where they are not called the same."""


def need_program(name: str) -> str:
    """The program's path. Where it is missing the test is skipped, or fails where ``PACELINE_NO_SKIPS`` is 1."""
    path = shutil.which(name)
    if path is not None:
        return path
    reason = f"{name} is not installed. As root: apt-get install {PACKAGES.get(name, name)}"
    if os.environ.get("PACELINE_NO_SKIPS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
