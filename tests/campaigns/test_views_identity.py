"""The letter with its code: made once, printed for a window envelope, answered, paused, sent again."""

import io
import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import AccessRecord
from campaigns import services
from campaigns.models import ApplicationEvent, CodeGuess, FreePassApplication, IdentityLetter
from campaigns.queries import letters_due, letters_impossible, receipt_path
from careplan_portal.lib import pdf
from careplan_portal.lib.acting import HELPDESK, VISITOR, Acting
from licenses.queries import standing
from licenses.services import Refused
from offices.models import Corporation
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_office, make_user
from tests.licenses.cases import D

pytestmark = pytest.mark.django_db
DESK = Acting(None, HELPDESK, "手紙の発送")
SOMEBODY = Acting(None, VISITOR, "手紙のコード")
NOON = datetime(2026, 4, 9, 3, 0, tzinfo=UTC)


@pytest.fixture
def office(on):
    return make_office(business_number="3170201341", name="ヘルパーステーション 髙﨑", postal_code="6830000")


@pytest.fixture
def application(office):
    return file_as_visitor(office, D("2026-04-03"))


@pytest.fixture
def corporation(on):
    owner = Corporation.objects.create(corporate_number="1270000000001", name="社会福祉法人 みなと会")
    offices = [
        make_office(corporation=owner, address=address) for address in ("米子市一番", "米子市二番", "米子市二番")
    ]
    return [file_as_visitor(office, D("2026-04-03")) for office in offices]


def enter(code, number="3170201341", day="2026-04-09", now=NOON):
    return services.code_enter(business_number=number, code=code, today=D(day), now=now, acting=SOMEBODY)


def wrong(code):
    return f"{(int(code) + 1) % 10**8:08d}"


def letter(today="2026-04-06"):
    (made,) = services.letters_make(today=D(today), acting=DESK)
    return made


# --- making ----------------------------------------------------------------------------------


def test_a_letter_is_made_once_and_holds_only_a_digest(application) -> None:
    made = letter()
    assert re.fullmatch(r"[0-9]{8}", made.code)
    kept = IdentityLetter.objects.get()
    assert made.code not in str(vars(kept))
    assert (kept.addressee, kept.postal_code) == ("ヘルパーステーション 髙﨑", "6830000")
    assert services.letters_make(today=D("2026-04-06"), acting=DESK) == []
    assert ApplicationEvent.objects.filter(kind="letter", application=application).count() == 1


def test_one_letter_for_all_offices_of_a_corporation_that_one_person_filed_for(corporation, application) -> None:
    made = services.letters_make(today=D("2026-04-06"), acting=DESK)
    together = next(one for one in made if len(one.applications) == 3)
    assert len(made) == 2
    assert together.letter.addressee == "社会福祉法人 みなと会"
    assert together.letter.address == "米子市二番"


def test_another_person_of_the_same_corporation_has_a_letter_of_their_own(corporation) -> None:
    file_as_visitor(corporation[0].office, D("2026-04-04"), name="別の人", email="other@example.jp")
    assert sorted(len(one.applications) for one in services.letters_make(today=D("2026-04-06"), acting=DESK)) == [1, 3]


def test_no_letter_goes_to_an_address_that_only_the_applicant_stated(on) -> None:
    unlisted = file_as_visitor(make_office(unlisted=True), D("2026-04-03"))
    without = file_as_visitor(make_office(address=""), D("2026-04-03"))
    assert not letters_due().exists()
    assert set(letters_impossible()) == {unlisted, without}


def test_whoever_was_proved_meanwhile_gets_no_letter(application) -> None:
    services.application_prove(application_id=application.pk, proof="call_back", today=D("2026-04-04"), acting=DESK)
    assert services.letters_make(today=D("2026-04-06"), acting=DESK) == []


# --- answering -------------------------------------------------------------------------------


def test_the_right_code_proves_and_dates_from_the_filing(application) -> None:
    entered = enter(letter().code)
    assert entered.letter is not None
    application.refresh_from_db()
    assert (application.proved_on, application.proved_by) == (D("2026-04-09"), "letter")
    assert standing(application.office_id, D("2026-04-09")).plan.current.starts_on == D("2026-04-03")


def test_one_code_proves_all_offices_of_the_letter(corporation) -> None:
    code = letter().code
    assert enter(code, corporation[1].office.business_number).refused == ()
    assert set(FreePassApplication.objects.values_list("proved_by", flat=True)) == {"letter"}


