"""Many offices at once: as many queries for a thousand licences as for one."""

from collections.abc import Sequence
from datetime import date

from careplan_portal.lib.prepared import prepared
from licenses import rules
from licenses.models import License
from licenses.queries.standing import Standing, load_facts, standing, stands
from licenses.rules import LicenseFacts, Policy

_licenses = prepared(
    lambda office_ids: License.objects.filter(office_id__any=office_ids).values_list("pk", "office_id")
)


def standings(office_ids: Sequence[int], fees: Policy, today: date, *, outlook: int = 1) -> dict[int, Standing]:
    """The licence of each office as it stands on `today`, with its next `outlook` changes; an office
    without a licence stands at `none`. Two queries; one for a single office."""
    if len(office_ids) == 1:
        return {office_ids[0]: standing(office_ids[0], today, outlook=outlook, fees=fees)}
    office_of = dict(_licenses.all(list(office_ids)))
    found = {
        office_of[loaded.license_id]: stands(loaded, fees, today, outlook) for loaded in load_facts(list(office_of))
    }
    empty = Standing(None, rules.plan(LicenseFacts((), rules.first_renewal_mode(today)), fees, today))
    return {office_id: found.get(office_id, empty) for office_id in office_ids}
