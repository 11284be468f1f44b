"""Filing for a caller: what the web has confirmed is told and confirmed here, too."""

from typing import Any

import pytest
from django.test import Client

from campaigns.models import FreePassApplication
from licenses.models import LicenseTerm
from licenses.rules import MANUAL
from licenses.services import stop_file
from tests.campaigns.visitor import Visitor
from tests.factories import make_license, make_member, make_office, make_user
from tests.helpdesk.conftest import TODAY
from tests.licenses.cases import YEAR, facts, term

pytestmark = pytest.mark.django_db
CALLER = {"caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on"}
TYPED = {"name": "田中 一郎", "phone": "0859-00-0199", "email": "tanaka@example.jp"}
RENEWAL = "無料の1年が終わると自動で更新し、年21,000円（未定）がかかること、続けないときは2027年{}までに届け出ることを伝え、了承を得ました"
STOP = "出ている利用停止の届けが取り消しになると伝え、了承を得ました"
PAID = "申し込んである有償の更新が、フリーパスに置きかわると伝え、了承を得ました"
SCOPE = "データ連携の対象のサービスがないと伝え、それでも申請すると、了承を得ました"

CASES = [
    ({}, (), {"renewal": RENEWAL.format("4月2日")}),
    ({}, (term(*YEAR, stop=True),), {"stop": STOP, "renewal": RENEWAL.format("4月14日")}),
    ({"reserved": "paid", "mode": MANUAL}, (term(*YEAR),), {"paid": PAID, "renewal": RENEWAL.format("4月14日")}),
]


def opened(desk_client: Client, office: Any) -> Visitor:
    base = f"/helpdesk/offices/{office.business_number}/"
    desk_client.post(f"{base}call/", CALLER)
    return Visitor(desk_client).open(f"{base}act/apply/")


def member_asked(office: Any) -> set[str]:
    """What the web asks a member of the office to confirm, besides the texts."""
    user, client = make_user(), Client()
    make_member(office, user=user)
    client.force_login(user)
    page = Visitor(client).check(office.business_number).begin().write()
    return {name for name in ("scope", "stop", "paid", "renewal") if f'name="{name}"' in page.page.text}


@pytest.mark.parametrize(("more", "terms", "ticks"), CASES)
def test_every_warning_of_the_web_has_its_tick(settings, tmp_path, desk_client, faq, more, terms, ticks) -> None:
    settings.MEDIA_ROOT = tmp_path
    office = make_license(facts(*terms, **more)).office
    page = opened(desk_client, office)
    assert set(ticks) == member_asked(office)
    for sentence in ticks.values():
        assert sentence in page.words
    missing = page.send(**TYPED, agreed="on")
    assert missing.page.status_code == 422
    assert missing.words.count("伝えて、了承をもらったら、印を付けてください。") >= len(ticks)
    for value in TYPED.values():
        assert f'value="{value}"' in missing.page.text
    assert not FreePassApplication.objects.exists()
    missing.send(**TYPED, agreed="on", **dict.fromkeys(ticks, "on"))
    assert FreePassApplication.objects.get().applicant_name == "田中 一郎"


@pytest.mark.parametrize("left_out", ["scope", "renewal"])
def test_an_error_stands_beside_its_tick(desk_client, faq, left_out) -> None:
    page = opened(desk_client, make_office(scope="no"))
    assert SCOPE in page.words
    given = {"scope": "on", "renewal": "on", "agreed": "on"}
    del given[left_out]
    page.send(**TYPED, **given)
    beside = page.page.text.split(f'id="id_{left_out}"')[0].rsplit('<div class="field"', 1)[1]
    assert "伝えて、了承をもらったら" in beside
    assert page.page.status_code == 422
    for name in given:
        assert (
            "checked"
            in page.page.text.split(f'id="id_{name}"')[0].rsplit("<input", 1)[1]
            + page.page.text.split(f'id="id_{name}"')[1].split(">", 1)[0]
        )


def test_what_is_read_out_names_fee_and_last_day(desk_client, faq, office) -> None:
    said = opened(desk_client, office).words
    assert "そのあと2027年4月3日（土）に自動で更新し、21,000円（未定。いまの額）がかかります。" in said
    assert "続けない場合は、2027年4月2日（金）までに停止の手続きをお願いします。" in said


def test_another_answer_comes_with_fresh_ticks_and_what_was_typed(desk_client, faq, acting) -> None:
    office = make_license(facts(term(*YEAR))).office
    page = opened(desk_client, office)
    stop_file(office_id=office.pk, today=TODAY, acting=acting)
    page.send(**TYPED, agreed="on", renewal="on")
    assert page.page.status_code == 409
    assert "伝えた内容のあとで、状態が変わりました" in page.words
    assert STOP in page.words
    assert " checked" not in page.page.text.split("data-main", 1)[1]
    for value in TYPED.values():
        assert f'value="{value}"' in page.page.text
    assert LicenseTerm.objects.get().stop_requested_on == TODAY
    assert not FreePassApplication.objects.exists()
    page.send(**TYPED, agreed="on", renewal="on", stop="on")
    assert FreePassApplication.objects.get().applicant_email == TYPED["email"]
    assert LicenseTerm.objects.get().stop_requested_on is None
