"""The check without signing in: the number, the questions, the answer; and what is never told."""

import html
import re

import pytest
from django.test import Client

from accounts.enums import Role
from licenses.models import LicenseReservation
from licenses.rules import PAID
from tests.campaigns.visitor import Visitor
from tests.conftest import ROOT
from tests.factories import make_license, make_member, make_office, make_user
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
KNOWN = "3170201432"  # its check digit holds
YEAR = term("2025-04-15", "2026-04-14")


@pytest.fixture
def office():
    return make_office(business_number=KNOWN, name="デイサービス みなとの風")


def licensed(number=KNOWN, *terms, **more):
    office = make_license(facts(*(terms or (YEAR,)), **more)).office
    office.business_number = number
    office.save(update_fields=["business_number"])
    return office


def test_the_first_page_asks_one_question(visitor, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):  # the demo's day, the campaign
        visitor.open("/")
    assert "あなたの事業所は、1年間無料になりますか？" in visitor.words
    assert "あと58日です" in visitor.words
    assert "障害福祉サービスの番号は別の番号です" in visitor.words


def test_before_and_after_the_window_the_first_page_says_so(visitor, on) -> None:
    on("2025-05-01")
    assert "受付が始まるまで、あと31日です" in visitor.open("/").words
    on("2026-06-01")
    assert "受付は終わりました" in visitor.open("/").words


@pytest.mark.parametrize(
    "typed",
    [
        "3170201432",
        "31 7 02 0143 2",
        "３１７０２０１４３２",
        "31-7-02-0143-2",
        "31ー70201432",
        " 3170201432\t",
        "31−7−02−0143−2",
    ],
)
def test_any_spelling_of_the_number_is_understood(visitor, office, typed) -> None:
    page = visitor.client.get("/check/", {"number": typed}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/check/free-pass/?number=3170201432")
    assert (
        '<span class="bnum"><span>31</span><span>7</span><span>02</span><span>0143</span><span>2</span></span>'
        in page.text
    )


def test_lower_case_letters_are_taken(visitor) -> None:
    assert visitor.check("31a0200001").page.status_code == 200
    assert "31A0200001" in visitor.page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "事業所番号を入れてください"),
        ("31702014", "いまは8けたで、2けた足りません"),
        ("31702014321", "1けた多くなっています"),
        ("31O0201432", "数字の「0」ではないか、確かめてください"),
        ("3170あ01432", "使えない文字「あ」があります"),
        ("x" * 200, "事業所番号は10けたです"),
    ],
)
def test_a_bad_number_says_what_to_do_at_the_field(visitor, typed, said) -> None:
    page = visitor.client.get("/check/", {"number": typed})
    assert said in Visitor(visitor.client).open("/check/?number=" + typed).words
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.text
    assert page.text.count("errsum") == 1


def test_a_letter_in_the_wrong_place_offers_the_number_it_looks_like(visitor, office) -> None:
    assert "デイサービス みなとの風" in visitor.check("31702O1432").words


def test_a_failing_check_digit_is_a_warning_with_near_numbers_and_a_way_on(visitor, office) -> None:
    visitor.check("3170201437")
    assert "検査数字が合いません" in visitor.words
    assert "よく似た、実際にある番号が1つあります" in visitor.words
    assert "/check/?number=3170201432" in visitor.page.text
    visitor.open("/check/?number=3170201437&sure=1")
    assert visitor.path == "/check/free-pass/"


def test_a_known_number_whose_check_digit_fails_is_not_questioned(visitor) -> None:
    make_office(business_number="3170201437")
    assert visitor.check("3170201437").path == "/check/free-pass/"


def test_an_unlisted_number_is_no_dead_end(visitor) -> None:
    visitor.check("3100200082")
    assert "この番号は、まだ台帳にありません" in visitor.words
    assert "地域包括支援センターの番号です" in visitor.words
    visitor.open("/check/?number=3100200082&sure=1").ask(fp="unused")
    assert visitor.path == "/check/result/"
    assert "きょう申請すると" in visitor.words


def test_one_question_where_the_number_is_not_used(visitor, office) -> None:
    visitor.check(KNOWN)
    assert (visitor.path, "いまシステムを利用していません" in visitor.words) == ("/check/free-pass/", True)
    visitor.ask()
    assert "選んでください。" in visitor.words
    visitor.ask(fp="unused")
    assert visitor.address == f"/check/result/?number={KNOWN}&fp=unused"


