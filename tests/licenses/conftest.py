import pytest

from licenses.rules import FREE_PASS, MANUAL
from tests.factories import make_license
from tests.licenses.cases import YEAR, facts, term
from tests.licenses.papers import TODAY


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.PORTAL_TODAY = TODAY


@pytest.fixture
def office():
    """In its free year, which an act of the night has opened."""
    license = make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    license.office.name = "居宅介護支援 髙﨑"
    license.office.corporation_name = "合同会社 渡邉"
    license.office.save()
    return license.office
