import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("adoption", "0001_figures")]

    operations = [
        migrations.AddField(
            model_name="splitrun",
            name="known_on",
            field=models.DateField(default=datetime.date(2025, 1, 1)),
            preserve_default=False,
        ),
    ]
