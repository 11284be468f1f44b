"""The reviewed data files into the database. Loading again changes nothing; what people changed here stays."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from careplan_portal.lib.acting import Acting
from faq.enums import RevisionKind, State
from faq.models import Entry, OutsideText, Revision, Spelling, Topic, WordGroup
from faq.queries import content_of
from faq.rules.content import Content, ContentError, parse_entry
from faq.services.entries import entry_fill, next_position
from faq.services.record import revision_add, stamp_move

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(slots=True)
class Loaded:
    """How many entries there are, and what became of those in the files. ``kept``: changed by people since the
    last load, left alone. ``gone``: published entries that the files no longer have; nobody withdraws them but people."""

    entries: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    word_groups: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def faq_load(*, acting: Acting, folder: Path = DATA, overwrite: bool = False) -> Loaded:
    """Load topics, entries and words from a folder of data files; all or nothing. With ``overwrite`` entries that
    people changed are set back, too. Raises ContentError with every mistake of the files."""
    contents = read_entries(folder)
    topics = _read(folder / "topics.toml")["topic"]
    _check(contents, {topic["key"] for topic in topics})
    changed = _load_topics(topics)
    loaded = Loaded()
    changed |= _load_entries(contents, loaded, acting, overwrite)
    changed |= _load_words(folder, loaded, acting)
    loaded.gone = sorted(
        Entry.objects.published().exclude(slug__in=contents).exclude(loaded_digest="").values_list("slug", flat=True)
    )
    loaded.entries = Entry.objects.published().count()
    if changed:
        stamp_move()
    return loaded


def read_entries(folder: Path = DATA) -> dict[str, Content]:
    """The entries of the files by slug, in the files' order. Raises ContentError with every mistake."""
    more: dict[str, str] = {}
    for path in sorted((folder / "asks").glob("*.toml")):
        for slug, asks in _read(path)["asks"].items():
            more[slug] = f"{more.get(slug, '')}\n{asks}"
    contents: dict[str, Content] = {}
    mistakes: list[str] = []
    for path in sorted((folder / "entries").glob("*.toml")):
        for raw in _read(path)["entry"]:
            try:
                slug, content = parse_entry(raw, more.pop(raw.get("slug", ""), "").splitlines())
            except ContentError as error:
                mistakes += error.mistakes
                continue
            mistakes += [f"{slug} が2つあります。"] if slug in contents else []
            contents[slug] = content
    mistakes += [f"聞かれ方の {slug} という質問はありません。" for slug in more]
    if mistakes:
        raise ContentError(mistakes)
    return contents


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _check(contents: Mapping[str, Content], topics: set[str]) -> None:
    mistakes = [
        f"{slug}: 近い質問 {other} がありません。"
        for slug, content in contents.items()
        for other in content.related
        if other not in contents or other == slug
    ]
    mistakes += [
        f"{slug}: 話題 {one.topic} がありません。" for slug, one in contents.items() if one.topic not in topics
    ]
    if mistakes:
        raise ContentError(mistakes)


def _load_topics(topics: Iterable[Mapping[str, str]]) -> bool:
    known = {topic.key: topic for topic in Topic.objects.all()}
    changed = False
    for position, raw in enumerate(topics, start=1):
        values = {"title": raw["title"], "lead": raw.get("lead", ""), "position": position}
        there = known.get(raw["key"])
        if there is None or any(getattr(there, name) != value for name, value in values.items()):
            Topic.objects.update_or_create(key=raw["key"], defaults=values)
            changed = True
    return changed


