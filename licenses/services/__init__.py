"""The only writers of licences. See docs/concurrency.md for locks and claims."""

from licenses.services.billing import (
    bill_lines_preview,
    bill_lines_record,
    bill_lines_record_due,
    bill_paper_make,
    bill_paper_request,
)
from licenses.services.licences import (
    Refused,
    license_hold,
    license_make_free,
    license_open_free,
    license_start_paid,
    paid_renewal_file,
    reservation_file,
    reservation_withdraw,
    stop_file,
    stop_withdraw,
)
from licenses.services.nights import (
    night_alarm_close,
    night_alarm_send,
    night_mails_catch_up,
    night_proof_send,
    night_watch,
    roll_over_again,
)
from licenses.services.papers import document_make, document_request, documents_requeue
from licenses.services.policy import fee_set, programme_end_set
from licenses.services.repairs import set_aside_repair
from licenses.services.rollover import RollOver, roll_over
from licenses.services.takeover import licenses_take_over

__all__ = [
    "Refused",
    "RollOver",
    "bill_lines_preview",
    "bill_lines_record",
    "bill_lines_record_due",
    "bill_paper_make",
    "bill_paper_request",
    "document_make",
    "document_request",
    "documents_requeue",
    "fee_set",
    "license_hold",
    "license_make_free",
    "license_open_free",
    "license_start_paid",
    "licenses_take_over",
    "night_alarm_close",
    "night_alarm_send",
    "night_mails_catch_up",
    "night_proof_send",
    "night_watch",
    "paid_renewal_file",
    "programme_end_set",
    "reservation_file",
    "reservation_withdraw",
    "roll_over",
    "roll_over_again",
    "set_aside_repair",
    "stop_file",
    "stop_withdraw",
]
