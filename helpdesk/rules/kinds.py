"""Words for kinds of service as people say them (訪看, 特養): which services they mean, and how names hold them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from careplan_portal.lib.japan import kana

SUPPORT_CENTRE = "0"
"""The class (third character) of the numbers of community support centres."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`services` are codes of service types, `named` search keys that a name of such an office holds."""

    services: frozenset[str]
    named: tuple[str, ...]
    number_class: str = ""


def _kind(services: str, named: str, number_class: str = "") -> Kind:
    return Kind(frozenset(services.split()), tuple(map(kana.search_key, named.split())), number_class)


_CARE_MANAGER = _kind("43 46 AF", "居宅介護支援 居宅支援 ケアプラン ケアマネ")
_NURSE = _kind("13 63 77 79", "訪問看護 訪看 ナースステーション")
_HELPER = _kind("11 71 76 A1 A2 A3 A4", "訪問介護 ヘルパー ホームヘルプ")
_DAY = _kind("15 72 74 78 A5 A6 A7 A8", "デイ 通所介護")
_DAY_REHABILITATION = _kind("16 66", "デイケア 通所リハ 通リハ")
_VISIT_REHABILITATION = _kind("14 64", "訪問リハ 訪リハ")
_REHABILITATION = _kind("14 16 64 66", "リハ")
_SHORT = _kind("21 22 23 24 25 26 2A 2B", "ショート 短期入所")
_HOME = _kind("32 37 38 39", "グループホーム グルホ")
_NURSING_HOME = _kind("51 54", "特養 特別養護")
_HEALTH_FACILITY = _kind("52", "老健 老人保健")
_SMALL = _kind("68 69 73 75", "小規模多機能 小多機")
_SMALL_NURSING = _kind("77 79", "看護小規模 看多機 複合型")
_SUPPORT = _kind("46 AF", "包括", SUPPORT_CENTRE)
_GOODS = _kind("17 41 67", "福祉用具")
_BATH = _kind("12 62", "入浴")
_NOTHING = _kind("", "")

_SPOKEN = (
    ("ケアマネ ケアマネージャー ケアマネジャー ケアプラン 居宅 居宅支援 居宅介護支援 居宅介護支援事業所 介護支援専門員", _CARE_MANAGER),
    ("訪看 訪問看護 訪問看護ステーション 看護ステーション", _NURSE),
    ("訪問介護 訪介 ヘルパー ヘルパーステーション ホームヘルパー ホームヘルプ", _HELPER),
    ("デイ デイサービス デイサービスセンター 通所 通所介護", _DAY),
    ("デイケア 通リハ 通所リハ 通所リハビリ 通所リハビリテーション", _DAY_REHABILITATION),
    ("訪リハ 訪問リハ 訪問リハビリ 訪問リハビリテーション", _VISIT_REHABILITATION),
    ("リハビリ リハ リハビリテーション", _REHABILITATION), ("ショート ショートステイ 短期入所", _SHORT),
    ("グルホ グループホーム", _HOME), ("特養 特別養護老人ホーム", _NURSING_HOME), ("老健 老人保健施設 介護老人保健施設", _HEALTH_FACILITY),
    ("小多機 小規模多機能 小規模", _SMALL), ("看多機 看護小規模多機能", _SMALL_NURSING),
    ("包括 地域包括 地域包括支援センター 包括支援センター", _SUPPORT), ("福祉用具 用具 福祉用具貸与", _GOODS),
    ("訪問入浴 入浴 訪入", _BATH), ("介護 事業所 施設 さん", _NOTHING),
)  # fmt: skip
_KINDS = {kana.search_key(word): kind for words, kind in _SPOKEN for word in words.split()}


def kinds_in(words: Iterable[str]) -> tuple[str, ...]:
    """Of search keys those that only say which kind of service it is: often not in the name."""
    return tuple(word for word in words if word in _KINDS)


def services_of(words: Iterable[str]) -> frozenset[str]:
    """The codes of all services that these words mean."""
    return frozenset().union(*(_KINDS[word].services for word in words if word in _KINDS))


def means_a_service(word: str) -> bool:
    """Whether a word says which kind: 介護 and 事業所 fit every office, so nothing is told of them."""
    return word in _KINDS and _KINDS[word] is not _NOTHING


def is_such(word: str, name: str, number: str, services: Collection[str]) -> bool:
    """Whether an office is of the kind that a word says: by a service of the register, by its name's search key, or
    by the class of its number."""
    kind = _KINDS[word]
    return (
        not kind.services.isdisjoint(services)
        or any(part in name for part in (*kind.named, word))
        or (kind.number_class != "" and number[2:3] == kind.number_class)
    )
