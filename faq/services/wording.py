"""Editing what the search knows about words; every change leaves a revision and moves the stamp."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from careplan_portal.lib.acting import Acting
from faq.enums import RevisionKind
from faq.models import OutsideText, Spelling, WordGroup
from faq.rules.content import ContentError, lines
from faq.services.record import revision_add, stamp_move

LONGEST_WORD = 60


@transaction.atomic
def word_group_save(*, name: str, words: Iterable[str], acting: Acting) -> WordGroup:
    """Set the words of a group, new or there already. Raises ContentError for an empty name or too long a word."""
    kept = list(lines(words))
    if not name.strip() or any(len(word) > LONGEST_WORD for word in kept):
        raise ContentError([f"名前を入れてください。ことばは{LONGEST_WORD}字までです。"])
    group, _ = WordGroup.objects.update_or_create(name=name.strip(), defaults={"words": kept})
    revision_add(kind=RevisionKind.WORDS, subject=f"group:{group.name}", content={"words": kept}, acting=acting)
    stamp_move()
    return group


@transaction.atomic
def spelling_save(*, wrong: str, right: str, acting: Acting) -> Spelling:
    """Read one spelling as another. Raises ContentError when one is empty or both are the same."""
    wrong, right = wrong.strip(), right.strip()
    if not wrong or not right or wrong == right:
        raise ContentError(["ちがう書き方を2つ入れてください。"])
    spelling, _ = Spelling.objects.update_or_create(wrong=wrong, defaults={"right": right})
    revision_add(kind=RevisionKind.WORDS, subject=f"spelling:{wrong}", content={"right": right}, acting=acting)
    stamp_move()
    return spelling


@transaction.atomic
def outside_add(*, kind: OutsideText.Kind, text: str, acting: Acting) -> OutsideText:
    """Say that the FAQ does not deal with a question or a word. Raises ContentError for an empty text."""
    if not text.strip():
        raise ContentError(["質問かことばを入れてください。"])
    outside, _ = OutsideText.objects.get_or_create(kind=kind, text=text.strip()[:200])
    revision_add(kind=RevisionKind.WORDS, subject=f"outside:{kind}", content={"text": outside.text}, acting=acting)
    stamp_move()
    return outside
