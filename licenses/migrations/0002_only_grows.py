from django.db import migrations

from careplan_portal.lib.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("licenses", "0001_initial")]

    operations = [
        AppendOnly("licenses_licenseevent"),
        AppendOnly("licenses_billline"),
        AppendOnly("licenses_policyevent"),
    ]
