"""The one box on rows of our own: every way to find an office, in which order, and by which plan."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careplan_portal.lib.japan.kana import search_key
from careplan_portal.lib.japan.phone import digits
from helpdesk.queries.lookup import LIMIT, find
from offices.models import Corporation, Office, OfficeService
from offices.services.reference import load_reference
from tests.factories import make_office
from tests.helpdesk.conftest import TODAY

pytestmark = pytest.mark.django_db


def listed(number: str, name: str, kana: str = "", *, owner: str = "", phone: str = "", **fields: Any) -> Office:
    keys = [search_key(name), search_key(kana), search_key(owner)]
    return make_office(
        business_number=number, name=name, kana=kana, phone=phone, phone_digits=digits(phone), corporation_name=owner,
        search_key=" ".join(key for key in keys if key), **fields,
    )  # fmt: skip


@pytest.fixture
def places(db: None) -> None:
    load_reference()


@pytest.fixture
def town(places: None) -> dict[str, Office]:
    """A few offices of 米子, 鳥取 and 札幌."""
    owner = Corporation.objects.create(corporate_number="2011001027780", name="株式会社みなと")
    yonago: dict[str, Any] = {"municipality_id": "312029", "prefecture_id": "310000"}
    tottori: dict[str, Any] = {"municipality_id": "312011", "prefecture_id": "310000"}
    return {
        "kaze": listed("3170201432", "デイサービス　みなとの風", "デイサービスミナトノカゼ", phone="0859-00-0123",
                       owner="合同会社みなとの風", **yonago),
        "izumi": listed("3171500279", "居宅介護支援事業所いずみの苑", "キョタクカイゴシエンジギョウショイズミノソノ",
                        phone="0859-00-6777", **yonago),
        "takasaki": listed("3170200001", "髙﨑医院", "タカサキイイン", phone="0857-00-0001", corporation=owner, **tottori),
        "sakura": listed("0170400105", "さくら", "サクラ", phone="011-000-0105", municipality_id="011011",
                         prefecture_id="010006"),
        "sakura2": listed("3170200027", "ケアプランさくら", "ケアプランサクラ", corporation=owner, **tottori),
        "closed": listed("3170209993", "さくら", "サクラ", closed_on="2025-01-01", **yonago),
    }  # fmt: skip


def names(text: str) -> list[str]:
    return [hit.office.business_number for hit in find(text, TODAY).hits]


def jumped(text: str) -> int | None:
    office = find(text, TODAY).jump
    return office.pk if office else None


FIRST = [
    ("3170201432", "kaze"), ("31 7 02 0143 2", "kaze"), ("３１－７０２０１４３２", "kaze"), ("事業所番号3170201432", "kaze"),
    ("317020143", "kaze"), ("01432", "kaze"), ("0859000123", "kaze"), ("(0859)00-0123", "kaze"),
    ("０８５９－００－０１２３", "kaze"), ("+81 859 00 0123", "kaze"), ("0859-00-01", "kaze"), ("みなとの風", "kaze"),
    ("みなとのかぜ", "kaze"), ("ﾐﾅﾄﾉｶｾﾞ", "kaze"), ("みなとのかせ", "kaze"), ("デイサービスミナトノカゼ", "kaze"),
    ("みなとの風 米子", "kaze"), ("米子 みなと", "kaze"), ("よなご みなと", "kaze"),
    ("合同会社みなとの風", "kaze"), ("鳥取県 みなと", "kaze"), ("いずみのその", "izumi"), ("イスミノソノ", "izumi"),
    ("高崎医院", "takasaki"), ("髙崎", "takasaki"), ("タカサキ", "takasaki"), ("2011001027780", "takasaki"),
    ("さくら", "sakura"), ("札幌 さくら", "sakura"), ("鳥取 さくら", "sakura2"), ("株式会社みなとの風", "kaze"),
    ("170400105", "sakura"), ("0170400105", "sakura"),
    # Facts of several kinds in one breath.
    ("米子 みなと 0123", "kaze"), ("みなとの風 0859-00-0123", "kaze"), ("よなご デイ 0859", "kaze"), ("いずみ 6777", "izumi"),
    ("さくら 31702", "sakura2"), ("ききまちがい 0859-00-6777", "izumi"), ("米子市のデイ 3170201432", "kaze"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "first"), FIRST, ids=[typed for typed, _ in FIRST])
def test_what_is_typed_finds_its_office_first(town, typed, first) -> None:
    office = town[first]
    found = names(typed)
    if typed == "2011001027780":
        assert set(found) == {office.business_number, town["sakura2"].business_number}
        return
    assert found[:1] == [office.business_number]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("米子 みなと 0123", "名前と所在地と電話の下4桁"),
        ("みなと 0123", "名前と電話の下4桁"),
        ("みなと 0859", "名前と電話のはじめ"),
        ("みなと 1432 0123", "名前と番号の下4桁と電話の下4桁"),
    ],
)
def test_a_hit_names_every_fact_that_fits(town, typed, why) -> None:
    found = find(typed, TODAY)
    assert found.hits[0].why == why
    assert found.best is found.hits[0]


def test_of_hits_that_fit_alike_none_is_called_the_best(town) -> None:
    assert len(find("米子", TODAY).hits) > 1
    assert find("米子", TODAY).best is None


def test_a_whole_number_jumps_and_a_part_does_not(town) -> None:
    assert jumped("3170201432") == town["kaze"].pk
    assert find("317020143", TODAY).jump is None
    assert find("みなとの風", TODAY).jump is None
    assert jumped("0859-00-0123") == town["kaze"].pk


def test_a_number_that_is_also_a_telephone_does_not_jump(town) -> None:
    listed("0170500101", "ほかの事業所", phone="0170-400-105")
    found = find("0170400105", TODAY)
    assert found.jump is None
    assert found.hits[0].office.pk == town["sakura"].pk
    assert len(found.hits) == 2


def test_numbers_nearby_are_offered_only_when_it_does_not_exist(town) -> None:
    missing = find("3170201423", TODAY)  # two digits swapped
    assert missing.hits == []
    assert [hit.office.pk for hit in missing.near] == [town["kaze"].pk]
    assert [hit.office.pk for hit in find("3170201433", TODAY).near] == [town["kaze"].pk]
    assert find("3170201432", TODAY).near == ()
    assert list(find("9999999999", TODAY).near) == []


def test_closed_offices_come_last(town) -> None:
    found = names("さくら")
    assert found[0] == town["sakura"].business_number
    assert found[-1] == town["closed"].business_number


def test_the_place_that_was_named_comes_first_and_its_prefecture_follows(town) -> None:
    """Elsewhere is sought when neither has the name."""
    assert names("鳥取 さくら")[0] == town["sakura2"].business_number
    assert town["closed"].business_number in names("鳥取市 さくら")
    assert town["sakura"].business_number not in names("鳥取市 さくら")
    assert names("札幌 いずみの苑") == [town["izumi"].business_number]


def test_a_place_alone_lists_its_offices(town) -> None:
    assert set(names("米子市")) == {town[name].business_number for name in ("kaze", "izumi", "closed")}


def test_telephones_of_single_services_are_found_too(town) -> None:
    OfficeService.objects.create(
        office=town["izumi"], service_key="430", name="いずみの苑", phone="0859-00-9999", phone_digits="0859009999"
    )
    assert names("0859-00-9999") == [town["izumi"].business_number]


def test_mail_addresses_of_members_and_applicants(town, filed, person) -> None:
    from datetime import date

    from accounts.enums import Role
    from offices.models import Membership

    Membership.objects.create(
        user=person(Role.OFFICE_STAFF, "izumi.jimu@example.jp"),
        office=town["izumi"],
        role="staff",
        joined_on=date(2025, 4, 1),
    )
    filed(town["kaze"], email="Kaze_100%@example.jp")
    assert names("izumi.jimu@example.jp") == [town["izumi"].business_number]
    assert names("kaze_100%@example.jp") == [town["kaze"].business_number]
    assert names("kaze_1@") == []
    assert names("kaze%@") == []
    assert jumped("izumi.jimu@") == town["izumi"].pk


def test_receipt_and_inquiry_numbers(town, filed) -> None:
    from uuid import uuid4

    from helpdesk.services import inquiries

    application = filed(town["kaze"])
    assert jumped(application.receipt_number.lower()) == town["kaze"].pk
    assert names(application.receipt_number[:12]) == [town["kaze"].business_number]
    inquiry = inquiries.inquiry_receive(
        asked=inquiries.Asked("佐藤", "sato@example.jp", "", "stop", "質問", "1", uuid4()), today=TODAY
    )
    assert find(inquiry.number.replace("-", ""), TODAY).inquiry == inquiry


def test_hits_say_how_the_licence_stands(town, filed) -> None:
    filed(town["kaze"], proof="member")
    assert [hit.status for hit in find("みなとの風", TODAY).hits] == ["active_free"]
    assert [hit.status for hit in find("いずみのその", TODAY).hits] == ["none"]


def test_nothing_for_nothing(town) -> None:
    for text in ("", "　", "・", "？"):
        assert list(find(text, TODAY).hits) == []


# fallbacks -------------------------------------------------------------------------------------

MEANT = [
    # A place and digits narrow each other; last digits of a telephone alone; of a business number.
    ("米子 6777", "izumi", "所在地と電話の下4桁", ()), ("鳥取県 0279", "izumi", "所在地と番号の下4桁", ()), ("6777", "izumi", "電話のおわり", ()),
    # A word that fits nothing is left out, and that is said.
    ("米子の みなとの風", "kaze", "名前と所在地", ()), ("鳥取県米子市 みなと", "kaze", "名前と所在地", ()),
    ("よなご市みなとの風", "kaze", "名前と所在地", ()), ("米子のみなとの風", "kaze", "名前と所在地", ()),
    ("米子 みなとの風 ケアマネ", "kaze", "名前と所在地", ()), ("ワレモコウ みなとの風", "kaze", "名前", ("ワレモコウ",)),
    ("訪看 いずみの苑", "izumi", "名前", ()), ("米子 いずみの苑 9999", "izumi", "名前と所在地", ("9999",)),
    # One sound misheard, one too many, one too few; with a kind of service beside it.
    ("みなとのかで", "kaze", "聞きちがい？", ()), ("米子 みなどおのかぜ", "kaze", "聞きちがい？", ()), ("いずみその", "izumi", "聞きちがい？", ()),
    ("よなご ケアマネ いずむのその", "izumi", "聞きちがい？", ()),
    # The wrong town: the same prefecture first.
    ("鳥取市 みなとの風", "kaze", "名前（所在地は同じ県のなか）", ()),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "first", "why", "left_out"), MEANT, ids=[typed for typed, *_ in MEANT])
def test_what_was_meant_is_found_and_said(town, typed, first, why, left_out) -> None:
    found = find(typed, TODAY)
    assert [hit.office.business_number for hit in found.hits][:1] == [town[first].business_number]
    assert (found.hits[0].why, found.left_out) == (why, left_out)


def test_a_place_and_digits_do_not_list_the_whole_place(town) -> None:
    assert names("米子 6777") == [town["izumi"].business_number]


def test_a_street_stands_beside_its_town(town) -> None:
    Office.objects.filter(pk=town["izumi"].pk).update(address="鳥取県米子市川端町1")
    assert names("米子市川端町") == [town["izumi"].business_number]


def test_a_name_that_is_also_a_city_is_not_taken_for_it_beside_another_place(town) -> None:
    """隠岐の島 デイ さくら: an office of 佐倉市 stood first."""
    island: dict[str, Any] = {"municipality_id": "325287", "prefecture_id": "320005"}
    listed("1271200001", "デイサービスひなた", "デイサービスヒナタ", municipality_id="122122", prefecture_id="120006")
    right = listed("3270900002", "デイサービスさくら", "デイサービスサクラ", **island)
    assert names("隠岐の島 デイ さくら")[:1] == [right.business_number]
    assert names("隠岐 さくら")[:1] == [right.business_number]


def test_the_corporation_says_so(town) -> None:
    listed("3170204444", "ひなたの家", owner="有限会社つばめ商会")
    hit = find("つばめ商会", TODAY).hits[0]
    assert (hit.why, hit.office.corporation_name) == ("法人名", "有限会社つばめ商会")
    assert find("ひなたの家", TODAY).hits[0].why == "名前"


def test_whoever_filed_is_found_by_name(town, filed) -> None:
    filed(town["kaze"])  # 田淵 実
    for typed in ("田淵 実", "田淵　実", "田淵実"):
        assert [(hit.office.pk, hit.why) for hit in find(typed, TODAY).hits] == [(town["kaze"].pk, "申請した人の名前")]


def test_telephones_nearby_are_offered_when_nobody_has_it(town) -> None:
    for typed in ("0859-00-6778", "0859-00-7677"):
        found = find(typed, TODAY)
        assert (found.hits, found.near_phone) == ([], True)
        assert [hit.office.pk for hit in found.near] == [town["izumi"].pk]
    assert list(find("0859-00-6777", TODAY).near) == []


def test_nonsense_finds_nothing_and_asks_little(town) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = find("ほげほげらんらん ぴよぴよぴよ ぷう", TODAY)
    assert (list(found.hits), found.left_out) == ([], ())
    assert len(captured) <= 40


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("3199999999", ["番号の形は合っていますが、この番号の事業所はありません", "検査数字"]),
        ("31999999991", ["いまは11けた", "1けた多く"]),
        ("ワレモコウ みなとの風", ["「ワレモコウ」は見つからないので、のこりで探しました"]),
        ("0859-00-6778", ["この電話の事業所はありません", "いずみの苑"]),
        ("つばめ商会", ["見つかりません"]),
    ],
)
def test_the_page_says_what_became_of_the_question(desk_client, town, typed, texts) -> None:
    page = desk_client.get("/helpdesk/find/", {"q": typed}).text
    for text in texts:
        assert text in page, text


# plans -----------------------------------------------------------------------------------------

MANY = """
INSERT INTO offices_office (business_number, name, kana, postal_code, address, building, municipality_id, prefecture_id,
  phone, phone_digits, fax, url, corporation_id, corporation_name, scope, search_key, unlisted)
