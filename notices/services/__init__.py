"""The only writers of the outbox (docs/adr/0022)."""

from notices.services.bouncing import bounce_record, bounce_settle, returned_read
from notices.services.leading import lead_times_set
from notices.services.mailboxes import returned_mailbox_read
from notices.services.printing import letter_again, letter_returned, letters_again, letters_print
from notices.services.queueing import notice_queue, notices_queue
from notices.services.sending import delivery_again, outbox_send

__all__ = [
    "bounce_record",
    "bounce_settle",
    "delivery_again",
    "lead_times_set",
    "letter_again",
    "letter_returned",
    "letters_again",
    "letters_print",
    "notice_queue",
    "notices_queue",
    "outbox_send",
    "returned_mailbox_read",
    "returned_read",
]
