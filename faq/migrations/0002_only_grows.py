from django.db import migrations

from careplan_portal.lib.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("faq", "0001_initial")]

    operations = [AppendOnly("faq_revision")]
