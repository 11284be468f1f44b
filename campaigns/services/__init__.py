"""The only writers of campaigns and applications."""

from campaigns.services.applications import (
    AnswerChanged,
    Applicant,
    application_file,
    application_withdraw,
    applications_expire,
    free_pass_grant,
)
from campaigns.services.campaigns import campaign_change
from campaigns.services.proving import application_prove

__all__ = [
    "AnswerChanged",
    "Applicant",
    "application_file",
    "application_prove",
    "application_withdraw",
    "applications_expire",
    "campaign_change",
    "free_pass_grant",
]
