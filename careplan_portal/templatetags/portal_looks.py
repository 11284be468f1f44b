"""What a record of a look is called: records keep keys, which stay when a name changes; people read names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django import template
from django.utils.safestring import SafeString

from accounts.enums import SubjectKind
from accounts.models import AccessRecord, User
from careplan_portal.lib.templatetags.portal_words import bnum
from offices.models import Area

register = template.Library()

LISTS = {"looks": "閲覧の記録", "deeds": "したことの記録", "letters": "確認の手紙"}


@register.simple_tag
def looks_named(records: Iterable[AccessRecord]) -> Iterator[tuple[AccessRecord, str | SafeString]]:
    """Each record with what was looked at; two queries for all of them."""
    found = list(records)
    users = {key for one in found if one.subject_kind == SubjectKind.ACCOUNT and (key := one.subject_key).isdigit()}
    people = {str(user.pk): str(user) for user in User.objects.filter(pk__in=users)}
    areas = dict(Area.objects.values_list("code", "name"))
    return ((one, _name(one, people, areas)) for one in found)


def _name(record: AccessRecord, people: dict[str, str], areas: dict[str, str]) -> str | SafeString:
    key = record.subject_key
    if record.subject_kind == SubjectKind.OFFICE:
        return bnum(key)
    if record.subject_kind == SubjectKind.ACCOUNT:
        return people.get(key, key)
    area = areas.get(key.removeprefix("area:"))
    return f"{area}の一覧" if area and key.startswith("area:") else area or LISTS.get(key, key)
