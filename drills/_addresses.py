"""Every page of the portal, from the URL configuration: none is forgotten, because an address without an example fails.

A page is an address that answers GET with a whole HTML document. What its address needs (an office, a paper, a
token) is found among the demo's records.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.urls import URLPattern, get_resolver, reverse

from accounts.enums import Role
from careplan_portal.role_table import COLUMNS, VISITOR, Entry, _patterns, entries
from drills._records import Records

# Parts of pages, files, answers to programs, and addresses that only lead elsewhere: not pages.
NOT_PAGES = re.compile(
    r"^(admin:.*|healthz|readyz|metrics|portal-css|demo-clock|api:.*|.*-(file|pdf|csv|part|proof|paper)|.*:(robots|favicon|specimen|booklet"
    r"|file|suggest|imagine|report|paper-form|filing|import-rejects|desk-preview)|mfa_download_recovery_codes)$"
)
Kwargs = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One address as somebody of a role sees it; ``state`` tells apart several looks of one page."""

    name: str
    path: str
    role: str
    state: str = ""

    @property
    def file(self) -> str:
        return re.sub(r"[^A-Za-z0-9]+", "-", f"{self.name} {self.state} {self.role}").strip("-").lower()


@dataclass(frozen=True)
class Example:
    kwargs: Kwargs = field(default_factory=dict)
    state: str = ""
    query: str = ""
    roles: tuple[str, ...] = ()  # empty: everybody who may
    sign_in: str = ""  # one of the demo's sign-ins beside the roles

    def path(self, name: str) -> str:
        return reverse(name, kwargs=self.kwargs) + (f"?{self.query}" if self.query else "")


def asked(**values: str) -> str:
    return urlencode(values)


def pages(records: Records, *, everybody: bool = False) -> list[Page]:
    """All pages. A page that is the same for all is seen by a visitor only, unless `everybody` is wanted."""
    examples, found = examples_of(records), []
    for entry, pattern in _listed():
        if NOT_PAGES.match(entry.name):
            continue
        for example in examples.get(entry.name) or [_plain(entry, pattern)]:
            roles = [role for role in COLUMNS if role in entry.audience and role in (example.roles or COLUMNS)]
            if VISITOR in roles and not everybody and not example.roles:
                roles = [VISITOR]
            found += [
                Page(entry.name, example.path(entry.name), example.sign_in or role, example.state) for role in roles
            ]
    return found


def pages_without_parts() -> list[Page]:
    """Pages that have an address whatever there is, each as the first role that may open it."""
    found = []
    for entry, _ in _listed():
        role = next((role for role in COLUMNS if role in entry.audience), None)
        if role and "<" not in entry.route and not NOT_PAGES.match(entry.name):
            found.append(Page(entry.name, entry.route, role, "nothing yet"))
    return found


def _listed() -> list[tuple[Entry, URLPattern]]:
    known = {name: pattern for route, name, pattern in _patterns(get_resolver()) if route}
    return [(entry, known[entry.name]) for entry in entries() if entry.method == "GET" and entry.name in known]


def _plain(entry: Entry, pattern: URLPattern) -> Example:
    if "<" in entry.route:
        raise LookupError(f"{entry.name} ({entry.route}) has no example in drills/_addresses.py")
    return Example()


def needed() -> set[str]:
    """Names of pages whose address has parts to fill in."""
    return {
        entry.name for entry, _ in _listed()
        if "<" in entry.route and not NOT_PAGES.match(entry.name)
    }  # fmt: skip


# examples ----------------------------------------------------------------------------------------------

Examples = dict[str, list[Example]]


def examples_of(records: Records) -> Examples:
    """One or more for every address with parts; states of the others that lie in the question mark's part."""
    makers: tuple[Callable[[Records], Examples], ...] = (_check, _filing, _mine, _desk, _figures, _operator, _rest)
    return {name: listed for maker in makers for name, listed in maker(records).items()}


