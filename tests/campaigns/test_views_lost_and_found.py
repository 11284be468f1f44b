"""Filing: what another tab changed, what was typed and left, and what is typed oddly."""

import pytest
from django.test import Client

from campaigns.models import FilingDraft, FreePassApplication
from tests.campaigns.visitor import Visitor
from tests.factories import make_member, make_office

pytestmark = pytest.mark.django_db
KNOWN = "3170201432"


@pytest.fixture
def office(on):
    return make_office(business_number=KNOWN, name="ヘルパーステーション 髙﨑")


def only() -> FreePassApplication:
    return FreePassApplication.objects.get()


def test_what_another_tab_changed_is_shown_before_it_is_sent(visitor, office) -> None:
    visitor.check(KNOWN).ask(fp="unused").begin().write()
    other = Visitor(visitor.client).open(visitor.path.replace("/check/", "/name/") + "?mend=1")
    other.send(name="別の人")
    visitor.confirm()
    assert not FreePassApplication.objects.exists()
    assert "答えが変わりました。まだ送られていません" in visitor.words
    assert "別の人" in visitor.words
    visitor.confirm()
    assert only().applicant_name == "別の人"


def test_save_for_later_keeps_what_was_just_typed(visitor, office) -> None:
    visitor.check(KNOWN).ask(fp="unused").begin().send(name="山根 涼子", save="1")
    assert "途中まで保存しました" in visitor.words
    draft = FilingDraft.objects.get()
    assert draft.answers["name"] == "山根 涼子"
    visitor.open(f"/apply/{draft.key}/phone/").send(phone="", save="1")
    assert "途中まで保存しました" in visitor.words
    visitor.open(f"/apply/{draft.key}/phone/").send(phone="12", save="1")
    assert "0から始まる10けたか11けたです" in visitor.words


def test_a_filing_that_was_begun_is_found_again_on_the_same_device(visitor, office) -> None:
    visitor.check(KNOWN).ask(fp="unused").begin().send(name="山根 涼子")
    key = FilingDraft.objects.get().key
    assert f'href="/apply/{key}/"' in visitor.open("/").page.text
    assert visitor.client.cookies["begun"]["httponly"]
    assert key not in Client().get("/").text
    visitor.open(f"/apply/{key}/").send(phone="0859-00-0123").send(email="minato@example.jp").confirm()
    assert only().applicant_name == "山根 涼子"
    assert "途中まで入力した申請" not in visitor.open("/").words


def test_a_members_draft_is_not_told_to_whoever_sits_there_next(office) -> None:
    member = Visitor()
    member.client.force_login(make_member(office))
    member.open(f"/check/result/?number={KNOWN}").begin()
    assert "途中まで入力した申請" in member.open("/").words
    member.client.post("/accounts/logout/")
    assert "途中まで入力した申請" not in member.open("/").words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0859-00-0123 内線5", "電話番号に「内線」は入れられません"),
        ("0000000000", "0から始まる10けたか11けたです"),
        ("0859-00-0123、0859-00-0124", "電話番号に「、」は入れられません"),
    ],
)
def test_a_telephone_is_never_changed_silently(visitor, office, typed, said) -> None:
    visitor.check(KNOWN).ask(fp="unused").begin().send(name="山根 涼子").send(phone=typed)
    assert said in visitor.words
    assert f'value="{typed}"' in visitor.page.text


@pytest.mark.parametrize("name", ["😀", "123", "　"])
def test_a_name_has_letters(visitor, office, name) -> None:
    assert visitor.check(KNOWN).ask(fp="unused").begin().send(name=name).path.endswith("/name/")
