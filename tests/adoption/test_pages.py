"""Pages, files and who may see what."""

import io
import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import AccessRecord, User
from accounts.services import user_create
from adoption.documents.body import bodies_prepare
from adoption.models import AreaCall, SnapshotRun
from adoption.queries.figures import newest_run
from adoption.services.filings import filings_publish_due
from adoption.services.reach import reach_make_due
from adoption.services.snapshots import snapshot_make
from adoption.services.splits import splits_publish_due
from careplan_portal.lib import words
from careplan_portal.lib.acting import NIGHT
from offices.models import Area, Membership, Office
from tests.adoption.conftest import MATSUE, TOTTORI, YONAGO, free, open_office, paid
from tests.campaigns.my_pages import text

TODAY = date(2025, 9, 10)


def person(email: str, role: Role) -> Client:
    user = user_create(email=email, name="田淵 実", role=role, acting=NIGHT, verified=True)
    client = Client()
    client.force_login(user)
    client.user = user  # type: ignore[attr-defined]
    return client


@pytest.fixture
def world(db: None, settings: object) -> dict[str, Office]:
    """Two areas, an officer each; Yonago with enough offices for splits."""
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]
    named = {
        "yonago": open_office(YONAGO, ("43",), name="居宅介護支援 ひなた", latitude=35.43, longitude=133.33),
        "matsue": open_office(MATSUE, ("15",), name="デイサービス 宍道", latitude=35.46, longitude=133.05),
    }
    for number in range(14):
        office = open_office(YONAGO, ("15",), latitude=35.43 + number / 1000, longitude=133.33)
        (free if number % 2 else paid)(office, date(2025, 6, 2) + timedelta(days=number))
    for place, count in ((YONAGO, 6), (MATSUE, 7)):
        for _ in range(count):
            open_office(place, ("11",))
    for day in (date(2025, 8, 31), TODAY - timedelta(days=1)):
        snapshot_make(day=day)
    splits_publish_due(today=TODAY)
    filings_publish_due(today=TODAY)
    reach_make_due(today=TODAY)
    for code, municipality in (("yonago", YONAGO), ("matsue", MATSUE)):
        area = Area.objects.create(code=code, name=f"{code}市")
        area.municipalities.set([municipality])
    return named


@pytest.fixture
def officer(world: dict[str, Office]) -> Client:
    client = person("o@city.example", Role.OFFICER)
    Area.objects.get(code="yonago").officers.add(client.user)  # type: ignore[attr-defined]
    return client


PUBLIC = ["/adoption/", f"/adoption/{TOTTORI}/", f"/adoption/{YONAGO}/", "/adoption/definitions/", "/adoption/data/"]


@pytest.mark.parametrize("url", PUBLIC)
def test_public_pages_open_for_everybody(client: Client, world: dict[str, Office], url: str) -> None:
    body = client.get(url).content.decode()
    assert "<h1" in body
    for office in world.values():
        assert office.name not in body
        assert office.business_number not in body


def test_the_page_of_a_municipality_answers_its_questions(client: Client, world: dict[str, Office]) -> None:
    body = client.get(f"/adoption/{YONAGO}/").content.decode()
    assert "対象21事業所のうち<strong>14事業所（66.7％）</strong>" in body
    assert "2025年9月9日24時" in body
    assert "更新が遅れています" not in body


