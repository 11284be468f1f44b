from django.db import models

from campaigns import rules


class OncePer(models.TextChoices):
    BUSINESS_NUMBER = "business_number", "事業所番号ごとに1回"


class Length(models.TextChoices):
    """R2 knows terms of one year; another length would be another rule."""

    ONE_YEAR = "one_year", "1年間"


class ScopePolicy(models.TextChoices):
    """R11: what to do with an office that has no service within the data standard."""

    WARN = "warn", "注意を出して、受け付ける"
    REFUSE = "refuse", "受け付けない"


class Channel(models.TextChoices):
    VISITOR = "visitor", "Web（サインインなし）"
    MEMBER = "member", "Web（事業所の人）"
    HELPDESK = "helpdesk", "ヘルプデスク"
    PAPER = "paper", "紙の申請書"
    OPERATOR = "operator", "運営の判断"


# Ways on which nobody's identity is proved while they file.
PROVED_LATER = (Channel.VISITOR, Channel.PAPER)


class Effect(models.TextChoices):
    """What the filing leads to: R3, R6's begun term, R4's renewal."""

    FROM_FILING = rules.FROM_FILING, "申請した日から"
    BEGUN_TERM = rules.BEGUN_TERM, "始まっている期間を無料に"
    AT_RENEWAL = rules.AT_RENEWAL, "次の更新日から"


class Proof(models.TextChoices):
    """R16: how the applicant was shown to act for the office."""

    MEMBER = "member", "事業所の人のサインイン"
    CALL_BACK = "call_back", "登録の電話に折り返し"
    LETTER = "letter", "手紙のコード"
    OPERATOR = "operator", "運営の判断"


class State(models.TextChoices):
    PROVISIONAL = rules.PROVISIONAL, "仮受付"
    RESERVED = rules.RESERVED, "予約済み"
    GRANTED = rules.GRANTED, "適用済み"
    WITHDRAWN = rules.WITHDRAWN, "取り下げ"
    EXPIRED = rules.EXPIRED, "期限切れ"
    SUPERSEDED = rules.SUPERSEDED, "ほかの申請で適用済み"
    RELEASED = rules.RELEASED, "予約の解除"
    DECLINED = rules.DECLINED, "登録の日付と合わず、対象外"


class ApplicationEventKind(models.TextChoices):
    FILED = "filed", "申請を受け付けた"
    PROVED = "proved", "事業所の確認ができた"
    WITHDRAWN = "withdrawn", "申請を取り下げた"
    EXPIRED = "expired", "確認の期限が過ぎた"
    SUPERSEDED = "superseded", "ほかの申請が先に確認された"
    DECLINED = "declined", "登録の日付と合わないため、対象外になった"
    MEMBERS_ASKED = "asked", "登録ずみの人に確認を頼んだ"
    LETTER_MADE = "letter", "コードの手紙を作った"
    LETTER_RETURNED = "letterback", "コードの手紙が戻ってきた"
    CODE_WRONG = "code_wrong", "コードが合わなかった"
    JOINED = "joined", "申請した人が、手続きする人に加わった"


class ReturnedWhy(models.TextChoices):
    """What the post wrote on an envelope that came back."""

    UNKNOWN = "unknown", "あて所に尋ねあたりません"
    MOVED = "moved", "転居先不明"
    KEPT = "kept", "保管期間が過ぎた"
    REFUSED = "refused", "受け取り拒否"
    OTHER = "other", "そのほか"


class LetterState(models.TextChoices):
    """How a letter stands; derived from its facts."""

    WAITING = "waiting", "コードを待っている"
    USED = "used", "コードが入れられた"
    RETURNED = "returned", "戻ってきた"
    REPLACED = "replaced", "刷り直した"
    OVER = "over", "確認が要らなくなった"
