from django.db import migrations

INDEX = """
CREATE INDEX "helpdesk_name_start" ON "offices_office" (search_key text_pattern_ops)
"""


class Migration(migrations.Migration):
    """Names that begin as thousands do are read in their order, as many as are shown."""

    dependencies = [("helpdesk", "0003_tails_and_names"), ("offices", "0003_search")]

    operations = [migrations.RunSQL([INDEX], ['DROP INDEX IF EXISTS "helpdesk_name_start"'])]
