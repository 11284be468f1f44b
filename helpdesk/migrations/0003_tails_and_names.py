from django.db import migrations

PHONE_TAIL = """
CREATE INDEX "helpdesk_phone_tail" ON "offices_office" (reverse(phone_digits) text_pattern_ops)
"""
APPLICANT = """
CREATE INDEX "helpdesk_applicant_name" ON "campaigns_freepassapplication"
(translate(applicant_name, ' 　', '') text_pattern_ops)
"""


class Migration(migrations.Migration):
    """Telephones are found by their last digits, applicants by their name."""

    dependencies = [("helpdesk", "0002_lookup_indexes"), ("offices", "0003_search"), ("campaigns", "0001_initial")]

    operations = [
        migrations.RunSQL([PHONE_TAIL], ['DROP INDEX IF EXISTS "helpdesk_phone_tail"']),
        migrations.RunSQL([APPLICANT], ['DROP INDEX IF EXISTS "helpdesk_applicant_name"']),
    ]
