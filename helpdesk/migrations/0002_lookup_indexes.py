from django.db import migrations

INDEX = """
CREATE INDEX "helpdesk_applicant_email" ON "campaigns_freepassapplication" (lower(applicant_email) text_pattern_ops)
"""


class Migration(migrations.Migration):
    """Applicants are found by their mail address, whatever its case."""

    dependencies = [("helpdesk", "0001_initial"), ("campaigns", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [INDEX],
            ['DROP INDEX IF EXISTS "helpdesk_applicant_email"'],
        )
    ]
