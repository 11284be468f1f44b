"""The members' area in a real Chromium: by keyboard, narrow, without scripts, and before axe."""

import pytest
from django.urls import reverse

from careplan_portal.lib.acting import MEMBER, Acting
from licenses import services as licenses
from licenses.queries import standing
from licenses.rules import FREE_PASS, MANUAL
from offices.services import members
from tests.browsing import NARROW, SMALLEST, WIDE, ZOOMED, axe_findings, scrolls_sideways
from tests.campaigns.my_pages import url
from tests.factories import make_license, make_member, make_office, make_user
from tests.licenses.cases import D, facts, term

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = D("2026-04-03")


@pytest.fixture
def office(booked):
    return booked


@pytest.fixture
def member(office):
    return make_member(office, manager=True, user=make_user(name="山根 涼子"))


def press_until(page, words: str, key: str = "Enter", most: int = 60) -> None:
    """Tab to the control that says this, and press the key: nothing is clicked."""
    for _stop in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "(e => e.innerText || (e.labels && e.labels[0] && e.labels[0].innerText) || '')(document.activeElement)"
        )
        if words in said:
            page.keyboard.press(key)
            return
    raise AssertionError(f"no stop of the Tab key says {words}")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_stop_and_take_back_by_keyboard_alone(open_page, office, member, width) -> None:
    page = open_page(url("my-office", office), user=member, width=width)
    press_until(page, "利用をやめる手続きへ")
    page.wait_for_url("**/stop/")
    assert page.inner_text("h1") == "やめると、4月15日からの無料の1年は始まりません"
    press_until(page, "やめる手続きに進む")
    page.wait_for_url("**/stop/send/")
    press_until(page, "使えなくなり、予約が外れることが分かりました", "Space")
    press_until(page, "やめる届けを送る")
    page.wait_for_url("**/stop/done/")
    assert "4月14日まで使えます" in page.inner_text("h1")
    assert standing(office.pk, TODAY).plan.is_stopping
    page.reload()
    press_until(page, "やめるのを取り消す")
    page.wait_for_url("**/stop/withdraw/")
    press_until(page, "やめるのを取り消す")
    page.wait_for_url("**/stop/done/")
    assert "やめるのを取り消しました" in page.inner_text("h1")
    page.go_back()
    assert not standing(office.pk, TODAY).plan.is_stopping


def test_stop_and_take_back_without_scripts(open_page, office, member) -> None:
    page = open_page(url("my-office", office), user=member, width=NARROW, scripts=False)
    page.get_by_role("link", name="利用をやめる手続きへ").click()
    page.get_by_role("link", name="やめる手続きに進む").click()
    page.get_by_role("button", name="やめる届けを送る").click()
    assert page.get_by_text("確かめて、印を付けてください。").count() == 2, "in the summary and beside the field"
    page.get_by_label("使えなくなり、予約が外れることが分かりました").check()
    page.get_by_role("button", name="やめる届けを送る").click()
    page.get_by_role("link", name="やめるのを取り消す").click()
    page.get_by_role("button", name="やめるのを取り消す").click()
    assert "やめるのを取り消しました" in page.inner_text("h1")


def test_a_paper_appears_by_itself(open_page, office, member) -> None:
    from licenses.models import LicenseDocument

    paper = licenses.document_request(
        office_id=office.pk, kind="proof_of_use", on=TODAY, today=TODAY, acting=Acting(member.pk, MEMBER, "")
    )
    LicenseDocument.objects.update(made_at=None, size=0, sha256="")
    page = open_page(reverse("licenses:document", args=[paper.code]), user=member)
    assert page.get_by_text("作っています").is_visible()
    paper.file.unlink(missing_ok=True)
    licenses.document_make(document_id=paper.pk)
    page.get_by_text("できています").wait_for(timeout=8000)
    assert page.get_by_role("link", name="保存する").is_visible()


def test_the_neighbours_come_with_the_page(open_page, office, member) -> None:
    page = open_page(url("my-office", office), user=member)
    page.get_by_text("位置が名簿にないので").wait_for()
    assert page.get_by_role("heading", name="近くの事業所").count() == 1
    page = open_page(url("my-office", office), user=member, scripts=False)
    page.get_by_role("link", name="近くの事業所の一覧を見る").click()
    assert office.name in page.inner_text("h1")


def _pages(office, member) -> list[str]:
    """Every page of the area, in each of its states."""
    acting = Acting(member.pk, MEMBER, "試験")
    colleague = make_member(office, user=make_user(name="田淵 実"))
    invited = members.member_invite(
        office_id=office.pk, email="inoue@example.jp", name="井上 香織", today=TODAY, acting=acting
    )
    stopping = make_license(facts(term("2025-08-01", "2026-07-31", FREE_PASS))).office
    new, outside = make_office(name="ヘルパー さくら"), make_office(name="老人保健施設 ひなた", scope="no")
    renewing = make_license(facts(term("2025-04-20", "2026-04-19"), mode=MANUAL)).office
    for other in (stopping, new, outside, renewing):
        make_member(other, user=member, manager=True)
    licenses.stop_file(office_id=stopping.pk, today=TODAY, acting=acting)
    paper = licenses.document_request(
        office_id=stopping.pk, kind="stop_confirmation", on=TODAY, today=TODAY, acting=acting
    )
    chosen = f"?o={new.business_number}&o={outside.business_number}&o={renewing.business_number}"
    return [
        reverse("campaigns:my"),
        f"{reverse('campaigns:my')}?q=ありえない",
        reverse("campaigns:my-claim"),
        reverse("campaigns:my-apply") + chosen,
        reverse("campaigns:my-applied", args=["7d1f7c1e-58bb-4a43-8f24-5f2f0a2f1f7a"]) + chosen,
        *(url("my-office", one) for one in (office, stopping, new, renewing)),
        url("my-stop", office),
        url("my-stop-send", office),
        url("my-stop-done", stopping),
        url("my-stop-withdraw", stopping),
        url("my-stop", new),
        url("my-reservation-withdraw", office),
        url("my-pay", new),
        url("my-pay", renewing),
        url("my-pay", office),
        url("my-members", office),
        url("my-invite", office),
        url("my-member-remove", office, colleague.pk),
        url("my-hand-over", office, colleague.pk),
        url("my-invitation-withdraw", office, invited.pk),
        url("my-notices", office),
        members.invitation_path(invited),
        reverse("licenses:documents", args=[stopping.business_number]),
        reverse("licenses:documents", args=[new.business_number]),
        reverse("licenses:document", args=[paper.code]),
        reverse("licenses:verify-ask"),
        reverse("licenses:verify", args=[paper.code]),
        reverse("licenses:verify-ask") + "?code=",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"width": WIDE}, {"width": NARROW}, {"width": ZOOMED, "forced_colors": "active"}])
def test_axe_finds_nothing_and_nothing_is_too_wide(open_page, office, member, options) -> None:
    paths = _pages(office, member)
    page = open_page(paths[0], user=member, **options)
    found = []
    for path in paths:
        page.goto(path)
        found += [f"{path}: {finding}" for finding in axe_findings(page) + scrolls_sideways(page)]
        page.set_viewport_size({"width": SMALLEST, "height": 900})
        found += [f"{path} at {SMALLEST}: {wide}" for wide in scrolls_sideways(page)]
        page.set_viewport_size({"width": options["width"], "height": 900})
    assert not found, "\n".join(found)
