"""Messages about licences; they are built here and sent by services."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from careplan_portal.lib.words import ja_date
from licenses.models import NightAlarm
from licenses.queries.nights import Night, proof_checks


def night_alarm_mail(alarm: NightAlarm, address: str) -> EmailMessage:
    """Word of a night that is not as it should be, to one operator."""
    path = reverse("licenses:night", args=[alarm.on.isoformat()])
    context = {"alarm": alarm, "link": f"{settings.PORTAL_BASE_URL}{path}"}
    text = render_to_string("licenses/mail/night_alarm.txt", context)
    return EmailMessage(f"【要確認】{ja_date(alarm.on)}の夜間処理：{alarm.get_kind_display()}", text, to=[address])


def night_proof_mail(night: Night, set_aside: int, address: str) -> EmailMessage:
    """The proof of a night that is as it should be, to one operator; `set_aside` licences wait now."""
    path = reverse("licenses:night", args=[night.on.isoformat()])
    context = {
        "night": night,
        "checks": proof_checks(night.proof),
        "set_aside": set_aside,
        "link": f"{settings.PORTAL_BASE_URL}{path}",
    }
    text = render_to_string("licenses/mail/night_proof.txt", context)
    aside = f"、別にしたもの{set_aside}件" if set_aside else ""
    return EmailMessage(f"{ja_date(night.on)}の夜間処理：合っています（期限{night.due}件{aside}）", text, to=[address])
