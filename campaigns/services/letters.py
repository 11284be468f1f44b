"""The letter with its one-time code: made for printing, and answered (R16).

A code stands on paper only. Kept is a keyed digest with a salt of its own, so that neither the
database nor a copy of it tells the eight figures.
"""

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from campaigns.enums import ApplicationEventKind, Proof, ReturnedWhy
from campaigns.models import CodeGuess, FreePassApplication, IdentityLetter, LetterRun
from campaigns.queries import letters_due, letters_open, provisional_applications
from campaigns.services.proving import application_prove
from campaigns.services.recording import event_record
from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from licenses.services import Refused

# So many letters are made, and rendered, in one go.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A letter to print, with the code that is nowhere else."""

    letter: IdentityLetter
    code: str
    applications: tuple[FreePassApplication, ...]


@transaction.atomic
def letters_make(*, today: date, acting: Acting) -> list[Made]:
    """A letter for each application that waits for one, at most BATCH of them: one for all offices of
    a corporation that the same person filed for. Two clerks at once never make two for one."""
    ids = list(letters_due().values_list("pk", flat=True)[:BATCH])
    rows = FreePassApplication.objects.filter(pk__in=ids).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    # Asked again under the lock, in a statement of its own: it sees what another clerk committed.
    due = letters_due().filter(pk__in=ids).order_by("pk")
    groups = _groups(list(due))
    run = _run(len(groups), today, acting) if groups else None
    return [_make(group, run, today, acting) for group in groups]


@transaction.atomic
def letter_make_again(*, letter_id: int, today: date, acting: Acting, reason: str = "もう一度刷った") -> Made:
    """The letter once more, with a new code, to the address that is registered now; the old code stops
    working. The deadline stays. `reason`: why, at most 100 characters.

    Raises Refused when none of its applications waits any more.
    """
    made = _make_again([letter_id], reason, today, acting)
    if not made:
        raise Refused("ended", "この手紙の申請は、もう確認を待っていません。")
    return made[0]


@transaction.atomic
def letter_run_make_again(*, run_id: int, today: date, acting: Acting, reason: str) -> list[Made]:
    """A whole run once more (the paper jammed, the envelopes got lost), with new codes: those of its
    letters whose applications still wait.

    Raises Refused when none of them waits any more.
    """
    ids = IdentityLetter.objects.filter(run=run_id).order_by("pk").values_list("pk", flat=True)
    made = _make_again(list(ids), reason, today, acting)
    if not made:
        raise Refused("ended", "この印刷の手紙は、もうどれも確認を待っていません。")
    return made


def _make_again(letter_ids: list[int], reason: str, today: date, acting: Acting) -> list[Made]:
    letters = IdentityLetter.objects.select_for_update(of=("self",)).filter(pk__in=letter_ids).order_by("pk")
    open_ones = [letter for letter in letters if not (letter.voided_on or letter.used_on)]
    waiting = [(letter, applications) for letter in open_ones if (applications := _still_waiting(letter))]
    run = _run(len(waiting), today, acting, reason) if waiting else None
    for letter, _applications in waiting:
        letter.voided_on = today
        letter.save(update_fields=["voided_on"])
    return [_make(applications, run, today, acting) for _letter, applications in waiting]


def _still_waiting(letter: IdentityLetter) -> list[FreePassApplication]:
    return list(provisional_applications().filter(letters=letter).select_for_update(of=("self",)).order_by("pk"))


@transaction.atomic
def letter_returned(*, letter_id: int, why: ReturnedWhy, today: date, acting: Acting) -> IdentityLetter:
    """The post brought a letter back: its code works no longer, because it reached nobody, and its
    applications say so. Their deadline stays; the helpdesk calls, or prints again to a better address.
    Saying so twice changes nothing.

    Raises Refused for a letter whose code was used or that was printed again.
    """
    letter = IdentityLetter.objects.select_for_update(of=("self",)).get(pk=letter_id)
    if letter.returned_on is not None:
        return letter
    if letter.used_on or letter.voided_on:
        done = "コードが入れられています" if letter.used_on else "刷り直しています"
        raise Refused("ended", f"この手紙は、もう{done}。戻ったことは記録しませんでした。")
    letter.returned_on, letter.returned_why, letter.returned_to_id = today, why, acting.user_id
    letter.save(update_fields=["returned_on", "returned_why", "returned_to"])
    for application in _still_waiting(letter):
        event_record(application, ApplicationEventKind.LETTER_RETURNED, today, acting, letter=letter.pk, why=why)
    return letter


def _run(count: int, today: date, acting: Acting, reason: str = "") -> LetterRun:
    return LetterRun.objects.create(
        made_on=today, made_at=clock.at(today), made_by_id=acting.user_id, count=count, reason=reason.strip()[:100]
    )


