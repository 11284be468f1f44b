"""Writing entries in the browser: who may, what is seen before publishing, what is left behind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from faq.forms import entry_initial
from faq.models import Entry, OutsideText, Spelling, WordGroup
from faq.queries import answer, content_of
from faq.services import question_record

pytestmark = pytest.mark.django_db

READING = ["faq:desk"]
WRITING = ["faq:desk-new", "faq:desk-week", "faq:desk-words"]


def fields(entry: Entry, **changes: Any) -> dict[str, Any]:
    """What the browser sends for an entry's form."""
    data = entry_initial(content_of(entry, draft=True)) | {"why": "言い方を直した"} | changes
    for name in ("asks", "rules", "related"):
        data[name] = "\n".join(data[name])
    data["source_questions"] = ", ".join(map(str, data["source_questions"]))
    for name in ("as_of", "review_on"):
        day = data.pop(name)
        data |= {f"{name}_year": day.year, f"{name}_month": day.month, f"{name}_day": day.day}
    return data


@pytest.mark.parametrize("role", list(Role))
def test_only_helpdesk_and_operator_write(loaded: None, client_of: Callable[[Role], Client], role: Role) -> None:
    client = client_of(role)
    may_write = role in {Role.HELPDESK, Role.OPERATOR}
    may_read = may_write or role == Role.AUDITOR
    for name in READING:
        assert client.get(reverse(name)).status_code == (200 if may_read else 403)
    for name in WRITING:
        assert client.get(reverse(name)).status_code == (200 if may_write else 403)
    assert client.get(reverse("faq:desk-history", args=["rural"])).status_code == (200 if may_read else 403)
    for name in ("faq:desk-edit", "faq:desk-preview"):
        assert client.get(reverse(name, args=["rural"])).status_code == (200 if may_write else 403)
    if not may_write:
        for name in ("faq:desk-publish", "faq:desk-withdraw", "faq:desk-review", "faq:desk-discard"):
            assert client.post(reverse(name, args=["rural"]), {"why": "x"}).status_code == 403
    assert Entry.objects.get(slug="rural").state == "published"


def test_a_visitor_is_led_to_the_sign_in(loaded: None, client: Client) -> None:
    response = client.get(reverse("faq:desk"))
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_from_a_question_to_a_published_entry(loaded: None, client_of: Callable[[Role], Client]) -> None:
    client = client_of(Role.HELPDESK)
    start = client.get(reverse("faq:desk-new"), {"question": "猫を連れて行けますか"})
    assert "猫を連れて行けますか" in start.content.decode()
    sent = {"question": "猫を連れて行けますか", "slug": "bring-a-cat", "topic": "help"}
    assert client.post(reverse("faq:desk-new"), sent)["Location"] == reverse("faq:desk-edit", args=["bring-a-cat"])
    again = client.post(reverse("faq:desk-new"), sent)
    assert "もう使われています" in again.content.decode()
    entry = Entry.objects.get(slug="bring-a-cat")
    page = client.get(reverse("faq:desk-preview", args=[entry.slug])).content.decode()
    assert "か所を直してください" in page
    written = fields(
        entry, short="連れて行けません。", phone="連れて行けません。", paper="連れて行けません。", related=["rural"]
    )
    response = client.post(reverse("faq:desk-edit", args=[entry.slug]), written)
    assert response.status_code == 302, response.content.decode()
    page = client.get(reverse("faq:desk-preview", args=[entry.slug])).content.decode()
    assert "か所を直してください" not in page
    assert "<ins>連れて行けません。</ins>" in page
    assert "bring-a-cat" in client.get(reverse("faq:desk")).content.decode()
    assert client.post(reverse("faq:desk-publish", args=[entry.slug]), {"why": ""})["Location"].endswith("/preview/")
    client.post(reverse("faq:desk-publish", args=[entry.slug]), {"why": "電話で聞かれたため"})
    assert answer("猫を連れて行ける？").hits[0].entry.slug == "bring-a-cat"
    history = client.get(reverse("faq:desk-history", args=[entry.slug])).content.decode()
    assert "電話で聞かれたため" in history
    assert "ヘルプデスク" in history
    assert "<ins>困ったとき</ins>" not in history  # the first step has nothing before it: all of it is new
    assert "<br>困ったとき" in history or ">困ったとき<" in history  # the topic by its name
    rural = Entry.objects.get(slug="rural").question
    assert rural in history
    assert ">rural<" not in history


def test_markup_of_an_editor_is_cleaned(entry: Entry, client_of: Callable[[Role], Client]) -> None:
    client = client_of(Role.OPERATOR)
    written = fields(entry, details="<script>alert(1)</script>\n\n- **だいじ**")
    assert client.post(reverse("faq:desk-edit", args=[entry.slug]), written).status_code == 302
    page = client.get(reverse("faq:desk-preview", args=[entry.slug])).content.decode()
    assert "<script>alert" not in page
    assert "<strong>だいじ</strong>" in page
    assert "（例）デイサービス みなとの風では" in page


