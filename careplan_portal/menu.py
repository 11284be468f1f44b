"""What stands in the header for whom. An entry whose page is not there yet is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from accounts.enums import Role

EVERYBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Entry:
    """``url_name`` as in ``reverse``; ``roles`` empty: for everybody, signed in or not. ``seldom``: folded behind one
    word, so that the bar stays in one row."""

    label: str
    url_name: str
    roles: frozenset[Role] = EVERYBODY
    seldom: bool = False


@dataclass(frozen=True)
class Shown:
    label: str
    url: str
    current: bool
    seldom: bool = False


MAIN = (
    Entry("わたしの事業所", "campaigns:my", frozenset({Role.OFFICE_STAFF})),
    Entry("担当地域", "adoption:areas", frozenset({Role.OFFICER})),
    Entry("窓口の画面", "helpdesk:home", frozenset({Role.HELPDESK, Role.OPERATOR})),
    Entry("運営の記録", "licenses:nights", frozenset({Role.AUDITOR})),
    Entry("無料になるか調べる", "campaigns:start"),
    Entry("よくある質問", "faq:index"),
    Entry("普及状況", "adoption:index"),
    Entry("問い合わせ", "helpdesk:inquiry"),
)
DESK = (
    Entry("電話の窓口", "helpdesk:home", frozenset({Role.HELPDESK, Role.OPERATOR})),
    Entry("手紙", "campaigns:letters", frozenset({Role.HELPDESK, Role.OPERATOR})),
    Entry("お知らせ", "notices:outbox", frozenset({Role.HELPDESK, Role.OPERATOR, Role.AUDITOR})),
    Entry("昨夜の更新", "licenses:nights", frozenset({Role.OPERATOR, Role.AUDITOR})),
    Entry("キャンペーン", "campaigns:operator", frozenset({Role.OPERATOR, Role.AUDITOR})),
    Entry("料金", "licenses:fees", frozenset({Role.OPERATOR, Role.AUDITOR}), seldom=True),
    Entry("取り込み", "offices:imports", frozenset({Role.OPERATOR, Role.AUDITOR}), seldom=True),
    Entry("リンク集", "links:desk", frozenset({Role.OPERATOR, Role.AUDITOR}), seldom=True),
    Entry("利用者", "accounts:users", frozenset({Role.OPERATOR, Role.AUDITOR}), seldom=True),
    Entry("担当地域", "offices:areas", frozenset({Role.OPERATOR, Role.AUDITOR}), seldom=True),
    Entry("同じ地域の人", "offices:colleagues", frozenset({Role.OFFICER})),
    Entry("記録", "accounts:records", frozenset({Role.OPERATOR, Role.AUDITOR}), seldom=True),
    Entry("普及状況", "adoption:index", frozenset({Role.HELPDESK, Role.OFFICER, Role.OPERATOR, Role.AUDITOR})),
    Entry("FAQ", "faq:desk", frozenset({Role.HELPDESK, Role.OPERATOR})),
)
FOOT_USE = (
    Entry("無料になるか調べる", "campaigns:start"),
    Entry("申請の状況を見る", "campaigns:status"),
    Entry("よくある質問", "faq:index"),
    Entry("介護ソフトの質問", "faq:software"),
    Entry("ソフトや手引きのある場所", "links:elsewhere"),
)
FOOT_KNOW = (
    Entry("普及状況とオープンデータ", "adoption:index"),
    Entry("利用規約", "pages:terms"),
    Entry("個人情報の扱い", "pages:privacy"),
    Entry("アクセシビリティ", "pages:accessibility"),
    Entry("この窓口について", "pages:about"),
)


def shown(entries: Iterable[Entry], *, role: str | None, path: str) -> list[Shown]:
    """The entries a person of this role sees (None: not signed in); the longest address that begins the path is current."""
    listed = [(entry, url) for entry in entries if _for(entry, role) and (url := address(entry.url_name))]
    fitting = [url for _entry, url in listed if path == url or (url != "/" and path.startswith(url))]
    here = max(fitting, key=len, default="")
    return [Shown(entry.label, url, current=url == here, seldom=entry.seldom) for entry, url in listed]


def address(url_name: str) -> str:
    """The address of a named page, empty while nobody has built it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _for(entry: Entry, role: Any) -> bool:
    return not entry.roles or role in entry.roles
