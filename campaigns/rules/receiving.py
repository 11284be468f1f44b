"""What an application's state means to the person who filed it: in words, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from campaigns.rules.applying import (
    AT_RENEWAL,
    BEGUN_TERM,
    DECLINED,
    EXPIRED,
    FROM_FILING,
    PROVISIONAL,
    RELEASED,
    SUPERSEDED,
    WITHDRAWN,
)
from campaigns.rules.assessing import GRANTED, RESERVED
from careplan_portal.lib.dates import Period, day_after, day_before
from careplan_portal.lib.words import ja_date, ja_day, ja_short, until, weekday


@dataclass(frozen=True, slots=True)
class Filed:
    """An application as its applicant may see it on `today`. `effect` and `term` are those stated
    until identity is proved, then the recorded ones. `fee_after` is the yearly fee after the free
    year in words, empty where nothing renews. `proved_at_once`: a member filed. `reason` is why it
    was declined; `window_open`: a new filing is possible today."""

    state: str
    effect: str
    filed_on: date
    term: Period
    prove_by: date
    today: date
    fee_after: str = ""
    proved_at_once: bool = False
    reason: str = ""
    window_open: bool = False

    def short(self, day: date) -> str:
        return ja_short(day) if day.year == self.today.year else ja_day(day)


@dataclass(frozen=True, slots=True)
class FiledTold:
    """`tone` and `title` of the panel, `lead` below it; `words` for the public status page, which
    tells no dates of the licence; `then` is what to do, and what happens if nothing is done."""

    tone: str
    title: str
    lead: str
    words: str
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One dated line of what comes next."""

    on: date
    what: str
    body: str
    tone: str
    fee: str = ""
    aside: str = ""


def tell_filed(filed: Filed) -> FiledTold:
    """The state in words. Every state has its own."""
    return {
        PROVISIONAL: _provisional,
        RESERVED: _confirmed,
        GRANTED: _confirmed,
        WITHDRAWN: _withdrawn,
        EXPIRED: _expired,
        SUPERSEDED: _superseded,
        RELEASED: _released,
        DECLINED: _declined,
    }[filed.state](filed)


def _provisional(f: Filed) -> FiledTold:
    return FiledTold(
        "wait",
        "申請を仮に受け付けました",
        f"{ja_date(f.prove_by)}までに事業所の確認が済むと、申請は確定します。申請の日付は{f.short(f.filed_on)}のままです。",
        f"仮受付です。{ja_date(f.prove_by)}までに事業所の確認が済むと、確定します。",
        (
            "この申請をやめたいときは、事業所の確認をしないでください。急ぐときは、お電話ください。",
            "何もしないと、期限で無効になります。無料の1回は使わなかったことになり、費用もかかりません。",
        ),
    )


def _confirmed(f: Filed) -> FiledTold:
    span = f"{ja_day(f.term.starts_on)}から{ja_day(f.term.ends_on)}まで無料で使えます。"
    begun = f.term.starts_on <= f.today
    words = (
        "確定しています。フリーパスが使えます。" if begun else "確定しています。次の更新日からフリーパスになります。"
    )
    if f.proved_at_once:
        return FiledTold(
            "free",
            "申請を受け付けました",
            f"{span}事業所の確認は済んでいるので、この申請は確定です。",
            words,
            _after(f, begun),
        )
    start = "もう使えます" if begun else "申請は確定です"
    lead = f"{span}申請の日付は、{f.short(f.filed_on)}のままです。"
    return FiledTold("free", f"事業所の確認が済みました。{start}", lead, words, _after(f, begun))


def _after(f: Filed, begun: bool) -> tuple[str, ...]:
    last = f.short(day_before(f.term.starts_on))
    first = (
        "無料になるのは、事業所番号ごとに1回です。始まったので、取り下げはできません。"
        if begun
        else f"{last}までは、サインインして取り下げられます。"
    )
    if not f.fee_after:
        return (first,)
    return (
        first,
        f"続けないときは、{ja_day(f.term.ends_on)}までに「利用をやめる」を押してください（サインインが要ります）。費用はかかりません。",
    )


def _withdrawn(f: Filed) -> FiledTold:
    return FiledTold(
        "none",
        "申請は取り下げられました",
        "フリーパスの1回は使わなかったことになります。費用もかかりません。",
        "取り下げられました。フリーパスの1回は、使っていません。",
        _again(f),
    )


def _again(f: Filed) -> tuple[str, ...]:
    return ("申請し直すときは、もう一度調べるところから始めてください。",) if f.window_open else ()


