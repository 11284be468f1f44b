"""What somebody typed into the one box: recognised by its shape, as they hear or copy it.

One text can be several things (ten digits that begin with 0 are a business number of nine
prefectures and a telephone number); all of them are sought, the likeliest first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.rules import NotAReceiptNumber, receipt_parse
from careplan_portal.lib.japan import business_number, corporate_number, kana, phone
from helpdesk.rules.ticket import NotATicket, ticket_parse

LONGEST = 100
"""Characters of a question that are read; more is a paste by mistake."""

_LABELS = re.compile(
    r"^(?:事業所番号|事業者番号|受付番号|法人番号|番号|電話番号|電話|でんわ|tel|phone|メール|mail)\s*[:：.]?\s*",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[\s、,，・/／]+")
_PHONE_LAYOUT = re.compile(r"\(?0[0-9]{1,4}\)?[-(][0-9]{1,4}[-)][0-9]{3,4}")
_NUMBER_PART = re.compile(r"[0-9]{3,9}|[0-9]{2}[A-HJ-NPR-Z][0-9]{0,7}|[A-HJ-NPR-Z][0-9]{3,7}")
_RECEIPT_PART = re.compile(r"FP[0-9]{4,10}")
_LEGAL_FORMS = tuple(
    map(
        kana.search_key,
        (
            "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "社会福祉法人", "社会医療法人", "医療法人社団", "医療法人財団",
            "医療法人", "特定非営利活動法人", "NPO法人", "NPO", "一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人",
            "社団法人", "財団法人", "社福", "医社", "医財", "特非", "一社", "一財", "公社", "公財",
        ),
    )
)  # fmt: skip
_SHORT_FORMS = ("株", "有", "合", "医", "福", "特")
"""㈱, (有), (医): beside a name of two characters or more; one more is a part of the name (有田)."""
_ANY_FORM = "|".join(_LEGAL_FORMS)
_AROUND = re.compile(f"^(?:{_ANY_FORM})+|(?:{_ANY_FORM})+$")
_SHORT_AROUND = re.compile(f"^[{''.join(_SHORT_FORMS)}](?=..)|(?<=..)[{''.join(_SHORT_FORMS)}]$")
_COMMON_PAIRS = frozenset(
    pair
    for word in (
        "事業所", "居宅介護支援", "指定", "デイサービスセンター", "訪問看護ステーション", "ヘルパーステーション",
        "グループホーム", "ケアプランセンター", "株式会社", "有限会社", "合同会社", "社会福祉法人", "医療法人", "社会福祉協議会",
        "きょたくかいごしえんじぎょうしょ", "してい", "ほうもんかんご", "かぶしきがいしゃ", "ゆうげんがいしゃ", "しゃかいふくし",
        "いりょうほうじん", "特別養護老人ホーム", "とくべつようごろうじん", "訪問介護", "ほうもんかいご", "訪問入浴", "通所介護",
    )
    for pair in kana.bigrams(kana.search_key(word))
)  # fmt: skip
_LOOKALIKES = str.maketrans("IOQ", "100")
_SHORTEST_PHONE = 4
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that a text can mean; empty where it cannot mean that.

    `number` is a full business number, `number_part` some of its characters in a row (the
    beginning is likeliest), `phone` the first digits of a telephone number or all of them,
    `words` search keys of the words in their order.
    """

    text: str
    number: str = ""
    number_part: str = ""
    receipt: str = ""
    receipt_part: str = ""
    ticket: str = ""
    phone: str = ""
    phone_first: bool = False
    corporate_number: str = ""
    mail: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not any((self.number, self.number_part, self.receipt, self.receipt_part, self.ticket, self.phone,
                        self.corporate_number, self.mail, self.words))  # fmt: skip


def understand(text: str) -> Question:
    """Read a text as a person meant it. Never fails; an empty question for nothing to seek."""
    shown = " ".join(unicodedata.normalize("NFKC", text[:LONGEST]).split())
    bare = _LABELS.sub("", shown)
    if "@" in bare:
        return Question(shown, mail=bare.replace(" ", "").lower())
    numbered = _by_own_number(shown, bare)
    if numbered is not None:
        return numbered
    plain = business_number.normalize(bare)
    if plain.isascii() and _digits_in(plain) >= 3:
        return _by_digits(shown, bare, plain)
    return Question(shown, words=words(bare))


def words(text: str) -> tuple[str, ...]:
    """The search keys of a text's words, in their order, each once; what has none is dropped."""
    keys = (kana.search_key(word) for word in _SPACES.split(text))
    return tuple(dict.fromkeys(key for key in keys if key))


