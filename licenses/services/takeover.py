"""Taking over licences from an earlier system, all or nothing per office (CONTRACT, load_licenses)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, pairwise

from django.db import transaction

from careplan_portal.lib.acting import Acting
from careplan_portal.lib.dates import EARLIEST, LATEST, day_after, year_from
from careplan_portal.lib.japan.business_number import BusinessNumberError, check_digit_holds, parse
from licenses import rules
from licenses.enums import EventKind, Origin
from licenses.models import License, LicenseEvent, LicenseTerm
from licenses.queries import policy
from licenses.rules import FREE_PASS, BadRecord, Policy
from licenses.services.recording import term_data
from offices.services.takeover import offices_take_over

COLUMNS = (
    "business_number",
    "first_licensed_on",
    "starts_on",
    "ends_on",
    "pricing",
    "renewal_mode",
    "stop_requested_on",
)
CHUNK = 2000


class RowProblem(Exception):
    """A row that cannot be taken over: its column, and a sentence for people."""

    def __init__(self, column: str, text: str):
        super().__init__(text)
        self.column = column
        self.text = text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file, read: one term of one office."""

    line: int
    business_number: str
    first_licensed_on: date
    starts_on: date
    ends_on: date
    pricing: str
    renewal_mode: str
    stop_requested_on: date | None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken over, and why."""

    line: int
    business_number: str
    column: str
    reason: str


@dataclass
class TakeOver:
    rows: int = 0
    licenses: int = 0
    terms: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)


def licenses_take_over(*, rows: Iterable[tuple[int, Mapping[str, str]]], today: date, acting: Acting) -> TakeOver:
    """Take over the terms in `rows` (line number, and cells by column name).

    An office with a bad row, rows that disagree, overlapping terms, two Free Passes, or terms here
    already is rejected with all its rows; gaps are warned of. Terms taken over are never billed.
    """
    result = TakeOver()
    offices = _read(rows, result)
    fees = policy()
    good = {number: found for number, found in offices.items() if _agrees(found, fees, result)}
    remaining = iter(good.items())
    while chunk := dict(islice(remaining, CHUNK)):
        _write(chunk, fees, today, acting, result)
    result.rejects.sort(key=lambda reject: reject.line)
    return result


def _read(rows: Iterable[tuple[int, Mapping[str, str]]], result: TakeOver) -> dict[str, list[Row]]:
    offices: dict[str, list[Row]] = defaultdict(list)
    spoiled: set[str] = set()
    for line, cells in rows:
        result.rows += 1
        number = (cells.get("business_number") or "").strip()
        try:
            row = _row(line, cells)
        except RowProblem as bad:
            result.rejects.append(Reject(line, number, bad.column, bad.text))
            spoiled.add(_normal(number))
            continue
        offices[row.business_number].append(row)
    for number in spoiled & offices.keys():
        _reject(offices.pop(number), "", "同じ事業所のほかの行に誤りがあります。", result)
    return offices


def _normal(number: str) -> str:
    try:
        return parse(number).value
    except BusinessNumberError:
        return number


def _row(line: int, cells: Mapping[str, str]) -> Row:
    try:
        number = parse(cells.get("business_number") or "").value
    except BusinessNumberError as bad:
        raise RowProblem("business_number", bad.text) from bad
    starts_on, ends_on = _day(cells, "starts_on"), _day(cells, "ends_on")
    if ends_on < starts_on:
        raise RowProblem("ends_on", "おわりの日が、はじめの日より前です。")
    stop = _day(cells, "stop_requested_on") if (cells.get("stop_requested_on") or "").strip() else None
    if stop is not None and not starts_on <= stop <= ends_on:
        raise RowProblem("stop_requested_on", "停止の届けの日が、その期間のなかにありません。")
    return Row(
        line,
        number,
        _day(cells, "first_licensed_on"),
        starts_on,
        ends_on,
        _choice(cells, "pricing", (rules.PAID, rules.FREE_PASS)),
        _choice(cells, "renewal_mode", (rules.AUTO, rules.MANUAL)),
        stop,
    )


def _day(cells: Mapping[str, str], column: str) -> date:
    text = (cells.get(column) or "").strip()
    try:
        day = date.fromisoformat(text)
    except ValueError as bad:
        raise RowProblem(column, f"「{text}」は日付ではありません。2026-04-03 の形で入れてください。") from bad
    if not EARLIEST <= day <= LATEST:
        raise RowProblem(column, "日付は2000年から2199年までで入れてください。")
    return day


def _choice(cells: Mapping[str, str], column: str, known: Sequence[str]) -> str:
    value = (cells.get(column) or "").strip()
    if value not in known:
        raise RowProblem(column, f"「{value}」は使えません。{' か '.join(known)} を入れてください。")
    return value


def _agrees(found: list[Row], fees: Policy, result: TakeOver) -> bool:
    found.sort(key=lambda row: row.starts_on)
    problem = _disagreement(found, fees)
    if problem is not None:
        _reject(found, problem.column, problem.text, result)
    return problem is None


def _disagreement(found: list[Row], fees: Policy) -> RowProblem | None:
    """Why an office's rows, in order of their start, cannot all be true; None when they can."""
    if len({row.first_licensed_on for row in found}) > 1:
        return RowProblem("first_licensed_on", "最初の利用開始日が、行によって違います。")
    if len({row.renewal_mode for row in found}) > 1:
        return RowProblem("renewal_mode", "更新のしかたが、行によって違います。")
    if found[0].first_licensed_on > found[0].starts_on:
        return RowProblem("first_licensed_on", "最初の利用開始日が、最初の期間より後です。")
    if sum(row.pricing == FREE_PASS for row in found) > 1:
        return RowProblem("pricing", "フリーパスの期間が2つあります。使えるのは1回だけです。")
    return _overlap(found) or _no_fee(found, fees)


