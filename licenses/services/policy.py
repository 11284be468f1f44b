"""Changing fees and the programme's end: dated data, each change with its record (R9, R14, R15)."""

from datetime import date
from typing import Any

from django.db import transaction

from careplan_portal.lib.acting import SYSTEM, Acting
from licenses.models import FeeSchedule, PolicyEvent, Programme


@transaction.atomic
def fee_set(
    *,
    starts_on: date,
    yen: int,
    decided_until: date | None,
    note: str,
    today: date,
    acting: Acting,
) -> FeeSchedule:
    """The yearly fee of paid terms that start on or after `starts_on`, in whole yen. Terms that
    are open keep the fee that was fixed when they opened. Saying it again changes nothing."""
    existing = FeeSchedule.objects.select_for_update().filter(starts_on=starts_on).first()
    before = _fee(existing) if existing else None
    fee = existing or FeeSchedule(starts_on=starts_on)
    fee.yen, fee.decided_until, fee.note = yen, decided_until, note
    fee.full_clean()
    if before == _fee(fee):
        return fee
    fee.save()
    _event("fee", before, _fee(fee), today, acting)
    return fee


@transaction.atomic
def programme_end_set(*, ends_on: date | None, today: date, acting: Acting) -> Programme:
    """R15: the programme's last day, inclusive; None takes it away. After it no term opens."""
    programme, _ = Programme.objects.select_for_update().get_or_create(pk=1)
    before = {"ends_on": _iso(programme.ends_on)}
    if programme.ends_on == ends_on:
        return programme
    programme.ends_on = ends_on
    programme.save(update_fields=["ends_on"])
    _event("programme", before, {"ends_on": _iso(ends_on)}, today, acting)
    return programme


def _fee(fee: FeeSchedule) -> dict[str, Any]:
    return {
        "starts_on": _iso(fee.starts_on),
        "yen": fee.yen,
        "decided_until": _iso(fee.decided_until),
        "note": fee.note,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _event(subject: str, before: Any, after: Any, today: date, acting: Acting) -> None:
    PolicyEvent.objects.create(
        subject=subject,
        before=before,
        after=after,
        recorded_on=today,
        actor_id=acting.user_id,
        acting_as=acting.role,
        reason=acting.reason,
    )


def policy_start(*, today: date) -> None:
    """What a new portal begins with: a programme without an end, and the one fee that the source
    knows (answers 13, 28, 31, 53). It names no earlier amount, so it stands for all earlier days;
    what comes after the first campaign's window is undecided. Existing rows stay as they are.
    """
    Programme.objects.get_or_create(pk=1)
    if not FeeSchedule.objects.exists():
        fee_set(
            starts_on=date(2000, 1, 1),
            yen=21_000,
            decided_until=date(2026, 5, 31),
            note="説明会の質疑 13・28・31・53",
            today=today,
            acting=Acting(None, SYSTEM, "最初の設定"),
        )
