"""Messages about the nights; built here, handed to the outbox by services."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from careplan_portal.lib.words import ja_date
from licenses.models import NightAlarm
from licenses.queries.nights import Night, proof_checks
from notices.enums import Kind
from notices.rules import Outgoing


def night_alarm_mail(alarm: NightAlarm, to: Sequence[str]) -> Outgoing:
    """Word of a night that is not as it should be, to every operator."""
    path = reverse("licenses:night", args=[alarm.on.isoformat()])
    context = {"alarm": alarm, "link": f"{settings.PORTAL_BASE_URL}{path}"}
    text = render_to_string("licenses/mail/night_alarm.txt", context)
    title = f"【要確認】{ja_date(alarm.on)}の夜間処理：{alarm.get_kind_display()}"
    return Outgoing(Kind.NIGHT_ALARM, alarm.on.isoformat(), title, text, to=tuple(to))


def night_proof_mail(night: Night, set_aside: int, to: Sequence[str]) -> Outgoing:
    """The proof of a night that is as it should be, to every operator; `set_aside` licences wait now."""
    path = reverse("licenses:night", args=[night.on.isoformat()])
    context = {
        "night": night,
        "checks": proof_checks(night.proof),
        "set_aside": set_aside,
        "link": f"{settings.PORTAL_BASE_URL}{path}",
    }
    text = render_to_string("licenses/mail/night_proof.txt", context)
    aside = f"、別にしたもの{set_aside}件" if set_aside else ""
    title = f"{ja_date(night.on)}の夜間処理：合っています（期限{night.due}件{aside}）"
    return Outgoing(Kind.NIGHT_PROOF, night.on.isoformat(), title, text, to=tuple(to))
