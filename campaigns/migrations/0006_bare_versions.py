"""Filings by telephone stored 第1版 where every other channel stores 1."""

from django.db import migrations

BARE = r"""
UPDATE campaigns_freepassapplication
SET terms_version = regexp_replace(terms_version, '^第(.+)版$', '\1'),
    privacy_version = regexp_replace(privacy_version, '^第(.+)版$', '\1')
WHERE terms_version LIKE '第%版' OR privacy_version LIKE '第%版'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_notices_in_the_outbox"),
    ]

    operations = [migrations.RunSQL([BARE], migrations.RunSQL.noop)]
