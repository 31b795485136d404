"""What of these tests is for one database only."""

from __future__ import annotations

from django.db import connection

collect_ignore = [] if connection.vendor == "postgresql" else ["test_standstill.py"]
"""SQLite has one writer, and no limit for it; ``tests/compliance/test_on_postgresql.py`` runs it."""
