"""The acts on one licence: start, make free, reserve, stop, and their withdrawal.

Each takes the business day as `today`, locks the licence's row, first records what is already
true by that day, then guards, writes and leaves an event. A guard that fails raises Refused
with a sentence for people; nothing is then written but what was already true.
"""

from datetime import date
from typing import Any

from django.db import transaction

from careplan_portal.lib.acting import NIGHT, Acting
from careplan_portal.lib.dates import year_from
from licenses import rules
from licenses.enums import EventKind, Origin, ReservationState
from licenses.models import License, LicenseEvent, LicenseReservation, LicenseTerm
from licenses.queries import Loaded, load_facts, policy
from licenses.rules import FREE_PASS, PAID, BadRecord, Plan, Policy, Term
from licenses.services.recording import Turned, changes_record, term_data


class Refused(Exception):
    """An act that the rules do not allow on this day: `code`, and `text` for people."""

    def __init__(self, code: str, text: str):
        super().__init__(text)
        self.code = code
        self.text = text


class Held:
    """A licence whose row is locked and whose ledger is up to `today`; only inside a transaction."""

    def __init__(self, license: License, today: date, acting: Acting):
        self.license = license
        self.today = today
        self.acting = acting
        self.policy: Policy = policy()
        self.reload()

    def reload(self) -> None:
        self.loaded: Loaded = load_facts([self.license.pk])[0]
        self.plan: Plan = rules.plan(self.loaded.facts, self.policy, self.today)

    @property
    def current(self) -> Term | None:
        return self.plan.current

    def current_row(self) -> LicenseTerm:
        assert self.current is not None
        return LicenseTerm.objects.get(license=self.license, starts_on=self.current.starts_on)

    def event(self, kind: str, on: date, term: LicenseTerm | None = None, **data: Any) -> None:
        LicenseEvent.objects.create(
            license=self.license,
            term=term,
            kind=kind,
            effective_on=on,
            recorded_on=self.today,
            actor_id=self.acting.user_id,
            acting_as=self.acting.role,
            reason=self.acting.reason,
            data=data,
        )


def license_hold(*, office_id: int, today: date, acting: Acting) -> Held:
    """Lock the office's licence, creating its row at the first act, and bring it up to `today`.

    The row of an office that never had a term says `none` and promises nothing. Raises Refused
    when the record is set aside: it is repaired first.
    """
    mode = rules.first_renewal_mode(today)
    License.objects.get_or_create(office_id=office_id, defaults={"renewal_mode": mode})
    license = License.objects.select_for_update(of=("self",)).get(office_id=office_id)
    try:
        held = Held(license, today, acting)
    except BadRecord as bad:
        raise Refused("set_aside", f"記録の確認が必要です。ヘルプデスクにお電話ください。（{bad.text}）") from bad
    if held.plan.changes:
        changes_record([Turned([held.loaded], held.plan.changes)], today=today, acting=NIGHT)
        held.license.refresh_from_db()
        held.reload()
    return held


@transaction.atomic
def license_start_paid(*, office_id: int, today: date, acting: Acting) -> LicenseTerm:
    """R12: a paid term from `today`. Refused while a term is valid, for a closed office, or after
    the programme's end (R15)."""
    held = license_hold(office_id=office_id, today=today, acting=acting)
    fee = held.policy.fee_on(today).yen
    return _open(held, PAID, today, fee)


@transaction.atomic
def license_open_free(*, office_id: int, starts_on: date, filed_on: date, today: date, acting: Acting) -> LicenseTerm:
    """R3, R16: the free year from `starts_on` (the day of filing, or the renewal date of a
    reservation proved late; not after `today`). A paid term begun meanwhile turns free.

    R8 is held by the database: a second Free Pass for the number is refused.
    """
    held = license_hold(office_id=office_id, today=today, acting=acting)
    begun = next((t for t in held.plan.facts.terms if t.ends_on >= starts_on and t.pricing == PAID), None)
    if begun is not None:
        return _make_free(held, begun, filed_on)
    return _open(held, FREE_PASS, starts_on, 0)


