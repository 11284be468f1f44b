"""Asking for a paper, and making it: once for a kind, a term, a day, and what it says."""

import hashlib
import os
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from careplan_portal.lib import checkcode, clock
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.jobs import enqueue_on_commit
from licenses import documents
from licenses.enums import DOCUMENT_PREFIXES, DocumentKind
from licenses.models import LicenseDocument, LicenseTerm
from licenses.queries.papers import facts_digest, paper_facts
from licenses.services.licences import Held, Refused, license_hold

# A paper that is not there after this long was forgotten by the queue: it is put into it again.
FORGOTTEN_AFTER = timedelta(minutes=10)


@transaction.atomic
def document_request(*, office_id: int, kind: str, on: date, today: date, acting: Acting) -> LicenseDocument:
    """The paper of this kind about the day `on`: the one that is there when it says the same, else a
    new one, made by a worker a moment later.

    A certificate and a proof of use are about the term that covers `on`, not later than today; the
    notice and the confirmation are about the current term. Raises Refused where there is nothing to
    put on paper.
    """
    kind = DocumentKind(kind)
    held = license_hold(office_id=office_id, today=today, acting=acting)
    term = _term(held, kind, on)
    about = _about(kind, term, on, today)
    facts = paper_facts(kind, term, about, held.plan)
    document, is_new = LicenseDocument.objects.get_or_create(
        kind=kind,
        term=term,
        on=about,
        digest=facts_digest(facts),
        defaults={
            "license": held.license,
            "code": checkcode.draw(DOCUMENT_PREFIXES[kind], today.year, today.month),
            "facts": facts,
            "issued_on": today,
            "requested_at": clock.now(),
            "requested_by_id": acting.user_id,
            "acting_as": acting.role,
        },
    )
    if is_new or not document.is_there:
        enqueue_on_commit("licenses.tasks.document_make", document.pk)
    return document


def _about(kind: str, term: LicenseTerm, on: date, today: date) -> date:
    """The day a paper is about. A certificate is of the whole term, so it counts from its issue."""
    if kind == DocumentKind.PROOF_OF_USE:
        return on
    if kind == DocumentKind.STOP_CONFIRMATION:
        assert term.stop_requested_on is not None
        return term.stop_requested_on
    return today


def _term(held: Held, kind: str, on: date) -> LicenseTerm:
    terms = LicenseTerm.objects.select_related("license__office__corporation").filter(license=held.license)
    if kind in (DocumentKind.RENEWAL_NOTICE, DocumentKind.STOP_CONFIRMATION):
        if held.current is None:
            raise Refused("no_term", "いま有効な期間がないので、この書類は出せません。")
        term = terms.get(starts_on=held.current.starts_on)
        if kind == DocumentKind.STOP_CONFIRMATION and term.stop_requested_on is None:
            raise Refused("no_stop", "利用停止の届けは出ていないので、控えは出せません。")
        return term
    if on > held.today:
        raise Refused("future", "まだ来ていない日の証明は出せません。きょうか、それより前の日を入れてください。")
    found = terms.filter(starts_on__lte=on, ends_on__gte=on).first()
    if found is None:
        raise Refused("no_term", "その日に有効なライセンスはありません。別の日を入れてください。")
    return found


def document_make(*, document_id: int) -> bool:
    """Render the paper and keep its file; False when it was there already. Outside a transaction. A file that is
    lost (a back-up without it) is drawn again from the facts that were kept.

    Safe to run twice, also at the same time: the file is put in place whole, under the paper's own
    name, and only one run marks it as made.
    """
    document = LicenseDocument.objects.get(pk=document_id)
    if document.is_there:
        return False
    content = documents.render(document).pdf
    file_keep(document.file, content)
    marked = LicenseDocument.objects.filter(pk=document_id, made_at=document.made_at).update(
        made_at=clock.now(), size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    return marked == 1


def file_keep(path: Path, content: bytes) -> None:
    """Put a file in place whole, readable by its owner alone; who comes second replaces it by the same."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def documents_requeue(*, now: datetime) -> int:
    """Put papers that are still not made into the queue again, and those whose file is lost (a restore without its
    papers); returns how many. Running it twice makes nothing twice."""
    forgotten = LicenseDocument.objects.filter(made_at=None, requested_at__lt=now - FORGOTTEN_AFTER)
    ids = list(forgotten.values_list("pk", flat=True))
    made = LicenseDocument.objects.exclude(made_at=None).only("code", "issued_on", "made_at")
    ids += [document.pk for document in made.iterator(2000) if not document.is_there]
    for document_id in ids:
        enqueue_on_commit("licenses.tasks.document_make", document_id)
    return len(ids)
