"""Papers: what they say, that they are made once, who reads them, and who can check them."""

import io
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib import checkcode
from licenses import documents, services
from licenses.enums import DocumentKind
from licenses.models import FeeSchedule, LicenseDocument, LicenseTerm
from licenses.queries import document_by_code, papers_offered, standing, verified
from licenses.services import Refused
from tests.factories import make_license, make_member, make_office, make_user
from tests.licenses.cases import D, facts, term
from tests.licenses.papers import ACTING, TODAY, ask, file_stop, make, text_of
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


def test_a_certificate_says_number_dates_with_era_and_fee(office):
    document = make(office)
    text = text_of(document)
    assert "居宅介護支援髙﨑様" in text
    assert "合同会社渡邉" in text
    assert "2026年4月15日（水）から" in text
    assert "2027年4月14日（水）まで" in text
    assert "令和8年4月15日から令和9年4月14日まで" in text
    assert "フリーパス0円" in text
    assert document.code in text
    number = office.business_number
    assert f"{number[:2]}{number[2]}{number[3:5]}{number[5:9]}{number[9]}" in text
    assert f"/verify/{document.code}/" in text


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_paper_is_tagged_with_language_and_title_of_its_own(office, kind):
    file_stop(office, TODAY)
    document = ask(office, kind)
    paper = documents.render(document)
    assert paper.warnings == ()
    reader = PdfReader(io.BytesIO(paper.pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == documents.title(document)
    assert document.code in reader.metadata.title
    assert len(reader.pages) == 1
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert any("BIZUD" in name.replace("-", "") for name in fonts), fonts


def test_the_rare_characters_are_drawn_and_not_boxes(office):
    """Each glyph that the page uses exists in the font: none is number 0, the box."""
    reader = PdfReader(io.BytesIO(documents.render(ask(office)).pdf))
    text = reader.pages[0].extract_text()
    assert "髙" in text
    assert "﨑" in text
    assert "\ufffd" not in text
    assert "\x00" not in text


def test_a_paper_is_made_once_for_kind_term_and_day(office):
    first, again = ask(office), ask(office)
    assert first.pk == again.pk
    assert services.document_make(document_id=first.pk) is True
    before = first.file.stat()
    assert services.document_make(document_id=first.pk) is False
    assert first.file.stat().st_mtime_ns == before.st_mtime_ns
    assert first.file.stat().st_mode & 0o077 == 0
    assert not list(first.file.parent.glob("*.part"))
    assert ask(office, today=TODAY + timedelta(days=1)).pk != first.pk


def test_another_paper_when_what_it_says_has_changed(office):
    first = ask(office)
    office.name = "居宅介護支援 高崎"
    office.save()
    second = ask(office)
    assert second.pk != first.pk
    assert verified(first, TODAY).state == "valid", "a name does not make a proof wrong"


def test_a_proof_of_use_is_about_a_day_of_the_past_or_today(office):
    document = make(office, "proof_of_use", on=D("2026-04-14"))
    text = text_of(document)
    assert "2026年4月14日（火）（令和8年4月14日）に" in text
    assert "有償（利用料21,000円）" in text
    for day, code in ((TODAY + timedelta(days=1), "future"), (D("2025-04-14"), "no_term")):
        with pytest.raises(Refused) as caught:
            ask(office, "proof_of_use", on=day)
        assert caught.value.code == code


def test_a_proof_reads_the_licence_as_it_stands_though_the_night_has_not_run(office):
    assert LicenseTerm.objects.filter(license__office=office).count() == 1
    document = ask(office, "proof_of_use", on=D("2026-04-15"))
    assert document.facts["pricing"] == "free_pass"


def test_a_renewal_notice_says_day_cost_and_how_to_stop(office):
    FeeSchedule.objects.update(decided_until=None)
    text = text_of(make(office, "renewal_notice"))
    assert "2027年4月15日（木）に自動で更新し、21,000円かかります。" in text
    assert "2027年4月14日（水）までに「利用をやめる」を届け出てください" in text
    assert "請求する日：2027年5月1日（土）" in text


def test_an_undecided_fee_is_called_undecided(office):
    services.fee_set(
        starts_on=D("2025-01-01"), yen=21000, decided_until=D("2026-12-31"), today=TODAY, acting=ACTING, note=""
    )
    text = text_of(make(office, "renewal_notice"))
    assert "更新します。利用料は未定です（決まったらお知らせします）。いまの額は21,000円です。" in text
    assert "21,000円かかります" not in text
    assert "21,000円（未定）" in text
    assert "この1年の利用料は未定です（決まったらお知らせします）" in text


def test_a_stop_confirmation_needs_a_stop_and_shows_when_it_is_taken_back(office):
    with pytest.raises(Refused) as caught:
        ask(office, "stop_confirmation")
    assert caught.value.code == "no_stop"
    file_stop(office, TODAY)
    document = make(office, "stop_confirmation", today=TODAY + timedelta(days=3))
    text = text_of(document)
    assert "2027年4月14日（水）まで使えます" in text
    assert "届けを受けた日2026年4月20日（月）" in text
    assert document.code.startswith("ST-")
    assert verified(document, TODAY).state == "valid"
    services.stop_withdraw(office_id=office.pk, today=TODAY, acting=ACTING)
    assert verified(document_by_code(document.code), TODAY).state == "changed"


@pytest.mark.parametrize(("day", "state"), [("2026-04-20", "valid"), ("2027-04-14", "valid"), ("2027-04-15", "over")])
def test_a_certificate_holds_to_its_terms_last_day(office, day, state):
    assert verified(ask(office), D(day)).state == state


def test_a_certificate_of_a_term_made_free_no_longer_holds():
    office = make_license(facts(term("2026-04-02", "2027-04-01"))).office
    document = ask(office)
    services.license_make_free(
        office_id=office.pk, starts_on=D("2026-04-02"), filed_on=TODAY, today=TODAY, acting=ACTING
    )
    assert verified(document_by_code(document.code), TODAY).state == "changed"


def test_what_is_offered(office):
    plan = standing(office.pk, D("2026-04-10")).plan
    offered = papers_offered(plan, D("2026-04-10"))
    assert [(offer.kind, offer.not_before) for offer in offered] == [
        ("certificate", D("2026-04-15")),
        ("certificate", None),
        ("renewal_notice", None),
    ]
    assert papers_offered(None, TODAY) == []


def test_forgotten_papers_are_put_into_the_queue_again(office, django_capture_on_commit_callbacks):
    document = ask(office)
    now = document.requested_at + timedelta(minutes=11)
    assert services.documents_requeue(now=document.requested_at + timedelta(minutes=9)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.documents_requeue(now=now) == 1
    document.refresh_from_db()
    assert document.made_at is not None
    assert services.documents_requeue(now=now) == 0


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_ask_for_one_paper_and_two_workers_make_it_once(office):
    act = partial(ask, office, "proof_of_use")
    first, second = at_once(act, act)
    assert first.pk == second.pk
    LicenseDocument.objects.update(made_at=None, size=0, sha256="")
    make_it = partial(services.document_make, document_id=first.pk)
    assert sorted(at_once(make_it, make_it)) == [False, True]
    assert LicenseDocument.objects.get().size == first.file.stat().st_size


# --- pages ---------------------------------------------------------------------------------------


def documents_url(office):
    return reverse("licenses:documents", args=[office.business_number])


def test_a_member_asks_waits_and_saves(client, office, django_capture_on_commit_callbacks):
    client.force_login(make_member(office))
    page = client.get(documents_url(office))
    assert "ライセンス証明書（フリーパス、2026年4月15日から2027年4月14日まで）" in page.text
    day = {"on_year": "2026", "on_month": "４", "on_day": "20"}
    response = client.post(documents_url(office), {"kind": "proof_of_use", **day})
    document = LicenseDocument.objects.get()
    address = reverse("licenses:document", args=[document.code])
    assert response["Location"] == address
    assert "作っています" in client.get(address).text
    assert client.get(reverse("licenses:document-file", args=[document.code]))["Location"] == address
    services.document_make(document_id=document.pk)
    part = client.get(address, headers={"HX-Request": "true"})
    assert "できています" in part.text
    assert "<html" not in part.text
    assert "HX-Request" in part["Vary"]
    saved = client.get(reverse("licenses:document-file", args=[document.code]))
    content = b"".join(saved.streaming_content)
    assert content == document.file.read_bytes()
    assert saved["Content-Type"] == "application/pdf"
    assert "no-store" in saved["Cache-Control"]


def test_what_was_made_today_is_opened_and_not_only_made_again(client, office):
    client.force_login(make_member(office))
    assert "きょう作りました" not in client.get(documents_url(office)).text
    offered = papers_offered(standing(office.pk, TODAY).plan, TODAY)
    offer = next(one for one in offered if one.not_before is None)
    document = ask(office, offer.kind, on=offer.on)
    page = client.get(documents_url(office)).text
    assert page.count("きょう作りました") == 1
    assert page.index(reverse("licenses:document", args=[document.code])) < page.index("これまでに作った書類")


def test_a_wrong_day_is_said_beside_the_field_and_nothing_is_lost(client, office):
    client.force_login(make_member(office))
    data = {"kind": "proof_of_use", "on_year": "2027", "on_month": "5", "on_day": "1"}
    page = client.post(documents_url(office), data)
    assert page.status_code == 422
    assert "まだ来ていない日の証明は出せません" in page.text
    assert 'value="2027"' in page.text
    assert not LicenseDocument.objects.exists()


def test_only_those_who_may_see_a_paper_get_it(client, office):
    document = make(office)
    urls = [
        documents_url(office),
        reverse("licenses:document", args=[document.code]),
        reverse("licenses:document-file", args=[document.code]),
    ]
    stranger, others = make_user(), make_member(make_office())
    member = make_member(office)
    expected = [
        (member, 200),
        (stranger, 404),
        (others, 404),
        (make_user(Role.HELPDESK), 200),
        (make_user(Role.OPERATOR), 200),
        (make_user(Role.OFFICER), 403),
        (make_user(Role.AUDITOR), 403),
    ]
    for user, status in expected:
        client.force_login(user)
        for url in urls:
            response = client.get(url)
            assert response.status_code == status, (user.role, url)
            b"".join(response)  # read to its end, so that the file is closed
    assert set(AccessRecord.objects.values_list("role", flat=True)) == {"helpdesk", "operator"}
    client.logout()
    for url in urls:
        assert client.get(url)["Location"].startswith(reverse("account_login"))


def test_anybody_with_the_number_can_check_a_paper(client, office):
    document = ask(office)
    spelled = document.code.replace("-", "").lower()
    assert client.get(reverse("licenses:verify-ask"), {"code": spelled}).status_code == 302
    page = client.get(reverse("licenses:verify", args=[spelled]))
    assert page.status_code == 200
    assert "本物です" in page.text
    number = office.business_number
    assert f"{number[:2]} {number[2]} {number[3:5]} ●●●● ●" in page.text
    assert number not in page.text
    assert office.name not in page.text
    assert "髙﨑" not in page.text


def test_an_unknown_number_says_so(client, office):
    document = ask(office)
    wrong = document.code[:-1] + ("X" if document.code[-1] != "X" else "Y")
    for code in (wrong, checkcode.make("LC", 2026, 4, "22222222"), "なにか"):
        page = client.get(reverse("licenses:verify", args=[code]))
        assert page.status_code == 404
        assert "この番号の書類はありません" in page.text
        assert f'value="{code}"' in page.text  # to be mended, not typed again


def test_trying_numbers_is_slowed_down(client):
    address = reverse("licenses:verify", args=["LC-2604-2222-2222-2"])
    assert {client.get(address).status_code for _try in range(60)} == {404}
    page = client.get(address)
    assert page.status_code == 429
    assert page["Retry-After"] == "600"


def test_the_file_lies_outside_of_what_is_served(office, settings):
    document = make(office)
    assert document.file.is_relative_to(Path(settings.MEDIA_ROOT))
    assert not document.file.is_relative_to(Path(settings.STATIC_ROOT))
    assert document.sha256