def _expired(f: Filed) -> FiledTold:
    again = "いまも申請の受付期間なので、申請し直せます。" if f.window_open else "申請の受付は終わりました。"
    return FiledTold(
        "alert",
        "確認の期限が過ぎました",
        f"この申請は、{f.short(f.prove_by)}で無効になりました。無料の1回は、まだ使っていません。費用もかかっていません。{again}",
        f"確認の期限が過ぎたので、無効になりました。無料の1回は、まだ使っていません。{again}",
        _again(f),
    )


def _superseded(f: Filed) -> FiledTold:
    return FiledTold(
        "none",
        "ほかの申請で、確認が済みました",
        "同じ事業所からの別の申請が、先に確認されました。することはありません。",
        "同じ事業所の別の申請が先に確認されたので、終わりました。することはありません。",
        ("日付は、事業所でサインインする人が確かめられます。心当たりがないときは、お電話ください。",),
    )


def _released(f: Filed) -> FiledTold:
    return FiledTold(
        "none",
        "予約は、使われずに終わりました",
        "期間のおわりで利用をやめたか、運営が記録を直したため、予約は使われませんでした。フリーパスの1回は、使っていません。",
        "予約は、使われずに終わりました。フリーパスの1回は、使っていません。",
        _again(f),
    )


def _declined(f: Filed) -> FiledTold:
    return FiledTold(
        "alert",
        "確認は済みましたが、登録の日付では申請できませんでした",
        f"入力された内容と登録の内容がちがいました。{f.reason}",
        "事業所の確認は済みましたが、登録の内容では申請できませんでした。くわしくは、受付票のページをご覧ください。",
        (
            "登録の日付は、この事業所の手続きをする人が、サインインすると確かめられます。事情があるときは、電話でお聞かせください。",
        ),
    )


# --- what comes next -----------------------------------------------------------------------


def steps_next(filed: Filed) -> tuple[Step, ...]:
    """The dated steps of a living application, by day; none when it has ended."""
    if filed.state not in (PROVISIONAL, RESERVED, GRANTED):
        return ()
    steps = sorted(_steps(filed), key=lambda step: step.on)
    return tuple(replace(step, aside=f"{weekday(step.on)}・{until(step.on, filed.today)}") for step in steps)


def _steps(f: Filed) -> Iterator[Step]:
    waits = f.state == PROVISIONAL
    if f.effect == AT_RENEWAL and f.today < f.term.starts_on:
        yield Step(day_before(f.term.starts_on), "いまの期間が終わります", _term_ends(f, waits), "paid")
    yield from _free_year(f, waits)
    if waits:
        yield Step(f.prove_by, "確認の期限です", _deadline(f), "alert")
    if f.fee_after:
        yield Step(
            day_after(f.term.ends_on),
            "自動で更新します",
            f"続けないときは、{ja_day(f.term.ends_on)}までに、サインインして「利用をやめる」を押してください。",
            "wait",
            f.fee_after,
        )


def _free_year(f: Filed, waits: bool) -> Iterator[Step]:
    """The first free day; while it waits for the proof, only as long as that day lies ahead."""
    ahead = f.today < f.term.starts_on
    if not waits:
        yield Step(
            f.term.starts_on, f"フリーパスが{'始まります' if ahead else '始まりました'}", _starts(f), "free", "0円"
        )
    elif ahead:
        body = f"確認がこの日より後になっても、無料の1年は{f.short(f.term.starts_on)}からです。"
        yield Step(f.term.starts_on, "確認が済むと、フリーパスが始まります", body, "wait", "0円")


def _deadline(f: Filed) -> str:
    """While the first free day lies ahead it has its own step; a day that is past is told here."""
    begins = "" if f.today < f.term.starts_on else f"済むと、{_begun_once_proved(f)}"
    return (
        f"{begins}何もしないと、この申請は無効になります。フリーパスの1回は使わなかったことになり、費用もかかりません。"
    )


def _begun_once_proved(f: Filed) -> str:
    first = f.short(f.term.starts_on)
    if f.effect == BEGUN_TERM:
        return f"始まっている期間が、{first}から0円になります。"
    use = "使い始められるのは、確認が済んでからです。" if f.effect == FROM_FILING else ""
    return f"{first}からの1年が無料になります。{use}"


def _term_ends(f: Filed, waits: bool) -> str:
    if not waits:
        return "何もしなくてかまいません。この日までは、申請を取り下げられます。"
    return (
        "この日までに確認が済めば、切れ目なく無料になります。まだのときは、確認が済むまで、登録のとおりに更新するか、"
        "いったん使えなくなります。"
    )


def _starts(f: Filed) -> str:
    if f.effect == BEGUN_TERM:
        return "始まっている期間が、始まりの日から0円になります。日付は変わりません。"
    return f"{ja_day(f.term.ends_on)}まで無料です。"
