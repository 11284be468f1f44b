"""Pages of the FAQ as visitors, members, the helpdesk and editors see them."""

import datetime
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.enums import Role
from careplan_portal.lib import pdf
from faq.documents import booklet_html
from faq.models import AskedQuestion, Entry, Feedback
from faq.queries import OfficeValues, search_stamp, shown

pytestmark = pytest.mark.django_db

STAFF_ONLY = "staff-caller-identity"


def dates_of_the_test(*, user: object, today: datetime.date) -> OfficeValues:
    """What settings.FAQ_VALUES names in these tests."""
    return OfficeValues(
        "デイサービス みなとの風",
        {
            "term_end": datetime.date(2027, 4, 14),
            "renewal_date": datetime.date(2027, 4, 15),
            "last_stop_day": datetime.date(2027, 4, 14),
            "fee": 21000,
        },
        frozenset({"free", "auto"}),
    )


def page(client: Client, name: str, *args: str, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode()


def test_the_start_page_lists_topics_with_counts(loaded: None, client: Client) -> None:
    text = page(client, "faq:index")
    shown = Entry.objects.for_visitors().filter(topic="fee").count()
    assert text.count(f"料金と期間（{shown}）") == 1  # beside results they stand at the side, here they are the page
    assert f"料金と期間（{shown}）" in page(client, "faq:index", q="料金はいくら")
    assert "自治体の方への答え" in text


def test_a_search_shows_the_nearest_first_with_marks(loaded: None, client: Client) -> None:
    text = page(client, "faq:index", q="途中でやめたらお金とられる？")
    first = text.index('<ol class="hits">')
    assert "無料の1年の途中で" in re.sub(r"</?mark>", "", text[first : first + 600])
    assert "<mark>やめる</mark>" in text
    assert "<mark>お金</mark>" in text


@pytest.mark.parametrize("question", ["明日の天気を教えて", "確定申告はいつまで", "zzzz", "？？？", "　"])
def test_what_is_not_settled_shows_nothing_irrelevant(loaded: None, client: Client, question: str) -> None:
    text = page(client, "faq:index", q=question)
    if question.strip():
        assert "決まった答えが見つかりません" in text
        assert "0120-000-000" in text
        assert '<ol class="hits">' not in text


def test_markup_in_a_question_is_shown_as_text(loaded: None, client: Client) -> None:
    text = page(client, "faq:index", q="<script>alert(1)</script>料金はいくら")
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_suggestions_while_typing_are_links(loaded: None, client: Client) -> None:
    text = page(client, "faq:suggest", q="りょうきん")
    assert text.count("<li>") >= 2
    assert "利用料はいくらですか" in text
    assert page(client, "faq:suggest", q="り").strip() == ""


def test_an_entry_says_the_short_answer_first(entry: Entry, client: Client) -> None:
    text = page(client, "faq:entry", entry.slug)
    assert text.index(entry.short) < text.index("くわしく")
    assert "説明会の質問 11、12" in text
    assert "近い質問" in text
    assert "{{" not in text
    assert "わたしの事業所では" not in text


def test_every_entry_renders_without_braces(loaded: None, client: Client) -> None:
    for entry in Entry.objects.for_visitors():
        text = page(client, "faq:entry", entry.slug)
        assert "{{" not in text
        assert "}}" not in text


@pytest.mark.parametrize("version", ["phone", "paper"])
def test_every_entry_has_its_other_versions(loaded: None, version: str) -> None:
    part = {"phone": "faq/parts/speak.html", "paper": "faq/parts/sheet.html"}[version]
    for entry in Entry.objects.all():
        text = render_to_string(part, {"entry": entry, "shown": shown(entry)})
        assert text.count("<p") >= 1 + (version == "paper") * 3, entry.slug
        assert "{{" not in text


def test_a_member_sees_the_own_dates(
    entry: Entry, client_of: Callable[[Role], Client], settings: pytest.FixtureRequest
) -> None:
    settings.FAQ_VALUES = "tests.faq.test_pages.dates_of_the_test"  # type: ignore[attr-defined]
    member = client_of(Role.OFFICE_STAFF)
    text = page(member, "faq:entry", entry.slug)
    assert "デイサービス みなとの風では" in text
    assert "2027年4月14日（水）までに届けを出すと" in text
    assert "21,000円がかかります" in text
    assert "デイサービス みなとの風では" in page(member, "faq:index", q="途中でやめたらお金とられる？")
    assert "みなとの風" not in page(Client(), "faq:entry", entry.slug)
    assert "みなとの風" not in page(member, "faq:entry", "stop-withdraw")
    assert "2027年4月14日（水）まで" in page(member, "faq:entry", "stop-deadline")


def test_telephone_and_paper_are_for_staff(entry: Entry, client: Client, client_of: Callable[[Role], Client]) -> None:
    desk = client_of(Role.HELPDESK)
    assert 'class="speak"' in page(desk, "faq:entry", entry.slug, **{"for": "phone"})
    assert f"No. {entry.position}" in page(desk, "faq:entry", entry.slug, **{"for": "paper"})
    assert 'class="speak"' not in page(client, "faq:entry", entry.slug, **{"for": "phone"})
    assert 'class="ver"' not in page(client_of(Role.OFFICE_STAFF), "faq:entry", entry.slug)


def test_entries_for_the_helpdesk_alone_stay_there(
    loaded: None, client: Client, client_of: Callable[[Role], Client]
) -> None:
    assert client.get(reverse("faq:entry", args=[STAFF_ONLY])).status_code == 404
    assert STAFF_ONLY not in page(client, "faq:index", q="電話での本人確認の方法")
    assert STAFF_ONLY in page(client_of(Role.HELPDESK), "faq:index", q="電話での本人確認の方法")
    assert client.get(reverse("faq:audience", args=["helpdesk"])).status_code == 404


def test_topics_and_audiences_have_pages(loaded: None, client: Client) -> None:
    assert "どの介護ソフトでも使えますか" in page(client, "faq:software")
    assert "保険者（自治体）向けの伴走支援は、ありますか" in page(client, "faq:audience", "municipality")
    assert client.get(reverse("faq:topic", args=["nothing"])).status_code == 404
    assert client.get(reverse("faq:audience", args=["nobody"])).status_code == 404


def test_an_audiences_page_has_headings_of_topics_a_topics_page_does_not_repeat_its_own(
    loaded: None, client: Client
) -> None:
    everything = page(client, "faq:audience", "office")
    assert '<h2 class="sec">申し込む</h2>' in everything
    number = int(re.search(r"(\d+)件の答えがあります", everything).group(1))  # type: ignore[union-attr]
    assert everything.count('<p class="tags">') == number
    topic = page(client, "faq:topic", "account")
    assert "<span>受付と登録</span>" not in topic
    assert "話題から探す" in topic


def test_feedback_counts_a_visitor_once_a_day(entry: Entry, client: Client) -> None:
    address = reverse("faq:feedback", args=[entry.slug])
    assert "よければ、わけ" in client.post(address, {"helped": "no"}).content.decode()
    client.post(address, {"helped": "no", "reason": "hard", "comment": "電話 090-1234-5678 まで"})
    client.post(address, {"helped": "no", "reason": "hard", "comment": "電話 090-1234-5678 まで"})
    kept = Feedback.objects.get()
    assert (kept.helped, kept.reason) == (False, "hard")
    assert "1234" not in kept.comment
    assert "ありがとう" in client.post(address, {"helped": "yes"}).content.decode()
    assert Feedback.objects.get().helped is True


def test_feedback_of_one_network_is_limited(entry: Entry, client: Client) -> None:
    address = reverse("faq:feedback", args=[entry.slug])
    for number in range(20):
        client.post(address, {"helped": "no"}, headers={"user-agent": f"script {number}"})
    assert Feedback.objects.count() == 5


def test_feedback_needs_a_token_and_a_form(entry: Entry) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("faq:feedback", args=[entry.slug]), {"helped": "no"}).status_code == 403
    assert Client().get(reverse("faq:feedback", args=[entry.slug])).status_code == 405
    assert Client().post(reverse("faq:feedback", args=[entry.slug]), {"helped": "maybe"}).status_code == 200
    assert not Feedback.objects.exists()