def _check(r: Records) -> Examples:
    story, none, free, many = r.story, r.office_without_licence, r.office_on_free_year, r.long_office
    dated = {"number": story, "end": "2026-04-14", "fp": "unused"}
    result = "campaigns:check-result"
    return {
        "campaigns:start": [Example()],
        "campaigns:check": [
            Example(state="nothing typed", query=asked(number="")),
            Example(state="too short", query=asked(number="31702")),
            Example(state="does not check", query=asked(number=story[:9] + "7")),
            Example(state="unknown number", query=asked(number="3170209991")),
        ],
        "campaigns:check-term": [
            Example(query=asked(number=story)),
            Example(state="impossible day", query=asked(number=story, sent="1", by="end", day_year="2026", day_month="2", day_day="30")),
        ],
        "campaigns:check-free-pass": [
            Example(query=asked(number=none)), Example(state="nothing chosen", query=asked(number=story, end="2026-04-14", sent="1")),
        ],
        "campaigns:check-renewal": [Example(query=asked(**dated))],
        result: [
            Example(state="now, by hand", query=asked(**dated, renewal="manual"), roles=(VISITOR,)),
            Example(state="now, by itself", query=asked(**dated, renewal="auto"), roles=(VISITOR,)),
            Example(state="now, stop on file", query=asked(**dated, renewal="stop"), roles=(VISITOR,)),
            Example(state="now, new", query=asked(number=none, fp="unused"), roles=(VISITOR,)),
            Example(state="long names", query=asked(number=many, fp="unused"), roles=(VISITOR,)),
            Example(state="later", query=asked(number=story, end="2026-05-09", fp="unused", renewal="auto"), roles=(VISITOR,)),
            Example(state="outside the window", query=asked(number=story, end="2026-09-30", fp="unused", renewal="auto"), roles=(VISITOR,)),
            Example(state="reserved", query=asked(number=story, end="2026-04-14", fp="reserved", renewal="auto"), roles=(VISITOR,)),
            Example(state="used", query=asked(number=none, fp="used"), roles=(VISITOR,)),
            Example(state="using", query=asked(number=free, end="2026-09-30", fp="using", renewal="auto"), roles=(VISITOR,)),
            Example(state="out of scope", query=asked(number=r.office_out_of_scope, fp="unused"), roles=(VISITOR,)),
            Example(state="own office", query=asked(number=story), roles=(Role.OFFICE_STAFF,)),
            Example(state="closed", query=asked(number=r.closed_office), roles=(VISITOR,)),
        ],
    }  # fmt: skip


def _filing(r: Records) -> Examples:
    open_, whole, unlisted = r.draft_open, r.draft_whole, r.draft_unlisted
    return {
        "campaigns:filing-step": [
            *(Example({"key": open_, "name": name}, state=name) for name in ("name", "phone", "email")),
            *(Example({"key": unlisted, "name": name}, state=name) for name in ("place", "services")),
        ],
        "campaigns:filing-check": [Example({"key": whole}), Example({"key": r.draft_long}, state="long names")],
        "campaigns:filing-saved": [Example({"key": open_})],
        "campaigns:receipt": [Example({"token": token}, state=state) for state, token in r.receipts.items()],
        "campaigns:status": [
            Example(), Example(state="unknown", query=asked(receipt="FP-2604-00000", number=r.story)),
            Example(state="found", query=asked(receipt=r.provisional.receipt_number, number=r.provisional.office.business_number)),
        ],
        "campaigns:code": [Example(), Example(state="number known", query=asked(number=r.provisional.office.business_number))],
        "campaigns:code-done": [Example({"token": signing.dumps(r.letter, salt="campaigns.letter_done")})],
        "campaigns:confirm": [Example({"receipt_number": r.to_confirm.receipt_number})],
        "campaigns:invitation": [Example({"token": token}, state=state) for state, token in r.invitations.items()],
    }  # fmt: skip