def test_forms_say_what_is_wrong(entry: Entry, client_of: Callable[[Role], Client]) -> None:
    client = client_of(Role.OPERATOR)
    wrong = fields(entry, question="", related=["no-such"], why="")
    wrong["source_questions"] = "十二"
    page = client.post(reverse("faq:desk-edit", args=[entry.slug]), wrong).content.decode()
    assert "番号を、コンマで区切って" in page
    unknown = fields(entry, related=["no-such"])
    page = client.post(reverse("faq:desk-edit", args=[entry.slug]), unknown).content.decode()
    assert "no-such" in page
    reserved = client.post(reverse("faq:desk-new"), {"question": "x", "slug": "desk", "topic": "help"})
    assert "ほかのページが使っています" in reserved.content.decode()


def test_withdrawing_reviewing_discarding(entry: Entry, client_of: Callable[[Role], Client]) -> None:
    client = client_of(Role.HELPDESK)
    client.post(reverse("faq:desk-withdraw", args=[entry.slug]), {"why": ""})
    assert Client().get(reverse("faq:entry", args=[entry.slug])).status_code == 200
    client.post(reverse("faq:desk-withdraw", args=[entry.slug]), {"why": "まちがい"})
    assert Client().get(reverse("faq:entry", args=[entry.slug])).status_code == 404
    client.post(reverse("faq:desk-publish", args=[entry.slug]), {"why": "直した"})
    client.post(reverse("faq:desk-edit", args=[entry.slug]), fields(entry, short="別の答えです。"))
    client.post(reverse("faq:desk-discard", args=[entry.slug]))
    day = {"next_on_year": 2099, "next_on_month": 4, "next_on_day": 1, "why": "変わっていない"}
    client.post(reverse("faq:desk-review", args=[entry.slug]), day)
    entry.refresh_from_db()
    assert (entry.draft, entry.review_on.year) == (None, 2099)
    past = client.post(reverse("faq:desk-review", args=[entry.slug]), day | {"next_on_year": 2001})
    assert past.status_code == 422
    assert "きょうより後" in past.content.decode()
    assert "変わっていない" in past.content.decode()


def test_two_editors_at_one_entry(entry: Entry, client_of: Callable[[Role], Client]) -> None:
    """The second one is told, keeps what was typed, and may send it again knowingly."""
    first, second = client_of(Role.HELPDESK), client_of(Role.OPERATOR)
    url = reverse("faq:desk-edit", args=[entry.slug])
    opened = second.get(url).context["seen"]
    assert first.post(url, fields(entry, short="先の答えです。", seen=opened)).status_code == 302
    page = second.post(url, fields(entry, short="後の答えです。", seen=opened))
    assert "先に直しました" in page.content.decode()
    assert "後の答えです。" in page.content.decode()
    assert second.post(url, fields(entry, short="後の答えです。", seen=page.context["seen"])).status_code == 302
    publish = reverse("faq:desk-publish", args=[entry.slug])
    told = first.post(publish, {"why": "直した", "seen": opened}, follow=True)
    assert "先に直しました" in told.content.decode()
    entry.refresh_from_db()
    assert entry.draft is not None


def test_the_week_offers_to_start_an_entry(loaded: None, client_of: Callable[[Role], Client]) -> None:
    from careplan_portal.lib.clock import today

    question_record(text="猫のエサ代は出ますか", settled=False, today=today(), visitor="a")
    page = client_of(Role.HELPDESK).get(reverse("faq:desk-week")).content.decode()
    assert "猫のエサ代は出ますか" in page
    assert "?question=%E7%8C%AB" in page
    client = client_of(Role.HELPDESK)
    for odd in ("2026-99-99", "0001-01-01", "9999-12-31", "x"):
        assert client.get(reverse("faq:desk-week"), {"until": odd}).status_code == 200
    assert "次の週" not in page
    assert "次の週" in client.get(reverse("faq:desk-week"), {"until": "2020-01-07"}).content.decode()


def test_words_are_edited(loaded: None, client_of: Callable[[Role], Client]) -> None:
    client = client_of(Role.OPERATOR)
    url = reverse("faq:desk-words")
    assert "フリパス" in client.get(url, {"group": "free-pass"}).content.decode()
    client.post(url, {"form": "group", "name": "cat", "words": "猫\nネコ", "why": "聞かれた"})
    client.post(url, {"form": "spelling", "wrong": "ヌコ", "right": "猫"})
    client.post(url, {"form": "outside", "kind": "word", "text": "犬小屋"})
    assert WordGroup.objects.get(name="cat").words == ["猫", "ネコ"]
    assert Spelling.objects.get(wrong="ヌコ").right == "猫"
    assert OutsideText.objects.filter(text="犬小屋").exists()
    assert "ちがう書き方" in client.post(url, {"form": "spelling", "wrong": "a", "right": "a"}).content.decode()
    assert client.post(url, {"form": "nonsense"}).status_code == 200
