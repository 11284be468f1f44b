"""Tables that only grow; the refusal itself is tested where such tables are."""

import pytest
from django.db.migrations.writer import MigrationWriter

from careplan_portal.lib.appendonly import AppendOnly


def test_it_says_what_it_does_and_can_be_written_down() -> None:
    operation = AppendOnly("offices_officeevent")
    assert "offices_officeevent" in operation.describe()
    assert "AppendOnly" in MigrationWriter.serialize(operation)[0]


@pytest.mark.parametrize("table", ["", "Table", "a; DROP TABLE b", "x" * 60])
def test_only_plain_names(table: str) -> None:
    with pytest.raises(ValueError, match="not a plain table name"):
        AppendOnly(table)
