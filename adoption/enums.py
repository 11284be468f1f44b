"""Choices of the figures, with the words people see."""

from django.db import models

from offices.enums import Side

# Cuts of an area's offices: everybody, a side, or one kind of service by its two-character code.
ALL = "all"
CARE_MANAGER = "cm"
PROVIDER = "pr"
SIDES = {CARE_MANAGER: Side.CARE_MANAGER, PROVIDER: Side.PROVIDER}

NATION = "000000"


class Split(models.TextChoices):
    """A sum that everybody may know, in two parts that are guarded (rules.guard)."""

    PRICING = "pricing", "フリーパスと有償"
    ENDED = "ended", "停止と期限切れ"
    FILED = "filed", "申請した事業所"


class CallOutcome(models.TextChoices):
    """What came of talking to an office about joining."""

    WILL_JOIN = "will_join", "使うと言った"
    THINKING = "thinking", "考えている"
    NOT_NOW = "not_now", "いまは使わない"
    ABSENT = "absent", "会えなかった"
    SENT = "sent", "案内を渡した"


class CallWay(models.TextChoices):
    PHONE = "phone", "電話"
    VISIT = "visit", "訪問"
    LETTER = "letter", "手紙"
    MEETING = "meeting", "会議の席"


class ReportKind(models.TextChoices):
    COUNCIL = "council", "議会・会議用の1枚"
    MONTHLY = "monthly", "月次の報告"
