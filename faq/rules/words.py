"""Words of a Japanese text, in their dictionary form, with their reading; and the groups they belong to."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from faq.rules.text import Spellings, clean, fold, grams, runs

_local = threading.local()
_KANJI = re.compile(r"[一-鿿々]")

_CONTENT = {"名詞", "動詞", "形容詞", "形状詞", "副詞", "接尾辞", "代名詞"}
_STOP_WORDS = """
為る 有る 居る 成る 出来る 教える 知る 下さる 頂く 思う 言う 良い 事 物 為 様 其れ 此れ 彼れ 何れ 此の 此処 方 御 御座る 貰う
欲しい 行う くださる いただく こと もの よう ため それ これ の ん さん 他 等 内 私 自分 場合 時 的 本 と言う 分かる 聞く 見る
てる る 呉れる 達 なり もっと 少し とても たい 気 所 お ご 済む 済み 様だ 参る おる 置く 仕舞う しまう 来る 掛かる
"""
STOP = frozenset(_STOP_WORDS.split())
POLITE = ("お", "ご")
SHORTEST_SPOKEN = 4
"""From how many kana on a word is recognised by its sound inside a question without kanji."""


@dataclass(frozen=True, slots=True)
class Word:
    surface: str
    normal: str
    reading: str
    content: bool
    start: int
    end: int


def _tokenizer() -> Any:
    """One tokenizer a thread; the dictionary is opened when the first question comes, not at import."""
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().tokenizer()
    return _local.tokenizer


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small")


def words(text: str) -> list[Word]:
    """The words of a cleaned text, in Sudachi's short units."""
    from sudachipy import SplitMode

    return [
        Word(
            token.surface(),
            token.normalized_form().lower(),
            token.reading_form(),
            token.part_of_speech()[0] in _CONTENT,
            token.begin(),
            token.end(),
        )
        for token in _tokenizer().tokenize(text, SplitMode.A)
    ]


@dataclass(slots=True)
class Vocabulary:
    """Editable knowledge about words: spellings to set right, and groups of words that mean the same."""

    spellings: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Iterable[str]] = field(default_factory=dict)
    _spell: Spellings = field(init=False)
    _by_fold: dict[str, set[str]] = field(init=False)
    _by_normal: dict[str, set[str]] = field(init=False)
    _lengths: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._spell = Spellings(self.spellings)
        self._by_fold, self._by_normal = {}, {}
        for name, members in self.groups.items():
            for member in members:
                self._place(name, member)
        self._lengths = tuple(sorted({len(word) for word in self._by_fold}))

    def _place(self, group: str, member: str) -> None:
        parts = [word for word in words(clean(member)) if word.surface.strip() and word.surface not in POLITE]
        if len(parts) == 1:
            self._by_normal.setdefault(parts[0].normal, set()).add(group)
        if len(fold(member)) >= _shortest(member):
            self._by_fold.setdefault(fold(member), set()).add(group)

    def same(self, other: Vocabulary) -> bool:
        """Whether both read every text alike."""
        return self.groups == other.groups and self.spellings == other.spellings

    def right(self, text: str) -> str:
        """The cleaned text with its spellings set right."""
        return self._spell.apply(clean(text))

    def meanings(self, normal: str) -> set[str]:
        """The groups that one word in its dictionary form belongs to."""
        return self._by_normal.get(normal, set())

    def concepts(self, pieces: Iterable[str], found: Iterable[Word]) -> set[str]:
        """The groups that occur, as words in any form or as text."""
        names: set[str] = set()
        for word in found:
            names |= self.meanings(word.normal)
        for piece in pieces:
            for length in self._lengths:
                for start in range(len(piece) - length + 1):
                    names |= self._by_fold.get(piece[start : start + length], frozenset())
        return names


def _shortest(member: str) -> int:
    """How long a word must be to be looked for inside a text: short kana occur by chance."""
    return 2 if re.search(r"[一-鿿]", member) else 3


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything by which a text is compared, each kind with its own weight."""

    folded: str
    words: tuple[str, ...]
    readings: tuple[str, ...]
    concepts: tuple[str, ...]
    pairs: tuple[str, ...]
    triples: tuple[str, ...]
    sounds: tuple[tuple[str, str], ...] = ()

    def features(self) -> list[str]:
        """All kinds in one list, each marked by its kind."""
        return (
            [f"w{word}" for word in self.words]
            + [f"r{reading}" for reading in self.readings]
            + [f"c{concept}" for concept in self.concepts]
            + [f"2{pair}" for pair in self.pairs]
            + [f"3{triple}" for triple in self.triples]
        )


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """A text as what it is compared by."""
    right = vocabulary.right(text)
    found = words(right)
    pieces = runs(right)
    content = [word for word in found if word.content and word.normal not in STOP and fold(word.surface)]
    return Reading(
        "".join(pieces),
        tuple(word.normal for word in content),
        tuple(word.reading for word in content if len(word.reading) > 2),
        tuple(sorted(vocabulary.concepts(pieces, found))),
        tuple(grams(pieces, 2)),
        tuple(grams(pieces, 3)),
        tuple((sound, word.normal) for word in content if len(sound := fold(word.reading)) >= SHORTEST_SPOKEN),
    )


def heard(text: str, sounds: Mapping[str, str], vocabulary: Vocabulary) -> list[str]:
    """Features of the known words that a question without kanji contains by their sound: りょうきん is 料金.
    ``sounds``: folded reading to word; the longest is taken first, none twice."""
    folded = fold(text)
    if _KANJI.search(text) or len(folded) < SHORTEST_SPOKEN:
        return []
    features: list[str] = []
    start = 0
    while start <= len(folded) - SHORTEST_SPOKEN:
        length = next((size for size in range(12, 3, -1) if folded[start : start + size] in sounds), 0)
        if length:
            normal = sounds[folded[start : start + length]]
            features += [f"w{normal}", *(f"c{name}" for name in vocabulary.meanings(normal))]
        start += length or 1
    return features
