"""Running an import in tests, and what stands afterwards."""

import json
from io import StringIO

from django.core.management import call_command

from offices.models import Corporation, Office, OfficeService


def command(*arguments: object, **options: object) -> tuple[dict, str]:
    out, err = StringIO(), StringIO()
    call_command("import_offices", *map(str, arguments), json=True, stdout=out, stderr=err, **options)
    return json.loads(out.getvalue()), err.getvalue()


def counts(result) -> tuple[int, int, int, int]:
    return result.offices_created, result.offices_updated, result.offices_unchanged, result.offices_gone


def state() -> list:
    """Everything an import may change, apart from ids and moments."""
    offices = Office.objects.order_by("business_number").values_list(
        "business_number", "name", "kana", "address", "building", "municipality", "prefecture", "latitude", "longitude",
        "phone", "phone_digits", "fax", "url", "corporation__corporate_number", "corporation_name", "scope", "search_key",
        "unlisted", "listed_from", "listed_until",
    )  # fmt: skip
    rows = OfficeService.objects.order_by("office__business_number", "service_key", "listing_no").values_list(
        "office__business_number", "service_key", "listing_no", "name", "address", "municipality", "capacity", "fax",
        "listed_from", "listed_until", "extra",
    )  # fmt: skip
    return [*offices, *rows, *Corporation.objects.order_by("corporate_number").values_list("corporate_number", "name")]
