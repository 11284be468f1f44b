"""The demo's last weeks at the windows: letters, calls, inquiries, papers, questions, a newer register.

Acts of the real services on business days, as the story's lives are; so every list has something to show.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from adoption.services.calls import call_record
from campaigns import services as campaigns
from campaigns.queries import provisional_applications
from careplan_portal.lib import clock, policies
from careplan_portal.lib.acting import HELPDESK, MEMBER, OPERATOR, VISITOR, Acting
from careplan_portal.lib.dates import days
from careplan_portal.lib.japan.holidays import is_business_day
from careplan_portal.management.demo import register
from careplan_portal.management.demo.people import HOME_CITY, People
from careplan_portal.management.demo.story import FIRST_DAY, TODAY, Story
from faq.models import Entry
from faq.queries import answer as faq_answer
from faq.services import day_hash, feedback_record, question_opened, question_record
from helpdesk.enums import CallerProof, PassedTo, Topic
from helpdesk.models import Inquiry
from helpdesk.services import contacts, inquiries
from licenses import services as licenses
from licenses.models import LicenseReservation
from licenses.queries import offices_using
from licenses.queries.nights import set_asides_open
from licenses.queries.repairs import fault_of
from notices.services import letters_print
from offices.models import Area, Office
from offices.services.importing import offices_import
from offices.services.offices import Declared, office_close, office_declare
from offices.services.uploads import import_check, import_upload

BEGAN = date(2026, 2, 2)
NEWER_REGISTER = date(2026, 3, 16)
SPOILT_FROM = date(2026, 3, 17)
# Topic, question, what the helpdesk answered.
ASKED = (
    (Topic.APPLY, "受付番号の控えをなくしました。申請できているか、どこで分かりますか。",
     "申請したあとの状況のページで、事業所番号と受付番号を入れると分かります。受付番号は、受付のメールの最初の行にあります。"),
    (Topic.TERM, "いまの期間が4月末までです。フリーパスは、いつ申請すれば切れ目なく使えますか。",
     "5月1日から申請できます。更新日の5月1日に申請すると、切れ目なく無料の1年が始まります。"),
    (Topic.FEE, "無料の1年が終わったあと、何もしないと料金はかかりますか。",
     "自動で更新され、1年分の21,000円がかかります。続けない場合は、おわりの日までに「利用をやめる」を押してください。"),
    (Topic.STOP, "やめる届けを出したあとでも、最後の日までは使えますか。",
     "はい。いまの期間のおわりの日まで使えます。料金と期間は変わりません。"),
    (Topic.SOFTWARE, "使っている介護ソフトが対応しているか教えてください。ソフトの会社にも聞いていますが、返事がありません。", ""),
    (Topic.IDENTITY, "確認の手紙が届きません。住所が変わったためでしょうか。", ""),
    (Topic.PARTNERS, "近くの居宅介護支援事業所が使っているかどうかを知りたいです。",
     "事業所の画面の「まわりの事業所」で、利用している事業所が分かります。"),
    (Topic.ACCOUNT, "前の担当者がやめて、サインインできる人がいません。", ""),
    (Topic.OTHER, "説明会の資料は、もらえますか。", "資料は、準備ができたら、よくある質問のページでお知らせします。"),
)  # fmt: skip
NOTES = (
    "フリーパスの申請の時期を聞かれた。更新日と申請できる期間を伝えた。",
    "更新のお知らせの見かたを聞かれた。おわりの日と料金を読み上げた。",
    "申請したが手紙がまだとのこと。発送の日を伝えた。",
    "担当者が代わったとのこと。招待のしかたを案内した。",
    "パソコンの入れ替えについて聞かれた。ソフトの会社に聞くように伝えた。",
)
QUESTIONS = (
    "いつまで無料", "更新 自動", "パソコンを入れ替えるとき", "相手が使っていないとき", "請求書はいつ届く", "電子証明書",
    "事業所番号が変わる", "相手が読んだか知りたい", "送ったデータは何年残る", "停止のしかた",
)  # fmt: skip


@dataclass
class Desk:
    """Plans what happens at the windows between `BEGAN` and the demo's day."""

    story: Story
    people: People
    home: list[Office]

    def __post_init__(self) -> None:
        self.draw = random.Random(17)  # noqa: S311 - invented data, nothing to guess
        self.helpers = cycle(self.people.helpers)
        self.spoilt = False
        self.entries = list(Entry.objects.order_by("position")[:40])

    def plan(self) -> None:
        """Put every act on its day."""
        for day in filter(is_business_day, days(FIRST_DAY, TODAY - timedelta(days=1))):
            self.story.on(day, self._print_notices)
        for day in filter(is_business_day, days(BEGAN, TODAY)):
            self.story.on(day, self._print_letters)
            self.story.on(day, self._talk)
            self.story.on(day, self._ask)
            self.story.on(day, self._search)
        for days_ago in (2, 1, 0):
            self.story.on(TODAY - timedelta(days=days_ago), self._file_late)
        self._plan_what_goes_otherwise()
        for day in days(SPOILT_FROM, TODAY - timedelta(days=3)):
            self.story.on(day, self._spoil_a_record)
        self.story.on(NEWER_REGISTER, self._import_a_newer_register)
        self.story.on(TODAY, self._upload_the_newest_register)
        self.story.on(date(2026, 3, 30), self._officer_calls)
        self.story.on(TODAY, self._papers)
        self.story.on(date(2026, 3, 26), self._staff_asks)
        self.story.on(TODAY, self._staff_asks)

    # letters ------------------------------------------------------------------------------------

    def _print_letters(self, day: date) -> None:
        for made in campaigns.letters_make(today=day, acting=self._helper("手紙の印刷")):
            if self.draw.random() < 0.5:
                number = made.applications[0].office.business_number
                arrives = day + timedelta(days=self.draw.randrange(3, 10))
                self.story.on(arrives, partial(self._enter, number, made.code))

    def _print_notices(self, day: date) -> None:
        """What the last night told by letter goes to the post; that of the demo's own day waits for whoever looks."""
        acting = self._helper("お知らせの手紙の印刷")
        while letters_print(today=day, acting=acting):
            pass

    def _enter(self, number: str, code: str, day: date) -> None:
        acting = Acting(None, VISITOR, "手紙のコード")
        campaigns.code_enter(business_number=number, code=code, today=day, now=clock.now(), acting=acting)

    # calls and notes ----------------------------------------------------------------------------

    def _talk(self, day: date) -> None:
        for office in self.draw.sample(self.home, 2):
            acting = self._helper("電話")
            if self.draw.random() < 0.4:
                contacts.call_begin(
                    office_id=office.pk, name=self._name(), relation="管理者", phone=office.phone,
                    proof=CallerProof.CALL_BACK, facts=(), consent=True, today=day, acting=acting,
                )  # fmt: skip
            at = self.draw.randrange(len(NOTES))
            later = day + timedelta(days=4) if at == 2 else None
            topics = [self.draw.choice((Topic.APPLY, Topic.TERM, Topic.FEE, Topic.IDENTITY))]
            note = contacts.note_record(
                office_id=office.pk, text=NOTES[at], topics=topics, follow_up_on=later, today=day, acting=acting
            )
            contacts.call_end(office_id=office.pk, today=day, acting=acting)
            if later and self.draw.random() < 0.85:
                self.story.on(later, partial(self._come_back_to, note.pk))

    def _come_back_to(self, contact_id: int, day: date) -> None:
        contacts.followed_up(contact_id=contact_id, today=day, acting=self._helper("約束の電話"))

    # inquiries ----------------------------------------------------------------------------------

    def _ask(self, day: date) -> None:
        if self.draw.random() < 0.6 or day >= TODAY - timedelta(days=3):
            topic, question, answer = self.draw.choice(ASKED)
            inquiry = self._receive(topic, question, day)
            if day < TODAY and self.draw.random() < 0.7:
                self._answer(inquiry, answer, day)
            elif day < TODAY:
                later = next(filter(is_business_day, days(day + timedelta(days=1), TODAY)))
                self.story.on(later, lambda on: self._answer(inquiry, answer, on))

    def _staff_asks(self, day: date) -> None:
        """The member of the sign-in page wrote twice: answered, and of the demo's own day."""
        topic, question, answer = ASKED[2] if day < TODAY else ASKED[6]
        staff, office = self.people.staff, Office.objects.get(business_number=register.STORY[0])
        asked = inquiries.Asked(
            name=staff.name, email=staff.email, phone=office.phone, topic=topic, body=question,
            privacy_version=str(policies.privacy(day).version), form_key=UUID(int=day.toordinal()),
            office_id=office.pk, sender_id=staff.pk,
        )  # fmt: skip
        inquiry = inquiries.inquiry_receive(asked=asked, today=day)
        if day < TODAY:
            self._answer(inquiry, answer, day)

    def _receive(self, topic: str, question: str, day: date) -> Inquiry:
        office, name = self.draw.choice(self.home), self._name()
        asked = inquiries.Asked(
            name=name, email=f"office{office.pk}@demo.example", phone=office.phone, topic=topic, body=question,
            privacy_version=str(policies.privacy(day).version), form_key=UUID(int=self.draw.getrandbits(128)),
            office_id=office.pk if self.draw.random() < 0.8 else None,
        )  # fmt: skip
        return inquiries.inquiry_receive(asked=asked, today=day)

    def _answer(self, inquiry: Inquiry, answer: str, day: date) -> None:
        acting = self._helper("問い合わせの回答")
        inquiries.inquiry_take(inquiry_id=inquiry.pk, acting=acting)
        if not answer and inquiry.topic == Topic.SOFTWARE:
            inquiries.inquiry_pass_on(
                inquiry_id=inquiry.pk,
                to=PassedTo.VENDOR,
                note="ソフトの会社の窓口に、対応の予定を聞いた",
                acting=acting,
            )
        elif answer:
            inquiries.inquiry_answer_send(inquiry_id=inquiry.pk, text=answer, entries=(), today=day, acting=acting)

    # the FAQ ------------------------------------------------------------------------------------

    def _search(self, day: date) -> None:
        for number in range(self.draw.randrange(2, 7)):
            who = day_hash(f"demo {number}", day)
            text = self.draw.choice(QUESTIONS)
            hits, opens = faq_answer(text).hits, self.draw.random() < 0.7
            question_record(text=text, settled=bool(hits), visitor=who, today=day)
            if hits and opens:
                question_opened(text=text, entry=Entry.objects.get(slug=hits[0].entry.slug), visitor=who, today=day)
            feedback_record(
                entry=self.draw.choice(self.entries),
                visitor=who,
                network=who,
                helped=self.draw.random() < 0.8,
                today=day,
            )

    # the night ----------------------------------------------------------------------------------

    def _spoil_a_record(self, day: date) -> None:
        """Once, a reservation for another day than its renewal, as only a hand in the database leaves it: the night
        sets it aside, and an operator mends it the next morning."""
        if self.spoilt:
            return
        wrong = LicenseReservation.objects.filter(state="open", renewal_on=day + timedelta(days=1)).order_by("pk")[:1]
        self.spoilt = bool(LicenseReservation.objects.filter(pk__in=wrong).update(renewal_on=day + timedelta(days=2)))
        if self.spoilt:
            self.story.on(day + timedelta(days=1), self._mend_the_record)

    def _mend_the_record(self, day: date) -> None:
        found = set_asides_open().get()
        repair = fault_of(found.license_id, day).repairs[0]
        acting = Acting(self.people.operator.pk, OPERATOR, "受付票の控えで、更新日を確かめた")
        licenses.set_aside_repair(set_aside_id=found.pk, key=repair.key, today=day, acting=acting)
        licenses.roll_over_again(today=day, acting=acting)

    # the register -------------------------------------------------------------------------------

    def _import_a_newer_register(self, day: date) -> None:
        """A month later a few offices of the home city are not in it any more."""
        with TemporaryDirectory() as folder:
            files = register.files(Path(folder), missing=self._vanishing(4))
            offices_import(files=files, as_of=day, by=self.people.operator)

    def _upload_the_newest_register(self, day: date) -> None:
        """It waits for the operator, who sees what it would change."""
        with TemporaryDirectory() as folder:
            gone = self._quiet(service_type="43")[:3]
            file = register.files(Path(folder), missing={office.business_number for office in gone})[0]
            upload = SimpleUploadedFile("jigyosho_居宅介護支援_2026-03.csv", file.read_bytes())
        job = import_upload(files=[upload], as_of=day - timedelta(days=3), by=self.people.operator)
        import_check(job_id=job.pk, today=day, licensed=offices_using)

    def _plan_what_goes_otherwise(self) -> None:
        """A filing twice, one taken back, an office that the register lacks, one that has closed."""
        self.story.on(TODAY - timedelta(days=8), self._file_twice)
        self.story.on(TODAY - timedelta(days=4), self._file_by_mistake)
        self.story.on(TODAY - timedelta(days=3), self._unlisted)
        self.story.on(TODAY - timedelta(days=1), self._close)

    def _file_twice(self, day: date) -> None:
        office = self._quiet()[-1]
        for _ in range(2):
            self.story.file(office, day, "")
        self.story.on(day + timedelta(days=5), partial(self._prove_last, office))

    def _file_by_mistake(self, day: date) -> None:
        office = self._quiet()[-2]
        self.story.file(office, day, "")
        self.story.on(day + timedelta(days=1), partial(self._take_back, office))

    def _prove_last(self, office: Office, day: date) -> None:
        waiting = provisional_applications().filter(office=office).order_by("-pk").first()
        if waiting is not None:
            acting = self._helper("登録の電話に折り返して確認")
            campaigns.application_prove(application_id=waiting.pk, proof="call_back", today=day, acting=acting)

    def _take_back(self, office: Office, day: date) -> None:
        waiting = provisional_applications().filter(office=office).first()
        if waiting is not None:
            acting = self._helper("まちがえて申請したと電話があった")
            campaigns.application_withdraw(application_id=waiting.pk, today=day, acting=acting)

    def _unlisted(self, day: date) -> None:
        declared = Declared(
            business_number="3170299996", name="ヘルパーステーション はまひるがお", municipality=HOME_CITY[0],
            address="鳥取県米子市夜見町9番8号", services=("11",), phone="0859-00-7766",
        )  # fmt: skip
        office = office_declare(declared=declared, acting=Acting(None, VISITOR, "申請での申し出"))
        self.story.file(office, day, "")

    def _close(self, day: date) -> None:
        acting = Acting(self.people.operator.pk, OPERATOR, "閉じたと電話があった")
        office_close(office_id=self._quiet()[-3].pk, closed_on=day - timedelta(days=5), acting=acting)

    def _file_late(self, day: date) -> None:
        """In the very last days, so that there is always somebody to be proved."""
        for office in self._quiet()[-6:-4]:
            self.story.file(office, day, "")

    def _quiet(self, **services: str) -> list[Office]:
        """Offices of the home city that have neither a licence nor a filing yet; with a service of this type."""
        of_service = {f"services__{name}": value for name, value in services.items()}
        quiet = Office.objects.filter(pk__in=[office.pk for office in self.home], license=None, applications=None)
        return list(quiet.filter(**of_service).order_by("business_number"))

    def _vanishing(self, most: int) -> set[str]:
        return {office.business_number for office in self._quiet()[:most]}

    # officers and members -----------------------------------------------------------------------

    def _officer_calls(self, day: date) -> None:
        area = Area.objects.get(code="yonago")
        acting = Acting(self.people.officer.pk, "officer", "利用の案内")
        for office, outcome in zip(self._quiet()[8:14], cycle(("will_join", "thinking", "absent")), strict=False):
            call_record(area=area, office=office, on=day, way="phone", outcome=outcome, acting=acting)

    def _papers(self, day: date) -> None:
        story = Office.objects.get(business_number=register.STORY[0])
        for kind in ("certificate", "renewal_notice"):
            licenses.document_request(
                office_id=story.pk,
                kind=kind,
                on=day,
                today=day,
                acting=Acting(self.people.staff.pk, MEMBER, "事業所の画面"),
            )

    def _helper(self, reason: str) -> Acting:
        return Acting(next(self.helpers).pk, HELPDESK, reason)

    def _name(self) -> str:
        return self.draw.choice(("森脇 正", "足立 由紀", "景山 洋子", "永見 健", "渡部 千春", "角 真理"))


def home_offices() -> list[Office]:
    """Open offices of the home city, in the order of their numbers."""
    return list(Office.objects.filter(municipality_id=HOME_CITY[0], scope="yes").order_by("business_number"))