SELECT lpad((1300000000 + n * 37)::text, 10, '0'), 'デイサービス' || n, '', '', '', '', m.code, m.prefecture_id,
  '', lpad((300000000 + n * 7)::text, 10, '0'), '', '', CASE WHEN n %% 40 = 0 THEN %s END, '', 'yes',
  (ARRAY['ていさひす', '訪問介護', 'けあふらん', '居宅介護支援', 'くるふほむ', 'へるは', 'しよとすてい'])[n %% 7 + 1] || n || CASE WHEN n %% 5 = 0 THEN ' せんた' ELSE ' ' END || chr(12354 + n %% 80) || chr(12354 + n %% 71) || chr(12354 + n %% 67), false
FROM generate_series(1, 30000) n
JOIN (SELECT code, prefecture_id, row_number() OVER (ORDER BY code) - 1 AS place FROM offices_municipality) m
  ON m.place = n %% 1800
"""
SERVICES = """
INSERT INTO offices_officeservice (office_id, service_key, listing_no, source, open_data_code, service_name, name, kana,
  address, full_address, building, phone, phone_digits, fax, corporate_number, corporation_name, url, weekdays,
  weekdays_note, search_key, columns, service_type_id)
SELECT id, '150', 1, 'listed', '150', '', name, '', '', '', '', '', phone_digits, '', '', '', '', '', '', '', 24, (ARRAY['13', '15', '43'])[id %% 3 + 1]
FROM offices_office
"""
PEOPLE = """
INSERT INTO accounts_user (password, is_superuser, is_staff, is_active, date_joined, email, name, role, session_stamp)
SELECT '', false, false, true, now(), 'person' || n || '@example.jp', '', 'office_staff', 0 FROM generate_series(1, 5000) n
"""
MEMBERS = """
INSERT INTO offices_membership (user_id, office_id, role, joined_on, receives_notices)
SELECT u.id, o.id, 'staff', '2025-04-01', true
FROM (SELECT id, row_number() OVER () AS n FROM accounts_user WHERE email LIKE 'person%%') u
JOIN (SELECT id, row_number() OVER () AS n FROM offices_office) o USING (n)
"""
FILINGS = """
INSERT INTO campaigns_freepassapplication (receipt_number, form_key, campaign_id, office_id, channel, filed_on, filed_at,
  applicant_name, applicant_phone, applicant_email, terms_version, privacy_version, effect, starts_on, ends_on, answer,
  prove_by, proved_by, reason)
