"""The register's lock: an import's merge has it alone, people's writes share it (docs/concurrency.md)."""

from __future__ import annotations

from django.db import connection

REGISTER = 0x0FF1CE
"""Key of the advisory lock, held to the end of the transaction."""


def lock_register() -> None:
    """Wait until nobody else writes offices, then keep everybody out. Needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER])


def share_register() -> None:
    """Wait for an import's merge to end, then keep one from starting. Needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [REGISTER])