def test_it_takes_a_handful_of_queries(
    client: Client, world: dict[str, Office], django_assert_max_num_queries: object
) -> None:
    client.get(f"/adoption/{YONAGO}/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(f"/adoption/{YONAGO}/")


def test_what_an_earlier_release_kept_is_not_shown(
    client: Client, world: dict[str, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, template = f"/adoption/{YONAGO}/", "adoption.documents.body.render_to_string"
    assert "普及率" in client.get(url).content.decode()
    monkeypatch.setattr(template, lambda *_: "<p>新しい版の文</p>")
    assert "新しい版の文" not in client.get(url).content.decode()
    monkeypatch.setattr("adoption.documents.body.writer", lambda: "another-release")
    assert "新しい版の文" in client.get(url).content.decode()


def test_late_figures_say_so(client: Client, world: dict[str, Office], settings: object) -> None:
    settings.PORTAL_TODAY = TODAY + timedelta(days=3)  # type: ignore[attr-defined]
    assert "更新が遅れています" in client.get("/adoption/").content.decode()


def test_an_earlier_day_that_was_chosen_is_not_late(client: Client, world: dict[str, Office]) -> None:
    body = client.get("/adoption/?on=2025-08-31").content.decode()
    assert "遅れています" not in body
    assert "次の更新" not in body
    assert '<option value="" selected>' not in body
    assert '<option value="" selected>' in client.get("/adoption/").content.decode()
    book = load_workbook(io.BytesIO(client.get(f"/adoption/{YONAGO}/cards/course.xlsx?on=2025-08-31").content))
    about = {row[0].value for row in book["この表について"].iter_rows()}
    assert not about & {"遅れの理由", "次の更新"}


def test_before_the_first_night_the_page_says_when(client: Client, db: None) -> None:
    assert "数字は、まだありません" in client.get("/adoption/").content.decode()


def test_filters_stand_in_the_address_and_in_the_files(client: Client, world: dict[str, Office]) -> None:
    url = f"/adoption/{YONAGO}/cards/course"
    page = client.get(f"{url}/?cut=15&on=2025-08-31").content.decode()
    assert "通所介護" in page
    file = client.get(f"{url}.csv?cut=15&on=2025-08-31")
    text = file.content.decode("utf-8-sig")
    assert file.content.startswith(b"\xef\xbb\xbf")
    assert "2025-08,14,14,100.0" in text
    assert text.splitlines()[1].endswith("2025-08-31,米子市（鳥取県）,通所介護")
    book = load_workbook(io.BytesIO(client.get(f"{url}.xlsx?cut=15&on=2025-08-31").content))
    about = {row[0].value: row[1].value for row in book["この表について"].iter_rows()}
    assert about["側・サービス"] == "通所介護"
    assert "cut=15" in about["アドレス"]
    assert about["時点"] == "2025年8月31日（日） 24時"


def test_the_planner_reckons_with_what_was_asked(client: Client, world: dict[str, Office]) -> None:
    url = f"/adoption/{YONAGO}/cards/planner"
    page = client.get(f"{url}/?share=30&months=6").content.decode()
    assert "30％を6か月補助すると、1事業所あたり3,150円" in page
    assert 'name="share" value="30"' in page
    rows = client.get(f"{url}.csv?share=30&months=6&cut=11").content.decode("utf-8-sig").splitlines()
    assert rows[-1] == "100％,6,18900,100.0,0,2025-09-09,米子市（鳥取県）,訪問介護,30％,6か月"
    wrong = client.get(f"{url}/?share=200&months=6&cut=11").content.decode()
    assert "補助の割合は1から100までの整数です" in wrong
    assert "50％を6か月補助すると" in wrong
    assert 'name="share" value="200" aria-invalid="true"' in wrong
    for typed in ("", "abc", "0", "-5"):
        wrong = client.get(f"{url}/?share={typed}&months={typed}").content.decode()
        assert f'name="share" value="{typed}" aria-invalid="true"' in wrong
        assert "月数は1から36までの整数です" in wrong
    assert "は1から" not in client.get(f"{url}/").content.decode()


def test_a_late_card_says_why_on_the_page_and_in_its_file(
    client: Client, world: dict[str, Office], settings: object
) -> None:
    settings.PORTAL_TODAY = TODAY + timedelta(days=3)  # type: ignore[attr-defined]
    url = f"/adoption/{YONAGO}/cards/course"
    assert "夜間処理がまだ終わっていません" in client.get(f"{url}/").content.decode()
    book = load_workbook(io.BytesIO(client.get(f"{url}.xlsx").content))
    about = {row[0].value: row[1].value for row in book["この表について"].iter_rows()}
    assert "夜間処理がまだ終わっていない" in about["遅れの理由"]
    assert about["次の更新"] == "2025年9月14日（日） 0時すぎ"


def test_every_card_has_a_page_and_its_files(client: Client, world: dict[str, Office]) -> None:
    body = client.get(f"/adoption/{YONAGO}/").content.decode()
    links = set(re.findall(rf'href="(/adoption/{YONAGO}/cards/[^"]+)"', body))
    assert len(links) >= 15
    for link in links:
        response = client.get(link)
        assert response.status_code == 200, link
        if link.endswith(".svg"):
            assert response.content.startswith(b"<svg ")


@pytest.mark.parametrize("url", ["/adoption/999999/", "/adoption/011011/", f"/adoption/{YONAGO}/cards/none/",
                                 f"/adoption/{YONAGO}/cards/compare.svg", "/adoption/data/999999.csv"])  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, world: dict[str, Office], url: str) -> None:
    assert client.get(url).status_code == 404


def test_a_day_without_figures_falls_back_and_says_so(client: Client, world: dict[str, Office]) -> None:
    for query, said in {
        "on=2031-01-01": "その日の数字はありません。",
        "on=きのう": "時点を日付として読めません。",
        "cut=zzz": "側・サービスに、その選択肢はありません。",
    }.items():
        body = client.get(f"/adoption/?{query}").content.decode()
        assert "選べない条件がありました" in body
        assert said in body


def test_open_data_has_stable_names_and_every_place(client: Client, world: dict[str, Office]) -> None:
    rows = client.get("/adoption/data/municipalities.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1742
    assert f"{YONAGO},鳥取県,米子市,21,14,66.7" in "\n".join(rows)
    course = client.get(f"/adoption/data/{YONAGO}.csv").content.decode("utf-8-sig")
    assert "2025-09-09,21,14,66.7" in course
    assert client.get("/adoption/data/prefectures.xlsx").status_code == 200


# --- officers --------------------------------------------------------------------------------------------

NAMED = ["", "offices/", "offices.csv", "next/", "next.csv", "report.pdf", "reports/", "cards/course/",
         "cards/services.csv", "cards/endings.xlsx", "cards/reach.csv", "cards/planner/"]  # fmt: skip


@pytest.mark.parametrize("path", NAMED)
def test_an_officer_sees_the_own_area_and_nothing_of_another(officer: Client, path: str) -> None:
    assert officer.get(f"/adoption/areas/yonago/{path}").status_code == 200
    assert officer.get(f"/adoption/areas/matsue/{path}").status_code == 404


@pytest.mark.parametrize("path", NAMED)
def test_visitors_and_members_see_no_area(client: Client, world: dict[str, Office], path: str) -> None:
    assert client.get(f"/adoption/areas/yonago/{path}").status_code == 302
    member = person("m@x.example", Role.OFFICE_STAFF)
    assert member.get(f"/adoption/areas/yonago/{path}").status_code == 403


def test_filters_do_not_open_another_area(officer: Client, world: dict[str, Office]) -> None:
    for query in (
        f"municipality={MATSUE}",
        "q=宍道",
        f"cut=15&municipality={MATSUE}",
    ):
        for path in ("offices/", "offices.csv", "next/", "next.csv"):
            body = officer.get(f"/adoption/areas/yonago/{path}?{query}").content.decode()
            assert world["matsue"].name not in body
            assert world["matsue"].business_number not in body


def test_the_list_names_offices_and_no_person(officer: Client, world: dict[str, Office]) -> None:
    office = world["yonago"]
    user = User.objects.create_user("yamane@office.example", "x", name="山根 涼子")
    Membership.objects.create(user=user, office=office, joined_on=date(2025, 1, 1))
    body = officer.get("/adoption/areas/yonago/offices/?uses=no").content.decode()
    assert office.name in body
    assert "まだ" in body
    for secret in ("山根", "yamane@", office.phone):
        assert secret not in body
        assert secret not in officer.get("/adoption/areas/yonago/offices.csv").content.decode("utf-8-sig")
    assert AccessRecord.objects.filter(subject_key="area:yonago").count() == 3


def test_filters_of_the_list(officer: Client, world: dict[str, Office]) -> None:
    def count(query: str) -> int:
        body = officer.get(f"/adoption/areas/yonago/offices/?{query}").content.decode()
        return int(re.search(r"<b>(\d+)事業所</b>", body).group(1))  # type: ignore[union-attr]

    assert (count(""), count("uses=yes"), count("uses=no"), count("cut=cm"), count("cut=11")) == (21, 14, 7, 1, 6)
    assert count("q=ひなた") in (0, 1)
    assert count(f"q={world['yonago'].business_number}") == 1


def test_next_to_talk_to_and_ticking_off(officer: Client, world: dict[str, Office]) -> None:
    url = "/adoption/areas/yonago/next/"
    assert "10 km以内のサービス14か所のうち、14か所がもう使っています" in text(officer.get(url))
    number = world["yonago"].business_number
    said = text(officer.post(f"{url}{number}/", {"way": "visit", "outcome": "thinking"}, follow=True))
    assert "声をかけたことを記録しました" in said
    assert f"{words.ja_day(TODAY)}、訪問：考えている" in said
    call = AreaCall.objects.get()
    assert (call.acting_as, call.by.email, call.on) == (Role.OFFICER, "o@city.example", TODAY)
    wrong = officer.post(f"{url}{number}/", {"way": "phone", "outcome": ""}, follow=True).content.decode()
    assert "の記録はできませんでした。結果を選んでください。" in wrong
    later = {"way": "visit", "outcome": "sent", "on": (TODAY + timedelta(days=1)).isoformat()}
    assert "きょうまでの日です" in officer.post(f"{url}{number}/", later, follow=True).content.decode()
    assert AreaCall.objects.count() == 1
    officer.post(f"{url}{number}/", later | {"on": "2025-09-01"})
    assert [call.on for call in AreaCall.objects.all()] == [TODAY, date(2025, 9, 1)]
    assert (
        officer.post(f"{url}{world['matsue'].business_number}/", {"way": "visit", "outcome": "sent"}).status_code == 404
    )
    assert (
        officer.post(f"/adoption/areas/matsue/next/{number}/", {"way": "visit", "outcome": "sent"}).status_code == 404
    )


def test_operators_see_every_area_but_note_nothing_and_their_look_is_recorded(world: dict[str, Office]) -> None:
    operator = person("op@x.example", Role.OPERATOR)
    body = operator.get("/adoption/areas/yonago/next/").content.decode()
    assert world["yonago"].name in body
    assert "記録する" not in body
    assert AccessRecord.objects.filter(subject_kind="area", subject_key="yonago").count() == 1
    number = world["yonago"].business_number
    assert (
        operator.post(f"/adoption/areas/yonago/next/{number}/", {"way": "visit", "outcome": "sent"}).status_code == 403
    )


# --- members ---------------------------------------------------------------------------------------------


def test_a_member_sees_the_own_neighbourhood_only(world: dict[str, Office]) -> None:
    member = person("m@x.example", Role.OFFICE_STAFF)
    Membership.objects.create(user=member.user, office=world["yonago"], joined_on=date(2025, 1, 1))  # type: ignore[attr-defined]
    url = f"/adoption/near/{world['yonago'].business_number}/"
    body = member.get(url).content.decode()
    assert "3 km以内のサービス事業所14か所のうち、14か所が使っています（100.0％）" in re.sub(r"<[^>]+>", "", body)
    assert "近くの事業所の一覧を見る" in member.get(f"{url}part/").content.decode()
    assert member.get(f"/adoption/near/{world['matsue'].business_number}/").status_code == 404
    assert Client().get(url).status_code == 302


def test_an_office_without_position_is_told_so(world: dict[str, Office]) -> None:
    member = person("m@x.example", Role.OFFICE_STAFF)
    office = open_office(YONAGO)
    Membership.objects.create(user=member.user, office=office, joined_on=date(2025, 1, 1))  # type: ignore[attr-defined]
    assert "位置が分かりません" in member.get(f"/adoption/near/{office.business_number}/").content.decode()


# --- kept pages ---------------------------------------------------------------------------------------------


def test_an_area_is_kept_as_it_is_now(officer: Client, world: dict[str, Office]) -> None:
    """A renamed area or one that holds something else is another page; nobody's area shows another's."""
    area, matsue = Area.objects.get(code="yonago"), Area.objects.get(code="matsue")
    before = officer.get("/adoption/areas/yonago/").content.decode()
    assert "対象21事業所のうち" in before
    area.municipalities.add(MATSUE)
    assert "対象29事業所のうち" in officer.get("/adoption/areas/yonago/").content.decode()
    area.municipalities.remove(MATSUE)
    area.name = "米子の別の名前"
    area.save()
    assert "米子の別の名前" in officer.get("/adoption/areas/yonago/").content.decode()
    matsue.officers.add(officer.user)  # type: ignore[attr-defined]
    assert "対象8事業所のうち" in officer.get("/adoption/areas/matsue/").content.decode()


def test_areas_are_written_after_the_night_and_read_without_their_figures(
    officer: Client, world: dict[str, Office], django_assert_max_num_queries: object
) -> None:
    run = newest_run(TODAY)
    assert run is not None
    assert bodies_prepare(run, TODAY) == 5 + Area.objects.count()
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert "対象21事業所のうち" in officer.get("/adoption/areas/yonago/").content.decode()


# --- commands --------------------------------------------------------------------------------------------


def test_the_night_makes_figures(world: dict[str, Office]) -> None:
    from careplan_portal.nightly import JOBS

    SnapshotRun.objects.filter(day=TODAY - timedelta(days=1)).delete()
    assert JOBS["figures"](TODAY)["days"] == 9 + 12


def test_days_are_made_anew_by_command(world: dict[str, Office]) -> None:
    out = io.StringIO()
    call_command("make_snapshots", first="2025-09-01", last="2025-09-02", known="now", stdout=out)
    assert SnapshotRun.objects.get(day=date(2025, 9, 1)).known_on == TODAY
    snapshot_make(day=date(2025, 9, 1))
    assert SnapshotRun.objects.get(day=date(2025, 9, 1)).known_on == date(2025, 9, 1)
