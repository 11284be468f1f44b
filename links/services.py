"""The only writer of the link registry."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from careplan_portal.lib import clock
from careplan_portal.lib.acting import SYSTEM, Acting
from links.enums import LinkEventKind
from links.models import Link, LinkAddress, LinkEvent

DATA = Path(__file__).resolve().parent / "data" / "links.toml"
WORDS = ("kind", "name", "about", "publisher", "places", "order")


@transaction.atomic
def link_add(*, key: str, acting: Acting, **words: Any) -> Link:
    """A new entry, without an address yet. ``words``: kind, name, about and, when wanted, publisher, places, order.
    Raises ValidationError for a key that is taken or words that do not fit."""
    link = Link(key=key, **words)
    link.full_clean()
    link.save()
    _event(link, LinkEventKind.ADDED, acting, name=link.name)
    return link


@transaction.atomic
def link_reword(*, link_id: int, acting: Acting, **words: Any) -> Link:
    """Say anew what an entry is and where it is shown. The same words again leave no event. Raises ValidationError."""
    link = Link.objects.select_for_update().get(pk=link_id)
    before = {name: getattr(link, name) for name in WORDS}
    changed = {name: value for name, value in words.items() if name in WORDS and value != before[name]}
    if not changed:
        return link
    for name, value in changed.items():
        setattr(link, name, value)
    link.full_clean()
    link.save(update_fields=list(changed))
    _event(link, LinkEventKind.REWORDED, acting, before={name: before[name] for name in changed}, after=changed)
    return link


@transaction.atomic
def address_record(*, link_id: int, url: str, starts_on: date, today: date, acting: Acting) -> LinkAddress:
    """Where the thing is from ``starts_on`` on; an empty ``url`` says that the address is not known (any more).
    A day to come is taken: the address changes by itself then. Raises ValidationError for what is no page."""
    link = Link.objects.select_for_update().get(pk=link_id)
    address = LinkAddress(
        link=link, url=url.strip(), starts_on=starts_on, recorded_at=clock.now(), by_id=acting.user_id,
        reason=acting.reason,
    )  # fmt: skip
    address.full_clean()
    address.save()
    if starts_on <= today:  # whoever opened the old address did not open this one
        Link.objects.filter(pk=link.pk).update(checked_on=None)
    _event(link, LinkEventKind.ADDRESS, acting, url=address.url, starts_on=starts_on.isoformat())
    return address


@transaction.atomic
def link_check_record(*, link_id: int, today: date, acting: Acting) -> Link:
    """Somebody opened the address on ``today`` and found what the entry promises.
    Raises ValidationError when no address is known on that day."""
    link = Link.objects.select_for_update().get(pk=link_id)
    current = link.addresses.filter(starts_on__lte=today).first()
    if current is None or not current.url:
        raise ValidationError("アドレスが分かっていないので、確かめられません。")
    link.checked_on = today
    link.save(update_fields=["checked_on"])
    _event(link, LinkEventKind.CHECKED, acting, url=current.url, on=today.isoformat())
    return link


@transaction.atomic
def link_withdraw(*, link_id: int, withdrawn: bool, acting: Acting) -> Link:
    """Show an entry no more, or again; nothing is deleted. Doing it twice changes nothing."""
    link = Link.objects.select_for_update().get(pk=link_id)
    if (link.withdrawn_at is not None) != withdrawn:
        link.withdrawn_at = clock.now() if withdrawn else None
        link.save(update_fields=["withdrawn_at"])
        _event(link, LinkEventKind.WITHDRAWN if withdrawn else LinkEventKind.RESTORED, acting)
    return link


@transaction.atomic
def links_start() -> int:
    """Add the entries of the data file that are not there yet, and return how many; what people changed stays.
    Addresses are only those that the source prints, from the day on which it was published."""
    acting = Acting(None, SYSTEM, "2025年4月14日の通知と説明会の報告による")
    known = set(Link.objects.values_list("key", flat=True))
    wanted = [entry for entry in tomllib.loads(DATA.read_text())["link"] if entry["key"] not in known]
    for order, entry in enumerate(wanted, start=1):
        url, starts_on = entry.pop("url", ""), entry.pop("starts_on")
        link = link_add(acting=acting, order=10 * order, **entry)
        address_record(link_id=link.pk, url=url, starts_on=starts_on, today=starts_on, acting=acting)
    return len(wanted)


def _event(link: Link, kind: LinkEventKind, acting: Acting, **detail: Any) -> None:
    LinkEvent.objects.create(
        link=link, kind=kind, at=clock.now(), by_id=acting.user_id, by_role=acting.role, reason=acting.reason,
        detail=detail,
    )  # fmt: skip
