from django.db import models


class Kind(models.TextChoices):
    """What a notice is about. Unique together with the office and the subject (docs/adr/0022)."""

    ACKNOWLEDGEMENT = "acknowledgement", "申請の受け付け"
    PROVED = "proved", "事業所の確認が済んだ"
    IDENTITY_REMINDER = "identity_reminder", "事業所の確認の期限が近い"
    MEMBERS_ASKED = "members_asked", "申請の確認のお願い"
    RENEWAL_MONTH = "renewal_month", "更新月になった"
    REMINDER = "reminder", "期間のおわりが近い"
    RENEWED = "renewed", "更新した"
    ENDED = "ended", "利用が終わった"
    ACT_BY_TELEPHONE = "act_by_telephone", "お電話での手続き"
    MEMBER_INVITED = "member_invited", "招待"
    MEMBER_CLAIMED = "member_claimed", "手続きする人が加わった"
    INQUIRY_RECEIVED = "inquiry_received", "問い合わせの受け付け"
    INQUIRY_ANSWER = "inquiry_answer", "問い合わせへの回答"
    NIGHT_ALARM = "night_alarm", "夜間処理の警報"
    NIGHT_PROOF = "night_proof", "夜間処理の証明"
    AREA_REPORT = "area_report", "普及状況の月次の報告"


class Channel(models.TextChoices):
    MAIL = "mail", "メール"
    LETTER = "letter", "手紙"


class State(models.TextChoices):
    """How a delivery stands. What a mail server or the post took is handed over; nothing is ever
    called delivered."""

    QUEUED = "queued", "これから"
    HANDED_OVER = "handed_over", "渡した"
    BOUNCED = "bounced", "戻った"
    GIVEN_UP = "given_up", "渡せなかった"
