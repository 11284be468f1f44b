"""Loading, drafts, publishing, words: what is written, what is kept, what is refused."""

import datetime
import json
import shutil
import threading
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from accounts.enums import Role
from careplan_portal.lib.acting import SYSTEM, Acting
from faq.enums import AskedBy, FeedbackReason, RevisionKind, State
from faq.models import AskedQuestion, Entry, OutsideText, Revision, SearchStamp, WordGroup
from faq.queries import answer, content_of, newest_step, overdue_entries, search_stamp, week
from faq.rules.content import ContentError
from faq.services import (
    draft_discard,
    draft_save,
    entry_publish,
    entry_review,
    entry_start,
    entry_withdraw,
    faq_load,
    feedback_record,
    outside_add,
    question_opened,
    question_record,
    questions_forget,
    spelling_save,
    word_group_save,
)
from faq.services.links import link_state
from faq.services.loading import DATA
from faq.tasks import links_check
from tests.factories import make_user

ACTING = Acting(None, SYSTEM, "試験")
TODAY = datetime.date(2026, 4, 3)

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def slugs(question: str) -> list[str]:
    return [hit.entry.slug for hit in answer(question).hits]


# --- loading ------------------------------------------------------------------------------------------------


def test_loading_again_changes_nothing(loaded: None) -> None:
    before = (search_stamp(), Revision.objects.count(), Entry.objects.count())
    again = faq_load(acting=ACTING)
    assert (again.created, again.updated, again.kept, again.gone) == (0, 0, [], [])
    assert again.unchanged == again.entries == before[2]
    assert (search_stamp(), Revision.objects.count(), Entry.objects.count()) == before


def test_a_changed_file_updates_and_leaves_a_revision(loaded: None, folder: Path) -> None:
    path = folder / "entries" / "fee.toml"
    path.write_text(
        path.read_text().replace("1年で21,000円です。毎月ではありません。", "1年で21,000円です。月ごとではありません。")
    )
    stamp = search_stamp()
    result = faq_load(acting=ACTING, folder=folder)
    assert (result.updated, result.created) == (1, 0)
    entry = Entry.objects.get(slug="fee-yearly")
    assert "月ごとではありません" in entry.short
    assert [revision.kind for revision in entry.revisions.order_by("pk")] == ["loaded", "loaded"]
    assert search_stamp() != stamp


def test_what_people_changed_is_kept_unless_overwritten(loaded: None) -> None:
    entry = Entry.objects.get(slug="fee-yearly")
    changed = replace(content_of(entry), short="人が直した短い答えです。")
    draft_save(entry=entry, content=changed, acting=ACTING)
    entry_publish(entry=entry, acting=ACTING)
    withdrawn = Entry.objects.get(slug="rural")
    entry_withdraw(entry=withdrawn, acting=ACTING)
    result = faq_load(acting=ACTING)
    assert sorted(result.kept) == ["fee-yearly", "rural"]
    entry.refresh_from_db()
    assert entry.short == "人が直した短い答えです。"
    assert faq_load(acting=ACTING, overwrite=True).updated == 2
    entry.refresh_from_db()
    assert "21,000円" in entry.short