@transaction.atomic
def license_make_free(*, office_id: int, starts_on: date, filed_on: date, today: date, acting: Acting) -> LicenseTerm:
    """R6: the paid term that began on `starts_on` becomes free from its start, dates unchanged."""
    held = license_hold(office_id=office_id, today=today, acting=acting)
    begun = next((t for t in held.plan.facts.terms if t.starts_on == starts_on), None)
    if begun is None or begun.pricing != PAID:
        raise Refused("no_paid_term", "無料に変えられる有償の期間がありません。")
    return _make_free(held, begun, filed_on)


def _open(held: Held, pricing: str, starts_on: date, fee_yen: int) -> LicenseTerm:
    _guard_opening(held, pricing, starts_on)
    facts = held.plan.facts
    year = year_from(starts_on)
    first = not facts.terms
    term = LicenseTerm.objects.create(
        license=held.license,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        pricing=pricing,
        fee_yen=fee_yen,
        origin=Origin.FIRST if first else Origin.RESTART,
        recorded_on=held.today,
    )
    if first:
        held.license.first_licensed_on = starts_on
        held.license.renewal_mode = rules.first_renewal_mode(starts_on)
    if pricing == FREE_PASS:
        held.license.renewal_mode = rules.AUTO  # A11: after its free year it renews by itself
    held.license.save(update_fields=["first_licensed_on", "renewal_mode"])
    opened = Term(term.starts_on, term.ends_on, pricing, fee_yen)
    held.event(EventKind.TERM_OPENED, starts_on, term, **term_data(opened))
    return term


def _guard_opening(held: Held, pricing: str, starts_on: date) -> None:
    facts = held.plan.facts
    if pricing == FREE_PASS:
        _guard_once(held)
    if any(term.ends_on >= starts_on for term in facts.terms):
        raise Refused("still_valid", "有効な期間がまだ続いています。")
    if not held.policy.allows_term_on(starts_on):
        raise Refused("programme_ended", "この事業は終わりました。新しく始めることはできません。")
    if facts.closed_on is not None and facts.closed_on <= held.today:
        raise Refused("office_closed", "廃止の届けが出ている事業所です。ヘルプデスクにお電話ください。")


def _guard_once(held: Held) -> None:
    if any(term.pricing == FREE_PASS for term in held.plan.facts.terms):
        raise Refused("already_used", "この事業所番号は、フリーパスをもう使っています。使えるのは1回だけです。")


def _make_free(held: Held, begun: Term, filed_on: date) -> LicenseTerm:
    _guard_once(held)
    term = LicenseTerm.objects.get(license=held.license, starts_on=begun.starts_on)
    paid = term_data(begun)
    term.pricing, term.fee_yen = FREE_PASS, 0
    term.save(update_fields=["pricing", "fee_yen"])
    _withdraw_stop_before(held, term, filed_on)
    held.license.renewal_mode = rules.AUTO
    held.license.save(update_fields=["renewal_mode"])
    held.event(EventKind.TERM_MADE_FREE, term.starts_on, term, before=paid, fee_yen=0)
    return term


@transaction.atomic
def stop_file(*, office_id: int, today: date, acting: Acting) -> LicenseTerm:
    """R10: no renewal at the term's end; use goes on to its last day, which is in the term
    returned. A second filing changes nothing."""
    held = license_hold(office_id=office_id, today=today, acting=acting)
    if held.current is None:
        raise Refused("no_term", "いま有効な期間がないので、停止の手続きは要りません。")
    term = held.current_row()
    if term.stop_requested_on is None:
        term.stop_requested_on = today
        term.save(update_fields=["stop_requested_on"])
        held.event(EventKind.STOP_FILED, term.ends_on, term)
    return term


@transaction.atomic
def stop_withdraw(*, office_id: int, today: date, acting: Acting) -> LicenseTerm:
    """R10: up to and including the term's last day. Withdrawing twice changes nothing."""
    held = license_hold(office_id=office_id, today=today, acting=acting)
    if held.current is None:
        raise Refused("no_term", "期間が終わったので、停止の取り下げはできません。")
    term = held.current_row()
    if term.stop_requested_on is not None:
        _withdraw_stop(held, term)
    return term


