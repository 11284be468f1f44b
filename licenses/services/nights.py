"""Watching over the nights: an alarm for one that is missing or does not prove itself, and its end."""

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction

from accounts.enums import Role
from accounts.queries import users
from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.jobs import enqueue_on_commit
from licenses.enums import AlarmKind
from licenses.models import NightAlarm, RollOverRun
from licenses.notifications import night_alarm_mail, night_proof_mail
from licenses.queries import nights
from licenses.services.licences import Refused
from licenses.services.rollover import RollOver, roll_over
from notices.services import notice_queue

log = structlog.get_logger(__name__)

KINDS = {nights.MISSING: AlarmKind.NO_RUN, nights.RED: AlarmKind.RED}
# As many as are run while a person waits; more are left to the queue.
AT_ONCE = 500
AGAIN = "licenses.tasks.roll_over_again"
# A proof that could not be handed over is news for so long.
PROOF_DAYS, ONE_DAY = timedelta(days=3), timedelta(days=1)


@transaction.atomic
def night_watch(*, today: date, now: datetime | None = None) -> str:
    """Look at the night of `today`: raise its alarm, or end those that it mends. Returns how it stands.

    Once a night, however often it is called: the alarm's row is unique, and whoever makes it logs it
    and queues its mail.
    """
    now = now or clock.now()
    night = nights.night_on(today, today=today, now=now)
    if night.state in KINDS:
        _raise(night, now)
    elif night.state == nights.OK:
        _end_mended(today, now)
        _queue_proof(night)
    return night.state


def _queue_proof(night: nights.Night) -> None:
    if not night.is_mailed and users(role=Role.OPERATOR, active=True).exists():
        enqueue_on_commit("licenses.tasks.night_proof_mail", night.on.isoformat())


def _raise(night: nights.Night, now: datetime) -> None:
    alarm, is_new = NightAlarm.objects.get_or_create(
        on=night.on,
        defaults={"kind": KINDS[night.state], "text": nights.alarm_text(night), "raised_at": now},
    )
    if is_new:
        log.error("night_alarm", on=night.on.isoformat(), kind=alarm.kind, proof=night.proof)
        enqueue_on_commit("licenses.tasks.night_alarm_mail", alarm.pk)


def _end_mended(today: date, now: datetime) -> None:
    """A missed night is made good by the next one, a red one of today by the run that proved itself;
    a red one of an earlier day stays until a person has looked."""
    mended = nights.alarms_open().filter(kind=AlarmKind.NO_RUN, on__lte=today)
    mended = mended | nights.alarms_open().filter(kind=AlarmKind.RED, on=today)
    mended.order_by().update(ended_at=now, ended_reason=f"{today.isoformat()}の処理の証明が合いました")


def night_alarm_send(*, alarm_id: int) -> int:
    """Hand an alarm to the outbox, for every operator; returns how many, 0 the second time."""
    with transaction.atomic():
        alarm = NightAlarm.objects.select_for_update(of=("self",)).get(pk=alarm_id)
        if alarm.mailed_at is not None:
            return 0
        addresses = [user.email for user in users(role=Role.OPERATOR, active=True)]
        notice_queue(outgoing=night_alarm_mail(alarm, addresses), today=clock.today())
        alarm.mailed_at, alarm.mailed_to = clock.now(), len(addresses)
        alarm.save(update_fields=["mailed_at", "mailed_to"])
    return len(addresses)


def night_proof_send(*, on: date, today: date, now: datetime | None = None) -> int:
    """Mail the proof of a night that is as it should be to every operator, once a night; a red one has
    its alarm. Returns how many mails the outbox got.

    The first run's row is the lock, so one worker at a time passes.
    """
    with transaction.atomic():
        runs = list(RollOverRun.objects.select_for_update(of=("self",)).filter(on=on).order_by("pk"))
        night = nights.night_on(on, today=today, now=now or clock.now())
        if night.state != nights.OK or night.is_mailed:
            return 0
        addresses = [user.email for user in users(role=Role.OPERATOR, active=True)]
        waiting = nights.set_asides_open().count()
        notice_queue(outgoing=night_proof_mail(night, waiting, addresses), today=today)
        runs[0].mailed_at, runs[0].mailed_to = clock.now(), len(addresses)
        runs[0].save(update_fields=["mailed_at", "mailed_to"])
    return len(addresses)


def night_mails_catch_up(*, today: date, now: datetime | None = None) -> int:
    """Queue the mails of alarms, and of the last days' proofs, that were never handed over (a broker or a
    mail server that was away). Returns how many alarms waited."""
    waiting = NightAlarm.objects.filter(mailed_at=None, ended_at=None).values_list("pk", flat=True)
    for alarm_id in waiting:
        enqueue_on_commit("licenses.tasks.night_alarm_mail", alarm_id)
    for night in nights.nights_between(today - PROOF_DAYS, today - ONE_DAY, today=today, now=now or clock.now()):
        if night.state == nights.OK:
            _queue_proof(night)
    return len(waiting)


@transaction.atomic
def night_alarm_close(*, alarm_id: int, acting: Acting) -> NightAlarm:
    """A person has looked into it and says why it is over. Raises Refused without a reason; closing
    twice keeps the first."""
    if not acting.reason.strip():
        raise Refused("empty", "調べて分かったことを書いてください。")
    alarm = NightAlarm.objects.select_for_update(of=("self",)).get(pk=alarm_id)
    if alarm.ended_at is None:
        alarm.ended_at, alarm.ended_by_id, alarm.ended_reason = clock.now(), acting.user_id, acting.reason[:200]
        alarm.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    return alarm


def roll_over_again(*, today: date, acting: Acting) -> RollOver | None:
    """Run the roll-over of the business day once more; the run and its events name who asked.

    None when it was left to the queue, because many are due. Raises Refused while a run is under way.
    """
    if nights.run_in_progress():
        raise Refused("running", "いま処理が動いています。終わってから、もう一度押してください。")
    if nights.due_count(today) > AT_ONCE:
        enqueue_on_commit(AGAIN, acting.user_id, acting.role, acting.reason)
        return None
    result = roll_over(on=today, acting=acting)
    night_watch(today=today)
    return result