def test_three_questions_where_it_is_used(visitor) -> None:
    licensed()
    visitor.check(KNOWN)
    assert (visitor.path, "いまシステムを利用中です" in visitor.words) == ("/check/term/", True)
    visitor.ask(by="end", day_year="2026", day_month="4", day_day="14").ask(fp="unused")
    assert visitor.path == "/check/renewal/"
    visitor.ask(renewal="manual")
    assert visitor.address == f"/check/result/?number={KNOWN}&end=2026-04-14&fp=unused&renewal=manual"
    assert "4月15日までに申請すると、切れ目なく1年間無料になります" in visitor.words
    assert "説明会の質疑 6番・7番・11番・12番・43番" in visitor.words


@pytest.mark.parametrize(
    ("by", "day", "said"),
    [
        ("end", ("2026", "2", "30"), "2月30日はありません"),
        ("end", ("2026", "4", "2"), "もう過ぎた日です"),
        ("end", ("2027", "4", "3"), "1年より先の日です"),
        ("start", ("2026", "4", "4"), "まだ来ていない日です"),
        ("start", ("2025", "4", "1"), "2026年3月31日で終わっています"),
        ("end", ("", "", ""), "日付を入れてください"),
    ],
)
def test_a_term_that_cannot_be_is_told_at_the_date(visitor, by, day, said) -> None:
    licensed()
    year, month, date = day
    visitor.check(KNOWN).ask(by=by, day_year=year, day_month=month, day_day=date)
    assert (visitor.path, said in visitor.words) == ("/check/term/", True), visitor.words


def test_the_first_day_will_do_as_well(visitor) -> None:
    licensed()
    visitor.check(KNOWN).ask(by="start", day_year="２０２５", day_month="4", day_day="15")
    assert "end=2026-04-14" in visitor.address


def test_an_address_with_nonsense_is_asked_again(visitor) -> None:
    licensed()
    visitor.open(f"/check/result/?number={KNOWN}&end=2031-01-01&fp=unused&renewal=manual")
    assert visitor.path == "/check/term/"
    visitor.open(f"/check/result/?number={KNOWN}&end=2026-04-14&fp=none&renewal=x")
    assert visitor.path == "/check/free-pass/"
    for page in ("term", "free-pass", "renewal", "result"):
        assert visitor.open(f"/check/{page}/?number=abc").path == "/"


def test_a_visitor_never_sees_the_recorded_dates(visitor) -> None:
    """The licence says otherwise than the visitor does: not a day of it is shown, nor that it differs."""
    licensed(KNOWN, term("2025-08-08", "2026-08-07"))
    for answers in ("end=2026-04-14&fp=unused&renewal=manual", "end=2026-05-20&fp=unknown&renewal=unknown"):
        visitor.open(f"/check/result/?number={KNOWN}&{answers}")
        assert visitor.page.status_code == 200
        assert not {"8月7日", "8月8日", "2026-08"} & set(visitor.words.split())
        assert "8月7日" not in visitor.words
        assert "入力された内容から計算しました" in visitor.words


def test_a_member_is_answered_from_the_record_and_asked_nothing(visitor) -> None:
    office = licensed(KNOWN, term("2025-08-08", "2026-08-07"))
    visitor.client.force_login(make_member(office))
    visitor.check(KNOWN)
    assert visitor.path == "/check/result/"
    assert "2026年8月7日" in visitor.words
    assert "登録されている内容から計算しました" in visitor.words
    assert f'href="/my/{KNOWN}/">わたしの事業所を開く' in visitor.page.text


def test_a_stranger_who_is_signed_in_is_a_visitor(visitor) -> None:
    licensed(KNOWN, term("2025-08-08", "2026-08-07"))
    visitor.client.force_login(make_member(make_office()))
    assert visitor.check(KNOWN).path == "/check/term/"
    assert "2026年8月7日" not in visitor.words


def test_a_former_member_is_a_visitor(visitor, on) -> None:
    office = licensed()
    visitor.client.force_login(make_member(office, ended_on=D("2026-04-03")))
    assert visitor.check(KNOWN).path == "/check/term/"


def test_a_closed_office_is_told_that_it_is_closed(visitor) -> None:
    make_office(business_number=KNOWN, closed_on=D("2026-01-31"))
    assert "閉じる届けが出ています" in visitor.check(KNOWN).words
    assert "2026年1月31日（土）に閉じた事業所として" in visitor.words


def test_an_office_that_will_close_is_not_told_yes(visitor) -> None:
    """Nothing is filed for it any more; it was told yes and refused at the end."""
    make_office(business_number=KNOWN, closed_on=D("2026-06-30"))
    assert "2026年6月30日（火）に閉じる事業所として" in visitor.check(KNOWN).words
    assert "申請に進む" not in visitor.words
    assert Client().post("/apply/", {"number": KNOWN, "fp": "unused"}).status_code == 302


