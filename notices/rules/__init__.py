"""What the outbox decides: when to try again, and what a notice holds. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

# After each failure the next try waits four times as long, from a minute up to six hours.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines, below the facts."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a notice says, once for text, HTML and paper: the first lines tell what happens, what it
    costs and how to stop; `link` (label, path of a page with a button) follows them at once, `calm` what
    need not be done; `facts` (label, value) stand under the office's name `about`."""

    lead: tuple[str, ...]
    link: tuple[str, str] | None = None
    calm: tuple[str, ...] = ()
    about: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Postal:
    """Where a letter goes when no mail can reach the office."""

    addressee: str
    postal_code: str
    address: str

    @property
    def is_whole(self) -> bool:
        return bool(self.addressee.strip() and self.address.strip())


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the mails of a notice; PDF only."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A finished notice as the other apps hand it over. `subject` names what it is about (a term's first
    day, a receipt number): together with kind and office it is told once. `content` is text for plain mails.
    Each address in `to` gets a mail of its own; without one that can be reached a letter goes to `postal`,
    where there is one. `secret` content is erased once its mails have gone."""

    kind: str
    subject: str
    title: str
    content: Content | str
    office_id: int | None = None
    to: tuple[str, ...] = ()
    postal: Postal | None = None
    in_portal: bool = False
    secret: bool = False
    attachment: Attachment | None = None


def wait_after(tries: int) -> timedelta:
    """How long to wait after the `tries`-th failure (from 1)."""
    times: int = 4 ** min(max(tries, 1) - 1, 10)
    return min(FIRST_WAIT * times, LONGEST_WAIT)


def nearest_lead(ends_on: date, leads: tuple[int, ...], today: date) -> int | None:
    """Of the days before a term's last day, the nearest that is due on `today`: only while the term runs
    (its last day included); None when none is due yet."""
    left = (ends_on - today).days
    return min((lead for lead in leads if 0 <= left <= lead), default=None)
