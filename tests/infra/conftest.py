import pytest

from licenses.models import FeeSchedule
from licenses.rules import FREE_PASS
from tests.factories import make_license, make_member, make_user
from tests.infra.handing_back import LOGIN, TODAY, Sitting, with_password
from tests.licenses.cases import facts, term


@pytest.fixture
def member(settings, tmp_path, db):
    """Of an office on a day inside the campaign, with a password."""
    settings.PORTAL_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path
    settings.ACCOUNT_RATE_LIMITS = False
    FeeSchedule.objects.update(decided_until=None)
    return with_password(make_user(name="山根 涼子"))


@pytest.fixture
def office(member):
    """With a free year under way, so that there is something to stop."""
    office = make_license(facts(term("2025-08-01", "2026-07-31", FREE_PASS))).office
    make_member(office, user=member, manager=True)
    return office


@pytest.fixture
def sitting(member):
    """The member at a browser, signed in with the password."""
    return Sitting().sign_in(member, LOGIN)
