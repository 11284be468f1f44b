"""The mailbox to which mails come back (a Maildir): what was read is marked as seen."""

from __future__ import annotations

import mailbox
from pathlib import Path

from django.conf import settings

from notices.services.bouncing import returned_read


def returned_mailbox_read(*, folder: str = "") -> dict[str, int]:
    """Read what is new in the mailbox (RETURNED_MAILBOX unless `folder`), and mark each as seen only after it was
    recorded: a kill between the two reads it again, which changes nothing."""
    place = folder or settings.RETURNED_MAILBOX
    counts = returned_read(mails=[])
    if not place or not Path(place).is_dir():
        return counts
    box = mailbox.Maildir(place, create=False)
    for key, message in list(box.iteritems()):
        if message.get_subdir() == "cur" and "S" in message.get_flags():
            continue
        for what, count in returned_read(mails=[box.get_bytes(key)]).items():
            counts[what] += count
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message
    box.close()
    return counts