def test_a_search_is_kept_masked_and_its_opened_answer_too(entry: Entry, client: Client) -> None:
    question = "途中でやめる 3170201432 tanaka@example.jp"
    client.post(reverse("faq:asked"), {"q": question})
    client.post(reverse("faq:asked"), {"q": question})
    kept = AskedQuestion.objects.get()
    assert "3170201432" not in kept.text
    assert "@" not in kept.text
    client.post(reverse("faq:opened", args=[entry.slug]), {"q": question})
    kept.refresh_from_db()
    assert kept.opened == entry
    client.post(reverse("faq:asked"), {"q": "明日の天気"})
    assert AskedQuestion.objects.filter(settled=False).count() == 1


def test_the_booklet_has_contents_and_page_numbers(loaded: None, client: Client) -> None:
    response = client.get(reverse("faq:booklet"))
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(response.content))
    first = reader.pages[0].extract_text()
    assert "もくじ" in first
    assert "フリーパスは、どうやって申し込みますか" in first.replace("\n", "")
    assert re.search(r"\.{3,}\s*\d+", first)
    assert len(reader.pages) > 10
    assert cache.get(f"faq-booklet:{search_stamp()}") == response.content


def test_the_booklet_holds_every_public_answer_and_is_made_in_silence(loaded: None) -> None:
    html = booklet_html(datetime.date(2026, 4, 3))
    for entry in Entry.objects.all():
        assert (f'id="{entry.slug}"' in html) == (not entry.staff_only), entry.slug
    assert pdf.from_html(html).warnings == ()