def test_entries_that_left_the_file_are_named_not_withdrawn(loaded: None, folder: Path) -> None:
    (folder / "entries" / "staff.toml").unlink()
    result = faq_load(acting=ACTING, folder=folder)
    assert result.gone == ["staff-caller-identity", "staff-hand-grant"]
    assert Entry.objects.get(slug="staff-hand-grant").state == State.PUBLISHED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "fee-future"', 'slug = "fee-yearly"', "2つ"),
        ('"fee-per-number", "fee-future", "billing-day"', '"no-such-entry"', "no-such-entry"),
        ('topic = "fee"', 'topic = "nothing"', "nothing"),
        ('short = "未定です（決まったらお知らせします）。いまの料金', 'short = "いまの料金', "未定です"),
        ("source_questions = [28]", "source_questions = [280]", "280"),
    ],
)
def test_a_faulty_file_is_refused_whole(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "entries" / "fee.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ContentError, match=said), transaction.atomic():
        faq_load(acting=ACTING, folder=folder)
    assert not Entry.objects.exists()


def test_the_files_words_are_merged_with_peoples(loaded: None, folder: Path) -> None:
    group = WordGroup.objects.get(name="free-pass")
    word_group_save(name="free-pass", words=[*group.words[1:], "ただパス"], acting=ACTING)
    path = folder / "synonyms.toml"
    path.write_text(
        path.read_text().replace('words = ["フリーパス", "フリーバス"', 'words = ["フリーパス", "新しい呼び名"')
    )
    faq_load(acting=ACTING, folder=folder)
    words = WordGroup.objects.get(name="free-pass").words
    assert "ただパス" in words
    assert "新しい呼び名" in words
    assert "フリーバス" not in words
    assert "フリーパス" not in words


def test_load_faq_prints_the_number_or_json_alone(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    out = StringIO()
    call_command("load_faq", "--json", stdout=out)
    counts = json.loads(out.getvalue())
    assert counts["entries"] == counts["created"] > 100
    out = StringIO()
    call_command("load_faq", stdout=out)
    assert out.getvalue().strip() == str(counts["entries"])
    with pytest.raises(CommandError):
        call_command("load_faq", "--folder", "/nowhere")


# --- drafts -------------------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_until_it_is_published(loaded: None) -> None:
    entry = Entry.objects.get(slug="rural")
    stamp = search_stamp()
    changed = replace(content_of(entry), question="離れ小島でも使われていますか", asks=("はなれこじま",))
    draft_save(entry=entry, content=changed, acting=ACTING)
    entry.refresh_from_db()
    assert entry.question == "地方でも使われていますか"
    assert search_stamp() == stamp
    entry_publish(entry=entry, acting=Acting(None, SYSTEM, "聞かれたので"))
    entry.refresh_from_db()
    assert (entry.question, entry.draft) == ("離れ小島でも使われていますか", None)
    assert slugs("離れ小島")[0] == "rural"
    last = entry.revisions.order_by("-pk").first()
    assert last is not None
    assert (last.kind, last.reason) == (RevisionKind.PUBLISHED, "聞かれたので")


def test_a_draft_that_lacks_something_cannot_be_published(loaded: None) -> None:
    entry = entry_start(slug="new-one", question="新しい質問", topic="fee", today=TODAY, acting=ACTING)
    with pytest.raises(ContentError, match="short"):
        entry_publish(entry=entry, acting=ACTING)
    entry.refresh_from_db()
    assert entry.state == State.DRAFT
    assert "new-one" not in slugs("新しい質問")
    whole = replace(
        content_of(entry),
        short="新しい答えです。",
        phone="新しい答えです。",
        paper="新しい答えです。",
        related=("rural",),
    )
    draft_save(entry=entry, content=whole, acting=ACTING)
    entry_publish(entry=entry, acting=ACTING)
    assert slugs("新しい質問")[0] == "new-one"


def test_names_that_are_not_there_are_refused(loaded: None) -> None:
    entry = Entry.objects.get(slug="rural")
    for changes in ({"topic": "nothing"}, {"related": ("nothing",)}, {"related": ("rural",)}):
        with pytest.raises(ContentError):
            draft_save(entry=entry, content=replace(content_of(entry), **changes), acting=ACTING)  # type: ignore[arg-type]
    with pytest.raises(ContentError, match="もう使われて"):
        entry_start(slug="rural", question="x", topic="fee", today=TODAY, acting=ACTING)
    with pytest.raises(ContentError, match="話題"):
        entry_start(slug="other", question="x", topic="nothing", today=TODAY, acting=ACTING)


def test_a_discarded_draft_and_a_withdrawn_entry(loaded: None) -> None:
    entry = Entry.objects.get(slug="rural")
    draft_discard(entry=entry, acting=ACTING)
    assert entry.revisions.count() == 1
    draft_save(entry=entry, content=replace(content_of(entry), short="別の答えです。"), acting=ACTING)
    draft_discard(entry=entry, acting=ACTING)
    entry.refresh_from_db()
    assert entry.draft is None
    assert "rural" in slugs("田舎でも使える")
    entry_withdraw(entry=entry, acting=ACTING)
    assert "rural" not in slugs("田舎でも使える")
    entry_publish(entry=entry, acting=ACTING)
    assert "rural" in slugs("田舎でも使える")


def test_reviews_move_the_day_and_leave_the_list(loaded: None) -> None:
    entry = Entry.objects.get(slug="fee-future")
    later = datetime.date(2026, 5, 1)
    assert entry in overdue_entries(later)
    assert entry not in overdue_entries(datetime.date(2026, 4, 13))
    with pytest.raises(ContentError):
        entry_review(entry=entry, next_on=later, today=later, acting=ACTING)
    entry_review(entry=entry, next_on=datetime.date(2027, 5, 1), today=later, acting=ACTING)
    assert entry not in overdue_entries(later)
    entry.refresh_from_db()
    assert entry.as_of == later


def test_revisions_only_grow(loaded: None) -> None:
    for sql in ("UPDATE faq_revision SET reason = 'x'", "DELETE FROM faq_revision"):
        with pytest.raises(Exception, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# --- words --------------------------------------------------------------------------------------------------


def test_new_words_are_used_by_the_next_search(loaded: None) -> None:
    assert "certificate-free" not in slugs("デンショ")
    spelling_save(wrong="デンショ", right="電子証明書", acting=ACTING)
    assert "certificate-install" in slugs("デンショ")
    word_group_save(name="cat", words=["ネコ型"], acting=ACTING)
    outside_add(kind=OutsideText.Kind.WORD, text="電子証明書", acting=ACTING)
    assert Revision.objects.filter(kind=RevisionKind.WORDS, subject__startswith="outside").exists()
    for call in (
        lambda: spelling_save(wrong="a", right="a", acting=ACTING),
        lambda: word_group_save(name=" ", words=["x"], acting=ACTING),
        lambda: outside_add(kind=OutsideText.Kind.WORD, text=" ", acting=ACTING),
    ):
        with pytest.raises(ContentError):
            call()


def test_a_rolled_back_change_is_not_searched(loaded: None) -> None:
    entry = Entry.objects.get(slug="rural")
    with transaction.atomic():
        entry_withdraw(entry=entry, acting=ACTING)
        assert "rural" not in slugs("田舎でも使える")
        transaction.set_rollback(True)
    assert "rural" in slugs("田舎でも使える")


def test_threads_share_one_index(loaded: None) -> None:
    answer("料金")
    index_before = answer("料金").hits[0].entry
    found: list[str] = []

    def look() -> None:
        from faq.queries.current import _kept
        from faq.rules.search import search

        found.append(search(_kept.current[False].index, "料金はいくら").hits[0].entry.slug)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["fee-yearly"] * 8
    assert answer("料金").hits[0].entry is index_before


def test_there_is_only_one_stamp(loaded: None) -> None:
    with pytest.raises(Exception, match="one_search_stamp"), transaction.atomic():
        SearchStamp.objects.create(pk=2)


# --- learning -----------------------------------------------------------------------------------------------


def test_the_week_lists_what_to_write_next(loaded: None) -> None:
    entry = Entry.objects.get(slug="rural")
    for visitor in "abc":
        question_record(text="猫のエサ", settled=False, today=TODAY, visitor=visitor)
        question_record(text="ねこのえさ ", settled=False, today=TODAY, visitor=visitor)
        question_record(text="料金は", settled=True, today=TODAY, visitor=visitor)
    question_record(text="田舎", settled=True, today=TODAY, visitor="a")
    assert question_opened(text="田舎", entry=entry, visitor="a", today=TODAY)
    assert not question_opened(text="知らない", entry=entry, visitor="a", today=TODAY)
    for _ in range(2):
        question_record(text="手紙が来た", settled=False, today=TODAY, asked_by=AskedBy.TELEPHONE, tag="手紙")
    question_record(text="先週の質問", settled=False, today=TODAY - datetime.timedelta(days=7), visitor="z")
    feedback_record(
        entry=entry,
        visitor="a",
        network="n",
        helped=False,
        today=TODAY,
        reason=FeedbackReason.HARD_TO_READ,
        comment="長い",
    )
    feedback_record(entry=entry, visitor="b", network="m", helped=True, today=TODAY)
    seen = week(TODAY)
    assert (seen.first, seen.last) == (datetime.date(2026, 3, 28), TODAY)
    assert ("猫のエサ", 3) in [(one.text, one.times) for one in seen.unsettled]
    assert "先週の質問" not in [one.text for one in seen.unsettled]
    assert [(one.text, one.times) for one in seen.unopened] == [("料金は", 3)]
    assert [(one.text, one.times, one.tag) for one in seen.spoken] == [("手紙が来た", 2, "手紙")]
    assert [(one.entry, one.did_not, one.helped, one.reasons) for one in seen.unclear] == [
        (entry, 1, 1, (("ことばが難しい", 1),))
    ]
    assert seen.unclear[0].comments == ("長い",)


def test_questions_are_forgotten_after_a_time(db: None) -> None:
    for days in (179, 180, 181):
        question_record(text=f"質問{days}", settled=False, today=TODAY - datetime.timedelta(days=days), visitor="a")
    assert question_record(text="？", settled=False, today=TODAY) is None
    assert questions_forget(today=TODAY) == 1
    assert questions_forget(today=TODAY) == 0
    assert AskedQuestion.objects.count() == 2


@pytest.mark.parametrize(
    ("link", "state"),
    [
        ("/faq/", "ok"),
        ("/no/such/page/", "no such page here"),
        ("tel:0120000000", "ok"),
        ("ftp://example.jp/", "not a web address"),
    ],
)
def test_links_of_our_own_are_resolved(link: str, state: str) -> None:
    assert link_state(link, timeout=1) == state


def test_a_link_that_nobody_answers_is_told() -> None:
    assert link_state("http://127.0.0.1:9/", timeout=1).startswith("no answer")


def test_faq_links_tells_broken_ones(loaded: None) -> None:
    out = StringIO()
    call_command("faq_links", "--json", stdout=out)
    assert json.loads(out.getvalue())["broken"] == []
    Entry.objects.filter(slug="rural").update(details="[x](/no/such/page/)")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("faq_links", "--json", stdout=out)
    assert json.loads(out.getvalue())["broken"] == [
        {"slug": "rural", "link": "/no/such/page/", "state": "no such page here"}
    ]


def test_what_the_weekly_check_found_stands_on_the_editors_page(loaded: None, client: Client) -> None:
    Entry.objects.filter(slug="rural").update(details="[x](/no/such/page/)")
    client.force_login(make_user(Role.HELPDESK), backend="django.contrib.auth.backends.ModelBackend")
    assert "開かないリンク" not in client.get("/faq/desk/").content.decode()
    assert links_check() == 1
    page = client.get("/faq/desk/").content.decode()
    assert "開かないリンク（1）" in page
    assert "/no/such/page/" in page
    Entry.objects.filter(slug="rural").update(details="")
    assert links_check() == 0
    assert "開かないリンク" not in client.get("/faq/desk/").content.decode()


def test_a_link_to_no_page_of_ours_is_not_published(entry: Entry) -> None:
    draft_save(entry=entry, content=replace(content_of(entry), details="[x](/no/such/page/)"), acting=ACTING)
    with pytest.raises(ContentError, match="/no/such/page/"):
        entry_publish(entry=entry, acting=ACTING)
    entry.refresh_from_db()
    assert "/no/such/page/" not in entry.details


def test_nobody_writes_over_what_they_have_not_seen(entry: Entry) -> None:
    seen = newest_step(entry)
    draft_save(entry=entry, content=replace(content_of(entry), short="先の答えです。"), acting=ACTING, seen=seen)
    with pytest.raises(ContentError, match="先に直しました"):
        draft_save(entry=entry, content=replace(content_of(entry), short="後の答えです。"), acting=ACTING, seen=seen)
    with pytest.raises(ContentError, match="先に直しました"):
        entry_publish(entry=entry, acting=ACTING, seen=seen)
    entry.refresh_from_db()
    assert content_of(entry, draft=True).short == "先の答えです。"
    entry_publish(entry=entry, acting=ACTING, seen=newest_step(entry))
    entry.refresh_from_db()
    assert entry.short == "先の答えです。"
