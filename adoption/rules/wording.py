"""The sentences above the figures, written from them. Pure; numbers as words for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from adoption.rules.comparing import half_of, missing_to_half, points
from careplan_portal.lib import words
from careplan_portal.lib.dates import day_before, month_start


@dataclass(frozen=True, slots=True)
class Standing:
    """What the sentences need to know: counts now (on `day`), at the end of the month before and on the
    first day that is known (None: not known), and the rate of the place above with its name."""

    scope: int
    using: int
    month_ago: int | None
    day: date
    since: tuple[date, int, int] | None
    above_name: str = ""
    above_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """Whose joining connects most: a service's offices that do not use the system, and the pairs that
    would come; `rate` is the service's."""

    name: str
    waiting: int
    pairs: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """`label` is the question it answers; `strong` stands in the middle of it in bold."""

    label: str
    before: str
    strong: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.strong}{self.after}"


def where(now: Standing) -> Sentence:
    """How far it is, and against the place above."""
    if not now.scope:
        return Sentence("いまどこか", "対象の事業所が", "まだありません", "。")
    rate = now.using / now.scope
    before = f"対象{now.scope:,}事業所のうち"
    strong = f"{now.using:,}事業所（{words.percent(rate)}）"
    return Sentence("いまどこか", before, strong, f"が使っています。{_against(rate, now)}")


def _against(rate: float, now: Standing) -> str:
    apart = points(rate, now.above_rate)
    if apart is None or now.above_rate is None:
        return ""
    above = f"{now.above_name}の{words.percent(now.above_rate)}"
    if apart == 0:
        return f"{above}と同じです。"
    return f"{above}を{abs(apart)}ポイント{'上回ります' if apart > 0 else '下回ります'}。"


def moving(now: Standing) -> Sentence:
    """How it moves, and how far half is."""
    parts = []
    if now.since is not None and now.since[2]:
        day, using, scope = now.since
        change = _change(now.using - using)
        parts.append(f"{since_when(day, now.day)}の{using:,}事業所（{words.percent(using / scope)}）から{change}。")
    if now.month_ago is not None and (now.since is None or now.since[0] < day_before(month_start(now.day))):
        parts.append(f"前の月の末から{_change(now.using - now.month_ago)}。")
    left = missing_to_half(now.scope, now.using)
    half = f"{half_of(now.scope):,}"
    if not now.scope:
        return Sentence("動いているか", "", "まだ動きはありません", "。")
    if left:
        return Sentence("動いているか", "".join(parts), f"あと{left:,}事業所で半分（{half}）", "です。")
    return Sentence("動いているか", "".join(parts), "半分を超えています", f"（半分は{half}事業所）。")


def since_when(first: date, day: date) -> str:
    """How an earlier day is called: 1年前 where it is just that, else by its date."""
    if (first.year, first.month, first.day) == (day.year - 1, day.month, day.day):
        return "1年前"
    return f"{words.ja_day(first)}"


def _change(number: int) -> str:
    if not number:
        return "変わりません"
    return f"{abs(number):,}{'増えました' if number > 0 else '減りました'}"


def following(leader: Leader | None, alone: bool = False) -> Sentence:
    """Whom to win next in a municipality or an officer's area; `alone` where one service was chosen."""
    if leader is None:
        return Sentence("次にどこか", "対象の事業所は、", "すべて使っています", "。")
    strong = f"{leader.name}の{leader.waiting:,}事業所"
    if not leader.pairs:
        return Sentence("次にどこか", "まだ使っていない", strong, "から声をかけると、つながる相手がふえ始めます。")
    if alone:
        after = f"が加わると、データでやりとりできる組が{leader.pairs:,}増えます。"
        return Sentence("次にどこか", "まだ使っていない", strong, after)
    return Sentence(
        "次にどこか", "まだ使っていない", strong, "が加わると、データでやりとりできる組がいちばん増えます。"
    )


def spread(best: str, best_rate: float | None, reached: int, total: int, *, least: int = 0, same: int = 0) -> Sentence:
    """For prefectures and the nation: who leads of those with `least` offices in scope, how many are as
    far (`same`), and how many of all have reached half."""
    if best_rate is None:
        return Sentence("どこが先か", "利用している地域は、", "まだありません", "。")
    strong = f"{best}（{words.percent(best_rate)}）"
    after = f"です。半分に届いた市区町村は、{total:,}のうち{reached:,}です。"
    before = f"対象が{least}事業所以上の市区町村で、いちばん進んでいるのは" if least else "いちばん進んでいるのは"
    return Sentence("どこが先か", before, strong, f"と、同じ率の{same}市区町村{after}" if same else after)
