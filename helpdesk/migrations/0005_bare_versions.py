"""Inquiries stored 第1版 where filings store 1."""

from django.db import migrations

BARE = r"""
UPDATE helpdesk_inquiry SET privacy_version = regexp_replace(privacy_version, '^第(.+)版$', '\1')
WHERE privacy_version LIKE '第%版'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0004_beginnings_of_names"),
    ]

    operations = [migrations.RunSQL([BARE], migrations.RunSQL.noop)]
