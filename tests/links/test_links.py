"""The link registry: dated, with events, honest about what it does not know."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.enums import Role
from careplan_portal.lib.acting import SYSTEM, Acting
from links import queries, services
from links.models import Link, LinkAddress, LinkEvent
from tests.factories import make_user
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 3)
ACTING = Acting(None, SYSTEM, "試験")
GUIDE = {"kind": "guide", "name": "手引き", "about": "手順が書いてあります。"}


@pytest.fixture(autouse=True)
def _business_day(settings) -> None:
    settings.PORTAL_TODAY = TODAY


@pytest.fixture
def guide() -> Link:
    return services.link_add(key="guide", acting=ACTING, **GUIDE)


def address(link, url, starts_on=TODAY, today=TODAY):
    return services.address_record(link_id=link.pk, url=url, starts_on=starts_on, today=today, acting=ACTING)


def url_on(day):
    return queries.links_on(day).get(key="guide").url


def words(**more):
    return {f"words-{name}": value for name, value in {**GUIDE, "order": 100, "reason": "直す", **more}.items()}


def test_a_new_database_has_what_the_source_names_and_guesses_no_address() -> None:
    found = {link.key: link.url for link in queries.links_on(TODAY)}
    assert {"client-software", "start-guide", "several-computers", "practice-tool", "ten-minutes-video"} <= set(found)
    assert {key for key, url in found.items() if url} == {"briefing-video", "video-channel", "support-site"}
    assert services.links_start() == 0


def test_an_address_counts_from_its_day_on_and_the_newest_word_wins(guide) -> None:
    assert url_on(TODAY) is None
    address(guide, "https://old.example/", date(2025, 1, 1))
    address(guide, "https://new.example/", date(2027, 1, 1))
    address(guide, "https://mended.example/", date(2025, 1, 1))
    assert url_on(date(2024, 12, 31)) is None
    assert url_on(TODAY) == "https://mended.example/"
    assert url_on(date(2027, 1, 1)) == "https://new.example/"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://files.example/", "//elsewhere.example", "guide.pdf"])
def test_only_pages_are_addresses(guide, client, url) -> None:
    with pytest.raises(ValidationError):
        address(guide, url)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkAddress.objects.create(link=guide, url=url, starts_on=TODAY, recorded_at="2026-04-03T00:00Z", reason="x")
    assert guide.addresses.count() == 0


def test_addresses_and_events_only_grow(guide) -> None:
    address(guide, "https://a.example/")
    for rows in (LinkAddress.objects.filter(link=guide), LinkEvent.objects.filter(link=guide)):
        for change in (lambda rows=rows: rows.update(reason="別"), rows.delete):
            with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
                change()


def test_a_check_needs_an_address_and_another_address_needs_a_new_check(guide) -> None:
    with pytest.raises(ValidationError, match="分かっていない"):
        services.link_check_record(link_id=guide.pk, today=TODAY, acting=ACTING)
    address(guide, "https://a.example/")
    assert services.link_check_record(link_id=guide.pk, today=TODAY, acting=ACTING).checked_on == TODAY
    address(guide, "https://later.example/", date(2027, 1, 1))
    guide.refresh_from_db()
    assert guide.checked_on == TODAY
    address(guide, "https://b.example/")
    guide.refresh_from_db()
    assert guide.checked_on is None
    assert list(guide.events.values_list("kind", flat=True)) == ["address", "address", "checked", "address", "added"]


def test_the_public_page_says_what_is_known_and_what_is_not(client, guide) -> None:
    html = client.get("/links/").content.decode()
    assert "手引き</strong>" in html
    assert html.index("アドレスがまだ分からないもの") < html.index("手引き</strong>")
    assert html.count("お急ぎのときは") == 1  # said once, however many there are
    address(guide, "https://a.example/guide", date(2026, 4, 1))
    html = client.get("/links/").content.decode()
    assert '<a href="https://a.example/guide" rel="external noopener noreferrer">' in html
    assert "2026年4月1日（水）に公表されたアドレス" in html
    services.link_withdraw(link_id=guide.pk, withdrawn=True, acting=ACTING)
    assert "a.example" not in client.get("/links/").content.decode()


def test_it_stands_where_it_helps(client) -> None:
    from faq.services import faq_load

    faq_load(acting=ACTING)
    assert "ベンダー試験が済んだ介護ソフトの一覧" in client.get("/faq/software/").content.decode()


def test_only_operators_change_and_auditors_read(client, guide) -> None:
    assert answers(client, "/links/desk/") == seen_by(Role.OPERATOR, Role.AUDITOR)
    assert answers(client, "/links/desk/guide/") == seen_by(Role.OPERATOR, Role.AUDITOR)
    assert answers(client, "/links/desk/new/") == seen_by(Role.OPERATOR)
    for act in ("words", "address", "checked", "withdraw"):
        allowed = 302 if act == "checked" else 422
        assert answers(client, f"/links/desk/guide/{act}/", "post") == seen_by(Role.OPERATOR, ok=allowed)


def test_the_operators_way(client) -> None:
    operator = sign_in(client)
    data = {**GUIDE, "key": "new-guide", "order": "5", "places": ["receipt"], "reason": "公開された"}
    assert client.post("/links/desk/new/", data)["Location"] == "/links/desk/new-guide/"
    day = {"address-starts_on_year": "2026", "address-starts_on_month": "4", "address-starts_on_day": "3"}
    wrong = client.post("/links/desk/new-guide/address/", {**day, "address-url": "x y", "address-reason": ""})
    assert wrong.status_code == 422
    assert 'value="x y"' in wrong.content.decode()
    right = {**day, "address-url": "https://a.example/", "address-reason": "通知による"}
    assert client.post("/links/desk/new-guide/address/", right).status_code == 302
    assert client.post("/links/desk/new-guide/checked/").status_code == 302
    assert client.post("/links/desk/new-guide/words/", words(name="新しい手引き")).status_code == 302
    assert (
        client.post("/links/desk/new-guide/withdraw/", {"end-reason": "なくなった", "do": "withdraw"}).status_code
        == 302
    )
    assert client.post("/links/desk/new-guide/withdraw/", {"end-reason": "戻った", "do": "restore"}).status_code == 302
    link = Link.objects.get(key="new-guide")
    assert (link.name, link.checked_on, link.withdrawn_at) == ("新しい手引き", TODAY, None)
    kinds = list(link.events.values_list("kind", "by", "reason"))
    assert [kind for kind, _by, _reason in kinds] == [
        "restored", "withdrawn", "reworded", "checked", "address", "added",
    ]  # fmt: skip
    assert {by for _kind, by, _reason in kinds} == {operator.pk}
    html = client.get("/links/desk/new-guide/").content.decode()
    assert "通知による" in html
    assert "公開された" in html


def test_a_key_is_used_once(client) -> None:
    sign_in(client)
    for key in ("start-guide", "desk", "Ä"):
        answer = client.post("/links/desk/new/", {**GUIDE, "key": key, "order": "5", "reason": "x"})
        assert answer.status_code == 422
    assert (
        "この名前は使われています"
        in client.post(
            "/links/desk/new/", {**GUIDE, "key": "start-guide", "order": "5", "reason": "x"}
        ).content.decode()
    )


def test_the_page_asks_once_whatever_the_number_of_entries(client, django_assert_max_num_queries) -> None:
    client.get("/links/")
    with django_assert_max_num_queries(3):
        client.get("/links/")


def test_strangers_find_no_desk(client) -> None:
    client.force_login(make_user())
    assert client.get("/links/desk/").status_code == 403
