from django.db import models

from licenses import rules


class Pricing(models.TextChoices):
    PAID = rules.PAID, "有償"
    FREE_PASS = rules.FREE_PASS, "フリーパス"


class RenewalMode(models.TextChoices):
    AUTO = rules.AUTO, "自動更新"
    MANUAL = rules.MANUAL, "手動更新"


class Status(models.TextChoices):
    NONE = rules.NONE, "未利用"
    ACTIVE_FREE = rules.ACTIVE_FREE, "フリーパス利用中"
    ACTIVE_PAID = rules.ACTIVE_PAID, "有償利用中"
    LAPSED = rules.LAPSED, "期限切れ"
    STOPPED = rules.STOPPED, "停止"


class Closing(models.TextChoices):
    """How a term's end was recorded."""

    OPEN = "", "これから"
    RENEWED = rules.RENEWED, "更新"
    STOPPED = rules.STOPPED, "停止"
    LAPSED = rules.LAPSED, "期限切れ"


class StopReason(models.TextChoices):
    STOP_REQUESTED = rules.STOP_REQUESTED, "利用停止の届け"
    OFFICE_CLOSED = rules.OFFICE_CLOSED, "事業所の廃止"
    PROGRAMME_ENDED = rules.PROGRAMME_ENDED, "事業の終了"


class Origin(models.TextChoices):
    """How a term came about."""

    FIRST = "first", "利用開始"
    RESTART = "restart", "再開"
    RENEWAL = "renewal", "更新"
    TAKEOVER = "takeover", "引き継ぎ"


class ReservationState(models.TextChoices):
    OPEN = "open", "予約中"
    USED = "used", "使用済み"
    WITHDRAWN = "withdrawn", "取り下げ"
    RELEASED = "released", "解除"


class EventKind(models.TextChoices):
    TERM_OPENED = "term_opened", "利用を始めた"
    TERM_TAKEN_OVER = "term_taken_over", "前のシステムから引き継いだ"
    TERM_MADE_FREE = "term_made_free", "有償の期間をフリーパスに変えた"
    RENEWED_FREE = rules.RENEWED_FREE, "フリーパスで更新した"
    RENEWED_PAID = rules.RENEWED_PAID, "有償で更新した"
    STOPPED = rules.STOPPED, "停止した"
    LAPSED = rules.LAPSED, "期限切れになった"
    STOP_FILED = "stop_filed", "利用停止の届けを出した"
    STOP_WITHDRAWN = "stop_withdrawn", "利用停止の届けを取り下げた"
    RESERVED = "reserved", "次回の予約をした"
    RESERVATION_WITHDRAWN = "reservation_withdrawn", "次回の予約を取り下げた"
    RESERVATION_RELEASED = "reservation_released", "次回の予約が解除された"
    REPAIRED = "repaired", "記録のまちがいを直した"


# The four changes of a term's end; a roll-over counts each licence by its last one.
TURNS = (EventKind.RENEWED_FREE, EventKind.RENEWED_PAID, EventKind.STOPPED, EventKind.LAPSED)


class BillKind(models.TextChoices):
    CHARGE = "charge", "利用料"
    CORRECTION = "correction", "訂正"


class DocumentKind(models.TextChoices):
    """Papers about a licence."""

    CERTIFICATE = "certificate", "ライセンス証明書"
    PROOF_OF_USE = "proof_of_use", "利用証明書"
    RENEWAL_NOTICE = "renewal_notice", "更新のお知らせ"
    STOP_CONFIRMATION = "stop_confirmation", "利用停止の届けの控え"


# The two letters that a paper's check code begins with.
DOCUMENT_PREFIXES = {
    DocumentKind.CERTIFICATE: "LC",
    DocumentKind.PROOF_OF_USE: "LU",
    DocumentKind.RENEWAL_NOTICE: "LR",
    DocumentKind.STOP_CONFIRMATION: "ST",
}


class AlarmKind(models.TextChoices):
    """Why a night is not as it should be."""

    NO_RUN = "no_run", "証明がない夜"
    RED = "red", "証明が合わない夜"


class PaperState(models.TextChoices):
    """What the public page says of a paper."""

    VALID = "valid", "いま有効です"
    OVER = "over", "期間が終わっています"
    CHANGED = "changed", "発行のあとに内容が変わりました"