def without_legal_forms(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without 株式会社, NPO, (医) and the like before or after a name or as words of their own: the
    register often lacks them or writes them otherwise. What is nothing else stays where nothing would be left."""
    cores = (without_legal_form(word) for word in words)
    return tuple(dict.fromkeys(core for core in cores if core)) or words


def without_legal_form(word: str) -> str:
    """A search key without the legal form around it; empty for a legal form alone."""
    if word in _SHORT_FORMS:
        return ""
    core = _AROUND.sub("", word)
    return _SHORT_AROUND.sub("", core) if core == word else core


def digits_apart(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of words in which a caller mixed facts (米子 みなと 0123), those that are digits, three or more, and the
    others; two empty tuples where either would be."""
    numbers = tuple(word for word in words if word.isdigit() and len(word) >= _FEWEST_DIGITS)
    others = tuple(word for word in words if word not in numbers)
    return (numbers, others) if numbers and others else ((), ())


def about_number(question: Question) -> str:
    """What is to be said of a number that no office has: whether it is formed rightly. Empty for other questions."""
    if question.phone_first:
        return ""
    if question.number:
        return f"番号の形は合っていますが、この番号の事業所はありません。{_doubts(question.number)}"
    plain = business_number.normalize(question.text)
    if plain.isascii() and plain.isdigit() and len(plain) >= business_number.LENGTH - 2 and not question.phone:
        try:
            business_number.parse(plain)
        except business_number.BusinessNumberError as wrong:
            return wrong.text
    return ""


def _doubts(number: str) -> str:
    if not business_number.prefecture_exists(number):
        return f"はじめの2けた（{number[:2]}）の都道府県はありません。聞きまちがいかもしれません。"
    if business_number.check_digit_holds(number):
        return "検査数字も合うので、名簿にまだない新しい事業所か、地域包括支援センターかもしれません。"
    return "おわりの検査数字が合わないので、聞きまちがいかもしれません。合わない番号も、まれに本当にあります。"


_SHORTEST_MISHEARD = 4


def slips(word: str) -> list[str]:
    """Patterns of a word in which one sound was misheard ("_" is any), one is too many, or one is missing; none for
    a word so short that anything would fit."""
    if len(word) < _SHORTEST_MISHEARD:
        return []
    other = [f"{word[:at]}_{word[at + 1 :]}" for at in range(len(word))]
    less = [f"{word[:at]}{word[at + 1 :]}" for at in range(len(word))] if len(word) > _SHORTEST_MISHEARD else []
    more = [f"{word[:at]}_{word[at:]}" for at in range(1, len(word))]
    return list(dict.fromkeys([*other, *less, *more]))


def words_left_out(text: str, out: Iterable[str]) -> tuple[str, ...]:
    """Search keys as they were typed; a part of a longer word as its key."""
    typed = {kana.search_key(word): word for word in _SPACES.split(text)}
    return tuple(typed.get(key, key) for key in out)


def rarest_pairs(parts: Iterable[str], most: int = 6) -> list[str]:
    """The pairs of neighbouring characters to seek search keys by, at most `most`: without those
    that thousands of names share, where others are left. All of them hold in what is sought, so
    leaving some out only lets through what the words themselves are then compared with."""
    pairs = sorted({pair for part in parts for pair in kana.bigrams(part)})
    rare = [pair for pair in pairs if pair not in _COMMON_PAIRS]
    return rare[:most] or pairs


def is_common(word: str) -> bool:
    """Whether a search key is nothing but what thousands are called: デイ, 訪問, ケアプラン."""
    return all(pair in _COMMON_PAIRS for pair in kana.bigrams(word))


def _by_own_number(shown: str, bare: str) -> Question | None:
    """受付番号 and the numbers of inquiries have a check character, so they are certain."""
    try:
        return Question(shown, receipt=receipt_parse(bare))
    except NotAReceiptNumber:
        pass
    try:
        return Question(shown, ticket=ticket_parse(bare))
    except NotATicket:
        pass
    plain = business_number.normalize(bare)
    if _RECEIPT_PART.fullmatch(plain):
        return Question(shown, receipt_part=plain[2:])
    return None


def _by_digits(shown: str, bare: str, plain: str) -> Question:
    company = corporate_number.normalize(bare)
    if len(company) == corporate_number.LENGTH and company.isdigit():
        return Question(shown, corporate_number=company)
    readable = _readable(plain)
    number = readable if business_number.is_well_formed(readable) else ""
    part = readable if not number and _NUMBER_PART.fullmatch(readable) else ""
    dialled = _phone(bare)
    as_words = () if number or part or dialled else words(bare)
    return Question(
        shown,
        number=number,
        number_part=part,
        phone=dialled,
        phone_first=bool(dialled and _PHONE_LAYOUT.fullmatch(phone.display(bare))),
        words=as_words,
    )


def _readable(plain: str) -> str:
    """I, O and Q where only digits stand, and as the class, are misread 1 and 0."""
    return plain.translate(_LOOKALIKES) if len(plain) <= business_number.LENGTH else plain


def _phone(bare: str) -> str:
    """The digits of what can be a telephone number or its beginning: 0 first, or +81."""
    kept = phone.digits(bare)
    if bare.lstrip("(").startswith("+81"):
        kept = "0" + kept[2:].removeprefix("0")
    if re.search(r"[A-Za-z]", bare) or kept[:1] != "0" or len(kept) < _SHORTEST_PHONE:
        return ""
    return kept if len(kept) <= 11 else ""


def _digits_in(text: str) -> int:
    return sum(char.isdigit() for char in text)