def test_an_office_out_of_scope_is_told_before_the_dates(visitor) -> None:
    make_office(business_number=KNOWN, scope="no")
    visitor.to_result(KNOWN)
    assert "このサービスはいまのデータ連携の対象ではありません" in visitor.words
    assert "説明会の質疑 5番・8番" in visitor.words


def test_a_record_that_is_set_aside_promises_nothing_to_a_member(visitor) -> None:
    office = licensed(KNOWN, YEAR, reserved=PAID)
    LicenseReservation.objects.update(renewal_on=D("2026-05-01"))
    visitor.client.force_login(make_member(office))
    visitor.check(KNOWN)
    assert "ヘルプデスクが確かめています" in visitor.words
    assert "申請に進む" not in visitor.words


def test_both_ways_stand_side_by_side(visitor, on) -> None:
    licensed(KNOWN, term("2024-05-10", "2025-05-09"), mode="manual")
    on("2025-05-01")
    visitor.open(f"/check/result/?number={KNOWN}&end=2025-05-09&fp=unused&renewal=manual")
    assert "道 1" in visitor.words
    assert "22日間、使えません" in visitor.words


def test_the_answer_has_its_drawing_and_the_same_table(visitor, office) -> None:
    visitor.to_result(KNOWN)
    assert visitor.page.text.count('class="ch tl-') == 2
    assert "図と同じ内容の表" in visitor.words
    assert "2026年4月3日（金）2027年4月2日（金）0円" in visitor.words


def test_whoever_does_not_know_how_it_renews_is_told_both(visitor, on) -> None:
    licensed(KNOWN, term("2025-11-30", "2026-11-29"))
    words = visitor.open(f"/check/result/?number={KNOWN}&end=2026-11-29&fp=unused&renewal=unknown").words
    assert "今回は対象になりません" in words
    assert "か0円" in words
    assert "自動更新なら11月30日に更新して21,000円（未定）がかかり、手動更新なら11月29日で期限切れになります" in words
    assert "「切れ目なく」" not in words


def test_a_number_that_no_list_has_gets_a_doubtful_answer(visitor, on) -> None:
    words = visitor.open("/check/result/?number=3110100123&sure=1&fp=unused").words
    assert "台帳にない番号です" in words
    assert "障害福祉サービスの番号では、申請できません" in words
    assert "はい、対象です" not in words
    assert "公表されています" not in visitor.open("/check/free-pass/?number=3110100123&sure=1").words


@pytest.mark.parametrize("number", ["0000000000", "9999999999"])
def test_a_prefecture_that_does_not_exist_is_said_first(visitor, on, number) -> None:
    words = visitor.check(number).words
    assert "の都道府県はありません" in words
    assert "番号の形は合っています" not in words


def test_changing_the_answers_begins_with_those_given(visitor, on) -> None:
    licensed(KNOWN, term("2025-04-15", "2026-04-14"))
    visitor.open(f"/check/result/?number={KNOWN}&end=2026-04-14&fp=unused&renewal=manual")
    address = re.search(r'href="([^"]+)">入力を変える', visitor.page.text)
    assert address
    page = visitor.open(html.unescape(address[1])).page.text
    assert all(f'value="{part}"' in page for part in ("2026", "4", "14"))


def test_the_pages_ask_the_database_little(visitor, office, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(7):
        visitor.client.get(f"/check/result/?number={KNOWN}&fp=unused")
    with django_assert_max_num_queries(3):
        visitor.client.get(f"/check/free-pass/?number={KNOWN}")
    member = Client()
    member.force_login(make_member(office))
    with django_assert_max_num_queries(15):
        member.get(f"/check/result/?number={KNOWN}")


def test_every_role_may_look(office) -> None:
    for role in Role:
        client = Client()
        client.force_login(make_user(role))
        assert client.get("/").status_code == 200
        assert client.get(f"/check/result/?number={KNOWN}&fp=unused").status_code == 200


def test_an_answer_that_was_linked_to_exists_in_the_faq() -> None:
    """The pages link to entries of the FAQ by name."""
    linked = set()
    for path in (ROOT / "templates" / "campaigns").rglob("*.html"):
        linked |= set(re.findall(r"""faq:entry['"] ['"]([\w-]+)['"]""", path.read_text()))
    entries = "\n".join(path.read_text() for path in (ROOT / "faq" / "data" / "entries").glob("*.toml"))
    assert linked
    assert {slug for slug in linked if f'slug = "{slug}"' not in entries} == set()
