import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from careplan_portal.lib.env import Environment


def read(**values: str) -> Environment:
    return Environment(values)


def test_what_parses_is_read() -> None:
    env = read(A="yes", B="7", C="2026-04-01", D="x, y", E="redis://host:6379/2")
    assert env.boolean("A") is True
    assert env.integer("B") == 7
    assert env.day("C") == datetime.date(2026, 4, 1)
    assert env.words("D") == ["x", "y"]
    assert env.url("E", ("redis",)) == "redis://host:6379/2"


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("boolean", "ture"),
        ("integer", "7.5"),
        ("integer", "-1"),
        ("day", "2026-02-30"),
        ("day", "1.4.2026"),
        ("database", "mysql://host/db"),
        ("database", "postgres://host:port/db"),
        ("database", "postgres://host"),
    ],
)
def test_what_does_not_parse_is_refused_by_name_and_without_its_value(method: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="THE_NAME") as refusal:
        getattr(read(THE_NAME=value), method)("THE_NAME")
    assert value not in str(refusal.value)


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="one of development, production"):
        read(PORTAL_ENV="prod").choice("PORTAL_ENV", ("development", "production"))


def test_an_empty_value_counts_as_missing() -> None:
    with pytest.raises(ImproperlyConfigured, match="is required"):
        read(SECRET_KEY="").text("SECRET_KEY")
    assert read(SECRET_KEY=" ").text("SECRET_KEY", "given") == "given"


def test_mail_by_url() -> None:
    mail = read(EMAIL_URL="smtp+tls://me:secret@mail.example:587").email("EMAIL_URL", "consolemail://")
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    with pytest.raises(ImproperlyConfigured):
        read(EMAIL_URL="pigeon://loft").email("EMAIL_URL", "consolemail://")