def _groups(applications: list[FreePassApplication]) -> list[list[FreePassApplication]]:
    """Together: offices of one corporation, filed for by one person; else each alone."""
    groups: dict[tuple[object, str], list[FreePassApplication]] = defaultdict(list)
    for application in applications:
        corporation = application.office.corporation_id
        owner = ("corporation", corporation) if corporation else ("office", application.office_id)
        person = application.applicant_email.lower() or f"{application.applicant_name} {application.applicant_phone}"
        groups[(owner, person)].append(application)
    return list(groups.values())


def _make(applications: list[FreePassApplication], run: LetterRun | None, today: date, acting: Acting) -> Made:
    digits = settings.IDENTITY_CODE_DIGITS
    code = f"{secrets.randbelow(10**digits):0{digits}d}"
    salt = secrets.token_hex(16)
    addressed = _addressed(applications)
    office = addressed.office
    together = len({application.office_id for application in applications}) > 1
    corporation = office.corporation.name if office.corporation else office.corporation_name
    letter = IdentityLetter.objects.create(
        salt=salt,
        code_digest=_digest(code, salt, settings.SECRET_KEY),
        addressee=(corporation or office.name) if together else office.name,
        postal_code=office.postal_code,
        address=f"{office.address}\n{office.building}".strip(),
        made_on=today,
        made_at=clock.at(today),
        made_by_id=acting.user_id,
        run=run,
    )
    letter.applications.set(applications)
    for application in applications:
        event_record(application, ApplicationEventKind.LETTER_MADE, today, acting, letter=letter.pk)
    return Made(letter, code, tuple(applications))


def _addressed(applications: list[FreePassApplication]) -> FreePassApplication:
    """Where the letter of a corporation goes: the address that most of its offices have, of equals
    that of the lowest number. All are registered addresses of the corporation's own offices."""
    count = Counter(application.office.address for application in applications)
    return min(applications, key=lambda one: (-count[one.office.address], one.office.business_number))


def _digest(code: str, salt: str, secret: str) -> str:
    key_salt = f"campaigns.identity_letter.{salt}"
    return salted_hmac(key_salt, code, secret=secret, algorithm="sha256").hexdigest()


def _fits(letter: IdentityLetter, code: str) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(letter.code_digest, _digest(code, letter.salt, str(key))) for key in keys)


# --- the code comes back -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a code. `letter` when it was right, with the sentences of applications that could
    not be confirmed by their receipt number; else how many tries are `left`, or until when to pause."""

    letter: IdentityLetter | None = None
    refused: tuple[tuple[str, str], ...] = ()
    left: int = 0
    paused_until: datetime | None = None


@transaction.atomic
def code_enter(*, business_number: str, code: str, today: date, now: datetime, acting: Acting) -> Entered:
    """Prove every application of the letter whose code this is. After IDENTITY_CODE_TRIES wrong ones
    for a number there is a pause, whether or not the number has a letter. The same right code again
    finds the letter used and counts as wrong; the page shows then that all is done."""
    CodeGuess.objects.get_or_create(business_number=business_number, defaults={"last_at": now})
    guess = CodeGuess.objects.select_for_update().get(business_number=business_number)
    if guess.paused_until is not None and guess.paused_until > now:
        return Entered(paused_until=guess.paused_until)
    letter = next((one for one in letters_open(business_number) if _fits(one, code)), None)
    if letter is None:
        return _wrong(guess, today, now, acting)
    guess.wrong, guess.paused_until, guess.last_at = 0, None, now
    guess.save()
    return Entered(letter, refused=_prove_all(letter, today, acting))


def _wrong(guess: CodeGuess, today: date, now: datetime, acting: Acting) -> Entered:
    guess.wrong += 1
    guess.last_at = now
    left = settings.IDENTITY_CODE_TRIES - guess.wrong
    if left <= 0:
        guess.wrong = 0
        guess.paused_until = now + timedelta(minutes=settings.IDENTITY_CODE_PAUSE_MINUTES)
    guess.save()
    for application in provisional_applications().filter(office__business_number=guess.business_number):
        event_record(application, ApplicationEventKind.CODE_WRONG, today, acting, left=max(left, 0))
    return Entered(left=left, paused_until=guess.paused_until if left <= 0 else None)


def _prove_all(letter: IdentityLetter, today: date, acting: Acting) -> tuple[tuple[str, str], ...]:
    refused = []
    waiting = provisional_applications().filter(letters=letter).order_by("office_id")
    for application in waiting:
        try:
            application_prove(application_id=application.pk, proof=Proof.LETTER, today=today, acting=acting)
        except Refused as refusal:
            refused.append((application.receipt_number, refusal.text))
    letter.used_on = today
    letter.save(update_fields=["used_on"])
    return tuple(refused)