def _mine(r: Records) -> Examples:
    offices = {"story": r.story} | r.my_offices
    number = {"number": r.story}
    return {
        "campaigns:my": [Example(), Example(state="nothing found", query=asked(q="ありません"))],
        "campaigns:my-apply": [Example(query=urlencode({"o": list(offices.values())}, doseq=True))],
        "campaigns:my-applied": [
            Example({"key": "0b7e9b4e-2f6d-4b3a-9d53-0d9a5b0d8f11"}, query=urlencode({"o": list(offices.values())}, doseq=True))
        ],
        "campaigns:my-claim": [Example(query=asked(number=r.office_without_licence))],
        "campaigns:my-office": [Example({"number": one}, state=state) for state, one in offices.items()],
        "campaigns:my-stop": [Example({"number": one}, state=state) for state, one in offices.items()],
        "campaigns:my-stop-send": [Example({"number": r.my_free})],
        "campaigns:my-stop-done": [Example({"number": r.my_stopping})],
        "campaigns:my-stop-withdraw": [Example({"number": r.my_stopping})],
        "campaigns:my-reservation-withdraw": [Example({"number": r.my_reserved})],
        "campaigns:my-pay": [Example(number), Example({"number": r.my_none}, state="start")],
        "campaigns:my-members": [Example(number), Example({"number": r.my_long}, state="long names")],
        "campaigns:my-invite": [Example(number)],
        "campaigns:my-member-remove": [Example({"number": r.my_long, "user_id": r.colleague})],
        "campaigns:my-hand-over": [Example({"number": r.my_long, "user_id": r.colleague})],
        "campaigns:my-invitation-withdraw": [Example({"number": r.my_long, "pk": r.open_invitation})],
        "campaigns:my-looks": [Example(number)],
        "campaigns:my-notices": [Example(number)],
        "campaigns:my-inbox": [Example({"number": r.notice[0]})],
        "campaigns:my-inbox-notice": [Example({"number": r.notice[0], "pk": r.notice[1]})],
        "licenses:documents": [Example(number, roles=(Role.OFFICE_STAFF,)), Example({"number": r.my_none}, "nothing yet", roles=(Role.OFFICE_STAFF,))],
        "licenses:document": [Example({"code": r.paper}, roles=(Role.OFFICE_STAFF,))],
        "licenses:verify": [Example({"code": r.paper}), Example({"code": "LC-2604-AAAAAA-0"}, state="unknown")],
        "adoption:near": [Example({"business_number": r.story}), Example({"business_number": r.my_long}, state="long names")],
    }  # fmt: skip


def _desk(r: Records) -> Examples:
    offices = {"story": r.story, "long names": r.long_office} | r.desk_offices
    act = [Example({"number": r.story, "what": what}, state=what) for what in ("apply", "stop", "paid_renewal")]
    return {
        "helpdesk:find": [Example(state=word, query=asked(q=word)) for word in (r.story[:5], "みなと", "ぬぬぬぬ")],
        "helpdesk:office": [Example({"number": one}, state=state) for state, one in offices.items()],
        "helpdesk:around": [Example({"number": one}, state=state) for state, one in offices.items()],
        "helpdesk:act": [*act, Example({"number": r.office_without_licence, "what": "paid_start"}, state="paid start")],
        "helpdesk:manager": [
            Example({"number": r.story}),
            Example({"number": r.closed_office}, state="closed"),
        ],
        "helpdesk:paper": [Example({"number": r.story})],
        "helpdesk:prove": [Example({"receipt": r.provisional.receipt_number})],
        "helpdesk:inquiry-page": [Example({"number": number}, state=state) for state, number in r.inquiries.items()],
        "helpdesk:inquiry-done": [Example({"token": signing.Signer(sep="~", salt="helpdesk.inquiry").sign(r.inquiry)})],
    }  # fmt: skip


# A campaign to try out: a window that ends ten months later.
PREVIEW = {
    "name": "フリーパス", "opens_on_0": "2025", "opens_on_1": "6", "opens_on_2": "1", "closes_on_0": "2027",
    "closes_on_1": "3", "closes_on_2": "31", "scope_policy": "warn", "proof_days": "30",
}  # fmt: skip


