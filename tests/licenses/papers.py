"""Papers asked for, made and read; the office is the fixture of conftest.py."""

import subprocess

from careplan_portal.lib.acting import MEMBER, Acting
from licenses import services
from tests.licenses.cases import D

ACTING = Acting(None, MEMBER, "書類の画面")
TODAY = D("2026-04-20")


def ask(office, kind="certificate", on=TODAY, today=TODAY):
    return services.document_request(office_id=office.pk, kind=kind, on=on, today=today, acting=ACTING)


def make(office, *arguments, **named):
    document = ask(office, *arguments, **named)
    services.document_make(document_id=document.pk)
    document.refresh_from_db()
    return document


def text_of(document) -> str:
    """As a reader's copy and paste gives it, without the spaces that lay-out makes."""
    done = subprocess.run(["pdftotext", "-layout", str(document.file), "-"], capture_output=True, text=True, check=True)
    return "".join(done.stdout.split())


def file_stop(office, today):
    services.stop_file(office_id=office.pk, today=today, acting=ACTING)