SELECT 'FP-2604-' || lpad((n / 1000)::text, 3, '0') || '-' || lpad((n %% 1000)::text, 3, '0') || '-A', gen_random_uuid(),
  (SELECT min(id) FROM campaigns_campaign), o.id, 'visitor', '2026-04-01', now(), '', '', 'Applicant' || n || '@example.jp',
  '', '', 'from_filing', '2026-04-01', '2027-03-31', '{}', '2026-05-01', '', ''
FROM (SELECT id, row_number() OVER () AS n FROM offices_office) o WHERE n <= 8000
"""
TABLES = ("offices_office", "offices_officeservice", "offices_membership", "accounts_user", "campaigns_freepassapplication",
          "offices_corporation", "licenses_license", "licenses_licenseterm")  # fmt: skip

ASKED = [
    "1300000037", "130000", "13000", "70037", "0300000007", "03000", "0300-000", "デイサービス", "デイ", "デイサービス123",
    "センター", "あいう", "札幌 デイ", "札幌市", "2011001027780", "person17@example.jp", "applicant17@example.jp",
    "FP-2604-001", "札幌 デイ 0300", "デイサービス 0007", "どこにもない 0300000007", "1300000038", "株式会社デイサービス 札幌", "どこにもない", "北区 さくら",
    "札幌 0007", "北海道 130", "0007", "0300-000-008", "札幌の デイサービス123 ケアマネ", "札幌市どこか", "けあふらむ123", "さっぽろ ていさひむ123",
    "田淵 実", "ほげほげ らんらん", "札幌 どこにもない ないない", "札幌 訪看 けあふらん", "札幌 居宅", "北海道 訪看", "NPOけあふらん 訪看", "札幌 特養 どこにもない",
]  # fmt: skip


@pytest.fixture
def register(places: None) -> None:
    """Thirty thousand generated offices, and what hangs on them."""
    owner = Corporation.objects.create(corporate_number="2011001027780", name="株式会社みなと")
    Corporation.objects.bulk_create(
        Corporation(corporate_number=f"{3000000000000 + at}", name=f"法人{at}") for at in range(3000)
    )
    with connection.cursor() as cursor:
        # What an earlier test rolled back left its page counts, so rows are estimated wrongly until ANALYZE:
        # a nested loop over people and offices then took a minute and a half.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(MANY, [owner.pk])
        for statement in (SERVICES, PEOPLE, MEMBERS, FILINGS):
            cursor.execute(statement.replace("%%", "%"))
        cursor.execute("SET LOCAL enable_nestloop = on")
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


def test_no_question_reads_a_whole_table(register: None) -> None:
    """Every statement of the box, explained: no sequential scan of a table that grows with the register."""
    scanned, statements = [], 0
    for text in ASKED:
        with CaptureQueriesContext(connection) as captured:
            find(text, TODAY)
        for query in captured.captured_queries:
            if not query["sql"].lstrip().startswith(("SELECT", "WITH")):
                continue
            statements += 1
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + query["sql"])
                plan = "\n".join(row[0] for row in cursor.fetchall())
            tables = [table for table in re.findall(r"Seq Scan on (\w+)", plan) if table in TABLES[:6]]
            scanned += [f"{text}: {table}\n{query['sql'][:300]}\n{plan}" for table in tables]
    assert statements > 50
    assert scanned == []


def test_common_words_fetch_no_more_than_enough(register: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = find("デイサービス", TODAY)
    assert len(found.hits) == LIMIT
    assert found.more
    assert len(captured) <= 6
