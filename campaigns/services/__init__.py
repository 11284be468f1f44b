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
from campaigns.services.drafts import (
    DraftChanged,
    claims_of,
    draft_answer,
    draft_mark,
    draft_restate,
    draft_send,
    draft_start,
    drafts_forget,
)
from campaigns.services.joining import applicant_join
from campaigns.services.letters import (
    BATCH,
    Entered,
    Made,
    code_enter,
    letter_make_again,
    letter_returned,
    letter_run_make_again,
    letters_make,
)
from campaigns.services.mailing import (
    application_notices_catch_up,
    application_notices_make,
    application_notify,
    identity_reminders_queue,
    members_ask,
)
from campaigns.services.noticing import licence_notices_queue
from campaigns.services.proving import application_prove

__all__ = [
    "BATCH",
    "AnswerChanged",
    "Applicant",
    "DraftChanged",
    "Entered",
    "Made",
    "applicant_join",
    "application_file",
    "application_notices_catch_up",
    "application_notices_make",
    "application_notify",
    "application_prove",
    "application_withdraw",
    "applications_expire",
    "campaign_change",
    "claims_of",
    "code_enter",
    "draft_answer",
    "draft_mark",
    "draft_restate",
    "draft_send",
    "draft_start",
    "drafts_forget",
    "free_pass_grant",
    "identity_reminders_queue",
    "letter_make_again",
    "letter_returned",
    "letter_run_make_again",
    "letters_make",
    "licence_notices_queue",
    "members_ask",
]
