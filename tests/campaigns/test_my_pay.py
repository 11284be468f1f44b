"""A paid year in the members' area: the Free Pass first, then once and no more (R9, R12)."""

import pytest

from licenses.models import FeeSchedule, LicenseReservation, LicenseTerm
from licenses.queries import standing
from licenses.rules import AUTO, FREE_PASS, MANUAL
from tests.campaigns.my_pages import hidden, text, url
from tests.factories import make_license, make_member, make_office
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
PAID_YEAR = ("2025-04-15", "2026-04-14")


@pytest.fixture(autouse=True)
def _decided():
    """A fee that is decided for good, so that sentences stay short."""
    FeeSchedule.objects.update(decided_until=None)


@pytest.fixture(autouse=True)
def on(settings, tmp_path):
    def _on(day):
        settings.PORTAL_TODAY = D(day)

    settings.MEDIA_ROOT = tmp_path
    _on("2026-04-03")
    return _on


@pytest.fixture
def member(client):
    def _member(*terms, **more):
        office = make_license(facts(*terms, **more)).office if terms else make_office()
        client.force_login(make_member(office))
        return office

    return _member


def form_of(client, office):
    page = client.get(url("my-pay", office))
    return page, {"shown": hidden(page, "shown"), "door": hidden(page, "door"), "understood": "on"}


def test_while_the_free_pass_is_open_the_page_says_so_first(client, member):
    office = member()
    page, data = form_of(client, office)
    assert "いま、フリーパスを申請できます（0円）" in text(page)
    assert "きょう申請すると、きょうから1年間無料になります。" in text(page)
    refused = client.post(url("my-pay", office), data)
    assert "確かめて、印を付けてください。" in refused.text
    assert not LicenseTerm.objects.exists()
    done = client.post(url("my-pay", office), data | {"all_the_same": "on"}, follow=True)
    assert "有償の利用を受け付けました。" in done.text
    opened = LicenseTerm.objects.get()
    assert (opened.starts_on, opened.ends_on, opened.fee_yen) == (D("2026-04-03"), D("2027-04-02"), 21000)


def test_a_forged_form_cannot_leave_the_tick_out(client, member):
    """The tick is asked for again by the service, not by the page alone."""
    from campaigns.services.agreed import agreed_paid_start
    from careplan_portal.lib.acting import MEMBER, Acting
    from licenses.services import Refused

    office = member()
    _page, data = form_of(client, office)
    with pytest.raises(Refused) as caught:
        agreed_paid_start(
            office_id=office.pk,
            shown=data["shown"],
            all_the_same=False,
            today=D("2026-04-03"),
            acting=Acting(None, MEMBER, "test"),
        )
    assert caught.value.code == "free_pass_open"


def test_after_the_window_it_is_asked_plainly_and_two_clicks_open_one_term(client, member, on):
    on("2026-07-01")
    office = member()
    page, data = form_of(client, office)
    assert "フリーパスを申請できます" not in page.text
    assert "年21,000円がかかり、途中でやめてもお金は戻らないことが分かりました。" in text(page)
    assert "2026年8月1日（土）" in page.text
    assert "何もしないと自動で更新し、年21,000円がかかります。" in text(page)
    for _click in range(2):
        assert client.post(url("my-pay", office), data).status_code == 302
    assert LicenseTerm.objects.count() == 1


def test_a_restart_after_a_lapse(client, member, on):
    on("2026-07-01")
    office = member(term(*PAID_YEAR), mode=MANUAL)
    _page, data = form_of(client, office)
    assert client.post(url("my-pay", office), data).status_code == 302
    assert standing(office.pk, D("2026-07-01")).status == "active_paid"


@pytest.mark.parametrize(
    ("day", "works"), [("2026-06-30", False), ("2026-07-01", True), ("2026-07-14", True), ("2026-07-15", False)]
)
def test_a_manual_office_files_its_renewal_in_the_renewal_month(client, member, on, day, works):
    on(day)
    office = member(term("2025-07-15", "2026-07-14"), mode=MANUAL)
    page = client.get(url("my-pay", office))
    if day == "2026-06-30":
        assert "有償の更新は、2026年7月1日（水）から2026年7月14日（火）まで申し込めます。" in text(page)
    elif day == "2026-07-15":
        assert "有償で利用を始める" in page.text, "after the renewal date it is a restart"
    else:
        _page, data = form_of(client, office)
        assert data["door"] == "renew"
        assert "手続きをしないと、2027年7月14日（水）で利用が終わります" in text(page)
        for _click in range(2):
            assert client.post(url("my-pay", office), data).status_code == 302
        assert standing(office.pk, D("2026-07-15")).status == "active_paid"
        assert standing(office.pk, D("2027-07-15")).status == "lapsed", "it stays manual"
    assert LicenseReservation.objects.count() == int(works)


def test_a_renewal_shown_yesterday_and_sent_after_the_term_ended_is_not_filed(client, member, on):
    on("2026-07-14")
    office = member(term("2025-07-15", "2026-07-14"), mode=MANUAL)
    _page, data = form_of(client, office)
    on("2026-07-15")
    page = client.post(url("my-pay", office), data)
    assert page.status_code == 409
    assert "何も送っていません" in page.text
    assert "有償で利用を始める" in page.text
    assert standing(office.pk, D("2026-07-15")).status == "lapsed"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"mode": AUTO}, "この事業所は自動で更新します。申し込みは要りません。"),
        ({"mode": MANUAL, "reserved": FREE_PASS}, "次の1年の手続きは、もう済んでいます。"),
    ],
)
def test_where_nothing_is_to_be_paid_the_page_says_why(client, member, more, why):
    assert why in text(client.get(url("my-pay", member(term(*PAID_YEAR), **more))))


def test_a_closed_office_cannot_start(client):
    office = make_office(closed_on=D("2026-04-01"))
    client.force_login(make_member(office))
    assert "廃止の届けが出ている事業所です。" in client.get(url("my-pay", office)).text
    assert "有償で利用を始める" not in client.get(url("my-office", office)).text