def _load_entries(contents: Mapping[str, Content], loaded: Loaded, acting: Acting, overwrite: bool) -> bool:
    """True when something changed. What people changed since the last load is kept, unless overwritten."""
    known = {entry.slug: entry for entry in Entry.objects.select_for_update()}
    position = next_position()
    new: list[Entry] = []
    for slug, content in contents.items():
        entry = known.get(slug)
        if entry is None:
            entry = Entry(slug=slug, position=position + len(new), state=State.PUBLISHED)
            new.append(entry)
            _take_over(entry, content)
        elif _taken(entry, content, loaded, overwrite):
            _take_over(entry, content)
            entry.save()
            _revise([entry], acting)
    Entry.objects.bulk_create(new)
    _revise(new, acting)
    loaded.created = len(new)
    return bool(new) or loaded.updated > 0


def _taken(entry: Entry, content: Content, loaded: Loaded, overwrite: bool) -> bool:
    """Whether the file's content is to be taken over into an entry that is there; counts what becomes of it."""
    there = content_of(entry).digest()
    published = entry.state == State.PUBLISHED
    if there == content.digest() and published:
        loaded.unchanged += 1
        if entry.loaded_digest != there:
            Entry.objects.filter(pk=entry.pk).update(loaded_digest=there)
        return False
    if not overwrite and (not published or there != entry.loaded_digest):
        loaded.kept.append(entry.slug)
        return False
    loaded.updated += 1
    return True


def _take_over(entry: Entry, content: Content) -> None:
    entry_fill(entry, content)
    entry.state = State.PUBLISHED
    entry.loaded_digest = content.digest()


def _revise(entries: Iterable[Entry], acting: Acting) -> None:
    Revision.objects.bulk_create(
        Revision(
            kind=RevisionKind.LOADED,
            entry=entry,
            subject=f"entry:{entry.slug}",
            content=content_of(entry).as_json(),
            by_id=acting.user_id,
            role=acting.role,
            reason=acting.reason,
        )
        for entry in entries
    )


def _load_words(folder: Path, loaded: Loaded, acting: Acting) -> bool:
    """Spellings and outside texts are added; in groups of words the file's changes are taken over, people's stay."""
    spellings: dict[str, str] = _read(folder / "spellings.toml")["spelling"]
    outside = _outside_texts(_read(folder / "outside.toml"))
    new = {
        "groups": _load_groups({group["name"]: group["words"] for group in _read(folder / "synonyms.toml")["group"]}),
        "spellings": sorted(set(spellings) - set(Spelling.objects.values_list("wrong", flat=True))),
        "outside": len(outside - set(OutsideText.objects.values_list("kind", "text"))),
    }
    Spelling.objects.bulk_create(
        (Spelling(wrong=wrong, right=right) for wrong, right in spellings.items()), ignore_conflicts=True
    )
    OutsideText.objects.bulk_create(
        (OutsideText(kind=kind, text=text) for kind, text in sorted(outside)), ignore_conflicts=True
    )
    loaded.word_groups = WordGroup.objects.count()
    if not any(new.values()):
        return False
    revision_add(kind=RevisionKind.WORDS, subject="words:files", content=new, acting=acting)
    return True


def _load_groups(groups: Mapping[str, list[str]]) -> list[str]:
    """The names of the groups that the file changed since it was last loaded."""
    known = {group.name: group for group in WordGroup.objects.select_for_update()}
    changed = []
    for name, words in groups.items():
        group = known.get(name) or WordGroup(name=name, words=[])
        if group.loaded != words:
            kept = [word for word in group.words if word in words or word not in group.loaded]
            group.words = kept + [word for word in words if word not in kept and word not in group.loaded]
            group.loaded = words
            changed.append(group)
    WordGroup.objects.bulk_create([group for group in changed if group.pk is None])
    WordGroup.objects.bulk_update([group for group in changed if group.name in known], ["words", "loaded"])
    return [group.name for group in changed]


def _outside_texts(data: Mapping[str, Any]) -> set[tuple[str, str]]:
    questions = {line.strip() for part in data["outside"] for line in part["asks"].splitlines() if line.strip()}
    words = set(data["words"]["list"].split())
    kinds = OutsideText.Kind
    return {(kinds.QUESTION.value, text) for text in questions} | {(kinds.WORD.value, text) for text in words}
