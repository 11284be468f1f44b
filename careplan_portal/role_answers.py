"""What an empty request is answered where it is not the usual: 200 to GET, 302 to POST, 404 for what is not there.

Only what the audience of a view cannot tell stands here; every line is held by tests/accounts/role_proof.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.enums import Role


@dataclass(frozen=True)
class Answer:
    """``ok`` for whoever may, ``other`` for another's thing, ``none`` for what is not there; ``roles`` where one
    of those who may gets something else."""

    ok: int = 200
    other: int = 404
    none: int = 404
    roles: Mapping[str, int] = field(default_factory=dict)

    def of(self, column: str, usual: int) -> int:
        return self.roles.get(column, usual)


def _all(ok: int, *names: str, **more: Any) -> dict[str, Answer]:
    return {name: Answer(ok, **more) for name in names}


VISITOR = "visitor"
STAFF = Role.OFFICE_STAFF.value
EVERYBODY = dict.fromkeys(Role, "passkey")
DRAFT = {Role.OFFICE_STAFF: "draft"}
DRAFTS = ("campaigns:filing", "campaigns:filing-check", "campaigns:filing-saved", "campaigns:filing-step")
# What belongs to whom where the audience does not say it: allauth's keys, and drafts. A member's draft is theirs
# alone; a visitor's is whoever's that has its address, which nobody can guess (docs/adr/0016).
OWN: dict[str, Mapping[Role, str]] = {
    "mfa_edit_webauthn": EVERYBODY, "mfa_remove_webauthn": EVERYBODY, **dict.fromkeys(DRAFTS, DRAFT),
}  # fmt: skip

# The admin: what the end of a name and a method are answered. Nothing can be changed there, and a row that is not
# there leads back to the list.
ADMIN: tuple[tuple[str, tuple[str, ...], Answer], ...] = (
    ("_add", ("GET", "POST"), Answer(403, none=403)),
    ("_delete", ("GET", "POST"), Answer(403, none=403)),
    ("_change", ("POST",), Answer(403, none=403)),
    ("_change", ("GET",), Answer(302, none=302)),
    ("_history", ("GET", "POST"), Answer(302, none=302)),
    ("", ("POST",), Answer()),
)
_SIGNED_IN = dict.fromkeys(Role.values, 302)
_REFUSED_ADMIN = {role.value: 302 if role == Role.OPERATOR else 403 for role in Role}

ANSWERS: dict[str, Answer] = {
    # programs: nothing asked for, nothing in the right form
    **_all(415, "api:campaigns_api:assessment POST", "api:adoption_api:usage-many POST"),
    **_all(400, "api:faq_api:faq-search GET", "api:adoption_api:adoption GET"),
    # said without a page
    **_all(204, "faq:asked POST", "faq:opened POST"),
    "pages:favicon GET": Answer(301),
    "portal-css GET": Answer(none=200),
    # a form that lacks something is shown again
    **_all(
        200, "faq:feedback POST", "helpdesk:inquiry POST", "licenses:documents POST", "campaigns:code POST",
        "campaigns:my-stop-send POST", "campaigns:my-reservation-withdraw POST", "campaigns:my-pay POST",
        "campaigns:my-invite POST", "accounts:me POST", "account_set_password POST", "faq:desk-new POST",
        "faq:desk-words POST", "faq:desk-edit POST", "helpdesk:act POST", "helpdesk:manager POST", "helpdesk:prove POST",
        "helpdesk:calendar POST", "links:new POST", "offices:area-new POST", "accounts:user-new POST",
        "mfa_activate_totp POST", "mfa_add_webauthn POST", "mfa_edit_webauthn POST",
    ),
    **_all(
        422, "helpdesk:inquiry-send POST", "campaigns:my-notices POST", "faq:desk-review POST", "helpdesk:note POST", "helpdesk:paper POST",
        "helpdesk:call POST", "links:reword POST", "links:address POST", "links:withdraw POST",
        "offices:import-upload POST", "offices:import-confirm POST", "offices:area-change POST",
        "offices:officer-add POST", "offices:officer-change POST", "offices:colleague-reset POST",
        "licenses:alarm-close POST", "licenses:fee-record POST", "licenses:programme-end-record POST",
        "accounts:user-role POST", "accounts:user-act POST", "campaigns:operator-new-record POST",
        "campaigns:operator-record POST", "notices:settle POST", "notices:lead-times-record POST",
    ),
    **_all(422, "licenses:vanished-many POST", "licenses:vanished-decide POST", "licenses:set-aside-repair POST"),
    # no paper was made of that month yet; a month without bills is one all the same
    "licenses:bill-paper GET": Answer(404),
    "licenses:bill-papers POST": Answer(302, none=302),
    "licenses:bill-record POST": Answer(302, none=302),
    # an act that says what it is about in its form finds nothing to do
    "helpdesk:inquiry-act POST": Answer(404),
    # an officer of one area is led to it
    "adoption:areas GET": Answer(roles={Role.OFFICER.value: 302}),
    **_all(404, "offices:import-rejects GET", "offices:import-gone-csv GET"),
    # no entry of that name: back to the list, with a word
    "faq:desk-publish POST": Answer(302, none=302),
    "faq:desk-withdraw POST": Answer(302, none=302),
    # days and months without anything are pages, too
    **_all(200, "licenses:night GET", "licenses:night-proof GET", "licenses:bill GET", "licenses:bill-csv GET",
           none=200),
    # nothing chosen, nothing to show: on to where it begins
    **_all(
        302, "campaigns:check-term GET", "campaigns:check-free-pass GET", "campaigns:check-renewal GET",
        "campaigns:check-result GET", "campaigns:my-apply GET", "campaigns:my-stop-done GET",
        "campaigns:my-stop-withdraw GET", "accounts:second-factor GET", "demo-clock GET",
    ),
    **_all(404, "helpdesk:inquiry-solved POST", "campaigns:my-applied GET", "accounts:demo-sign-in POST"),
    # drafts: back to its first open question; a visitor is asked to sign in first
    **{
        f"{name} GET": Answer(404, roles={VISITOR: 302, STAFF: 200 if name.endswith(("saved", "step")) else 302})
        for name in DRAFTS
    },
    "campaigns:filing-check POST": Answer(404, roles={VISITOR: 302, STAFF: 302}),
    "campaigns:filing-step POST": Answer(404, roles={VISITOR: 302, STAFF: 200}),
    # an invitation that was used, withdrawn or never sent is gone; the colleague's address is not this person's
    "campaigns:invitation GET": Answer(none=410),
    "campaigns:invitation POST": Answer(410, none=410, roles={VISITOR: 302}),
    # signing in: whoever is signed in is led on
    "account_login GET": Answer(roles=_SIGNED_IN),
    "account_login POST": Answer(roles=_SIGNED_IN),
    "account_signup GET": Answer(roles=_SIGNED_IN),
    "account_signup POST": Answer(roles=_SIGNED_IN),
    "account_logout GET": Answer(roles={VISITOR: 302}),
    **_all(200, "account_reset_password POST"),
    **_all(405, "account_email_verification_sent POST"),
    **_all(302, "account_confirm_login_code GET", "account_change_password GET", "mfa_authenticate GET",
           "account_reauthenticate GET", "mfa_reauthenticate GET"),
    # asked for by the script of the sign-in page alone
    "mfa_login_webauthn GET": Answer(302),
    # who has no app and no spare codes finds nothing there
    **_all(404, "mfa_deactivate_totp GET", "mfa_deactivate_totp POST", "mfa_view_recovery_codes GET",
           "mfa_download_recovery_codes GET"),
    "account_confirm_email GET": Answer(none=200),
    # a used or wrong address of a mail says so on its page
    **_all(302, "account_reset_password_from_key GET", none=200),
    "account_reset_password_from_key POST": Answer(302, none=200),
    # what the admin may write (offices/admin.py) goes through the services: areas
    **_all(200, "admin:offices_area_add GET", "admin:offices_area_add POST", "admin:password_change GET",
           "admin:password_change POST"),
    "admin:offices_area_change POST": Answer(302, none=302),
    # and a value that a person put right, with its reason
    **_all(200, "admin:offices_officecorrection_add GET", "admin:offices_officecorrection_add POST"),
    "admin:password_change_done POST": Answer(405),
    **_all(200, "admin:app_list GET", "admin:app_list POST", none=200),
    **_all(404, "admin:view_on_site GET", "admin:view_on_site POST"),
    **_all(405, "admin:jsi18n POST", "admin:autocomplete POST"),
    "admin:autocomplete GET": Answer(403),  # it completes nothing: the admin changes nothing
    # the admin's doors lead to the portal's sign-in
    "admin:login GET": Answer(302, roles=_REFUSED_ADMIN),
    "admin:login POST": Answer(302, roles=_REFUSED_ADMIN),
    "admin:logout GET": Answer(302, roles=_REFUSED_ADMIN),
    "admin:logout POST": Answer(302, roles=_REFUSED_ADMIN),
}  # fmt: skip
