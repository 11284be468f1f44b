from django.db import models


class Role(models.TextChoices):
    OFFICE_STAFF = "office_staff", "事業所職員"
    HELPDESK = "helpdesk", "ヘルプデスク"
    OFFICER = "officer", "自治体担当者"
    OPERATOR = "operator", "運営者"
    AUDITOR = "auditor", "監査担当"


# Whoever sees more than the own office signs in with a second factor.
TWO_FACTOR_ROLES = frozenset({Role.HELPDESK, Role.OFFICER, Role.OPERATOR, Role.AUDITOR})
