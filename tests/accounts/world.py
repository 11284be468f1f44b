"""A small world in which every address leads somewhere: what is one's own, what is another's, what is not there.

Two offices in two areas, each with a member, a licence, papers and applications of its own; a person of each role;
and people to whom nothing belongs. ``addresses`` gives an entry of the role table its addresses in this world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from json import dumps
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import signing
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.enums import Role
from accounts.models import User
from accounts.services import password_path
from adoption.enums import ReportKind
from adoption.queries.figures import run_on
from adoption.queries.places import place_by_code
from adoption.services.reports import report_make
from adoption.services.snapshots import snapshot_make
from campaigns.models import Campaign
from campaigns.queries import receipt_path
from campaigns.rules import Claims
from campaigns.services import draft_start, letters_make
from careplan_portal.lib.acting import HELPDESK, MEMBER, SYSTEM, Acting
from faq.services import faq_load
from helpdesk.services.calendar import closing_day_set
from helpdesk.services.contacts import note_record
from helpdesk.services.inquiries import Asked, inquiry_receive
from licenses.models import FeeSchedule, License, NightAlarm, RollOverRun, SetAside
from licenses.services import license_start_paid
from licenses.services.papers import document_make, document_request
from notices.enums import Kind
from notices.models import Bounce, Delivery, Notice, PrintRun
from notices.rules import Outgoing, Postal
from notices.services import letter_returned, letters_print, notice_queue
from offices.models import ImportJob, ImportRun, Municipality, Office, VanishedOffice
from offices.services.areas import administrator_set, area_save, officer_assign
from offices.services.members import invitation_path, member_invite
from offices.services.reference import load_reference
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_member, make_office, make_user

TODAY = date(2026, 4, 3)
MONTH = date(2026, 3, 1)
FIGURES = TODAY - timedelta(days=1)
REPORT: dict[str, Any] = {"kind": ReportKind.COUNCIL.value, "day": FIGURES}
BEGUN = date(2025, 4, 15)
YONAGO, MATSUE = "312029", "322016"
SETUP = Acting(None, SYSTEM, "試験の準備")
OWN, OTHER, NONE = "own", "other", "none"
# Well-formed, and of nothing that is there.
NOT_THERE: dict[str, Any] = {
    "number": "9970000009", "business_number": "9970000009", "pk": 987654321, "user_id": 987654321,
    "slug": "no-such-entry", "code": "no-such-thing", "key": "no-such-key", "token": "no-such-token",
    "receipt_number": "FP-0000-0000-0", "receipt": "FP-0000-0000-0", "version": 99, "on": date(2001, 1, 1),
    "first": date(2001, 1, 1), "what": "no-such-act", "name": "no-such-step", "who": "nobody", "digest": "0123abcd",
    "uidb36": "zzzz", "kind": "csv", "id": 987654321, "day": date(2001, 1, 1),
}  # fmt: skip
# The admin's pages are asked for rows that are not there: whether they open is decided before.
ADMIN_OBJECT: dict[str, Any] = {
    "object_id": "987654321", "content_type_id": 987654321, "app_label": "accounts", "url": "nowhere/",
}  # fmt: skip
NOT_THERE |= ADMIN_OBJECT
# Addresses of places take six figures, and short words.
NO_PLACE: dict[str, Any] = {"code": "999999", "name": "999999", "key": "nothing"}

COUNTS: dict[str, Any] = {
    "files": 0, "rows": 0, "offices_created": 0, "offices_updated": 0, "offices_unchanged": 0, "offices_gone": 0,
    "services": 0, "warnings": {}, "rejected": 0, "rejects_file": None,
}  # fmt: skip


@dataclass
class Side:
    """One office with everything that hangs on it."""

    office: Office
    member: User
    colleague: User
    officer: User
    helped: User
    area: str
    things: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class World:
    sides: dict[str, Side]
    people: dict[str, User]
    nobodies: dict[str, User]
    passkeys: dict[int, int]
    shared: dict[str, dict[str, Any]]

    def things(self, name: str, whose: str) -> dict[str, Any]:
        """The arguments of an address for one's own or another's thing; {} where nothing of it is known."""
        if whose == NONE:
            return NOT_THERE | NO_PLACE if name.startswith("adoption:") else NOT_THERE
        side = self.sides[whose]
        own = side.things.get(name, side.things[""])
        return own | self.shared.get(name, {}) | (ADMIN_OBJECT if name.startswith("admin:") else {})

    def passkey(self, user: User | None, whose: str) -> dict[str, Any]:
        """Everybody has one; the stranger's is another's."""
        owner = self.sides[OTHER].member if whose == OTHER or user is None else user
        return NOT_THERE if whose == NONE else {"pk": self.passkeys[owner.pk]}


def build() -> World:
    load_reference()
    faq_load(acting=SETUP)
    FeeSchedule.objects.get_or_create(starts_on=date(2020, 1, 1), defaults={"yen": 21000})
    people = {role.value: make_user(role, name=f"{role.label} 一", is_staff=role == Role.OPERATOR) for role in Role}
    User.objects.filter(role=Role.OPERATOR).update(is_superuser=True)
    side = {OWN: _side("yonago", YONAGO, people), OTHER: _side("matsue", MATSUE, {})}
    snapshot_make(day=FIGURES)
    for code in (YONAGO, *(one.area for one in side.values())):
        place, run = place_by_code(code), run_on(FIGURES)
        assert place is not None
        assert run is not None
        report_make(place=place, kind=ReportKind.COUNCIL, run=run, today=TODAY)
    nobodies = {Role.OFFICE_STAFF.value: make_user(), Role.OFFICER.value: make_user(Role.OFFICER)}
    everybody = [*people.values(), *nobodies.values(), side[OTHER].member]
    passkeys = {user.pk: _passkey(user) for user in everybody}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in everybody
    )
    return World(side, people, nobodies, passkeys, _shared(people, side))


def _side(area: str, place: str, people: dict[str, User]) -> Side:
    municipality = Municipality.objects.get(code=place)
    office, waiting = (
        make_office(municipality=municipality, prefecture_id=municipality.prefecture_id) for _ in range(2)
    )
    member = make_member(office, manager=True, user=people.get(Role.OFFICE_STAFF))
    colleague = make_member(office)
    officer = people.get(Role.OFFICER) or make_user(Role.OFFICER)
    kept = area_save(code=area, name=municipality.name, municipalities=[place], acting=SETUP)
    helped = make_user(Role.OFFICER, name="同じ地域の 人")
    for each in (officer, helped):
        officer_assign(area_id=kept.pk, user_id=each.pk, acting=SETUP)
    administrator_set(area_id=kept.pk, user_id=officer.pk, administers=True, acting=SETUP)
    license_start_paid(office_id=office.pk, today=BEGUN, acting=SETUP)
    side = Side(office, member, colleague, officer, helped, area)
    make_member(waiting, user=member)
    _fill(side, waiting)
    return side


def _fill(side: Side, waiting: Office) -> None:
    number = side.office.business_number
    filed = file_as_visitor(waiting, TODAY)
    letter = letters_make(today=TODAY, acting=SETUP)[0].letter
    draft = draft_start(business_number=number, claims=Claims("unused"), user_id=None, answers={}, today=TODAY)
    own_draft = draft_start(business_number=number, claims=None, user_id=side.member.pk, answers={}, today=TODAY)
    paper = document_request(
        office_id=side.office.pk, kind="certificate", on=TODAY, today=TODAY, acting=Acting(side.member.pk, MEMBER)
    )
    document_make(document_id=paper.pk)
    invited = member_invite(
        office_id=side.office.pk, email=f"new-{side.area}@example.jp", name="新しい 人", today=TODAY,
        acting=Acting(side.member.pk, MEMBER),
    )  # fmt: skip
    receipt = receipt_path(filed).strip("/").split("/")[-1]
    told = Outgoing(
        Kind.REMINDER, side.area, "お知らせ", "本文", side.office.pk, (side.member.email,), in_portal=True
    )  # fmt: skip
    notice_queue(outgoing=told, today=TODAY)
    side.things = {
        "": {"number": number, "business_number": number, "code": side.area, "first": MONTH, "on": TODAY},
        "campaigns:my-inbox-notice": {"number": number, "pk": Notice.objects.get(subject=side.area).pk},
        "adoption:area-report-pdf": {"code": side.area} | REPORT,
        "offices:officer-change": {"code": side.area, "user_id": side.officer.pk},
        "offices:colleague-reset": {"user_id": side.helped.pk},
        "licenses:document": {"code": paper.code},
        "licenses:document-file": {"code": paper.code},
        "licenses:verify": {"code": paper.code},
        "campaigns:confirm": {"receipt_number": filed.receipt_number},
        "campaigns:receipt": {"token": receipt},
        "campaigns:receipt-pdf": {"token": receipt},
        "campaigns:receipt-ask": {"token": receipt},
        "campaigns:receipt-join": {"token": receipt},
        "campaigns:code-done": {"token": signing.dumps(letter.pk, salt="campaigns.letter_done")},
        "campaigns:letter-again": {"pk": letter.pk},
        "campaigns:letter-returned": {"pk": letter.pk},
        "campaigns:letter-run": {"pk": letter.run_id},
        "campaigns:letter-run-again": {"pk": letter.run_id},
        "campaigns:filing": {"key": own_draft.key},
        "campaigns:filing-check": {"key": own_draft.key},
        "campaigns:filing-saved": {"key": own_draft.key},
        "campaigns:filing-step": {"key": own_draft.key, "name": "phone"},
        "campaigns:my-member-remove": {"number": number, "user_id": side.colleague.pk},
        "campaigns:my-hand-over": {"number": number, "user_id": side.colleague.pk},
        "campaigns:my-invitation-withdraw": {"number": number, "pk": invited.pk},
        "campaigns:invitation": {"token": invitation_path(invited).strip("/").split("/")[-1]},
        "helpdesk:act": {"number": number, "what": "stop"},
        "helpdesk:prove": {"receipt": filed.receipt_number},
        "helpdesk:provisional-withdraw": {"receipt": filed.receipt_number},
    }
    side.things["draft of a visitor"] = {"key": draft.key}


def _passkey(user: User) -> int:
    """A credential as a browser makes it, whose private half nobody keeps."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    identity = f"key-of-{user.pk}".encode()
    held = AuthenticatorData.create(bytes(32), 0x45, 1, AttestedCredentialData.create(bytes(16), identity, public))
    said = {"type": "webauthn.create", "challenge": websafe_encode(bytes(32)), "origin": "https://portal.example"}
    credential = {
        "id": websafe_encode(identity), "rawId": websafe_encode(identity), "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(dumps(said).encode()),
            "attestationObject": websafe_encode(AttestationObject.create("none", held, {})),
        },
    }  # fmt: skip
    return int(
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "USB の鍵", "credential": credential}
        ).pk
    )


