"""Letters with codes as the helpdesk reads them: what waits, what came back, what was printed when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.enums import LetterState
from campaigns.models import FreePassApplication, IdentityLetter, LetterRun
from campaigns.queries.answers import provisional_applications
from careplan_portal.lib.japan import business_number


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter with its state, and those of its applications that still wait to be confirmed."""

    letter: IdentityLetter
    state: str
    applications: Sequence[FreePassApplication]

    @property
    def label(self) -> str:
        return str(LetterState(self.state).label)

    @property
    def may_be_printed_again(self) -> bool:
        return self.state in (LetterState.WAITING, LetterState.RETURNED)


@dataclass(frozen=True, slots=True)
class RunLine:
    """One print run and how many of its letters stand how: pairs of a label and a count, none is 0."""

    run: LetterRun
    states: Sequence[tuple[str, int]]
    may_be_printed_again: bool


def letters_waiting(sought: str = "") -> QuerySet[IdentityLetter]:
    """Letters that wait for their code, the newest first; `sought`: only those whose envelope bears
    it (a receipt number, a business number, a part of the addressee's name)."""
    return _sought(_alive().filter(returned_on=None), sought)


def letters_returned() -> QuerySet[IdentityLetter]:
    """Letters that came back and whose applications still wait, the latest first."""
    return _alive().filter(returned_on__isnull=False).order_by("-returned_on", "-pk")


def _alive() -> QuerySet[IdentityLetter]:
    waits = provisional_applications().order_by().filter(letters=OuterRef("pk"))
    return (
        IdentityLetter.objects.filter(Exists(waits), voided_on=None, used_on=None)
        .prefetch_related("applications__office")
        .order_by("-made_at", "-pk")
    )


def _sought(letters: QuerySet[IdentityLetter], sought: str) -> QuerySet[IdentityLetter]:
    text = sought.strip()
    if not text:
        return letters
    bears = Q(addressee__icontains=text) | Q(applications__receipt_number__istartswith=text)
    bears |= Q(applications__office__business_number=business_number.normalize(text))
    return letters.filter(bears).distinct()


def letter_runs(limit: int) -> list[RunLine]:
    """The latest print runs, each with how its letters stand. Two statements, however many runs."""
    runs = list(LetterRun.objects.select_related("made_by").order_by("-pk")[:limit])
    states: dict[int, Counter[str]] = {run.pk: Counter() for run in runs}
    for line in _lines(IdentityLetter.objects.filter(run__in=states)):
        assert line.letter.run_id is not None
        states[line.letter.run_id][line.state] += 1
    return [_run_line(run, states[run.pk]) for run in runs]


def _run_line(run: LetterRun, states: Counter[str]) -> RunLine:
    shown = [(str(state.label), states[state]) for state in LetterState if states[state]]
    return RunLine(run, shown, bool(states[LetterState.WAITING] or states[LetterState.RETURNED]))


def letters_of_run(run: LetterRun) -> list[LetterLine]:
    """The letters of a run in the order in which they were printed."""
    return _lines(IdentityLetter.objects.filter(run=run).prefetch_related("applications__office").order_by("pk"))


def newest_letters(applications: Sequence[FreePassApplication]) -> dict[int, IdentityLetter]:
    """The newest letter of each application that has one, by the application's id."""
    ids = [application.pk for application in applications]
    if not ids:
        return {}
    pairs = IdentityLetter.applications.through.objects.filter(freepassapplication__in=ids)
    rows = pairs.select_related("identityletter").order_by("identityletter_id")
    return {row.freepassapplication_id: row.identityletter for row in rows}


def _lines(letters: QuerySet[IdentityLetter]) -> list[LetterLine]:
    found = list(letters.prefetch_related("applications"))
    waiting = set(provisional_applications().filter(letters__in=found).values_list("pk", flat=True))
    return [_line(letter, [one for one in letter.applications.all() if one.pk in waiting]) for letter in found]


def _line(letter: IdentityLetter, waiting: Sequence[FreePassApplication]) -> LetterLine:
    return LetterLine(letter, letter_state(letter, waits=bool(waiting)), waiting)


def letter_state(letter: IdentityLetter, *, waits: bool) -> str:
    """How a letter stands (LetterState); `waits`: whether an application of it is still provisional."""
    facts: tuple[tuple[date | bool | None, str], ...] = (
        (letter.used_on, LetterState.USED),
        (letter.voided_on, LetterState.REPLACED),
        (not waits, LetterState.OVER),
        (letter.returned_on, LetterState.RETURNED),
    )
    return next((state for fact, state in facts if fact), LetterState.WAITING)
