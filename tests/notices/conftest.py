from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.notices.post_office import PostOffice


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    office = PostOffice()
    controller = office.start(settings)
    yield office
    controller.stop()


@pytest.fixture
def copies(post_office: PostOffice, settings: Any, tmp_path: Path) -> Path:
    """Every mail's copy goes to a mailbox."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "copies" / name).mkdir(parents=True)
    settings.MAIL_COPY_ADDRESS, settings.MAIL_COPIES = "copies@portal.example.jp", str(tmp_path / "copies")
    post_office.copies = tmp_path / "copies"
    return tmp_path / "copies"
