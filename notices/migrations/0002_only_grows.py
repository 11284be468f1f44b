from django.db import migrations

from careplan_portal.lib.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [AppendOnly("notices_printlog"), AppendOnly("notices_leadtimes")]
