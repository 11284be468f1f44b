"""The content of an entry as one value: read from the data file or a draft, checked, compared."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

from faq.rules.markup import links, plain_lines
from faq.rules.placeholders import STATES, placeholder_mistakes, placeholder_names

AUDIENCES = ("office", "municipality", "helpdesk")
STATUSES = ("settled", "partly", "undecided")
UNDECIDED_BEGINS = "未定です"
OWNER = "運営事務局"
SOURCE_QUESTIONS = range(1, 71)
LONGEST = {"question": 120, "short": 300, "yours": 300, "phone": 1000, "paper": 1000, "details": 4000}
LONGEST_SPOKEN = 60
RESERVED = frozenset({"topics", "for", "suggest", "asked", "desk", "software", "new", "week", "words"})
"""Addresses of other pages."""


class ContentError(ValueError):
    """Entries that cannot be taken; ``mistakes`` are sentences for editors."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(" ".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class Content:
    topic: str
    question: str
    short: str
    details: str
    phone: str
    paper: str
    audience: tuple[str, ...]
    as_of: datetime.date
    review_on: datetime.date
    yours: str = ""
    yours_for: tuple[str, ...] = ()
    source_questions: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    status: str = "settled"
    owner: str = OWNER

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; days as ISO."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        """What ``as_json`` made; raises ContentError for what is not of that shape."""
        try:
            names = [field.name for field in fields(cls) if field.name in data or field.default is MISSING]
            return cls(**{name: _typed(name, data[name]) for name in names})
        except (KeyError, TypeError, ValueError) as error:
            raise ContentError([f"内容を読めません: {error}"]) from error

    def digest(self) -> str:
        """The same for the same content, whatever way it came; empty fields do not count, so a new kind of field
        changes no digest."""
        filled = {name: value for name, value in self.as_json().items() if value not in ("", [])}
        return hashlib.sha256(json.dumps(filled, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _typed(name: str, value: Any) -> Any:
    if name in ("as_of", "review_on"):
        return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
    return tuple(value) if isinstance(value, list | tuple) else value


def parse_entry(raw: Mapping[str, Any], more_asks: Iterable[str] = ()) -> tuple[str, Content]:
    """An entry of the data file: its slug and content. ``asks``, ``details``, ``phone`` and ``paper`` are blocks of
    lines. Raises ContentError with every mistake that is seen."""
    try:
        content = Content(
            topic=raw["topic"],
            question=raw["question"],
            short=raw["short"],
            details=raw["details"].strip(),
            phone=raw["phone"].strip(),
            paper=raw["paper"].strip(),
            audience=tuple(raw["audience"]),
            as_of=raw["as_of"],
            review_on=raw.get("review_on", next_review(raw["as_of"], raw.get("status", "settled"))),
            yours=raw.get("yours", ""),
            yours_for=tuple(raw.get("yours_for", ())),
            source_questions=tuple(raw["source_questions"]),
            rules=tuple(raw["rules"]),
            related=tuple(raw["related"]),
            asks=lines([*raw["asks"].splitlines(), *more_asks]),
            status=raw.get("status", "settled"),
            owner=raw.get("owner", OWNER),
        )
        slug: str = raw["slug"]
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError([f"{raw.get('slug', '?')}: {error} がありません。"]) from error
    if mistakes := content_mistakes(content):
        raise ContentError(f"{slug}: {mistake}" for mistake in mistakes)
    return slug, content


def next_review(as_of: datetime.date, status: str) -> datetime.date:
    """When an entry is to be looked at again: a year after its day while something is open, else two years."""
    years = 2 if status == "settled" else 1
    last = 28 if (as_of.month, as_of.day) == (2, 29) else as_of.day
    return as_of.replace(year=as_of.year + years, day=last)


def lines(raw: Iterable[str]) -> tuple[str, ...]:
    """Lines without blanks around them, empty ones and repetitions dropped, order kept."""
    return tuple(dict.fromkeys(line.strip() for line in raw if line.strip()))


def content_mistakes(content: Content) -> list[str]:
    """What an editor must mend before the content can be published, in sentences; empty when all is well."""
    return [*_wording_mistakes(content), *_fact_mistakes(content)]


def _wording_mistakes(content: Content) -> Iterable[str]:
    for name, longest in LONGEST.items():
        if len(getattr(content, name)) > longest:
            yield f"{name} は{longest}字までです。"
    for name in ("question", "short", "phone", "paper"):
        if not getattr(content, name).strip():
            yield f"{name} が空です。"
    for sentence in content.phone.replace("。", "\n").splitlines():
        if len(sentence) > LONGEST_SPOKEN:
            yield f"電話の文は{LONGEST_SPOKEN}字までにしてください。「{sentence[:15]}…」"
    yield from _placeholder_places(content)


def _placeholder_places(content: Content) -> Iterable[str]:
    yield from placeholder_mistakes(content.yours)
    if unknown := set(content.yours_for) - set(STATES):
        yield f"この状態はありません: {'、'.join(sorted(unknown))}"
    for name in ("question", "short", "details", "phone", "paper"):
        if placeholder_names(getattr(content, name)) or "{{" in getattr(content, name):
            yield f"差し込みは「事業所ごとの文」だけで使えます（{name}）。"


def _fact_mistakes(content: Content) -> Iterable[str]:
    if not content.audience or set(content.audience) - set(AUDIENCES):
        yield "だれに向けた答えかを選んでください。"
    if content.status not in STATUSES:
        yield "決まりぐあいを選んでください。"
    if content.status == "undecided" and not content.short.startswith(UNDECIDED_BEGINS):
        yield f"決まっていないことは「{UNDECIDED_BEGINS}」から始めてください。"
    if wrong := [number for number in content.source_questions if number not in SOURCE_QUESTIONS]:
        yield f"説明会の質問は1から70です: {wrong}"
    if wrong_rules := [rule for rule in content.rules if not re.fullmatch(r"R(?:1[0-6]|[1-9])", rule)]:
        yield f"規則は R1 から R16 です: {wrong_rules}"
    yield from _date_and_link_mistakes(content)


def _date_and_link_mistakes(content: Content) -> Iterable[str]:
    if content.review_on <= content.as_of:
        yield "次に確かめる日は、内容の日より後にしてください。"
    for address in links(content.details):
        if not re.match(r"(https?|tel|mailto):|/", address):
            yield f"このアドレスには飛べません: {address}"


def searched_lines(details: str) -> tuple[str, ...]:
    """The lines of the details as the search reads them."""
    return tuple(plain_lines(details))
