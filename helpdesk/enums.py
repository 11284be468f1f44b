from django.db import models

from helpdesk.rules import caller, imagining


class Topic(models.TextChoices):
    """What a contact or an inquiry was about: the same words everywhere, so that they can be counted."""

    APPLY = "apply", "申請のしかた"
    STATUS = "status", "申請の状況"
    TERM = "term", "期間と更新"
    FEE = "fee", "料金と請求"
    STOP = "stop", "停止"
    IDENTITY = "identity", "事業所の確認"
    ACCOUNT = "account", "サインインと登録"
    SOFTWARE = "software", "ソフトと設定"
    PARTNERS = "partners", "相手の事業所・普及"
    OTHER = "other", "そのほか"


# Topics of the FAQ as topics of a contact.
TOPIC_OF_ENTRIES: dict[str, Topic] = {
    "apply": Topic.APPLY, "fee": Topic.FEE, "stop": Topic.STOP, "account": Topic.ACCOUNT, "prepare": Topic.SOFTWARE,
    "software": Topic.SOFTWARE, "send": Topic.SOFTWARE, "merit": Topic.PARTNERS, "municipality": Topic.PARTNERS,
}  # fmt: skip


class ContactKind(models.TextChoices):
    NOTE = "note", "記録"
    CALL_BEGAN = "call_began", "通話"
    CALL_ENDED = "call_ended", "通話のおわり"
    ACT = "act", "代わりの手続き"
    FOLLOWED_UP = "followed_up", "連絡した"
    MAIL = "mail", "メール"
    LETTER_NEEDED = "letter_needed", "手紙での確認が必要"


class CallerProof(models.TextChoices):
    TWO_FACTS = caller.TWO_FACTS, "2つの事実が合った"
    CALL_BACK = caller.CALL_BACK, "登録の電話に折り返した"


CALLER_FACTS = list(caller.FACTS.items())


class Act(models.TextChoices):
    """What the helpdesk does for a caller: the same acts as on the member's own screens."""

    APPLY = imagining.APPLY, "フリーパスを申請"
    STOP = imagining.STOP, "利用をやめる"
    STOP_WITHDRAW = imagining.STOP_WITHDRAW, "停止の届けを取り消す"
    WITHDRAW = imagining.WITHDRAW, "申請を取り下げる"
    PAID_RENEWAL = imagining.PAID_RENEWAL, "有償で更新を申し込む"
    PAID_START = imagining.PAID_START, "有償で始める"
    MANAGER = "manager", "管理者として招待する"


IMAGINABLE = [
    (Act.STOP, "利用をやめる"),
    (Act.APPLY, "フリーパスを申請"),
    (Act.STOP_WITHDRAW, "停止の届けを取り消す"),
    (Act.WITHDRAW, "予約を取り下げる"),
    (Act.PAID_RENEWAL, "有償で更新を申し込む"),
    (Act.PAID_START, "有償で始める"),
    (imagining.NOTHING, "何もしない"),
]


class InquiryState(models.TextChoices):
    """How an inquiry stands; derived from its facts."""

    WAITING = "waiting", "待ち"
    TAKEN = "taken", "対応中"
    PASSED_ON = "passed_on", "ほかへ確認中"
    ANSWERED = "answered", "回答した"
    MERGED = "merged", "ほかの問い合わせにまとめた"
    CLOSED = "closed", "回答なしで終えた"


class PassedTo(models.TextChoices):
    VENDOR = "vendor", "介護ソフトの会社"
    MUNICIPALITY = "municipality", "自治体"
    OPERATOR = "operator", "運営者"


class InquiryEventKind(models.TextChoices):
    RECEIVED = "received", "受け付けた"
    TAKEN = "taken", "担当した"
    RELEASED = "released", "待ちに戻した"
    TAKEN_OVER = "taken_over", "引き継いだ"
    OFFICE_LINKED = "office_linked", "事業所を結び付けた"
    TOPIC_CHANGED = "topic_changed", "話題を変えた"
    PASSED_ON = "passed_on", "ほかへ確認を頼んだ"
    RETURNED = "returned", "確認が返ってきた"
    ANSWERED = "answered", "回答した"
    MERGED = "merged", "まとめた"
    CLOSED = "closed", "回答なしで終えた"
    REOPENED = "reopened", "また開いた"


class Direction(models.TextChoices):
    IN = "in", "受信"
    OUT = "out", "回答"
