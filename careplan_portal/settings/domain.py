"""Facts of the operation that may change without a new version; see docs/settings.md for each."""

from careplan_portal.lib.env import Environment

_env = Environment()

# Name and telephone of the service, on every page and paper. Stand-ins until the operator gives its own.
SERVICE_NAME = _env.text("SERVICE_NAME", "フリーパス窓口")
SUPPORT_PHONE = _env.text("SUPPORT_PHONE", "0120-000-000")
SUPPORT_HOURS = _env.text("SUPPORT_HOURS", "平日 9時から17時まで（土日・祝日・12月29日〜1月3日は休み）")

# Fee display and invoices. The source is silent on all three, so the operator decides (DOMAIN, Money).
FEE_INCLUDES_TAX = _env.boolean("FEE_INCLUDES_TAX", True)
TAX_PERCENT = _env.integer("TAX_PERCENT", 10)
INVOICE_ISSUER_NUMBER = _env.text("INVOICE_ISSUER_NUMBER", "未登録")

# R16: proof of identity.
IDENTITY_CODE_DIGITS = _env.integer("IDENTITY_CODE_DIGITS", 8, at_least=6)
IDENTITY_CODE_TRIES = _env.integer("IDENTITY_CODE_TRIES", 5, at_least=1)
IDENTITY_CODE_PAUSE_MINUTES = _env.integer("IDENTITY_CODE_PAUSE_MINUTES", 30, at_least=1)

# How many days after its arrival a form on paper can be entered at the helpdesk (docs/adr/0030).
PAPER_DAYS = _env.integer("PAPER_DAYS", 14)

# How long the link in an invitation works, in days after the day it was sent.
INVITATION_DAYS = _env.integer("INVITATION_DAYS", 7, at_least=1)
# Days before the deadline on which whoever filed is reminded once.
IDENTITY_REMIND_DAYS = _env.integer("IDENTITY_REMIND_DAYS", 7, at_least=1)

# Where paper forms are sent to, and a letter that cannot be delivered comes back to.
SUPPORT_ADDRESS = _env.text("SUPPORT_ADDRESS", "〒000-0000 東京都（運営者が決めます）")

# How often one address on the net may file, look up a receipt number, enter a letter's code.
FILINGS_PER_HOUR = _env.integer("FILINGS_PER_HOUR", 60, at_least=1)
STATUS_LOOKS_PER_HOUR = _env.integer("STATUS_LOOKS_PER_HOUR", 30, at_least=1)
CODES_PER_HOUR = _env.integer("CODES_PER_HOUR", 30, at_least=1)
# How long a filing that was begun is kept.
DRAFT_DAYS = _env.integer("DRAFT_DAYS", 14, at_least=1)

# The outbox (docs/adr/0022): mails a minute over all workers, tries before one is given up, seconds after which a
# claimed mail's worker counts as dead.
MAILS_PER_MINUTE = _env.integer("MAILS_PER_MINUTE", 600, at_least=1)
MAIL_TRIES = _env.integer("MAIL_TRIES", 8, at_least=1)
MAIL_CLAIM_SECONDS = _env.integer("MAIL_CLAIM_SECONDS", 900, at_least=1)
# Where mails come back to (each gets +key before the @), and the Maildir in which they then lie.
RETURNED_ADDRESS = _env.text("RETURNED_ADDRESS", "")
RETURNED_MAILBOX = _env.text("RETURNED_MAILBOX", "")
# Who gets a copy of each mail in the same SMTP transaction, and the Maildir in which it then lies.
MAIL_COPY_ADDRESS = _env.text("MAIL_COPY_ADDRESS", "")
MAIL_COPIES = _env.text("MAIL_COPIES", "")
# How long a renewal or an end is still told when the nights or the outbox were away, in days.
NOTICE_DAYS = _env.integer("NOTICE_DAYS", 90, at_least=1)
