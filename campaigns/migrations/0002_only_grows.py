from django.db import migrations

from careplan_portal.lib.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        AppendOnly("campaigns_campaignchange"),
        AppendOnly("campaigns_applicationevent"),
    ]
