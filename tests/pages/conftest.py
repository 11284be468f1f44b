from tests.accounts.conftest import operator, person  # noqa: F401
