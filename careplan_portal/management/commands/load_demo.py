import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import Role
from accounts.queries import DEMO_ADMINISTRATOR, DEMO_CLERK, demo_people
from accounts.services import demo_user
from careplan_portal.lib import clock
from careplan_portal.lib.acting import OPERATOR, Acting
from careplan_portal.management.demo import people, register
from careplan_portal.management.demo.desk import Desk, home_offices
from careplan_portal.management.demo.story import FIRST_DAY, TODAY, Story
from licenses.models import LicenseTerm
from offices.models import Office
from offices.services.importing import offices_import


class Command(BaseCommand):
    help = "Fill an empty demo with an invented country and a year of its acts; then only print the sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PORTAL_ENV not in ("demo", "test"):
            raise CommandError("デモのデータは、デモ（PORTAL_ENV=demo）でだけ作れます。")
        if clock.demo_day() is None or clock.today() < TODAY:
            with clock.office_hours():
                self._fill()
        self._sign_ins()

    def _fill(self) -> None:
        if LicenseTerm.objects.exists():
            raise CommandError("記録のあるデータベースです。デモには、空のデータベースを使ってください。")
        clock.set_demo_day(FIRST_DAY)
        call_command("load_faq", stdout=StringIO())
        if not Office.objects.exists():
            with tempfile.TemporaryDirectory() as folder:
                offices_import(files=register.files(Path(folder)), as_of=FIRST_DAY)
        acting = Acting(None, OPERATOR, "デモ")
        everybody, story = people.gather(acting), Story()
        people.areas(everybody, acting)
        Desk(story, everybody, home_offices()).plan()
        story.tell(Office.objects.all(), self.stderr.write)
        people.settle(everybody, acting=acting, today=TODAY)

    def _sign_ins(self) -> None:
        self.stdout.write(f"業務日 {clock.today()}")
        if settings.PORTAL_ENV == "demo":
            for role in Role:
                demo_user(role=role)
        for role, (email, name) in demo_people().items():
            self.stdout.write(f"{Role(role).label}：{name} {email}")
        self.stdout.write(f"法人の事務：{DEMO_CLERK[1]} {DEMO_CLERK[0]}")
        self.stdout.write(f"地域の管理者：{DEMO_ADMINISTRATOR[1]} {DEMO_ADMINISTRATOR[0]}")
