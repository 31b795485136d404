"""Gives each test process a data directory and a Redis of its own, before anything reads the settings."""

from __future__ import annotations

import os
import tempfile

# A short path: a Unix socket's may have 107 characters.
HOME = tempfile.TemporaryDirectory(prefix="pl-", dir="/tmp")
os.environ["PACELINE_DATA"] = HOME.name
os.environ["REDIS_URL"] = f"unix://{HOME.name}/redis.sock"
os.environ.setdefault("PACELINE_LOG_LEVEL", "WARNING")