def _withdraw_stop_before(held: Held, term: LicenseTerm, filed_on: date) -> None:
    """Filing for a next year withdraws a stop on file (R10); one filed after it stands."""
    if term.stop_requested_on is not None and term.stop_requested_on <= filed_on:
        _withdraw_stop(held, term)


def _withdraw_stop(held: Held, term: LicenseTerm) -> None:
    term.stop_requested_on = None
    term.save(update_fields=["stop_requested_on"])
    held.event(EventKind.STOP_WITHDRAWN, held.today, term)


@transaction.atomic
def reservation_file(
    *,
    office_id: int,
    kind: str,
    filed_on: date,
    today: date,
    acting: Acting,
    can_withdraw: bool = True,
) -> LicenseReservation:
    """R6, R9: what the next term will be, for the current term's renewal date. It takes the
    place of an open paid reservation and withdraws a stop on file (R10); whether it may be
    filed on this day is the caller's rule (R4-R7 for `free_pass`, R9 for `paid`)."""
    held = license_hold(office_id=office_id, today=today, acting=acting)
    if held.current is None:
        raise Refused("no_term", "いま有効な期間がないので、次回の予約はできません。")
    if kind == FREE_PASS:
        _guard_once(held)
    _replace_reservation(held, kind)
    term = held.current_row()
    _withdraw_stop_before(held, term, filed_on)
    reservation = LicenseReservation.objects.create(
        license=held.license,
        kind=kind,
        renewal_on=held.current.renewal_on,
        filed_on=filed_on,
        can_withdraw=can_withdraw,
    )
    held.event(EventKind.RESERVED, reservation.renewal_on, term, pricing=kind)
    return reservation


def _replace_reservation(held: Held, kind: str) -> None:
    existing = held.plan.facts.reservation
    if existing is None:
        return
    if kind == existing.kind or existing.kind == FREE_PASS:
        raise Refused("already_reserved", "次回の予約は、もうあります。")
    _end_reservation(held, ReservationState.WITHDRAWN, EventKind.RESERVATION_WITHDRAWN)


@transaction.atomic
def reservation_withdraw(*, office_id: int, today: date, acting: Acting) -> LicenseReservation:
    """R8: up to the day before its renewal date; it does not use the Free Pass up. A granted one
    cannot be withdrawn (R7)."""
    held = license_hold(office_id=office_id, today=today, acting=acting)
    if held.plan.facts.reservation is None:
        raise Refused("no_reservation", "取り下げられる予約がありません。")
    return _end_reservation(held, ReservationState.WITHDRAWN, EventKind.RESERVATION_WITHDRAWN)


def _end_reservation(held: Held, state: str, kind: str) -> LicenseReservation:
    row = LicenseReservation.objects.get(license=held.license, state=ReservationState.OPEN)
    if not row.can_withdraw:
        raise Refused("granted", "特別に認められた予約なので、取り下げはヘルプデスクにお電話ください。")
    row.state, row.ended_on = state, held.today
    row.save(update_fields=["state", "ended_on"])
    held.event(kind, row.renewal_on, pricing=row.kind)
    return row


@transaction.atomic
def paid_renewal_file(*, office_id: int, today: date, acting: Acting) -> LicenseReservation:
    """R9: a manual office files its next paid year, in its renewal month before the renewal
    date; it stays manual. After the renewal date it is a restart (`license_start_paid`)."""
    held = license_hold(office_id=office_id, today=today, acting=acting)
    current = held.current
    if current is None:
        raise Refused("no_term", "期間が終わっているので、有償の利用開始を申し込んでください。")
    opens = rules.paid_renewal_from(current)
    if today < opens:
        raise Refused("too_early", f"有償の更新は、更新する月の1日（{opens.isoformat()}）から申し込めます。")
    return reservation_file(office_id=office_id, kind=PAID, filed_on=today, today=today, acting=acting)
