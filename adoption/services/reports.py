"""Reports for one place or for all in a night: made by the queue, kept, and mailed to officers who asked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from adoption.documents.monthly import monthly_pdf
from adoption.documents.report import report_pdf
from adoption.enums import ReportKind
from adoption.models import AreaReport, ReportWish
from adoption.notifications import report_ready_mail
from adoption.queries.figures import Run, run_on
from adoption.queries.places import Place, place_by_code
from adoption.queries.reports import codes_wanted, report_on, wishes_of
from careplan_portal.lib.dates import day_before, month_start
from careplan_portal.lib.jobs import enqueue_on_commit
from notices.services import notices_queue
from offices.models import Area

A_TASK = 20
"""So many places a task: some seconds of work, so that a killed worker loses little."""
PAPERS = {ReportKind.COUNCIL: report_pdf, ReportKind.MONTHLY: monthly_pdf}


def reports_queue(*, today: date, codes: Sequence[str] | None = None) -> int:
    """Queue what is missing of the last end of a month: for all that the settings want, or for these places.
    Returns the number of places. What is queued twice is made once."""
    day = day_before(month_start(today))
    if run_on(day) is None:
        return 0
    made = AreaReport.objects.filter(day=day, kind=ReportKind.MONTHLY).values_list("area_code", flat=True)
    missing = sorted(set(codes if codes is not None else codes_wanted()) - set(made))
    for start in range(0, len(missing), A_TASK):
        enqueue_on_commit("adoption.tasks.reports_make", missing[start : start + A_TASK], day.isoformat())
    return len(missing)


def reports_make(*, codes: Iterable[str], day: date, today: date) -> int:
    """Make both reports of each place, and queue the mails; returns how many were made. Unknown codes are
    left out, and days without figures."""
    run = run_on(day)
    places = [place for code in codes if (place := place_by_code(code)) is not None] if run else []
    return sum(report_make(place=place, kind=kind, run=run, today=today) for place in places for kind in PAPERS if run)


def report_make(*, place: Place, kind: str, run: Run, today: date) -> bool:
    """Make one report and keep it; False when it is there. The file first, then the row: a crash in between
    leaves a file that the next run writes again."""
    if report_on(place.code, kind, run.day) is not None:
        return False
    body = PAPERS[ReportKind(kind)](place, run, today)
    report = AreaReport(
        kind=kind, area_code=place.code, day=run.day, size=len(body), sha256=hashlib.sha256(body).hexdigest()
    )
    _write(report.file, body)
    with transaction.atomic():
        # Two workers at once: the second one's row is not written, and its file says the same.
        AreaReport.objects.bulk_create([report], ignore_conflicts=True)
        if kind == ReportKind.MONTHLY:
            _mails_queue(place, report_on(place.code, kind, run.day), today)
    return True


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_bytes(body)
    beside.replace(path)


def _mails_queue(place: Place, report: AreaReport | None, today: date) -> None:
    """Into the outbox, for each officer who asked and still looks after the area."""
    area = Area.objects.filter(code=place.code).first()
    if area is not None and report is not None:
        wishes = wishes_of(area)
        notices_queue(outgoing=[report_ready_mail(report, area, wish.user) for wish in wishes], today=today)


def report_wish_set(*, area: Area, user: User, wanted: bool) -> None:
    """An officer asks for the monthly report by mail, or no longer. Asking twice is asking once."""
    if wanted:
        ReportWish.objects.bulk_create([ReportWish(area=area, user=user)], ignore_conflicts=True)
    else:
        ReportWish.objects.filter(area=area, user=user, ended_at=None).update(ended_at=Now())
