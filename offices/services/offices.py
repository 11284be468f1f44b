"""What people write about offices: declare one that the register lacks, correct facts, confirm that
one has closed. Each act shares the register's lock, locks the office's row, and leaves an event."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.japan import business_number, kana, phone
from offices.enums import CorrectableField, EventKind, Scope, ServiceSource, VanishedState
from offices.models import (
    Municipality,
    Office,
    OfficeCorrection,
    OfficeEvent,
    OfficeService,
    Prefecture,
    VanishedOffice,
)
from offices.rules import catalogue
from offices.rules.layout import LONGEST
from offices.services.locks import share_register
from offices.services.refusal import OfficeRefused

LONGEST_VALUE = 250
_OPEN_STATES = (VanishedState.PENDING, VanishedState.STILL_OPEN)
_POSTAL_CODE = re.compile(r"[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody says of an office that the register lacks. ``municipality`` is a six-digit code,
    ``services`` two-character or open-data codes."""

    business_number: str
    name: str
    municipality: str
    address: str
    services: tuple[str, ...]
    kana: str = ""
    postal_code: str = ""
    building: str = ""
    phone: str = ""


@transaction.atomic
def office_declare(*, declared: Declared, acting: Acting) -> Office:
    """The office with this number, made from what was declared where the register lacks it.

    An office that is there already keeps what is known of it; only what was empty is filled, and the
    event keeps everything that was said. So declaring twice is harmless. The helpdesk checks, and a
    later import fills it in (DOMAIN, "Business number"). Raises OfficeRefused for what cannot be.
    """
    number = _number(declared.business_number)
    facts = _declared_facts(declared)
    kinds = _declared_kinds(declared.services)
    share_register()
    office, created = Office.objects.get_or_create(
        business_number=number, defaults=facts | {"unlisted": True, "prefecture_id": _prefecture(facts, number)}
    )
    office = Office.objects.select_for_update(of=("self",), no_key=True).get(pk=office.pk)
    if office.unlisted:
        _fill(office, facts)
        _declare_services(office, kinds)
    said = {name: str(value) for name, value in facts.items() if value} | {"services": [kind.code for kind in kinds]}
    _event(office, EventKind.DECLARED, acting, said=said, created=created)
    return office


def _number(typed: str) -> str:
    try:
        return business_number.parse(typed).value
    except business_number.BusinessNumberError as error:
        raise OfficeRefused(error.code, error.text, "business_number") from error


def _declared_facts(declared: Declared) -> dict[str, Any]:
    name = declared.name.strip()
    address = declared.address.strip()
    if not name:
        raise OfficeRefused("empty", "事業所名を入れてください。", "name")
    if not address:
        raise OfficeRefused("empty", "住所を入れてください。手紙を送るために使います。", "address")
    number = phone.display(declared.phone)
    return {
        "name": name,
        "kana": declared.kana.strip(),
        "municipality_id": _municipality(declared.municipality).pk,
        "address": address,
        "building": declared.building.strip(),
        "postal_code": _postal_code(declared.postal_code),
        "phone": number,
        "phone_digits": phone.digits(number),
    }


def _declared_kinds(codes: Sequence[str]) -> list[catalogue.ServiceKind]:
    kinds = {code: catalogue.kind_of_code(code) for code in codes}
    unknown = [code for code, kind in kinds.items() if kind is None]
    if unknown:
        raise OfficeRefused("unknown_service", f"サービスの種類「{unknown[0]}」が見つかりません。", "services")
    if not kinds:
        raise OfficeRefused("empty", "サービスの種類を選んでください。", "services")
    return [kind for kind in kinds.values() if kind]


def _municipality(code: str) -> Municipality:
    found = Municipality.objects.filter(pk=code).first()
    if found is None:
        raise OfficeRefused("unknown_municipality", "市区町村を選んでください。", "municipality")
    return found


def _prefecture(facts: dict[str, Any], number: str) -> str | None:
    """The municipality's, else the one that the number names."""
    prefix = (facts.get("municipality_id") or number)[:2]
    return Prefecture.objects.filter(number=prefix).values_list("pk", flat=True).first()


def _postal_code(typed: str) -> str:
    digits = phone.digits(unicodedata.normalize("NFKC", typed))
    if digits and not _POSTAL_CODE.fullmatch(digits):
        raise OfficeRefused("postal_code", "郵便番号は7けたです。", "postal_code")
    return digits


