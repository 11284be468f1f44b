import datetime
import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.test import Client

from careplan_portal.lib import policies
from careplan_portal.lib.templatetags.portal_parts import portal_stylesheet

pytestmark = pytest.mark.django_db
PAGES = [
    "/about/",
    "/accessibility/",
    "/terms/",
    "/privacy/",
    "/terms/1/",
    "/privacy/1/",
    "/terms/2/",
    "/privacy/2/",
    "/styleguide/",
    "/styleguide/desk/",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_everybody(client: Client, path) -> None:
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="ja">' in html
    assert html.count("<h1") == 1
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_the_version_in_force_by_day() -> None:
    old = policies.Policy("terms", "利用規約", 1, datetime.date(2025, 4, 14), "a.html")
    new = policies.Policy("terms", "利用規約", 2, datetime.date(2026, 4, 1), "b.html")
    assert policies.in_force((old, new), datetime.date(2026, 3, 31)) is old
    assert policies.in_force((old, new), datetime.date(2026, 4, 1)) is new
    assert policies.in_force((old, new), datetime.date(2020, 1, 1)) is old


@pytest.mark.parametrize("versions", [policies.TERMS, policies.PRIVACY])
def test_versions_count_up_with_their_days(versions) -> None:
    assert [policy.version for policy in versions] == list(range(1, len(versions) + 1))
    assert [policy.effective_on for policy in versions] == sorted(policy.effective_on for policy in versions)


def test_terms_disclose_automatic_renewal_at_the_top(client: Client) -> None:
    html = client.get("/terms/").content.decode()
    assert html.index("自動で更新し") < html.index("1　この規約")
    assert "運営者の確認を受ける前の文です" in html


@pytest.mark.parametrize("kind", ["terms", "privacy"])
@pytest.mark.parametrize(
    ("day", "version"), [("2025-04-01", 1), ("2026-03-31", 1), ("2026-04-01", 2), ("2026-04-03", 2)]
)
def test_the_version_of_the_day_is_read_and_leads_to_the_others(client: Client, settings, kind, day, version) -> None:
    settings.PORTAL_TODAY = datetime.date.fromisoformat(day)
    pages = {path: client.get(path).content.decode() for path in (f"/{kind}/", f"/{kind}/1/", f"/{kind}/2/")}
    assert f"第{version}版（いまの版）" in pages[f"/{kind}/"]
    for path, html in pages.items():
        assert f'href="/{kind}/1/">第1版（2025年4月14日（月）から）' in html, path
        assert f'href="/{kind}/2/">第2版（2026年4月1日（水）から）' in html, path
    other = pages[f"/{kind}/{3 - version}/"]
    assert "いまの版ではありません" in other
    assert f'href="/{kind}/">いまの版を読む' in other


def test_the_first_version_stays_as_it_was_agreed_to(client: Client) -> None:
    terms, privacy = (client.get(path).content.decode() for path in ("/terms/1/", "/privacy/1/"))
    assert "いまの期間の途中から無料にはなりません。" in terms
    assert "はじめの日にさかのぼって" not in terms
    assert "有償か無料か、やめたか、いくらかは、5か所以上をまとめた数だけを出します。" in privacy
    assert "使うのをやめてもらうことを求められます。" in privacy
    assert "第1版から変わったところ" not in terms + privacy


def test_the_second_version_says_what_the_portal_does(client: Client) -> None:
    terms, privacy = (client.get(path).content.decode() for path in ("/terms/2/", "/privacy/2/"))
    assert "始まった月のうちに申請すると、はじめの日にさかのぼって無料になります。" in terms  # R6
    assert "1〜4の数と、引き算で分かる数は「非公表」にします。" in privacy
    assert "求められます。" not in privacy
    for html in (terms, privacy):
        assert "第1版から変わったところ" in html
    for same in ("11　問い合わせ", "自動で更新するようになります"):
        assert same in terms


def test_an_unknown_version_is_not_found(client: Client) -> None:
    assert client.get("/terms/99/").status_code == 404


def test_the_stylesheet_is_kept_for_a_year_under_its_digest(client: Client) -> None:
    sheet = portal_stylesheet()
    response = client.get(f"/assets/portal-{sheet.digest}.css", headers={"accept-encoding": "gzip"})
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert gzip.decompress(response.content) == sheet.body
    plain = client.get(f"/assets/portal-{sheet.digest}.css")
    assert plain.content == sheet.body
    assert "Content-Encoding" not in plain
    outdated = client.get("/assets/portal-000000000000.css")
    assert outdated.content == sheet.body
    assert outdated["Cache-Control"] == "no-cache"


def test_not_found_is_a_page_with_ways_on(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "このページは見つかりません" in response.content.decode()


def test_a_wrong_method_is_a_page_for_people(client: Client) -> None:
    response = client.post("/about/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "この開き方はできません" in response.content.decode()


def test_robots_stay_out_except_in_production(client: Client, settings) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
    settings.PORTAL_ENV = "production"
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /\n" not in text
    assert "Disallow: /helpdesk/" in text


def test_the_component_sheet_is_not_in_production(client: Client, settings) -> None:
    assert client.get("/styleguide/specimen.pdf")["Content-Type"] == "application/pdf"
    settings.PORTAL_ENV = "production"
    for path in ("/styleguide/", "/styleguide/desk/", "/styleguide/specimen.pdf"):
        assert client.get(path).status_code == 404


def test_the_demo_bar_shows_the_business_day_in_the_demo_only(client: Client, settings) -> None:
    assert 'class="demo"' not in client.get("/about/").content.decode()
    settings.PORTAL_ENV = "demo"
    settings.PORTAL_TODAY = datetime.date(2026, 4, 3)
    html = client.get("/about/").content.decode()
    assert 'class="demo"' in html
    assert "2026年4月3日（金）" in html
    assert "架空のもの" in html


def test_phone_and_hours_come_from_the_settings(client: Client, settings) -> None:
    settings.SUPPORT_PHONE = "0120-999-111"
    settings.SUPPORT_HOURS = "毎日"
    html = client.get("/about/").content.decode()
    assert 'href="tel:0120999111"' in html
    assert "毎日" in html


def test_the_hours_keep_their_days_whole_on_pages_and_are_plain_in_mails() -> None:
    said = {
        switch: engines["django"].from_string(f"{{% autoescape {switch} %}}{{% support_hours %}}{{% endautoescape %}}")
        for switch in ("on", "off")
    }
    assert 'class="nobr"' in said["on"].render()
    assert "<" not in said["off"].render()
    mails = [
        path for path in Path(settings.BASE_DIR, "templates").rglob("*.txt") if "support_hours" in path.read_text()
    ]
    assert mails
    assert [path for path in mails if "autoescape off" not in path.read_text()] == []


def test_an_error_page_has_a_number_to_tell_the_helpdesk(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert f'このページの記録番号：<span class="num">{response["X-Request-ID"][:8]}</span>' in response.content.decode()