def test_a_letter_for_a_filing_that_ended_proves_the_others(corporation) -> None:
    code = letter().code
    services.application_withdraw(application_id=corporation[0].pk, today=D("2026-04-07"), acting=DESK)
    enter(code, corporation[1].office.business_number)
    proved = FreePassApplication.objects.exclude(proved_on=None)
    assert set(proved) == set(corporation[1:])


def test_five_wrong_codes_pause_and_the_right_one_waits_too(application) -> None:
    code = letter().code
    assert [enter(wrong(code)).left for _ in range(4)] == [4, 3, 2, 1]
    paused = enter(wrong(code))
    assert paused.paused_until == NOON + timedelta(minutes=30)
    assert enter(code).paused_until == paused.paused_until
    assert not FreePassApplication.objects.exclude(proved_on=None).exists()
    assert enter(code, now=NOON + timedelta(minutes=30)).letter is not None
    assert ApplicationEvent.objects.filter(kind="code_wrong").count() == 5


def test_a_right_code_clears_the_wrong_ones(application) -> None:
    code = letter().code
    enter(wrong(code))
    enter(code)
    assert CodeGuess.objects.get().wrong == 0


def test_a_number_without_a_letter_answers_like_one_with(on) -> None:
    assert [enter("12345678", "3100200082").left for _ in range(4)] == [4, 3, 2, 1]
    assert enter("12345678", "3100200082").paused_until is not None


def test_a_newer_letter_takes_the_place_of_the_older(application) -> None:
    old = letter()
    new = services.letter_make_again(letter_id=old.letter.pk, today=D("2026-04-13"), acting=DESK)
    assert enter(old.code, day="2026-04-14").letter is None or old.code == new.code
    assert enter(new.code, day="2026-04-14").letter == new.letter
    with pytest.raises(Refused):
        services.letter_make_again(letter_id=new.letter.pk, today=D("2026-04-15"), acting=DESK)


def test_the_code_of_another_office_does_not_fit(application) -> None:
    other = make_office(business_number="3170400877")
    file_as_visitor(other, D("2026-04-03"), email="b@example.jp")
    codes = {
        one.applications[0].office_id: one.code for one in services.letters_make(today=D("2026-04-06"), acting=DESK)
    }
    assert enter(codes[other.pk]).letter is None


def test_a_code_after_the_deadline_proves_nothing(application, on) -> None:
    code = letter().code
    entered = enter(code, day="2026-05-04")
    assert entered.refused == ((application.receipt_number, "確認の期限が過ぎています。もう一度、申請してください。"),)
    assert FreePassApplication.objects.get().proved_on is None


def test_codes_outlive_a_new_secret_key(application, settings) -> None:
    code = letter().code
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6
    assert enter(code).letter is not None


# --- the page --------------------------------------------------------------------------------