def _overlap(found: list[Row]) -> RowProblem | None:
    for earlier, later in pairwise(found):
        if later.starts_on <= earlier.ends_on:
            text = f"{later.line}行目の期間が、{earlier.line}行目の期間と重なっています。"
            return RowProblem("starts_on", text)
    return None


def _no_fee(found: list[Row], fees: Policy) -> RowProblem | None:
    try:
        for row in found:
            fees.fee_on(row.starts_on)
    except BadRecord as bad:
        return RowProblem("starts_on", bad.text)
    return None


def _reject(found: Iterable[Row], column: str, reason: str, result: TakeOver) -> None:
    result.rejects += [Reject(row.line, row.business_number, column, reason) for row in found]


def _warn(found: list[Row], today: date, result: TakeOver) -> None:
    warnings = result.warnings
    if not check_digit_holds(found[0].business_number):
        warnings["check_digit"] += 1
    for row in found:
        warnings["not_one_year"] += year_from(row.starts_on).ends_on != row.ends_on
        warnings["starts_in_future"] += row.starts_on > today
    for earlier, later in pairwise(found):
        warnings["gap"] += later.starts_on > day_after(earlier.ends_on)


@transaction.atomic
def _write(chunk: dict[str, list[Row]], fees: Policy, today: date, acting: Acting, result: TakeOver) -> None:
    offices, created = offices_take_over(numbers=list(chunk), acting=acting)
    result.warnings["unknown_office"] += created
    licenses = _licenses(chunk, offices)
    taken = set(LicenseTerm.objects.filter(license__in=licenses.values()).values_list("license_id", flat=True))
    terms: list[LicenseTerm] = []
    for number, found in chunk.items():
        license = licenses[number]
        if license.pk in taken:
            _reject(found, "business_number", "この事業所の期間は、もう記録されています。", result)
            continue
        _warn(found, today, result)
        license.first_licensed_on = found[0].first_licensed_on
        license.renewal_mode = found[0].renewal_mode
        result.licenses += 1
        terms += _terms(license, found, fees, today)
    License.objects.bulk_update(licenses.values(), ["first_licensed_on", "renewal_mode"])
    LicenseTerm.objects.bulk_create(terms)
    LicenseEvent.objects.bulk_create(_event(term, today, acting) for term in terms)
    result.terms += len(terms)
    # Only what was found is told: a Counter keeps the zeros that `+=` of False leaves.
    result.warnings = +result.warnings


def _licenses(chunk: dict[str, list[Row]], offices: Mapping[str, int]) -> dict[str, License]:
    License.objects.bulk_create(
        (License(office_id=offices[n], renewal_mode=rows[0].renewal_mode) for n, rows in chunk.items()),
        ignore_conflicts=True,
    )
    rows = License.objects.select_for_update(of=("self",)).filter(office_id__in=[offices[number] for number in chunk])
    by_office = {license.office_id: license for license in rows.order_by("pk")}
    return {number: by_office[offices[number]] for number in chunk}


def _terms(license: License, found: list[Row], fees: Policy, today: date) -> Iterator[LicenseTerm]:
    for row, following in zip(found, [*found[1:], None], strict=True):
        yield LicenseTerm(
            license=license,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            pricing=row.pricing,
            fee_yen=0 if row.pricing == FREE_PASS else fees.fee_on(row.starts_on).yen,
            origin=Origin.TAKEOVER,
            stop_requested_on=row.stop_requested_on,
            closing=_closing(row, following),
            recorded_on=today,
        )


def _closing(row: Row, following: Row | None) -> str:
    """The last term's end is left to the roll-over; earlier ones tell theirs by what follows."""
    if following is None:
        return ""
    if row.stop_requested_on is not None:
        return rules.STOPPED
    return rules.RENEWED if following.starts_on == day_after(row.ends_on) else rules.LAPSED


def _event(term: LicenseTerm, today: date, acting: Acting) -> LicenseEvent:
    taken = rules.Term(term.starts_on, term.ends_on, term.pricing, term.fee_yen)
    return LicenseEvent(
        license_id=term.license_id,
        term=term,
        kind=EventKind.TERM_TAKEN_OVER,
        effective_on=term.starts_on,
        recorded_on=today,
        actor_id=acting.user_id,
        acting_as=acting.role,
        reason=acting.reason,
        data=term_data(taken),
    )
