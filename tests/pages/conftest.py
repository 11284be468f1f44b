from tests.accounts.conftest import operator, person  # noqa: F401
from tests.browsing import browser, open_page  # noqa: F401