def _shared(people: dict[str, User], side: dict[str, Side]) -> dict[str, dict[str, Any]]:
    """What belongs to nobody: the same for everybody."""
    helpdesk, operator = people[Role.HELPDESK.value], people[Role.OPERATOR.value]
    desk = Acting(helpdesk.pk, HELPDESK)
    office = side[OWN].office
    inquiry = inquiry_receive(
        asked=Asked("山根 涼子", "yamane@example.jp", "", "other", "教えてください。", "1", uuid4(), office.pk),
        today=TODAY,
    )
    note = note_record(
        office_id=office.pk, text="折り返す", topics=[], follow_up_on=TODAY, today=TODAY, acting=desk
    )  # fmt: skip
    closing = closing_day_set(day=date(2026, 6, 1), reason="機器の入れ替え", today=TODAY, acting=desk)
    notices = _notices(office, desk)
    run = ImportRun.objects.create(
        files=[], as_of=TODAY, counts=COUNTS, started_at=timezone.now(), finished_at=timezone.now()
    )
    gone = VanishedOffice.objects.create(office=side[OTHER].office, run=run, as_of=TODAY)
    ImportJob.objects.create(as_of=TODAY, files=[], by=operator, state="done", counts=COUNTS, run=run)
    job = ImportJob.objects.create(as_of=TODAY, files=[], by=operator, state="checked", preview=COUNTS)
    night = RollOverRun.objects.create(on=TODAY, finished_at=timezone.now(), proof="ok", counts={})
    alarm = NightAlarm.objects.create(
        on=TODAY - timedelta(days=3), kind="no_run", text="夜間処理の証明がありません。", raised_at=timezone.now()
    )
    aside = SetAside.objects.create(
        license=License.objects.get(office=side[OTHER].office), code="overlap", text="重なっています。", since=TODAY
    )
    person = make_user(Role.HELPDESK, name="見られる 人")
    address = EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)
    campaign = Campaign.objects.first() or Campaign.objects.create(
        name="フリーパス", opens_on=date(2025, 6, 1), closes_on=date(2026, 5, 31)
    )
    entry, code = {"slug": "stop-fee-zero"}, {"code": YONAGO}
    uid, key = password_path(user=person).strip("/").split("/")[-1].split("-", 1)
    return {
        **{f"faq:{name}": entry for name in (
            "desk-edit", "desk-preview", "desk-publish", "desk-discard", "desk-withdraw", "desk-review",
            "desk-history", "entry", "feedback", "opened",
        )},
        "faq:topic": {"key": "software"},
        "faq:audience": {"who": "office"},
        "helpdesk:followed-up": {"pk": note.pk},
        "helpdesk:inquiry-page": {"number": inquiry.number},
        "helpdesk:inquiry-act": {"number": inquiry.number},
        "helpdesk:inquiry-done": {"token": signing.Signer(sep="~", salt="helpdesk.inquiry").sign(inquiry.number)},
        "helpdesk:closing-day-withdraw": {"pk": closing.pk},
        "adoption:file": {"name": YONAGO, "kind": "csv"},
        "adoption:place": code,
        "adoption:card": code | {"key": "course"},
        "adoption:card-file": code | {"key": "course", "kind": "csv"},
        "adoption:area-card": {"key": "course"},
        "adoption:area-file": {"key": "course", "kind": "csv"},
        "adoption:reports": code,
        "adoption:place-report-pdf": code | REPORT,
        **notices,
        "portal-css": {"digest": "0123abcd"},
        "pages:terms-version": {"version": 1},
        "pages:privacy-version": {"version": 1},
        **{f"offices:{name}": {"pk": job.pk} for name in (
            "import", "import-rejects", "import-gone-csv", "import-confirm", "import-discard", "import-resume",
        )},
        "licenses:night": {"on": night.on},
        "licenses:night-proof": {"on": night.on},
        "licenses:alarm-close": {"pk": alarm.pk},
        **{f"licenses:{name}": {"pk": aside.pk} for name in ("set-aside", "set-aside-repair")},
        **{f"licenses:{name}": {"pk": gone.pk} for name in ("vanished-one", "vanished-decide")},
        **{f"campaigns:{name}": {"pk": campaign.pk} for name in ("operator-campaign", "operator-record")},
        "campaigns:my-applied": {"key": str(uuid4())},
        **{f"accounts:{name}": {"pk": person.pk} for name in ("user", "user-role", "user-act")},
        **{f"links:{name}": {"key": "start-guide"} for name in ("link", "reword", "address", "checked", "withdraw")},
        "account_confirm_email": {"key": EmailConfirmationHMAC(address).key},
        "account_reset_password_from_key": {"uidb36": uid, "key": key},
    }  # fmt: skip


def _notices(office: Office, acting: Acting) -> dict[str, dict[str, Any]]:
    """A letter that was printed and came back, which is a task of the helpdesk."""
    letter = Outgoing(
        Kind.REMINDER, "letter", "手紙", "本文", office.pk, postal=Postal("みなとの家", "6830001", "米子市")
    )
    notice_queue(outgoing=letter, today=TODAY)
    letters_print(today=TODAY, acting=acting)
    delivery = Delivery.objects.get(notice__subject="letter")
    letter_returned(delivery_id=delivery.pk, acting=acting)
    run = {"pk": PrintRun.objects.get().pk}
    return {
        "notices:notice": {"pk": delivery.notice_id},
        **{f"notices:{name}": {"pk": delivery.pk} for name in ("delivery-again", "letter-again", "letter-returned")},
        "notices:run": run,
        "notices:run-again": run,
        "notices:settle": {"pk": Bounce.objects.get().pk},
    }
