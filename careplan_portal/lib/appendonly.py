"""Tables that only grow: a migration operation that makes PostgreSQL refuse
update and delete.

Events, access records and bills are the portal's memory; a correction is a new
row. The rule sits in the database, so no forgotten ``save()``, admin page or
hand-written SQL can bend it. TRUNCATE is left to the database owner: only the
test suite uses it.

Use it in a migration, after the table was created::

    from careplan_portal.lib.appendonly import AppendOnly

    operations = [..., AppendOnly("offices_officeevent")]

Foreign keys of such a table need ``on_delete=PROTECT`` (or ``DO_NOTHING``):
``SET_NULL`` and ``CASCADE`` would be refused, too.
"""

from __future__ import annotations

import re

from django.db import migrations

SQLSTATE = "P0A01"
"""The error code with which PostgreSQL answers a refused change."""

FUNCTION = f"""
CREATE OR REPLACE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % only grows: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = '{SQLSTATE}', HINT = 'Record a new row instead.';
END $$;
"""

_TABLE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,55}")


class AppendOnly(migrations.RunSQL):
    """Migration operation: rows of ``table`` can be inserted, never changed.

    The reverse drops the trigger and leaves the shared function in place.
    Raises ValueError for anything that is not a plain table name.
    """

    def __init__(self, table: str) -> None:
        if not _TABLE_NAME.fullmatch(table):
            raise ValueError(f"not a plain table name: {table!r}")
        trigger = f"{table}_only_grows"[:63]
        create = (
            f'CREATE TRIGGER "{trigger}" BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();"
        )
        drop = f'DROP TRIGGER IF EXISTS "{trigger}" ON "{table}";'
        super().__init__(sql=[FUNCTION, drop, create], reverse_sql=[drop])
        self.table = table

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return (self.__class__.__qualname__, [self.table], {})

    def describe(self) -> str:
        return f"Refuse update and delete on {self.table}"