def test_the_code_page_leads_to_the_acknowledgement(visitor, application) -> None:
    made = letter()
    visitor.open("/code/?number=3170201341")
    assert 'value="3170201341"' in visitor.page.text
    visitor.send(
        number="31-7-02-0134-1",
        code=f"{made.code[:4]}　{made.code[4:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )
    assert visitor.path == receipt_path(application)
    assert "事業所の確認が済みました" in visitor.words


def test_a_wrong_code_says_how_often_one_may_try_and_keeps_the_figures(visitor, application) -> None:
    code = letter().code
    visitor.open("/code/").send(number="3170201341", code=wrong(code))
    assert "あと4回入れられます" in visitor.words
    assert f'value="{wrong(code)}"' in visitor.page.text
    assert "コードは数字8けたです。いまは4けたです" in visitor.send(number="3170201341", code="1234").words


def test_the_pause_names_its_end_and_another_way(visitor, application) -> None:
    code = letter().code
    for _ in range(5):
        visitor.open("/code/").send(number="3170201341", code=wrong(code))
    assert visitor.page.status_code == 429
    assert "30分たつと、また入れられます" in visitor.words
    assert "申請はなくなっていません" in visitor.words


def test_a_code_for_several_offices_lists_each_result(visitor, corporation) -> None:
    code = letter().code
    visitor.open("/code/").send(number=corporation[0].office.business_number, code=code)
    assert visitor.path.startswith("/code/done/")
    assert "2026年4月3日（金）から 2027年4月2日（金）まで" in visitor.words
    assert "3か所のうち、3か所の申請が確定しました" in visitor.words
    assert all(receipt_path(application) in visitor.page.text for application in corporation)
    assert visitor.client.get("/code/done/abc/").status_code == 404


def test_codes_from_one_address_are_throttled(visitor, on, settings) -> None:
    settings.CODES_PER_HOUR = 2
    answers = [visitor.client.post("/code/", {"number": f"317020{n}000", "code": "12345678"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "3600"


# --- the helpdesk's desk ---------------------------------------------------------------------


@pytest.fixture
def desk():
    client = Client()
    client.force_login(make_user(Role.HELPDESK))
    return client


def test_only_the_desk_sees_and_prints_letters(application) -> None:
    for role in (None, Role.OFFICE_STAFF, Role.OFFICER, Role.AUDITOR):
        client = Client()
        if role:
            client.force_login(make_user(role))
        for answer in (client.get("/letters/"), client.post("/letters/print/"), client.post("/letters/1/again/")):
            assert answer.status_code == (403 if role else 302)
    assert not IdentityLetter.objects.exists()


def test_the_desk_prints_what_is_due_and_each_look_is_on_record(desk, application, corporation) -> None:
    page = desk.get("/letters/").text
    assert "これから刷る手紙　4件" in page
    answer = desk.post("/letters/print/")
    assert answer["Content-Type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2
    looked_at = set(AccessRecord.objects.filter(subject_kind="office").values_list("subject_key", flat=True))
    assert "3170201341" in looked_at
    assert len(looked_at) == 4
    assert "いま刷る手紙はありません" in desk.post("/letters/print/", follow=True).text
    assert "コードを待っている手紙　2通" in desk.get("/letters/").text


def test_the_letter_lies_right_for_a_window_envelope(desk, application, tmp_path) -> None:
    """Address in the window, code below the first fold, no code in the QR's page, names with 髙﨑."""
    answer = desk.post("/letters/print/")
    reader = PdfReader(io.BytesIO(answer.content))
    assert reader.metadata.title == f"事業所の確認のお願い {application.receipt_number}"
    page = reader.pages[0]
    text = re.sub(r"\s", "", page.extract_text())
    for part in ("〒683-0000", "ヘルパーステーション髙﨑御中", "5月3日（日）までに", "3170201341", "山根涼子さん", "0円",
                 "2026年4月3日（金）から2027年4月2日（金）まで", "申請に心当たりがないとき"):  # fmt: skip
        assert part in text, part
    places = word_places(answer.content, tmp_path)
    x, y = places["〒683-0000"]
    assert 22 <= x <= 112
    assert 12 <= y <= 57
    code = [y for word, (_x, y) in places.items() if re.fullmatch("[0-9]{4}", word)]
    assert len(code) == 3  # the two halves, and a group of the business number below them
    assert min(code) > 99


def word_places(paper: bytes, folder) -> dict[str, tuple[float, float]]:
    """Where each word of the first page begins, in millimetres from the top left corner."""
    (folder / "letter.pdf").write_bytes(paper)
    command = ["pdftotext", "-bbox", "-l", "1", str(folder / "letter.pdf"), "-"]
    boxes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r'xMin="([0-9.]+)" yMin="([0-9.]+)"[^>]*>([^<]+)<', boxes)
    return {word: (float(x) / 72 * 25.4, float(y) / 72 * 25.4) for x, y, word in found}


def test_letters_are_made_in_silence(application, corporation, monkeypatch) -> None:
    """WeasyPrint has nothing to complain of, for one office and for many."""
    heard = []
    render = pdf.render_noting

    def noting(*args, **kwargs):
        paper = render(*args, **kwargs)
        heard.extend(paper.warnings)
        return paper

    monkeypatch.setattr(pdf, "render_noting", noting)
    desk = Client()
    desk.force_login(make_user(Role.OPERATOR))
    assert desk.post("/letters/print/").status_code == 200
    assert desk.get(receipt_path(application) + "receipt.pdf").status_code == 200
    assert desk.get("/apply/paper.pdf").status_code == 200
    assert heard == []


def test_a_letter_is_printed_again_with_a_new_code(desk, application) -> None:
    desk.post("/letters/print/")
    first = IdentityLetter.objects.get()
    why = {"reason": "届かないとの電話"}
    assert desk.post(f"/letters/{first.pk}/again/", why)["Content-Type"] == "application/pdf"
    first.refresh_from_db()
    assert first.voided_on == D("2026-04-03")
    assert "もう確認を待っていません" in desk.post(f"/letters/{first.pk}/again/", why, follow=True).text
    assert desk.post("/letters/999999/again/").status_code == 404


def test_the_list_asks_the_database_little(desk, application, corporation, django_assert_max_num_queries) -> None:
    services.letters_make(today=D("2026-04-06"), acting=DESK)
    with django_assert_max_num_queries(12):
        desk.get("/letters/")