def _figures(r: Records) -> Examples:
    area, city = {"code": r.area}, {"code": "312029"}
    return {
        "adoption:index": [Example(), Example(state="one service", query=asked(cut="43"))],
        "adoption:place": [
            Example(city), Example({"code": "310000"}, state="prefecture"), Example({"code": r.empty_municipality}, state="nothing there"),
            Example(city, state="a past day", query=asked(on="2026-01-31")),
        ],
        "adoption:find": [Example(query=asked(q="府中")), Example(state="nothing there", query=asked(q="ぬぬぬ"))],
        "adoption:card": [Example({"code": code, "key": key}, state=f"{key} {code}") for code, key in r.cards],
        "adoption:area": [Example(area)],
        "adoption:area-card": [Example({**area, "key": r.cards[0][1]})],
        "adoption:offices": [Example(area), Example(area, state="nothing found", query=asked(q="ぬぬぬぬ"))],
        "adoption:next": [Example(area)],
        "adoption:reports": [Example(city)],
        "adoption:area-reports": [Example(area)],
    }  # fmt: skip


def _operator(r: Records) -> Examples:
    return {
        "campaigns:operator-campaign": [
            Example({"pk": r.campaign}),
            Example({"pk": r.campaign}, state="preview", query=asked(**PREVIEW)),
        ],
        "campaigns:operator-grant": [Example(), Example(state="number", query=asked(number=r.office_without_licence))],
        "campaigns:letter-run": [Example({"pk": r.letter_run})],
        "notices:notice": [Example({"pk": r.notice[1]})],
        "notices:run": [Example({"pk": r.print_run})],
        "links:link": [Example({"key": r.link})],
        "offices:area": [Example({"code": r.area})],
        "offices:colleagues": [
            Example(), Example(state="an administrator's", roles=(Role.OFFICER,), sign_in="administrator"),
        ],
        "licenses:night": [Example({"on": on}, state=state) for state, on in r.nights.items()],
        "licenses:set-aside": [Example({"pk": r.set_aside})],
        "licenses:bill": [Example({"first": r.bill_month})],
        "licenses:vanished-one": [Example({"pk": r.vanished})],
        "offices:import": [Example({"pk": pk}, state=state) for state, pk in r.imports.items()],
        "accounts:user": [Example({"pk": r.colleague})],
        "accounts:records": [Example(), Example(state="nothing found", query=asked(reason="ぬぬぬぬ"))],
        "faq:desk-edit": [Example({"slug": r.faq_slug})],
        "faq:desk-history": [Example({"slug": r.faq_slug})],
    }  # fmt: skip


def _rest(r: Records) -> Examples:
    return {
        "faq:index": [
            Example(), Example(state="found", query=asked(q="途中でやめたら")), Example(state="nothing found", query=asked(q="ぬぬぬぬ")),
        ],
        "faq:entry": [Example({"slug": r.faq_slug}, roles=(VISITOR, Role.OFFICE_STAFF, Role.HELPDESK))],
        "faq:topic": [Example({"key": r.faq_topic})],
        "faq:audience": [Example({"who": who}, state=who) for who in ("office", "municipality", "helpdesk")],
        "pages:terms-version": [Example({"version": 1}, state="earlier"), Example({"version": 2})],
        "pages:privacy-version": [Example({"version": 1}, state="earlier"), Example({"version": 2})],
        "account_confirm_email": [Example({"key": "unknown-key"})],
        "account_reset_password_from_key": [
            Example({"uidb36": "1", "key": "set-password"}, state="used link"),
        ],
        "mfa_remove_webauthn": [Example({"pk": 1})],
        "mfa_edit_webauthn": [Example({"pk": 1})],
        "account_login": [Example(roles=(VISITOR,))],
        "account_signup": [Example(roles=(VISITOR,))],
    }  # fmt: skip
