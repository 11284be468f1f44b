from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from offices.services.importing import ImportResult, offices_import
from tests.offices import files

Import = Callable[..., ImportResult]


@pytest.fixture
def import_rows(tmp_path: Path) -> Import:
    """Import rows as one file, or lists of rows as several, as of a day."""

    def run(*tables: list, as_of: str = "2025-12-01", header=files.FULL, dry_run: bool = False) -> ImportResult:
        paths = [files.write(tmp_path / f"{at}.csv", rows, header) for at, rows in enumerate(tables)]
        return offices_import(files=paths, as_of=date.fromisoformat(as_of), dry_run=dry_run)

    return run


@pytest.fixture(autouse=True)
def _home(settings, tmp_path: Path) -> None:
    """Rejected rows of a test stay in its own folder."""
    settings.PORTAL_HOME = tmp_path