def _fill(office: Office, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if not getattr(office, name):
            setattr(office, name, value)
    office.prefecture_id = office.prefecture_id or _prefecture(facts, office.business_number)
    office.search_key = _search_key(office)
    office.save()


def _declare_services(office: Office, kinds: Sequence[catalogue.ServiceKind]) -> None:
    for kind in kinds:
        OfficeService.objects.get_or_create(
            office=office,
            service_key=kind.code,
            listing_no=1,
            defaults={
                "source": ServiceSource.DECLARED,
                "service_type_id": kind.code,
                "service_name": kind.name,
                "name": office.name,
                "kana": office.kana,
                "address": office.address,
                "full_address": office.address,
                "building": office.building,
                "municipality_id": office.municipality_id,
                "phone": office.phone,
                "phone_digits": office.phone_digits,
                "search_key": office.search_key,
            },
        )
    office.scope = _scope(office)
    office.save(update_fields=["scope"])


def _scope(office: Office) -> str:
    found = set(office.services.filter(service_type__isnull=False).values_list("service_type__in_scope", flat=True))
    return next((scope for scope in (Scope.YES, Scope.SHORT_STAY, Scope.NO) if scope in found), "")


def _search_key(office: Office) -> str:
    """Keys of the office's own name, of every name that it is listed with, and of corrections."""
    keys = [kana.search_key(office.name), kana.search_key(office.kana)]
    for stored in office.services.values_list("search_key", flat=True):
        keys += stored.split(" ")
    for stored in office.corrections.filter(withdrawn_at=None).values_list("search_key", flat=True):
        keys += stored.split(" ")
    return " ".join(dict.fromkeys(key for key in keys if key))


# --- corrections -------------------------------------------------------------------


@transaction.atomic
def office_correct(*, office_id: int, field: str, value: str, reason: str, acting: Acting) -> OfficeCorrection:
    """Put a person's value above the register's, to stand through every import until it is withdrawn.

    ``field`` is a CorrectableField. What the register says is kept beside it. Correcting again
    withdraws the earlier correction. Raises OfficeRefused for a value that cannot be.
    """
    name = CorrectableField(field)
    office = _hold(office_id)
    if not reason.strip():
        raise OfficeRefused("empty", "訂正の理由を入れてください。", "reason")
    cleaned = corrected_value(name, value)
    before = _current(office, name)
    earlier = office.corrections.filter(field=name, withdrawn_at=None).first()
    listed = earlier.listed_value if earlier else before
    if earlier:
        _withdraw(earlier, acting)
    correction = OfficeCorrection.objects.create(
        office=office,
        field=name,
        value=cleaned,
        listed_value=listed,
        search_key=kana.search_key(cleaned) if name in (CorrectableField.NAME, CorrectableField.KANA) else "",
        reason=reason.strip(),
        by_id=acting.user_id,
        at=clock.now(),
    )
    _apply(office, name, cleaned)
    _event(office, EventKind.CORRECTED, acting, field=name.value, before=before, after=cleaned, why=reason.strip())
    return correction


@transaction.atomic
def correction_withdraw(*, correction_id: int, acting: Acting) -> None:
    """Let the register's value stand again. Withdrawing twice changes nothing."""
    office = _hold(OfficeCorrection.objects.values_list("office_id", flat=True).get(pk=correction_id))
    correction = OfficeCorrection.objects.get(pk=correction_id)
    if correction.withdrawn_at is not None:
        return
    name = CorrectableField(correction.field)
    _withdraw(correction, acting)
    _apply(office, name, correction.listed_value)
    _event(
        office,
        EventKind.CORRECTION_WITHDRAWN,
        acting,
        field=name.value,
        before=correction.value,
        after=correction.listed_value,
    )


def _withdraw(correction: OfficeCorrection, acting: Acting) -> None:
    correction.withdrawn_at, correction.withdrawn_by_id = clock.now(), acting.user_id
    correction.save(update_fields=["withdrawn_at", "withdrawn_by"])


def corrected_value(field: str, value: str) -> str:
    """The value as it would be stored; raises OfficeRefused for one that cannot be."""
    text = value.strip()
    if field in (CorrectableField.PHONE, CorrectableField.FAX):
        text = phone.display(text)
        if text and not phone.is_plausible(phone.digits(text)):
            raise OfficeRefused("phone", "電話番号のけたを確かめてください。市外局番から入れます。", "value")
    elif field == CorrectableField.POSTAL_CODE:
        text = _postal_code(text)
    elif field == CorrectableField.MUNICIPALITY:
        text = _municipality(text).pk
    elif field == CorrectableField.NAME and not text:
        raise OfficeRefused("empty", "事業所名を入れてください。", "value")
    if len(text) > LONGEST.get(field, LONGEST_VALUE):
        raise OfficeRefused("too_long", "文字が多すぎます。", "value")
    return text


def _current(office: Office, field: CorrectableField) -> str:
    return office.municipality_id or "" if field == CorrectableField.MUNICIPALITY else str(getattr(office, field))


def _apply(office: Office, field: CorrectableField, value: str) -> None:
    """Write the value and what hangs on it: digits of a telephone, prefecture of a municipality, the
    search key of names, and coordinates, which belong to an address."""
    if field == CorrectableField.MUNICIPALITY:
        office.municipality_id = value or None
        office.prefecture_id = _prefecture({"municipality_id": value}, office.business_number)
    else:
        setattr(office, field, value)
    if field == CorrectableField.PHONE:
        office.phone_digits = phone.digits(value)
    if field == CorrectableField.ADDRESS:
        row = office.services.filter(full_address=value, latitude__isnull=False).order_by("service_key").first()
        office.latitude, office.longitude = (row.latitude, row.longitude) if row else (None, None)
    if field in (CorrectableField.NAME, CorrectableField.KANA):
        office.search_key = _search_key(office)
    office.save()


# --- closing -----------------------------------------------------------------------


@transaction.atomic
def office_close(*, office_id: int, closed_on: date, successor_id: int | None = None, acting: Acting) -> None:
    """An operator confirms that the office has closed; ``closed_on`` is its first day without
    business. It leaves the figures and gets no new term (R15). ``acting.reason`` is required."""
    office = _hold(office_id)
    _need_reason(acting)
    if office.closed_on is not None:
        raise OfficeRefused("closed_already", f"この事業所は、{office.closed_on}に閉じたと記録されています。")
    office.closed_on = closed_on
    office.save(update_fields=["closed_on"])
    _decide(office, VanishedState.CLOSED, acting)
    _event(office, EventKind.CLOSED, acting, closed_on=closed_on.isoformat())
    if successor_id is not None:
        successor_link(office_id=office_id, successor_id=successor_id, acting=acting)


@transaction.atomic
def office_reopen(*, office_id: int, acting: Acting) -> None:
    """Take back a closing that was recorded by mistake. ``acting.reason`` is required."""
    office = _hold(office_id)
    _need_reason(acting)
    if office.closed_on is None:
        raise OfficeRefused("open_already", "この事業所は、閉じたと記録されていません。")
    before, office.closed_on = office.closed_on, None
    office.save(update_fields=["closed_on"])
    _event(office, EventKind.REOPENED, acting, closed_on=before.isoformat())


@transaction.atomic
def office_keep_open(*, office_id: int, acting: Acting) -> None:
    """An office that vanished from the register is open all the same: it leaves the list of those
    to decide about and stays in the figures."""
    office = _hold(office_id)
    _need_reason(acting)
    if _decide(office, VanishedState.STILL_OPEN, acting):
        _event(office, EventKind.KEPT_OPEN, acting)


@transaction.atomic
def successor_link(*, office_id: int, successor_id: int, acting: Acting) -> None:
    """Note which office carries on; the Free Pass does not move (R15)."""
    office = _hold(office_id)
    if successor_id == office_id:
        raise OfficeRefused("itself", "事業所は自分自身を引きつげません。", "successor")
    successor = Office.objects.get(pk=successor_id)
    office.successor = successor
    office.save(update_fields=["successor"])
    _event(office, EventKind.SUCCESSOR_LINKED, acting, successor=successor.business_number)


def _hold(office_id: int) -> Office:
    share_register()
    return Office.objects.select_for_update(of=("self",), no_key=True).get(pk=office_id)


def _need_reason(acting: Acting) -> None:
    if not acting.reason.strip():
        raise OfficeRefused("empty", "理由を入れてください。", "reason")


def _decide(office: Office, state: VanishedState, acting: Acting) -> int:
    return VanishedOffice.objects.filter(office=office, state__in=_OPEN_STATES).update(
        state=state, decided_at=clock.now(), decided_by_id=acting.user_id
    )


def _event(office: Office, kind: EventKind, acting: Acting, **details: Any) -> None:
    OfficeEvent.objects.create(
        office=office, kind=kind, at=clock.now(), by_id=acting.user_id, reason=acting.reason, details=details
    )
