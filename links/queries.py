"""What lives elsewhere, with the address that counts on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from links.enums import Place
from links.models import Link, LinkAddress


def links_on(today: date, *, withdrawn: bool = False) -> QuerySet[Link]:
    """The entries, each with ``url`` ("" while nobody knows the address) and ``url_since`` (None before the first
    recorded day) as they count on ``today``; ``withdrawn`` adds those that are not shown any more."""
    newest = LinkAddress.objects.filter(link=OuterRef("pk"), starts_on__lte=today).order_by("-starts_on", "-id")
    found = Link.objects.annotate(
        url=Subquery(newest.values("url")[:1]), url_since=Subquery(newest.values("starts_on")[:1])
    )
    return found if withdrawn else found.filter(withdrawn_at=None)


def links_at(place: Place | str, today: date) -> list[Link]:
    """The entries that a page of the portal shows, in their order: one statement."""
    return list(links_on(today).filter(places__contains=[place]))


def address_history(link: Link) -> QuerySet[LinkAddress]:
    """Every address that was ever recorded, the latest day first."""
    return link.addresses.select_related("by")
