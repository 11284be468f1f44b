from django.db import models


class Role(models.TextChoices):
    OFFICE_STAFF = "office_staff", "事業所職員"
    HELPDESK = "helpdesk", "ヘルプデスク"
    OFFICER = "officer", "自治体担当者"
    OPERATOR = "operator", "運営者"
    AUDITOR = "auditor", "監査担当"


# Whoever sees more than the own office signs in with a second factor.
TWO_FACTOR_ROLES = frozenset({Role.HELPDESK, Role.OFFICER, Role.OPERATOR, Role.AUDITOR})


class AccountEventKind(models.TextChoices):
    CREATED = "created", "作った"
    INVITED = "invited", "招待を送った"
    ROLE_CHANGED = "role_changed", "役割を変えた"
    NAME_CHANGED = "name_changed", "名前を変えた"
    EMAIL_CHANGED = "email_changed", "メールアドレスを変えた"
    PASSWORD_CHANGED = "password_changed", "パスワードを変えた"
    SECOND_FACTOR_ADDED = "second_factor_added", "二段階の確認を加えた"
    SECOND_FACTOR_REMOVED = "second_factor_removed", "二段階の確認を外した"
    SECOND_FACTOR_RESET = "second_factor_reset", "二段階の確認をやり直せるようにした"
    SESSIONS_ENDED = "sessions_ended", "すべてのサインインを終わらせた"
    DEACTIVATED = "deactivated", "使えなくした"
    REACTIVATED = "reactivated", "また使えるようにした"
    SIGNED_IN = "signed_in", "サインインした"


class SubjectKind(models.TextChoices):
    """What somebody looked at."""

    OFFICE = "office", "事業所"
    CORPORATION = "corporation", "法人"
    AREA = "area", "地域"
    APPLICATION = "application", "申請"
    INQUIRY = "inquiry", "問い合わせ"
    ACCOUNT = "account", "利用者"
    SEARCH = "search", "一覧・検索"
    RECORDS = "records", "記録"
    EXPORT = "export", "書き出し"


class LookReason(models.TextChoices):
    """Why: the choices a screen offers; a sentence may be added."""

    CALL = "call", "電話対応"
    INQUIRY = "inquiry", "問い合わせへの回答"
    LETTER = "letter", "手紙の発送"
    CHECK = "check", "台帳の確認"
    REPAIR = "repair", "処理できない記録の対応"
    AUDIT = "audit", "監査"
    OTHER = "other", "そのほか"
